"""One Chromium for all tests of a worker, and what must not happen on any page of it.

The two fixtures are made known by `tests/conftest.py`: a folder that imported them would have a second
Playwright in one process, which refuses that.
"""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Request,
    WebError,
    expect,
    sync_playwright,
)

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
# No sandbox: the tests also run as root in a container. The rest keeps the browser itself off the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# JupyterLab's and the widgets' own modules are of different versions beside Voilà; they say so as warnings.
TIMEOUT_MS = 60_000
# A busy machine is not a fault of the page: how quick it is, is measured in benchmarks/.
expect.set_options(timeout=30_000)
GAVE_UP = "widget model not found"
OWN = re.compile(r"^(?:blob:|data:|about:|(?:http|ws)://127\.0\.0\.1:\d+/)")


class Watch:
    """What must not happen on a page, collected while it is used."""

    def __init__(self) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []

    def attach(self, context: BrowserContext) -> None:
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _error(self, error: WebError) -> None:
        if str(error.error).removeprefix("Error: ") != GAVE_UP:
            self.errors.append(str(error.error))

    def _request(self, request: Request) -> None:
        if not OWN.match(request.url):
            self.outside.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        # Jupyter's widgets give up on a kernel of a busy machine after four seconds. The page then opens itself
        # anew (test_pages_live_and_die.py): whoever waits for it finds it, or fails there.
        if message.type == "error" and GAVE_UP not in message.text:
            self.errors.append(message.text)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()
