"""Keying a claim as printed on the EOB, in a real browser: what is proposed, saved, and never lost (spec 6.6)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage, dollars
from tests.browser.test_deposit_acts import button, clean_deposit, give_reason

pytestmark = pytest.mark.browser
# Where the columns of the line grid are.
ALLOWED, PAID, GAP, RECEIVED = 5, 6, 12, 15
# Where those of the adjustments are.
AMOUNT, EFFECT, TYPE = 4, 6, 7


def one_line_claim(demo: DemoOffice) -> tuple[int, int, str, int, int]:
    """(deposit, deposit claim, Claim XRef, charge, paid) of a paid claim with one line, in a deposit that ties out."""
    deposit = clean_deposit(demo)
    ((number, pcn, charge, paid),) = demo.ask(
        "SELECT c.id, c.pcn, l.charge_cents, l.paid_cents FROM deposit_claims c JOIN deposit_lines l "
        "ON l.deposit_claim_id = c.id JOIN adjustments a ON a.deposit_line_id = l.id AND a.group_code = 'CO' "
        "AND a.reason = '45' WHERE c.deposit_id = ? AND l.paid_cents > 1000 GROUP BY c.id HAVING count(*) = 1 "
        "ORDER BY c.claim_no LIMIT 1",
        deposit,
    )
    return deposit, int(number), str(pcn), int(charge), int(paid)


def open_editor(page: Page, pcn: str) -> Locator:
    claims = page.get_by_role("grid", name="Deposit Claims")
    button(claims.get_by_role("row").filter(has_text=pcn), "Edit").click()
    return page.get_by_role("dialog", name=f"Edit Claim {pcn}")


def cell(editor: Locator, column: int) -> Locator:
    lines = editor.get_by_role("grid", name="Lines to Edit").locator("tbody tr").first
    return lines.get_by_role("gridcell").nth(column)


def type_into(page: Page, editor: Locator, column: int, text: str) -> None:
    """As by keyboard: go to the cell, F2, type, Enter."""
    cell(editor, column).click()
    page.keyboard.press("F2")
    box = cell(editor, column).get_by_role("textbox")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_count(0)


def line_of(demo: DemoOffice, claim: int) -> tuple[int, int]:
    """(paid, gap) of the claim's line as stored."""
    ((paid, gap),) = demo.ask(
        "SELECT paid_cents, charge_cents - (SELECT coalesce(sum(amount_cents), 0) FROM adjustments a "
        "WHERE a.deposit_line_id = l.id) - (paid_cents - interest_cents) FROM deposit_lines l "
        "WHERE deposit_claim_id = ?",
        claim,
    )
    return int(paid), int(gap)


def test_a_draft_with_a_gap_then_ready(
    office: DemoOffice,
    open_tab: OpenPage,
    screenshot: Callable[[Page, str], Path],
) -> None:
    deposit, claim, pcn, _, paid = one_line_claim(office)
    page = open_tab(f"{office.address}/deposit?id={deposit}", width=1600, height=900)
    editor = open_editor(page, pcn)
    expect(cell(editor, GAP)).to_have_text("0.00")
    type_into(page, editor, PAID, dollars(paid - 500))
    expect(cell(editor, GAP)).to_have_text("5.00")
    expect(button(editor, "Save")).to_have_attribute("aria-disabled", "true")
    screenshot(page, "gap")
    assert violations(page) == []
    button(editor, "Save Draft").click()
    expect(editor).to_be_hidden()
    expect(page.get_by_text(f"Claim {pcn} was saved as a draft.")).to_be_visible()
    assert line_of(office, claim) == (paid - 500, 500)

    editor = open_editor(page, pcn)
    expect(cell(editor, RECEIVED)).to_have_text(dollars(paid))
    others = editor.get_by_role("grid", name="Adjustments to Edit")
    adding = editor.get_by_role("form", name="New Adjustment")
    adding.get_by_role("combobox", name="Group").select_option("CO")
    adding.get_by_role("combobox", name="Reason").press_sequentially("tax with")
    expect(adding.get_by_role("listbox", name="Reason").get_by_role("option").first).to_contain_text("105")
    page.keyboard.press("Enter")
    adding.get_by_role("textbox", name="Amount").fill("5")
    button(editor, "Add Adjustment").click()
    expect(others.get_by_role("row").filter(has_text="Tax withheld")).to_contain_text("5.00")
    expect(cell(editor, GAP)).to_have_text("0.00")
    page.keyboard.press("Control+Enter")
    expect(editor).to_be_hidden()
    expect(page.get_by_text(f"Claim {pcn} was saved.", exact=True)).to_be_visible()
    assert line_of(office, claim) == (paid - 500, 0)
    ((audited,),) = office.ask(
        "SELECT count(*) FROM audit_events WHERE action = 'claim.edit' AND subject_id = ?", claim
    )
    assert audited == 2


def test_allowed_proposes_the_contractual_write_off(office: DemoOffice, open_tab: OpenPage) -> None:
    deposit, _, pcn, charge, paid = one_line_claim(office)
    page = open_tab(f"{office.address}/deposit?id={deposit}", width=1600, height=900)
    editor = open_editor(page, pcn)
    type_into(page, editor, ALLOWED, dollars(paid + 100))
    written_off = (
        editor.get_by_role("grid", name="Adjustments to Edit").get_by_role("row").filter(has_text="45")
    )
    expect(written_off.get_by_role("gridcell").nth(AMOUNT)).to_have_text(dollars(charge - paid - 100))
    cell(editor, PAID).click()
    page.keyboard.press("F2")
    cell(editor, PAID).get_by_role("textbox").fill("what")
    page.keyboard.press("Enter")
    expect(cell(editor, PAID).get_by_role("textbox")).to_have_attribute("aria-invalid", "true")


def test_what_an_adjustment_does_is_seen_and_chosen(
    office: DemoOffice, open_tab: OpenPage, screenshot: Callable[[Page, str], Path]
) -> None:
    deposit, claim, pcn, _, _ = one_line_claim(office)
    page = open_tab(f"{office.address}/deposit?id={deposit}", width=1600, height=900)
    editor = open_editor(page, pcn)
    written_off = (
        editor.get_by_role("grid", name="Adjustments to Edit").get_by_role("row").filter(has_text="45")
    )
    expect(written_off.get_by_role("gridcell").nth(EFFECT)).to_have_text("Write-off")
    expect(written_off.get_by_role("gridcell").nth(TYPE)).to_have_text("Contractual write-off")
    after = editor.get_by_role("group", name="Balance after", exact=True)
    open_after = after.inner_text()
    button(written_off, "Effect").click()
    asked = page.get_by_role("dialog", name="Effect of an Adjustment")
    expect(asked).to_contain_text("shipped rule")
    asked.get_by_role("combobox", name="Effect").select_option(label="Denial")
    page.keyboard.press("Control+Enter")
    expect(asked.get_by_text("Choose a payment type.")).to_be_visible()
    asked.get_by_role("combobox", name="Payment Type").select_option(label="Denial (info)")
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    expect(asked).to_be_hidden()
    expect(written_off.get_by_role("gridcell").nth(TYPE)).to_have_text("Denial (info) (by hand)")
    expect(after).not_to_have_text(open_after)
    screenshot(page, "denial")
    page.keyboard.press("Control+Enter")
    expect(editor).to_be_hidden()
    stored = (
        "SELECT effect, payment_type, rule_id FROM adjustments WHERE deposit_claim_id = ? AND reason = '45'"
    )
    assert office.ask(stored, claim) == [("DENIAL", "Denial (info)", 0)]


def test_typed_work_is_asked_about_on_every_way_out(
    office: DemoOffice, open_tab: OpenPage, screenshot: Callable[[Page, str], Path]
) -> None:
    deposit, claim, pcn, _, paid = one_line_claim(office)
    page = open_tab(f"{office.address}/deposit?id={deposit}", width=1600, height=900)
    editor = open_editor(page, pcn)
    page.keyboard.press("Escape")
    expect(editor).to_be_hidden()
    editor = open_editor(page, pcn)
    type_into(page, editor, PAID, dollars(paid - 500))
    page.keyboard.press("Escape")
    asked = page.get_by_role("dialog", name="Unsaved Changes")
    expect(asked).to_contain_text(pcn)
    screenshot(page, "asked")
    button(asked, "Keep Editing").click()
    expect(asked).to_be_hidden()
    expect(cell(editor, PAID)).to_have_text(dollars(paid - 500))
    page.keyboard.press("Alt+z")
    expect(cell(editor, PAID)).to_have_text(dollars(paid))
    page.keyboard.press("Alt+y")
    expect(cell(editor, PAID)).to_have_text(dollars(paid - 500))

    ((following, other),) = office.ask(
        "SELECT id, pcn FROM deposit_claims WHERE deposit_id = ? AND claim_no > (SELECT claim_no FROM deposit_claims "
        "WHERE id = ?) ORDER BY claim_no LIMIT 1",
        deposit,
        claim,
    )
    page.keyboard.press("Alt+BracketRight")
    button(asked, "Discard").click()
    expect(asked).to_be_hidden()
    expect(page.get_by_role("dialog", name=f"Edit Claim {other}")).to_be_visible()
    assert line_of(office, claim) == (paid, 0), "discarded"
    page.keyboard.press("Alt+BracketLeft")
    expect(editor).to_be_visible()
    type_into(page, editor, PAID, dollars(paid - 500))
    button(editor, "Close").click()
    button(asked, "Save Draft").click()
    expect(editor).to_be_hidden()
    assert line_of(office, claim) == (paid - 500, 500)
    assert following != claim


def test_a_posted_claim_has_view_and_no_edit(office: DemoOffice, open_tab: OpenPage) -> None:
    deposit, _, pcn, _, _ = one_line_claim(office)
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    row = page.get_by_role("grid", name="Deposit Claims").get_by_role("row").filter(has_text=pcn)
    expect(button(row, "Edit")).to_be_visible()
    button(page, "Send to Posting").click()
    expect(button(row, "View")).to_be_visible()
    expect(button(row, "Edit")).to_have_count(0)


def test_selected_claims_are_excluded_with_a_reason_and_included_again(
    office: DemoOffice, open_tab: OpenPage
) -> None:
    deposit, claim, pcn, _, paid = one_line_claim(office)
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    row = page.get_by_role("grid", name="Deposit Claims").get_by_role("row").filter(has_text=pcn)
    button(page, "Exclude").click()
    expect(page.get_by_text("Select claims first")).to_be_visible()
    row.get_by_role("gridcell").first.click()
    button(page, "Exclude").click()
    give_reason(page, "Exclude Claims", "belongs to the other system", "Exclude")
    expect(row).to_contain_text("Excluded")
    asked = "SELECT state, included FROM deposit_claims WHERE id = ?"
    assert office.ask(asked, claim) == [("EXCLUDED", 0)]
    assert office.ask("SELECT exclusions_cents FROM deposits WHERE id = ?", deposit) == [(paid,)]
    ((reason,),) = office.ask("SELECT reason FROM audit_events WHERE action = 'claim.exclude'")
    assert reason == "belongs to the other system"
    row.get_by_role("gridcell").first.click()
    expect(row).to_have_attribute("aria-selected", "true")
    button(page, "Include").click()
    expect(row).to_contain_text("Pending")
    assert office.ask(asked, claim) == [("PENDING", 1)]
