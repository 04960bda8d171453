"""Fifty payloads in every text of the store: no page runs one, no export keeps one live."""

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import TIMEOUT_MS, Watch
from tests.browser.conftest import DemoOffice
from tests.browser.server import serving
from tests.payloads.office import TEXTS, poison
from tests.payloads.texts import PAYLOADS
from workbench.app import open_workbench
from workbench.config import Settings
from workbench.services.sql.tables import TABLES
from workbench.storage.tables import metadata

# Written by the program, not by people or files; or a word that a check of the database holds.
OF_THE_PROGRAM = re.compile(
    r"_json$|sha256$|mime$|^(mac|seal|kind|key|value|state|status|type|level|severity|action|subject_type|list|outcome|"
    r"source|role|account|effect|disposition|payment_type|pay_method|pay_type|credit_debit|batch_type|"
    r"coding_status|document_type|currency|type_code|line_key|payment_key|time_zone|frequency|claim_status|"
    r"claim_level|password_hash|handling_code|st02|isa13|login|memo|ssn|hold_reason|ignore_reason|"
    r"line_control_no|trace_originator|original_units|facility_case_no|external_case_no|payer_claim_no|reason|"
    r"code|meaning|cleaning|payer_key|group_code|carc|rarc|cpt|payer_level|remit_status|isa_\w+|gs_\w+|name)$"
)


def test_there_are_fifty_and_no_text_of_people_was_forgotten() -> None:
    assert len(set(PAYLOADS)) == 50
    forgotten = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, sa.Text)
        and column.name not in TEXTS.get(table.name, ())
        and not OF_THE_PROGRAM.search(column.name)
    }
    assert forgotten == set()


@pytest.fixture
def office(demo_home: Path, tmp_path: Path) -> Iterator[DemoOffice]:
    home = tmp_path / "poisoned"
    shutil.copytree(demo_home, home)
    assert poison(home) > 10_000
    with serving(home, pool=2) as served:
        yield DemoOffice(served.address, home)


WATCH = """
    window.fired = [];
    window.hit = (number) => window.fired.push("payload " + number);
    window.alert = window.confirm = window.prompt = (text) => window.fired.push("dialog " + text);
    document.addEventListener("securitypolicyviolation", (event) => window.fired.push(
        "policy " + event.violatedDirective + " " + event.blockedURI));
"""


def opened(browser: Browser, watch: Watch, url: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(TIMEOUT_MS)
    context.add_init_script(WATCH)
    watch.attach(context)
    page = context.new_page()
    page.goto(url)
    page.locator(".wb-screen").first.wait_for()
    return page


def walk(page: Page) -> None:
    """Every tab of the screen, and what opens from the first row of each of its grids."""
    settle(page)
    tabs = page.get_by_role("tab")
    for place in range(max(1, tabs.count())):
        if tabs.count():
            tabs.nth(place).click()
            settle(page)
        for row in page.locator("[role=grid]:visible tbody tr:first-child td:first-child").all():
            row.hover()
        look_into_dialogs(page)


def look_into_dialogs(page: Page) -> None:
    """Opens what the buttons of the screen open, and closes it again."""
    opening = (
        "New",
        "Find",
        "Edit",
        "Advanced Search",
        "Details",
        "Resolve",
        "Verify",
        "Import",
        "Report",
        "View",
    )
    for name in opening:
        button = page.get_by_role("button", name=re.compile(f"^{name}")).locator("visible=true").first
        if button.count() and button.is_enabled():
            button.click()
            settle(page)
            page.keyboard.press("Escape")
            settle(page)


def settle(page: Page) -> None:
    """Until the kernel has answered: the page says busy while it works."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_no_page_runs_what_it_shows(office: DemoOffice, browser: Browser, watch: Watch) -> None:
    ((deposit,),) = office.ask("SELECT id FROM deposits ORDER BY claims_count DESC LIMIT 1")
    ((batch,),) = office.ask("SELECT batch_id FROM image_sets GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    screens = ("home", "deposits", f"deposit?id={deposit}", "posting", "image_batches",
               f"image_viewer?id={batch}", "bank", "audit", "settings")  # fmt: skip
    shown = set()
    for screen in screens:
        page = opened(browser, watch, f"{office.address}/{screen}")
        walk(page)
        text = page.locator("body").inner_text()
        shown |= {payload for payload in PAYLOADS if payload.strip()[:12] in text}
        assert page.evaluate("window.fired") == [], screen
        assert page.locator("img[src=x], script:text('hit(')").count() == 0, screen
        page.context.close()
    assert len(shown) > 30, "the payloads were not on the screens"
    assert watch.outside == []
    assert [error for error in watch.errors if "hit" in error or "Content Security" in error] == []


def test_no_export_keeps_a_formula_alive(demo_home: Path, home: Path) -> None:
    """Every frame as CSV: no cell begins, behind any blanks, as a spreadsheet's formula does."""
    shutil.copytree(demo_home, home, dirs_exist_ok=True)
    poison(home)
    desk = open_workbench(Settings(home, f"sqlite:///{home / 'workbench.sqlite3'}"))
    live = []
    for name in sorted(TABLES):
        path = desk.export(getattr(desk.frames, name)(), home / f"{name}.csv")
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                live += [f"{name}: {cell}" for cell in row if re.match(r"[\s\u200f\ufeff]*[=+@]", cell)]
                live += [f"{name}: {cell}" for cell in row if re.match(r"\s*-(?!\d+(\.\d+)?$)", cell)]
    desk.close()
    assert live == []
