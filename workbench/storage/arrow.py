"""Many rows out: a SELECT into an Arrow table at the speed of the ADBC drivers, for the analysts' frames.

PostgreSQL's driver reads in this process. SQLite's must not: it brings its own copy of the SQLite library, and
two copies in one process undo each other's locks (see `bulk`). It reads in a process of its own, which stays for
the next query and hands the rows over as an Arrow stream.
"""

import json
import subprocess
import sys
import threading
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
            rows = self._read_sqlite(_with_example(statement, schema, self._engine)).slice(1)
        else:
            rows = self._read_postgresql(_sql(statement, self._engine))
        columns = [_as(rows.column(place), field.type) for place, field in enumerate(schema)]
        return pa.table(columns, schema=schema)

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

    def _read_postgresql(self, sql: str) -> pa.Table:
        with self._one_at_a_time:
            if self._connection is None:
                url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
                self._connection = adbc_driver_postgresql.dbapi.connect(url, autocommit=True)
            try:
                with self._connection.cursor() as cursor:
                    cursor.execute(sql)
                    table: pa.Table = cursor.fetch_arrow_table()
                    return table
            except adbc_driver_manager.Error as fault:
                self._close_connection()  # the server may have gone; the next query connects anew
                # Its text quotes the SQL, and with it what a person typed.
                raise sa.exc.DBAPIError("SELECT", None, Exception(type(fault).__name__)) from None

    def _read_sqlite(self, sql: str) -> pa.Table:
        with self._one_at_a_time:
            worker = self._running_worker()
            requests, answers = self._pipe(worker.stdin), self._pipe(worker.stdout)
            requests.write(json.dumps(sql).encode() + b"\n")
            requests.flush()
            if answers.read(1) != b"+":
                raise sa.exc.DBAPIError("SELECT", None, Exception(answers.readline().decode().strip()))
            with pa.ipc.open_stream(answers) as stream:
                table: pa.Table = stream.read_all()
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


def _sql(statement: sa.Select[Any], engine: Engine) -> str:
    compiled = str(statement.compile(engine, compile_kwargs={"literal_binds": True}))
    # psycopg's spelling doubles per cent signs; ADBC takes the text as it is.
    return compiled.replace("%%", "%") if engine.dialect.name == "postgresql" else compiled


def _with_example(statement: sa.Select[Any], schema: pa.Schema, engine: Engine) -> str:
    """The SELECT after one example row: SQLite's driver takes the types of columns from the first rows it meets,
    and a column that begins with nulls would be taken for numbers.
    """
    examples = ", ".join(_example(field.type) for field in schema)
    return f"SELECT {examples} UNION ALL SELECT * FROM ({_sql(statement, engine)})"  # noqa: S608 our own SELECT


def _example(kind: pa.DataType) -> str:
    return "0" if pa.types.is_integer(kind) or pa.types.is_boolean(kind) else "''"


def _field(column: Any) -> pa.Field:
    stored = getattr(column, "element", column)
    nullable = not isinstance(stored, sa.Column) or bool(stored.nullable)
    # Sums and differences of amounts are as complete as the amounts.
    nullable = nullable and not (column.name.endswith("_cents") and not isinstance(stored, sa.Column))
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
