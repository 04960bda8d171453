"""Many clerks at one deposit at the same moment: no change is lost, no check pays more than it is worth."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import sqlalchemy as sa

from tests.builders import Office
from tests.services.desk_office import DAY, Desk
from workbench.domain.identity import Actor
from workbench.errors import ChangedByAnotherError, WorkbenchError
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedAdjustment, EditedLine
from workbench.services.deposit_desk.creating import Creating, NewDeposit
from workbench.services.deposit_desk.editing import Editing, HeaderEdit
from workbench.services.deposit_desk.posting import Posting
from workbench.storage import Database

CHECK = 8000
PATIENCE = 300  # seconds; a machine may be busy with other tests


def new_check(desk: Desk, number: str, cents: int = CHECK) -> int:
    """An EOB of that amount, no claims yet."""
    office = desk.office
    return Creating(office.database).create_eob(
        office.north_clerk,
        NewDeposit(
            practice_id=office.north,
            deposit_cents=cents,
            check_number=number,
            payer_id=office.acme,
            deposited_date=DAY,
        ),
    )


def at_once(url: str, tasks: Sequence[Callable[[Database], None]]) -> None:
    """Each task in a thread and a store of its own, all let go at the same moment."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[Database], None]) -> None:
        database = Database.open(url)
        try:
            start.wait(PATIENCE)
            task(database)
        finally:
            database.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        for done in [pool.submit(run, task) for task in tasks]:
            done.result()


def add_to_amount(database: Database, who: Actor, deposit_id: int, times: int) -> None:
    """Adds a cent to what is on the screen and saves it, looking anew when somebody else was faster."""
    for _ in range(times):
        while True:
            with database.reading() as stores:
                seen = stores.deposit_work.deposit(deposit_id)
            assert seen is not None
            # SQLite's lock has no queue: of 32 writers on a busy machine one may wait in vain, and tries again.
            with suppress(ChangedByAnotherError, sa.exc.OperationalError):
                edit = HeaderEdit(deposit_cents=seen.deposit_cents + 1)
                Editing(database).edit_header(who, deposit_id, seen.version, edit)
                break


@pytest.mark.parametrize(
    ("clerks", "times"),
    [(2, 20), (8, 5), pytest.param(32, 10, marks=[pytest.mark.deep, pytest.mark.timeout(1800)])],
)
def test_no_change_of_a_clerk_is_lost(office: Office, either_url: str, clerks: int, times: int) -> None:
    desk = Desk(office)
    deposit_id = new_check(desk, "C1")
    before = desk.header(deposit_id)
    at_once(
        either_url,
        [lambda database: add_to_amount(database, office.north_clerk, deposit_id, times)] * clerks,
    )
    after = desk.header(deposit_id)
    assert after["deposit_cents"] == CHECK + clerks * times
    assert int(str(after["version"])) - int(str(before["version"])) >= clerks * times
    with office.database.reading() as stores:
        history = stores.audit.of("deposit", deposit_id)
    amounts = [event.after["deposit_cents"] for event in history if event.action == "deposit.edit"]
    assert amounts == [CHECK + number + 1 for number in range(clerks * times)]
    desk.assert_sound()


def pay_and_send(database: Database, who: Actor, deposit_id: int, claim_id: int) -> None:
    """Attaches a claim, gives it the whole check, and sends; whatever is refused on the way stays undone."""
    editing = Editing(database)
    with suppress(WorkbenchError):
        (added,) = editing.add_claims(who, deposit_id, [claim_id])
        with database.reading() as stores:
            (seen,) = stores.deposit_work.claims(deposit_id, [added])
        paid = EditedLine(seen.lines[0].id, CHECK, (EditedAdjustment("CO", "45", 2000),))
        editing.save_claim(who, added, seen.version, ClaimEdit((paid,), "1"), ready=True)
        Posting(database).send(who, deposit_id)


@pytest.mark.parametrize(
    "pairs", [50, pytest.param(1000, marks=[pytest.mark.deep, pytest.mark.timeout(3600)])]
)
def test_two_attaches_never_pay_more_than_the_check(office: Office, either_url: str, pairs: int) -> None:
    """Each of the two would spend all of it. One is paid, or none when both lie on it and the sum is off."""
    desk = Desk(office)
    checks = [new_check(desk, f"C{number}") for number in range(pairs)]
    claims = [[desk.our_claim(f"{side}{number}", 10000) for side in "AB"] for number in range(pairs)]
    met = threading.Barrier(2)

    def clerk(side: int, who: Actor) -> Callable[[Database], None]:
        def work(database: Database) -> None:
            for check, pair in zip(checks, claims, strict=True):
                met.wait(PATIENCE)
                pay_and_send(database, who, check, pair[side])

        return work

    at_once(either_url, [clerk(0, office.north_clerk), clerk(1, office.supervisor)])
    posted = [int(str(desk.header(check)["posted_paid_cents"])) for check in checks]
    assert set(posted) <= {0, CHECK}
    for check, pair, paid in zip(checks, claims, posted, strict=True):
        balances = sorted(desk.balance(claim_id) for claim_id in pair)
        assert balances == ([0, 10000] if paid else [10000, 10000])
        assert len(desk.claims(check)) >= 1
    assert any(posted), "somebody is paid"
    desk.assert_sound()


def test_a_deposit_sent_by_two_at_once_is_booked_once(office: Office, either_url: str) -> None:
    desk = Desk(office)
    for number in range(5):
        claim_id, deposit_id = desk.our_claim(f"S{number}", 10000), new_check(desk, f"S{number}")
        editing = Editing(office.database)
        (added,) = editing.add_claims(office.north_clerk, deposit_id, [claim_id])
        with office.database.reading() as stores:
            (seen,) = stores.deposit_work.claims(deposit_id, [added])
        paid = EditedLine(seen.lines[0].id, CHECK, (EditedAdjustment("CO", "45", 2000),))
        editing.save_claim(office.north_clerk, added, seen.version, ClaimEdit((paid,), "1"), ready=True)

        def send(database: Database, deposit_id: int = deposit_id) -> None:
            with suppress(WorkbenchError):
                Posting(database).send(office.supervisor, deposit_id)

        at_once(either_url, [send, send])
        assert desk.header(deposit_id)["posted_paid_cents"] == CHECK
        assert desk.balance(claim_id) == 0
    desk.assert_sound()
