"""The ledger: written once, read often. The database itself refuses unbalanced or changed rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from workbench.domain.posting import Account, TransactionKind
from workbench.domain.posting_entry import Entry
from workbench.domain.posting_facts import Original
from workbench.storage.bulk import insert, new_ids
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.stores.ledger_balances import move_balances
from workbench.storage.tables.ledger import ledger_entries, ledger_transactions
from workbench.storage.tables.office import users

# SQLite takes 32,766 bound values in a statement; PostgreSQL 65,535.
_MANY = 10_000


@dataclass(frozen=True, slots=True)
class NewTransaction:
    """A transaction to book; its entries sum to zero."""

    kind: TransactionKind
    deposit_id: int
    entries: Sequence[Entry]
    deposit_claim_id: int | None = None
    claim_id: int | None = None
    payer_id: int | None = None
    payer_claim_no: str = ""
    reverses_id: int | None = None
    negates_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookedEntry:
    """An entry as booked, with its transaction: one row of what a person reads as the ledger."""

    transaction_id: int
    kind: str
    deposit_id: int
    deposit_claim_id: int | None
    claim_id: int | None
    charge_line_id: int | None
    account: str
    amount_cents: int
    payment_type: str
    memo: str
    reverses_id: int | None
    negates_id: int | None
    posted_on: date
    created_at: datetime
    user: str
    reason: str


class LedgerStore(Store):
    """Books transactions and keeps the running balances of claims, charge lines and deposits with them."""

    def book(self, transactions: Sequence[NewTransaction], *, posted_on: date, user_id: int) -> list[int]:
        """Writes the transactions and moves every balance they touch; gives their numbers."""
        if not transactions:
            return []
        numbers: list[int] = new_ids(self._connection, ledger_transactions, len(transactions)).tolist()
        # Entries first, and apart: the transactions that follow seal them (see `ledger_guards`), while one bulk
        # insert of both would put the parents first.
        insert(self._connection, {ledger_entries: self._entry_rows(numbers, transactions)})
        sealing = _transaction_rows(numbers, transactions, posted_on, user_id)
        insert(self._connection, {ledger_transactions: sealing})
        move_balances(self._connection, numbers)
        return numbers

    def _entry_rows(self, numbers: Sequence[int], transactions: Sequence[NewTransaction]) -> pa.Table:
        entries = [entry for transaction in transactions for entry in transaction.entries]
        sizes = [len(transaction.entries) for transaction in transactions]
        return pa.table(
            [
                new_ids(self._connection, ledger_entries, len(entries)),
                np.repeat(np.array(numbers, np.int64), sizes),
                [entry.account.value for entry in entries],
                *([entry[at] for entry in entries] for at in range(1, len(Entry._fields))),
            ],
            schema=_ENTRY_SCHEMA,
        )

    def live_transactions(
        self, deposit_id: int, deposit_claim_ids: Collection[int] | None = None
    ) -> list[int]:
        """Transactions of a deposit that are neither counter-entries nor undone by one, oldest first."""
        found = self._live().where(ledger_transactions.c.deposit_id == deposit_id)
        rows = self._connection.execute(found.order_by(ledger_transactions.c.id)).all()
        if deposit_claim_ids is None:
            return [row.id for row in rows]
        wanted = frozenset(deposit_claim_ids)
        return [row.id for row in rows if row.deposit_claim_id in wanted]

    def deposit_level(self, deposit_id: int) -> dict[tuple[TransactionKind, str], int]:
        """Money of the deposit that went to no claim, by kind of its live transactions and payment type."""
        live = self._live().where(ledger_transactions.c.deposit_id == deposit_id).subquery()
        rows = self._connection.execute(
            sa.select(
                live.c.kind,
                ledger_entries.c.payment_type,
                sa.func.sum(ledger_entries.c.amount_cents).label("cents"),
            )
            .join(ledger_entries, ledger_entries.c.transaction_id == live.c.id)
            .where(live.c.claim_id.is_(None), ledger_entries.c.account == Account.DEPOSIT.value)
            .group_by(live.c.kind, ledger_entries.c.payment_type)
        )
        return {(TransactionKind(row.kind), row.payment_type): int(row.cents) for row in rows}

    def has_live(self, deposit_id: int) -> bool:
        """Whether anything of the deposit is booked and not undone."""
        live = self._live().where(ledger_transactions.c.deposit_id == deposit_id)
        return self._connection.execute(live.limit(1)).first() is not None

    def negated_live(self, transaction_ids: Collection[int]) -> dict[int, int]:
        """Of these postings, those that a live reversal of the payer takes back: posting -> its deposit."""
        by = self._live().where(ledger_transactions.c.negates_id.is_not(None)).subquery()
        found: dict[int, int] = {}
        for part in _parts(transaction_ids):
            rows = self._connection.execute(
                sa.select(by.c.negates_id, by.c.deposit_id).where(by.c.negates_id.in_(part))
            )
            found |= {row.negates_id: row.deposit_id for row in rows}
        return found

    def originals(self, claim_ids: Collection[int]) -> dict[tuple[int, int | None], list[Original]]:
        """Live postings of claims that nothing takes back yet, by (claim, payer), oldest first."""
        live = self._live().where(
            ledger_transactions.c.kind == TransactionKind.CLAIM.value,
            ledger_transactions.c.negates_id.is_(None),
        )
        rows = [
            row
            for part in _parts(claim_ids)
            for row in self._connection.execute(live.where(ledger_transactions.c.claim_id.in_(part)))
        ]
        taken_back = self.negated_live([row.id for row in rows])
        rows = sorted((row for row in rows if row.id not in taken_back), key=lambda row: row.id)
        entries = self.entries_of([row.id for row in rows])
        found: dict[tuple[int, int | None], list[Original]] = defaultdict(list)
        for row in rows:
            original = Original(row.id, row.payer_claim_no, tuple(entries.get(row.id, ())))
            found[row.claim_id, row.payer_id].append(original)
        return dict(found)

    def transactions(self, transaction_ids: Collection[int]) -> list[NewTransaction]:
        """Booked transactions as they were booked, to make their counter-entries from."""
        entries = self.entries_of(transaction_ids)
        rows = [
            row
            for part in _parts(transaction_ids)
            for row in self._connection.execute(
                sa.select(ledger_transactions).where(ledger_transactions.c.id.in_(part))
            )
        ]
        return [
            NewTransaction(
                kind=TransactionKind(row.kind),
                deposit_id=row.deposit_id,
                entries=tuple(entries.get(row.id, ())),
                deposit_claim_id=row.deposit_claim_id,
                claim_id=row.claim_id,
                payer_id=row.payer_id,
                payer_claim_no=row.payer_claim_no,
                reverses_id=row.reverses_id,
                negates_id=row.negates_id,
                reason=row.reason,
            )
            for row in sorted(rows, key=lambda row: row.id)
        ]

    def entries_of(self, transaction_ids: Collection[int]) -> dict[int, list[Entry]]:
        """Entries by transaction, in the order booked."""
        found: dict[int, list[Entry]] = defaultdict(list)
        for part in _parts(transaction_ids):
            rows = self._connection.execute(
                sa.select(ledger_entries)
                .where(ledger_entries.c.transaction_id.in_(part))
                .order_by(ledger_entries.c.id)
            )
            for row in rows:
                found[row.transaction_id].append(_entry(row))
        return found

    def of_deposit(self, deposit_id: int) -> list[BookedEntry]:
        """Every entry that a deposit caused, oldest first."""
        return self._booked(ledger_transactions.c.deposit_id == deposit_id)

    def of_claim(self, claim_id: int) -> list[BookedEntry]:
        """The account of one claim: every entry that moved what is owed on it, oldest first."""
        return self._booked(
            (ledger_entries.c.claim_id == claim_id) & (ledger_entries.c.account == Account.RECEIVABLE.value)
        )

    def _booked(self, condition: sa.ColumnElement[bool]) -> list[BookedEntry]:
        entries, transactions = ledger_entries.c, ledger_transactions.c
        columns = (
            *(transactions[name] for name in ("kind", "deposit_id", "deposit_claim_id", "reverses_id")),
            *(transactions[name] for name in ("negates_id", "posted_on", "created_at", "reason")),
            *(entries[name] for name in ("transaction_id", "claim_id", "charge_line_id", "account")),
            *(entries[name] for name in ("amount_cents", "payment_type", "memo")),
            users.c.name.label("user"),
        )
        rows = self._connection.execute(
            sa.select(*columns)
            .join(ledger_transactions, transactions.id == entries.transaction_id)
            .join(users, users.c.id == transactions.user_id)
            .where(condition)
            .order_by(entries.id)
        )
        return [BookedEntry(**row) for row in rows.mappings()]

    def _live(self) -> sa.Select[Any]:
        undone = ledger_transactions.alias("undone")
        return sa.select(ledger_transactions).where(
            ledger_transactions.c.reverses_id.is_(None),
            ~sa.exists().where(undone.c.reverses_id == ledger_transactions.c.id),
        )


# In the order of the fields of `Entry`.
_ENTRY_SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("transaction_id", pa.int64()),
        ("account", pa.string()),
        ("amount_cents", pa.int64()),
        ("claim_id", pa.int64()),
        ("charge_line_id", pa.int64()),
        ("deposit_line_id", pa.int64()),
        ("adjustment_id", pa.int64()),
        ("payment_type", pa.string()),
        ("memo", pa.string()),
    ]
)
_TRANSACTION_SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("kind", pa.string()),
        ("deposit_id", pa.int64()),
        ("deposit_claim_id", pa.int64()),
        ("claim_id", pa.int64()),
        ("payer_id", pa.int64()),
        ("payer_claim_no", pa.string()),
        ("reverses_id", pa.int64()),
        ("negates_id", pa.int64()),
        ("posted_on", pa.date32()),
        ("created_at", pa.timestamp("us", tz="UTC")),
        ("user_id", pa.int64()),
        ("reason", pa.string()),
    ]
)
_ACCOUNTS = {account.value: account for account in Account}


def _transaction_rows(
    numbers: Sequence[int], transactions: Sequence[NewTransaction], posted_on: date, user_id: int
) -> pa.Table:
    of_all = {"id": numbers, "kind": [one.kind.value for one in transactions]}
    of_all |= {
        name: pa.repeat(pa.scalar(value, _TRANSACTION_SCHEMA.field(name).type), len(transactions))
        for name, value in (("posted_on", posted_on), ("created_at", now()), ("user_id", user_id))
    }
    columns = [
        of_all[name] if name in of_all else [getattr(one, name) for one in transactions]
        for name in _TRANSACTION_SCHEMA.names
    ]
    return pa.table(columns, schema=_TRANSACTION_SCHEMA)


def _entry(row: Any) -> Entry:
    return Entry(
        account=_ACCOUNTS[row.account],
        amount_cents=row.amount_cents,
        claim_id=row.claim_id,
        charge_line_id=row.charge_line_id,
        deposit_line_id=row.deposit_line_id,
        adjustment_id=row.adjustment_id,
        payment_type=row.payment_type,
        memo=row.memo,
    )


def _parts(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _MANY):
        yield ordered[start : start + _MANY]
