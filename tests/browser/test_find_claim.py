"""Attach/Find a Claim by keyboard: adding to an EOB, the time period, attaching to a remitted claim."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage
from tests.browser.test_deposit_acts import button

pytestmark = pytest.mark.browser

TITLE = "Attach/Find a Claim"
EOB = "SELECT id, practice_id FROM deposits WHERE type = 'EOB' AND status = 'NEW' AND claims_count = 0 ORDER BY id"


def test_claims_are_found_and_added_with_the_keyboard_alone(
    office: DemoOffice,
    open_tab: OpenPage,
    screenshot: Callable[[Page, str], Path],
) -> None:
    deposit, practice = office.ask(EOB)[0]
    ((last, matching),) = office.ask(
        "SELECT patient_last, count(*) FROM claims WHERE practice_id = ? AND service_from >= date('now', '-300 days') "
        "GROUP BY patient_last HAVING count(*) BETWEEN 3 AND 40 ORDER BY 2 LIMIT 1",
        practice,
    )
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    page.keyboard.press("Alt+a")
    dialog = page.get_by_role("dialog", name=TITLE)
    expect(dialog.get_by_role("textbox", name="Claim ID")).to_be_focused()
    dialog.get_by_role("textbox", name="Last Name").focus()
    page.keyboard.type(last)
    page.keyboard.press("Enter")
    found = dialog.get_by_role("grid", name="Claims Found")
    expect(found.get_by_role("row").filter(has_text=last).first).to_be_visible()
    assert found.get_by_role("row").filter(has_text=last).count() >= matching
    expect(dialog.get_by_text("Claim Search Time Period: 365 days")).to_be_visible()
    assert violations(page) == []
    screenshot(page, "found")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("2 claims were added.")).to_be_visible()
    ((added,),) = office.ask("SELECT count(*) FROM deposit_claims WHERE deposit_id = ?", deposit)
    assert added == 2


def test_the_time_period_hides_old_claims_until_all_dates_are_searched(
    office: DemoOffice,
    open_tab: OpenPage,
) -> None:
    deposit, practice = office.ask(EOB)[0]
    ((claim, pcn),) = office.ask(
        "SELECT id, pcn FROM claims WHERE practice_id = ? ORDER BY service_from LIMIT 1", practice
    )
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    button(page, "Attach/Find a Claim").click()
    dialog = page.get_by_role("dialog", name=TITLE)
    days = dialog.get_by_role("textbox", name="Claim Search Time Period (days)")
    days.fill("30")
    dialog.get_by_role("textbox", name="Claim XRef").fill(pcn)
    button(dialog, "Search").click()
    expect(dialog.get_by_text(re.compile("0 claims found with service since .*30 days"))).to_be_visible()
    button(dialog, "Search All Dates").click()
    expect(dialog.get_by_role("row").filter(has_text=str(claim))).to_be_visible()


def test_a_remitted_claim_is_found_on_its_deposit_and_attached_to_one_of_ours(
    office: DemoOffice,
    open_tab: OpenPage,
) -> None:
    ((deposit, remitted),) = office.ask(
        "SELECT c.deposit_id, c.id FROM deposit_claims c JOIN deposits d ON d.id = c.deposit_id WHERE c.claim_id IS "
        "NULL AND d.status = 'NEW' AND c.included AND d.practice_id IS NOT NULL ORDER BY 1, 2 LIMIT 1"
    )
    ((theirs,),) = office.ask("SELECT pcn FROM deposit_claims WHERE id = ?", remitted)
    ((ours,),) = office.ask(
        "SELECT c.id FROM claims c JOIN deposits d ON d.practice_id = c.practice_id WHERE d.id = ? AND NOT EXISTS "
        "(SELECT 1 FROM deposit_claims x WHERE x.deposit_id = d.id AND x.claim_id = c.id) LIMIT 1",
        deposit,
    )
    page = open_tab(f"{office.address}/deposit?id={deposit}")
    expect(
        page.get_by_role("grid", name="Deposit Claims").get_by_role("row").filter(has_text=theirs)
    ).to_be_visible()
    page.keyboard.press("Alt+a")
    dialog = page.get_by_role("dialog", name=TITLE)
    dialog.get_by_role("textbox", name="Claim XRef").fill(theirs)
    button(dialog, "Search").click()
    here = dialog.get_by_role("row").filter(has_text="On this deposit")
    expect(here).to_contain_text(theirs)
    button(here, "Show").click()
    drawer = page.get_by_role("dialog", name=f"Claim {theirs}")
    button(drawer, "Attach a Claim").click()
    dialog.get_by_role("textbox", name="Claim ID").fill(str(ours))
    button(dialog, "Search All Dates").click()
    found = dialog.get_by_role("row").filter(has=page.get_by_role("gridcell", name=str(ours), exact=True))
    expect(dialog.get_by_text("1 claim found in all dates.")).to_be_visible()
    found.click()
    expect(found).to_have_attribute("aria-selected", "true")
    button(dialog, "Add to Deposit").click()
    expect(dialog).to_be_hidden()
    expect(drawer.get_by_role("group", name="Claim ID", exact=True)).to_contain_text(str(ours))
    assert office.ask("SELECT claim_id FROM deposit_claims WHERE id = ?", remitted) == [(ours,)]
