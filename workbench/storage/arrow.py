"""Many rows out: a SELECT into an Arrow table at the speed of the ADBC drivers, for the analysts' frames.

PostgreSQL's driver reads in this process. SQLite's must not: it brings its own copy of the SQLite library, and
two copies in one process undo each other's locks (see `bulk`). It reads in a process of its own, which stays for
the next query and hands the rows over as an Arrow stream.
"""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.storage import arrow_worker
from workbench.storage.types import UtcDateTime

_UTC = pa.timestamp("us", tz="UTC")
_STOPPED_BY_TIMEOUT = "57014"  # PostgreSQL's query_canceled
# What a driver may say of a fault: words that hold nothing of the data and nothing a person typed but names.
_HARMLESS = re.compile(
    r"no such function: \w+|wrong number of arguments to function \w+|integer overflow|division by zero"
    r"|function [\w.]+\([\w ,]*\) does not exist|operator does not exist: [\w ]+ [^\w\s]{1,3} [\w ]+"
)

Columns = Sequence[tuple[str, pa.DataType | None]]


class DeadlineError(Exception):
    """A query was stopped because its time was over."""


class ArrowReader:
    """Reads SELECTs of one database into Arrow tables with the types the SELECT's columns have."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._worker: subprocess.Popen[bytes] | None = None
        self._connection: Any = None
        self._one_at_a_time = threading.Lock()

    def read(self, statement: sa.Select[Any]) -> pa.Table:
        """The rows. Types: int64, bool, string, date32, timestamp in UTC; nothing else is selected.

        A field is nullable when its column is, whether or not a null is among the rows.
        """
        schema = pa.schema([_field(column) for column in statement.selected_columns])
        if self._engine.dialect.name == "sqlite":
            sql = _with_example(compiled(statement, self._engine), [field.type for field in schema])
            rows = self._read_sqlite(sql).slice(1)
        else:
            rows = self._read_postgresql(compiled(statement, self._engine))
        columns = [_as(rows.column(place), field.type) for place, field in enumerate(schema)]
        return pa.table(columns, schema=schema)

    def query(self, sql: str, columns: Columns, seconds: float) -> pa.Table:
        """The rows of a text of SQL whose result has these columns; a type that is not known is the driver's.

        Raises DeadlineError after `seconds`.
        """
        kinds = [kind for _, kind in columns]
        if self._engine.dialect.name == "sqlite":
            rows = self._read_sqlite(_with_example(sql, kinds), seconds).slice(1)
        else:
            rows = self._read_postgresql(sql, seconds)
        found = [_as_far_as_possible(rows.column(place), kind) for place, kind in enumerate(kinds)]
        return pa.table(found, names=[name for name, _ in columns])

    def close(self) -> None:
        """Ends the reading process, or the connection."""
        self._close_connection()
        if self._worker is not None:
            with suppress(BrokenPipeError):
                self._pipe(self._worker.stdin).close()
            self._worker.wait()
            self._pipe(self._worker.stdout).close()
            self._worker = None

    def _close_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read_postgresql(self, sql: str, seconds: float = 0) -> pa.Table:
        with self._one_at_a_time:
            if self._connection is None:
                self._connection = self._connected()
            try:
                with self._connection.cursor() as cursor:
                    cursor.execute(
                        f"SET statement_timeout = {round(seconds * 1000)}"
                    )  # 0: as long as it takes
                    cursor.execute(sql)
                    table: pa.Table = cursor.fetch_arrow_table()
                    return table
            except adbc_driver_manager.Error as fault:
                self._close_connection()  # the server may have gone; the next query connects anew
                if fault.sqlstate == _STOPPED_BY_TIMEOUT:
                    raise DeadlineError from None
                # Its text quotes the SQL, and with it what a person typed.
                raise _fault(type(fault).__name__, str(fault)) from None

    def _connected(self) -> Any:
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = adbc_driver_postgresql.dbapi.connect(url, autocommit=True)
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
        return connection

    def _read_sqlite(self, sql: str, seconds: float = 0) -> pa.Table:
        with self._one_at_a_time:
            worker, over = self._running_worker(), threading.Event()
            clock = threading.Timer(seconds, _stop, (worker, over))
            if seconds:
                clock.start()
            try:
                return self._asked(worker, sql)
            except (OSError, pa.ArrowInvalid, sa.exc.DBAPIError):
                if over.is_set():
                    raise DeadlineError from None
                raise
            finally:
                clock.cancel()

    def _asked(self, worker: "subprocess.Popen[bytes]", sql: str) -> pa.Table:
        requests, answers = self._pipe(worker.stdin), self._pipe(worker.stdout)
        requests.write(json.dumps(sql).encode() + b"\n")
        requests.flush()
        if answers.read(1) == b"+":
            with pa.ipc.open_stream(answers) as stream:
                table: pa.Table = stream.read_all()
        verdict = answers.readline()
        if verdict != b"\n":  # a reader that died says nothing; a stream that merely ends looks complete
            raise _fault(*json.loads(verdict or '["the reader ended", ""]'))
        return table

    def _running_worker(self) -> subprocess.Popen[bytes]:
        if self._worker is None or self._worker.poll() is not None:
            command = [sys.executable, "-P", str(Path(arrow_worker.__file__)), str(self._engine.url.database)]
            self._worker = subprocess.Popen(  # noqa: S603 our own script
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        return self._worker

    @staticmethod
    def _pipe(pipe: Any) -> Any:
        if pipe is None:
            raise AssertionError("opened with pipes")
        return pipe


def compiled(statement: sa.Select[Any], engine: Engine) -> str:
    """The SELECT as a text for ADBC, its values in it."""
    text = str(statement.compile(engine, compile_kwargs={"literal_binds": True}))
    # psycopg's spelling doubles per cent signs; ADBC takes the text as it is.
    return text.replace("%%", "%") if engine.dialect.name == "postgresql" else text


def fields_of(statement: sa.Select[Any]) -> list[tuple[str, pa.DataType]]:
    """Names and types of its columns."""
    return [(field.name, field.type) for field in map(_field, statement.selected_columns)]


def _stop(worker: "subprocess.Popen[bytes]", over: threading.Event) -> None:
    over.set()
    worker.kill()


def _fault(kind: str, text: str) -> sa.exc.DBAPIError:
    harmless = _HARMLESS.search(text)
    return sa.exc.DBAPIError("SELECT", None, Exception(harmless.group() if harmless else kind))


def _with_example(sql: str, kinds: Sequence[pa.DataType | None]) -> str:
    """The SELECT after one example row: SQLite's driver takes the types of columns from the first rows it meets,
    and a column that begins with nulls would be taken for numbers.
    """
    examples = ", ".join(_example(kind) for kind in kinds)
    return f"SELECT {examples} UNION ALL SELECT * FROM ({sql})"  # noqa: S608 our own SELECT


def _example(kind: pa.DataType | None) -> str:
    if kind is None:
        return "NULL"
    if pa.types.is_floating(kind):
        return "0.0"
    return "0" if pa.types.is_integer(kind) or pa.types.is_boolean(kind) else "''"


def _field(column: Any) -> pa.Field:
    stored = getattr(column, "element", column)
    nullable = not isinstance(stored, sa.Column) or bool(stored.nullable)
    # Sums and differences of amounts are as complete as the amounts; a CASE says that one may be missing.
    computed = not isinstance(stored, sa.Column | sa.Case)
    nullable = nullable and not (column.name.endswith("_cents") and computed)
    return pa.field(column.name, _arrow_type(column.type), nullable)


def _arrow_type(kind: sa.types.TypeEngine[Any]) -> pa.DataType:
    if isinstance(kind, UtcDateTime):
        return _UTC
    if isinstance(kind, sa.Date):
        return pa.date32()
    if isinstance(kind, sa.Boolean):
        return pa.bool_()
    return pa.int64() if isinstance(kind, sa.Integer) else pa.string()


def _as(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if column.type == kind:
        return column
    if pa.types.is_timestamp(kind) and pa.types.is_string(column.type):
        return pc.assume_timezone(column.cast(pa.timestamp("us")), "UTC")
    return column.cast(kind)


def _as_far_as_possible(column: pa.ChunkedArray, kind: pa.DataType | None) -> pa.ChunkedArray:
    """A type that was concluded from the SQL may be wrong (SQLite computes with what it has): then as it came."""
    if kind is None:
        return column
    try:
        return _as(column, kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return column
