"""The Deposits page without a browser: filters, what a person lets it remember, and its columns (spec 6.2, 6.10)."""

from datetime import date
from typing import Any

import pytest

from tests.builders import ACME_ID, furnish_office
from tests.services.desk_office import Desk, claim, line
from tests.services.test_bank import bai2
from tests.widgets.messages import Line
from workbench.app import Workbench
from workbench.services.bank.importing import BankImport
from workbench.services.bank.matching import BankMatching
from workbench.widgets.deposits.view import DepositsScreen
from workbench.widgets.kit.grid import View
from workbench.widgets.kit.shell import Shell


@pytest.fixture
def desk(wb: Workbench) -> Desk:
    """Two checks: 56.00 posted, 40.00 new."""
    made = Desk(furnish_office(wb.database))
    made.our_claim("A1", 15000)
    posted = made.remit(claim("A1", line(15000, 5600, ("CO-45", 5000), ("PR-1", 3000), ("PR-2", 1400))))
    made.remit(claim("B2", line(4000, 4000)), payer="zenith")
    wb.deposit_desk.posting.send(made.office.supervisor, posted)
    return made


def opened(wb: Workbench, **params: str) -> DepositsScreen:
    screen = DepositsScreen(wb, Shell({}, {}, "deposits"))
    assert screen.enter(params) == "Deposits"
    return screen


def amounts(screen: DepositsScreen) -> list[str]:
    return [cell(screen, row, "Deposit ($)") for row in screen.grid.rows]


def cell(screen: DepositsScreen, row: dict[str, Any], label: str) -> str:
    found = row["cells"][[column["label"] for column in screen.grid.columns].index(label)]
    return found if isinstance(found, str) else found.get("badge") or found.get("text") or found["link"]


def labels(screen: DepositsScreen) -> list[str]:
    return [column["label"] for column in screen.grid.columns]


# Spec 6.2, "Advanced search": each narrows to one of the two checks, or to none.
FILTERS = [
    ({"posting_status": "DISBURSED"}, ["56.00"]),
    ({"posting_status": "NOT_DISBURSED"}, ["40.00"]),
    ({"type": "EOB"}, []),
    ({"pay_type": "Patient payment"}, []),
    ({"pay_type": "Insurance payment"}, ["56.00", "40.00"]),
    ({"pay_method": "CHECK"}, []),
    ({"amount_from_cents": "50"}, ["56.00"]),
    ({"amount_to_cents": "50"}, ["40.00"]),
    ({"deposited_from": "03/03/2026"}, []),
    ({"deposited_to": "03/02/2026"}, ["56.00", "40.00"]),
    ({"inside": "B2"}, ["40.00"]),
    ({"error_code": "CLAIM_NOT_FOUND"}, ["40.00"]),
    ({"with_errors": True}, ["40.00"]),
    ({"with_deposit_errors": True}, []),
    ({"search": "zen"}, ["40.00"]),
    ({"check_number": "T000001"}, ["56.00"]),
    ({"import_file": "835"}, ["56.00", "40.00"]),
    ({"import_file": "no such"}, []),
    ({"has_exclusions": True}, []),
    ({"has_provider_adjustments": True}, []),
]


@pytest.mark.parametrize(("typed", "found"), FILTERS)
def test_each_filter_narrows_and_clear_shows_what_needs_work(
    desk: Desk, wb: Workbench, typed: dict[str, Any], found: list[str]
) -> None:
    screen = opened(wb)
    form = Line(screen.filter)
    form.say("change", name="show", value="all")
    for name, value in typed.items():
        form.say("change", name=name, value=value)
    assert amounts(screen) == found
    form.say("press", name="clear")
    assert amounts(screen) == ["40.00"], "the posted one is disbursed and needs nothing"


def test_the_owner_is_a_filter_and_a_column(desk: Desk, wb: Workbench) -> None:
    screen = opened(wb)
    form = Line(screen.filter)
    form.say("change", name="show", value="all")
    owner = next(field for field in screen.filter.fields if field["name"] == "owner_id")
    assert [text for _, text in owner["options"]] == ["Any", "Supervisor"]
    form.say("change", name="owner_id", value=owner["options"][1][0])
    assert len(amounts(screen)) == 2


def test_the_bank_match_is_a_column_a_filter_and_a_sort(desk: Desk, wb: Workbench) -> None:
    """Spec 6.2, 7.3: the check of 56.00 has a bank line with its trace, that of 40.00 has none."""
    boss = desk.office.supervisor
    paid = f"5600,,,PAYMENT TRN*1*T000001*{ACME_ID}\\"
    BankImport(wb.database).import_file(boss, "day.bai", bai2(paid, day="260302"))
    BankMatching(wb.database).run(boss)
    screen = opened(wb)
    form = Line(screen.filter)
    form.say("change", name="show", value="all")
    states = [cell(screen, row, "Bank Match") for row in screen.grid.rows]
    assert states == ["matched", "no bank line yet"]
    form.say("change", name="bank_state", value="no bank line yet")
    assert amounts(screen) == ["40.00"]
    assert screen.grid.totals[labels(screen).index("Deposit ($)")] == "40.00", "totals are of the filter"
    form.say("change", name="bank_state", value="proposed")
    assert amounts(screen) == []
    form.say("change", name="bank_state", value="")
    screen.grid.set_view(View("bank_state", descending=True))
    screen.refresh()
    assert amounts(screen) == ["40.00", "56.00"]
    first = screen.grid.rows[0]["id"]
    wb.deposits.ignore(boss, first, "sent by mistake", wb.deposits.get(boss, first).row.version)
    screen.refresh()
    assert [cell(screen, row, "Bank Match") for row in screen.grid.rows] == ["matched", "-"]


def test_an_amount_that_nobody_could_read_is_no_zero_in_the_list(desk: Desk, wb: Workbench) -> None:
    content = desk.file(claim("C3", line(7000, 7000))).replace(b"BPR*I*70*", b"BPR*I*7O*")
    (deposit,) = desk.take_in(content).deposits
    screen = opened(wb)
    row = next(row for row in screen.grid.rows if row["id"] == deposit.id)
    for label in ("Deposit ($)", "Balance ($)", "Unreconciled ($)"):
        assert cell(screen, row, label) == "unreadable"
    assert cell(screen, row, "Payments ($)") == "70.00"
    assert cell(screen, row, "Bank Match") == "no bank line yet", "and so it is not a check of nothing"


def test_a_filter_is_remembered_only_when_it_was_asked_for(desk: Desk, wb: Workbench) -> None:
    screen = opened(wb)
    form = Line(screen.filter)
    form.say("change", name="show", value="all")
    form.say("change", name="payer_id", value=desk.office.acme)
    form.say("change", name="deposited_from", value="03/01/2026")
    assert amounts(opened(wb)) == ["40.00"], "nothing was remembered yet"
    form.say("press", name="remember")
    again = opened(wb)
    assert amounts(again) == ["56.00"]
    assert again.filter.texts["payer_id"] == "ACME HEALTH"
    assert again.filter.values["deposited_from"] == date(2026, 3, 1)
    assert again.filter.hidden == [], "what narrows the list is in sight"
    assert amounts(opened(wb, show="NEW")) == ["40.00"], "the address goes before what was remembered"
    kept = Line(again.filter)
    kept.say("press", name="clear")
    kept.say("press", name="remember")
    assert amounts(opened(wb)) == ["40.00"]


def test_columns_are_chosen_and_remembered(desk: Desk, wb: Workbench) -> None:
    screen = opened(wb)
    assert "Owner" not in labels(screen)
    Line(screen.filter).say("press", name="columns")
    assert screen._columns is not None
    form = Line(screen._columns.form)
    form.say("change", name="owner", value=True)
    form.say("change", name="posted_paid_cents", value=True)
    form.say("change", name="payer_name", value=False)
    form.say("press", name="save")
    for shown in (screen, opened(wb)):
        assert {"Owner", "Posted Paid ($)"} <= set(labels(shown))
        assert "Payer" not in labels(shown)
        (row,) = shown.grid.rows
        assert len(row["cells"]) == len(labels(shown)) == len(shown.grid.totals)
        assert cell(shown, row, "Owner") == "Supervisor"
        assert cell(shown, row, "Posted Paid ($)") == "0.00"
    form.say("press", name="all")
    assert labels(opened(wb)) == [label for _, label in screen.grid.every_column]
