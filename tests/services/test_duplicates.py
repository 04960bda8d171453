"""Whether a deposit looks like an earlier one, computed again when it is keyed or its facts change (spec 3.1, 3.3)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.services.desk_office import DAY, Desk, claim, line
from workbench.services.deposit_desk.creating import Creating, NewDeposit
from workbench.services.deposit_desk.editing import Editing, HeaderEdit
from workbench.services.deposit_desk.errors import DepositErrors, ShownError
from workbench.services.deposit_desk.undoing import Undoing
from workbench.services.deposits import Deposits

SAME = "DUPLICATE_DEPOSIT"
LIKE = "DUPLICATE_FUZZY"


@pytest.fixture
def desk(either_desk: Desk) -> Desk:
    return either_desk


def keyed(desk: Desk, check: str = "12345", cents: int = 5600, day: date = DAY) -> int:
    """An EOB of ACME, keyed by hand."""
    new = NewDeposit(desk.office.north, cents, check, desk.office.acme, day)
    return Creating(desk.office.database).create_eob(desk.office.supervisor, new)


def edit(desk: Desk, deposit: int, change: HeaderEdit) -> None:
    boss, database = desk.office.supervisor, desk.office.database
    Editing(database).edit_header(boss, deposit, Deposits(database).get(boss, deposit).row.version, change)


def duplicates(desk: Desk, deposit: int) -> list[ShownError]:
    found = DepositErrors(desk.office.database).of_deposit(desk.office.supervisor, deposit)
    return [error for error in found if error.code in (SAME, LIKE)]


def told(desk: Desk, deposit: int) -> list[tuple[str, str, list[int]]]:
    """Code, severity and the deposits named."""
    return [(it.code, it.severity, it.context["deposit_ids"]) for it in duplicates(desk, deposit)]


def test_the_later_of_two_keyed_deposits_bears_the_error_until_its_check_number_is_another(
    desk: Desk,
) -> None:
    first, second = keyed(desk), keyed(desk)
    assert told(desk, first) == []
    assert told(desk, second) == [(SAME, "critical", [first])]
    assert desk.header(second)["open_critical_errors"] == 1
    edit(desk, second, HeaderEdit(check_number="777"))
    assert told(desk, second) == [(LIKE, "warning", [first])], "payer, amount and week are still the same"
    assert desk.header(second)["open_critical_errors"] == 0
    edit(desk, second, HeaderEdit(deposited_date=DAY + timedelta(days=8)))
    assert told(desk, second) == []
    edit(desk, second, HeaderEdit(check_number="12345", deposited_date=DAY))
    assert told(desk, second) == [(SAME, "critical", [first])]


def test_an_edit_of_the_earlier_one_is_seen_at_the_later_one(desk: Desk) -> None:
    first, second = keyed(desk, cents=5600), keyed(desk, cents=9900)
    edit(desk, first, HeaderEdit(deposit_cents=9900))
    assert told(desk, second) == [(SAME, "critical", [first])]
    assert told(desk, first) == []
    edit(desk, first, HeaderEdit(deposit_cents=5600))
    assert told(desk, second) == []


def test_an_ignored_one_comes_back_only_with_other_facts(desk: Desk) -> None:
    first, second = keyed(desk), keyed(desk)
    errors = DepositErrors(desk.office.database)
    errors.ignore(desk.office.supervisor, second, [duplicates(desk, second)[0].id], "two checks of one day")
    errors.recompute(desk.office.supervisor, second)
    edit(desk, second, HeaderEdit(issued_date=DAY))
    assert told(desk, second) == [], "another date of it, and the same facts"
    for deposit in (first, second):
        edit(desk, deposit, HeaderEdit(deposit_cents=8800))
    assert told(desk, second) == [(SAME, "critical", [first])]


def test_an_earlier_one_that_was_ignored_or_removed_only_warns(desk: Desk) -> None:
    """Spec 8 row 20."""
    first, second = keyed(desk), keyed(desk)
    boss, database = desk.office.supervisor, desk.office.database
    deposits = Deposits(database)
    deposits.ignore(boss, first, "keyed twice", deposits.get(boss, first).row.version)
    assert told(desk, second) == [(SAME, "warning", [first])]
    deposits.restore(boss, first, "it is the right one", deposits.get(boss, first).row.version)
    assert told(desk, second) == [(SAME, "critical", [first])]
    Undoing(database).void(boss, first, "keyed twice")
    assert told(desk, second) == [(SAME, "warning", [first])]


def test_what_the_import_found_is_what_is_found_again(desk: Desk) -> None:
    """An 835 of a check that was keyed from paper before: the same error, the same row, twice computed."""
    first = keyed(desk, check="T000001", cents=5600)
    second = desk.remit(claim("A1", line(15000, 5600, ("CO-45", 9400))))
    (found,) = duplicates(desk, second)
    assert (found.code, found.context) == (SAME, {"deposit_ids": [first]})
    DepositErrors(desk.office.database).recompute(desk.office.supervisor, second)
    assert duplicates(desk, second) == [found]
    edit(desk, second, HeaderEdit(check_number="other"))
    assert [error.code for error in duplicates(desk, second)] == [LIKE]


def test_other_practices_and_other_amounts_are_no_duplicates(desk: Desk) -> None:
    keyed(desk)
    boss = desk.office.supervisor
    creating = Creating(desk.office.database)
    new = NewDeposit(desk.office.south, 5600, "12345", desk.office.acme, DAY)
    assert told(desk, creating.create_eob(boss, new)) == []
    other = replace(new, practice_id=desk.office.north, deposit_cents=5601, payer_id=desk.office.zenith)
    assert told(desk, creating.create_eob(boss, other)) == []
