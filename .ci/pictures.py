"""Takes the pictures of docs/pictures from the real pages, on a fresh demo: `.venv/bin/python .ci/pictures.py`."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
RECOVERY_AND_INTEREST = 24  # a deposit of the demo that does not tie out until its PLB is disposed of
PAGES = {
    "home": "home",
    "deposits": "deposits",
    "deposit": f"deposit?id={RECOVERY_AND_INTEREST}",
    "image_batches": "image_batches",
    "image_viewer": "image_viewer?batch=1",
    "bank": "bank",
    "posting": "posting?show=all",
    "audit": "audit",
    "edit_claim": f"deposit?id={RECOVERY_AND_INTEREST}",
}
# What is pressed before the picture is taken.
PRESSED = {"edit_claim": "Edit"}
SIZE = {"width": 1280, "height": 800}
SETTLE_MS = 2_500  # for pictures within the page


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ) | {"WORKBENCH_HOME": home}
        run = [sys.executable, "-m", "workbench"]
        subprocess.run([*run, "demo"], env=environment, check=True)
        with subprocess.Popen(
            [*run, "serve", "--desk", "--no-browser"], env=environment, stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                address = str(server.stdout.readline()).split()[-1]  # type: ignore[union-attr]
                with sync_playwright() as playwright:
                    chromium = shutil.which("chromium")
                    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
                    take(browser, address)
                    browser.close()
            finally:
                server.terminate()


def take(browser: Browser, address: str) -> None:
    """One picture of each page."""
    FOLDER.mkdir(exist_ok=True)
    for name, path in PAGES.items():
        page = browser.new_page(viewport=SIZE)
        page.goto(address + path)
        page.locator(".wb-screen").first.wait_for(timeout=60_000)
        if name in PRESSED:
            page.get_by_role("gridcell").get_by_role("button", name=PRESSED[name]).first.click()
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=FOLDER / f"{name}.png")
        page.close()


if __name__ == "__main__":
    main()
