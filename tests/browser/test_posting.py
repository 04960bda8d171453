"""The Posting page as a poster uses it, from Send to Posting and from Home; and two clerks on one header."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage, dollars

pytestmark = pytest.mark.browser
Shoot = Callable[[Page, str], Path]


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def fact(page: Page | Locator, label: str) -> Locator:
    return page.get_by_role("group", name=label, exact=True)


def test_what_was_sent_is_seen_reversed_and_copied_by_keys(
    office: DemoOffice, open_tab: OpenPage, screenshot: Shoot
) -> None:
    ((deposit,),) = office.ask(
        "SELECT d.id FROM deposits d JOIN deposit_claims c ON c.deposit_id = d.id AND c.claim_no = 0 "
        "WHERE d.status = 'NEW' AND d.type = 'ERA' AND d.open_errors = 0 AND claims_count > 5 AND c.paid_cents > 0 "
        "AND deposit_cents = payments_cents + exclusions_cents + reported_cents ORDER BY claims_count LIMIT 1"
    )
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    expect(fact(page, "Status")).to_contain_text("New")
    page.keyboard.press("Alt+s")
    expect(fact(page, "Status")).to_contain_text("Sent to Posting")
    page.keyboard.press("p")
    postings = page.get_by_role("grid", name="Postings")
    ((count, paid),) = office.ask(
        "SELECT count(*), sum(paid_cents) FROM deposit_claims WHERE deposit_id = ?", deposit
    )
    expect(postings.locator("tbody tr")).to_have_count(min(count, 50))
    expect(postings.locator("tfoot")).to_contain_text(dollars(paid))
    assert violations(page) == []
    screenshot(page, "list")

    page.keyboard.press("Alt+l")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog", name=re.compile("^Posting of claim"))
    account = drawer.get_by_role("grid", name="Ledger Entries")
    expect(account.locator("tbody tr").first).to_be_visible()
    first = drawer.get_attribute("aria-label") or drawer.locator("h2").first.inner_text()
    ((claim_id, balance),) = office.ask(
        "SELECT o.id, o.balance_cents FROM claims o JOIN deposit_claims c ON c.claim_id = o.id "
        "WHERE c.deposit_id = ? AND c.claim_no = 0",
        deposit,
    )
    expect(fact(drawer, "Claim ID")).to_contain_text(str(claim_id))
    expect(fact(drawer, "Claim Balance")).to_contain_text(dollars(balance))
    expect(account.locator("tbody tr").last.get_by_role("gridcell").nth(6)).to_have_text(dollars(balance))
    assert violations(page) == []
    screenshot(page, "posting")

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    for label in ("Previous Posting", "Next Posting", "Reverse", "Copy to new posting", "Open Deposit"):
        expect(keys.get_by_role("row").filter(has_text=label).first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("BracketRight")
    expect(drawer.locator("h2").first).not_to_have_text(first)
    page.keyboard.press("BracketLeft")

    page.keyboard.press("Alt+r")
    asked = page.get_by_role("dialog", name="Reverse Claim")
    asked.get_by_role("textbox", name="Reason").fill("wrong patient")
    asked.get_by_role("textbox", name="Reason").press("Tab")
    page.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    expect(fact(drawer, "Claim Posted")).to_contain_text("No: Reversed")
    expect(account).to_contain_text("wrong patient")
    screenshot(page, "reversed")

    page.keyboard.press("BracketRight")
    expect(fact(drawer, "Claim Posted")).to_contain_text("Yes")
    copy_the_open_posting(page, deposit, screenshot)
    ((copies,),) = office.ask(
        "SELECT count(*) FROM deposit_claims WHERE deposit_id = ? AND state = 'PENDING'", deposit
    )
    assert copies == 1


def copy_the_open_posting(page: Page, deposit: int, screenshot: Shoot) -> None:
    page.keyboard.press("Alt+c")
    copying = page.get_by_role("dialog", name="Copy to new posting")
    expect(copying.get_by_label("To Deposit")).to_have_value(str(deposit))
    screenshot(page, "copying")
    page.keyboard.press("Control+Enter")
    expect(copying).to_be_hidden()


def test_home_leads_to_what_failed_and_like_errors_are_settled_at_once(
    office: DemoOffice, open_tab: OpenPage, screenshot: Shoot
) -> None:
    ((deposit,),) = office.ask(
        "SELECT e.deposit_id FROM deposit_errors e JOIN deposits d ON d.id = e.deposit_id "
        "WHERE e.code = 'CLAIM_NOT_FOUND' AND e.state = 'open' AND d.status = 'NEW' AND d.type = 'ERA' "
        "AND d.open_critical_errors = 0 AND d.deposit_cents = d.payments_cents + d.exclusions_cents "
        "+ d.reported_cents GROUP BY e.deposit_id ORDER BY count(*), 1 LIMIT 1"
    )
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    expect(fact(page, "Status")).to_contain_text("New")
    page.keyboard.press("Alt+s")
    expect(
        page.get_by_text(re.compile("not posted: see the errors|No claim could be posted"))
    ).to_be_visible()

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Home").click()
    lists = page.get_by_role("grid", name="Work Lists")
    failed = lists.get_by_role("row").filter(has_text="Posting Errors")
    ((waiting,),) = office.ask(
        "SELECT count(*) FROM deposit_claims c JOIN deposits d ON d.id = c.deposit_id "
        "WHERE c.state = 'ERROR' AND d.voided_at IS NULL AND d.status IN ('NEW', 'SENT_TO_POSTING')"
    )
    expect(failed.get_by_role("gridcell").nth(1)).to_have_text(f"{waiting:,}")
    assert violations(page) == []
    screenshot(page, "home")
    failed.get_by_role("link", name="Posting", exact=True).click()
    groups = page.get_by_role("grid", name="Posting Errors")
    not_found = groups.get_by_role("row").filter(has_text="Claim not found")
    expect(not_found).to_contain_text("exclude it")
    screenshot(page, "failed")
    button(not_found, "Ignore All").click()
    asked = page.get_by_role("dialog", name="Ignore All")
    asked.get_by_role("textbox", name="Reason").fill("claims of the old system")
    button(asked, "Ignore All").click()
    expect(asked).to_be_hidden()
    expect(not_found).to_have_count(0)
    ((left,),) = office.ask(
        "SELECT count(*) FROM deposit_claims WHERE deposit_id = ? AND state = 'ERROR' AND claim_id IS NULL",
        deposit,
    )
    assert left == 0


def test_two_clerks_edit_one_header_and_neither_loses_anything(
    office: DemoOffice, open_tab: OpenPage, screenshot: Shoot
) -> None:
    ((deposit, was),) = office.ask(
        "SELECT id, check_number FROM deposits WHERE status = 'NEW' AND type = 'EOB' ORDER BY id LIMIT 1"
    )
    first, second = (open_tab(f"{office.address}/deposit?id={deposit}") for _ in range(2))
    dialogs = []
    for page in (first, second):
        page.get_by_role("toolbar", name="Deposit Actions").get_by_role(
            "button", name="Edit", exact=True
        ).click()
        dialogs.append(page.get_by_role("dialog", name="Edit Deposit"))
        expect(dialogs[-1].get_by_label("Check #")).to_have_value(was)
    dialogs[0].get_by_label("Check #").fill("CHK 4711")
    first.keyboard.press("Control+Enter")
    expect(dialogs[0]).to_be_hidden()

    dialogs[1].get_by_role("textbox", name="Production").fill("11/03/2026")
    second.keyboard.press("Control+Enter")
    changed = second.get_by_role("dialog", name="Changed by somebody else")
    row = changed.get_by_role("row").filter(has_text="Check #")
    expect(row.get_by_role("gridcell").nth(1)).to_have_text("CHK 4711")
    expect(row.get_by_role("gridcell").nth(2)).to_have_text(was)
    assert violations(second) == []
    screenshot(second, "changed")
    second.keyboard.press("Control+Enter")
    expect(changed).to_be_hidden()
    expect(dialogs[1].get_by_label("Check #")).to_have_value("CHK 4711")
    expect(dialogs[1].get_by_role("textbox", name="Production")).to_have_value("11/03/2026")
    second.keyboard.press("Control+Enter")
    expect(dialogs[1]).to_be_hidden()
    assert office.ask("SELECT check_number, issued_date FROM deposits WHERE id = ?", deposit) == [
        ("CHK 4711", "2026-11-03")
    ]
    second.keyboard.press("n")
    notes = second.get_by_role("dialog", name=f"Notes and history of deposit {deposit}")
    notes.get_by_label("Note", exact=True).fill("Asked the payer.")
    second.keyboard.press("Control+Enter")
    expect(notes.get_by_role("grid", name="Notes")).to_contain_text("Asked the payer.")
    history = notes.get_by_role("grid", name="History")
    expect(history.get_by_role("row").filter(has_text="CHK 4711")).to_have_count(1)
    assert violations(second) == []
    screenshot(second, "notes")
