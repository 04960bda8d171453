"""Many rows into SQLite within the running transaction, by way of staging files.

ADBC writes the rows into files of their own, several at a time and outside Python's lock; then the transaction's
connection attaches the files and moves the rows with INSERT ... SELECT. ADBC brings its own copy of the SQLite
library, and two copies in one process must never open the same database: POSIX locks belong to the process, so
either copy would undo the locks of the other (sqlite.org/howtocorrupt.html, 2.2.1). The staging files have one user at
a time, so they are safe.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adbc_driver_sqlite.dbapi
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy.engine import Connection

STAGERS = 4
# SQLite attaches ten files at most: five tables of two parts.
PARTS = 2
SMALLEST_PART = 30_000
_STAGING = "staging-"


@dataclass(frozen=True, slots=True)
class _Part:
    table: sa.Table
    path: Path
    done: Future[None]


class StagedLoad:
    """Rows of several tables on their way in. Staging begins with `add`, moving with `finish`."""

    def __init__(self, connection: Connection, folder: Path, pool: ThreadPoolExecutor) -> None:
        self._connection, self._folder, self._pool = connection, folder, pool
        self._parts: list[_Part] = []

    def add(self, table: sa.Table, rows: pa.Table) -> None:
        """Begins to stage the rows."""
        schema = _schema(self._connection, table)
        given = without_defaults(table, rows)
        size = max(SMALLEST_PART, -(-len(rows) // PARTS))
        for start in range(0, len(rows), size):
            path = self._folder / f"{len(self._parts)}.sqlite3"
            done = self._pool.submit(_stage, path, table.name, schema, given.slice(start, size))
            self._parts.append(_Part(table, path, done))

    def finish(self) -> None:
        """Moves all rows in, in the order in which they were added."""
        # Files of an earlier load stay attached until the transaction ends: count on from them.
        attached = len(self._connection.exec_driver_sql("PRAGMA database_list").fetchall())
        for number, part in enumerate(self._parts, attached):
            part.done.result()
            self._connection.exec_driver_sql(f"ATTACH DATABASE ? AS staging_{number}", (str(part.path),))
            # Nothing between SELECT and FROM but the star, and the two tables alike to the letter: then SQLite
            # moves whole records and index entries without unpacking them (its "transfer optimization").
            name = part.table.name
            self._connection.exec_driver_sql(
                f"INSERT INTO main.{name} SELECT * FROM staging_{number}.{name}"  # noqa: S608 our own names
            )


@contextmanager
def staged_load(connection: Connection) -> Iterator[StagedLoad]:
    """A load with its folder beside the database and its threads; the rows are in when the block ends."""
    with _staging_folder(connection) as folder, ThreadPoolExecutor(STAGERS) as pool:
        load = StagedLoad(connection, folder, pool)
        yield load
        load.finish()


def without_defaults(table: sa.Table, rows: pa.Table) -> pa.Table:
    """The rows without columns in which every value is the column's default: SQLite fills those in for nothing."""
    kept = [name for name in rows.column_names if not _is_default(table.c[name], rows.column(name))]
    return rows.select(kept)


def _is_default(column: sa.Column[Any], values: pa.ChunkedArray) -> bool:
    if column.server_default is None:
        return bool(column.nullable) and values.null_count == len(values)
    default = getattr(column.server_default, "arg", None)
    if not isinstance(default, str) or values.null_count or pa.types.is_dictionary(values.type):
        return False
    wanted = int(default) if pa.types.is_integer(values.type) else default
    same_kind = pa.types.is_integer(values.type) or pa.types.is_string(values.type)
    return same_kind and bool(pc.all(pc.equal(values, wanted)).as_py())


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
