"""Signing in and out in a real browser, by keyboard; the lock after a pause; two people on one server."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import violations
from tests.browser.chromium import TIMEOUT_MS, Watch
from tests.browser.server import serving
from tests.browser.signing_in import sign_in
from tests.browser.test_pages_live_and_die import eventually
from tests.server.people import NORTH, PASSWORD, SOUTH, furnish_people

pytestmark = pytest.mark.browser
Shoot = Callable[[Page, str], Path]


def visit(browser: Browser, watch: Watch) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(TIMEOUT_MS)
    watch.attach(context)
    return context


def test_sign_in_leads_to_where_one_wanted_to_go_and_out_ends_the_kernels(
    tmp_path: Path, browser: Browser, watch: Watch, screenshot: Shoot
) -> None:
    home = tmp_path / "home"
    furnish_people(home)
    with serving(home, "--way", "password") as served:
        context = visit(browser, watch)
        page = context.new_page()
        page.goto(f"{served.address}/deposits?status=NEW")
        assert violations(page) == []
        screenshot(page, "form")
        sign_in(page, "nora", "not the password")
        expect(page.get_by_role("alert")).to_have_text("The login or the password is not right.")
        expect(page.get_by_label("Password")).to_be_focused()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".wb-who")).to_have_text(f"{NORTH} · Nora North")
        assert page.url.endswith("/voila/render/deposits.ipynb?status=NEW") or "/deposits" in page.url
        screenshot(page, "page")
        papers = list((home / "sessions").glob("*.json"))
        assert [json.loads(paper.read_text())["login"] for paper in papers] == ["nora"]
        assert papers[0].stat().st_mode & 0o777 == 0o600
        cookie = next(cookie for cookie in context.cookies() if cookie["name"].startswith("workbench-"))
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        assert eventually(lambda: len(served.kernels()) == 2)  # hers, and the next one's
        page.get_by_role("button", name="Sign Out").click()
        expect(page.get_by_label("Login")).to_be_visible()
        assert eventually(lambda: len(served.kernels()) == 1)
        assert list((home / "sessions").glob("*.json")) == []
        page.goto(f"{served.address}/settings")
        sign_in(page, "ada")
        page.get_by_role("tab", name="People").click()
        people = page.get_by_role("grid", name="People", exact=True)
        expect(people.get_by_role("row").filter(has_text="Nora North")).to_contain_text("Payment poster")
        assert violations(page) == []
        screenshot(page, "people")
        context.close()
    watch.errors = [error for error in watch.errors if "403" not in error]  # the wrong password
    assert watch.outside == []
    assert watch.errors == []


def test_a_pause_locks_the_page_and_the_password_brings_it_back_as_it_was(
    tmp_path: Path, browser: Browser, watch: Watch, screenshot: Shoot
) -> None:
    home = tmp_path / "home"
    furnish_people(home)
    with serving(home, "--way", "password", "--lock", "25") as served:
        context = visit(browser, watch)
        page = context.new_page()
        page.goto(f"{served.address}/deposits")
        sign_in(page, "nora")
        search = page.get_by_label("Quick Search")
        search.fill("a draft")
        locked = page.get_by_role("dialog", name="Locked")
        locked.wait_for(timeout=90_000)
        expect(search).to_be_hidden()
        assert "Deposits" not in page.title()
        assert violations(page) == []
        screenshot(page, "locked")
        # Neither Esc nor the address bar leads around it.
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(locked).to_be_visible()
        other = context.new_page()
        other.goto(f"{served.address}/deposits")
        expect(other.get_by_label("Login")).to_be_visible()
        other.close()
        page.keyboard.type("not the password")
        page.keyboard.press("Enter")
        expect(locked.get_by_role("alert")).to_have_text("The password is not right.")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(locked).to_be_hidden()
        expect(search).to_have_value("a draft")
        page.get_by_role("button", name="Clear Filter").click()
        expect(search).to_have_value("")  # the kernel has answered
        context.close()
    watch.errors = [error for error in watch.errors if "403" not in error]  # the wrong password
    assert watch.errors == []


@pytest.mark.postgres
def test_two_people_on_postgresql_each_see_their_own_office(
    tmp_path: Path, postgres_url: str, browser: Browser, watch: Watch
) -> None:
    home = tmp_path / "home"
    furnish_people(home, postgres_url)
    with serving(home, "--way", "password", database_url=postgres_url) as served:
        pages = {}
        for login, shown in (("nora", f"{NORTH} · Nora North"), ("sam", f"{SOUTH} · Sam South")):
            pages[login] = visit(browser, watch).new_page()
            pages[login].goto(f"{served.address}/image_batches")
            sign_in(pages[login], login)
            expect(pages[login].locator(".wb-who")).to_have_text(shown)
        pages["sam"].goto(f"{served.address}/deposits")  # not a scan clerk's
        expect(pages["sam"].get_by_role("alert")).to_contain_text("You may not do this")
        for page in pages.values():
            page.context.close()
    assert watch.outside == []
    assert watch.errors == []
