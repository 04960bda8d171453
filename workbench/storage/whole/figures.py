"""What a database adds up to: rows and money of every table. Two databases with the same figures hold the same."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.storage.tables import metadata


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one table: how many rows, and the sum in cents of each column of money."""

    rows: int
    cents: Mapping[str, int]


def figures_of(connection: Connection) -> dict[str, Figures]:
    """The figures of every table, by name, as the running transaction sees them."""
    return {table.name: _figures(connection, table) for table in in_order()}


def _figures(connection: Connection, table: sa.Table) -> Figures:
    money = [column for column in table.columns if column.name.endswith("_cents")]
    sums = (sa.func.coalesce(sa.func.sum(column), 0) for column in money)
    count, *totals = connection.execute(sa.select(sa.func.count(), *sums).select_from(table)).one()
    named = zip((column.name for column in money), map(int, totals), strict=True)
    return Figures(int(count), dict(named))


def in_order() -> list[sa.Table]:
    """The tables in an order in which their rows can be added: parents first, but a transaction of the ledger
    after its entries, for it seals them.
    """
    tables = [table for table in metadata.sorted_tables if table.name != "ledger_transactions"]
    entries = tables.index(metadata.tables["ledger_entries"])
    return [*tables[: entries + 1], metadata.tables["ledger_transactions"], *tables[entries + 1 :]]


def differing(one: Mapping[str, Figures], other: Mapping[str, Figures]) -> list[str]:
    """The tables whose figures are not the same."""
    return [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]


def filled(figures: Mapping[str, Figures]) -> list[str]:
    """The tables that hold rows."""
    return [name for name, each in figures.items() if each.rows]


def as_json(figures: Mapping[str, Figures]) -> dict[str, dict[str, Any]]:
    return {name: asdict(each) for name, each in figures.items()}


def from_json(document: Mapping[str, Mapping[str, Any]]) -> dict[str, Figures]:
    return {name: Figures(int(each["rows"]), dict(each["cents"])) for name, each in document.items()}


def last_numbers(connection: Connection) -> dict[str, int]:
    """The last number each table gave out, also to rows that are gone: it is never given out again."""
    numbered = [table for table in in_order() if "id" in table.columns]
    if connection.dialect.name == "sqlite":
        given = dict(connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence")).tuples().all())
    else:
        rows = connection.execute(
            sa.text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        )
        given = {name.removesuffix("_id_seq"): last or 0 for name, last in rows}
    largest = {table.name: connection.scalar(sa.select(sa.func.max(table.c.id))) or 0 for table in numbered}
    return {name: max(int(given.get(name) or 0), int(number)) for name, number in largest.items()}


def set_last_numbers(connection: Connection, numbers: Mapping[str, int]) -> None:
    """PostgreSQL: the next rows get the numbers after these."""
    for name, last in numbers.items():
        if last:
            connection.execute(
                sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                {"name": name, "last": last},
            )


def rows_of(figures: Iterable[Figures]) -> int:
    return sum(each.rows for each in figures)
