"""A column among many values, by one parameter, whatever their number."""

import json
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection


def among(
    connection: Connection, column: sa.Column[int] | sa.Column[str], values: Collection[int | str]
) -> sa.ColumnElement[bool]:
    """`column IN values`. SQLite unfolds a JSON list, PostgreSQL an array: no limit of parameters is met."""
    if connection.dialect.name == "sqlite":
        listed = sa.func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(sa.select(listed.c.value))
    kind = sa.BigInteger() if isinstance(column.type, sa.Integer) else sa.Text()
    return column == sa.any_(sa.bindparam(None, list(values), type_=sa.ARRAY(kind)))
