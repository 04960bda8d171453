"""The way in for bank files: accounts, profiles, files, statements, lines."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from workbench.domain.bank_desk import BankAccount
from workbench.domain.money import Cents
from workbench.storage import bulk
from workbench.storage.clock import now
from workbench.storage.conflict import ConflictError, is_unique_violation
from workbench.storage.lists import among
from workbench.storage.stores.base import Store
from workbench.storage.tables import bank as t


class BankFileStore(Store):
    """Writes and reads `bank_accounts`, `bank_column_profiles`, `bank_files`, `bank_statements`, new lines."""

    def accounts(self) -> list[BankAccount]:
        """All accounts in use, by name and number."""
        c = t.bank_accounts.c
        rows = self._connection.execute(sa.select(t.bank_accounts).where(c.active).order_by(c.name, c.number))
        return [BankAccount(row.id, row.number, row.name, row.practice_id) for row in rows]

    def account(self, number: str) -> BankAccount | None:
        """The account that a file names so."""
        row = self._connection.execute(
            sa.select(t.bank_accounts).where(t.bank_accounts.c.number == number)
        ).first()
        return None if row is None else BankAccount(row.id, row.number, row.name, row.practice_id)

    def add_account(self, number: str, name: str, practice_id: int | None) -> int:
        return self._insert(t.bank_accounts, {"number": number, "name": name, "practice_id": practice_id})

    def assign_account(self, account_id: int, name: str, practice_id: int | None) -> None:
        self._connection.execute(
            sa.update(t.bank_accounts)
            .where(t.bank_accounts.c.id == account_id)
            .values(name=name, practice_id=practice_id)
        )

    def profiles(self) -> list[dict[str, Any]]:
        """The saved column profiles as `bank.profile.ColumnProfile.from_json` takes them, by name."""
        c = t.bank_column_profiles.c
        rows = self._connection.scalars(sa.select(c.profile_json).order_by(c.name))
        return [json.loads(text) for text in rows]

    def save_profile(self, name: str, profile: Mapping[str, Any]) -> int:
        """Adds the profile or replaces the one of this name; gives its id."""
        c = t.bank_column_profiles.c
        changed = self._connection.execute(
            sa.update(t.bank_column_profiles)
            .where(c.name == name)
            .values(profile_json=json.dumps(profile))
            .returning(c.id)
        ).scalar()
        if changed is not None:
            return int(changed)
        return self._insert(t.bank_column_profiles, {"name": name, "profile_json": json.dumps(profile)})

    def file_id(self, sha256: str) -> int | None:
        """The file that was stored with this content."""
        return self._connection.scalar(sa.select(t.bank_files.c.id).where(t.bank_files.c.sha256 == sha256))

    def add_file(self, values: Mapping[str, Any]) -> int:
        """Raises ConflictError when the same content was stored at the same moment."""
        try:
            return self._insert(t.bank_files, {**values, "received_at": now()})
        except sa.exc.IntegrityError as fault:
            if is_unique_violation(fault):
                raise ConflictError from None
            raise

    def known_keys(self, keys: Collection[str]) -> set[str]:
        """Those of the line keys that are stored already."""
        c = t.bank_transactions.c
        return set(
            self._connection.scalars(sa.select(c.line_key).where(among(self._connection, c.line_key, keys)))
        )

    def kinds_of_days(self, account_id: int, days: Collection[date]) -> set[str]:
        """The kinds of file that brought lines of these days."""
        c = t.bank_transactions.c
        return set(
            self._connection.scalars(
                sa.select(t.bank_files.c.kind)
                .join(t.bank_transactions, c.bank_file_id == t.bank_files.c.id)
                .where(c.account_id == account_id, c.posted_date.between(min(days), max(days)))
                .distinct()
            )
        )

    def add_statement(self, values: Mapping[str, Any]) -> int:
        return self._insert(t.bank_statements, values)

    def closing_before(self, account_id: int, day: date) -> tuple[date, Cents] | None:
        """Day and closing balance of the last statement that ended before `day`."""
        c = t.bank_statements.c
        row = self._connection.execute(
            sa.select(c.to_date, c.closing_cents)
            .where(c.account_id == account_id, c.to_date < day, c.closing_cents.is_not(None))
            .order_by(c.to_date.desc(), c.id.desc())
            .limit(1)
        ).first()
        return None if row is None else (row.to_date, row.closing_cents)

    def moved_between(self, account_id: int, after: date, before: date) -> Cents:
        """Sum of the lines posted after one day and before another."""
        c = t.bank_transactions.c
        total = self._connection.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(c.amount_cents), 0)).where(
                c.account_id == account_id, c.posted_date > after, c.posted_date < before
            )
        )
        return int(total or 0)

    def add_lines(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds bank lines in bulk. Raises ConflictError when one of them was stored at the same moment."""
        if not rows:
            return
        ids = pa.array(bulk.new_ids(self._connection, t.bank_transactions, len(rows)))
        table = pa.Table.from_pylist(list(rows), _LINES).append_column("id", ids)
        try:
            bulk.insert(self._connection, {t.bank_transactions: table})
        except sa.exc.IntegrityError as fault:
            if is_unique_violation(fault):
                raise ConflictError from None
            raise


_LINES = pa.schema(
    [
        ("account_id", pa.int64()),
        ("bank_file_id", pa.int64()),
        ("record", pa.int64()),
        ("posted_date", pa.date32()),
        ("value_date", pa.date32()),
        ("amount_cents", pa.int64()),
        *((name, pa.string()) for name in ("currency", "type_code", "bank_reference", "customer_reference")),
        *((name, pa.string()) for name in ("description", "trace", "trace_originator", "payer_key")),
        ("is_card", pa.bool_()),
        *((name, pa.string()) for name in ("line_key", "state", "reason")),
    ]
)
