"""Practices, payers, facilities, users and their settings."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from workbench.storage.stores.base import Store
from workbench.storage.tables import office as t


@dataclass(frozen=True, slots=True)
class Named:
    """A row of a look-up list."""

    id: int
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class UserRow:
    id: int
    login: str
    name: str
    active: bool
    roles: frozenset[str]
    practice_ids: frozenset[int]


class OfficeStore(Store):
    """The office's own lists."""

    def add_practice(
        self,
        name: str,
        *,
        npis: Iterable[str] = (),
        tins: Iterable[str] = (),
        time_zone: str = "America/New_York",
    ) -> int:
        practice_id = self._insert(t.practices, {"name": name, "time_zone": time_zone})
        for kind, values in (("NPI", npis), ("TIN", tins)):
            for value in values:
                self._connection.execute(
                    sa.insert(t.practice_identifiers).values(practice_id=practice_id, kind=kind, value=value)
                )
        return practice_id

    def add_payer(self, name: str, *, code: str = "", identifiers: Iterable[tuple[str, str]] = ()) -> int:
        """`identifiers` are pairs of kind (N104, REF2U, TRN03, BPR10, NAME) and value."""
        payer_id = self._insert(t.payers, {"name": name, "payer_code": code})
        for kind, value in identifiers:
            self.add_payer_identifier(payer_id, kind, value)
        return payer_id

    def add_payer_identifier(self, payer_id: int, kind: str, value: str) -> None:
        self._connection.execute(
            sa.insert(t.payer_identifiers).values(payer_id=payer_id, kind=kind, value=value)
        )

    def add_plan(self, payer_id: int, name: str) -> int:
        return self._insert(t.plans, {"payer_id": payer_id, "name": name})

    def add_facility(self, name: str, practice_ids: Iterable[int] = ()) -> int:
        facility_id = self._insert(t.facilities, {"name": name})
        for practice_id in practice_ids:
            self._connection.execute(
                sa.insert(t.practice_facilities).values(practice_id=practice_id, facility_id=facility_id)
            )
        return facility_id

    def add_user(
        self, login: str, name: str, *, roles: Iterable[str] = (), practice_ids: Iterable[int] = ()
    ) -> int:
        user_id = self._insert(t.users, {"login": login, "name": name})
        for role in roles:
            self._connection.execute(sa.insert(t.user_roles).values(user_id=user_id, role=role))
        for practice_id in practice_ids:
            self._connection.execute(
                sa.insert(t.user_practices).values(user_id=user_id, practice_id=practice_id)
            )
        return user_id

    def user(self, login: str) -> UserRow | None:
        row = self._connection.execute(sa.select(t.users).where(t.users.c.login == login)).first()
        if row is None:
            return None
        roles = self._connection.scalars(
            sa.select(t.user_roles.c.role).where(t.user_roles.c.user_id == row.id)
        )
        practices = self._connection.scalars(
            sa.select(t.user_practices.c.practice_id).where(t.user_practices.c.user_id == row.id)
        )
        return UserRow(row.id, row.login, row.name, bool(row.active), frozenset(roles), frozenset(practices))

    def people(self) -> list[Named]:
        """Active users, by name."""
        rows = self._connection.execute(
            sa.select(t.users.c.id, t.users.c.name).where(t.users.c.active).order_by(t.users.c.name)
        )
        return [Named(row.id, row.name) for row in rows]

    def practices(self) -> list[Named]:
        """Active practices, by name."""
        rows = self._connection.execute(
            sa.select(t.practices.c.id, t.practices.c.name)
            .where(t.practices.c.active)
            .order_by(t.practices.c.name)
        )
        return [Named(row.id, row.name) for row in rows]

    def practice_identifiers(self) -> dict[tuple[str, str], int]:
        """(kind, value) -> practice, only those that name one practice and no other."""
        rows = self._connection.execute(
            sa.select(
                t.practice_identifiers.c.kind,
                t.practice_identifiers.c.value,
                sa.func.min(t.practice_identifiers.c.practice_id).label("practice_id"),
            )
            .group_by(t.practice_identifiers.c.kind, t.practice_identifiers.c.value)
            .having(sa.func.count() == 1)
        )
        return {(row.kind, row.value): row.practice_id for row in rows}

    def payers(self) -> list[Named]:
        """Active payers, by name."""
        rows = self._connection.execute(
            sa.select(t.payers).where(t.payers.c.active).order_by(t.payers.c.name)
        )
        return [Named(row.id, row.name, row.payer_code) for row in rows]

    def payer_identifiers(self) -> dict[tuple[str, str], int]:
        """(kind, value) -> payer. NAME rows are for proposals, never for an automatic match."""
        rows = self._connection.execute(sa.select(t.payer_identifiers))
        return {(row.kind, row.value): row.payer_id for row in rows}

    def user_setting(self, user_id: int, key: str, default: str) -> str:
        value = self._connection.scalar(
            sa.select(t.user_settings.c.value).where(
                t.user_settings.c.user_id == user_id, t.user_settings.c.key == key
            )
        )
        return default if value is None else value

    def set_user_setting(self, user_id: int, key: str, value: str) -> None:
        where = (t.user_settings.c.user_id == user_id, t.user_settings.c.key == key)
        if (
            self._connection.execute(sa.update(t.user_settings).where(*where).values(value=value)).rowcount
            == 0
        ):
            self._connection.execute(sa.insert(t.user_settings).values(user_id=user_id, key=key, value=value))

    def company_setting(self, key: str, default: str) -> str:
        value = self._connection.scalar(
            sa.select(t.company_settings.c.value).where(t.company_settings.c.key == key)
        )
        return default if value is None else value

    def set_company_setting(self, key: str, value: str) -> None:
        changed = sa.update(t.company_settings).where(t.company_settings.c.key == key).values(value=value)
        if self._connection.execute(changed).rowcount == 0:
            self._connection.execute(sa.insert(t.company_settings).values(key=key, value=value))

    def assign(self, user_id: int, practice_ids: Iterable[int]) -> None:
        """The person works for these practices, too."""
        rows = [{"user_id": user_id, "practice_id": practice_id} for practice_id in practice_ids]
        self._connection.execute(sa.insert(t.user_practices), rows)
