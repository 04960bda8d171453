"""Home without a browser: each work list with count, dollars and age, and where it leads (spec deposits 6.1)."""

from typing import Any

import pytest

from tests.builders import furnish_office
from tests.services.desk_office import Desk, claim, line
from tests.widgets.messages import Line
from workbench.app import Workbench
from workbench.widgets.deposits.view import DepositsScreen
from workbench.widgets.home.view import HomeScreen
from workbench.widgets.kit.shell import Shell
from workbench.widgets.posting.view import PostingScreen

LABELS = [
    *("New Deposits", "Deposit Errors", "Posting Errors", "Zero-pay and denials", "Credits"),
    *("Open provider adjustments", "EFT without ERA", "ERA without EFT"),
]


@pytest.fixture
def desk(wb: Workbench) -> Desk:
    """A credit of 20, a denial, a claim that is not ours, and a WO that waits."""
    made = Desk(furnish_office(wb.database))
    made.our_claim("A1", 10000)
    made.our_claim("D4", 7000)
    sent = made.remit(
        claim("A1", line(10000, 12000, ("PR-2", -2000))),
        claim("B2", line(4000, 4000)),
        claim("D4", line(7000, 0, ("CO-50", 7000)), status="4"),
    )
    wb.deposit_desk.posting.send(made.office.supervisor, sent)
    made.our_claim("C3", 1000)
    made.remit(claim("C3", line(1000, 1000)), provider=[("WO", "X", 100)])
    return made


class Watched(Shell):
    """A frame that keeps where it was sent."""

    def __init__(self) -> None:
        self.gone: list[tuple[str, dict[str, object]]] = []
        super().__init__({}, {}, "home")

    def go(self, page: str, **params: object) -> None:
        self.gone.append((page, params))


def opened(wb: Workbench) -> tuple[HomeScreen, Watched]:
    shell = Watched()
    screen = HomeScreen(wb, shell)
    assert screen.enter({}) == "Home"
    return screen, shell


def read(cell: Any) -> str:
    return cell if isinstance(cell, str) else cell.get("badge") or cell["link"]


def test_each_list_has_its_name_count_dollars_age_and_page(desk: Desk, wb: Workbench) -> None:
    screen, _ = opened(wb)
    shown = [[read(cell) for cell in row["cells"]] for row in screen.lists.rows]
    assert [row[0] for row in shown] == LABELS
    counted = {row[0]: (row[1], row[2], row[5]) for row in shown}
    assert counted == {
        "New Deposits": ("1", "9.00", "Deposits"),
        "Deposit Errors": ("1", "9.00", "Deposits"),
        "Posting Errors": ("1", "40.00", "Posting"),
        "Zero-pay and denials": ("1", "70.00", "Posting"),
        "Credits": ("1", "-20.00", "Posting"),
        "Open provider adjustments": ("1", "1.00", "Deposits"),
        "EFT without ERA": ("0", "0.00", "Bank"),
        "ERA without EFT": ("2", "169.00", "Bank"),
    }
    assert all(int(row[4]) >= 0 for row in shown if row[1] != "0")


# What the page behind a tile lists, told by the row's Claim XRef or deposit amount.
BEHIND = {
    "new_deposits": ("deposits", ["9.00"]),
    "deposit_errors": ("deposits", ["9.00"]),
    "provider_adjustments": ("deposits", ["9.00"]),
    "posting_errors": ("posting", ["B2"]),
    "denials": ("posting", ["D4"]),
    "credits": ("posting", ["A1"]),
}


@pytest.mark.parametrize("name", BEHIND)
def test_the_page_of_a_list_shows_just_that_list(desk: Desk, wb: Workbench, name: str) -> None:
    screen, _ = opened(wb)
    page, found = BEHIND[name]
    (place,) = [row["cells"][5] for row in screen.lists.rows if row["id"] == name]
    assert place["page"] == page
    behind: Any = (DepositsScreen if page == "deposits" else PostingScreen)(wb, Shell({}, {}, page))
    behind.enter(place["params"])
    labels = [column["label"] for column in behind.grid.columns]
    at = labels.index("Deposit ($)" if page == "deposits" else "Claim XRef")
    assert [read(row["cells"][at]) for row in behind.grid.rows] == found


@pytest.mark.parametrize(
    ("name", "about", "what", "page"),
    [
        ("new_deposits", "ACME HEALTH", "New", "deposit"),
        ("posting_errors", "B2", "Claim not found", "posting"),
        ("denials", "D4", "Zero pay denial", "posting"),
        ("credits", "A1", "Credit", "posting"),
        ("provider_adjustments", "ACME HEALTH", "WO", "deposit"),
        ("era_without_eft", "ACME HEALTH", "No EFT", "deposit"),
    ],
)
def test_rows_open_below_and_lead_to_where_they_are_worked(
    desk: Desk, wb: Workbench, name: str, about: str, what: str, page: str
) -> None:
    screen, shell = opened(wb)
    Line(screen.lists).say("use", id=name)
    assert screen.chosen.shown
    labels = [column["label"] for column in screen.items.columns]
    first = dict(zip(labels, map(read, screen.items.rows[0]["cells"]), strict=True))
    assert (first["Payer or Claim XRef"], first["What"]) == (about, what)
    Line(screen.items).say("use", id=screen.items.rows[0]["id"])
    assert [gone for gone, _ in shell.gone] == [page]


def test_a_posting_error_opens_on_its_posting(desk: Desk, wb: Workbench) -> None:
    screen, shell = opened(wb)
    Line(screen.lists).say("use", id="posting_errors")
    Line(screen.items).say("use", id=screen.items.rows[0]["id"])
    ((_, params),) = shell.gone
    posting = PostingScreen(wb, Shell({}, {}, "posting"))
    posting.enter({key: str(value) for key, value in params.items()})
    assert posting._drawer is not None
    assert posting._drawer.dialog.title == "Posting of claim B2"
