"""The one MetaData, and the few spellings that every table file shares.

To add tables: write `tables/<group>.py` in the manner of `office.py`, import it in `tables/__init__.py`, write
a store in `stores/<group>.py`, add it to `Stores`, then run `python -m workbench.storage.migrations.regenerate`.
"""

import sqlalchemy as sa

from workbench.storage.types import Cents, Id

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> sa.Column[int]:
    """The number the database gives a row."""
    return sa.Column("id", Id, primary_key=True)


def reference(name: str, target: str, *, nullable: bool = False, index: bool = False) -> sa.Column[int]:
    """A foreign key to `target` ("table.column"). Index it only where rows are looked up that way."""
    return sa.Column(name, Id, sa.ForeignKey(target), nullable=nullable, index=index)


def text(name: str, default: str | None = "") -> sa.Column[str]:
    """A text that is never null; `default` None makes it compulsory."""
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def cents(name: str) -> sa.Column[int]:
    """An amount that is never null."""
    return sa.Column(name, Cents, nullable=False, server_default="0")


def optional_cents(name: str) -> sa.Column[int]:
    """An amount that may be unknown, which is not the same as 0."""
    return sa.Column(name, Cents, nullable=True)


def count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def flag(name: str, *, default: bool) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.text("true" if default else "false"))


def version() -> sa.Column[int]:
    """The number that an optimistic lock compares (spec deposits 8 row 27)."""
    return sa.Column("version", sa.Integer, nullable=False, server_default="1")


def one_of(column: str, *words: str) -> sa.CheckConstraint:
    """The database refuses any word but these (design principle 5: guard twice)."""
    # Not IN: SQLite looks a word up in a list ten times slower than it compares the first.
    chosen = " OR ".join(f"{column} = '{word}'" for word in words)
    return sa.CheckConstraint(chosen, name=column)
