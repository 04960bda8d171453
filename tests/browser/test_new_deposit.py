"""New Deposit as a clerk makes one, against what the store then holds."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage, dollars

pytestmark = pytest.mark.browser

Screenshot = Callable[[Page, str], Path]


def opened(page: Page) -> Locator:
    page.keyboard.press("Alt+KeyN")
    dialog = page.get_by_role("dialog", name="New Deposit")
    expect(dialog.get_by_label("Amount")).to_be_visible()
    return dialog


def choose_practice(dialog: Locator, practice: int) -> None:
    dialog.get_by_label("Practice").select_option(str(practice))


def save_check(dialog: Locator, practice: int, payer: str) -> None:
    """The rest of the form: check CK-2001 of this payer; saved and opened."""
    page = dialog.page
    choose_practice(dialog, practice)
    dialog.get_by_label("Check #").fill("CK-2001")
    payers = dialog.get_by_role("combobox", name="Payer")
    payers.fill(payer)
    expect(dialog.get_by_role("option", name=payer, exact=True).first).to_be_visible()
    payers.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("group", name="Status", exact=True)).to_contain_text("New")


def test_an_eob_is_typed_with_the_keyboard_and_opened(
    office: DemoOffice, open_tab: OpenPage, screenshot: Screenshot
) -> None:
    ((practice,),) = office.ask("SELECT min(id) FROM practices WHERE active")
    ((payer_id, payer),) = office.ask("SELECT id, name FROM payers WHERE active ORDER BY name LIMIT 1")
    page = open_tab(f"{office.address}/deposits")
    dialog = opened(page)
    expect(dialog.get_by_label("Method")).to_have_value("CHECK")
    dialog.get_by_label("Amount").fill("1234.50")
    page.keyboard.press("Control+Enter")
    for box in (dialog.get_by_label("Check #"), dialog.get_by_role("combobox", name="Payer")):
        expect(box).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_text("Choose the payer.")).to_be_visible()
    assert violations(page) == []
    screenshot(page, "missing")
    save_check(dialog, practice, payer)
    found = office.ask(
        "SELECT type, deposit_cents, payer_id, practice_id, status FROM deposits WHERE check_number = 'CK-2001'"
    )
    assert found == [("EOB", 123450, payer_id, practice, "NEW")]

    # The same check keyed once more, by somebody who did not know; and the number corrected.
    page.goto(f"{office.address}/deposits")
    expect(
        page.get_by_role("grid", name="Deposits").get_by_role("link", name=re.compile(r"\d")).first
    ).to_be_visible()
    dialog = opened(page)
    dialog.get_by_label("Amount").fill("1234.50")
    save_check(dialog, practice, payer)
    errors = page.get_by_role("grid", name="Deposit Errors")
    same = errors.get_by_role("row").filter(has_text="Duplicate deposit")
    expect(same).to_contain_text("Date, amount and check number are those of deposit")
    page.get_by_role("toolbar", name="Deposit Actions").get_by_role("button", name="Edit", exact=True).click()
    details = page.get_by_role("dialog", name="Edit Deposit")
    details.get_by_role("textbox", name="Check #").fill("CK-2002")
    page.keyboard.press("Control+Enter")
    expect(details).to_be_hidden()
    expect(errors.get_by_role("row").filter(has_text="Duplicate fuzzy")).to_be_visible()
    expect(same).to_have_count(0)


def test_a_statement_shows_where_the_money_goes_and_stays_for_another(
    office: DemoOffice, open_tab: OpenPage, screenshot: Screenshot
) -> None:
    claim, practice, pcn, owed = office.ask(
        "SELECT c.id, c.practice_id, c.pcn, c.balance_cents FROM claims c "
        "JOIN charge_lines l ON l.claim_id = c.id AND l.active GROUP BY c.id "
        "HAVING c.balance_cents > 1000 AND min(l.balance_cents) > 0 AND sum(l.balance_cents) = c.balance_cents LIMIT 1"
    )[0]
    page = open_tab(f"{office.address}/deposits")
    dialog = opened(page)
    dialog.get_by_label("Type", exact=True).select_option("statement")
    expect(dialog.get_by_label("Type", exact=True)).to_be_focused()
    choose_practice(dialog, practice)
    dialog.get_by_label("Amount").fill(dollars(owed + 500))
    dialog.get_by_label("Patient or Claim XRef").fill(pcn)
    row = dialog.get_by_role("grid", name="Open Claims").locator("tbody tr").filter(has_text=pcn).first
    expect(row).to_contain_text(dollars(owed))
    row.click()
    split = dialog.get_by_role("grid", name="Split")
    expect(split.locator("tfoot")).to_contain_text("Unapplied: 5.00")
    expect(split.locator("tfoot")).to_contain_text(dollars(owed))
    assert violations(page) == []
    screenshot(page, "split")
    dialog.get_by_role("button", name="Save and New", exact=True).click()
    expect(dialog.get_by_label("Amount")).to_have_value("")
    found = office.ask(
        "SELECT d.deposit_cents, d.payments_cents, c.claim_id FROM deposits d "
        "JOIN deposit_claims c ON c.deposit_id = d.id WHERE d.type = 'STATEMENT' ORDER BY d.id DESC LIMIT 1"
    )
    assert found == [(owed + 500, owed, claim)]


def test_files_have_their_own_dialogs(office: DemoOffice, open_tab: OpenPage, tmp_path: Path) -> None:
    practice, pcn = office.ask("SELECT practice_id, pcn FROM claims WHERE balance_cents > 500 LIMIT 1")[0]
    table = tmp_path / "day.csv"
    table.write_text(f"Patient id,Amount\n{pcn},1.25\nNOBODY,2.00\n", encoding="utf-8")
    page = open_tab(f"{office.address}/deposits")
    opened(page).get_by_label("Type", exact=True).select_option("import_era")
    expect(page.get_by_role("dialog", name="Import ERA")).to_be_visible()
    page.keyboard.press("Escape")
    opened(page).get_by_label("Type", exact=True).select_option("patient_payments")
    dialog = page.get_by_role("dialog", name="Patient Payments Import")
    for press, file in (("Full Template", "full.xlsx"), ("Basic Template", "basic.csv")):
        with page.expect_download() as saved:
            dialog.get_by_role("button", name=press).click()
        assert saved.value.suggested_filename == f"patient-payments-{file}"
    assert saved.value.path().read_text(encoding="utf-8").startswith("Patient id,Statement id,Date,Amount,")
    choose_practice(dialog, practice)
    dialog.locator("input[type=file]").set_input_files(table)
    rows = dialog.get_by_role("grid", name="Payments").locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("No claim of this patient")
    assert violations(page) == []
    dialog.get_by_role("button", name="Import Payments").click()
    expect(page.get_by_role("group", name="Type", exact=True)).to_contain_text("Import")
    assert office.ask(
        "SELECT deposit_cents, payments_cents FROM deposits WHERE type = 'IMPORT' ORDER BY id DESC LIMIT 1"
    ) == [(325, 125)]
