"""Editing the header of a deposit without a browser: what is saved, refused, and shown of somebody else's change."""

from datetime import date

import pytest

from workbench.app import Workbench
from workbench.errors import ChangedByAnotherError, RefusedError
from workbench.widgets.deposit.changes import Difference
from workbench.widgets.deposit.header_model import HeaderModel
from workbench.widgets.deposits.model import DepositsModel


def opened_header(desk: Workbench) -> HeaderModel:
    (deposit,) = DepositsModel(desk).page("id", False, 0, 50).rows
    model = HeaderModel(desk)
    model.open(deposit.id)
    return model


def test_only_what_was_changed_is_saved(desk: Workbench) -> None:
    model = opened_header(desk)
    before = model.details.row
    model.values |= {"check_number": "CHK 77", "deposited_date": date(2026, 11, 2)}
    model.save()
    after = desk.deposits.get(desk.actor, before.id).row
    assert (after.check_number, after.deposited_date) == ("CHK 77", date(2026, 11, 2))
    assert (after.issued_date, after.deposit_cents) == (before.issued_date, before.deposit_cents)


def test_a_field_cannot_be_emptied_and_an_era_is_no_eob(desk: Workbench) -> None:
    model = opened_header(desk)
    assert "is_eob" in model.blockers()
    model.values["check_number"] = None
    with pytest.raises(RefusedError, match="Check #"):
        model.save()


def test_the_second_of_two_editors_loses_nothing(desk: Workbench) -> None:
    first, second = opened_header(desk), opened_header(desk)
    was = first.values["check_number"]
    first.values["check_number"] = "CHK 77"
    first.save()
    second.values["deposited_date"] = date(2026, 11, 3)
    with pytest.raises(ChangedByAnotherError):
        second.save()
    assert second.differences() == [Difference("Check #", "CHK 77", was)]
    second.reload(keep=True)
    second.save()
    row = desk.deposits.get(desk.actor, second.details.row.id).row
    assert (row.check_number, row.deposited_date) == ("CHK 77", date(2026, 11, 3))
