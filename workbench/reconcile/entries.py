"""Double entry in cents: what a ledger entry is, and the sums that must hold (spec deposits 1.2, 10).

Signs: a positive amount is a debit. A payment of 56 debits DEPOSIT 56 and credits RECEIVABLE 56; a
write-off debits WRITE_OFF and credits RECEIVABLE. Each transaction sums to zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workbench.domain.posting import Account


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a booking. `memo` says in words what it is; no patient data."""

    account: Account
    amount_cents: int
    claim_id: int | None = None
    charge_line_id: int | None = None
    deposit_line_id: int | None = None
    adjustment_id: int | None = None
    payment_type: str = ""
    memo: str = ""


def sum_of(entries: Iterable[Entry], account: Account) -> int:
    """Net debit of an account."""
    return sum(entry.amount_cents for entry in entries if entry.account is account)


def negated(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Counter-entries: the same places, opposite amounts (spec 2 (b): reversing entries, never deletion)."""
    return tuple(replace(entry, amount_cents=-entry.amount_cents) for entry in entries)


def pair(debit: Entry, credited: Account, *, claim_id: int | None = None) -> tuple[Entry, Entry]:
    """An entry and its counterpart on another account."""
    other = Entry(
        credited,
        -debit.amount_cents,
        claim_id,
        deposit_line_id=debit.deposit_line_id,
        adjustment_id=debit.adjustment_id,
        payment_type=debit.payment_type,
        memo=debit.memo,
    )
    return debit, other
