"""So many clerks at once, each in a browser context of their own: `python -m tests.browser.clerks ADDRESS COUNT ROUNDS`.

Prints one JSON document: seconds of each action, and what went wrong. A process of its own, because pytest's
worker runs Playwright without asyncio already.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable

from playwright.async_api import Browser, Error, Page, async_playwright

from tests.browser.chromium import ARGUMENTS, CHROMIUM
from tests.server.people import PASSWORD

PATIENCE_MS = 120_000
ARRIVING_SECONDS = 2.0  # between one clerk and the next: an office fills, it is not switched on
THINKING_SECONDS = (1.0, 3.0)  # between two actions; a clerk is slower than that


class Clerk:
    def __init__(self, number: int, page: Page, took: dict[str, list[float]]) -> None:
        self.login = f"clerk{number:02d}"
        self._number = number
        self._page = page
        self._took = took
        self._chance = random.Random(number)

    async def work(self, address: str, rounds: int) -> None:
        page = self._page
        await asyncio.sleep(self._number * ARRIVING_SECONDS)
        await page.goto(f"{address}/image_batches")
        await page.get_by_label("Login").fill(self.login)
        await page.get_by_label("Password").fill(PASSWORD)
        await self._act("sign in, page open", lambda: page.keyboard.press("Enter"), self._batches)
        for number in range(rounds):
            await self._image_batch(f"{self.login} mail {number}")
            await self._deposits(f"{self.login}-{number}")

    async def _image_batch(self, description: str) -> None:
        page = self._page
        dialog = page.get_by_role("dialog", name="New Image Batch", exact=True)
        await self._act("new batch dialog", lambda: page.keyboard.press("Alt+c"), dialog.wait_for)
        await dialog.get_by_label("Description").fill(description)
        await dialog.get_by_label("Batch Type").select_option("Payment")
        payer = dialog.get_by_role("combobox", name="Payer", exact=True)
        option = dialog.get_by_role("option", name="Northwind Mutual")
        await self._act("find payer", lambda: payer.fill("northw"), option.first.wait_for)
        await payer.press("Enter")
        heading = page.get_by_role("heading", level=1).filter(has_text=re.compile(r"Image Viewer \[\d+\]"))
        save = dialog.get_by_role("button", name="Save", exact=True)
        await self._act("save batch", save.click, heading.wait_for)
        await self._act(
            "back to batches", page.get_by_role("link", name="Image Batches").first.click, self._batches
        )

    async def _deposits(self, check: str) -> None:
        page = self._page
        grid = page.get_by_role("grid", name="Deposits")
        await self._act("deposits", page.get_by_role("link", name="Deposits").first.click, grid.wait_for)
        # Those of the others, keyed this minute, have no claims yet.
        from_payers = grid.locator("tbody tr").filter(has=page.get_by_text("ERA", exact=True))
        rows = from_payers.locator("td:first-child a")
        await rows.first.wait_for()
        row = rows.nth(self._number % await rows.count())
        claims = page.get_by_role("grid", name="Deposit Claims")
        await self._act("open deposit", row.click, claims.wait_for)
        heading = claims.locator("thead th.wb-sortable").first
        sorted_heading = claims.locator("thead th[aria-sort=ascending], thead th[aria-sort=descending]").first
        await self._act("sort claims", heading.click, sorted_heading.wait_for)
        await self._act(
            "back to deposits", page.get_by_role("link", name="Deposits").first.click, rows.first.wait_for
        )
        dialog = page.get_by_role("dialog", name="New Deposit")
        amount = dialog.get_by_label("Amount")
        await self._act("new deposit dialog", lambda: page.keyboard.press("Alt+KeyN"), amount.wait_for)
        await amount.fill("1234.50")
        await dialog.get_by_label("Check #").fill(check)
        payers = dialog.get_by_role("combobox", name="Payer")
        await payers.fill("Northwind Mutual")
        await dialog.get_by_role("option", name="Northwind Mutual", exact=True).first.wait_for()
        await payers.press("Enter")
        made = page.get_by_role("group", name="Check #", exact=True).filter(has_text=check)
        await self._act("create deposit", lambda: page.keyboard.press("Control+Enter"), made.wait_for)
        await self._act(
            "to batches", page.get_by_role("link", name="Image Batches").first.click, self._batches
        )

    async def _batches(self) -> None:
        await (
            self._page.get_by_role("button", name="Create", exact=True)
            .and_(self._page.locator(":not([aria-disabled=true])"))
            .wait_for()
        )

    async def _act(
        self, name: str, do: Callable[[], Awaitable[None]], done: Callable[[], Awaitable[None]]
    ) -> None:
        """Thinks, acts, and notes how long it took until the page showed it."""
        await asyncio.sleep(self._chance.uniform(*THINKING_SECONDS))
        begin = time.perf_counter()
        await do()
        await done()
        self._took[name].append(time.perf_counter() - begin)


async def one(
    number: int, browser: Browser, address: str, rounds: int, took: dict[str, list[float]]
) -> list[str]:
    """What went wrong for this clerk."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE_MS)
    wrong: list[str] = []
    page = await context.new_page()
    page.on("pageerror", lambda error: wrong.append(f"clerk {number}: {error}"))
    page.on(
        "console", lambda said: wrong.append(f"clerk {number}: {said.text}") if said.type == "error" else None
    )
    try:
        await Clerk(number, page, took).work(address, rounds)
        wrong += [
            f"clerk {number}: {text}" for text in await page.locator(".wb-notice.error").all_inner_texts()
        ]
    except Error as problem:
        wrong.append(f"clerk {number}: {problem}")
    await context.close()
    return wrong


async def all_of_them(address: str, count: int, rounds: int) -> dict[str, object]:
    took: dict[str, list[float]] = defaultdict(list)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        wrong = await asyncio.gather(
            *(one(number, browser, address, rounds, took) for number in range(count))
        )
        await browser.close()
    return {"took": took, "wrong": [text for texts in wrong for text in texts]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("count", type=int)
    parser.add_argument("rounds", type=int)
    asked = parser.parse_args()
    json.dump(asyncio.run(all_of_them(asked.address, asked.count, asked.rounds)), sys.stdout)
