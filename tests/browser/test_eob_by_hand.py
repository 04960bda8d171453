"""Paper from the envelope to the ledger by keyboard alone, with the scanned page beside what is keyed (spec 6.3-6.6)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage, dollars
from tests.browser.test_deposit_acts import posted_cents, status
from workbench.app import open_workbench
from workbench.config import Settings
from workbench.domain.scan_batch.words import TargetKind

pytestmark = pytest.mark.browser
PAID, COPAY, GAP, AFTER = 5, 8, 11, 13


def key_in(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def open_claim(demo: DemoOffice) -> tuple[int, str, int, int, str]:
    """(claim, PCN, its only charge, practice, primary payer) of an open claim that no deposit has."""
    ((claim, pcn, charge, practice, payer),) = demo.ask(
        "SELECT c.id, c.pcn, c.charge_cents, c.practice_id, p.name FROM claims c JOIN claim_payers cp ON cp.claim_id "
        "= c.id AND cp.level = 'primary' JOIN payers p ON p.id = cp.payer_id JOIN charge_lines l ON l.claim_id = c.id "
        "WHERE c.balance_cents = c.charge_cents AND c.charge_cents > 20000 AND c.service_from > date('now', '-200 days') "
        "AND NOT EXISTS (SELECT 1 FROM deposit_claims d WHERE d.claim_id = c.id) GROUP BY c.id HAVING count(*) = 1 "
        "ORDER BY c.id LIMIT 1"
    )
    return int(claim), str(pcn), int(charge), int(practice), str(payer)


def new_eob(page: Page, demo: DemoOffice, cents: int, practice: int, payer: str, check: str) -> None:
    """The New Deposit dialog, without the mouse."""
    key_in(page, "Alt+KeyN")
    dialog = page.get_by_role("dialog", name="New Deposit")
    dialog.get_by_label("Practice").focus()
    ((name,),) = demo.ask("SELECT name FROM practices WHERE id = ?", practice)
    page.keyboard.type(name)
    expect(dialog.get_by_label("Practice")).to_have_value(str(practice))
    dialog.get_by_label("Amount").focus()
    page.keyboard.type(dollars(cents))
    dialog.get_by_label("Check #").focus()
    page.keyboard.type(check)
    dialog.get_by_role("combobox", name="Payer").focus()
    page.keyboard.type(payer)
    expect(dialog.get_by_role("option", name=payer).first).to_be_visible()
    key_in(page, "Enter", "Control+Enter")
    expect(status(page)).to_contain_text("New")


def cell(editor: Locator, column: int) -> Locator:
    lines = editor.get_by_role("grid", name="Lines to Edit").locator("tbody tr").first
    return lines.get_by_role("gridcell").nth(column)


def go_to(page: Page, editor: Locator, column: int) -> None:
    """To a cell of the first line: Alt+L, Home, then to the right."""
    key_in(page, "Alt+KeyL", "Home", *["ArrowRight"] * column)
    expect(cell(editor, column)).to_be_focused()


def test_an_eob_from_the_envelope_to_the_ledger_by_keyboard(
    office: DemoOffice,
    open_tab: OpenPage,
    screenshot: Callable[[Page, str], Path],
) -> None:
    claim, pcn, charge, practice, payer = open_claim(office)
    paid, copay = 12_000, 2_500
    page = open_tab(f"{office.address}/deposits", width=1600, height=900)
    new_eob(page, office, paid, practice, payer, "EOB-77")

    key_in(page, "Alt+KeyA")
    finder = page.get_by_role("dialog", name="Attach/Find a Claim")
    finder.get_by_role("textbox", name="Claim XRef").focus()
    page.keyboard.type(pcn)
    key_in(page, "Enter")
    row = finder.get_by_role("grid", name="Claims Found").get_by_role("row").filter(has_text=str(claim))
    expect(row).to_contain_text("claim number equal")
    key_in(page, "Space", "Alt+KeyE")

    editor = page.get_by_role("dialog", name=f"Edit Claim {pcn}")
    expect(cell(editor, GAP)).to_have_text(dollars(charge))
    editor.get_by_role("combobox", name="Remit Status").focus()
    page.keyboard.type("1 Proc")
    go_to(page, editor, PAID)
    page.keyboard.type(dollars(paid))
    key_in(page, "Tab")  # takes the amount; the rest of the charge is proposed as CO-45
    expect(cell(editor, GAP)).to_have_text("0.00")
    go_to(page, editor, COPAY)
    page.keyboard.type(dollars(copay))
    key_in(page, "Enter")
    expect(cell(editor, COPAY)).to_have_text(dollars(copay))
    expect(cell(editor, GAP)).to_have_text("0.00")
    expect(cell(editor, AFTER)).to_have_text(dollars(copay))
    adjusted = editor.get_by_role("grid", name="Adjustments to Edit")
    expect(adjusted.get_by_role("row").filter(has_text="Write-off")).to_contain_text(
        dollars(charge - paid - copay)
    )
    expect(editor.get_by_text("No scanned page is tied to this deposit.")).to_be_visible()
    assert violations(page) == []
    screenshot(page, "keyed")
    key_in(page, "Control+Enter")
    expect(editor).to_be_hidden()

    key_in(page, "Alt+KeyS")
    expect(status(page)).to_contain_text("Sent to Posting")
    ((deposit, unposted),) = office.ask(
        "SELECT d.id, count(*) FILTER (WHERE c.state <> 'POSTED') FROM deposits d JOIN deposit_claims c ON "
        "c.deposit_id = d.id WHERE d.check_number = 'EOB-77' GROUP BY d.id"
    )
    assert unposted == 0
    assert posted_cents(office, deposit) == paid
    assert office.ask("SELECT balance_cents FROM claims WHERE id = ?", claim) == [(copay,)], (
        "as the editor said"
    )


def test_the_scanned_page_stands_beside_what_is_keyed(
    office: DemoOffice,
    open_tab: OpenPage,
    screenshot: Callable[[Page, str], Path],
) -> None:
    desk = open_workbench(Settings(office.home, f"sqlite:///{office.home / 'workbench.sqlite3'}"))
    try:
        ties = desk.scan_desk.ties
        paper = ties.sets_for_deposit(desk.actor)[0]
        ((deposit, pcn),) = office.ask(
            "SELECT d.id, c.pcn FROM deposits d JOIN deposit_claims c ON c.deposit_id = d.id JOIN image_batches b ON "
            "b.practice_id = d.practice_id JOIN image_sets s ON s.batch_id = b.id AND s.id = ? WHERE d.type = 'EOB' "
            "AND d.status = 'NEW' ORDER BY d.id, c.claim_no LIMIT 1",
            paper,
        )
        ties.attach(desk.actor, paper, TargetKind.DEPOSIT, deposit, also=True)
        pages = len(ties.pages_of(desk.actor, TargetKind.DEPOSIT, deposit))
    finally:
        desk.close()
    assert pages > 1

    page = open_tab(f"{office.address}/deposit?id={deposit}", width=1600, height=900)
    row = page.get_by_role("grid", name="Deposit Claims").get_by_role("row").filter(has_text=pcn)
    row.get_by_role("button", name="Edit").click()
    editor = page.get_by_role("dialog", name=f"Edit Claim {pcn}")
    paper = editor.get_by_role("region", name="EOB Image")
    expect(paper.get_by_text(f"Page 1 of {pages}")).to_be_visible()
    picture = paper.get_by_role("img")
    expect(picture).to_have_js_property("complete", value=True)
    key_in(page, "Alt+PageDown")
    expect(paper.get_by_text(f"Page 2 of {pages}")).to_be_visible()
    width = picture.bounding_box()
    key_in(page, "Alt+Equal", "Alt+Equal")
    expect(picture).to_have_attribute("style", "width: 200%;")
    larger = picture.bounding_box()
    assert width
    assert larger
    assert larger["width"] > 1.7 * width["width"]
    screenshot(page, "beside")
    key_in(page, "Alt+Digit0")
    expect(picture).to_have_attribute("style", "width: 100%;")
    expect(paper.get_by_role("button", name="Zoom Out")).to_have_attribute("aria-disabled", "true")
    assert violations(page) == []


def test_money_of_patients_by_statement_and_by_table_to_the_ledger(
    office: DemoOffice,
    open_tab: OpenPage,
    tmp_path: Path,
) -> None:
    found = office.ask(
        "SELECT c.id, c.practice_id, c.pcn, c.balance_cents FROM claims c JOIN charge_lines l ON l.claim_id = c.id "
        "AND l.active WHERE NOT EXISTS (SELECT 1 FROM deposit_claims d WHERE d.claim_id = c.id) GROUP BY c.id "
        "HAVING count(*) = 1 AND c.balance_cents > 10000 AND sum(l.balance_cents) = c.balance_cents "
        "ORDER BY c.practice_id, c.id LIMIT 2"
    )
    (claim, practice, pcn, owed), (other, _, other_pcn, other_owed) = found
    page = open_tab(f"{office.address}/deposits", width=1600, height=900)
    key_in(page, "Alt+KeyN")
    dialog = page.get_by_role("dialog", name="New Deposit")
    dialog.get_by_label("Type", exact=True).select_option("statement")
    dialog.get_by_label("Practice").select_option(str(practice))
    dialog.get_by_label("Amount").focus()
    page.keyboard.type(dollars(owed))
    dialog.get_by_label("Patient or Claim XRef").focus()
    page.keyboard.type(pcn)
    expect(
        dialog.get_by_role("grid", name="Open Claims").get_by_role("row").filter(has_text=pcn)
    ).to_be_visible()
    key_in(page, "Alt+KeyL", "Space")
    expect(dialog.get_by_role("grid", name="Split").locator("tfoot")).to_contain_text(dollars(owed))
    key_in(page, "Control+Enter")
    expect(status(page)).to_contain_text("New")
    key_in(page, "Alt+KeyL", "End", "Enter")
    editor = page.get_by_role("dialog", name=f"Edit Claim {pcn}")
    expect(cell(editor, AFTER)).to_have_text("0.00")
    key_in(page, "Escape", "Alt+KeyS")
    expect(status(page)).to_contain_text("Sent to Posting")
    paid_off = "SELECT balance_cents, status FROM claims WHERE id = ?"
    assert office.ask(paid_off, claim) == [(0, "Done")]

    table = tmp_path / "day.csv"
    table.write_text(
        f"Patient id,Amount\n{other_pcn},{dollars(other_owed).replace(',', '')}\n", encoding="utf-8"
    )
    page.goto(f"{office.address}/deposits")
    page.locator(".wb-screen").first.wait_for()
    key_in(page, "Alt+KeyN")
    dialog.get_by_label("Type", exact=True).select_option("patient_payments")
    payments = page.get_by_role("dialog", name="Patient Payments Import")
    payments.get_by_label("Practice").select_option(str(practice))
    payments.locator("input[type=file]").set_input_files(table)
    expect(payments.get_by_role("grid", name="Payments").locator("tbody tr")).to_have_count(1)
    key_in(page, "Control+Enter")
    expect(page.get_by_role("group", name="Type", exact=True)).to_contain_text("Import")
    key_in(page, "Alt+KeyS")
    expect(status(page)).to_contain_text("Sent to Posting")
    assert office.ask(paid_off, other) == [(0, "Done")]
