"""A person keyed the amount of a deposit that nobody could read from its file (BPR02)."""

from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.storage import Stores

UNREADABLE, UNBALANCED = "UNREADABLE_AMOUNT", "TX_UNBALANCED"


def settle_amount(stores: Stores, actor: Actor, deposit_id: int, cents: int) -> None:
    """Closes the error about the amount, and says anew whether the claims and the PLB come to it (spec 4.6).

    The import counted the amount as 0, so what was stored as the gap is what the claims and the PLB come to.
    """
    rows = stores.deposit_errors.of_deposit(deposit_id, codes={UNREADABLE, UNBALANCED})
    done = [row.id for row in rows if row.code == UNREADABLE and row.context.get("element") == "BPR02"]
    unbalanced = [row for row in rows if row.code == UNBALANCED]
    header = stores.deposit_views.header(deposit_id) or {}
    stated = int(header["transaction_gap_cents"])
    stores.deposit_edits.set_deposit(deposit_id, {"transaction_gap_cents": stated - cents})
    if stated == cents:
        done += [row.id for row in unbalanced]
    text = (
        f"Claims paid less provider adjustments are {format_dollars(stated)}, but the deposit is "
        f"{format_dollars(cents)}: {format_dollars(stated - cents)} is not explained."
    )
    stores.deposit_errors.close(done, "resolved", actor.user_id, "keyed")
    stores.deposit_errors.reword({row.id: (text, row.context) for row in unbalanced if row.id not in done})
