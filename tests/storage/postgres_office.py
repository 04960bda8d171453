"""An office on PostgreSQL whose people have roles of their own, and SQL typed under such a role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from tests.storage.every_table import EveryTable
from workbench.domain.roles import Role
from workbench.storage import Database
from workbench.storage.engine import open_engine
from workbench.storage.people_roles import admit, person_url
from workbench.storage.stores.office import OfficeStore

KEY = b"a key of the tests, 32 bytes long"


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """Two practices with one row each in every table, and people of every role in the first."""

    url: str
    owner: Engine
    north: EveryTable
    south: EveryTable

    @contextmanager
    def as_person(self, login: str) -> Iterator[Connection]:
        """A transaction under the person's role; nothing of it is kept."""
        engine = open_engine(person_url(self.url, login, KEY))
        with engine.connect() as connection:
            yield connection
            connection.rollback()
        engine.dispose()

    def rows(self, login: str, sql: str) -> list[Any]:
        """What a person's own SELECT gives."""
        with self.as_person(login) as connection:
            return list(connection.execute(sa.text(sql)))


def furnish(url: str) -> NamedOffice:
    """Everybody who works for the first practice is called after their role."""
    Database.open(url).close()
    owner = open_engine(url)
    with owner.begin() as connection:
        office = OfficeStore(connection)
        practices = [office.add_practice(name) for name in ("North", "South")]
        ids = {
            role: office.add_user(role.value, role.label, roles=[role], practice_ids=practices[:1])
            for role in Role
        }
        for role in Role:
            admit(connection, role.value, KEY)
        stranger = office.add_user(
            "southerner", "Southerner", roles=["supervisor"], practice_ids=practices[1:]
        )
        admit(connection, "southerner", KEY)
        sides = [EveryTable(practices[0], ids[Role.SUPERVISOR]), EveryTable(practices[1], stranger)]
        for side in sides:
            side.add_all(connection)
    return NamedOffice(url, owner, *sides)


def refusal(connection: Connection, statement: sa.Executable) -> str:
    """The first line of PostgreSQL's refusal, or "" when it did as it was told; the transaction goes on."""
    try:
        with connection.begin_nested():
            connection.execute(statement)
    except sa.exc.DBAPIError as fault:
        return str(fault.orig)
    return ""
