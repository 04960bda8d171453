"""A small office with named people, for the tests of who is let in. All of them have the same password."""

from pathlib import Path

from workbench.domain.roles import Role
from workbench.services.people import People
from workbench.storage import Database

PASSWORD = "four plain words here"
NORTH, SOUTH = "North Anesthesia", "South Pain Clinic"


def furnish_people(home: Path, url: str = "") -> None:
    """Nora posts payments for the north, Sam scans for the south, Ada administers; Lee has left."""
    home.mkdir(parents=True, exist_ok=True)
    database = Database.open(url or f"sqlite:///{home / 'workbench.sqlite3'}", home / "secrets")
    with database.transaction() as stores:
        for practice in (NORTH, SOUTH):
            stores.office.add_practice(practice)
    people = People(database, home / "secrets")
    owner = people.at_this_desk("owner")
    people.add(owner, "ada", "Ada Admin", roles=[Role.ADMINISTRATOR])
    people.add(owner, "nora", "Nora North", roles=[Role.PAYMENT_POSTER], practices=[NORTH])
    people.add(owner, "sam", "Sam South", roles=[Role.SCAN_CLERK], practices=[SOUTH])
    people.add(owner, "lee", "Lee Left", roles=[Role.SUPERVISOR], practices=[NORTH, SOUTH])
    for login in ("ada", "nora", "sam", "lee"):
        people.set_password(owner, login, PASSWORD)
    people.deactivate(owner, "lee")
    database.close()
