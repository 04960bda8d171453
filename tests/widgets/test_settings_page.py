"""The settings page without a browser, on the real services (spec deposits 5, 6.10)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.builders import Office, furnish_office
from tests.widgets.messages import Line
from workbench.app import Workbench, open_workbench
from workbench.domain.posting import Effect
from workbench.errors import RefusedError
from workbench.reconcile.rules import SHIPPED_RULES
from workbench.widgets.kit.shell import Shell
from workbench.widgets.settings.view import SettingsScreen


@pytest.fixture
def wb(home: Path) -> Iterator[Workbench]:
    opened = open_workbench()
    yield opened
    opened.close()


@pytest.fixture
def office(wb: Workbench) -> Office:
    return furnish_office(wb.database)


@pytest.fixture
def screen(wb: Workbench, office: Office) -> SettingsScreen:
    made = SettingsScreen(wb, Shell({}, {}, "settings"))
    assert made.enter({}) == "Settings"
    return made


def pick(screen: SettingsScreen, label: str) -> None:
    Line(screen.tabs).say("picked", index=screen.tabs.labels.index(label))


def test_own_settings_have_the_seeds_names_and_defaults(screen: SettingsScreen, wb: Workbench) -> None:
    labels = {field["label"]: field["name"] for field in screen.own.fields}
    shown = {label: screen.own.values[name] for label, name in labels.items()}
    assert shown == {"Claim Search Time Period": 365, "Maximum claims per deposit page": 50}
    own = Line(screen.own)
    own.say("change", name="claim_search_time_period", value="90")
    own.say("change", name="max_claims_per_deposit_page", value="0")
    own.say("press", name="save")
    assert list(screen.own.errors) == ["max_claims_per_deposit_page"]
    assert "from 1 to 1000" in screen.own.errors["max_claims_per_deposit_page"]
    own.say("change", name="max_claims_per_deposit_page", value="many")
    own.say("press", name="save")
    assert screen.own.errors["max_claims_per_deposit_page"] == "Type a whole number."
    own.say("change", name="max_claims_per_deposit_page", value="25")
    own.say("press", name="save")
    assert own.notices == ["Your settings are saved."]
    assert screen.model.own() == {"claim_search_time_period": 90, "max_claims_per_deposit_page": 25}


def test_company_settings_show_the_defaults_of_the_spec_and_keep_a_change(screen: SettingsScreen) -> None:
    pick(screen, "Company")
    values = screen.office.form.values
    assert (values["auto_post_era_delay"], values["unlisted_code"]) == ("-1", "block")
    labels = {field["label"]: screen.office.form.values[field["name"]] for field in screen.office.form.fields}
    assert labels["Create Deposit Credit Error"] == "3"
    assert labels["Credit Deposit Claim Status"] == "Refund"
    form = Line(screen.office.form)
    form.say("change", name="auto_post_era_delay", value="14")
    form.say("press", name="save")
    assert form.notices == ["The settings of the company are saved."]
    assert screen.model.company()["auto_post_era_delay"] == "14"


def test_days_are_closed_after_a_question_and_stay_closed(screen: SettingsScreen) -> None:
    pick(screen, "Company")
    assert screen.office.closing.values["closed"] == "No day is closed."
    closing = Line(screen.office.closing)
    closing.say("press", name="close")
    assert screen.office.closing.errors == {"through": "Type the last day to close."}
    closing.say("change", name="through", value="02/28/2026")
    closing.say("press", name="close")
    assert screen.office.asking.shown
    assert screen.model.closed_through() is None
    Line(screen.office.asking._form).say("press", name="yes")
    assert screen.model.closed_through() == date(2026, 2, 28)
    assert screen.office.closing.values["closed"] == "02/28/2026"
    with pytest.raises(RefusedError, match="closed through"):
        screen.model.close_through(date(2026, 1, 31))


def test_auto_post_of_a_payer_is_typed_in_its_row(screen: SettingsScreen, office: Office) -> None:
    pick(screen, "Payers")
    grid = screen.payers.grid
    assert [row["cells"] for row in grid.rows] == [["ACME HEALTH", ""], ["ZENITH MUTUAL", ""]]
    assert screen.model.set_auto_post(office.acme, "5") is None
    for wrong in ("-2", "366", "soon"):
        assert screen.model.set_auto_post(office.acme, wrong)
    screen.payers.refresh()
    assert grid.rows[0]["cells"] == ["ACME HEALTH", "5"]
    assert screen.model.set_auto_post(office.acme, "") is None
    Line(screen.payers.filter).say("change", name="search", value="zen")
    assert [row["cells"] for row in grid.rows] == [["ZENITH MUTUAL", ""]]


def test_rules_list_own_and_shipped_and_say_why_one_wins(screen: SettingsScreen, office: Office) -> None:
    pick(screen, "Rules")
    tab = screen.rules
    assert tab.grid.total == len(SHIPPED_RULES)
    why, form = Line(tab.why), Line(tab.form)
    why.say("change", name="group", value="CO")
    why.say("change", name="carc", value="45")
    why.say("press", name="explain")
    assert "shipped rule" in tab.why.values["told"]
    shipped = next(rule for rule in SHIPPED_RULES if (rule.group, rule.carc) == ("CO", "45"))
    tab._use(shipped.id)
    form.say("change", name="payer_id", value=office.acme)
    form.say("change", name="effect", value="INFO")
    form.say("press", name="save")
    (own,) = [rule for rule in screen.model.rules("CO-45") if rule.id > 0]
    assert (own.payer_id, own.effect, own.version) == (office.acme, Effect.INFO, 1)
    assert tab.grid.total == len(SHIPPED_RULES) + 1
    why.say("press", name="explain")
    assert "shipped rule" in tab.why.values["told"], "another payer"
    why.say("change", name="payer_id", value=office.acme)
    why.say("press", name="explain")
    assert f"rule {own.id} v1" in tab.why.values["told"]
    tab._use(own.id)
    form.say("change", name="active", value=False)
    form.say("press", name="save")
    why.say("press", name="explain")
    assert "shipped rule" in tab.why.values["told"], "switched off"


def test_a_rule_for_everything_is_refused(screen: SettingsScreen) -> None:
    pick(screen, "Rules")
    screen.rules._show(None)
    form = Line(screen.rules.form)
    form.say("press", name="save")
    assert "too much" in form.notices[0]
    assert screen.rules.dialog.shown


def test_an_era_amount_is_set_for_all_payers_or_one(screen: SettingsScreen, office: Office) -> None:
    pick(screen, "ERA Amounts")
    form = Line(screen.amounts.form)
    form.say("press", name="save")
    assert "Type the reason" in form.notices[0]
    form.say("change", name="reason", value="l6")
    form.say("change", name="disposition", value="REPORT")
    form.say("press", name="save")
    form.say("change", name="payer_id", value=office.zenith)
    form.say("change", name="disposition", value="APPLY_TO_CLAIM")
    form.say("press", name="save")
    assert [row["cells"][:2] for row in screen.amounts.grid.rows] == [
        ["Every payer", "L6"],
        ["ZENITH MUTUAL", "L6"],
    ]
    assert {one.payer_id: one.disposition.value for one in screen.model.era_amounts()} == {
        None: "REPORT", office.zenith: "APPLY_TO_CLAIM",
    }  # fmt: skip
