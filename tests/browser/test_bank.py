"""The bank page in a real browser: import, match, decide, close the day, report."""

import getpass
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.server import serving
from tests.builders import ACME_ID, Office, furnish_office
from workbench.domain.roles import Role
from workbench.storage import Database
from workbench.storage.tables.deposits import deposits

pytestmark = pytest.mark.browser

DAY = datetime.now(UTC).date() - timedelta(days=1)
DETAILS = (
    f"16,165,500000,0,R1,,HCCLAIMPMT TRN*1*000123*{ACME_ID}\\",  # the exact trace of the first deposit
    "16,165,41000,0,R2,,BLUE RIVER MUTUAL/",  # equal amount and day: a proposal
    "16,165,9000,0,R3,,COUNTER DEPOSIT/",  # two deposits of 60.00 and 30.00, to be split by hand
    "16,165,700,0,R4,,INTEREST PAID <b>HERE</b>/",  # nobody's remittance; its words must stay words
)


def statement(day: date) -> bytes:
    total = 500000 + 41000 + 9000 + 700
    control = 2 * total
    return "\n".join(
        [
            "01,BANK,OFFICE,261103,0600,1,,,2/",
            f"02,OFFICE,BANK,1,{day:%y%m%d},2359,USD,2/",
            f"03,00012345,USD,010,0,,,015,{total},,/",
            *DETAILS,
            f"49,{control},6/",
            f"98,{control},1,8/",
            f"99,{control},1,10/",
        ]
    ).encode()


@pytest.fixture
def bank_office(tmp_path: Path) -> Iterator[str]:
    """Address of a server over an office with four deposits, each test with its own."""
    home = tmp_path / "bank-home"
    home.mkdir()
    database = Database.open(f"sqlite:///{home / 'workbench.sqlite3'}")
    _add_deposits(furnish_office(database))
    with database.transaction() as stores:  # who sits at this machine may do everything
        stores.office.add_user(getpass.getuser(), "Office", roles=[Role.ADMINISTRATOR])
    database.close()
    with serving(home) as served:
        yield served.address


def _add_deposits(office: Office) -> None:
    moment = datetime.now(UTC)
    user = office.north_clerk.user_id
    common = {
        "practice_id": office.north, "type": "ERA", "status": "NEW", "owner_id": user, "created_by_id": user,
        "deposited_date": DAY, "received_at": moment, "created_at": moment, "payer_id": office.acme,
        "payer_name": "ACME HEALTH", "payer_identifier": ACME_ID, "pay_method": "ACH",
    }  # fmt: skip
    with office.database.transaction() as stores:
        for cents, check in ((500000, "123"), (41000, "124"), (6000, "125"), (3000, "126")):
            stores.connection.execute(
                sa.insert(deposits).values(**common, deposit_cents=cents, check_number=check)
            )


@pytest.fixture
def page(bank_office: str, open_tab: OpenPage) -> Page:
    return open_tab(f"{bank_office}/bank", width=1500, height=950)


def grid(page: Page, name: str) -> Locator:
    return page.get_by_role("grid", name=name, exact=True)


def rows(page: Page, name: str) -> Locator:
    return grid(page, name).locator("tbody").get_by_role("row")


def pick(page: Page, name: str, *texts: str) -> None:
    """Selects the rows with these texts, with Ctrl from the second on."""
    for number, text in enumerate(texts):
        cell = rows(page, name).filter(has_text=text).get_by_role("gridcell").nth(2)
        cell.click(modifiers=["ControlOrMeta"] if number else [])


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def give_reason(page: Page, text: str) -> None:
    dialog = page.get_by_role("dialog", name="Reason")
    dialog.get_by_role("textbox", name="Reason").fill(text)
    dialog.get_by_role("button", name="Go on").click()
    expect(dialog).to_be_hidden()


def take_statement(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "day.bai"
    file.write_bytes(statement(DAY))
    page.keyboard.press("Alt+KeyI")
    dialog = page.get_by_role("dialog", name="Import Bank Files")
    dialog.locator("input[type=file]").set_input_files(file)
    expect(dialog.get_by_text("4 lines stored")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def unreconciled(page: Page) -> str:
    fact = page.locator(".wb-fact").filter(has_text="Unreconciled ($)")
    found = re.search(r"-?[0-9,]+\.[0-9]{2}", fact.inner_text())
    assert found is not None
    return found[0]


def test_a_day_from_statement_to_lock_and_report(
    page: Page, tmp_path: Path, screenshot: Callable[[Page, str], Path]
) -> None:
    expect(rows(page, "Deposits")).to_have_count(4)
    take_statement(page, tmp_path)
    expect(rows(page, "Bank Lines")).to_have_count(4)
    expect(grid(page, "Bank Lines").get_by_text("INTEREST PAID <b>HERE</b>")).to_be_visible()
    assert unreconciled(page) == "7.00"

    screenshot(page, "lines")
    press(page, "Match All")
    expect(
        page.get_by_role("status")
        .or_(page.get_by_role("alert"))
        .filter(has_text="1 confirmed (5,000.00)")
        .first
    ).to_be_visible()
    expect(rows(page, "Bank Lines")).to_have_count(3)  # the exact trace confirmed itself
    proposal = rows(page, "Proposals").filter(has_text="410.00")
    expect(proposal).to_contain_text("Amount is equal")
    proposal.get_by_role("gridcell").nth(1).click()
    screenshot(page, "proposals")
    press(page, "Accept")
    expect(rows(page, "Bank Lines")).to_have_count(2)

    expect(rows(page, "Proposals")).to_have_count(0)
    pick(page, "Bank Lines", "COUNTER DEPOSIT")
    pick(page, "Deposits", "125", "126")
    expect(page.locator(".wb-fact").filter(has_text="Difference ($)")).to_contain_text("0.00")
    press(page, "Split")
    expect(rows(page, "Bank Lines")).to_have_count(1)

    pick(page, "Bank Lines", "INTEREST")
    press(page, "Not Ours")
    give_reason(page, "interest")
    expect(page.get_by_text("No bank line here.")).to_be_visible()
    assert unreconciled(page) == "0.00"

    press(page, "Day Close")
    days = page.get_by_role("dialog", name="Day Close")
    expect(days.get_by_role("grid", name="Bank Days")).to_contain_text("5,507.00")
    days.get_by_role("button", name="Sign and Lock").click()
    expect(days.get_by_role("grid", name="Bank Days")).to_contain_text("locked by")
    assert violations(page) == []
    screenshot(page, "days")
    page.keyboard.press("Escape")

    page.get_by_label("Show", exact=True).select_option("all")
    pick(page, "Bank Lines", "COUNTER DEPOSIT")
    press(page, "Unmatch")
    dialog = page.get_by_role("dialog", name="Reason")
    dialog.get_by_role("textbox", name="Reason").fill("wrong")
    dialog.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert").filter(has_text="is locked").first).to_be_visible()
    page.keyboard.press("Escape")


def test_unmatch_brings_both_sides_back(page: Page, tmp_path: Path) -> None:
    take_statement(page, tmp_path)
    pick(page, "Bank Lines", "BLUE RIVER")
    pick(page, "Deposits", "124")
    press(page, "Match")
    expect(rows(page, "Deposits")).to_have_count(3)
    page.get_by_label("Show", exact=True).select_option("all")
    pick(page, "Bank Lines", "BLUE RIVER")
    press(page, "Unmatch")
    give_reason(page, "another payer")
    page.get_by_label("Show", exact=True).select_option("open")
    expect(rows(page, "Deposits")).to_have_count(4)
    assert unreconciled(page) == "7.00"


def test_a_button_that_cannot_be_used_says_why(page: Page, tmp_path: Path) -> None:
    take_statement(page, tmp_path)
    split = page.get_by_role("button", name="Split", exact=True)
    expect(split).to_have_attribute("aria-disabled", "true")
    split.click(force=True)  # it only looks disabled, so that its reason can be reached
    expect(page.get_by_text("Select one bank line and its deposits.").first).to_be_visible()
    pick(page, "Bank Lines", "BLUE RIVER")
    pick(page, "Deposits", "125")
    press(page, "Match")
    expect(page.get_by_role("dialog", name="Reason")).to_contain_text("differ by 350.00")
    page.keyboard.press("Escape")
    assert violations(page) == []


def test_accounts_and_the_letter_to_the_payer(page: Page, tmp_path: Path) -> None:
    take_statement(page, tmp_path)
    press(page, "Accounts")
    accounts = page.get_by_role("dialog", name="Bank Accounts")
    accounts.get_by_role("textbox", name="Name").fill("Operating")
    accounts.get_by_label("Practice", exact=True).select_option("North Anesthesia")
    accounts.get_by_role("button", name="Save Account").click()
    expect(accounts.get_by_role("grid", name="Bank Accounts")).to_contain_text("OperatingNorth Anesthesia")
    assert violations(page) == []
    page.keyboard.press("Escape")
    pick(page, "Bank Lines", "HCCLAIMPMT")
    press(page, "Request Remittance")
    letter = page.get_by_role("dialog", name="Request Remittance")
    expect(letter.get_by_role("textbox")).to_have_value(re.compile("EFT trace number: 000123"))
    assert violations(page) == []


def test_reports_show_their_picture_and_come_as_files(
    page: Page, screenshot: Callable[[Page, str], Path]
) -> None:
    press(page, "Reports")
    dialog = page.get_by_role("dialog", name="Reports")
    dialog.get_by_role("button", name="Show Report").click()
    report = dialog.get_by_role("grid", name="Deposit Reconciliation")
    expect(report.locator("tfoot")).to_contain_text("5,500.00")
    expect(dialog.get_by_role("img", name=re.compile("Deposit Reconciliation"))).to_be_visible()
    screenshot(page, "report")
    for form in ("CSV", "XLSX", "PDF"):
        with page.expect_download() as download:
            dialog.get_by_role("button", name=form, exact=True).click()
        assert download.value.suggested_filename == f"reconciliation.{form.lower()}"
    assert violations(page) == []
    dialog.get_by_label("Report", exact=True).select_option("snapshot")
    dialog.get_by_label("Group by 1").select_option("payer")
    dialog.get_by_role("button", name="Show Report").click()
    expect(dialog.get_by_role("grid", name="Financial Snapshot by Deposit Date")).to_contain_text(
        "ACME HEALTH"
    )
