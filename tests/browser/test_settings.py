"""The settings page in a real browser, against what the store then holds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage

pytestmark = pytest.mark.browser


def test_each_level_is_set_on_its_tab(
    office: DemoOffice, open_tab: OpenPage, screenshot: Callable[[Page, str], Path]
) -> None:
    page = open_tab(f"{office.address}/settings")
    period = page.get_by_label("Claim Search Time Period")
    expect(period).to_have_value("365")
    period.fill("0")
    save = page.get_by_role("button", name="Save My Settings")
    save.click()
    expect(page.get_by_text("must be a whole number from 1 to 36500")).to_be_visible()
    period.fill("90")
    page.get_by_label("Maximum claims per deposit page").fill("25")
    save.click()
    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    assert set(office.ask("SELECT key, value FROM user_settings")) >= {
        ("claim_search_time_period", "90"), ("max_claims_per_deposit_page", "25"),
    }  # fmt: skip
    assert violations(page) == []
    screenshot(page, "mine")

    page.get_by_role("tab", name="Company").click()
    delay = page.get_by_label("Auto Post ERA Delay")
    expect(delay).to_have_value("-1")
    delay.select_option("3")
    page.get_by_role("button", name="Save Company Settings").click()
    expect(page.get_by_text("The settings of the company are saved.")).to_be_visible()
    assert office.ask("SELECT value FROM company_settings WHERE key = 'auto_post_era_delay'") == [("3",)]
    assert violations(page) == []
    screenshot(page, "company")

    page.get_by_role("tab", name="Errors").click()
    page.get_by_label("Patient name mismatch").select_option("Stops the claim")
    page.get_by_role("button", name="Save Deposit Errors").click()
    expect(page.get_by_text("1 kind of error changed")).to_be_visible()
    assert office.ask("SELECT value FROM company_settings WHERE key = 'error_severities'") == [
        ('{"PATIENT_NAME_MISMATCH": "blocking"}',)
    ]
    assert violations(page) == []
    screenshot(page, "errors")

    page.get_by_role("tab", name="Payers").click()
    ((payer_id,),) = office.ask("SELECT id FROM payers WHERE active ORDER BY name LIMIT 1")
    cell = (
        page.get_by_role("grid", name="Payer Settings")
        .locator("tbody tr")
        .first.get_by_role("gridcell")
        .nth(1)
    )
    cell.dblclick()
    cell.locator("input").fill("7")
    cell.locator("input").press("Enter")
    expect(cell).to_have_text("7")
    assert office.ask("SELECT payer_id, value FROM payer_settings") == [(payer_id, "7")]
    assert violations(page) == []
    screenshot(page, "payers")


def test_rules_say_why_and_amounts_are_set(
    office: DemoOffice, open_tab: OpenPage, screenshot: Callable[[Page, str], Path]
) -> None:
    page = open_tab(f"{office.address}/settings")
    page.get_by_role("tab", name="Rules").click()
    page.get_by_label("Find Rule").fill("CO-45")
    expect(page.get_by_role("grid", name="Rules").locator("tbody tr")).to_have_count(1)
    why = page.get_by_role("form", name="Why")
    why.get_by_label("Group").select_option("CO")
    why.get_by_label("Reason").fill("45")
    why.get_by_role("button", name="Which Rule Wins").click()
    expect(why.get_by_label("Decision")).to_contain_text("shipped rule")
    assert violations(page) == []
    screenshot(page, "rules")
    page.keyboard.press("Alt+KeyN")
    dialog = page.get_by_role("dialog", name="New Rule")
    dialog.get_by_label("Reason").fill("999")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    assert office.ask("SELECT carc, effect, active FROM rules") == [("999", "WRITE_OFF", 1)]

    page.get_by_role("tab", name="ERA Amounts").click()
    amount = page.get_by_role("form", name="ERA Amount")
    amount.get_by_label("Reason").fill("L6")
    amount.get_by_label("What to do").select_option("REPORT")
    page.get_by_role("button", name="Save ERA Amount").click()
    expect(page.get_by_role("grid", name="ERA Amounts")).to_contain_text("Report")
    assert violations(page) == []
    screenshot(page, "amounts")
