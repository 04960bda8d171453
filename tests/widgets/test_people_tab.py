"""Setup of people on the settings page, on the real services."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.widgets.messages import Line
from workbench.app import Workbench, open_workbench
from workbench.domain.roles import Role
from workbench.services.sign_in import SignIn
from workbench.widgets.settings.people_model import PeopleModel
from workbench.widgets.settings.people_tab import PeopleTab


@pytest.fixture
def wb(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    monkeypatch.setenv("LOGNAME", "boss")
    opened = open_workbench()
    with opened.database.transaction() as stores:
        stores.office.add_practice("North Anesthesia")
    yield opened
    opened.close()


def fill(line: Line, **values: object) -> None:
    for name, value in values.items():
        line.say("change", name=name, value=value)


def test_a_person_is_added_changed_and_shut_out(wb: Workbench) -> None:
    tab = PeopleTab(PeopleModel(wb))
    tab.refresh()
    form = Line(tab.form)
    fill(form, login="Nora", name="Nora North", role_coder=True, practice_0=True)
    form.say("press", name="save")
    assert [row["cells"][:5] for row in tab.grid.rows if row["id"] == "nora"] == [
        ["nora", "Nora North", "Coder", "North Anesthesia", "Yes"]
    ]
    assert not SignIn(wb.database).is_asked()
    form.say("press", name="password")
    told = re.search(r"The password of nora is (\S+) \.", form.notices[-1])
    assert told is not None
    assert SignIn(wb.database).by_password("nora", told[1]) is not None
    fill(form, role_coder=False, role_supervisor=True)
    form.say("press", name="save")
    assert [person.roles for person in wb.people.everybody(wb.actor) if person.login == "nora"] == [
        (Role.SUPERVISOR,)
    ]
    form.say("press", name="deactivate")
    Line(tab.asking._form).say("press", name="yes")
    assert [row["cells"][4] for row in tab.grid.rows if row["id"] == "nora"] == ["No"]


def test_a_login_is_asked_for(wb: Workbench) -> None:
    tab = PeopleTab(PeopleModel(wb))
    tab.refresh()
    Line(tab.form).say("press", name="save")
    assert list(tab.form.errors) == ["login"]


def test_who_may_not_set_up_sees_nobody_and_is_told_why(
    wb: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    wb.people.add(wb.actor, "nora", "Nora", roles=[Role.SUPERVISOR])
    monkeypatch.setenv("LOGNAME", "nora")
    hers = open_workbench()
    tab = PeopleTab(PeopleModel(hers))
    tab.refresh()
    assert tab.grid.rows == []
    assert all("Ask your administrator" in action["blocked"] for action in tab.form.actions)
    fill(Line(tab.form), login="nora", role_administrator=True)
    Line(tab.form).say("press", name="save")
    assert [person.roles for person in wb.people.everybody(wb.actor) if person.login == "nora"] == [
        (Role.SUPERVISOR,)
    ]
    hers.close()
