"""Deposit Management in a real browser, on the demo data: the deposit of 10,000 claims among others."""

# ruff: noqa: S608 - the statements are put together from the tests' own words

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage, dollars

pytestmark = pytest.mark.browser

# Seed 004, field definitions; Unreconciled ($) is ours (issue A item 5).
HEADER = [
    *(
        "ID",
        "Type",
        "Status",
        "Deposited",
        "Production",
        "Check #",
        "Amount",
        "Payer",
        "Pay. Method",
        "Pay. Type",
    ),
    *("Deposit ($)", "Payments ($)", "Adjustment ($)", "Balance ($)", "Unreconciled ($)"),
]
CLAIM_HEADINGS = [
    *(
        "Claim XRef",
        "Claim ID",
        "Charged",
        "Paid",
        "Allowed",
        "Deductible (PR-1)",
        "CoIns (PR-2)",
        "CoPay (PR-3)",
    ),
    *("Adjustments", "Information", "Action"),
]


@pytest.fixture
def large(demo_office: DemoOffice, open_tab: OpenPage) -> Page:
    """The deposit of 10,000 claims, opened."""
    return open_tab(f"{demo_office.address}/deposit?id={demo_office.largest_deposit()}")


def claims(page: Page) -> Locator:
    return page.get_by_role("grid", name="Deposit Claims")


def action(page: Page, label: str) -> Locator:
    """A button of the whole deposit; rows have buttons of the same name."""
    return page.get_by_role("toolbar", name="Deposit Actions").get_by_role("button", name=label, exact=True)


def fact(page: Page, label: str) -> Locator:
    return page.get_by_role("group", name=label, exact=True)


def expect_column(page: Page, heading: str, texts: list[str]) -> None:
    """The texts of a column of the claims grid, from top to bottom."""
    headings = claims(page).get_by_role("columnheader").all_inner_texts()
    place = headings.index(heading) + 1
    expect(claims(page).locator(f"tbody tr td:nth-child({place})")).to_have_text(texts)


def expect_claims(page: Page, first: int, last: int, count: int) -> None:
    expect(page.get_by_text(f"{first:,} to {last:,} of {count:,}", exact=True)).to_be_visible()


def test_the_header_has_the_seeds_labels_and_the_databases_figures(
    large: Page, demo_office: DemoOffice
) -> None:
    found = demo_office.largest_deposit()
    ((check, payer, deposit, payments, adjustment, excluded, reported),) = demo_office.ask(
        "SELECT check_number, payer_name, deposit_cents, payments_cents, adjustments_cents, exclusions_cents, "
        "reported_cents FROM deposits WHERE id = ?",
        found,
    )
    for label in HEADER:
        expect(fact(large, label)).to_be_visible()
    expected = {
        "ID": str(found),
        "Check #": check,
        "Payer": payer,
        "Deposit ($)": dollars(deposit),
        "Payments ($)": dollars(payments),
        "Adjustment ($)": dollars(adjustment),
        "Balance ($)": dollars(deposit - payments - adjustment),
        "Unreconciled ($)": dollars(deposit - payments - excluded - reported),
    }
    for label, text in expected.items():
        expect(fact(large, label)).to_contain_text(text)


def test_each_figure_explains_its_arithmetic(large: Page) -> None:
    balance = fact(large, "Balance ($)")
    expect(balance).to_have_accessible_description(
        re.compile(r"Balance = Deposit .* - Payments .* - Adjustment")
    )
    expect(fact(large, "Unreconciled ($)")).to_have_accessible_description(
        re.compile(r"Unreconciled = Deposit .* - Payments .* - Exclusions .* - Reported")
    )
    balance.hover()
    expect(balance.get_by_role("tooltip")).to_be_visible()
    large.keyboard.press("KeyB")
    dialog = large.get_by_role("dialog", name="Balancing")
    expect(dialog.get_by_role("gridcell", name="Unreconciled ($)", exact=True)).to_be_visible()


def test_claims_page_by_the_users_setting(large: Page, demo_office: DemoOffice) -> None:
    for heading in CLAIM_HEADINGS:
        expect(claims(large).get_by_role("columnheader", name=heading, exact=True)).to_be_visible()
    expect_claims(large, 1, 50, 10_000)
    setting = large.get_by_label("Maximum claims per deposit page")
    setting.select_option("25")
    expect_claims(large, 1, 25, 10_000)
    large.get_by_role("button", name="Next Page").click()
    expect_claims(large, 26, 50, 10_000)
    wanted = demo_office.ask(
        "SELECT pcn FROM deposit_claims WHERE deposit_id = ? ORDER BY claim_no LIMIT 25 OFFSET 25",
        demo_office.largest_deposit(),
    )
    expect_column(large, "Claim XRef", [row[0] for row in wanted])
    large.reload()
    expect_claims(large, 1, 25, 10_000)
    setting.select_option("50")
    expect_claims(large, 1, 50, 10_000)


@pytest.mark.parametrize(
    ("heading", "field"),
    [("Paid", "paid_cents"), ("Claim XRef", "pcn"), ("Deductible (PR-1)", "deductible_cents")],
)
def test_columns_sort_over_the_whole_deposit(
    large: Page, demo_office: DemoOffice, heading: str, field: str
) -> None:
    head = claims(large).get_by_role("columnheader", name=heading, exact=True)
    head.click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    head.click()
    expect(head).to_have_attribute("aria-sort", "descending")
    wanted = demo_office.ask(
        f"SELECT {field} FROM deposit_claims WHERE deposit_id = ? ORDER BY {field} DESC LIMIT 50",
        demo_office.largest_deposit(),
    )
    texts = [row[0] if field == "pcn" else dollars(row[0]) for row in wanted]
    expect_column(large, heading, texts)


def test_filters_work_over_the_whole_deposit_with_totals(large: Page, demo_office: DemoOffice) -> None:
    found = demo_office.largest_deposit()
    denied, charged = demo_office.ask(
        "SELECT count(*), sum(charge_cents) FROM deposit_claims WHERE deposit_id = ? AND remit_status = '4'",
        found,
    )[0]
    large.get_by_label("Show", exact=True).select_option("Denied")
    expect_claims(large, 1, 50, denied)
    expect(claims(large).locator("tfoot").get_by_text(dollars(charged), exact=True).first).to_be_visible()
    large.get_by_label("Show", exact=True).select_option("All claims")
    pcn = demo_office.ask("SELECT pcn FROM deposit_claims WHERE deposit_id = ? AND claim_no = 7777", found)[
        0
    ][0]
    large.get_by_role("searchbox", name="Claim or Patient").press_sequentially(pcn)
    expect(claims(large).get_by_role("gridcell", name=pcn, exact=True)).to_be_visible()
    expect_column(large, "Claim XRef", [pcn])


def test_a_claim_opens_with_lines_adjustments_in_words_and_raw_segments(
    large: Page, demo_office: DemoOffice
) -> None:
    found = demo_office.largest_deposit()
    ((claim, pcn, paid),) = demo_office.ask(
        "SELECT id, pcn, paid_cents FROM deposit_claims WHERE deposit_id = ? AND claim_no = 0", found
    )
    lines = demo_office.ask(
        "SELECT code FROM deposit_lines WHERE deposit_claim_id = ? ORDER BY line_no", claim
    )
    adjustments = demo_office.ask(
        "SELECT reason, amount_cents FROM adjustments WHERE deposit_claim_id = ? ORDER BY id", claim
    )
    claims(large).locator("tbody tr").first.dblclick()
    drawer = large.get_by_role("dialog", name=f"Claim {pcn}")
    expect(drawer.get_by_role("group", name="Paid", exact=True)).to_contain_text(dollars(paid))
    shown = drawer.get_by_role("grid", name="Lines").locator("tbody tr")
    expect(shown).to_have_count(len(lines))
    for row, (code,) in zip(shown.all(), lines, strict=True):
        expect(row.get_by_role("gridcell").nth(1)).to_have_text(code)
    rows = drawer.get_by_role("grid", name="Adjustments").locator("tbody tr")
    expect(rows).to_have_count(len(adjustments))
    for row, (reason, cents) in zip(rows.all(), adjustments, strict=True):
        expect(row.get_by_role("gridcell").nth(2)).to_have_text(reason)
        expect(row.get_by_role("gridcell").nth(3)).to_have_text(dollars(cents))
        expect(row.get_by_role("gridcell").nth(4)).not_to_be_empty()
    assert violations(large) == []
    drawer.get_by_role("tab", name="Raw Segments").click()
    expect(drawer.get_by_role("grid", name="Raw Segments").locator("tbody tr").first).to_contain_text(
        f"CLP*{pcn}*"
    )
    large.keyboard.press("BracketRight")
    expect(large.get_by_role("dialog", name=re.compile("^Claim "))).not_to_have_accessible_name(
        f"Claim {pcn}"
    )
    large.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


@pytest.fixture
def a_new_one(demo_office: DemoOffice) -> Iterator[int]:
    """A New deposit; it is New again at the end, whatever the test did."""
    found = demo_office.ask(
        "SELECT id FROM deposits WHERE status = 'NEW' AND claims_count > 3 ORDER BY id LIMIT 1"
    )
    yield int(found[0][0])
    assert demo_office.ask("SELECT status FROM deposits WHERE id = ?", found[0][0]) == [("NEW",)]


def test_ignore_and_restore_with_the_keyboard_alone(
    demo_office: DemoOffice, open_tab: OpenPage, a_new_one: int
) -> None:
    page = open_tab(f"{demo_office.address}/deposits")
    page.keyboard.press("Slash")
    page.keyboard.type(str(a_new_one))
    expect(page.get_by_role("grid", name="Deposits").locator("tbody tr")).to_have_count(1)
    page.keyboard.press("Alt+KeyL")
    page.keyboard.press("Enter")
    expect(fact(page, "ID")).to_contain_text(str(a_new_one))
    claims = page.get_by_role("grid", name="Deposit Claims")
    expect(claims.locator("tbody tr").first).to_be_visible()
    page.keyboard.press("Alt+KeyL")
    expect(claims.locator("td:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=re.compile("^Claim "))).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Alt+KeyG")
    expect(page.get_by_role("dialog", name="Ignore Deposit").get_by_label("Reason")).to_be_focused()
    page.keyboard.type("belongs to another system")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(fact(page, "Status")).to_contain_text("Ignore")
    expect(page.get_by_role("status").filter(has_text="ignored.")).to_be_visible()
    expect(action(page, "Ignore")).to_have_attribute("aria-disabled", "true")
    expect(fact(page, "Status")).to_have_accessible_description(re.compile("belongs to another system"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Alt+KeyO")
    expect(page.get_by_role("dialog", name="Restore Deposit").get_by_label("Reason")).to_be_focused()
    page.keyboard.type("it is ours after all")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(fact(page, "Status")).to_contain_text("New")


def test_two_tabs_the_second_to_ignore_is_told_that_it_changed(
    demo_office: DemoOffice, open_tab: OpenPage, a_new_one: int
) -> None:
    address = f"{demo_office.address}/deposit?id={a_new_one}"
    first, second = open_tab(address), open_tab(address)
    for page, reason in ((first, "mine"), (second, "no, mine")):
        action(page, "Ignore").click()
        dialog = page.get_by_role("dialog", name="Ignore Deposit")
        dialog.get_by_label("Reason").fill(reason)
        dialog.get_by_role("button", name="Ignore", exact=True).click()
        if page is first:
            expect(fact(page, "Status")).to_contain_text("Ignore")
    expect(second.get_by_role("dialog", name="Ignore Deposit").get_by_role("alert")).to_be_visible()
    assert demo_office.ask("SELECT ignore_reason FROM deposits WHERE id = ?", a_new_one) == [("mine",)]
    action(first, "Restore").click()
    first.get_by_label("Reason").last.fill("back")
    first.get_by_role("dialog", name="Restore Deposit").get_by_role("button", name="Restore").click()
    expect(fact(first, "Status")).to_contain_text("New")


def test_errors_say_what_to_do_and_lead_to_their_claims(demo_office: DemoOffice, open_tab: OpenPage) -> None:
    ((found, code),) = demo_office.ask(
        "SELECT deposit_id, code FROM deposit_errors WHERE state = 'open' AND level = 'claim' "
        "AND severity = 'blocking' LIMIT 1"
    )
    page = open_tab(f"{demo_office.address}/deposit?id={found}")
    name = code.replace("_", " ").capitalize()
    row = page.get_by_role("grid", name="Deposit Errors").get_by_role("row").filter(has_text=name).first
    expect(row.get_by_role("gridcell").nth(4)).not_to_be_empty()
    assert violations(page) == []
    row.get_by_role("button", name="Show Claims").click()
    expect(page.get_by_label("Show", exact=True)).to_have_value("errors")
    count = demo_office.ask(
        "SELECT count(DISTINCT deposit_claim_id) FROM deposit_errors WHERE deposit_id = ? AND state = 'open' "
        "AND severity <> 'warning'",
        found,
    )[0][0]
    expect(claims(page).locator("tbody tr")).to_have_count(count)


def test_provider_adjustments_say_which_way_they_go(demo_office: DemoOffice, open_tab: OpenPage) -> None:
    ((found, reason, cents),) = demo_office.ask(
        "SELECT deposit_id, reason, amount_cents FROM provider_adjustments WHERE amount_cents > 0 LIMIT 1"
    )
    page = open_tab(f"{demo_office.address}/deposit?id={found}")
    rows = page.get_by_role("grid", name="Provider Adjustments").get_by_role("row")
    row = rows.filter(has_text=reason).filter(has_text=dollars(cents)).first
    expect(row).to_contain_text("lowers it")


def test_the_picture_tells_where_the_money_went(large: Page) -> None:
    expect(
        large.get_by_role("img", name=re.compile("^Where the money went: Deposit .*Claims paid"))
    ).to_be_visible()
    large.get_by_role("region", name="Where the money went").get_by_text("Numbers", exact=True).click()
    expect(large.get_by_role("row", name=re.compile("^Unreconciled "))).to_be_visible()


def test_next_and_previous_deposit_by_key_and_back(demo_office: DemoOffice, open_tab: OpenPage) -> None:
    page = open_tab(f"{demo_office.address}/deposits")
    links = page.get_by_role("grid", name="Deposits").locator("tbody td:first-child a")
    first, second = links.nth(0).inner_text(), links.nth(1).inner_text()
    links.nth(0).click()
    expect(fact(page, "ID")).to_contain_text(first)
    page.keyboard.press("BracketRight")
    expect(fact(page, "ID")).to_contain_text(second)
    assert page.url.endswith(f"deposit.ipynb?id={second}")
    page.keyboard.press("BracketLeft")
    expect(fact(page, "ID")).to_contain_text(first)
    for _ in range(3):
        page.go_back()
    expect(links.nth(0)).to_be_visible()


def test_a_deposit_that_is_not_there_is_said_so_beside_the_list(
    demo_office: DemoOffice, open_tab: OpenPage
) -> None:
    page = open_tab(f"{demo_office.address}/deposit?id=999999")
    expect(page.get_by_role("alert")).to_contain_text("Deposit 999999 was not found.")
    expect(page.get_by_role("grid", name="Deposits")).to_be_visible()


def test_the_page_has_no_serious_accessibility_violation(large: Page) -> None:
    assert violations(large) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_nothing_runs_out_of_the_page(
    demo_office: DemoOffice, open_tab: OpenPage, width: int, height: int
) -> None:
    page = open_tab(
        f"{demo_office.address}/deposit?id={demo_office.largest_deposit()}", width=width, height=height
    )
    expect_claims(page, 1, 50, 10_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
