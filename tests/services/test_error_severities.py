"""Which errors stop posting is the office's to choose (spec deposits 3.2, 5)."""

from dataclasses import replace

import pytest

from tests.services.desk_office import Desk, claim, line
from tests.services.test_duplicates import duplicates, keyed
from workbench.domain.findings import Severity
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import NotPermittedError, RefusedError
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.settings import DeskSettings
from workbench.services.deposits import Deposits

NAME = "PATIENT_NAME_MISMATCH"


def administrator(desk: Desk) -> Actor:
    return replace(desk.office.supervisor, permissions=frozenset(Permission))


def choose(desk: Desk, code: str, severity: Severity) -> None:
    DeskSettings(desk.office.database).set_error_severity(administrator(desk), code, severity)


def other_name(desk: Desk, pcn: str, paid: int = 8000) -> int:
    """A deposit whose only claim is of another patient than ours: usually a warning."""
    desk.our_claim(pcn, 10000, last="OTHER")
    return desk.remit(claim(pcn, line(10000, paid, ("CO-45", 10000 - paid))))


def posted(desk: Desk, deposit: int) -> int:
    return Posting(desk.office.database).send(desk.office.supervisor, deposit).posted


def graded(desk: Desk, deposit: int) -> list[tuple[str, str]]:
    found = DepositErrors(desk.office.database).of_deposit(desk.office.supervisor, deposit)
    return [(error.code, error.severity) for error in found]


def test_a_warning_that_is_made_to_stop_the_claim(either_desk: Desk) -> None:
    """It counts for errors that are open, for those of new files, and for those that are computed again."""
    desk = either_desk
    before = other_name(desk, "A1")
    assert desk.header(before)["open_errors"] == 0
    choose(desk, NAME, Severity.BLOCKING)
    after = other_name(desk, "A2", 7000)
    for deposit in (before, after):
        assert graded(desk, deposit) == [(NAME, "blocking")]
        assert desk.header(deposit)["open_errors"] == 1
        DepositErrors(desk.office.database).recompute(desk.office.supervisor, deposit)
        assert graded(desk, deposit) == [(NAME, "blocking")]
        assert posted(desk, deposit) == 0
    choose(desk, NAME, Severity.WARNING)
    assert desk.header(before)["open_errors"] == 0
    assert [posted(desk, deposit) for deposit in (before, after)] == [1, 1]


def test_an_error_that_is_made_to_warn_only(desk: Desk) -> None:
    desk.our_claim("A1", 10000, secondary=True)
    deposit = desk.remit(claim("A1", line(10000, 8000, ("OA-23", 2000)), status="2"))
    assert ("PAYER_LEVEL_MISMATCH", "blocking") in graded(desk, deposit)
    choose(desk, "PAYER_LEVEL_MISMATCH", Severity.WARNING)
    assert ("PAYER_LEVEL_MISMATCH", "warning") in graded(desk, deposit)
    assert posted(desk, deposit) == 1


def test_the_usual_gravity_comes_back_as_it_was_found(desk: Desk) -> None:
    """A duplicate of a deposit that was ignored only warns (spec 8 row 20), whatever was chosen meanwhile."""
    first, second = keyed(desk), keyed(desk)
    boss, deposits = desk.office.supervisor, Deposits(desk.office.database)
    deposits.ignore(boss, first, "keyed twice", deposits.get(boss, first).row.version)
    choose(desk, "DUPLICATE_DEPOSIT", Severity.WARNING)
    assert [error.severity for error in duplicates(desk, second)] == ["warning"]
    choose(desk, "DUPLICATE_DEPOSIT", Severity.CRITICAL)
    assert [error.severity for error in duplicates(desk, second)] == ["warning"]


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("CLAIM_NOT_FOUND", Severity.WARNING),  # there is no claim to post it to
        ("UNREADABLE_AMOUNT", Severity.WARNING),  # it would be posted as 0.00
        ("OVER_ADJUST", Severity.WARNING),  # found against the ledger
        ("PR_SUM_DIFF", Severity.CRITICAL),  # an error of a claim stops no deposit
        ("NO_SUCH", Severity.WARNING),
    ],
)
def test_what_protects_the_ledger_cannot_be_chosen(desk: Desk, code: str, severity: Severity) -> None:
    with pytest.raises(RefusedError):
        choose(desk, code, severity)


def test_choosing_is_set_up_and_audited(desk: Desk) -> None:
    settings = DeskSettings(desk.office.database)
    clerk = replace(desk.office.north_clerk, permissions=frozenset(Permission) - {Permission.SETUP})
    with pytest.raises(NotPermittedError):
        settings.set_error_severity(clerk, NAME, Severity.BLOCKING)
    choose(desk, NAME, Severity.BLOCKING)
    assert settings.error_severities(desk.office.north_clerk)[NAME] is Severity.BLOCKING
    with desk.office.database.reading() as stores:
        (event,) = [it for it in stores.audit.of("company", 0) if it.action == "setting.error"]
    assert (event.before, event.after) == ({NAME: "warning"}, {NAME: "blocking"})
