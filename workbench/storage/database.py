"""The door to the store: open it, then `with database.transaction() as stores:`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.storage.arrow import ArrowReader
from workbench.storage.conflict import ConflictError, is_unique_violation
from workbench.storage.engine import bulk_writing, open_engine, writing
from workbench.storage.migrations.upgrade import upgrade
from workbench.storage.staging import sweep_staging
from workbench.storage.stores import Stores


class Database:
    """One SQLite file or PostgreSQL database, upgraded to the schema of this program."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = writing(engine)
        self._bulk_writing = bulk_writing(engine)
        self._arrow = ArrowReader(engine)

    @classmethod
    def open(cls, url: str) -> "Database":
        """Opens, creates when absent, and upgrades. Kernels and the command line may do so at the same moment."""
        engine = open_engine(url)
        if engine.dialect.name == "sqlite":
            home = Path(str(engine.url.database)).parent
            home.mkdir(parents=True, exist_ok=True)
            sweep_staging(home)
        upgrade(engine)
        return cls(engine)

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

        SQLite checks no foreign keys in it; the tests do, after imports whole and killed.
        """
        with self._begun(self._bulk_writing) as stores:
            yield stores

    @contextmanager
    def _begun(self, engine: Engine) -> Iterator[Stores]:
        try:
            with engine.begin() as connection:
                yield Stores(connection)
        except sa.exc.IntegrityError as fault:
            if is_unique_violation(fault):
                raise ConflictError("a unique key refused a row") from fault
            raise

    @contextmanager
    def reading(self) -> Iterator[Stores]:
        """One consistent look at the data. Nothing written in it is kept."""
        with self._engine.connect() as connection:
            yield Stores(connection)

    def arrow(self, statement: sa.Select[Any]) -> pa.Table:
        """The rows of a SELECT of `frame_selects`, in bulk."""
        return self._arrow.read(statement)

    def close(self) -> None:
        """Closes the pooled connections."""
        self._arrow.close()
        self._engine.dispose()
