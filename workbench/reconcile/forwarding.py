"""Take-backs and forwarding balances: a running ledger per payer and provider (spec deposits 4.4 and 4.7).

A payer that cannot or does not yet take its money back carries the debt to a later check: FB (and CS) do
that openly; WO does it with a negative amount beside a reversal, and takes the money with a positive one
later. What is carried must net to zero over time. All amounts here are in X12's sign: positive lowers
the check.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workbench.domain.deposit import Disposition, PaymentType

CARRYING = frozenset({"WO", "FB", "72", "CS", "L6"})
_USUAL_TYPES = {
    "L6": PaymentType.INTEREST,
    "WO": PaymentType.TAKE_BACK,
    "FB": PaymentType.TAKE_BACK,
    "72": PaymentType.REFUND,
}


def usual_payment_type(reason: str) -> PaymentType | None:
    """How a provider-level amount that is reported is booked when nobody set it up otherwise (spec 4.4)."""
    return _USUAL_TYPES.get(reason)


class Movement(StrEnum):
    CARRIED = "debt carried to a later check"
    SETTLED = "carried debt taken"
    TAKE_BACK = "overpayment taken back"
    ACKNOWLEDGED = "refund acknowledged"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """A PLB pair as the running ledger reads it, in the order of the checks."""

    id: int
    deposit_id: int
    day: date | None
    payer: str
    provider_id: str
    reason: str
    reference: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A row with what it did; `owed_cents` is what is still to be taken from later checks after it."""

    row: ProviderRow
    movement: Movement
    carried_cents: int
    owed_cents: int


def running_ledger(rows: Iterable[ProviderRow]) -> list[Forwarded]:
    """The rows of the reasons that carry money, each with the running debt of its payer and provider.

    A positive WO first settles what an earlier negative one carried under the same reference; the rest of
    it is a plain take-back. Debt below zero means that a payer took a balance which no earlier check of
    ours carried: it does not net, and somebody should ask.
    """
    owed: dict[tuple[str, str], int] = {}
    open_write_offs: dict[tuple[str, str, str], int] = {}
    ledger: list[Forwarded] = []
    for row in rows:
        if row.reason not in CARRYING:
            continue
        place = (row.payer, row.provider_id)
        movement, carried = _movement(row, open_write_offs)
        owed[place] = owed.get(place, 0) + carried
        ledger.append(Forwarded(row, movement, carried, owed[place]))
    return ledger


def _movement(row: ProviderRow, open_write_offs: dict[tuple[str, str, str], int]) -> tuple[Movement, int]:
    if row.reason == "L6":
        return Movement.INTEREST, 0
    if row.reason == "72":
        return Movement.ACKNOWLEDGED, 0
    if row.reason in ("FB", "CS"):
        carried = -row.amount_cents
        return (Movement.CARRIED if carried > 0 else Movement.SETTLED), carried
    key = (row.payer, row.provider_id, row.reference)
    if row.amount_cents < 0:
        open_write_offs[key] = open_write_offs.get(key, 0) - row.amount_cents
        return Movement.CARRIED, -row.amount_cents
    settled = min(row.amount_cents, open_write_offs.get(key, 0))
    if not settled:
        return Movement.TAKE_BACK, 0
    open_write_offs[key] -= settled
    return Movement.SETTLED, -settled


def unpaired(rows: Iterable[ProviderRow]) -> set[int]:
    """Ids of WO and 72 rows of one deposit that have no opposite partner under their reference.

    A pair nets to nothing and needs no posting (spec 4.4, row 72).
    """
    lonely: dict[tuple[str, int], list[tuple[str, int]]] = {}
    left: set[int] = set()
    for row in rows:
        if row.reason not in ("WO", "72"):
            continue
        left.add(row.id)
        partners = lonely.get((row.reference, -row.amount_cents), [])
        partner = next((found for found in partners if found[0] != row.reason), None)
        if partner is None:
            lonely.setdefault((row.reference, row.amount_cents), []).append((row.reason, row.id))
        else:
            partners.remove(partner)
            left -= {row.id, partner[1]}
    return left


def proposed_disposition(
    reason: str, amount_cents: int, *, has_reversal: bool, owed_cents: int, paired: bool
) -> Disposition:
    """What the table of spec 4.4 proposes; UNRESOLVED asks a person.

    `has_reversal`: the deposit holds a reversal (CLP02 22). `owed_cents`: debt that an earlier check
    carried under the same reference. `paired`: the row nets with its partner in this deposit.
    """
    if reason in ("L6", "FB") or paired:
        return Disposition.REPORT
    if reason == "WO" and amount_cents < 0 and has_reversal:
        return Disposition.REPORT
    if reason == "WO" and 0 < amount_cents <= owed_cents:
        return Disposition.REPORT
    return Disposition.UNRESOLVED
