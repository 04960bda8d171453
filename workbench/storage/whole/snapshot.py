"""One moment of a database as files, while others go on writing; and an empty database filled from them.

SQLite: its online backup, which copies the pages of one read transaction. PostgreSQL: COPY of every table in
one REPEATABLE READ transaction, so that no program of the server's version has to be there.
"""

import gzip
import json
import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from workbench.errors import RefusedError, SetUpError
from workbench.storage.engine import open_engine
from workbench.storage.migrations.upgrade import current_revision, head_revision, upgrade
from workbench.storage.people_roles import readmit
from workbench.storage.stores.image_sets import ImageSetStore
from workbench.storage.whole.copying import require_empty, snapshot_of
from workbench.storage.whole.figures import (
    Figures,
    differing,
    figures_of,
    in_order,
    last_numbers,
    set_last_numbers,
)

SQLITE_FILE = "database.sqlite3"
_LAST_NUMBERS = "last-numbers.json"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was written.

    Attributes:
        files: their names in the folder.
        images: hashes of the pictures that the rows name.
    """

    engine: str
    revision: str
    figures: Mapping[str, Figures]
    files: tuple[str, ...]
    images: frozenset[str]


def take(url: str, folder: Path) -> Snapshot:
    """Writes a snapshot of the database into the folder. Raises SetUpError when it cannot be read whole."""
    engine = open_engine(url)
    try:
        if current_revision(engine) != head_revision():
            raise SetUpError("The database is of another version than this program: workbench db upgrade.")
        return (
            _of_sqlite(engine, folder) if engine.dialect.name == "sqlite" else _of_postgresql(engine, folder)
        )
    finally:
        engine.dispose()


def put_back(url: str, folder: Path, engine_name: str, figures: Mapping[str, Figures], key: bytes) -> None:
    """Fills an empty database of the same engine and proves its figures; keeps nothing of what fails.

    Raises RefusedError when the database holds rows or is of another engine, and SetUpError when the figures differ.
    """
    engine = open_engine(url)
    try:
        if engine.dialect.name != engine_name:
            raise RefusedError(
                f"The backup is of {engine_name}, WORKBENCH_DATABASE_URL of {engine.dialect.name}. Restore it"
                " where it came from; workbench db copy takes SQLite over to PostgreSQL."
            )
        if engine_name == "sqlite":
            _into_sqlite(Path(str(engine.url.database)), folder, figures)
        else:
            _into_postgresql(engine, folder, figures, key)
    finally:
        engine.dispose()


def _of_sqlite(engine: Engine, folder: Path) -> Snapshot:
    target = folder / SQLITE_FILE
    with (
        closing(sqlite3.connect(str(engine.url.database))) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)  # all pages in one go: page by page, a busy office would start it anew for ever
        copy.execute("PRAGMA journal_mode=DELETE")
    taken = open_engine(f"sqlite:///{target}")
    with taken.connect() as connection:
        figures, images = figures_of(connection), _images(connection)
    taken.dispose()
    return Snapshot("sqlite", head_revision(), figures, (SQLITE_FILE,), images)


def _of_postgresql(engine: Engine, folder: Path) -> Snapshot:
    with snapshot_of(engine) as connection:
        if connection.scalar(sa.select(sa.func.row_security_active("deposits"))):
            raise SetUpError("A backup needs the role that owns the database; yours sees only a part of it.")
        files = tuple(_copy_out(connection, table, folder) for table in in_order())
        (folder / _LAST_NUMBERS).write_text(json.dumps(last_numbers(connection)))
        figures, images = figures_of(connection), _images(connection)
    return Snapshot("postgresql", head_revision(), figures, (*files, _LAST_NUMBERS), images)


def _images(connection: Connection) -> frozenset[str]:
    return frozenset(ImageSetStore(connection).known_hashes())


def _columns(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _copy_out(connection: Connection, table: sa.Table, folder: Path) -> str:
    name = f"{table.name}.copy.gz"
    driver: Any = connection.connection.driver_connection
    with (
        gzip.open(folder / name, "wb", compresslevel=1) as file,
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({_columns(table)}) TO STDOUT") as copy,
    ):
        for piece in copy:
            file.write(piece)
    return name


def _into_sqlite(path: Path, folder: Path, figures: Mapping[str, Figures]) -> None:
    if path.exists():
        present = open_engine(f"sqlite:///{path}")
        with present.connect() as connection:
            if sa.inspect(connection).get_table_names():
                require_empty(connection)
        present.dispose()
    path.parent.mkdir(parents=True, exist_ok=True)
    arriving = path.with_name(f"{path.name}.arriving")
    shutil.copyfile(folder / SQLITE_FILE, arriving)
    arrived = open_engine(f"sqlite:///{arriving}")
    with arrived.connect() as connection:
        wrong = differing(figures, figures_of(connection))
    arrived.dispose()
    _tidy(arriving, "-wal", "-shm")
    if wrong:
        arriving.unlink()
        raise _does_not_add_up(wrong)
    _tidy(path, "-wal", "-shm")
    with arriving.open("rb") as file:
        os.fsync(file.fileno())
    arriving.replace(path)


def _tidy(path: Path, *endings: str) -> None:
    for ending in endings:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _into_postgresql(engine: Engine, folder: Path, figures: Mapping[str, Figures], key: bytes) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        require_empty(connection)
        for table in in_order():
            _copy_in(connection, table, folder)
        set_last_numbers(connection, json.loads((folder / _LAST_NUMBERS).read_text()))
        if wrong := differing(figures, figures_of(connection)):
            raise _does_not_add_up(wrong)
        readmit(connection, key)


def _copy_in(connection: Connection, table: sa.Table, folder: Path) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        with (
            gzip.open(folder / f"{table.name}.copy.gz", "rb") as file,
            driver.cursor() as cursor,
            cursor.copy(f"COPY {table.name} ({_columns(table)}) FROM STDIN") as copy,
        ):
            while piece := file.read(_PIECE):
                copy.write(piece)
    except psycopg.Error as fault:
        # PostgreSQL's own text quotes the row, which may name a patient.
        raise SetUpError(
            f"PostgreSQL did not take the rows of {table.name} ({type(fault).__name__})."
        ) from None


def _does_not_add_up(wrong: list[str]) -> SetUpError:
    return SetUpError(f"What was restored does not add up ({', '.join(sorted(wrong))}); nothing was kept.")
