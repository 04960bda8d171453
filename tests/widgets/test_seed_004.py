"""Seed 004 word for word: each label it names stands on the page, and each figure is what it says it is."""

from typing import Any

import pytest

from tests.builders import furnish_office
from tests.services.desk_office import Desk, claim, line
from tests.widgets.messages import Line
from workbench.app import Workbench
from workbench.domain.deposit import DepositStatus, DepositType
from workbench.domain.deposit_views import DepositQuery
from workbench.widgets.deposit.history import changes
from workbench.widgets.deposit.view import DepositScreen
from workbench.widgets.kit.base import KitWidget
from workbench.widgets.kit.panel import Panel
from workbench.widgets.kit.shell import Shell
from workbench.widgets.settings.view import SettingsScreen


@pytest.fixture
def desk(wb: Workbench) -> Desk:
    return Desk(furnish_office(wb.database))


@pytest.fixture
def deposit(desk: Desk) -> int:
    """150 charged: 56 paid, 50 written off, 30 deductible, 9 coinsurance, 5 co-pay; 40 of somebody else's claim."""
    desk.our_claim("A1", 15000)
    rows = (("CO-45", 5000), ("PR-1", 3000), ("PR-2", 900), ("PR-3", 500))
    return desk.remit(claim("A1", line(15000, 5600, *rows)), claim("B2", line(4000, 4000)))


@pytest.fixture
def screen(wb: Workbench, desk: Desk, deposit: int) -> DepositScreen:
    made = DepositScreen(wb, Shell({}, {}, "deposit"))
    assert made.enter({"id": str(deposit)}) == f"Deposit Management: Deposit {deposit}"
    return made


def facts(screen: DepositScreen) -> dict[str, dict[str, Any]]:
    return {fact["label"]: fact for fact in screen.facts.facts}


def titles(widget: KitWidget) -> set[str]:
    """Headings and names of everything on the page."""
    children = widget.children if isinstance(widget, Panel) else []
    own = {getattr(widget, "title", ""), getattr(widget, "label", "")}
    return own.union(*(titles(child) for child in children))


def claim_cells(screen: DepositScreen, pcn: str) -> dict[str, Any]:
    labels = [column["label"] for column in screen.claims.columns]
    found = [dict(zip(labels, row["cells"], strict=True)) for row in screen.claims.rows]
    return next(row for row in found if row["Claim XRef"] == pcn)


# "Along the top of every deposit, you will find Deposit Details": the field definitions, in the seed's order.
DETAILS = [
    *("ID", "Type", "Status", "Deposited", "Production", "Check #", "Amount", "Payer"),
    *("Pay. Method", "Pay. Type", "Deposit ($)", "Payments ($)", "Adjustment ($)", "Balance ($)"),
]
# "Deposit Claims", the field definitions, in the seed's order.
CLAIMS = [
    *("Claim XRef", "Claim ID", "Charged", "Paid", "Allowed"),
    *("Deductible (PR-1)", "CoIns (PR-2)", "CoPay (PR-3)", "Adjustments", "Information", "Action"),
]


@pytest.mark.parametrize("label", DETAILS)
def test_each_detail_is_along_the_top_and_says_what_it_means(screen: DepositScreen, label: str) -> None:
    assert facts(screen)[label]["explains"], f"{label} explains itself"


def test_details_stand_in_the_seeds_order(screen: DepositScreen) -> None:
    shown = [label for label in facts(screen) if label in DETAILS]
    assert shown == DETAILS


@pytest.mark.parametrize("label", CLAIMS)
def test_each_column_of_the_claims_is_there(screen: DepositScreen, label: str) -> None:
    assert label in [column["label"] for column in screen.claims.columns]


def test_columns_stand_in_the_seeds_order(screen: DepositScreen) -> None:
    shown = [column["label"] for column in screen.claims.columns]
    assert [label for label in shown if label in CLAIMS] == CLAIMS


@pytest.mark.parametrize(
    "heading", ["Deposit Details", "Deposit Actions", "Deposit Errors", "Deposit Claims"]
)
def test_each_part_of_the_window_has_its_name(screen: DepositScreen, heading: str) -> None:
    assert heading in titles(screen.widget)


def test_attach_find_edit_and_view_are_the_buttons_of_the_claims(
    screen: DepositScreen, wb: Workbench, desk: Desk, deposit: int
) -> None:
    assert "Attach/Find a Claim" in [action["label"] for action in screen.finding.actions]

    def actions(pcn: str) -> list[str]:
        return [one["label"] for one in claim_cells(screen, pcn)["Action"]["actions"]]

    assert actions("A1") == ["Edit"]
    wb.deposit_desk.posting.send(desk.office.supervisor, deposit)
    screen.enter({"id": str(deposit)})
    assert (actions("A1"), actions("B2")) == (["View"], ["Edit"]), "what is posted can only be viewed"


def test_the_types_are_the_seeds() -> None:
    assert {kind.label for kind in DepositType} == {"ERA", "EOB", "Import", "Statement"}


STATUSES = {
    "New": "Newly received. Payments have not yet been posted.",
    "Ignore": "Not sent to posting because it is not needed.",
    "Sent to Posting": "One or more of its payments have been posted to patient accounts.",
}


def test_the_statuses_are_the_seeds_and_each_says_what_it_means(
    screen: DepositScreen, wb: Workbench, desk: Desk, deposit: int
) -> None:
    shown = {}

    def look() -> None:
        screen.enter({"id": str(deposit)})
        status = facts(screen)["Status"]
        shown[status["value"]] = status["explains"][0]

    look()
    assert screen.model.details is not None
    wb.deposits.ignore(desk.office.supervisor, deposit, "twice", screen.model.details.row.version)
    look()
    wb.deposits.restore(desk.office.supervisor, deposit, "once", screen.model.details.row.version)
    wb.deposit_desk.posting.send(desk.office.supervisor, deposit)
    look()
    assert shown == STATUSES
    assert {status.label for status in DepositStatus} - {"Build"} == set(STATUSES)


def test_the_calculated_figures_are_what_the_seed_says(screen: DepositScreen) -> None:
    shown = {label: facts(screen)[label]["value"] for label in DETAILS}
    wanted = {
        "Type": "ERA", "Status": "New", "Deposited": "", "Production": "03/02/2026", "Amount": "96.00",
        "Payer": "ACME HEALTH (1900000001)", "Pay. Type": "Insurance payment", "Deposit ($)": "96.00",
        "Payments ($)": "96.00", "Adjustment ($)": "50.00", "Balance ($)": "-50.00",
    }  # fmt: skip
    # Deposited is known of an electronic payment only.
    wanted["Deposited"] = "03/02/2026" if shown["Pay. Method"] == "ACH" else ""
    assert {label: shown[label] for label in wanted} == wanted
    first = claim_cells(screen, "A1")
    assert {label: first[label] for label in CLAIMS[2:-1]} == {
        "Charged": "150.00", "Paid": "56.00", "Allowed": "100.00", "Deductible (PR-1)": "30.00",
        "CoIns (PR-2)": "9.00", "CoPay (PR-3)": "5.00", "Adjustments": "50.00", "Information": "44.00",
    }  # fmt: skip


def test_user_settings_have_the_seeds_names(wb: Workbench, desk: Desk) -> None:
    settings = SettingsScreen(wb, Shell({}, {}, "settings"))
    settings.enter({})
    labels = [field["label"] for field in settings.own.fields]
    assert labels == ["Claim Search Time Period", "Maximum claims per deposit page"]


def test_maximum_claims_per_deposit_page_begins_a_new_page(
    screen: DepositScreen, wb: Workbench, deposit: int
) -> None:
    assert screen.claims.size_label == "Maximum claims per deposit page"
    wb.user_settings.set(wb.actor, "max_claims_per_deposit_page", "1")
    screen.enter({"id": str(deposit)})
    assert (len(screen.claims.rows), screen.claims.total) == (1, 2)


def test_notes_are_added_counted_and_kept_beside_what_was_done(
    screen: DepositScreen, wb: Workbench, desk: Desk, deposit: int
) -> None:
    assert "Notes" not in facts(screen)
    Line(screen.bar).say("press", name="notes")
    form = Line(screen.history.form)
    form.say("press", name="add")
    assert form.notices == ["Type the note."]
    form.say("change", name="note", value="Asked the payer about the second claim.")
    form.say("press", name="add")
    assert [row["cells"][1:] for row in screen.history.notes.rows] == [
        ["Supervisor", "Asked the payer about the second claim."]
    ]
    assert facts(screen)["Notes"]["value"] == "1"
    wb.deposit_desk.posting.send(desk.office.supervisor, deposit)
    (sent, *_) = [row["cells"] for row in _history(screen, deposit)]
    assert sent[1:3] == ["Supervisor", "Send to Posting"]
    assert "status: NEW > SENT_TO_POSTING" in sent[3]
    assert wb.deposits.page(wb.actor, DepositQuery(needs_work=False)).total == 1


def _history(screen: DepositScreen, deposit: int) -> list[dict[str, Any]]:
    screen.history.show(deposit)
    return list(screen.history.acts.rows)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"check_number": "17"}, {"check_number": "18"}, "Check #: 17 > 18"),
        ({}, {"deposit_cents": 5600}, "Amount: 56.00"),
        ({"issued_date": "2026-03-02"}, {"issued_date": "2026-03-09"}, "Production: 03/02/2026 > 03/09/2026"),
        (
            {"payer_id": 9, "paid_cents": [0]},
            {"payer_id": 9, "paid_cents": [100, 5]},
            "paid: 0.00 > 1.00, 0.05",
        ),
        ({}, {"adjustments": ["CO-45 5000 WRITE_OFF", "PR-1 -250"]}, "adjustments: CO-45 50.00, PR-1 -2.50"),
        ({"status": "NEW"}, {"status": "NEW"}, ""),
    ],
)
def test_history_reads_as_the_screen_does(before: dict[str, Any], after: dict[str, Any], told: str) -> None:
    assert changes(before, after) == told


def test_a_posted_claim_is_viewed_reversed_or_copied_and_each_button_says_why_not(
    screen: DepositScreen, wb: Workbench, desk: Desk, deposit: int
) -> None:
    wb.deposit_desk.posting.send(desk.office.supervisor, deposit)
    screen.enter({"id": str(deposit)})
    posted, waiting = (row["id"] for row in screen.claims.rows)

    def blocked(deposit_claim_id: int) -> dict[str, str]:
        screen._open_claim(deposit_claim_id)
        assert screen._drawer is not None
        return {action["name"]: action["blocked"] for action in screen._drawer.bar.actions}

    assert blocked(waiting)["reverse"] == "Only a posted claim can be reversed."
    assert blocked(waiting)["copy"].startswith("Only what is posted or ignored is copied.")
    assert blocked(waiting)["attach"] == ""
    view = blocked(posted)
    assert (view["reverse"], view["copy"]) == ("", "")
    assert view["attach"] == "The claim is posted. Reverse it first."
    assert screen._drawer is not None
    Line(screen._drawer.bar).say("press", name="copy")
    Line(screen.copying.form).say("press", name="copy")
    assert [row["pcn"] for row in desk.claims(deposit)] == ["A1", "B2", "A1"]
    assert screen.claims.total == 3
