"""Opening the deposit of 10,000 claims, warm kernel, against an empty Voilà page served the same way.

    python -m benchmarks page_open

Server time: what the server and the kernel need for the page (the HTML of a warm kernel, plus the
kernel's answer to the browser's address), without the browser. Goal: at most 150 ms.
First view: from following the link until the first claims can be read; the empty page shows one
ipywidgets Label, in our own template, which is lighter than Voilà's. Goal: at most 1.3 times.
Both pages are opened in turn, so that the load of the machine falls on both.
"""

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.server import serving

ROUNDS = 8
REFILL_SECONDS = 4.0
SERVER_GOAL_MS = 150
VIEW_GOAL = 1.3
EMPTY = ["from ipywidgets import Label\n", "Label('ready')"]


@dataclass
class Times:
    """Seconds of each opening."""

    html: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)
    view: list[float] = field(default_factory=list)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, pages(Path(scratch)) as (deposit, empty):
        ours, theirs = Times(), Times()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for number in range(ROUNDS + 1):
                one = Times() if number == 0 else ours  # the first opening fills the caches of both
                other = Times() if number == 0 else theirs
                open_page(browser, deposit, _claims_are_there, one)
                open_page(browser, empty, _label_is_there, other)
                time.sleep(REFILL_SECONDS)
            browser.close()
    report(ours, theirs)


def open_page(browser: Browser, url: str, seen: Callable[[Page], None], times: Times) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.on("websocket", lambda socket: _time_the_answer(socket, times))
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    seen(page)
    times.view.append(time.perf_counter() - start)
    timing = page.evaluate(
        "(() => { const t = performance.getEntriesByType('navigation')[0]; "
        "return t.responseEnd - t.requestStart; })()"
    )
    times.html.append(timing / 1000)
    page.wait_for_timeout(300)
    context.close()


def _claims_are_there(page: Page) -> None:
    page.get_by_role("grid", name="Deposit Claims").locator("tbody tr").first.wait_for()


def _label_is_there(page: Page) -> None:
    page.get_by_text("ready", exact=True).wait_for()


def _time_the_answer(socket: WebSocket, times: Times) -> None:
    """From the frame that carries the browser's address to the frame that answers it."""
    asked: list[float] = []

    def sent(frame: str | bytes) -> None:
        if b'"event":"route"' in _bytes(frame):
            asked.append(time.perf_counter())

    def received(frame: str | bytes) -> None:
        if asked and b'"kind": "answer"' in _bytes(frame):
            times.answer.append(time.perf_counter() - asked.pop())

    socket.on("framesent", sent)
    socket.on("framereceived", received)


def _bytes(frame: str | bytes) -> bytes:
    return frame if isinstance(frame, bytes) else frame.encode()


@contextmanager
def pages(scratch: Path) -> Iterator[tuple[str, str]]:
    """The addresses of the deposit and of the empty page."""
    home, notebooks = scratch / "home", scratch / "empty"
    environment = {"WORKBENCH_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-m", "workbench", "demo"], env=environment, check=True, capture_output=True
    )
    with closing(sqlite3.connect(home / "workbench.sqlite3")) as connection:
        largest = "SELECT id, claims_count FROM deposits ORDER BY claims_count DESC LIMIT 1"
        ((deposit, claims),) = connection.execute(largest)
    print(f"deposit of {claims:,} claims")
    notebooks.mkdir()
    cell = {
        "cell_type": "code",
        "id": "page",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": EMPTY,
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    empty = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (notebooks / "home.ipynb").write_text(json.dumps(empty), encoding="utf-8")
    with serving(home, pool=2) as ours, serving(home, pool=2, notebooks=notebooks) as theirs:
        yield (
            f"{ours.address}/voila/render/deposit.ipynb?id={deposit}",
            f"{theirs.address}/voila/render/home.ipynb",
        )


def report(ours: Times, theirs: Times) -> None:
    html, answer = 1000 * statistics.median(ours.html), 1000 * statistics.median(ours.answer)
    server = html + answer
    view, floor = statistics.median(ours.view), statistics.median(theirs.view)
    print(
        f"server time      {server:6.0f} ms  (page {html:.0f}, kernel's answer {answer:.0f}; goal {SERVER_GOAL_MS})"
    )
    print(f"first view       {view:6.2f} s   (empty Voilà page {floor:.2f} s)")
    print(f"ratio            {view / floor:6.2f}     (goal {VIEW_GOAL})")


if __name__ == "__main__":
    main()
