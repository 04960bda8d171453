"""People of the office without a browser: who may do what, where (spec scan-batches 2.5)."""

import secrets
from collections.abc import Mapping
from typing import Any, Protocol

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.roles import Role
from workbench.services.people import People, Person, clean_login
from workbench.storage import Database

LABEL = {role: f"role_{role.value}" for role in Role}


class Desk(Protocol):
    """What the tab needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def people(self) -> People: ...
    @property
    def database(self) -> Database: ...


class PeopleModel:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def blocker(self) -> str:
        """Why people cannot be changed here."""
        if Permission.SETUP not in self._desk.actor.permissions:
            return "You may not change people. Ask your administrator."
        if self._desk.database.dialect != "sqlite":
            # A page reaches PostgreSQL by its person's role, which may not make roles for others.
            return "On PostgreSQL people are changed by whoever owns the database: workbench people."
        return ""

    def people(self) -> list[Person]:
        """Everybody, by login; nobody when the person may not look."""
        if Permission.SETUP not in self._desk.actor.permissions:
            return []
        return self._desk.people.everybody(self._desk.actor)

    def practices(self) -> list[str]:
        if Permission.SETUP not in self._desk.actor.permissions:
            return []
        return self._desk.people.practices(self._desk.actor)

    def values(self, person: Person) -> dict[str, Any]:
        """How the form shows a person."""
        return {
            "login": person.login,
            "name": person.name,
            **{LABEL[role]: role in person.roles for role in Role},
            **{f"practice_{at}": name in person.practices for at, name in enumerate(self.practices())},
        }

    def save(self, values: Mapping[str, Any]) -> str:
        """Adds the person, or gives the one of this login these roles and practices; says which."""
        actor, login = self._desk.actor, clean_login(str(values["login"] or ""))
        roles = [role for role in Role if values[LABEL[role]]]
        practices = [name for at, name in enumerate(self.practices()) if values[f"practice_{at}"]]
        if all(person.login != login for person in self.people()):
            self._desk.people.add(actor, login, str(values["name"] or ""), roles=roles, practices=practices)
            return f"{login} is added. A password is next."
        self._desk.people.set_roles(actor, login, roles)
        self._desk.people.set_practices(actor, login, practices)
        return f"The rights of {login} are saved."

    def new_password(self, login: str) -> str:
        """A new random password, to be told to the person; it is shown once and kept as a hash alone."""
        password = secrets.token_urlsafe(12)
        self._desk.people.set_password(self._desk.actor, login, password)
        return password

    def set_active(self, login: str, *, active: bool) -> None:
        change = self._desk.people.activate if active else self._desk.people.deactivate
        change(self._desk.actor, login)
