"""A run of the matching engine: exact traces confirm themselves, the rest is proposed anew."""

import json
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.bank import BankLineState, MatchState, MatchStep
from workbench.domain.bank_desk import MatchRun
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.reconcile.matching.engine import match
from workbench.reconcile.matching.proposals import Proposals, reasons
from workbench.reconcile.matching.settings import MatchSettings
from workbench.services.bank.desk import accounts_of
from workbench.storage import Database, Stores
from workbench.storage.clock import now


class BankMatching:
    """Proposes which line paid which deposit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, actor: Actor, settings: MatchSettings | None = None) -> MatchRun:
        """Matches everything that is open on the person's accounts.

        Proposals of earlier runs that nobody decided on are made anew; what a person turned down is not
        proposed again; what is decided stays.
        """
        actor.require(Permission.BANK_MATCH)
        with self._database.transaction() as stores:
            account_ids = [account.id for account in accounts_of(stores, actor)]
            stores.bank_matches.drop_proposals(account_ids)
            lines = stores.bank.lines_to_match(account_ids)
            deposits = stores.bank.deposits_to_match(actor.practice_ids, unassigned=actor.sees_unassigned)
            found = match(_with_company_ids_only(deposits), lines, stores.bank.aliases(), settings)
            kept = _without_rejected(found, stores.bank_matches.rejected_pairs())
            _store(stores, actor, kept, lines, deposits)
            done = _summary(kept, lines, deposits)
            stores.audit.add(
                actor,
                "bank.match",
                "bank_match_run",
                actor.user_id,
                after={"confirmed": done.confirmed, "proposed": done.proposed},
            )
        return done


def _with_company_ids_only(deposits: pa.Table) -> pa.Table:
    """The payer's identifier is compared with TRN03 only where it has its form: ten digits (TR3, TRN03)."""
    column = deposits["trace_originator"]
    company = pc.match_substring_regex(column, "^[0-9]{10}$")
    kept = pc.if_else(company, column, "")
    return deposits.set_column(deposits.column_names.index("trace_originator"), "trace_originator", kept)


def _without_rejected(found: Proposals, rejected: set[tuple[int, int]]) -> Proposals:
    """Leaves out every match that holds a pair which a person turned down, and numbers the rest from 0."""
    if not rejected:
        return found
    pairs = zip(found.parts["line_id"].to_pylist(), found.parts["deposit_id"].to_pylist(), strict=True)
    numbers = found.parts["match_no"].to_pylist()
    dropped = {number for number, pair in zip(numbers, pairs, strict=True) if pair in rejected}
    if not dropped:
        return found
    kept = [number for number in found.matches["match_no"].to_pylist() if number not in dropped]
    renumbered = {number: position for position, number in enumerate(kept)}
    matches = found.matches.take(pa.array(kept, pa.int64())).set_column(
        0, "match_no", pa.array(range(len(kept)), pa.int64())
    )
    inside = [position for position, number in enumerate(numbers) if number in renumbered]
    parts = found.parts.take(pa.array(inside, pa.int64()))
    new_numbers = pa.array([renumbered[numbers[position]] for position in inside], pa.int64())
    return Proposals(matches, parts.set_column(0, "match_no", new_numbers))


def _store(stores: Stores, actor: Actor, found: Proposals, lines: pa.Table, deposits: pa.Table) -> None:
    if not found.matches.num_rows:
        return
    stores.bank_matches.add_matches(_match_rows(actor, found.matches), found.parts)
    confirmed = found.matches["confirmed"].to_numpy()
    of_line = dict(zip(found.parts["line_id"].to_pylist(), found.parts["match_no"].to_pylist(), strict=True))
    sure = [line for line, number in of_line.items() if confirmed[number]]
    waiting = [line for line, number in of_line.items() if not confirmed[number]]
    stores.bank.mark_lines(sure, BankLineState.MATCHED)
    stores.bank.mark_lines(waiting, BankLineState.PROPOSED)
    _learn(stores, found, confirmed, lines, deposits)


def _match_rows(actor: Actor, matches: pa.Table) -> pa.Table:
    said = [
        json.dumps(
            reasons(
                MatchStep(row["step"]),
                deposits=row["deposits"],
                lines=row["lines"],
                difference_cents=row["difference_cents"],
                days_apart=row["days_apart"],
                payer_agrees=row["payer_agrees"],
                alternatives=row["alternatives"],
            )
        )
        for row in matches.to_pylist()
    ]
    size, moment = matches.num_rows, now()
    confirmed = matches["confirmed"]
    stamp = pa.array([moment] * size, pa.timestamp("us", "UTC"))
    nobody = pa.nulls(size, pa.int64())
    return pa.table(
        {
            "match_no": matches["match_no"],
            "step": matches["step"],
            "state": pc.if_else(confirmed, MatchState.CONFIRMED.value, MatchState.PROPOSED.value),
            "score": matches["score"],
            "deposit_cents": matches["deposit_cents"],
            "line_cents": matches["line_cents"],
            "difference_cents": matches["difference_cents"],
            "reasons_json": said,
            "created_at": stamp,
            "created_by_id": pa.array([actor.user_id] * size, pa.int64()),
            "closed_at": pc.if_else(confirmed, stamp, pa.nulls(size, stamp.type)),
            "closed_by_id": pc.if_else(confirmed, pa.scalar(actor.user_id, pa.int64()), nobody),
        }
    )


def _learn(
    stores: Stores, found: Proposals, confirmed: np.ndarray, lines: pa.Table, deposits: pa.Table
) -> None:
    """Names of payers, from the matches that confirmed themselves."""
    key_of = dict(zip(lines["line_id"].to_pylist(), lines["payer_key"].to_pylist(), strict=True))
    payer_of = dict(zip(deposits["deposit_id"].to_pylist(), deposits["payer_id"].to_pylist(), strict=True))
    learned = Counter(
        (key_of[part["line_id"]], payer_of[part["deposit_id"]])
        for part in found.parts.to_pylist()
        if confirmed[part["match_no"]]
    )
    learn_aliases(stores, learned.items())


def learn_aliases(stores: Stores, learned: "Iterable[tuple[tuple[str, int | None], int]]") -> None:
    """Counts names up or down; a line without a name or a deposit without a payer teaches nothing."""
    for (key, payer_id), times in learned:
        if key and payer_id is not None:
            stores.bank_matches.count_alias(key, payer_id, times)


def _summary(found: Proposals, lines: pa.Table, deposits: pa.Table) -> MatchRun:
    confirmed = found.matches["confirmed"].to_numpy()
    cents = found.matches["line_cents"].to_numpy()
    open_lines = pc.filter(
        lines["amount_cents"], pc.invert(pc.is_in(lines["line_id"], found.parts["line_id"].combine_chunks()))
    )
    open_deposits = pc.filter(
        deposits["amount_cents"],
        pc.invert(pc.is_in(deposits["deposit_id"], found.parts["deposit_id"].combine_chunks())),
    )
    waiting = open_deposits.filter(pc.not_equal(open_deposits, 0))  # zero-pay remittances wait for no money
    return MatchRun(
        confirmed=int(confirmed.sum()),
        proposed=int((~confirmed).sum()),
        confirmed_cents=int(cents[confirmed].sum()),
        proposed_cents=int(cents[~confirmed].sum()),
        unmatched_lines=len(open_lines),
        unmatched_lines_cents=int(pc.sum(open_lines).as_py() or 0),
        unmatched_deposits=len(waiting),
        unmatched_deposits_cents=int(pc.sum(waiting).as_py() or 0),
    )
