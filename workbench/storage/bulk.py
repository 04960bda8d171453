"""Many rows in at once: Arrow tables into SQLite or PostgreSQL, inside the running transaction.

PostgreSQL takes them by COPY on the transaction's own connection; from a person's role by way of a temporary table.

SQLite takes them by way of staging files (`staging`).
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.storage.staging import staged_load

# Below this many rows the fixed cost of staging (about 10 ms) is more than it saves.
FEW_ROWS = 500


class Load(Protocol):
    """Where rows are added; columns are named as in the table, and those left out take their defaults."""

    def add(self, table: sa.Table, rows: pa.Table) -> None: ...


class _CopyLoad:
    """PostgreSQL: nothing happens before the end, when parents go before children."""

    def __init__(self) -> None:
        self.rows: dict[sa.Table, pa.Table] = {}

    def add(self, table: sa.Table, rows: pa.Table) -> None:
        self.rows[table] = rows


@contextmanager
def loading(connection: Connection) -> Iterator[Load]:
    """Many rows of several tables, one `add` for each table; they are in when the block ends.

    On SQLite the work begins with each `add`, and rows go in in the order of the adds: parents first where foreign
    keys are checked, the largest first in a `bulk_transaction`.
    """
    if connection.dialect.name == "sqlite":
        with staged_load(connection) as load:
            yield load
        return
    collected = _CopyLoad()
    yield collected
    for table in sa.schema.sort_tables(collected.rows):
        _copy(connection, table, collected.rows[table])


def new_ids(connection: Connection, table: sa.Table, how_many: int) -> np.ndarray:
    """Ids for `how_many` new rows of `table`, ascending, as int64.

    SQLite: the transaction holds the write lock, so the numbers after the largest are ours. PostgreSQL: they
    come from the sequence, so that they never meet those of a row inserted meanwhile.
    """
    if connection.dialect.name == "sqlite":
        last = connection.scalar(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))) or 0
        return np.arange(last + 1, last + 1 + how_many, dtype=np.int64)
    numbers = sa.text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :n)")
    drawn = connection.scalars(numbers, {"name": table.name, "n": how_many})
    return np.sort(np.fromiter(drawn, np.int64, count=how_many))


def insert(connection: Connection, rows: Mapping[sa.Table, pa.Table]) -> None:
    """Adds the rows of a few tables; those of parents may stand beside those of their children."""
    filled = {table: arrow for table, arrow in rows.items() if arrow.num_rows}
    if sum(arrow.num_rows for arrow in filled.values()) <= FEW_ROWS:
        for table in sa.schema.sort_tables(filled):
            connection.execute(sa.insert(table), filled[table].to_pylist())
        return
    with loading(connection) as load:
        for table in sa.schema.sort_tables(filled):
            load.add(table, filled[table])


def _copy(connection: Connection, table: sa.Table, rows: pa.Table) -> None:
    columns = ", ".join(f'"{name}"' for name in rows.column_names)
    text = io.BytesIO()
    # An empty text is written in quotes and a null without: that is how COPY tells them apart.
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
    # In one piece: with columns cut at different rows write_csv of pyarrow 26 wrote bytes that no column holds.
    pyarrow.csv.write_csv(_without_dictionaries(rows).combine_chunks(), text, options)
    # COPY takes no policies: a person's rows arrive in a table of their own, and pass the policies from there.
    bound = bool(connection.scalar(sa.select(sa.func.row_security_active(table.name))))
    target = f"arriving_{table.name}" if bound else table.name
    driver: Any = connection.connection.driver_connection
    command = f"COPY {target} ({columns}) FROM STDIN (FORMAT csv)"
    try:
        with driver.cursor() as cursor:
            if bound:
                cursor.execute(_arrivals(target, columns, table))
            with cursor.copy(command) as copy:
                copy.write(text.getbuffer())
            if bound:
                cursor.execute(f"ANALYZE {target}")
                cursor.execute(f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {target}")  # noqa: S608 our own names
                cursor.execute(f"DROP TABLE {target}")
    except psycopg.Error as fault:
        # PostgreSQL's own text quotes the row, which may name a patient; the kind of fault is enough.
        raise sa.exc.IntegrityError(command, None, type(fault)()) from None


def _arrivals(name: str, columns: str, table: sa.Table) -> str:
    return f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS SELECT {columns} FROM {table.name} WITH NO DATA"  # noqa: S608


def _without_dictionaries(rows: pa.Table) -> pa.Table:
    plain = [
        pc.cast(column, column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in rows.columns
    ]
    return pa.table(plain, names=rows.column_names)
