"""Sums and counterparts of ledger entries."""

from collections.abc import Iterable

from workbench.domain.posting import Account
from workbench.domain.posting_entry import Entry


def sum_of(entries: Iterable[Entry], account: Account) -> int:
    """Net debit of an account."""
    return sum([entry.amount_cents for entry in entries if entry.account is account])


def negated(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Counter-entries: the same places, opposite amounts (spec 2 (b): reversing entries, never deletion)."""
    return tuple(entry._replace(amount_cents=-entry.amount_cents) for entry in entries)


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
