"""Verify posting data, Send to Posting, Reverse and Reset as a clerk does them, against the ledger itself."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage, dollars

pytestmark = pytest.mark.browser


def clean_deposit(office: DemoOffice) -> int:
    """A new ERA deposit that ties out, with a few claims of ours and no open error."""
    found = office.ask(
        "SELECT d.id FROM deposits d JOIN deposit_claims c ON c.deposit_id = d.id AND c.claim_no = 0 "
        "WHERE d.status = 'NEW' AND d.type = 'ERA' AND d.open_errors = 0 AND claims_count > 5 AND c.paid_cents > 0 "
        "AND deposit_cents = payments_cents + exclusions_cents + reported_cents ORDER BY claims_count LIMIT 1"
    )
    return int(found[0][0])


def posted_cents(office: DemoOffice, deposit: int) -> int:
    """What the ledger says was taken out of the deposit and put on claims: its live entries, summed."""
    ((total,),) = office.ask(
        "SELECT coalesce(sum(e.amount_cents), 0) FROM ledger_entries e JOIN ledger_transactions t "
        "ON t.id = e.transaction_id WHERE t.deposit_id = ? AND e.account = 'DEPOSIT'",
        deposit,
    )
    return int(total)


def posted_claims(office: DemoOffice, deposit: int) -> tuple[int, int]:
    """How many claims of the deposit are posted, and what was paid on them."""
    ((count, paid),) = office.ask(
        "SELECT count(*), sum(paid_cents) FROM deposit_claims WHERE deposit_id = ? AND state = 'POSTED'",
        deposit,
    )
    return int(count), int(paid)


def button(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def status(page: Page) -> Locator:
    return page.get_by_role("group", name="Status", exact=True)


def give_reason(page: Page, dialog: str, reason: str, press: str) -> None:
    asked = page.get_by_role("dialog", name=dialog)
    asked.get_by_role("textbox", name="Reason").fill(reason)
    button(asked, press).click()
    expect(asked).to_be_hidden()


def test_verify_send_reverse_and_reset(office: DemoOffice, open_tab: OpenPage) -> None:
    deposit = clean_deposit(office)
    page = open_tab(f"{office.address}/deposit?id={deposit}")

    button(page, "Verify posting data").click()
    dry_run = page.get_by_role("dialog", name=f"Verify posting data of deposit {deposit}")
    expect(dry_run.get_by_role("grid", name=re.compile("Ledger Entries"))).to_be_visible()
    told = dry_run.get_by_role("group", name="Would post", exact=True).inner_text()
    told_payments = dry_run.get_by_role("group", name="Payments ($)", exact=True).inner_text()
    assert violations(page) == []
    assert posted_cents(office, deposit) == 0, "a dry run books nothing"
    page.keyboard.press("Escape")

    page.keyboard.press("Alt+s")
    expect(
        page.get_by_role("status").or_(page.get_by_role("alert")).filter(has_text="posted on")
    ).to_be_visible()
    expect(status(page)).to_contain_text("Sent to Posting")
    posted, paid = posted_claims(office, deposit)
    assert posted > 1
    assert told.split() == ["Would", "post", f"{posted:,}"], "the dry run told what was then posted"
    assert dollars(paid) in told_payments
    assert posted_cents(office, deposit) == paid

    page.get_by_role("grid", name="Deposit Claims").get_by_role("button", name="View").first.click()
    drawer = page.get_by_role("dialog", name=re.compile("^Claim "))
    button(drawer, "Reverse").click()
    give_reason(page, "Reverse Claim", "keyed on the wrong patient", "Reverse")
    left, paid = posted_claims(office, deposit)
    assert left == posted - 1
    assert posted_cents(office, deposit) == paid
    page.keyboard.press("Escape")

    button(page, "Reset").click()
    give_reason(page, "Reset Deposit", "payer sends it again", "Reset")
    expect(status(page)).to_contain_text("New")
    assert posted_cents(office, deposit) == 0


def test_a_deposit_that_does_not_tie_out_asks_why(office: DemoOffice, open_tab: OpenPage) -> None:
    ((deposit,),) = office.ask(
        "SELECT id FROM deposits d WHERE status = 'NEW' AND type = 'EOB' AND claims_count > 0 "
        "AND deposit_cents <> payments_cents + exclusions_cents + reported_cents AND NOT EXISTS "
        "(SELECT 1 FROM deposit_errors e WHERE e.deposit_id = d.id AND e.state = 'open' "
        "AND e.severity = 'critical') ORDER BY open_errors LIMIT 1"
    )
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    button(page, "Send to Posting").click()
    dialog = page.get_by_role("dialog", name="The deposit does not tie out")
    button(dialog, "Send to Posting").click()
    expect(dialog.get_by_text("Choose why the deposit does not tie out.")).to_be_visible()
    dialog.get_by_role("combobox", name="Reason").select_option("Unapplied cash")
    dialog.get_by_role("textbox", name="Note").fill("asked the payer")
    button(dialog, "Send to Posting").click()
    expect(dialog).to_be_hidden()
    ((audited,),) = office.ask(
        "SELECT count(*) FROM audit_events WHERE action = 'deposit.send' AND subject_id = ?", deposit
    )
    assert audited == 1


def test_remove_takes_a_deposit_out_of_work_and_keeps_it(office: DemoOffice, open_tab: OpenPage) -> None:
    deposit = clean_deposit(office)
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    button(page, "Remove").click()
    give_reason(page, "Remove Deposit", "belongs to another office", "Remove")
    expect(page.get_by_text(f"Deposit {deposit} was removed.")).to_be_visible()
    ((why,),) = office.ask("SELECT void_reason FROM deposits WHERE id = ?", deposit)
    assert why == "belongs to another office"
    expect(button(page, "Send to Posting")).to_have_attribute("aria-disabled", "true")


def with_error(office: DemoOffice, code: str) -> int:
    """A new deposit with an open error of this kind."""
    found = office.ask(
        "SELECT e.deposit_id FROM deposit_errors e JOIN deposits d ON d.id = e.deposit_id "
        "WHERE e.code = ? AND e.state = 'open' AND d.status = 'NEW' ORDER BY 1 LIMIT 1",
        code,
    )
    return int(found[0][0])


def open_errors(office: DemoOffice, deposit: int, code: str) -> int:
    ((count,),) = office.ask(
        "SELECT count(*) FROM deposit_errors WHERE deposit_id = ? AND code = ? AND state = 'open'",
        deposit,
        code,
    )
    return int(count)


def test_the_payer_is_chosen_where_the_error_is_shown(office: DemoOffice, open_tab: OpenPage) -> None:
    deposit = with_error(office, "PAYER_MISMATCH")
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    button(page.get_by_role("grid", name="Deposit Errors"), "Choose Payer").click()
    dialog = page.get_by_role("dialog", name="Choose Payer")
    dialog.get_by_role("combobox", name="Payer").fill("granite")
    page.get_by_role("option", name=re.compile("GRANITE", re.IGNORECASE)).click()
    button(dialog, "Save").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("The payer was saved, and the errors computed anew.")).to_be_visible()
    assert open_errors(office, deposit, "PAYER_MISMATCH") == 0
    ((payer,),) = office.ask(
        "SELECT p.name FROM deposits d JOIN payers p ON p.id = d.payer_id WHERE d.id = ?", deposit
    )
    assert "granite" in payer.casefold()


def test_an_error_is_ignored_with_a_reason(office: DemoOffice, open_tab: OpenPage) -> None:
    deposit = with_error(office, "DUPLICATE_DEPOSIT")
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    errors = page.get_by_role("grid", name="Deposit Errors")
    button(errors.get_by_role("row").filter(has_text="Duplicate deposit"), "Ignore").click()
    give_reason(page, "Ignore", "two payments, asked the payer", "Ignore")
    expect(page.get_by_text("1 error ignored.")).to_be_visible()
    assert open_errors(office, deposit, "DUPLICATE_DEPOSIT") == 0


def test_provider_level_money_is_reported(office: DemoOffice, open_tab: OpenPage) -> None:
    ((deposit, before),) = office.ask(
        "SELECT d.id, d.reported_cents FROM provider_adjustments p JOIN deposits d ON d.id = p.deposit_id "
        "WHERE p.disposition = 'UNRESOLVED' AND d.status = 'NEW' ORDER BY 1 LIMIT 1"
    )
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    grid = page.get_by_role("grid", name="Provider Adjustments")
    waiting = grid.get_by_role("row").filter(has_text="Unresolved").first
    amount = waiting.get_by_role("gridcell").nth(4).inner_text()
    button(waiting, "Report Amount").click()
    expect(page.get_by_text(re.compile(r": Report Amount\.$"))).to_be_visible()
    ((after,),) = office.ask("SELECT reported_cents FROM deposits WHERE id = ?", deposit)
    assert dollars(before - after) == amount, "a positive PLB lowered the check, so it is reported as minus"


def test_every_button_of_a_row_is_reached_by_keys(office: DemoOffice, open_tab: OpenPage) -> None:
    deposit = with_error(office, "PAYER_MISMATCH")
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    row = page.get_by_role("grid", name="Deposit Errors").get_by_role("row").filter(has_text="Payer mismatch")
    expect(row).to_be_visible()
    page.keyboard.press("Alt+e")
    while row.locator("td:focus").count() == 0:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(button(row, "Choose Payer")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Ignore")).to_be_visible()
