"""The settings page without a browser, on the real services (spec deposits 5, 6.10)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.builders import Office, furnish_office
from tests.widgets.messages import Line
from workbench.app import Workbench, open_workbench
from workbench.domain.posting import Effect
from workbench.domain.remit import ClaimLevel
from workbench.errors import RefusedError
from workbench.reconcile.rules import SHIPPED_RULES
from workbench.widgets.kit.shell import Shell
from workbench.widgets.settings.view import SettingsScreen


@pytest.fixture
def wb(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    monkeypatch.setenv("LOGNAME", "boss")
    opened = open_workbench()
    yield opened
    opened.close()


@pytest.fixture
def office(wb: Workbench) -> Office:
    """The office, with somebody at this desk who may set up everything."""
    furnished = furnish_office(wb.database)
    with wb.database.transaction() as stores:
        roles, practices = ["administrator", "supervisor"], [furnished.north, furnished.south]
        stores.office.add_user("boss", "Boss", roles=roles, practice_ids=practices)
    return furnished


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
    assert labels["Auto post only when matched to the bank"] == "no"
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


# A condition of spec 5 as it is typed -> what the question must hold for the rule to win, and one that fails it.
CONDITIONS = [
    ({"payer_level": "secondary"}, {"payer_level": "secondary"}, {"payer_level": "primary"}),
    ({"remit_status": "22"}, {"remit_status": "22"}, {"remit_status": "1"}),
    ({"rarc": "n130"}, {"rarc": "M15 N130"}, {"rarc": "M15"}),
    ({"cpt": "99213"}, {"cpt": "99213"}, {"cpt": "99214"}),
    ({"minimum_cents": "10.00"}, {"amount_cents": "10.00"}, {"amount_cents": "9.99"}),
    ({"maximum_cents": "10.00"}, {"amount_cents": "10.00"}, {"amount_cents": "10.01"}),
]


@pytest.mark.parametrize(("typed", "fits", "differs"), CONDITIONS)
def test_each_condition_of_a_rule_is_typed_shown_and_looked_at(
    screen: SettingsScreen, typed: dict[str, str], fits: dict[str, str], differs: dict[str, str]
) -> None:
    pick(screen, "Rules")
    tab = screen.rules
    tab._show(None)
    form, why = Line(tab.form), Line(tab.why)
    for name, value in {"group": "CO", "carc": "45", "effect": "INFO", **typed}.items():
        form.say("change", name=name, value=value)
    form.say("press", name="save")
    (own,) = [rule for rule in screen.model.rules("CO-45") if rule.id > 0]
    shown = next(row for row in tab.grid.rows if row["id"] == own.id)
    conditions = shown["cells"][3]
    assert next(iter(typed.values())).upper() in conditions.upper()
    for facts, winner in ((fits, f"rule {own.id} v1"), (differs, "shipped rule")):
        for name, value in {"group": "CO", "carc": "45", **facts}.items():
            why.say("change", name=name, value=value)
        why.say("press", name="explain")
        assert winner in tab.why.values["told"]
    tab._use(own.id)
    kept = {name: str(tab.form.texts[name]).upper() for name in typed}
    assert kept == {name: value.upper() for name, value in typed.items()}


def test_the_higher_priority_wins_and_a_status_and_level_are_kept(screen: SettingsScreen) -> None:
    pick(screen, "Rules")
    tab, form = screen.rules, Line(screen.rules.form)
    for effect, priority in (("INFO", "5"), ("DENIAL", "1")):
        tab._show(None)
        values = {"group": "OA", "carc": "999", "effect": effect, "priority": priority, "block": True}
        for name, value in {**values, "claim_status": "Denied", "claim_level": "statement"}.items():
            form.say("change", name=name, value=value)
        form.say("press", name="save")
    first, second = [rule for rule in screen.model.rules("OA-999") if rule.id > 0]
    assert (first.denial, second.denial) == (False, True)
    assert (first.block, first.claim_level) == (True, ClaimLevel.STATEMENT)
    shown = {row["id"]: row["cells"] for row in tab.grid.rows}
    assert (shown[first.id][3], shown[first.id][6]) == ("priority 5", "Denied statement")
    why = Line(tab.why)
    for name, value in {"group": "OA", "carc": "999"}.items():
        why.say("change", name=name, value=value)
    why.say("press", name="explain")
    assert f"rule {first.id} v1" in tab.why.values["told"]


def test_amounts_that_are_none_are_not_saved(screen: SettingsScreen) -> None:
    pick(screen, "Rules")
    tab, form = screen.rules, Line(screen.rules.form)
    tab._show(None)
    form.say("change", name="carc", value="45")
    form.say("change", name="minimum_cents", value="ten")
    form.say("press", name="save")
    assert tab.dialog.shown
    assert [rule for rule in screen.model.rules() if rule.id > 0] == []
    form.say("change", name="minimum_cents", value="10")
    form.say("change", name="maximum_cents", value="5")
    form.say("press", name="save")
    assert form.notices == ["The smallest amount is larger than the largest."]


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
    form.say("change", name="payment_type", value="Refund")
    form.say("press", name="save")
    assert [row["cells"] for row in screen.amounts.grid.rows] == [
        ["Every payer", "L6", "Report Amount", "Interest"],
        ["ZENITH MUTUAL", "L6", "Apply Amount to Claim(s)", "Refund"],
    ]
    assert {one.payer_id: one.disposition.value for one in screen.model.era_amounts()} == {
        None: "REPORT", office.zenith: "APPLY_TO_CLAIM",
    }  # fmt: skip


def test_which_errors_stop_posting_is_chosen_on_its_tab(screen: SettingsScreen, wb: Workbench) -> None:
    pick(screen, "Errors")
    form = Line(screen.errors.form)
    assert screen.errors.form.values["PATIENT_NAME_MISMATCH"] == "warning"
    shown = {field["label"]: field for field in screen.errors.form.fields}
    assert [text for _, text in shown["Tx unbalanced"]["options"]] == ["Stops the deposit", "Warns only"]
    assert shown["Tx unbalanced"]["help"] == "Usually: stops the deposit."
    assert "Claim not found" not in shown, "there is no claim to post it to"
    form.say("change", name="PATIENT_NAME_MISMATCH", value="blocking")
    form.say("press", name="save")
    assert any("1 kind of error changed" in text for text in form.notices)
    pick(screen, "Errors")
    assert screen.errors.form.values["PATIENT_NAME_MISMATCH"] == "blocking"
    form.say("press", name="save")
    assert any("Nothing was changed" in text for text in form.notices)
