"""The Posting page without a browser, on the real services (spec deposits 6.6, 6.7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.builders import furnish_office
from tests.services.desk_office import Desk, claim, line
from tests.widgets.messages import Line
from workbench.app import Workbench, open_workbench
from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.services.deposits import Deposits
from workbench.widgets.kit.shell import Shell
from workbench.widgets.posting.view import PostingScreen


@dataclass
class Opened:
    """What a page needs of the workbench, with a person of our choice at it."""

    actor: Actor
    deposits: Deposits
    deposit_desk: DepositDesk
    settings: Any = None


@pytest.fixture
def wb(home: Path) -> Iterator[Workbench]:
    opened = open_workbench()
    yield opened
    opened.close()


@pytest.fixture
def desk(wb: Workbench) -> Desk:
    return Desk(furnish_office(wb.database))


@pytest.fixture
def deposit(desk: Desk, wb: Workbench) -> int:
    """A1 is posted, two others are not ours."""
    desk.our_claim("A1", 15000)
    number = desk.remit(
        claim("A1", line(15000, 5600, ("CO-45", 5000), ("PR-1", 3000), ("PR-2", 1400))),
        claim("B2", line(4000, 4000)),
        claim("B3", line(1000, 1000)),
    )
    wb.deposit_desk.posting.send(desk.office.supervisor, number)
    return number


def page_of(wb: Workbench, who: Actor, **params: object) -> PostingScreen:
    screen = PostingScreen(Opened(who, wb.deposits, wb.deposit_desk, wb.settings), Shell({}, {}, "posting"))
    assert screen.enter({name: str(value) for name, value in params.items()}) == "Posting"
    return screen


def cells(screen: PostingScreen) -> list[dict[str, Any]]:
    """Rows as heading -> what is read in the cell."""
    labels = [column["label"] for column in screen.grid.columns]
    return [dict(zip(labels, map(_text, row["cells"]), strict=True)) for row in screen.grid.rows]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    return str(cell.get("badge") or cell.get("link") or cell.get("text") or "")


# Spec 6.7, "Columns"; the model is always Standard (spec 1.1) and has no column.
SPEC_COLUMNS = {
    "deposit id": "Deposit",
    "deposit date": "Deposited",
    "payer": "Payer",
    "type": "Type",
    "claim id": "Claim ID",
    "remit status": "Remit Status",
    "claim posted": "Claim Posted",
    "paid": "Paid",
    "allowed": "Allowed",
    "deductible": "Deductible (PR-1)",
    "co-pay": "CoPay (PR-3)",
    "adjustments": "Adjustments",
    "information": "Information",
    "rendering": "Rendering",
    "any error": "Any Error",
}


def test_every_column_of_the_spec_is_there(desk: Desk, wb: Workbench, deposit: int) -> None:
    screen = page_of(wb, desk.office.supervisor, deposit=deposit, show="all")
    assert set(SPEC_COLUMNS.values()) <= {column["label"] for column in screen.grid.columns}
    posted = next(row for row in cells(screen) if row["Claim XRef"] == "A1")
    wanted = {
        "Deposit": str(deposit), "Payer": "ACME HEALTH", "Type": "ERA", "Remit Status": "1",
        "Claim Posted": "Yes", "Paid": "56.00", "Deductible (PR-1)": "30.00", "CoIns (PR-2)": "14.00",
        "CoPay (PR-3)": "0.00", "Adjustments": "50.00", "Information": "44.00", "Any Error": "",
    }  # fmt: skip
    assert {name: posted[name] for name in wanted} == wanted


def test_failures_come_first_grouped_by_error_and_the_filter_widens(
    desk: Desk, wb: Workbench, deposit: int
) -> None:
    screen = page_of(wb, desk.office.supervisor)
    assert [row["Claim XRef"] for row in cells(screen)] == ["B2", "B3"]
    assert [row["cells"][:4] for row in screen.groups.rows] == [
        ["Claim not found", "2", "50.00", ERROR_KINDS["CLAIM_NOT_FOUND"].advice]
    ]
    form = Line(screen.filter)
    form.say("change", name="show", value="posted")
    assert [row["Claim XRef"] for row in cells(screen)] == ["A1"]
    form.say("change", name="search", value="b")
    assert cells(screen) == []
    form.say("press", name="clear")
    assert [row["Claim XRef"] for row in cells(screen)] == ["B2", "B3"]


@pytest.mark.parametrize(
    "params", [{"show": "nonsense"}, {"deposit": "-1"}, {"error": "<script>"}, {"claim": "9" * 30}]
)
def test_an_address_that_makes_no_sense_shows_the_default(
    desk: Desk, wb: Workbench, deposit: int, params: dict[str, str]
) -> None:
    assert len(cells(page_of(wb, desk.office.supervisor, **params))) == 2


def test_a_posting_opens_with_its_account_and_next_goes_on(desk: Desk, wb: Workbench, deposit: int) -> None:
    screen = page_of(wb, desk.office.supervisor, deposit=deposit, show="all")
    grid = Line(screen.grid)
    grid.say("use", id=screen.grid.rows[0]["id"])
    assert screen._drawer is not None
    drawer = screen._drawer
    facts = {fact["label"]: fact["value"] for fact in drawer.facts.facts}
    assert (facts["Claim Posted"], facts["Claim Balance"]) == ("Yes", "44.00")
    assert facts["Claim Status"] == "Ready to Send (statement)"
    account = [(row["cells"][2], *row["cells"][4:7]) for row in drawer.account.rows]
    assert {(kind, amount) for kind, amount, _, _ in account} == {
        ("Insurance payment", "-56.00"), ("Contractual write-off", "-50.00"),
    }  # fmt: skip
    assert account[0][2] == "150.00"
    assert account[0][3] == account[1][2]
    assert account[1][3] == "44.00"
    bar = Line(drawer.bar)
    bar.say("press", name="next")
    assert drawer.dialog.title == "Posting of claim B2"
    assert [row["cells"][1] for row in drawer.errors.rows] == ["Claim not found"]
    assert drawer.errors.rows[0]["cells"][3] == ERROR_KINDS["CLAIM_NOT_FOUND"].advice
    bar.say("press", name="next")
    blocked = {action["name"]: action["blocked"] for action in drawer.bar.actions}
    assert blocked["next"] == "This is the last posting of the list."
    assert blocked["reverse"] == "Only a posted claim can be reversed."
    assert blocked["copy"].startswith("Only what is posted or ignored is copied.")
    assert blocked["edit"] == ""


def test_reverse_then_edit_is_free_and_the_counter_entry_stands_in_the_account(
    desk: Desk, wb: Workbench, deposit: int
) -> None:
    screen = page_of(wb, desk.office.supervisor, deposit=deposit, show="posted")
    Line(screen.grid).say("use", id=screen.grid.rows[0]["id"])
    drawer = screen._drawer
    assert drawer is not None
    assert {a["name"]: a["blocked"] for a in drawer.bar.actions}["edit"] == (
        "The claim is posted. Reverse it first."
    )
    Line(drawer.bar).say("press", name="reverse")
    asked = Line(drawer.acts._reversing._form)
    asked.say("press", name="yes")
    assert drawer.acts._reversing.shown, "without a reason nothing is reversed"
    asked.say("change", name="reason", value="wrong patient")
    asked.say("press", name="yes")
    assert drawer.account.rows[-1]["cells"][6] == "150.00"
    assert drawer.account.rows[-1]["cells"][8] == "wrong patient"
    blocked = {action["name"]: action["blocked"] for action in drawer.bar.actions}
    assert blocked["edit"] == ""
    assert blocked["reverse"] == "Only a posted claim can be reversed."


def test_copy_to_new_posting_asks_for_the_deposit(desk: Desk, wb: Workbench, deposit: int) -> None:
    screen = page_of(wb, desk.office.supervisor, deposit=deposit, show="posted")
    Line(screen.grid).say("use", id=screen.grid.rows[0]["id"])
    drawer = screen._drawer
    assert drawer is not None
    Line(drawer.bar).say("press", name="copy")
    assert drawer.copying.form.values["to"] == deposit
    form = Line(drawer.copying.form)
    form.say("change", name="to", value="")
    form.say("press", name="copy")
    assert form.notices == ["Type the ID of the deposit that gets the copy."]
    form.say("change", name="to", value=str(deposit))
    form.say("press", name="copy")
    assert not drawer.copying.dialog.shown
    assert [(row["pcn"], row["state"]) for row in desk.claims(deposit)][-1] == ("A1", "PENDING")


def test_like_errors_are_ignored_and_the_rest_is_sent_again(desk: Desk, wb: Workbench, deposit: int) -> None:
    screen = page_of(wb, desk.office.supervisor)
    Line(screen.groups).say("action", name="ignore", id="CLAIM_NOT_FOUND")
    ignoring = Line(screen.ignoring._form)
    ignoring.say("change", name="reason", value="of the old system")
    told = Line(screen.filter)
    ignoring.say("press", name="yes")
    assert told.notices == ["2 errors ignored."]
    assert cells(screen) == []
    told.say("press", name="send")
    assert told.notices[-1] == "Select postings first: click them, or press Space on them."
    screen = page_of(wb, desk.office.supervisor, show="all", deposit=deposit)
    Line(screen.grid).say("select", ids=[screen.grid.rows[0]["id"]])
    told = Line(screen.filter)
    told.say("press", name="send")
    assert told.notices == [f"Deposit {deposit}: There is no claim left to post."]


def test_without_the_right_the_buttons_say_so(desk: Desk, wb: Workbench, deposit: int) -> None:
    looks = desk.office.north_clerk
    looker = Actor(
        looks.user_id, looks.login, looks.name, looks.practice_ids, frozenset({Permission.DEPOSIT_VIEW}), False
    )  # fmt: skip
    screen = page_of(wb, looker, deposit=deposit, show="posted")
    Line(screen.grid).say("use", id=screen.grid.rows[0]["id"])
    assert screen._drawer is not None
    blocked = {action["name"]: action["blocked"] for action in screen._drawer.bar.actions}
    for name in ("reverse", "copy", "send"):
        assert blocked[name] == "You may not do this. Ask your supervisor for the right."
