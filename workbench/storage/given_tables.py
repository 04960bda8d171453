"""A text of SQL that sees given tables only, and never a table of the store by its name."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workbench.storage.arrow import compiled

PREFIX = "frame_"  # no table of the store begins so; a test holds it


def given_name(name: str) -> str:
    """What a table is called in the SQL that is run: no name that a person types can be one of the store's."""
    return PREFIX + name


def with_tables(engine: Engine, tables: Mapping[str, sa.Select[Any]], sql: str, rows: int) -> str:
    """The SQL (its tables spelt with `given_name`) with a SELECT for each table, cut after `rows` rows.

    The order of a table is left out: a query says its own.
    """
    given = ", ".join(
        f'"{given_name(name)}" AS NOT MATERIALIZED ({compiled(select.order_by(None), engine)})'
        for name, select in tables.items()
    )
    begin = f"WITH {given} " if given else ""
    return f"{begin}SELECT * FROM ({sql}) AS answer LIMIT {rows}"  # noqa: S608 checked by the caller
