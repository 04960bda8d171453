"""Databases of the desk for tests with very many runs: in memory, copied from one made once, and crashes.

A machine that stops leaves on its disk what SQLite has written until then, and nothing else: a copy of the
files of an open database is what the next start finds.
"""

import contextlib
import functools
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from tests.builders import furnish_office
from tests.services.desk_office import Desk
from workbench.storage import Database

CHARGE = 10_000
PCNS = ("A1", "A2", "A3")
_FILE = "desk.sqlite3"
# tmpfs: a COMMIT waits for no disk. Elsewhere the ordinary folder will do.
_MEMORY = Path("/dev/shm")  # noqa: S108 a folder of our own within it

Contents = dict[str, list[tuple[object, ...]]]


def new_folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="workbench-desk-", dir=_MEMORY if _MEMORY.is_dir() else None)


@functools.cache
def _template() -> tuple["tempfile.TemporaryDirectory[str]", Desk, dict[str, int]]:
    """An office with three claims of two lines each, made once in a process; the folder goes with the process."""
    folder = new_folder()
    database = open_in(Path(folder.name))
    desk = Desk(furnish_office(database))
    ours = {pcn: desk.our_claim(pcn, CHARGE, CHARGE, secondary=True) for pcn in PCNS}
    database.close()
    return folder, desk, ours


def new_desk(folder: Path) -> tuple[Desk, dict[str, int]]:
    """A desk of its own in an empty folder, and our claims by patient control number."""
    made, desk, ours = _template()
    copy_files(Path(made.name), folder)
    return Desk(replace(desk.office, database=open_in(folder))), ours


def open_in(folder: Path) -> Database:
    return Database.open(f"sqlite:///{folder / _FILE}")


def copy_files(source: Path, target: Path) -> None:
    """The database and its write-ahead log, as they stand; the index of the log is made anew on opening."""
    target.mkdir(exist_ok=True)
    for name in (_FILE, f"{_FILE}-wal"):
        if (source / name).exists():
            shutil.copyfile(source / name, target / name)


def contents(folder: Path) -> Contents:
    """Every row of every table."""
    with contextlib.closing(sqlite3.connect(folder / _FILE)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names.fetchall()}


@contextlib.contextmanager
def copied_at_commit(database: Database, source: Path, target: Path) -> Iterator[None]:
    """Copies the files at the first COMMIT of the block, just before SQLite carries it out."""

    def copy(_connection: sa.Connection) -> None:
        if not target.exists():
            copy_files(source, target)

    sa.event.listen(database._engine, "commit", copy)
    try:
        yield
    finally:
        sa.event.remove(database._engine, "commit", copy)
