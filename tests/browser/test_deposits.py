"""The deposits list in a real browser, on the demo data."""

# ruff: noqa: S608 - the statements are put together from the tests' own words

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage, dollars

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
# Spec 6.2, the union of both pages; an ignored one is never open (2.3).
NEEDS_WORK = (
    "voided_at IS NULL AND status <> 'IGNORE' AND "
    "(status IN ('BUILD', 'NEW') OR open_errors > 0 OR disbursed_at IS NULL)"
)


@pytest.fixture
def page(demo_office: DemoOffice, open_tab: OpenPage) -> Page:
    return open_tab(f"{demo_office.address}/deposits")


def grid(page: Page) -> Locator:
    return page.get_by_role("grid", name="Deposits")


def ids(page: Page) -> Locator:
    return grid(page).locator("tbody tr td:first-child")


def expect_count(page: Page, count: int) -> None:
    expect(page.locator(".wb-count").first).to_have_text(re.compile(rf" of {count:,}$"))


def test_default_is_what_needs_work_oldest_first_with_totals_of_all_of_it(
    page: Page, demo_office: DemoOffice
) -> None:
    expect(page.get_by_label("Show", exact=True)).to_have_value("work")
    wanted = demo_office.ask(
        f"SELECT id FROM deposits WHERE {NEEDS_WORK} ORDER BY coalesce(deposited_date, issued_date) IS NULL, coalesce(deposited_date, issued_date), id"
    )
    expect_count(page, len(wanted))
    expect(ids(page)).to_have_text([str(row[0]) for row in wanted])
    ((deposit, payments, adjustment),) = demo_office.ask(
        f"SELECT sum(deposit_cents), sum(payments_cents), sum(adjustments_cents) FROM deposits WHERE {NEEDS_WORK}"
    )
    foot = grid(page).locator("tfoot")
    for cents in (deposit, payments, adjustment, deposit - payments - adjustment):
        expect(foot.get_by_text(dollars(cents), exact=True)).to_be_visible()


def test_headings_are_the_seeds_words(page: Page) -> None:
    for heading in (
        *("ID", "Type", "Status", "Deposited", "Production", "Check #", "Payer"),
        *("Deposit ($)", "Payments ($)", "Adjustment ($)", "Balance ($)", "Unreconciled ($)"),
    ):
        expect(grid(page).get_by_role("columnheader", name=heading, exact=True)).to_be_visible()


def test_deposits_that_the_bank_has_are_found_by_their_match(page: Page, demo_office: DemoOffice) -> None:
    """Spec 6.2 and 7.3, against the matches themselves."""
    page.get_by_label("Show", exact=True).select_option("all")
    page.get_by_role("button", name="Advanced Search").click()
    page.get_by_label("Bank Match").select_option("matched")
    wanted = demo_office.ask(
        "SELECT i.deposit_id FROM bank_match_items i JOIN bank_matches m ON m.id = i.match_id "
        "JOIN deposits d ON d.id = i.deposit_id WHERE i.live AND m.state = 'confirmed' AND m.difference_cents = 0 "
        "AND d.status IN ('NEW', 'SENT_TO_POSTING')"
    )
    assert wanted, "the demo has matches"
    expect_count(page, len(wanted))
    assert set(ids(page).all_inner_texts()) == {str(row[0]) for row in wanted}
    column = grid(page).get_by_role("columnheader", name="Bank Match")
    at = int(column.get_attribute("aria-colindex") or "0")
    states = grid(page).locator(f"tbody tr td[aria-colindex='{at}']")
    expect(states).to_have_text(["matched"] * len(wanted))
    assert violations(page) == []


@pytest.mark.parametrize("part", ["id", "check", "payer"])
def test_quick_search_finds_by_id_check_and_payer(page: Page, demo_office: DemoOffice, part: str) -> None:
    found = demo_office.largest_deposit()
    ((check, payer),) = demo_office.ask("SELECT check_number, payer_name FROM deposits WHERE id = ?", found)
    text = {"id": str(found), "check": check[:-2].lower(), "payer": payer[3:12].title()}[part]
    page.get_by_label("Show", exact=True).select_option("all")
    page.get_by_role("searchbox", name="Quick Search").press_sequentially(text)
    expect(grid(page).get_by_role("link", name=str(found), exact=True)).to_be_visible()
    column = {"id": "id", "check": "check_number", "payer": "payer_name"}[part]
    pattern = text if part == "id" else f"%{text}%"
    wanted = demo_office.ask(f"SELECT id FROM deposits WHERE {column} LIKE ? AND voided_at IS NULL", pattern)
    expect_count(page, len(wanted))
    assert set(ids(page).all_inner_texts()) == {str(row[0]) for row in wanted}


def test_filters_narrow_sorts_turn_and_clear_brings_everything_back(
    page: Page, demo_office: DemoOffice
) -> None:
    page.get_by_role("button", name="Advanced Search").click()
    page.get_by_label("Amount From").fill("10,000")
    page.get_by_label("Amount To").fill("50000")
    page.get_by_label("Amount To").press("Tab")
    between = f"{NEEDS_WORK} AND deposit_cents BETWEEN 1000000 AND 5000000"
    wanted = demo_office.ask(f"SELECT id FROM deposits WHERE {between} ORDER BY deposit_cents DESC, id")
    expect_count(page, len(wanted))
    heading = grid(page).get_by_role("columnheader", name="Deposit ($)")
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(ids(page)).to_have_text([str(row[0]) for row in wanted])
    page.get_by_label("Not reconciled").check()
    unreconciled = "deposit_cents - payments_cents - exclusions_cents - reported_cents <> 0"
    wanted = demo_office.ask(f"SELECT id FROM deposits WHERE {between} AND {unreconciled}")
    expect_count(page, len(wanted))
    page.get_by_role("button", name="Clear Filter").click()
    expect_count(page, demo_office.ask(f"SELECT count(*) FROM deposits WHERE {NEEDS_WORK}")[0][0])
    expect(page.get_by_label("Not reconciled")).not_to_be_checked()


def test_nothing_found_says_what_to_do(page: Page) -> None:
    page.get_by_role("searchbox", name="Quick Search").fill("no such payer")
    expect(
        page.get_by_text("No deposit fits this filter. Clear Filter shows what needs work.")
    ).to_be_visible()


def test_the_ignored_ones_are_found_by_their_status(page: Page, demo_office: DemoOffice) -> None:
    page.get_by_label("Show", exact=True).select_option("IGNORE")
    wanted = demo_office.ask("SELECT id FROM deposits WHERE status = 'IGNORE'")
    expect_count(page, len(wanted))
    assert set(ids(page).all_inner_texts()) == {str(row[0]) for row in wanted}


def test_no_serious_accessibility_violation(page: Page) -> None:
    page.get_by_role("button", name="Advanced Search").click()
    page.get_by_label("Import File").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Import ERA").click()
    page.get_by_role("dialog", name="Import ERA").wait_for()
    assert violations(page) == []


def test_an_office_without_data_says_what_to_do(empty_office: str, open_tab: OpenPage) -> None:
    page = open_tab(f"{empty_office}/deposits")
    expect(page.get_by_text("Bring the day's remittance files in with Import ERA")).to_be_visible()
    assert violations(page) == []


def test_import_by_upload_tells_what_became_of_each_file(empty_office: str, open_tab: OpenPage) -> None:
    page = open_tab(f"{empty_office}/deposits")
    page.keyboard.press("Alt+KeyI")
    dialog = page.get_by_role("dialog", name="Import ERA")
    files = [SAMPLES / name for name in ("balanced.835", "damaged.835", "not-an-835.txt")]
    dialog.locator("input[type=file]").set_input_files(files)
    expect(dialog.get_by_text("3 files: 2 new, 1 rejected.")).to_be_visible()
    outcomes = dialog.get_by_role("listitem")
    expect(outcomes.filter(has_text="balanced.835").first).to_contain_text("Stored: 1 deposit, 3 claims.")
    expect(outcomes.filter(has_text="not-an-835.txt").first).to_contain_text("Nothing of it could be read")
    dialog.locator("input[type=file]").set_input_files(SAMPLES / "balanced.835")
    expect(dialog.get_by_text("1 file: 1 duplicate.")).to_be_visible()
    dialog.get_by_role("textbox", name="Folder on the server").fill(str(SAMPLES))
    dialog.get_by_role("button", name="Import Folder").click()
    expect(dialog.get_by_text("7 files:")).to_be_visible()
    dialog.get_by_role("textbox", name="Folder on the server").fill("nowhere")
    dialog.get_by_role("button", name="Import Folder").click()
    expect(dialog.get_by_role("alert")).to_contain_text("whole path of a folder")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(grid(page).get_by_role("row").nth(1)).to_be_visible()


def test_work_lists_of_the_home_page_open_below_and_lead_to_the_deposit(
    demo_office: DemoOffice, open_tab: OpenPage
) -> None:
    page = open_tab(demo_office.address)
    lists = page.get_by_role("grid", name="Work Lists")
    new = demo_office.ask(
        "SELECT count(*), sum(deposit_cents) FROM deposits WHERE status = 'NEW' AND voided_at IS NULL"
    )
    row = lists.get_by_role("row").filter(has_text="New Deposits")
    expect(row.get_by_role("gridcell").nth(1)).to_have_text(f"{new[0][0]:,}")
    expect(row.get_by_role("gridcell").nth(2)).to_have_text(dollars(new[0][1]))
    row.get_by_role("link").first.click()
    waiting = page.get_by_role("grid", name="Waiting")
    expect(waiting.locator("tbody tr")).to_have_count(new[0][0])
    assert violations(page) == []
    first = waiting.get_by_role("link").first
    deposit = first.inner_text()
    first.click()
    expect(page.get_by_role("group", name="ID", exact=True)).to_contain_text(deposit)
    page.go_back()
    expect(waiting).to_be_visible()
