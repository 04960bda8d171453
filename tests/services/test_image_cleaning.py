"""Pages cleaned up: the picture changes everywhere at once, the original never; undo, audit, who may."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from tests.builders import Office
from tests.images import pictures
from tests.images.test_cleanup import letter, skewed
from tests.services.scan_desk import READ_ONLY, with_only
from workbench.domain.scan_batch.cleaning import Cleaning, Cut, Step
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.records import Image
from workbench.domain.scan_batch.words import BatchType
from workbench.errors import NotFoundError, NotPermittedError, RefusedError
from workbench.frames import Frames
from workbench.images.cleanup import skew
from workbench.images.intake import Incoming
from workbench.images.store import ImageStore
from workbench.services.image_store import Size
from workbench.services.scan_desk import ScanDesk, furnish
from workbench.storage.clock import now

TRUTH = 2.4


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[ScanDesk]:
    made = furnish(office.database, ImageStore(tmp_path / "images"))
    yield made
    made.files.close()


def fax(page: Pillow.Image) -> bytes:
    bilevel = page.point(lambda level: 255 * (level > 128)).convert("1")
    return pictures.saved(bilevel, "TIFF", compression="group4", dpi=(200, 200))


def crooked_files() -> dict[str, bytes]:
    """The same crooked letter in every way that a page is stored."""
    page = skewed(letter(), TRUTH)
    scan = pictures.saved(page, "JPEG", quality=90, dpi=(200, 200))
    return {
        "scan.jpg": scan,
        "fax.tif": fax(page),
        "screen.png": pictures.saved(page.convert("RGB"), "PNG", dpi=(200, 200)),
        "scanned.pdf": pictures.scanned_pdf([scan]),
        "drawn.pdf": pictures.saved(page, "PDF", resolution=200),
    }


def batch(office: Office, desk: ScanDesk, *files: bytes) -> tuple[int, list[int]]:
    batch_id = desk.batches.create(office.supervisor, BatchHeader("Mail", office.north, BatchType.PAYMENT))
    incoming = [Incoming(f"{number}", data) for number, data in enumerate(files)]
    outcomes = list(desk.imports.run(office.supervisor, batch_id, incoming))
    assert not [each.refused for each in outcomes if each.refused]
    return batch_id, [each.state.image_id for each in desk.views.contents(office.supervisor, batch_id).images]


def seen(office: Office, desk: ScanDesk, batch_id: int) -> list[Image]:
    return list(desk.views.contents(office.supervisor, batch_id).images)


def shown(office: Office, desk: ScanDesk, image_id: int, size: Size = Size.FULL) -> Pillow.Image:
    return Pillow.open(io.BytesIO(desk.files.picture(office.supervisor, image_id, size).data)).convert("L")


def test_every_kind_of_page_is_straightened_and_its_original_stays(office: Office, desk: ScanDesk) -> None:
    files = crooked_files()
    batch_id, ids = batch(office, desk, *files.values())
    sizes = [Pillow.Image.size.__get__(shown(office, desk, each)) for each in ids]
    desk.cleaning.toggle(office.supervisor, batch_id, ids, Step.DESKEW)
    for image, old, data in zip(seen(office, desk, batch_id), sizes, files.values(), strict=True):
        recipe = Cleaning.read(image.state.cleaning)
        assert recipe.turn / 100 == pytest.approx(-TRUTH, abs=0.06)
        for size in (Size.FULL, Size.PREVIEW):
            assert skew(shown(office, desk, image.state.image_id, size)) == 0
        assert shown(office, desk, image.state.image_id, Size.THUMBNAIL).width == 200
        full = shown(office, desk, image.state.image_id)
        assert full.size == (image.shown.width, image.shown.height)
        assert full.size > old, "nothing is cut off"
        assert desk.files._store.read(image.file.sha256) == data


def test_steps_add_up_and_are_taken_back(office: Office, desk: ScanDesk) -> None:
    batch_id, (one, other) = batch(office, desk, pictures.jpeg(1), pictures.jpeg(2))
    boss = office.supervisor
    plain = np.asarray(shown(office, desk, one)).astype(int)
    desk.cleaning.toggle(boss, batch_id, [one], Step.INVERT)
    negative = np.asarray(shown(office, desk, one)).astype(int)
    assert np.abs(255 - negative - plain).mean() < 3  # it is a JPEG again
    desk.cleaning.toggle(boss, batch_id, [one, other], Step.INVERT)
    assert [each.state.cleaning for each in seen(office, desk, batch_id)] == ["invert", "invert"]
    desk.cleaning.toggle(boss, batch_id, [other], Step.DESPECKLE)
    assert [each.state.cleaning for each in seen(office, desk, batch_id)] == ["invert", "invert, despeckle"]
    desk.cleaning.toggle(boss, batch_id, [one, other], Step.INVERT)
    assert [each.state.cleaning for each in seen(office, desk, batch_id)] == ["", "despeckle"]
    assert desk.files.picture(boss, one, Size.FULL).data == pictures.jpeg(1)
    desk.cleaning.as_scanned(boss, batch_id, [one, other])
    assert [each.rendition for each in seen(office, desk, batch_id)] == [None, None]


def test_undo_and_redo_show_the_very_same_pictures(office: Office, desk: ScanDesk) -> None:
    batch_id, (page,) = batch(office, desk, pictures.jpeg(1))
    boss = office.supervisor
    edit = desk.cleaning.by_hand(boss, batch_id, [page], 150, Cut(1_000, 0, 0, 500))
    clean = desk.files.picture(boss, page, Size.PREVIEW)
    desk.sets.apply(boss, edit.inverse())
    assert seen(office, desk, batch_id)[0].state.cleaning == ""
    desk.files.sweep(boss)  # what redo needs is not an orphan
    desk.sets.apply(boss, edit)
    assert desk.files.picture(boss, page, Size.PREVIEW) == clean
    assert desk.files.verify(boss).sound


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("orientation", [1, 2], ids=["straight", "mirrored"])
def test_what_is_cut_off_is_what_the_person_sees(
    office: Office, desk: ScanDesk, rotation: int, orientation: int
) -> None:
    """Each side of the page has a grey of its own; cutting off the top one leaves the three others."""
    page = Pillow.new("L", (400, 400), 255)
    pen = ImageDraw.Draw(page)
    greys = {"left": 10, "top": 70, "right": 130, "bottom": 190}
    for box, grey in zip(((0, 100, 40, 300), (100, 0, 300, 40), (360, 100, 400, 300), (100, 360, 300, 400)),
                         greys.values(), strict=True):  # fmt: skip
        pen.rectangle(box, fill=grey)
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    batch_id, (image_id,) = batch(office, desk, pictures.saved(page, "PNG", exif=exif))
    if rotation:
        desk.marks.rotate(office.supervisor, batch_id, [image_id], rotation)
    before = np.asarray(desk.files.open(office.supervisor, image_id).convert("L"))
    desk.cleaning.by_hand(office.supervisor, batch_id, [image_id], 0, Cut(top=2_500))
    after = np.asarray(desk.files.open(office.supervisor, image_id).convert("L"))
    assert after.shape == (300, 400)
    assert np.abs(after.astype(int) - before[100:].astype(int)).max() <= 20  # it is a JPEG
    whole = desk.files.open(office.supervisor, image_id, as_scanned=True).convert("L")
    assert np.array_equal(np.asarray(whole), before)


def test_the_pdf_has_the_page_as_it_is_shown(office: Office, desk: ScanDesk) -> None:
    page = letter(3)
    batch_id, ids = batch(office, desk, fax(page), pictures.saved(page, "JPEG", dpi=(200, 200)))
    desk.cleaning.by_hand(office.supervisor, batch_id, ids, 0, Cut(0, 0, 5_000, 0))
    document = desk.export.pdf(office.supervisor, batch_id, ids)
    sizes = [each.get_size() for each in pdfium.PdfDocument(document.data)]
    # Half of 1,700 dots, and 2,200, at 200 dots to 72 points.
    assert sizes == [pytest.approx((850 * 72 / 200, 2200 * 72 / 200), abs=0.5)] * 2


def test_where_nothing_is_to_be_done_it_says_so(office: Office, desk: ScanDesk) -> None:
    boss = office.supervisor
    blank = pictures.saved(Pillow.new("L", (425, 550), 255), "PNG")
    batch_id, (page,) = batch(office, desk, blank)
    with pytest.raises(RefusedError, match="nothing to deskew: the lines are level, or there are none"):
        desk.cleaning.toggle(boss, batch_id, [page], Step.DESKEW)
    with pytest.raises(RefusedError, match="nothing to crop"):
        desk.cleaning.toggle(boss, batch_id, [page], Step.CROP)
    with pytest.raises(RefusedError, match="a twentieth of the page"):
        desk.cleaning.by_hand(boss, batch_id, [page], 0, Cut(left=9_000, right=9_000))
    with pytest.raises(RefusedError, match="at least one page"):
        desk.cleaning.as_scanned(boss, batch_id, [])
    assert seen(office, desk, batch_id)[0].state.cleaning == ""


def test_it_is_in_the_audit_with_the_recipe_before_and_after(office: Office, desk: ScanDesk) -> None:
    batch_id, (page,) = batch(office, desk, pictures.jpeg(1))
    desk.cleaning.toggle(office.supervisor, batch_id, [page], Step.DESPECKLE)
    with office.database.reading() as stores:
        event = next(
            each for each in stores.audit.of("image_batch", batch_id) if each.action == "batch.clean"
        )
    assert (event.before, event.after) == (
        {f"image {page}": {"cleaning": ""}},
        {f"image {page}": {"cleaning": "despeckle"}},
    )
    assert event.reason == "Despeckle: 1 page"


def test_analysts_see_the_recipe(office: Office, desk: ScanDesk) -> None:
    batch_id, ids = batch(office, desk, pictures.jpeg(1), pictures.jpeg(2))
    desk.cleaning.by_hand(office.supervisor, batch_id, ids[:1], -50, Cut(bottom=1_000))
    frame = Frames(office.database, lambda: office.supervisor).images()
    assert frame["cleaning"].tolist() == ["deskew -0.50, crop 0.00 0.00 0.00 10.00", ""]
    assert frame["width"].tolist() == [pictures.WIDTH] * 2, "of the original"


def test_who_may_not_look_or_add_may_not_clean_up(office: Office, desk: ScanDesk) -> None:
    batch_id, (page,) = batch(office, desk, pictures.jpeg(1))
    reader = with_only(office.supervisor, READ_ONLY)
    with pytest.raises(NotPermittedError, match="You may not clean up here"):
        desk.cleaning.toggle(reader, batch_id, [page], Step.INVERT)
    with pytest.raises(NotFoundError):
        desk.cleaning.toggle(office.south_clerk, batch_id, [page], Step.INVERT)
    with pytest.raises(NotFoundError):
        desk.cleaning.toggle(office.supervisor, batch_id, [page, 999_999], Step.INVERT)


def test_of_two_who_clean_the_same_page_the_second_hears_of_it(office: Office, desk: ScanDesk) -> None:
    batch_id, (page,) = batch(office, desk, pictures.jpeg(1))
    boss = office.supervisor
    edit = desk.cleaning.toggle(boss, batch_id, [page], Step.INVERT)
    desk.cleaning.toggle(boss, batch_id, [page], Step.DESPECKLE)
    with pytest.raises(RefusedError, match="changed since"):
        desk.sets.apply(boss, edit.inverse())


def test_the_recycle_bin_takes_renditions_along(office: Office, desk: ScanDesk) -> None:
    batch_id, (page, _) = batch(office, desk, pictures.jpeg(1), pictures.jpeg(2))
    boss = office.supervisor
    desk.cleaning.toggle(boss, batch_id, [page], Step.INVERT)
    desk.sets.delete_images(boss, batch_id, [page])
    with office.database.transaction() as stores:
        assert stores.recycle_bin.purge(now() + timedelta(days=1)).images == 1
        assert stores.renditions.known([page]) == set()
    assert (
        len(desk.files.sweep(boss).orphans) == 6
    )  # a JPEG, its preview and thumbnail, each as scanned and inverted


def test_a_page_found_cleaned_meanwhile_is_not_cleaned_again(office: Office, desk: ScanDesk) -> None:
    """Two pages of one recipe: the pictures of the first are not made twice."""
    batch_id, (page,) = batch(office, desk, pictures.jpeg(1))
    boss = office.supervisor
    desk.cleaning.toggle(boss, batch_id, [page], Step.INVERT)
    first = seen(office, desk, batch_id)[0].rendition
    assert first is not None
    desk.cleaning.as_scanned(boss, batch_id, [page])
    desk.cleaning.toggle(boss, batch_id, [page], Step.INVERT)
    assert seen(office, desk, batch_id)[0].rendition == replace(first)
