"""Many rows in at once: Arrow tables into SQLite or PostgreSQL, inside the running transaction.

PostgreSQL takes them by COPY on the transaction's own connection.

SQLite takes them in two steps. ADBC writes each table into a staging file of its own, all of them at the same
time and outside Python's lock; then the transaction's connection attaches the files and copies the rows
with INSERT ... SELECT. ADBC brings its own copy of the SQLite library, and two copies in one process must
never open the same database: POSIX locks belong to the process, so either copy would undo the locks
of the other (sqlite.org/howtocorrupt.html, 2.2.1). The staging files have one user at a time, so they are safe.
"""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import adbc_driver_sqlite.dbapi
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import sqlalchemy as sa
from sqlalchemy.engine import Connection

# Below this many rows the fixed cost of staging (about 10 ms) is more than it saves.
FEW_ROWS = 500
STAGERS = 4
_STAGING = "staging-"


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
    """Adds the rows; columns are named as in the table, and those left out take their defaults.

    Give parents before children: foreign keys are checked as the rows arrive.
    """
    filled = {table: arrow for table, arrow in rows.items() if arrow.num_rows}
    if sum(arrow.num_rows for arrow in filled.values()) <= FEW_ROWS:
        for table, arrow in filled.items():
            connection.execute(sa.insert(table), arrow.to_pylist())
    elif connection.dialect.name == "sqlite":
        _insert_staged(connection, filled)
    else:
        for table, arrow in filled.items():
            _copy(connection, table, arrow)


def _copy(connection: Connection, table: sa.Table, rows: pa.Table) -> None:
    columns = ", ".join(f'"{name}"' for name in rows.column_names)
    text = io.BytesIO()
    # An empty text is written in quotes and a null without: that is how COPY tells them apart.
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
    pyarrow.csv.write_csv(_without_dictionaries(rows), text, options)
    driver: Any = connection.connection.driver_connection
    command = f"COPY {table.name} ({columns}) FROM STDIN (FORMAT csv)"
    try:
        with driver.cursor() as cursor, cursor.copy(command) as copy:
            copy.write(text.getbuffer())
    except psycopg.Error as fault:
        # PostgreSQL's own text quotes the row, which may name a patient; the kind of fault is enough.
        raise sa.exc.IntegrityError(command, None, type(fault)()) from None


def _without_dictionaries(rows: pa.Table) -> pa.Table:
    plain = [
        pc.cast(column, column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in rows.columns
    ]
    return pa.table(plain, names=rows.column_names)


def _insert_staged(connection: Connection, rows: Mapping[sa.Table, pa.Table]) -> None:
    schemas = {table: _schema(connection, table) for table in rows}
    # About as many rows for each stager; SQLite attaches ten files at most, and there are five tables at most.
    part_rows = -(-sum(len(arrow) for arrow in rows.values()) // STAGERS)
    parts = [
        (table, arrow.slice(start, part_rows))
        for table, arrow in rows.items()
        for start in range(0, len(arrow), part_rows)
    ]
    with _staging_folder(connection) as folder, ThreadPoolExecutor(STAGERS) as pool:
        staged = [
            (
                table,
                folder / f"{number}.sqlite3",
                pool.submit(_stage, folder / f"{number}.sqlite3", table.name, schemas[table], part),
            )
            for number, (table, part) in enumerate(parts)
        ]
        for number, (table, path, done) in enumerate(staged):
            done.result()
            connection.exec_driver_sql(f"ATTACH DATABASE ? AS staging_{number}", (str(path),))
            # Nothing between SELECT and FROM but the star, and the two tables alike to the letter: then SQLite
            # moves whole records and index entries without unpacking them (its "transfer optimization").
            connection.exec_driver_sql(
                f"INSERT INTO main.{table.name} SELECT * FROM staging_{number}.{table.name}"  # noqa: S608
            )


def _schema(connection: Connection, table: sa.Table) -> list[str]:
    """The statements that make an empty copy of the table with its indexes."""
    # Triggers stay out: they look at other tables, and fire when the rows arrive in the database itself.
    stored = (
        "SELECT sql FROM main.sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
        " AND type IN ('table', 'index') ORDER BY type DESC"
    )
    return [str(sql) for (sql,) in connection.exec_driver_sql(stored, (table.name,))]


def _stage(path: Path, name: str, schema: Sequence[str], rows: pa.Table) -> None:
    """Writes a throw-away database with a copy of the table: no journal, no syncing."""
    pragmas = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-2048")
    opened = adbc_driver_sqlite.dbapi.connect(str(path), autocommit=True)
    with opened as connection, connection.cursor() as cursor:
        for statement in (*(f"PRAGMA {pragma}" for pragma in pragmas), *schema):
            cursor.execute(statement)
            cursor.fetchall()
        connection.adbc_connection.set_autocommit(False)
        cursor.adbc_ingest(name, _with_sqlite_moments(rows), mode="append")
        connection.adbc_connection.commit()


def _with_sqlite_moments(rows: pa.Table) -> pa.Table:
    """Moments in the very text that SQLAlchemy writes and reads."""
    for position, field in enumerate(rows.schema):
        if pa.types.is_timestamp(field.type):
            text = pc.strftime(rows.column(position).cast(pa.timestamp("us")), "%Y-%m-%d %H:%M:%S")
            rows = rows.set_column(position, field.name, text)
    return rows


@contextmanager
def _staging_folder(connection: Connection) -> Iterator[Path]:
    """A folder beside the database, named after this process, gone when the rows are copied."""
    home = Path(str(connection.engine.url.database)).parent
    folder = Path(tempfile.mkdtemp(prefix=f"{_STAGING}{os.getpid()}-", dir=home))
    try:
        yield folder
    finally:
        # Still attached until the transaction ends; an open file outlives its name.
        shutil.rmtree(folder, ignore_errors=True)


def detach_staging(driver_connection: Any) -> None:
    """Lets go of the staging files; SQLite allows it only after the transaction has ended."""
    for _, schema, _ in driver_connection.execute("PRAGMA database_list").fetchall():
        if schema.startswith("staging_"):
            driver_connection.execute(f"DETACH DATABASE {schema}")


def sweep_staging(home: Path) -> None:
    """Removes what processes left behind that died while staging."""
    for folder in home.glob(f"{_STAGING}*"):
        pid = folder.name.removeprefix(_STAGING).partition("-")[0]
        if pid.isdigit() and not _lives(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
