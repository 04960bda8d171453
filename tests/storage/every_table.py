"""One row for each practice in every table of the schema, made from the metadata: a new table is in it by itself."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.storage.types import UtcDateTime
from workbench.storage.whole.figures import in_order

Key = dict[str, Any]
DAY = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

# What the checks of a table ask for besides its lists of words; None leaves a column out.
FITTING: Mapping[str, Mapping[str, Any]] = {
    "ledger_transactions": {"reverses_id": None, "negates_id": None},
    "bank_match_items": {"transaction_id": None},
    "image_batches": {"payer_id": None, "plan_id": None, "posted_by_id": None},
    "images": {"width": 1, "height": 1},
    "image_renditions": {"width": 1, "height": 1},
    "payment_batches": {"posted_by_id": None},
    "set_attachments": {"payment_id": None, "deposit_id": None},
}
_LIST_OF_WORDS = re.compile(r"(\w+) = '([^']+)'( OR \1 = '[^']+')+")


def fitting(table: sa.Table) -> dict[str, Any]:
    """Values that the table's checks allow."""
    words: dict[str, Any] = {}
    for constraint in table.constraints:
        if isinstance(constraint, sa.CheckConstraint) and (
            listed := _LIST_OF_WORDS.fullmatch(str(constraint.sqltext))
        ):
            words.setdefault(listed[1], listed[2])
    nullable = {name: None for name in words if table.c[name].nullable}
    return words | nullable | dict(FITTING.get(table.name, {}))


def value_of(column: sa.Column[Any], practice: int) -> Any:
    """Something that the column takes, other for each practice."""
    if isinstance(column.type, UtcDateTime):
        return MOMENT
    if isinstance(column.type, sa.Date):
        return DAY
    if isinstance(column.type, sa.LargeBinary):
        return b"piece"
    if isinstance(column.type, sa.Boolean):
        return True
    if isinstance(column.type, sa.Integer | sa.Float):
        return practice
    if "sha256" in column.name:
        return f"{practice:064d}"
    if column.name.endswith("_json"):
        return "{}"
    return f"{column.table.name} {column.name} {practice}"


class EveryTable:
    """The rows of one practice. Its transaction in the ledger has the practice's number."""

    def __init__(self, practice: int, user: int) -> None:
        self.practice, self.user = practice, user
        self.keys: dict[str, Key] = {
            "practices": {"id": practice},
            "users": {"id": user},
            "user_practices": {"user_id": user, "practice_id": practice},
        }

    def row(self, table: sa.Table, **changed: Any) -> dict[str, Any]:
        """A row that the table takes, pointing to this practice's other rows."""
        words = fitting(table)
        row: dict[str, Any] = {}
        for column in table.columns:
            if column.name in changed or column.name in words:
                value = changed.get(column.name, words.get(column.name))
                if value is not None:
                    row[column.name] = value
            elif column.foreign_keys:
                row[column.name] = self._pointing(column)
            elif column.name == "chain" or (table.name, column.name) == ("ledger_transactions", "id"):
                row[column.name] = self.practice
            elif not (column.nullable or column.server_default is not None or column.name == "id"):
                row[column.name] = value_of(column, self.practice)
        return row

    def _pointing(self, column: sa.Column[Any]) -> int:
        (key,) = column.foreign_keys
        if key.column.table.name == "ledger_transactions":
            return self.practice
        return int(self.keys[key.column.table.name]["id"])

    def add_all(self, connection: Connection) -> None:
        """Adds one row to each table; those that the practice shares are there from the first."""
        for table in in_order():
            if table.name not in self.keys:
                self.keys[table.name] = self.add(connection, table)

    def add(self, connection: Connection, table: sa.Table, **changed: Any) -> Key:
        """Adds one row; gives its primary key."""
        row = self.row(table, **changed)
        if table.name == "ledger_entries":  # and its counterpart: what is sealed sums to zero
            connection.execute(sa.insert(table).values(**row | {"amount_cents": -row["amount_cents"]}))
        added = connection.execute(sa.insert(table).values(**row).returning(*table.primary_key.columns)).one()
        return dict(zip(table.primary_key.columns.keys(), added, strict=True))
