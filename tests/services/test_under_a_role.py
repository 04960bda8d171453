"""The desk's work on PostgreSQL under the person's own role: everything works, and nothing of others is there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa

from tests.builders import SOUTH_NPI, SOUTH_TIN, Office, furnish_office, remittance_claim, remittance_file
from tests.services.desk_office import DAY, Desk, claim, line
from workbench.domain.deposit import DepositStatus
from workbench.domain.imports import Outcome
from workbench.era.message import Remittance
from workbench.frames import Frames
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.undoing import Undoing
from workbench.services.people import People
from workbench.services.sql.service import SqlDesk
from workbench.storage import Database
from workbench.storage.people_roles import admit, person_url
from workbench.storage.tables.deposits import deposit_claims, deposits

pytestmark = pytest.mark.postgres
KEY = b"a key of the tests, 32 bytes long"
CLAIMS = 300  # enough rows for the bulk way


@dataclass(frozen=True, slots=True)
class Roles:
    """The office with the owner's role, and its desk as each person has it."""

    office: Office
    north: Desk
    south: Desk


@pytest.fixture
def roles(postgres_url: str) -> Iterator[Roles]:
    owner = Database.open(postgres_url)
    office = furnish_office(owner)
    opened = []
    for login in ("north", "south"):
        with owner.transaction() as stores:
            user = stores.office.user(login)
            assert user is not None
            stores.people.set_roles(user.id, ["supervisor"])
            admit(stores.connection, login, KEY)
        opened.append(Database.open(person_url(postgres_url, login, KEY)))
    desks = [
        Desk(replace(office, database=database, supervisor=People(database).named(login)), control=1000 * at)
        for at, (login, database) in enumerate(zip(("north", "south"), opened, strict=True))
    ]
    yield Roles(office, *desks)
    for database in (*opened, owner):
        database.close()


def whole_day(desk: Desk) -> int:
    """Claims and a file in bulk, posted; gives the deposit."""
    for number in range(3):
        desk.our_claim(f"P{number}", 10000)
    remitted = [claim(f"P{number}", line(100_00, 80_00, ("CO-45", 20_00))) for number in range(CLAIMS)]
    deposit_id = desk.remit(*remitted)
    with desk.office.database.transaction() as stores:  # whom we do not know is left out
        ours = sa.select(deposit_claims.c.id).where(deposit_claims.c.claim_id.is_not(None))
        strangers = sa.update(deposit_claims).where(deposit_claims.c.id.not_in(ours))
        assert stores.connection.execute(strangers.values(included=False)).rowcount == CLAIMS - 3
    return deposit_id


def test_a_clerks_day_under_their_own_role(roles: Roles) -> None:
    desk = roles.north
    who, database = desk.office.supervisor, desk.office.database
    deposit_id = whole_day(desk)
    frames = Frames(database, lambda: who)
    assert (len(frames.claims()), len(frames.adjustments())) == (CLAIMS, CLAIMS)
    counted = SqlDesk(database).answer(who, "select count(*) as n from claims", rows=10, seconds=30)
    assert counted.rows.column("n").to_pylist() == [CLAIMS]
    with database.reading() as stores:
        history = stores.audit.of("import_file", 1)
    assert [event.action for event in history] == ["deposit.import"]
    assert desk.again(who) is Outcome.DUPLICATE
    assert desk.header(deposit_id)["status"] == DepositStatus.NEW.value


def test_posting_and_taking_back_under_a_role(roles: Roles) -> None:
    desk = roles.north
    who, database = desk.office.supervisor, desk.office.database
    ours = desk.our_claim("A1", 10000)
    deposit_id = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
    assert Posting(database).send(who, deposit_id).posted == 1
    assert (desk.balance(ours), desk.ledger_sum("DEPOSIT")) == (0, 8000)
    Undoing(database).reset(who, deposit_id, "keyed twice")
    assert (desk.balance(ours), desk.ledger_sum("DEPOSIT")) == (10000, 0)
    desk.assert_sound()


def test_two_practices_at_work_see_nothing_of_each_other(roles: Roles) -> None:
    roles.north.remit(claim("N1", line(10000, 8000, ("CO-45", 2000))))
    south = roles.south.office
    theirs = Remittance(
        5600, "S-1", "ACME HEALTH", "South", DAY, originator_id="1900000001",
        payee_npi=SOUTH_NPI, payee_tin=SOUTH_TIN, claims=(remittance_claim("S1"),),
    )  # fmt: skip
    data = remittance_file(theirs, control=77)
    assert roles.north.take_in(data).outcome is Outcome.REJECTED
    refused = roles.north.take_in(data)
    assert {finding.code for finding in refused.findings} == {"NOT_YOUR_PRACTICE"}
    assert roles.south.take_in(data).outcome is Outcome.NEW
    for desk, seen in ((roles.north, ["N1"]), (roles.south, ["S1"])):
        # No condition of ours: what ADBC and SQLAlchemy bring is what the role sees.
        everything = sa.select(deposit_claims.c.pcn).join_from(deposit_claims, deposits)
        database = desk.office.database
        assert database.arrow(everything).column("pcn").to_pylist() == seen
        with database.reading() as stores:
            assert list(stores.connection.scalars(everything)) == seen
    with roles.office.database.reading() as stores:
        assert stores.connection.scalar(sa.select(sa.func.count()).select_from(deposits)) == 2
    assert south.database.dialect == "postgresql"
