"""The persons of the office with their roles, practices and passwords."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.stores.office import UserRow
from workbench.storage.tables import office as t
from workbench.storage.tables.credentials import user_credentials


class PeopleStore(Store):
    """Reads and writes users, what they may do and where, and their credentials."""

    def all(self) -> list[UserRow]:
        """Everybody, active or not, by login."""
        roles, practices = self._of(t.user_roles.c.role), self._of(t.user_practices.c.practice_id)
        users = self._connection.execute(sa.select(t.users).order_by(t.users.c.login))
        return [
            UserRow(
                user.id,
                user.login,
                user.name,
                bool(user.active),
                frozenset(roles.get(user.id, ())),
                frozenset(practices.get(user.id, ())),
            )
            for user in users
        ]

    def _of(self, column: sa.Column[Any]) -> dict[int, list[Any]]:
        """The values of a table that has one row for each of a user's roles or practices."""
        found: dict[int, list[Any]] = {}
        for user_id, value in self._connection.execute(sa.select(column.table.c.user_id, column)):
            found.setdefault(user_id, []).append(value)
        return found

    def anybody_has_a_role(self) -> bool:
        """Whether the office has named users; without any it is one desk."""
        return self._connection.scalar(sa.select(t.user_roles.c.user_id).limit(1)) is not None

    def anybody_has_a_password(self) -> bool:
        return self._connection.scalar(sa.select(user_credentials.c.user_id).limit(1)) is not None

    def active_with_role(self, role: str) -> list[str]:
        """Logins of the active users who have the role."""
        statement = (
            sa.select(t.users.c.login)
            .join(t.user_roles, t.user_roles.c.user_id == t.users.c.id)
            .where(t.users.c.active, t.user_roles.c.role == role)
            .order_by(t.users.c.login)
        )
        return list(self._connection.scalars(statement))

    def lock_roles(self) -> None:
        """Who changes roles waits for whoever does already: two must not each take away the other's last one.

        SQLite's writers stand in line anyway.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(sa.text("LOCK TABLE user_roles IN SHARE ROW EXCLUSIVE MODE"))

    def set_roles(self, user_id: int, roles: Iterable[str]) -> None:
        self._replace(t.user_roles, user_id, [{"user_id": user_id, "role": role} for role in sorted(roles)])

    def set_practices(self, user_id: int, practice_ids: Iterable[int]) -> None:
        rows = [{"user_id": user_id, "practice_id": practice_id} for practice_id in sorted(practice_ids)]
        self._replace(t.user_practices, user_id, rows)

    def _replace(self, table: sa.Table, user_id: int, rows: Sequence[dict[str, Any]]) -> None:
        self._connection.execute(sa.delete(table).where(table.c.user_id == user_id))
        if rows:
            self._connection.execute(sa.insert(table), rows)

    def set_active(self, user_id: int, *, active: bool) -> None:
        self._connection.execute(sa.update(t.users).where(t.users.c.id == user_id).values(active=active))

    def password_hash(self, login: str) -> str | None:
        """The hash of an active user's password."""
        statement = (
            sa.select(user_credentials.c.password_hash)
            .join(t.users, t.users.c.id == user_credentials.c.user_id)
            .where(t.users.c.login == login, t.users.c.active)
        )
        return self._connection.scalar(statement)

    def set_password_hash(self, user_id: int, password_hash: str) -> None:
        values = {"password_hash": password_hash, "set_at": now()}
        changed = sa.update(user_credentials).where(user_credentials.c.user_id == user_id).values(**values)
        if self._connection.execute(changed).rowcount == 0:
            self._connection.execute(sa.insert(user_credentials).values(user_id=user_id, **values))

    def forget_password(self, user_id: int) -> None:
        self._connection.execute(sa.delete(user_credentials).where(user_credentials.c.user_id == user_id))
