"""The door to the store: open it, then `with database.transaction() as stores:`."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.config import read_settings
from workbench.storage.arrow import ArrowReader, Columns, fields_of
from workbench.storage.conflict import ConflictError, is_unique_violation
from workbench.storage.engine import bulk_writing, open_engine, writing
from workbench.storage.given_tables import with_tables
from workbench.storage.migrations.upgrade import upgrade
from workbench.storage.secret_files import AuditKey
from workbench.storage.staging import sweep_staging
from workbench.storage.stores import Stores


class QueryError(Exception):
    """The database did not take a text of SQL; the message says why, without values."""


class Database:
    """One SQLite file or PostgreSQL database, upgraded to the schema of this program."""

    def __init__(self, engine: Engine, audit_key: AuditKey) -> None:
        self._engine = engine
        self._audit_key = audit_key
        self._writing = writing(engine)
        self._bulk_writing = bulk_writing(engine)
        self._arrow = ArrowReader(engine)
        self._tidier = ThreadPoolExecutor(1, thread_name_prefix="checkpoint")

    @classmethod
    def open(cls, url: str, secrets: Path | None = None) -> "Database":
        """Opens, creates when absent, and upgrades. Kernels and the command line may do so at the same moment.

        `secrets`: the folder of the keys, by default that of `WORKBENCH_HOME`.
        """
        engine = open_engine(url)
        if engine.dialect.name == "sqlite":
            home = Path(str(engine.url.database)).parent
            home.mkdir(parents=True, exist_ok=True)
            sweep_staging(home)
        upgrade(engine)
        return cls(engine, AuditKey(secrets or read_settings().secrets))

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @contextmanager
    def transaction(self) -> Iterator[Stores]:
        """One unit of work: all of it is kept when the block ends, none of it when an exception leaves it.

        Raises ConflictError when a unique key refused a row.
        """
        with self._begun(self._writing) as stores:
            yield stores

    @contextmanager
    def bulk_transaction(self) -> Iterator[Stores]:
        """As `transaction`, for whoever adds many rows by `bulk.insert` and knows all the ids they refer to.

        SQLite checks no foreign keys in it; the tests do, after imports whole and killed. When the block has
        ended, the rows are safe in the write-ahead log; moving them into the file is nothing to wait for.
        """
        with self._begun(self._bulk_writing) as stores:
            yield stores
        if self.dialect == "sqlite":
            self._tidier.submit(self._checkpoint)

    def _checkpoint(self) -> None:
        with closing(self._engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def _begun(self, engine: Engine) -> Iterator[Stores]:
        try:
            with engine.begin() as connection:
                stores = Stores(connection, self._audit_key)
                yield stores
                stores.finish()
        except sa.exc.IntegrityError as fault:
            if is_unique_violation(fault):
                raise ConflictError("a unique key refused a row") from fault
            raise

    @contextmanager
    def reading(self) -> Iterator[Stores]:
        """One consistent look at the data. Nothing written in it is kept but the audit of the look itself.

        The events that were added are written before the block is left: what was not written down is not shown.
        """
        with self._engine.connect() as connection:
            stores = Stores(connection, self._audit_key)
            yield stores
        if looks := stores.audit.handed_over():
            with self.transaction() as writing:
                writing.audit.take_over(looks)

    def arrow(self, statement: sa.Select[Any]) -> pa.Table:
        """The rows of a SELECT of `frame_selects`, in bulk."""
        return self._arrow.read(statement)

    def columns_of(self, statement: sa.Select[Any]) -> list[tuple[str, pa.DataType]]:
        """Names and types of the columns that `arrow` would give."""
        return fields_of(statement)

    def query(
        self, sql: str, tables: Mapping[str, sa.Select[Any]], columns: Columns, *, rows: int, seconds: float
    ) -> pa.Table:
        """The first `rows` rows of a checked text of SQL that knows these tables only, each a SELECT of ours.

        Raises DeadlineError after `seconds`, and QueryError with what is wrong.
        """
        try:
            return self._arrow.query(with_tables(self._engine, tables, sql, rows), columns, seconds)
        except sa.exc.DBAPIError as fault:
            raise QueryError(str(fault.orig)) from None

    def close(self) -> None:
        """Closes the pooled connections."""
        self._tidier.shutdown()
        self._arrow.close()
        self._engine.dispose()
