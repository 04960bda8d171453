"""The bank page without a browser: what it shows, and why a button cannot be used."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import Office
from tests.widgets.messages import Line
from workbench.config import Settings
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.services.bank.bank_desk import BankDesk
from workbench.storage.tables.deposits import deposits
from workbench.widgets.bank.model import BankModel
from workbench.widgets.bank.view import BankScreen
from workbench.widgets.kit.shell import Shell

DAY = date(2026, 11, 2)
STATEMENT = b"""01,BANK,OFFICE,261103,0600,1,,,2/
02,OFFICE,BANK,1,261102,2359,USD,2/
03,00012345,USD,010,0,,,015,10700,,/
16,165,5000,0,R1,,PAYER A/
16,165,3000,0,R2,,PAYER B/
16,165,2000,0,R3,,PAYER B/
16,165,700,0,R4,,INTEREST/
49,21400,6/
98,21400,1,8/
99,21400,1,10/
"""


class Desk:
    """An opened workbench with three deposits, 50.00, 41.00 and 9.00, and the statement above."""

    def __init__(self, office: Office, home: Path) -> None:
        self.actor: Actor = office.north_clerk
        self.bank = BankDesk(office.database)
        self.settings = Settings(home, "")
        moment = datetime(2026, 11, 2, tzinfo=UTC)
        common = {
            "practice_id": office.north, "type": "ERA", "status": "NEW", "owner_id": self.actor.user_id,
            "created_by_id": self.actor.user_id, "deposited_date": DAY, "received_at": moment, "created_at": moment,
            "payer_name": "ACME HEALTH",
        }  # fmt: skip
        with office.database.transaction() as stores:
            for cents in (5000, 4100, 900):
                stores.connection.execute(sa.insert(deposits).values(**common, deposit_cents=cents))
        self.bank.imports.import_file(self.actor, "day.bai", STATEMENT)


@pytest.fixture
def desk(office: Office, home: Path) -> Desk:
    return Desk(office, home)


@pytest.fixture
def model(desk: Desk) -> BankModel:
    made = BankModel(desk, lambda: DAY)
    made.refresh()
    return made


@pytest.fixture
def screen(desk: Desk) -> BankScreen:
    made = BankScreen(desk, Shell({}, {}, "bank"))
    assert made.enter({}) == "Bank"
    return made


def test_both_lists_and_the_running_total(model: BankModel) -> None:
    assert [line.amount_cents for line in model.lines] == [5000, 3000, 2000, 700]
    assert [deposit.amount_cents for deposit in model.deposits] == [5000, 4100, 900]
    total = model.unreconciled()
    assert (total.lines_cents, total.deposits_cents, total.difference_cents) == (10700, 10000, 700)


@pytest.mark.parametrize(
    ("lines", "paid", "free"),
    [
        ([], [], set()),
        ([1], [], {"not_ours", "to_check"}),
        ([1], [1], {"match", "not_ours", "to_check"}),
        ([1], [2, 3], {"split", "not_ours", "to_check"}),
        ([2, 3], [1], {"merge", "not_ours", "to_check"}),
        ([], [1], set()),
    ],
)
def test_which_buttons_can_be_used(
    model: BankModel, lines: list[int], paid: list[int], free: set[str]
) -> None:
    model.choose(lines, paid, [])
    decisions = {"accept", "reject", "match", "split", "merge", "unmatch", "not_ours", "to_check", "clear"}
    assert decisions - set(model.blockers()) == free
    assert all(model.blockers().values())


def test_a_person_without_the_right_is_told_so(model: BankModel, desk: Desk) -> None:
    desk.actor = replace(desk.actor, permissions=frozenset({Permission.BANK_VIEW}))
    model.choose([1], [1], [])
    assert {"match", "accept", "match_all", "import", "days"} <= set(model.blockers())


def test_match_split_merge_and_unmatch_in_one_step_each(model: BankModel) -> None:
    model.choose([1], [2, 3], [])
    assert model.question("split") == ""
    model.do("split")
    model.refresh()
    model.choose([2, 3], [1], [])
    model.do("merge")
    model.refresh()
    assert [line.amount_cents for line in model.lines] == [700]
    assert model.unreconciled().deposits_cents == 0
    model.show = "all"
    model.refresh()
    model.choose([2], [], [])
    assert "unmatch" not in model.blockers()
    assert model.question("unmatch")
    assert model.do("unmatch", "wrong") == "1 match taken back."
    assert model.unreconciled().deposits_cents == 5000


def test_a_difference_asks_for_a_reason(model: BankModel) -> None:
    model.choose([2], [2], [])
    assert model.question("match") == "Bank and deposits differ by -11.00. Say why."


def test_to_a_match_a_line_can_be_added(model: BankModel) -> None:
    model.choose([2], [1], [])
    model.do("match", "rest follows")
    model.show = "all"
    model.refresh()
    model.choose([2, 3], [], [])
    assert "merge" not in model.blockers()
    model.do("merge")
    model.refresh()
    assert [deposit.state.value for deposit in model.deposits if deposit.id == 1] == ["matched"]


def test_marks_and_their_clearing(model: BankModel) -> None:
    model.choose([4], [], [])
    assert model.question("not_ours")
    assert model.do("not_ours", "interest") == "1 line marked not ours."
    model.show = "all"
    model.refresh()
    model.choose([4], [], [])
    assert "clear" not in model.blockers()
    model.do("clear")
    model.show = "open"
    model.refresh()
    assert len(model.lines) == 4


def test_find_looks_at_words_and_amounts(model: BankModel) -> None:
    for text, found in (("payer b", [3000, 2000]), ("50.00", [5000]), ("7.0", [700]), ("R4", [700])):
        model.search = text
        model.refresh()
        assert [line.amount_cents for line in model.lines] == found


def test_a_page_of_a_list_is_sorted_and_counted_by_the_database(screen: BankScreen) -> None:
    lines, deposits = Line(screen.lines), Line(screen.deposits)
    lines.say("size", size=3)
    lines.say("sort", key="amount_cents")
    assert [row["cells"][1] for row in screen.lines.rows] == ["7.00", "20.00", "30.00"]
    lines.say("page", page=2)
    assert [row["cells"][1] for row in screen.lines.rows] == ["50.00"]
    assert screen.lines.total == 4
    screen.model.choose([screen.lines.rows[0]["id"]], [], [])
    screen.model.do("not_ours", "a transfer")
    screen.refresh()  # the page that is empty now gives way to the one before it
    assert (screen.lines.page, len(screen.lines.rows)) == (1, 3)
    for key in ("state", "payer_name", "day", "amount_cents"):
        deposits.say("sort", key=key)
    deposits.say("sort", key="amount_cents")
    assert [row["cells"][2] for row in screen.deposits.rows] == ["50.00", "41.00", "9.00"]
    Line(screen.filter).say("change", name="search", text="payer a", value="payer a")
    assert (screen.lines.page, screen.lines.total) == (1, 0)


def test_the_selection_of_the_browser_moves_facts_and_buttons(screen: BankScreen) -> None:
    screen.lines.set_state({"selection": [1]})
    screen.deposits.set_state({"selection": [1, 99]})
    assert screen.model.chosen.difference_cents == 0
    assert {fact["label"] for fact in screen.facts.facts} >= {
        "Unreconciled ($)",
        "Selected lines ($)",
        "Difference ($)",
    }
    wire = Line(screen.decide)
    wire.say("press", name="match")
    assert screen.model.unreconciled().lines_cents == 5700
    assert [row["id"] for row in screen.lines.rows] == [2, 3, 4]


def test_proposals_are_accepted_from_the_page(screen: BankScreen) -> None:
    Line(screen.filter).say("press", name="match_all")
    (proposal,) = screen.proposals.rows
    screen.proposals.set_state({"selection": [proposal["id"]]})
    assert [row["tone"] for row in screen.lines.rows] == ["accent", "", "", ""]
    assert [row["tone"] for row in screen.deposits.rows] == ["accent", "", ""]
    Line(screen.decide).say("press", name="accept")
    assert screen.proposals.rows == []
    assert screen.model.unreconciled().lines_cents == 5700


def test_unmatch_waits_for_its_reason(screen: BankScreen) -> None:
    screen.lines.set_state({"selection": [1]})
    screen.deposits.set_state({"selection": [1]})
    Line(screen.decide).say("press", name="match")
    Line(screen.filter).say("change", name="show", text="all", value="all")
    screen.lines.set_state({"selection": [1]})
    Line(screen.decide).say("press", name="unmatch")
    assert screen.asking.shown
    screen.asking._form.values["reason"] = "wrong"
    screen.asking._pressed("yes")
    assert screen.model.unreconciled().lines_cents == 10700


def test_a_day_is_locked_and_reopened_in_the_window(screen: BankScreen, desk: Desk) -> None:
    for line in screen.model.lines:
        screen.model.choose([line.id], [], [])
        screen.model.do("not_ours", "test")
    screen.days._today = lambda: DAY
    screen.days.open()
    assert [row["id"] for row in screen.days.grid.rows] == [DAY.isoformat()]
    Line(screen.days.grid).say("action", id=DAY.isoformat(), name="lock")
    assert "locked by North Clerk" in str(screen.days.grid.rows)
    screen.days.act("reopen", DAY.isoformat())
    screen.days.reopening._form.values["reason"] = "late line"
    screen.days.reopening._pressed("yes")
    assert "Sign and Lock" in str(screen.days.grid.rows)


def test_a_new_table_asks_for_its_profile_and_is_then_read(
    screen: BankScreen, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("Date,Description,Amount\n11/02/2026,PAYER A,10.00\n")
    assert screen.imports.take(path, "bank.csv").word == "rejected"
    assert screen.imports.profile_panel.shown
    screen.imports.save_profile()
    assert screen.imports.profile.errors
    screen.imports.profile.fill({"name": "Our bank", "account": "777"})
    screen.imports.save_profile()
    assert not screen.imports.profile_panel.shown
    assert [line.amount_cents for line in screen.model.lines].count(1000) == 1


def test_an_account_gets_a_name_and_a_practice(screen: BankScreen, desk: Desk) -> None:
    desk.actor = replace(desk.actor, sees_unassigned=True)
    Line(screen.filter).say("press", name="accounts")
    assert screen.accounts.form.values["number"] == "00012345"
    screen.accounts.form.fill({"name": "Operating", "practice": ""})
    Line(screen.accounts.form).say("press", name="save")
    (account,) = screen.model.accounts()
    assert (account.name, account.practice_id) == ("Operating", None)
    assert "Shared by practices" in str(screen.accounts.grid.rows)


def test_the_payer_is_asked_for_a_missing_remittance(screen: BankScreen) -> None:
    assert "ask" in screen.model.blockers()
    screen.lines.set_state({"selection": [1]})
    Line(screen.decide).say("press", name="ask")
    assert "Amount: 50.00 USD" in str(screen.letter.values["text"])


def test_reports_on_screen_and_as_files(screen: BankScreen) -> None:
    window = screen.reports
    window._today = lambda: DAY
    window.open()
    window.press("show")
    (grid,) = window.body.children
    assert [row["cells"][6] for row in grid.rows] == ["50.00", "41.00", "9.00"]
    plot: Any = window._plot()
    assert plot.image.startswith(b"<svg")
    assert plot.numbers[1] == ["11/02/2026", "100.00", "0.00", "0.00"]
    sent: list[tuple[dict[str, Any], list[bytes]]] = []
    window.download.send = lambda content, buffers: sent.append((content, buffers))
    window.press("pdf")
    assert (sent[0][0]["name"], sent[0][1][0][:4]) == ("reconciliation.pdf", b"%PDF")
