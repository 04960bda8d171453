"""Two clerks in two browsers, each signed in as themselves, on one deposit: the second loses nothing (issue C 2)."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import DemoOffice, OpenPage, dollars
from tests.browser.server import serving
from tests.browser.test_claim_edit import PAID, cell, line_of, one_line_claim, open_editor, type_into
from tests.browser.test_deposit_acts import button, clean_deposit
from tests.browser.test_office_load import owner_of
from tests.server.people import PASSWORD
from workbench.domain.roles import Role
from workbench.services.demo.office import PRACTICES
from workbench.services.people import People
from workbench.storage import Database

pytestmark = pytest.mark.browser
CLERKS = {"nora": "Nora North", "paul": "Paul Porter"}


@pytest.fixture
def two_clerks(demo_home: Path, tmp_path: Path) -> Iterator[DemoOffice]:
    """A demo of this test's own, for two payment posters of the same practices, who sign in."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    database = Database.open(f"sqlite:///{home / 'workbench.sqlite3'}", home / "secrets")
    people = People(database, home / "secrets")
    owner = people.at_this_desk(owner_of(home))
    for login, name in CLERKS.items():
        people.add(owner, login, name, roles=[Role.PAYMENT_POSTER], practices=[one.name for one in PRACTICES])
        people.set_password(owner, login, PASSWORD)
    database.close()
    with serving(home, "--way", "password", pool=2) as served:
        yield DemoOffice(served.address, home)


def who_did(office: DemoOffice, action: str, subject: int) -> list[str]:
    """Logins of those who did this, in the order in which they did."""
    asked = (
        "SELECT u.login FROM audit_events e JOIN users u ON u.id = e.user_id "
        "WHERE e.action = ? AND e.subject_id = ? ORDER BY e.chain, e.number"
    )
    return [str(login) for (login,) in office.ask(asked, action, subject)]


def test_two_clerks_edit_one_claim_and_nothing_is_lost(two_clerks: DemoOffice, open_tab: OpenPage) -> None:
    deposit, claim, pcn, _, paid = one_line_claim(two_clerks)
    pages = [
        open_tab(f"{two_clerks.address}/deposit?id={deposit}", width=1600, height=900, login=login)
        for login in CLERKS
    ]
    editors = [open_editor(page, pcn) for page in pages]
    type_into(pages[0], editors[0], PAID, dollars(paid - 500))
    button(editors[0], "Save Draft").click()
    expect(editors[0]).to_be_hidden()

    editors[1].get_by_role("combobox", name="Remit Status").select_option("2")
    button(editors[1], "Save Draft").click()
    told = pages[1].get_by_role("dialog", name="Changed by somebody else")
    row = told.get_by_role("row").filter(has_text=re.compile("Paid"))
    expect(row).to_contain_text(dollars(paid - 500))
    expect(row).to_contain_text(dollars(paid))
    button(told, "Reload and Keep What I Typed").click()
    expect(told).to_be_hidden()
    expect(cell(editors[1], PAID)).to_have_text(dollars(paid - 500))
    button(editors[1], "Save Draft").click()
    expect(editors[1]).to_be_hidden()
    assert line_of(two_clerks, claim) == (paid - 500, 500), "what the first typed"
    assert two_clerks.ask("SELECT remit_status FROM deposit_claims WHERE id = ?", claim) == [("2",)]
    assert who_did(two_clerks, "claim.edit", claim) == ["nora", "paul"]


def test_two_clerks_edit_the_details_and_nothing_is_lost(two_clerks: DemoOffice, open_tab: OpenPage) -> None:
    deposit = clean_deposit(two_clerks)
    pages = [open_tab(f"{two_clerks.address}/deposit?id={deposit}", login=login) for login in CLERKS]
    forms = []
    for page in pages:
        button(page.get_by_role("toolbar", name="Deposit Actions"), "Edit").click()
        forms.append(page.get_by_role("dialog", name="Edit Deposit"))
        expect(forms[-1]).to_be_visible()
    for page, name in zip(pages, CLERKS.values(), strict=True):
        expect(page.locator(".wb-who")).to_contain_text(name)
    forms[0].get_by_role("textbox", name="Check #").fill("CHK 77")
    assert violations(pages[0]) == []
    button(forms[0], "Save").click()
    expect(forms[0]).to_be_hidden()
    expect(pages[0].get_by_role("group", name="Check #", exact=True)).to_contain_text("CHK 77")

    forms[1].get_by_role("textbox", name="Deposited").fill("11/02/2026")
    button(forms[1], "Save").click()
    told = pages[1].get_by_role("dialog", name="Changed by somebody else")
    expect(told.get_by_role("row").filter(has_text="Check #")).to_contain_text("CHK 77")
    button(told, "Reload and Keep What I Typed").click()
    expect(told).to_be_hidden()
    expect(forms[1].get_by_role("textbox", name="Check #")).to_have_value("CHK 77")
    button(forms[1], "Save").click()
    expect(forms[1]).to_be_hidden()
    saved = two_clerks.ask("SELECT check_number, deposited_date FROM deposits WHERE id = ?", deposit)
    assert saved == [("CHK 77", "2026-11-02")]
    assert who_did(two_clerks, "deposit.edit", deposit) == ["nora", "paul"]
