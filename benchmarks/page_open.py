"""Opening the deposit of 10,000 claims, warm kernel, against an empty Voilà page served the same way.

    python -m benchmarks page_open

Server time: what the server and the kernel need for the page, without the browser: the HTML of a warm
kernel, plus entering the deposit in a process that is as warm as a kernel of the pool (its first and only
entering; median of several processes). Goal: at most 150 ms.
First view: from following the link until the first claims can be read; the empty page shows one
ipywidgets Label, in our own template, which is lighter than Voilà's. Goal: at most 1.3 times.
Both pages are opened in turn, so that the load of the machine falls on both.
"""

import importlib
import json
import os
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

from playwright.sync_api import Browser, Page, sync_playwright

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
    enter: list[float] = field(default_factory=list)
    view: list[float] = field(default_factory=list)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch, pages(Path(scratch)) as (home, number, deposit, empty):
        ours, theirs = Times(), Times()
        ours.enter = [entering(home, number) for _ in range(ROUNDS)]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for turn in range(ROUNDS + 1):
                one = Times() if turn == 0 else ours  # the first opening fills the caches of both
                other = Times() if turn == 0 else theirs
                open_page(browser, deposit, _claims_are_there, one)
                open_page(browser, empty, _label_is_there, other)
                time.sleep(REFILL_SECONDS)
            browser.close()
    report(ours, theirs)


def open_page(browser: Browser, url: str, seen: Callable[[Page], None], times: Times) -> None:
    context = browser.new_context()
    page = context.new_page()
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


def enter_once(deposit: str) -> None:
    """What the kernel of a page does when the browser tells it the address; prints the seconds."""
    show = importlib.import_module("workbench.pages").show
    shell = show("home")
    start = time.perf_counter()
    shell.enter("deposit", {"id": deposit})
    print(time.perf_counter() - start)


def entering(home: Path, deposit: int) -> float:
    command = [sys.executable, "-m", "benchmarks.page_open", str(deposit)]
    environment = {**os.environ, "WORKBENCH_HOME": str(home)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return float(done.stdout)


@contextmanager
def pages(scratch: Path) -> Iterator[tuple[Path, int, str, str]]:
    """The data, the deposit, and the addresses of the deposit and of the empty page."""
    home, notebooks = scratch / "home", scratch / "empty"
    environment = {**os.environ, "WORKBENCH_HOME": str(home)}
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
            home,
            deposit,
            f"{ours.address}/voila/render/deposit.ipynb?id={deposit}",
            f"{theirs.address}/voila/render/home.ipynb",
        )


def report(ours: Times, theirs: Times) -> None:
    html, enter = 1000 * statistics.median(ours.html), 1000 * statistics.median(ours.enter)
    server = html + enter
    view, floor = statistics.median(ours.view), statistics.median(theirs.view)
    print(f"server time      {server:6.0f} ms  (page {html:.0f}, kernel {enter:.0f}; goal {SERVER_GOAL_MS})")
    print(f"first view       {view:6.2f} s   (empty Voilà page {floor:.2f} s)")
    print(f"ratio            {view / floor:6.2f}     (goal {VIEW_GOAL})")


if __name__ == "__main__":
    if sys.argv[1:]:
        enter_once(sys.argv[1])
    else:
        main()
