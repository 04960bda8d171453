"""The audit page in a real browser: what was done shows, narrows, opens and is taken along; by keyboard."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage

pytestmark = pytest.mark.browser


def test_an_act_is_found_looked_at_and_exported(
    office: DemoOffice, open_tab: OpenPage, screenshot: Callable[[Page, str], Path]
) -> None:
    ((sent,),) = office.ask("SELECT count(*) FROM audit_events WHERE action = 'deposit.send'")
    page = open_tab(f"{office.address}/audit")
    grid = page.get_by_role("grid", name="Audit Trail")
    expect(grid.locator("tbody tr").first).to_be_visible()
    assert violations(page) == []
    screenshot(page, "trail")

    page.get_by_label("Action").select_option("deposit.send")
    expect(grid.locator("tbody tr").first).to_contain_text("deposit.send")
    assert grid.locator("tbody tr").count() == min(sent, 50)
    page.keyboard.press("Alt+KeyL")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("grid", name="Before and After")).to_contain_text("status")
    expect(dialog).to_contain_text("SENT_TO_POSTING")
    assert violations(page) == []
    screenshot(page, "event")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    with page.expect_download() as taken:
        page.get_by_role("button", name="Export CSV").click()
    rows = list(csv.DictReader(io.StringIO(taken.value.path().read_text(encoding="utf-8-sig"))))
    assert len(rows) == sent
    assert {row["action"] for row in rows} == {"deposit.send"}

    page.get_by_label("From", exact=True).fill("01/01/2100")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No event fits this filter.")).to_be_visible()
    page.get_by_role("button", name="Clear Filter").click()
    expect(grid.locator("tbody tr").first).to_contain_text("export")
