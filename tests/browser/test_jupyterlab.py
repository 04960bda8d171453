"""The same page inside JupyterLab, as an analyst opens it: `wb.show("deposit", id=...)`."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import Watch
from tests.browser.conftest import DemoOffice
from tests.browser.server import ROOT
from tests.browser.test_pages_live_and_die import eventually

pytestmark = pytest.mark.browser

CELL = ["from workbench import open_workbench\n", "open_workbench().show('deposit', id={deposit})"]


@pytest.fixture
def lab(demo_office: DemoOffice, tmp_path: Path) -> Iterator[str]:
    """Address of a JupyterLab whose notebook shows the largest deposit."""
    source = [line.format(deposit=demo_office.largest_deposit()) for line in CELL]
    cell = {
        "cell_type": "code",
        "id": "page",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "look.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    port = 20_000 + os.getpid() % 20_000
    options = [f"--port={port}", "--no-browser", "--allow-root", "--IdentityProvider.token="]
    # No news from the network, and the application object for running the cell.
    options += ["--LabApp.news_url=None", "--LabApp.expose_app_in_browser=True"]
    environment = {**os.environ, "WORKBENCH_HOME": str(demo_office.home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        assert eventually(lambda: _answers(f"{address}/api"), 60)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def test_the_deposit_is_shown_in_a_cell_and_keys_stay_inside_it(
    lab: str, browser: Browser, watch: Watch
) -> None:
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    context.on("request", watch._request)
    page = context.new_page()
    page.goto(f"{lab}/lab/tree/look.ipynb")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.wait_for_function(
        "window.jupyterapp?.shell?.currentWidget?.context?.sessionContext?.session?.kernel"
    )
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    claims = page.get_by_role("grid", name="Deposit Claims")
    expect(claims.locator("tbody tr").first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("group", name="Unreconciled ($)", exact=True)).to_be_visible()
    claims.get_by_role("button", name="Edit").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".jp-Notebook .jp-InputPrompt").first.click()
    page.keyboard.press("KeyB")
    expect(page.get_by_role("dialog", name="Balancing")).to_have_count(0)
    page.get_by_role("group", name="Balance ($)", exact=True).focus()
    page.keyboard.press("KeyB")
    expect(page.get_by_role("dialog", name="Balancing")).to_be_visible()
    context.close()
    assert watch.outside == []
