"""Every kind of deposit error settled on the page, by keys where a clerk would, against the store itself."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage, dollars
from tests.browser.test_office_load import owner_of
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.people import People
from workbench.storage import Database

pytestmark = pytest.mark.browser


def with_error(office: DemoOffice, code: str, *, most: bool = False) -> int:
    """A new deposit with an open error of this kind; `most`: the one with the most of them."""
    found = office.ask(
        "SELECT count(*), e.deposit_id FROM deposit_errors e JOIN deposits d ON d.id = e.deposit_id "
        "WHERE e.code = ? AND e.state = 'open' AND d.status = 'NEW' GROUP BY 2 ORDER BY 1, 2",
        code,
    )
    return int(found[-1 if most else 0][1])


def open_errors(office: DemoOffice, deposit: int, code: str) -> int:
    ((count,),) = office.ask(
        "SELECT count(*) FROM deposit_errors WHERE deposit_id = ? AND code = ? AND state = 'open'",
        deposit,
        code,
    )
    return int(count)


def button(place: Page | Locator, name: str) -> Locator:
    return place.get_by_role("button", name=name, exact=True)


def error_row(page: Page, kind: str) -> Locator:
    return page.get_by_role("grid", name="Deposit Errors").get_by_role("row").filter(has_text=kind)


def show(open_tab: OpenPage, office: DemoOffice, deposit: int) -> Page:
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    # What the figure means may stand behind it.
    expect(page.get_by_role("group", name="ID", exact=True)).to_have_text(re.compile(rf"^ID{deposit}(\D|$)"))
    return page


def press_by_keys(page: Page, kind: str, label: str) -> None:
    """The button of an error's row, without a mouse: to the panel, down to the row, to its last cell, Enter."""
    row = error_row(page, kind).first
    expect(row).to_be_visible()
    page.keyboard.press("Alt+e")
    expect(page.get_by_role("grid", name="Deposit Errors").locator("td:focus")).to_have_count(1)
    page.keyboard.press("Control+Home")
    for _ in range(int(row.get_attribute("aria-rowindex") or "2") - 2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    expect(row.locator("td:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    buttons = row.get_by_role("button").all_inner_texts()
    if len(buttons) == 1:  # the only one is pressed at once
        return
    expect(row.get_by_role("button").first).to_be_focused()
    for _ in range(buttons.index(label)):
        page.keyboard.press("ArrowRight")
    expect(button(row, label)).to_be_focused()
    page.keyboard.press("Enter")


def confirm(page: Page, title: str, press: str, reason: str = "") -> None:
    asked = page.get_by_role("dialog", name=title, exact=True)
    if reason:
        asked.get_by_role("textbox", name="Reason").fill(reason)
    button(asked, press).click()
    expect(asked).to_be_hidden()


def test_lines_codes_and_amounts_of_the_whole_claim(office: DemoOffice, open_tab: OpenPage) -> None:
    """Map Procedure, Choose Effect with a rule, Spread Over Lines by hand and all at once; by keys alone."""
    map_a_line(open_tab, office)
    choose_an_effect(open_tab, office)
    spread_over_lines(open_tab, office)


def map_a_line(open_tab: OpenPage, office: DemoOffice) -> None:
    deposit = with_error(office, "PROCEDURE_CODE_CONFLICT")
    page = show(open_tab, office, deposit)
    press_by_keys(page, "Procedure code conflict", "Map Procedure")
    drawer = page.get_by_role("dialog", name="Map Procedure")
    ours = drawer.get_by_role("grid", name="Lines of Our Claim")
    expect(ours.locator("tr[aria-selected=true]")).to_contain_text("same charge")
    expect(button(drawer, "Map All Like It")).to_have_attribute("aria-disabled", "true")
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("of our claim\\.$"))).to_be_visible()
    expect(drawer).to_be_hidden()
    assert open_errors(office, deposit, "PROCEDURE_CODE_CONFLICT") == 0


def choose_an_effect(open_tab: OpenPage, office: DemoOffice) -> None:
    deposit = with_error(office, "UNMAPPED_CARC")
    page = show(open_tab, office, deposit)
    press_by_keys(page, "Unmapped carc", "Choose Effect")
    drawer = page.get_by_role("dialog", name="Choose Effect and Payment Type")
    drawer.get_by_role("combobox", name="Effect").select_option("Write-off")
    payment_type = drawer.get_by_role("combobox", name="Payment Type")
    expect(payment_type).to_have_value("Contractual write-off")
    payment_type.select_option("Courtesy write-off")
    drawer.get_by_role("checkbox", name="Save as a rule").check()
    expect(drawer.get_by_text(re.compile("It goes to Adjustments"))).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(r"Rule \d+ keeps it from now on\."))).to_be_visible()
    assert open_errors(office, deposit, "UNMAPPED_CARC") == 0
    ((kept,),) = office.ask("SELECT count(*) FROM rules WHERE payment_type = 'Courtesy write-off'")
    assert kept == 1


def spread_over_lines(open_tab: OpenPage, office: DemoOffice) -> None:
    deposit = with_error(office, "CLAIM_LEVEL_ADJUSTMENT", most=True)
    page = show(open_tab, office, deposit)
    whole = office.ask(
        "SELECT a.amount_cents FROM adjustments a JOIN deposit_claims c ON c.id = a.deposit_claim_id "
        "WHERE c.deposit_id = ? AND a.deposit_line_id IS NULL AND a.amount_cents <> 0",
        deposit,
    )
    paid = "SELECT sum(l.paid_cents) FROM deposit_lines l JOIN deposit_claims c ON c.id = l.deposit_claim_id "
    ((before,),) = office.ask(f"{paid} WHERE c.deposit_id = ?", deposit)
    press_by_keys(page, "Claim level adjustment", "Spread Over Lines")
    drawer = page.get_by_role("dialog", name="Spread Over Lines")
    lines = drawer.get_by_role("grid", name="Spread Over Lines")
    expect(lines.get_by_role("row").nth(1)).to_be_visible()
    part = lines.get_by_role("row").nth(1).get_by_role("gridcell").nth(3)
    proposed = part.inner_text()
    part.click()
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("1.00")
    page.keyboard.press("Enter")
    expect(part).to_have_text("1.00")
    expect(drawer.get_by_role("group", name="Rest", exact=True)).to_have_text(re.compile(r"^Rest4\.00"))
    page.keyboard.press("Alt+p")
    expect(part).to_have_text(proposed)
    assert violations(page) == []
    if len(whole) > 1:
        page.keyboard.press("Alt+u")
        asked = page.get_by_role("dialog", name="Spread All as Proposed")
        expect(asked).to_contain_text(
            f"{len(whole)} amounts of {dollars(sum(row[0] for row in whole))} in all"
        )
        confirm(page, "Spread All as Proposed", "Spread All")
    else:
        page.keyboard.press("Control+Enter")
    expect(drawer).to_be_hidden()
    ((after,),) = office.ask(f"{paid} WHERE c.deposit_id = ?", deposit)
    assert before - after == sum(row[0] for row in whole), "to the cent"
    assert open_errors(office, deposit, "CLAIM_LEVEL_ADJUSTMENT") == 0


def test_payers_practices_duplicates_and_provider_level_money(office: DemoOffice, open_tab: OpenPage) -> None:
    """Choose Payer, Correct Our Claims, Assign Practice, Compare, Settled Errors, and a PLB applied to two claims."""
    choose_the_payer(open_tab, office)
    correct_our_claims(open_tab, office)
    assign_the_practice(open_tab, office)
    compare_ignore_and_open_again(open_tab, office)
    apply_a_provider_adjustment(open_tab, office)


def choose_the_payer(open_tab: OpenPage, office: DemoOffice) -> None:
    deposit = with_error(office, "PAYER_MISMATCH")
    page = show(open_tab, office, deposit)
    press_by_keys(page, "Payer mismatch", "Choose Payer")
    dialog = page.get_by_role("dialog", name="Choose Payer")
    proposal = dialog.get_by_role("grid", name="Proposed Payers").get_by_role("row").nth(1)
    expect(proposal).to_contain_text("claims found")
    dialog.get_by_role("grid", name="Proposed Payers").locator("td").first.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("combobox", name="Payer")).not_to_have_value("")
    dialog.get_by_role("checkbox", name="Remember the identifier for this payer").check()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("is known as this payer's from now on"))).to_be_visible()
    assert open_errors(office, deposit, "PAYER_MISMATCH") == 0


def swap_payers(office: DemoOffice, claim: int) -> None:
    """The primary payer of our claim becomes its secondary."""
    with closing(sqlite3.connect(office.home / "workbench.sqlite3")) as books:
        for before, after in (("primary", "tertiary"), ("secondary", "primary"), ("tertiary", "secondary")):
            books.execute(
                "UPDATE claim_payers SET level = ? WHERE claim_id = ? AND level = ?", (after, claim, before)
            )
        books.commit()


def correct_our_claims(open_tab: OpenPage, office: DemoOffice) -> None:
    """The payer says that it paid as primary; our claim has it second, by a mistake of ours."""
    deposit, ours, payer = office.ask(
        "SELECT c.deposit_id, c.claim_id, c.payer_id FROM deposit_claims c JOIN deposits d ON d.id = c.deposit_id "
        "JOIN claim_payers p ON p.claim_id = c.claim_id AND p.level = 'primary' AND p.payer_id = c.payer_id "
        "JOIN claim_payers s ON s.claim_id = c.claim_id AND s.level = 'secondary' "
        "WHERE d.status = 'NEW' AND d.type = 'ERA' AND c.remit_status = '19' AND c.state = 'PENDING' ORDER BY d.claims_count LIMIT 1"
    )[0]
    swap_payers(office, ours)
    database = Database.open(f"sqlite:///{office.home / 'workbench.sqlite3'}", office.home / "secrets")
    boss = People(database, office.home / "secrets").at_this_desk(owner_of(office.home))
    DepositErrors(database).recompute(boss, deposit)
    database.close()
    page = show(open_tab, office, deposit)
    press_by_keys(page, "Payer level mismatch", "Payer of Claims")
    dialog = page.get_by_role("dialog", name="Payer of Claims")
    row = dialog.get_by_role("grid", name="Claims at Another Place").get_by_role("row").nth(1)
    expect(row).to_have_attribute("aria-selected", "true")
    assert violations(page) == []
    page.keyboard.press("Alt+o")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("The payers of 1 claim of ours were put in order.")).to_be_visible()
    assert open_errors(office, deposit, "PAYER_LEVEL_MISMATCH") == 0
    first = office.ask("SELECT payer_id FROM claim_payers WHERE claim_id = ? AND level = 'primary'", ours)
    assert first == [(payer,)]


def assign_the_practice(open_tab: OpenPage, office: DemoOffice) -> None:
    deposit = with_error(office, "PAYEE_NOT_OURS")
    page = show(open_tab, office, deposit)
    press_by_keys(page, "Payee not ours", "Assign Practice")
    dialog = page.get_by_role("dialog", name="Assign Practice")
    expect(dialog.locator("tr[aria-selected=true]")).to_contain_text(re.compile(r"(\d+) of \1 claims"))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("The deposit belongs to .* now"))).to_be_visible()
    assert open_errors(office, deposit, "PAYEE_NOT_OURS") == 0
    assert open_errors(office, deposit, "CLAIM_NOT_FOUND") == 0, "its claims were found with the practice"


def compare_ignore_and_open_again(open_tab: OpenPage, office: DemoOffice) -> None:
    deposit = with_error(office, "DUPLICATE_DEPOSIT")
    page = show(open_tab, office, deposit)
    press_by_keys(page, "Duplicate deposit", "Compare")
    drawer = page.get_by_role("dialog", name="Compare")
    facts = drawer.get_by_role("grid", name="Side by Side")
    expect(facts.get_by_role("row").filter(has_text="Check #")).to_contain_text("Same")
    expect(facts.get_by_role("row").filter(has_text="File")).to_contain_text("Differs")
    assert violations(page) == []
    page.keyboard.press("Alt+g")
    confirm(page, "Ignore", "Ignore", "asked the payer: two payments")
    expect(drawer).to_be_hidden()
    assert open_errors(office, deposit, "DUPLICATE_DEPOSIT") == 0
    page.keyboard.press("Alt+j")
    settled = page.get_by_role("dialog", name="Settled Errors")
    expect(settled.get_by_role("row").filter(has_text="asked the payer")).to_contain_text("Ignored")
    settled.get_by_role("row").filter(has_text="asked the payer").locator("td").first.click()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 error is open again.")).to_be_visible()
    assert open_errors(office, deposit, "DUPLICATE_DEPOSIT") == 1


def apply_a_provider_adjustment(open_tab: OpenPage, office: DemoOffice) -> None:
    ((deposit, amount),) = office.ask(
        "SELECT d.id, p.amount_cents FROM provider_adjustments p JOIN deposits d ON d.id = p.deposit_id "
        "WHERE p.disposition = 'UNRESOLVED' AND d.status = 'NEW' AND d.claims_count > 1 ORDER BY 1 LIMIT 1"
    )
    page = show(open_tab, office, deposit)
    press_by_keys(page, "Provider adjustment", "Apply, Report or Ignore")
    drawer = page.get_by_role("dialog", name="Provider Adjustment")
    apply = button(drawer, "Apply Amount to Claim(s)")
    expect(apply).to_have_attribute("aria-disabled", "true")
    claims = drawer.get_by_role("grid", name="Claims to Apply To")
    part = claims.get_by_role("row").nth(1).get_by_role("gridcell").nth(5)
    part.click()
    page.keyboard.press("F2")
    page.keyboard.type("-1.00" if amount > 0 else "1.00")
    page.keyboard.press("Enter")
    rest = drawer.get_by_role("group", name="Rest", exact=True)
    expect(rest).to_contain_text(dollars(-amount + (100 if amount > 0 else -100)))
    button(claims.get_by_role("row").nth(2), "Put the Rest Here").click()
    expect(rest).to_have_text(re.compile(r"^Rest0\.00"))
    expect(apply).not_to_have_attribute("aria-disabled", "true")
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile(r": Apply Amount to Claim\(s\)\.$"))).to_be_visible()
    allocated = office.ask(
        "SELECT a.amount_cents FROM provider_allocations a JOIN provider_adjustments p "
        "ON p.id = a.provider_adjustment_id WHERE p.deposit_id = ?",
        deposit,
    )
    assert len(allocated) == 2
    assert sum(row[0] for row in allocated) == -amount


def test_claims_that_are_not_found_are_settled_together(office: DemoOffice, open_tab: OpenPage) -> None:
    deposit = with_error(office, "CLAIM_NOT_FOUND", most=True)
    waiting = open_errors(office, deposit, "CLAIM_NOT_FOUND")
    assert waiting > 1
    page = show(open_tab, office, deposit)
    press_by_keys(page, "Claim not found", "Attach/Find a Claim")
    drawer = page.get_by_role("dialog", name="Errors: Claim not found")
    expect(drawer.get_by_text(re.compile(f"^{waiting} errors on {waiting} claims, paid "))).to_be_visible()
    first = drawer.get_by_role("grid", name="Claims with the Error").get_by_role("row").nth(1)
    first.get_by_role("gridcell").first.click()
    expect(drawer.get_by_text(re.compile("^1 error on 1 claim, paid "))).to_be_visible()
    page.keyboard.press("Alt+x")
    confirm(page, "Exclude Claims", "Exclude", "paid to another office")
    expect(drawer.get_by_text(re.compile(f"^{waiting - 1} errors? on "))).to_be_visible()
    page.keyboard.press("Alt+g")
    confirm(page, "Ignore", "Ignore", "live in the old system")
    expect(drawer).to_be_hidden()
    assert open_errors(office, deposit, "CLAIM_NOT_FOUND") == 0
    ((excluded,),) = office.ask(
        "SELECT count(*) FROM deposit_claims WHERE deposit_id = ? AND state = 'EXCLUDED'", deposit
    )
    assert excluded == waiting


def test_two_clerks_on_one_deposit(office: DemoOffice, open_tab: OpenPage) -> None:
    """Both spread the same amount. The second sees what the first did beside the own parts, and loses nothing."""
    deposit = with_error(office, "CLAIM_LEVEL_ADJUSTMENT", most=True)
    address = f"{office.address}/deposit?id={deposit}"
    first, second = open_tab(address), open_tab(address)
    for page in (first, second):
        button(error_row(page, "Claim level adjustment"), "Spread Over Lines").click()
    mine = second.get_by_role("dialog", name="Spread Over Lines")
    part = mine.get_by_role("grid", name="Spread Over Lines").get_by_role("row").nth(1).locator("td").nth(3)
    part.click()
    second.keyboard.press("F2")
    second.keyboard.press("Control+a")
    second.keyboard.type("2.00")
    second.keyboard.press("Enter")
    expect(part).to_have_text("2.00")

    theirs = first.get_by_role("dialog", name="Spread Over Lines")
    cell = theirs.get_by_role("grid", name="Spread Over Lines").get_by_role("row").nth(1).locator("td").nth(3)
    cell.click()
    first.keyboard.press("F2")
    first.keyboard.press("Control+a")
    first.keyboard.type("1.00")
    first.keyboard.press("Enter")
    expect(cell).to_have_text("1.00")
    first.keyboard.press("Control+Enter")
    expect(first.get_by_text(re.compile("1.00 was spread over the lines"))).to_be_visible()

    second.keyboard.press("Control+Enter")
    told = second.get_by_role("dialog", name="Changed by somebody else")
    changes = told.get_by_role("grid", name="Changes of Somebody Else")
    whole = changes.get_by_role("row").filter(has_text="for the whole claim")
    expect(whole.get_by_role("gridcell").nth(1)).to_have_text("4.00 is left")
    expect(whole.get_by_role("gridcell").nth(2)).to_have_text("2.00 to spread")
    expect(changes.get_by_role("row").filter(has_text="Line 1").locator("td").nth(2)).to_have_text(
        "2.00 less"
    )
    assert violations(second) == []
    second.keyboard.press("Control+Enter")
    expect(told).to_be_hidden()
    expect(part).to_have_text("2.00")
    expect(mine.get_by_role("group", name="Rest", exact=True)).to_contain_text("2.00")
    second.keyboard.press("Control+Enter")
    expect(second.get_by_text(re.compile("2.00 was spread over the lines; 2.00 stays"))).to_be_visible()
    ((on_lines,),) = office.ask(
        "SELECT sum(a.amount_cents) FROM adjustments a JOIN deposit_claims c ON c.id = a.deposit_claim_id "
        "WHERE c.deposit_id = ? AND a.deposit_line_id IS NOT NULL AND a.segment IS NULL",
        deposit,
    )
    assert on_lines == 300, "1.00 of the first and 2.00 of the second"
