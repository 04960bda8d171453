"""Debian's Chromium on the real server. Every page is watched: no request leaves the machine, no script error."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
)

from tests.browser.chromium import TIMEOUT_MS, Watch
from tests.browser.server import serving
from tests.browser.signing_in import sign_in

OpenPage = Callable[..., Page]


@pytest.fixture
def open_tab(browser: Browser, watch: Watch) -> Iterator[OpenPage]:
    """`open_tab(url)`: a page in a new browser context; checked at the end of the test."""
    contexts: list[BrowserContext] = []

    def open_page(
        url: str, *, width: int = 1280, height: int = 800, zone: str | None = None, login: str = ""
    ) -> Page:
        """`zone`: where the clerk's machine stands; None: where this one does. `login`: who signs in, if anybody."""
        context = browser.new_context(viewport={"width": width, "height": height}, timezone_id=zone)
        context.set_default_timeout(TIMEOUT_MS)
        watch.attach(context)
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        if login:
            sign_in(page, login)
        page.locator(".wb-screen").first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert watch.outside == [], "a request left the machine"
    assert watch.errors == [], "the page reported errors"


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Saves what the page looks like, for the eyes of a reviewer: `test-results/<test>-<name>.png`."""
    folder = Path(request.config.rootpath) / "test-results"
    folder.mkdir(exist_ok=True)

    def shoot(page: Page, name: str) -> Path:
        path = folder / f"{request.node.name}-{name}.png"
        page.screenshot(path=path)
        return path

    return shoot


@pytest.fixture(scope="session")
def empty_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server without any data."""
    with serving(tmp_path_factory.mktemp("empty") / "home") as served:
        yield served.address


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the page with every widget of the kit."""
    notebooks = Path(__file__).parent / "gallery"
    with serving(tmp_path_factory.mktemp("gallery") / "home", notebooks=notebooks) as served:
        yield f"{served.address}/gallery"


@dataclass(frozen=True)
class DemoOffice:
    """The demo behind a running server, and its database for asking what is true without our own services."""

    address: str
    home: Path

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.home / "workbench.sqlite3")) as connection:
            return connection.execute(statement, values).fetchall()

    def largest_deposit(self) -> int:
        return int(self.ask("SELECT id FROM deposits ORDER BY claims_count DESC LIMIT 1")[0][0])


@pytest.fixture(scope="session")
def demo_office(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoOffice]:
    """The demo data on a server of this worker's own. Tests leave the deposits as they found them."""
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(demo_home, home)
    with serving(home) as served:
        yield DemoOffice(served.address, home)


@pytest.fixture
def office(demo_copy: Path) -> Iterator[DemoOffice]:
    """A demo of the test's own, which it may change, with a page waiting for each of two clerks."""
    with serving(demo_copy, pool=2) as served:
        yield DemoOffice(served.address, demo_copy)


def dollars(cents: int) -> str:
    """Cents as the screen writes them, worked out apart from our own formatting."""
    return f"{Decimal(cents) / 100:,.2f}"
