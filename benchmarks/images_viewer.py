"""Switching pages in the Image Viewer, against showing the same pictures in a bare page of the same browser.

    python -m benchmarks images_viewer

Goal: at most 1.5 times the bare page. Measured in the browser, from the key to the frame after the new
page is decoded; pages are 300 dpi letters, the viewer shows their half-size previews at Fit Page. Two
figures: turning page by page as one reads (the next page is there already), and jumping to pages that
were not fetched yet, which adds the way to the kernel and back.
"""

import base64
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.images_import import jpeg, letter
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.server import serving
from workbench.app import open_workbench
from workbench.config import Settings
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType
from workbench.images.intake import Incoming
from workbench.services.image_import import Target
from workbench.services.image_store import Size

PAGES = 24
GOAL = 1.5
READING_MS = 400  # nobody turns faster than this for long
FRAME = "await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));"
TURN = f"""async (go) => {{
  const picture = document.querySelector(".wb-page-picture"), before = picture.dataset.shown;
  const started = performance.now();
  document.querySelector(go).click();
  while (picture.dataset.shown === before) await new Promise((done) => setTimeout(done, 0));
  {FRAME}
  return performance.now() - started;
}}"""
BARE = f"""async (coded) => {{
  const bytes = Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0));
  const picture = document.querySelector("img");
  const started = performance.now();
  const next = new Image();
  next.src = URL.createObjectURL(new Blob([bytes], {{ type: "image/jpeg" }}));
  await next.decode();
  picture.src = next.src;
  {FRAME}
  return performance.now() - started;
}}"""


def turn(page: Page, selectors: list[str]) -> float:
    times = []
    for selector in selectors:
        page.wait_for_timeout(READING_MS)
        times.append(float(page.evaluate(TURN, selector)))
    return statistics.median(times)


def bare(page: Page, pictures: list[bytes]) -> float:
    page.set_content('<body style="margin:0"><img style="height:90vh"></body>')
    times = []
    for picture in pictures:
        page.wait_for_timeout(READING_MS)
        times.append(float(page.evaluate(BARE, base64.b64encode(picture).decode())))
    return statistics.median(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        desk = open_workbench(Settings(home, f"sqlite:///{home / 'workbench.sqlite3'}"))
        with desk.database.transaction() as stores:
            practice_id = stores.office.add_practice("Benchmark")
        batch_id = desk.scan_desk.batches.create(desk.actor, BatchHeader("", practice_id, BatchType.PAYMENT))
        files = [Incoming(f"{number}.jpg", jpeg(letter(number))) for number in range(PAGES)]
        list(desk.scan_desk.imports.run(desk.actor, batch_id, files, Target.NEW_SET))
        images = desk.scan_desk.views.contents(desk.actor, batch_id).images
        ids = [image.state.image_id for image in images]
        previews = [desk.scan_desk.files.picture(desk.actor, each, Size.PREVIEW).data for each in ids]
        with serving(home) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            plain = bare(browser.new_page(viewport={"width": 1440, "height": 900}), previews)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{served.address}/image_viewer?batch={batch_id}")
            page.locator(".wb-page-picture[src]").wait_for()
            reading = turn(page, ['button[aria-label="Next page"]'] * (PAGES // 2))
            page.reload()
            page.locator(".wb-page-picture[src]").wait_for()
            far = [f'li[data-id="{each}"]' for each in ids[3::3]]
            jumping = turn(page, far)
            browser.close()
        desk.close()
    print(f"bare page {plain:.0f} ms; goal at most {GOAL} times that")
    verdict = "" if reading <= GOAL * plain else "  ABOVE THE GOAL"
    print(f"turning to the next page             {reading:6.0f} ms {reading / plain:6.2f}{verdict}")
    print(f"jumping to a page not fetched yet    {jumping:6.0f} ms {jumping / plain:6.2f}  (no goal)")


if __name__ == "__main__":
    main()
