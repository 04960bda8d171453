"""The Image Viewer in a real browser, by the names that a person sees or hears (spec scan-batches 3.5, 5.1)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.server import serving
from tests.images import pictures
from tests.images.test_cleanup import letter, skewed
from workbench.app import Workbench, open_workbench
from workbench.config import Settings
from workbench.domain.scan_batch.cleaning import Cleaning
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType
from workbench.images.intake import Incoming
from workbench.services.image_import import Target

pytestmark = pytest.mark.browser

Shoot = Callable[[Page, str], Path]


@dataclass
class Office:
    """The served office; `desk` is the same store, for setting a scene and for looking what became of it."""

    address: str
    desk: Workbench
    practice_id: int

    def batch(self, *sets: list[bytes]) -> int:
        """A payment batch with one set for each list of files."""
        header = BatchHeader("Morning mail", self.practice_id, BatchType.PAYMENT)
        batch_id = self.desk.scan_desk.batches.create(self.desk.actor, header)
        for files in sets:
            incoming = [Incoming(f"scan{number}.png", data) for number, data in enumerate(files, start=1)]
            list(self.desk.scan_desk.imports.run(self.desk.actor, batch_id, incoming, Target.NEW_SET))
        return batch_id

    def shape(self, batch_id: int) -> list[int]:
        """Pages of each set, as they are stored."""
        contents = self.desk.scan_desk.views.contents(self.desk.actor, batch_id)
        return [each.image_count for each in contents.sets]

    def recipe(self, batch_id: int) -> str:
        """How the first page of the batch is cleaned up."""
        return self.desk.scan_desk.views.contents(self.desk.actor, batch_id).images[0].state.cleaning

    def set_ids(self, batch_id: int) -> list[int]:
        contents = self.desk.scan_desk.views.contents(self.desk.actor, batch_id)
        return [each.state.set_id for each in contents.sets]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("viewer") / "home"
    sane = tmp_path_factory.mktemp("sane")
    (sane / "dll.conf").write_text("test\n", encoding="ascii")
    desk = open_workbench(Settings(home, f"sqlite:///{home / 'workbench.sqlite3'}"))
    with desk.database.transaction() as stores:
        practice_id = stores.office.add_practice("North Anesthesia")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANE_CONFIG_DIR", str(sane))
        with serving(home) as served:
            yield Office(served.address, desk, practice_id)
    desk.close()


def page_file(number: int) -> bytes:
    """A letter page at 100 dpi with its own pattern."""
    return pictures.saved(pictures.page(number, 850, 1100), "PNG", dpi=(100, 100))


@dataclass
class Viewer:
    page: Page
    batch_id: int

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def thumbs(self) -> Locator:
        return self.page.get_by_role("listbox", name="Pages").get_by_role("option")

    def sets(self) -> Locator:
        return self.page.get_by_role("listbox", name="Sets").get_by_role("option")

    def expect_at(self, text: str) -> None:
        expect(self.page.get_by_role("status", name="Position")).to_contain_text(text)

    def expect_shown(self, page_no: int) -> None:
        """The large picture is that of this page, decoded."""
        picture = self.page.get_by_role("region", name="Preview").get_by_role("img")
        expect(picture).to_have_attribute("alt", re.compile(rf"^Page {page_no}\b"))
        expect(picture).to_have_attribute("src", re.compile("^blob:"))

    def clean_up(self, digit: str, named: str) -> None:
        self.press("c")
        menu = self.page.get_by_role("dialog", name="Clean up")
        expect(menu.get_by_role("button", name=named)).to_be_visible()
        self.press(digit)
        expect(menu).to_be_hidden()


@pytest.fixture
def open_viewer(office: Office, open_tab: OpenPage) -> Callable[..., Viewer]:
    def open_batch(batch_id: int, **size: int) -> Viewer:
        page = open_tab(f"{office.address}/image_viewer?batch={batch_id}", **size)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Image Viewer [{batch_id}]")
        return Viewer(page, batch_id)

    return open_batch


OpenViewer = Callable[..., Viewer]


def test_sets_thumbnails_and_preview(office: Office, open_viewer: OpenViewer, screenshot: Shoot) -> None:
    batch_id = office.batch([page_file(1), page_file(2), page_file(3)], [page_file(4)])
    first, second = office.set_ids(batch_id)
    viewer = open_viewer(batch_id, width=1440, height=900)
    viewer.expect_shown(1)
    expect(viewer.thumbs()).to_have_count(3)
    assert [each.inner_text().split()[0] for each in viewer.thumbs().all()] == ["1", "2", "3"]
    expect(viewer.page.get_by_role("combobox", name="Set ID")).to_have_value(str(first))
    expect(viewer.page.get_by_role("combobox", name="Scale")).to_have_value("page")
    viewer.expect_at("Set 1/2 · Page 1/3 · 4 images")
    expect(viewer.thumbs().first.locator("img")).to_have_attribute("src", re.compile("^blob:"))
    screenshot(viewer.page, "viewer")
    viewer.page.get_by_role("combobox", name="Set ID").select_option(str(second))
    viewer.expect_at("Set 2/2 · Page 1/1")
    expect(viewer.sets().nth(1)).to_have_attribute("aria-selected", "true")
    assert violations(viewer.page) == []


def test_keys_walk_through_pages_and_sets(office: Office, open_viewer: OpenViewer) -> None:
    viewer = open_viewer(office.batch([page_file(1), page_file(2)], [page_file(3)]))
    viewer.expect_shown(1)
    viewer.press("ArrowRight")
    viewer.expect_at("Set 1/2 · Page 2/2")
    viewer.expect_shown(2)
    viewer.press("PageDown")
    expect(viewer.page.get_by_text("End of set. Once more for the next set.")).to_be_visible()
    viewer.press("PageDown")
    viewer.expect_at("Set 2/2 · Page 1/1")
    viewer.press("ArrowLeft")
    viewer.press("ArrowLeft")
    viewer.expect_at("Set 1/2 · Page 2/2")
    viewer.press("Home")
    viewer.expect_at("Page 1/2")
    viewer.press("End")
    viewer.expect_at("Page 2/2")
    viewer.press("]")
    viewer.expect_at("Set 2/2")
    expect(viewer.page).to_have_url(re.compile(r"set=\d+&image=\d+"))
    viewer.page.reload()
    viewer.expect_at("Set 2/2 · Page 1/1")
    viewer.expect_shown(1)
    viewer.press("Shift+ArrowLeft")
    viewer.expect_at("Set 1/2 · Page 1/2")


def test_scale_fit_percent_keys_and_wheel(office: Office, open_viewer: OpenViewer) -> None:
    viewer = open_viewer(office.batch([page_file(1)]))
    viewer.expect_shown(1)
    scale = viewer.page.get_by_role("combobox", name="Scale")
    offered = scale.get_by_role("option").all_inner_texts()
    assert offered[:2] == ["Fit Page", "Fit Width"]
    assert {offered[2], offered[-1]} == {"10%", "200%"}
    box = viewer.page.get_by_role("region", name="Preview")
    sheet = box.locator(".wb-page-sheet")

    def size() -> tuple[float, float]:
        found = sheet.bounding_box()
        assert found is not None
        return found["width"], found["height"]

    room = box.bounding_box()
    assert room is not None
    assert size()[1] <= room["height"]
    viewer.press("w")
    expect(scale).to_have_value("width")
    assert room["width"] - 30 < size()[0] <= room["width"]
    viewer.press("1")
    assert size() == (850, 1100)
    scale.select_option("50")
    assert size() == (425, 550)
    viewer.press("+")
    expect(scale).to_have_value("67")
    box.hover()
    viewer.page.keyboard.down("Control")
    viewer.page.mouse.wheel(0, 120)
    viewer.page.keyboard.up("Control")
    expect(scale).to_have_value("50")
    viewer.press("0")
    expect(scale).to_have_value("page")


def test_rotation_is_kept(office: Office, open_viewer: OpenViewer) -> None:
    batch_id = office.batch([page_file(1), page_file(2)])
    viewer = open_viewer(batch_id)
    viewer.expect_shown(1)
    viewer.press("1")
    viewer.press("r")
    sheet = viewer.page.locator(".wb-page-sheet")
    expect(sheet).to_have_css("width", "1100px")
    viewer.press("Shift+R")
    expect(sheet).to_have_css("width", "850px")
    viewer.press("t")
    expect(viewer.page.get_by_role("region", name="Preview").get_by_role("img")).to_have_attribute(
        "style", re.compile(r"rotate\(180deg\)")
    )
    contents = office.desk.scan_desk.views.contents(office.desk.actor, batch_id)
    assert [image.state.rotation for image in contents.images] == [180, 0]


def test_split_merge_delete_and_undo_by_keys(office: Office, open_viewer: OpenViewer) -> None:
    batch_id = office.batch([page_file(number) for number in range(1, 5)])
    viewer = open_viewer(batch_id)
    viewer.expect_shown(1)
    expect(viewer.button("Split set here")).to_have_attribute("aria-disabled", "true")
    viewer.press("ArrowRight")
    viewer.press("ArrowRight")
    viewer.expect_at("Page 3/4")
    viewer.press("x")
    viewer.expect_at("Set 2/2 · Page 1/2")
    assert office.shape(batch_id) == [2, 2]
    viewer.press("m")
    viewer.expect_at("Set 1/1 · Page 3/4")
    viewer.press("Delete")
    viewer.expect_at("Page 3/3 · 3 images")
    expect(viewer.page.get_by_text("in the recycle bin for 30 days")).to_be_visible()
    viewer.press("Control+z")
    viewer.expect_at("4 images")
    viewer.press("Control+z")
    viewer.expect_at("Set 2/2")
    viewer.press("Control+z")
    viewer.expect_at("Set 1/1")
    assert office.shape(batch_id) == [4]
    viewer.press("Control+y")
    viewer.expect_at("Set 2/2")
    assert office.shape(batch_id) == [2, 2]


def test_fifty_steps_can_be_undone(office: Office, open_viewer: OpenViewer) -> None:
    batch_id = office.batch([page_file(1), page_file(2)])
    viewer = open_viewer(batch_id)
    viewer.expect_shown(1)
    style = viewer.page.get_by_role("region", name="Preview").get_by_role("img")
    for step in range(1, 54):
        viewer.press("r")
        expect(style).to_have_attribute("style", re.compile(rf"rotate\({step * 90 % 360}deg\)"))
    for step in range(52, -1, -1):
        viewer.press("Control+z")
        expect(style).to_have_attribute("style", re.compile(rf"rotate\({step * 90 % 360}deg\)"))


def test_move_by_key_and_order_by_key(office: Office, open_viewer: OpenViewer) -> None:
    batch_id = office.batch([page_file(1), page_file(2), page_file(3)], [page_file(4)])
    second = office.set_ids(batch_id)[1]
    viewer = open_viewer(batch_id)
    viewer.expect_shown(1)
    ids = [each.get_attribute("data-id") for each in viewer.thumbs().all()]
    viewer.press("Alt+ArrowDown")
    viewer.expect_at("Page 2/3")
    assert [each.get_attribute("data-id") for each in viewer.thumbs().all()] == [ids[1], ids[0], ids[2]]
    viewer.press("v")
    dialog = viewer.page.get_by_role("dialog", name="Move 1 page")
    dialog.get_by_label("Set ID").select_option(str(second))
    dialog.get_by_role("button", name="Move").click()
    viewer.expect_at("Set 1/2 · Page 2/2")
    assert office.shape(batch_id) == [2, 2]


def test_pages_are_dragged_to_another_set_and_within_theirs(office: Office, open_viewer: OpenViewer) -> None:
    batch_id = office.batch([page_file(1), page_file(2), page_file(3)], [page_file(4)])
    viewer = open_viewer(batch_id)
    viewer.expect_shown(1)
    ids = [each.get_attribute("data-id") for each in viewer.thumbs().all()]
    viewer.thumbs().nth(2).drag_to(viewer.thumbs().nth(0))
    expect(viewer.thumbs().nth(0)).to_have_attribute("data-id", str(ids[2]))
    viewer.thumbs().nth(1).click()
    viewer.thumbs().nth(2).click(modifiers=["Shift"])
    viewer.expect_at("2 selected")
    viewer.thumbs().nth(1).drag_to(viewer.sets().nth(1))
    viewer.expect_at("Page 1/1 · 4 images")
    assert office.shape(batch_id) == [1, 3]


def test_document_type_hold_and_note(office: Office, open_viewer: OpenViewer, screenshot: Shoot) -> None:
    batch_id = office.batch([page_file(1), page_file(2)])
    viewer = open_viewer(batch_id, width=1440, height=900)
    viewer.expect_shown(1)
    viewer.press("d")
    viewer.press("2")
    expect(viewer.thumbs().first).to_have_accessible_name("Page 1, Check")
    viewer.press("ArrowRight")
    viewer.page.get_by_role("combobox", name="Document type").select_option("EOB")
    expect(viewer.thumbs().nth(1)).to_have_accessible_name("Page 2, EOB")
    viewer.press("h")
    dialog = viewer.page.get_by_role("dialog", name="Hold set")
    dialog.get_by_role("button", name="Hold", exact=True).click()
    expect(dialog.get_by_text("Give a reason for the hold.")).to_be_visible()
    dialog.get_by_label("Reason").fill("Missing page")
    dialog.get_by_role("button", name="Hold", exact=True).click()
    expect(viewer.sets().first).to_have_accessible_name(re.compile("Hold. On hold: Missing page"))
    expect(dialog).to_be_hidden()
    viewer.press(";")
    note = viewer.page.get_by_role("dialog", name="Note")
    note.get_by_label("Note on this page").fill("<b>read</b> the second line")
    note.get_by_role("button", name="Save").click()
    expect(viewer.thumbs().nth(1)).to_have_accessible_name(
        "Page 2, EOB, Note. Note: <b>read</b> the second line"
    )
    screenshot(viewer.page, "marked")
    viewer.button("Release set").click()
    expect(viewer.button("Hold set")).to_be_visible()
    assert violations(viewer.page) == []


def test_import_with_progress_and_outcome_for_each_file(
    office: Office, open_viewer: OpenViewer, screenshot: Shoot, tmp_path: Path
) -> None:
    batch_id = office.batch()
    viewer = open_viewer(batch_id)
    viewer.expect_at("No set")
    files = {
        "fax.tif": pictures.tiff((1, 2, 3)),
        "eob.pdf": pictures.text_pdf(2),
        "logo.exe": b"MZ" + bytes(300),
        "photo.jpg": pictures.jpeg(5),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    viewer.press("i")
    dialog = viewer.page.get_by_role("dialog", name="Import files")
    dialog.get_by_label("Add to").select_option("One set per file")
    with viewer.page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose files").click()
    chooser.value.set_files([tmp_path / name for name in files])
    expect(dialog.get_by_text("6 pages from 3 files added. 1 file not imported.")).to_be_visible(
        timeout=60_000
    )
    expect(dialog.get_by_text("logo.exe is not an image or PDF.")).to_be_visible()
    screenshot(viewer.page, "imported")
    assert violations(viewer.page) == []
    expect(dialog.get_by_role("listitem")).to_have_count(4)
    dialog.get_by_role("button", name="Dismiss failed").click()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_be_hidden()
    viewer.expect_at("Set 3/3")
    assert office.shape(batch_id) == [3, 2, 1]
    assert office.desk.scan_desk.journal.open(office.desk.actor, batch_id) == []


@pytest.mark.timeout(600)
def test_two_hundred_mixed_files_at_once(office: Office, open_viewer: OpenViewer, tmp_path: Path) -> None:
    batch_id = office.batch()
    viewer = open_viewer(batch_id)
    paths, pages = [], 0
    makers = [(pictures.jpeg, 1, "jpg"), (lambda n: pictures.tiff((n, n + 1)), 2, "tif"),
              (lambda n: pictures.text_pdf(1 + n % 2), None, "pdf"), (pictures.png, 1, "png"),
              (lambda n: pictures.jpeg(n)[:900], 0, "jpg")]  # fmt: skip
    for number in range(200):
        make, count, suffix = makers[number % len(makers)]
        path = tmp_path / f"file{number:03d}.{suffix}"
        path.write_bytes(make(number))
        pages += (1 + number % 2) if count is None else count
        paths.append(path)
    viewer.press("i")
    dialog = viewer.page.get_by_role("dialog", name="Import files")
    dialog.get_by_label("Add to").select_option("New set")
    with viewer.page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(paths)
    expect(dialog.get_by_text(f"{pages} pages from 160 files added. 40 files not imported.")).to_be_visible(
        timeout=400_000
    )
    expect(dialog.get_by_text("file004.jpg is damaged or incomplete and was not imported.")).to_be_visible()
    assert office.shape(batch_id) == [pages]
    assert list((office.desk.settings.scratch).glob("*")) == []


def test_files_dropped_on_the_viewer_are_imported(office: Office, open_viewer: OpenViewer) -> None:
    batch_id = office.batch([page_file(1)])
    viewer = open_viewer(batch_id)
    viewer.expect_shown(1)
    drop(viewer.page, "drop", "dropped.png", page_file(501))
    viewer.expect_at("Set 1/1 · Page 1/2 · 2 images")
    expect(viewer.page.get_by_role("dialog")).to_have_count(0)
    drop(viewer.page, "paste", "pasted.png", page_file(502))
    viewer.expect_at("3 images")
    assert office.shape(batch_id) == [3]


def drop(page: Page, event: str, name: str, data: bytes) -> None:
    """A file dropped on the preview, or pasted."""
    page.evaluate(
        """([event, name, bytes]) => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
          const target = document.querySelector(".wb-page-box");
          target.dispatchEvent(event === "drop"
            ? new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files })
            : new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: files }));
        }""",
        [event, name, list(data)],
    )


def test_scanning_ten_pages_from_a_real_driver(
    office: Office, open_viewer: OpenViewer, screenshot: Shoot
) -> None:
    batch_id = office.batch()
    viewer = open_viewer(batch_id)
    viewer.press("s")
    dialog = viewer.page.get_by_role("dialog", name="Scan")
    expect(dialog.get_by_label("Scanner")).to_contain_text("Noname frontend-tester")
    dialog.get_by_role("button", name="Start scan").click()
    expect(dialog.get_by_text("10 pages scanned.")).to_be_visible(timeout=60_000)
    screenshot(viewer.page, "scanned")
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    viewer.expect_at("Set 1/1 · Page 1/10")
    contents = office.desk.scan_desk.views.contents(office.desk.actor, batch_id)
    assert {image.file.source.value for image in contents.images} == {"scanned"}


def test_what_the_scanner_cannot_do_is_said(office: Office, open_viewer: OpenViewer) -> None:
    viewer = open_viewer(office.batch())
    viewer.press("s")
    dialog = viewer.page.get_by_role("dialog", name="Scan")
    expect(dialog.get_by_label("Scanner")).to_contain_text("Noname frontend-tester")
    dialog.get_by_label("Source").select_option("feeder, both sides")
    dialog.get_by_role("button", name="Start scan").click()
    expect(dialog.get_by_text("This scanner has no feeder, both sides.")).to_be_visible()


def test_a_posted_batch_takes_pages_and_marks_them(office: Office, open_viewer: OpenViewer) -> None:
    batch_id = office.batch([page_file(1)])
    office.desk.scan_desk.batches.post(office.desk.actor, batch_id)
    viewer = open_viewer(batch_id)
    viewer.expect_shown(1)
    drop(viewer.page, "drop", "late.png", page_file(503))
    viewer.expect_at("2 images")
    expect(viewer.thumbs().nth(1)).to_have_accessible_name("Page 2, New. Added after posting")


def test_a_crooked_page_is_cleaned_up(office: Office, open_viewer: OpenViewer, screenshot: Shoot) -> None:
    """By keys: straightened, cropped by numbers and by the mouse, taken back; the picture follows each time."""
    crooked = skewed(letter(), 3.0)
    batch_id = office.batch([pictures.saved(crooked, "PNG", dpi=(200, 200)), page_file(2)])
    viewer = open_viewer(batch_id, width=1440, height=900)
    page = viewer.page
    viewer.expect_shown(1)
    picture = page.get_by_role("region", name="Preview").get_by_role("img")
    thumb = viewer.thumbs().first.locator("img")
    expect(thumb).to_have_attribute("src", re.compile("^blob:"))

    def cleaned(recipe: str, by: Callable[[], None]) -> None:
        """What `by` does is said at the thumbnail, and both pictures are others."""
        before = [each.get_attribute("src") or "" for each in (picture, thumb)]
        by()
        name = f"Page 1, Clean. Cleaned up: {recipe}" if recipe else "Page 1"
        expect(viewer.thumbs().first).to_have_accessible_name(name)
        for each, old in zip((picture, thumb), before, strict=True):
            expect(each).not_to_have_attribute("src", old)

    def by_numbers() -> None:
        viewer.clean_up("5", "Crop and straighten…")
        window = page.get_by_role("dialog", name="Crop and straighten 1 page")
        window.get_by_label("Cut off bottom (%)").fill("25")
        screenshot(page, "crop")
        assert violations(page) == []
        window.get_by_role("button", name="Apply").click()
        expect(window).to_be_hidden()

    def by_mouse() -> None:
        viewer.press("Shift+C")
        expect(page.get_by_text("Draw a frame around what is to stay")).to_be_visible()
        sheet = page.locator(".wb-page-sheet").bounding_box()
        assert sheet is not None
        page.mouse.move(sheet["x"] + sheet["width"] / 2, sheet["y"] + 1)
        page.mouse.down()
        page.mouse.move(sheet["x"] + sheet["width"] - 2, sheet["y"] + sheet["height"] - 2)
        page.mouse.up()

    viewer.clean_up("1", "Deskew")
    expect(viewer.thumbs().first).to_have_accessible_name(re.compile(r"Cleaned up: deskew -(2\.9|3\.0)\d$"))
    angle = office.recipe(batch_id)
    assert Cleaning.read(angle).turn / 100 == pytest.approx(-3.0, abs=0.06)
    screenshot(page, "straightened")
    cleaned(f"{angle}, crop 0.00 0.00 0.00 25.00", by_numbers)
    by_mouse()
    expect(viewer.thumbs().first).to_have_accessible_name(
        re.compile(r"crop (49|50)\.\d\d 0\.\d\d 0\.\d\d 25\.\d\d$")
    )
    cleaned(f"{angle}, crop 0.00 0.00 0.00 25.00", lambda: viewer.press("Control+z"))
    cleaned("", lambda: viewer.clean_up("0", "As scanned"))
    cleaned(f"{angle}, crop 0.00 0.00 0.00 25.00", lambda: viewer.press("Control+z"))
    viewer.press("ArrowRight")
    viewer.clean_up("3", "Invert")
    expect(viewer.thumbs().nth(1)).to_have_accessible_name("Page 2, Clean. Cleaned up: invert")
    assert violations(page) == []


def test_batch_details_show_fields_and_stamps(
    office: Office, open_viewer: OpenViewer, screenshot: Shoot
) -> None:
    viewer = open_viewer(office.batch([page_file(1)]))
    viewer.expect_shown(1)
    viewer.press("b")
    dialog = viewer.page.get_by_role("dialog", name=re.compile("Image Batch"))
    expect(dialog.get_by_label("Description")).to_have_value("Morning mail")
    expect(dialog.get_by_label("Created")).to_contain_text("/")
    screenshot(viewer.page, "details")


def test_the_list_of_keys(office: Office, open_viewer: OpenViewer, screenshot: Shoot) -> None:
    viewer = open_viewer(office.batch([page_file(1)]))
    viewer.expect_shown(1)
    viewer.press("?")
    dialog = viewer.page.get_by_role("dialog", name="Keys")
    for key, words in (("I", "Import files"), ("S", "Scan"), ("N", "New set"), ("X", "Split set here"),
                       ("M", "Merge with previous set"), ("V", "Move to set…"), ("H", "Hold set"), (";", "Note"),
                       ("Ctrl+Z", "Undo"), ("W", "Fit Width"), ("R", "Rotate right"), ("C", "Clean up"),
                       ("Shift+C", "Crop with the mouse"), ("Delete", "Delete pages")):  # fmt: skip
        expect(dialog.get_by_role("row", name=f"{key} {words}", exact=True)).to_be_visible()
    screenshot(viewer.page, "keys")


def test_what_is_deleted_comes_back_and_what_is_wanted_leaves(
    office: Office, open_viewer: OpenViewer, screenshot: Shoot
) -> None:
    """Deleted pages, Export PDF, Print, the separator sheet: a clerk's afternoon."""
    batch_id = office.batch([page_file(1), page_file(2), page_file(3)])
    viewer = open_viewer(batch_id, width=1440, height=900)
    page = viewer.page
    viewer.expect_shown(1)
    viewer.press("Delete")
    expect(viewer.thumbs()).to_have_count(2)
    viewer.press("u")
    deleted = page.get_by_role("dialog", name="Deleted pages")
    restore = deleted.get_by_role("button", name="Restore", exact=True)
    expect(restore).to_be_disabled()
    deleted.get_by_role("gridcell", name="scan1.png").click()
    expect(restore).to_be_enabled()
    screenshot(page, "deleted")
    restore.click()
    expect(viewer.thumbs()).to_have_count(3)
    viewer.expect_shown(3)

    with page.expect_download() as download:
        viewer.press("e")
    assert re.fullmatch(rf"batch-{batch_id}-set-\d+\.pdf", download.value.suggested_filename)
    assert len(pdfium.PdfDocument(download.value.path())) == 3

    page.evaluate(
        "() => { window.print = () => { document.body.dataset.printed = "
        "[...document.querySelectorAll('.wb-print img')].map((each) => each.naturalWidth); }; }"
    )
    viewer.press("Control+p")
    expect(page.locator("body")).to_have_attribute("data-printed", "850,850,850")
    expect(page.locator(".wb-print")).to_have_count(0)

    viewer.press("i")
    with page.expect_download() as download:
        viewer.button("Separator sheet").click()
    sheet = download.value.path()
    page.locator("dialog[open] input[type=file]").set_input_files(
        [
            {"name": "1.png", "mimeType": "image/png", "buffer": page_file(904)},
            {"name": "sheet.pdf", "mimeType": "application/pdf", "buffer": sheet.read_bytes()},
            {"name": "2.png", "mimeType": "image/png", "buffer": page_file(905)},
        ]
    )
    expect(page.get_by_role("dialog", name="Import files")).to_be_hidden()
    expect(viewer.thumbs()).to_have_count(6)
    viewer.press("Control+z")
    expect(viewer.thumbs()).to_have_count(3)
    viewer.press("i")
    importing = page.get_by_role("dialog", name="Import files")
    importing.get_by_label("Add to", exact=True).select_option("New set at separator sheets")
    page.locator("dialog[open] input[type=file]").set_input_files(
        [
            {"name": "1.png", "mimeType": "image/png", "buffer": page_file(906)},
            {"name": "sheet.pdf", "mimeType": "application/pdf", "buffer": sheet.read_bytes()},
            {"name": "2.png", "mimeType": "image/png", "buffer": page_file(907)},
        ]
    )
    expect(viewer.sets()).to_have_count(3)
    assert office.shape(batch_id) == [3, 1, 1]
    assert violations(page) == []
