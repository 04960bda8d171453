"""A whole database over to PostgreSQL: every table by COPY, in one transaction on either side, totals proven."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from workbench.errors import RefusedError, SetUpError
from workbench.storage.engine import open_engine
from workbench.storage.migrations.upgrade import current_revision, head_revision, upgrade
from workbench.storage.people_roles import readmit
from workbench.storage.whole.figures import (
    Figures,
    differing,
    figures_of,
    filled,
    in_order,
    last_numbers,
    set_last_numbers,
)

_BATCH = 10_000
# Told how many rows more have arrived.
Arrived = Callable[[int], None]


def copy_database(
    source_url: str, target_url: str, key: bytes, begin: Callable[[int], Arrived]
) -> dict[str, Figures]:
    """Copies everything into an empty PostgreSQL database; gives the figures that both sides have.

    `begin` is told the number of rows and gives what is told of each batch. People with a role get their login
    role (`key`: see `people_roles`). Nothing is kept of a copy that failed. Raises RefusedError when the target holds
    rows, and SetUpError when an engine or a version does not fit.
    """
    source, target = open_engine(source_url), open_engine(target_url)
    try:
        _check(source, target)
        with snapshot_of(source) as reading, target.begin() as writing:
            figures = figures_of(reading)
            require_empty(writing)
            arrived = begin(sum(each.rows for each in figures.values()))
            for table in in_order():
                _copy(reading, writing, table, arrived)
            set_last_numbers(writing, last_numbers(reading))
            if wrong := differing(figures, figures_of(writing)):
                raise SetUpError(f"The copy does not add up ({', '.join(sorted(wrong))}); nothing was kept.")
            readmit(writing, key)
        with target.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE"))
    finally:
        source.dispose()
        target.dispose()
    return figures


def _check(source: Engine, target: Engine) -> None:
    if target.dialect.name != "postgresql":
        raise SetUpError(
            "The target is a PostgreSQL database: set WORKBENCH_DATABASE_URL to postgresql://..."
        )
    if current_revision(source) != head_revision():
        raise SetUpError(
            "The source is of another version. Open it with this one first: workbench db upgrade."
        )
    upgrade(target)


@contextmanager
def snapshot_of(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database, however long it lasts and whoever writes."""
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect() as plain:
        connection = plain.execution_options(**options) if engine.dialect.name == "postgresql" else plain
        with connection.begin():
            yield connection


def require_empty(connection: Connection) -> None:
    """Raises RefusedError when any table holds a row."""
    if full := filled(figures_of(connection)):
        named = ", ".join(sorted(full)[:5])
        raise RefusedError(f"The target is not empty ({named}). Use a new database: nothing was changed.")


def _copy(reading: Connection, writing: Connection, table: sa.Table, arrived: Arrived) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    driver: Any = writing.connection.driver_connection
    rows = reading.execute(sa.select(table).execution_options(yield_per=_BATCH))
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for batch in rows.partitions():
                for row in batch:
                    copy.write_row(row)
                arrived(len(batch))
    except psycopg.Error as fault:
        # PostgreSQL's own text quotes the row, which may name a patient.
        raise SetUpError(
            f"PostgreSQL did not take the rows of {table.name} ({type(fault).__name__})."
        ) from None
