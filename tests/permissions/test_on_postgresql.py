"""Rows of the matrix on PostgreSQL, each person under the database role of their own: the same answers.

The rows behind the services are bound there by row-level security (tests/storage/test_row_security.py asks them by
raw SQL); here the services themselves work through it, their audit included.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.permissions.scene import OTHER, Scene, built
from tests.permissions.test_matrix import COLUMNS, LINES, Line, outcome, places, told
from workbench.app import Workbench
from workbench.config import Identity, Settings
from workbench.domain.audit_views import Proof
from workbench.domain.roles import Role
from workbench.storage import Database
from workbench.storage.engine import open_engine
from workbench.storage.people_roles import admit, person_url

pytestmark = pytest.mark.postgres
KEY = b"a key of the tests, 32 bytes long"
SAMPLE = {
    "deposits.get", "deposits.claims", "deposits.claim", "deposits.page", "deposits.add_note", "deposits.ignore",
    "frames.claims", "frames.audit", "deposit_desk.editing.set_included", "deposit_desk.errors.of_deposit",
    "deposit_desk.claim_search.search", "deposit_desk.posting.verify", "deposit_desk.undoing.reset",
    "deposit_desk.work_lists.tiles", "scan_desk.lists.page", "scan_desk.views.view", "scan_desk.batches.get",
    "scan_desk.marks.note_set", "scan_desk.coding.form", "scan_desk.entries.cases", "bank.lists.lines",
    "bank.days.day", "audit.page", "sql", "user_settings.set",
}  # fmt: skip


@pytest.fixture
def scene(postgres_url: str, home: Path) -> Iterator[Scene]:
    settings = Settings(home, postgres_url)
    settings.home.mkdir(parents=True, exist_ok=True)
    made = built(settings.home, postgres_url)
    owner = open_engine(postgres_url)
    with owner.begin() as connection:
        for role in Role:
            admit(connection, role.value, KEY)
    owner.dispose()
    yield made
    made.wb.close()


def of_person(scene: Scene, role: Role) -> Scene:
    """The same office, opened under the person's database role."""
    url = person_url(scene.wb.settings.database_url, role.value, KEY)
    settings = Settings(scene.wb.settings.home, url)
    database = Database.open(url, settings.secrets)
    desk = Workbench(settings, database, lambda: Identity(role.value))
    return replace(scene, wb=desk, office=replace(scene.office, database=database))


def test_the_services_answer_under_a_persons_role_as_the_table_says(scene: Scene) -> None:
    sample = [line for line in LINES if line.action in SAMPLE]
    assert len(sample) == len(SAMPLE)
    wrong = []
    for role in COLUMNS:
        mine = of_person(scene, role)
        wrong += [problem for line in sample for problem in problems(mine, line, role)]
        mine.wb.close()
    assert not wrong, wrong
    with scene.office.database.reading() as stores:
        proof = stores.audit_trail.prove({})
    assert proof == Proof(proof.events, 3)


def problems(mine: Scene, line: Line, role: Role) -> Iterator[str]:
    who = mine.wb.actor
    for place in places(mine, line, mine.office.north):
        found, given = outcome(mine, line, place, who)
        # The row may be hidden from the role before the service comes to say that it may not.
        refused = ("not permitted", "not found")
        fine = ("works", "refused by a rule") if line.allows(role, place.kind) else refused
        if found not in fine:
            yield f"{line.action} of {role.value}: {found}"
        if line.elsewhere == "less" and role is not Role.ADMINISTRATOR and OTHER in told(given):
            yield f"{line.action} of {role.value} shows another practice"
    if line.elsewhere != "hidden" or role is Role.ADMINISTRATOR:  # who sees every practice
        return
    for place in places(mine, line, mine.office.south):
        found, _ = outcome(mine, line, place, who)
        if found != "not found" and (line.allows(role, place.kind) or found != "not permitted"):
            yield f"{line.action} of {role.value} elsewhere: {found}"
