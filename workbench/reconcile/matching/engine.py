"""The door: deposits and bank lines in, matches and their parts out."""

import pyarrow as pa

from workbench.reconcile.matching.amounts import equal_amounts
from workbench.reconcile.matching.cards import cards_net_of_fee
from workbench.reconcile.matching.proposals import Found, Proposals
from workbench.reconcile.matching.settings import MatchSettings
from workbench.reconcile.matching.several import parts_of_payments, parts_of_slips, whole_slips
from workbench.reconcile.matching.sides import sides
from workbench.reconcile.matching.traces import exact, same_reference, same_trace


def match(
    deposits: pa.Table, lines: pa.Table, aliases: pa.Table, settings: MatchSettings | None = None
) -> Proposals:
    """Matches in the order of spec deposits 7.2; each deposit and each line is in one match at most.

    Only an exact trace and amount that nothing else could claim is `confirmed`; the rest waits for a person.

    Args:
        deposits: `deposit_id, practice_id, payer_id, amount_cents, date, pay_method, trace, trace_originator`;
            date: deposited, else issued; trace: check number as received (835 TRN02), originator TRN03.
        lines: `line_id, practice_id, amount_cents, date, trace, trace_originator, payer_key, reference, is_card`;
            practice: of the account, null when several practices share it.
        aliases: `payer_key, payer_id`, learned from confirmed matches.
        settings: windows and limits; by default those of the spec.
    """
    rules = settings or MatchSettings()
    found = Found(*sides(deposits, lines, aliases))
    for step in (
        exact,
        same_trace,
        same_reference,
        equal_amounts,
        whole_slips,
        cards_net_of_fee,
        parts_of_slips,
        parts_of_payments,
    ):
        step(found, rules)
    return found.tables()
