"""Pages and their kernels: one ends with its tab, with a long pause, or by a crash that the person is told of."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenPage
from tests.browser.server import serving
from workbench.server.application import PING_SECONDS

pytestmark = pytest.mark.browser
GALLERY = Path(__file__).parent / "gallery"


def eventually(condition: Callable[[], bool], seconds: float = 40.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def test_a_closed_tab_ends_its_kernel_and_a_reload_takes_a_warm_one(
    tmp_path: Path, open_tab: OpenPage
) -> None:
    with serving(tmp_path / "home", notebooks=GALLERY) as served:
        page = open_tab(f"{served.address}/gallery")
        assert eventually(lambda: len(served.kernels()) == 2)
        page.reload()
        page.locator(".wb-screen").first.wait_for()
        assert eventually(lambda: len(served.kernels()) == 2)
        page.close(run_before_unload=True)
        assert eventually(lambda: len(served.kernels()) == 1)


def test_no_more_pages_than_places(tmp_path: Path, browser: Browser, open_tab: OpenPage) -> None:
    with serving(tmp_path / "home", pages=1, notebooks=GALLERY) as served:
        first = open_tab(f"{served.address}/gallery")
        assert eventually(lambda: len(served.kernels()) == 2)
        second = browser.new_page()
        answer = second.goto(f"{served.address}/gallery")
        assert answer is not None
        assert answer.status == 503
        expect(second.get_by_role("heading")).to_contain_text("All places are in use.")
        second.close()
        first.context.close()


GIVES_UP_ONCE = """
    addEventListener("DOMContentLoaded", () => {
        const times = Number(sessionStorage.getItem("gave up") ?? 0);
        if (times >= Number(sessionStorage.getItem("wanted") ?? 1)) return;
        sessionStorage.setItem("gave up", times + 1);
        document.querySelector(".wb-output").append("Error displaying widget: model not found");
    });
"""


def test_a_page_whose_widgets_gave_up_is_opened_once_more(tmp_path: Path, browser: Browser) -> None:
    with serving(tmp_path / "home", notebooks=GALLERY) as served:
        page = browser.new_page()
        page.add_init_script(GIVES_UP_ONCE)
        page.goto(f"{served.address}/gallery")
        page.locator(".wb-screen").first.wait_for()
        assert page.evaluate("sessionStorage.getItem('gave up')") == "1"
        page.evaluate("sessionStorage.setItem('wanted', '3')")
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("This page could not be opened.")
        assert page.evaluate("sessionStorage.getItem('gave up')") == "3", "opened anew once, not for ever"
        page.close()


def test_an_idle_page_keeps_its_socket(tmp_path: Path, open_tab: OpenPage) -> None:
    with serving(tmp_path / "home", notebooks=GALLERY) as served:
        page = open_tab(f"{served.address}/gallery")
        again: list[str] = []
        page.on("websocket", lambda socket: again.append(socket.url))
        page.wait_for_timeout((PING_SECONDS + 5) * 1000)
        assert again == [], "the socket was dropped and opened anew"
        page.context.close()


def test_a_dead_kernel_asks_for_a_reload(tmp_path: Path, open_tab: OpenPage) -> None:
    with serving(tmp_path / "home", notebooks=GALLERY) as served:
        warm = {process.pid for process in served.kernels()}
        page = open_tab(f"{served.address}/gallery")
        for process in served.kernels():
            if process.pid in warm:
                process.kill()
        page.clock.install()
        page.get_by_role("button", name="Save").click()
        lost = page.get_by_role("alertdialog", name="Reload needed")
        for _ in range(30):
            page.clock.fast_forward(2000)
            if lost.is_visible():
                break
            page.wait_for_timeout(200)
        lost.get_by_role("button", name="Reload").click()
        expect(page.get_by_role("group", name="Last", exact=True)).to_contain_text("entered")
        page.context.close()


def test_a_forgotten_page_ends_by_itself(tmp_path: Path, open_tab: OpenPage) -> None:
    # With an idle limit of 5 s the server looks every 10 s.
    with serving(tmp_path / "home", idle=5, notebooks=GALLERY) as served:
        warm = {process.pid for process in served.kernels()}
        page = open_tab(f"{served.address}/gallery")
        assert eventually(lambda: not warm & {process.pid for process in served.kernels()}, 60)
        page.context.close()
