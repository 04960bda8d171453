"""Somebody for each role of the synthetic office, to try the sign-in as."""

import secrets
from dataclasses import dataclass

from workbench.domain.identity import Actor
from workbench.domain.roles import Role
from workbench.services.demo.office import PRACTICES
from workbench.services.people import People


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Attributes:
    practices: positions in `PRACTICES`.
    """

    login: str
    name: str
    role: Role
    practices: tuple[int, ...]


PEOPLE = (
    DemoPerson("scan", "Sky Scanner", Role.SCAN_CLERK, (0, 1)),
    DemoPerson("coder", "Cody Coder", Role.CODER, (0,)),
    DemoPerson("poster", "Penny Poster", Role.PAYMENT_POSTER, (0,)),
    DemoPerson("poster2", "Pete Poster", Role.PAYMENT_POSTER, (1,)),
    DemoPerson("super", "Sue Supervisor", Role.SUPERVISOR, (0, 1)),
    DemoPerson("reader", "Rae Reader", Role.READ_ONLY, (1,)),
    DemoPerson("analyst", "Ana Analyst", Role.ANALYST, (0, 1)),
    DemoPerson("admin", "Ada Administrator", Role.ADMINISTRATOR, ()),
)


def add_people(people: People, actor: Actor) -> str:
    """Adds them and gives the password they share, which is stored nowhere."""
    password = secrets.token_urlsafe(12)
    for person in PEOPLE:
        practices = [PRACTICES[place].name for place in person.practices]
        people.add(actor, person.login, person.name, roles=[person.role], practices=practices)
        people.set_password(actor, person.login, password)
    return password
