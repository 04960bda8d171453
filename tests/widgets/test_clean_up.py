"""Clean up in the viewer without a browser: what is drawn, the window of numbers, the mouse's frame, undo."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Office
from tests.images import pictures
from tests.images.test_cleanup import letter, skewed
from tests.widgets.test_viewer_windows import PaperTray, Windows, send
from workbench.domain.scan_batch.cleaning import Cleaning
from workbench.images.intake import Incoming
from workbench.images.store import ImageStore
from workbench.services.image_import import Target
from workbench.services.scan_desk import ScanDesk, furnish


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[ScanDesk]:
    made = furnish(office.database, ImageStore(tmp_path / "images"))
    yield made
    made.files.close()


@pytest.fixture
def windows(office: Office, desk: ScanDesk, tmp_path: Path) -> Windows:
    made = Windows(office, desk, tmp_path)
    files = [Incoming(f"{number}.jpg", pictures.jpeg(number)) for number in (1, 2)]
    list(desk.imports.run(made.actor, made.batch_id, files))
    made.screen.enter({"batch": str(made.batch_id)})
    return made


def drawn(windows: Windows) -> list[dict[str, Any]]:
    images: list[dict[str, Any]] = windows.screen.viewer.state["images"]
    return images


def act(windows: Windows, name: str, pages: list[int], **content: object) -> None:
    """To pages by their place; waits until it is done."""
    ids = [each["id"] for each in drawn(windows)]
    send(
        windows.screen.viewer,
        "act",
        name=name,
        image=ids[pages[0]],
        images=[ids[each] for each in pages],
        **content,
    )
    windows.wait(lambda: not windows.screen.cleaning.running)


def test_steps_are_drawn_undone_and_done_again(windows: Windows) -> None:
    act(windows, "clean", [0, 1], step="Invert")
    act(windows, "clean", [1], step="Despeckle")
    assert [each["cleaning"] for each in drawn(windows)] == ["invert", "invert, despeckle"]
    act(windows, "undo", [0])
    act(windows, "undo", [0])
    assert [each["cleaning"] for each in drawn(windows)] == ["", ""]
    act(windows, "redo", [0])
    assert [each["cleaning"] for each in drawn(windows)] == ["invert", "invert"]
    act(windows, "clean", [0], step="")
    assert [each["cleaning"] for each in drawn(windows)] == ["", "invert"]


def test_the_mouse_cuts_what_is_left_of_the_page(windows: Windows) -> None:
    act(windows, "crop", [0], cut=[0.5, 0, 0, 0.25])
    first = drawn(windows)[0]
    assert (first["cleaning"], first["width"]) == (
        "crop 50.00 0.00 0.00 25.00",
        pictures.WIDTH - pictures.WIDTH // 2,
    )
    act(windows, "crop", [0], cut=[0.5, 0, 0, 0])
    assert drawn(windows)[0]["cleaning"] == "crop 75.00 0.00 0.00 25.00"


def test_the_window_of_numbers_starts_with_what_is_and_says_what_is_wrong(windows: Windows) -> None:
    act(windows, "rotate", [0], degrees=90)
    act(windows, "crop", [0], cut=[0, 0.2, 0, 0])
    window = windows.screen.cleaning.cropping
    act(windows, "ask_crop", [0, 1])
    assert window.form.values["top"] == "20.00"
    for field, text, words in (
        ("turn", "much", "Type a number such as 1.5."),
        ("turn", "16", "at most 15 degrees"),
        ("bottom", "90", "Leave at least a twentieth"),
    ):
        send(window.form, "change", name=field, value=text)
        send(window.form, "press", name="apply")
        assert words in " ".join(window.form.errors.values())
        send(window.form, "change", name=field, value="")
    send(window.form, "change", name="turn", value="-1.5")
    send(window.form, "press", name="apply")
    windows.wait(lambda: drawn(windows)[1]["cleaning"] != "")
    # Seen from the first page, which lies on its side, the top is its left.
    assert [each["cleaning"] for each in drawn(windows)] == [
        "deskew -1.50, crop 20.00 0.00 0.00 0.00",
        "deskew -1.50, crop 0.00 20.00 0.00 0.00",
    ]


def test_what_a_browser_makes_up_changes_nothing(windows: Windows) -> None:
    for content in ({"step": "Burn"}, {"step": ["Invert"]}, {"step": "Invert", "images": [999_999]}):
        send(windows.screen.viewer, "act", **{"name": "clean", "image": None, "images": []} | content)  # type: ignore[arg-type]
        windows.wait(lambda: not windows.screen.cleaning.running)
    act(windows, "crop", [0], cut=[1, 1, 1, 1])
    assert [each["cleaning"] for each in drawn(windows)] == ["", ""]


def test_pages_are_straightened_as_they_come(office: Office, desk: ScanDesk, tmp_path: Path) -> None:
    level, crooked = (pictures.saved(page, "PNG") for page in (letter(), skewed(letter(2), 2.0)))
    windows = Windows(office, desk, tmp_path, PaperTray([level, crooked]))
    windows.press("scan")
    form = windows.screen.scanning.form
    for name, value in (("device", "tray:0"), ("deskew", True)):
        send(form, "change", name=name, value=value)
    send(form, "press", name="scan")
    windows.wait(lambda: "scanned" in str(form.values["progress"]))
    first, second = (Cleaning.read(each["cleaning"]).turn / 100 for each in drawn(windows))
    assert (first, second) == (0, pytest.approx(-2.0, abs=0.06))
    act(windows, "undo", [0])
    assert [each["cleaning"] for each in drawn(windows)] == ["", ""], "the page stays, as it was scanned"
    again = Windows(office, desk, tmp_path).screen.scanning
    again.ask(Target.CURRENT_SET)
    assert again.form.values["deskew"], "it is remembered"
