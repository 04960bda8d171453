"""Column types: one spelling of ids, money, days and moments for SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# SQLite numbers rows by itself only in a column spelled INTEGER; there it holds 64 bits anyway.
Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Cents = sa.BigInteger()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC `datetime` in Python, `timestamptz` in PostgreSQL, `YYYY-MM-DD HH:MM:SS.ffffff` in SQLite.

    A naive value is refused: whose midnight it means cannot be known afterwards.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
