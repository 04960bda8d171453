"""Files into a batch and pictures out of it, on the real store and database."""

import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from tests.builders import Office
from tests.images import pictures
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType
from workbench.errors import NotFoundError
from workbench.images.intake import Incoming, Progress
from workbench.images.store import ImageStore
from workbench.services.image_import import FileOutcome, ImageImport, Target
from workbench.services.image_store import ImageFiles, Size
from workbench.services.scan_batches.batches import ScanBatches
from workbench.services.scan_batches.image_sets import ImageSets
from workbench.services.scan_batches.image_views import BatchContents, ImageViews
from workbench.services.scan_batches.imports import ImportJournal


@dataclass
class Desk:
    office: Office
    store: ImageStore
    files: ImageFiles
    importing: ImageImport
    batch_id: int

    def bring(
        self, *files: Incoming, target: Target = Target.NEW_SET, set_id: int | None = None
    ) -> list[FileOutcome]:
        return list(self.importing.run(self.office.north_clerk, self.batch_id, files, target, set_id))

    def contents(self) -> BatchContents:
        return ImageViews(self.office.database).contents(self.office.north_clerk, self.batch_id)


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[Desk]:
    store = ImageStore(tmp_path / "images")
    files = ImageFiles(office.database, store)
    header = BatchHeader("Mail", office.north, BatchType.PAYMENT)
    batch_id = ScanBatches(office.database).create(office.north_clerk, header)
    yield Desk(office, store, files, ImageImport(office.database, store), batch_id)
    files.close()


def shape(contents: BatchContents) -> list[list[str]]:
    """The names of the files of each set's pages, in order."""
    return [
        [
            f"{image.file.original_name}:{image.file.page_in_file}"
            for image in contents.of_set(each.state.set_id)
        ]
        for each in contents.sets
    ]


def scan(number: int) -> Incoming:
    return Incoming(f"{number}.jpg", pictures.jpeg(number))


def test_files_go_into_one_new_set_in_the_order_given(desk: Desk) -> None:
    outcomes = desk.bring(Incoming("fax.tif", pictures.tiff((1, 2, 3))), scan(4), scan(5))
    assert [(outcome.pages, outcome.refused) for outcome in outcomes] == [(3, ""), (1, ""), (1, "")]
    assert shape(desk.contents()) == [["fax.tif:1", "fax.tif:2", "fax.tif:3", "4.jpg:1", "5.jpg:1"]]


def test_files_go_into_the_current_set(desk: Desk) -> None:
    [first] = desk.bring(scan(1))
    desk.bring(scan(2), scan(3), target=Target.CURRENT_SET, set_id=first.set_id)
    assert shape(desk.contents()) == [["1.jpg:1", "2.jpg:1", "3.jpg:1"]]


def test_one_set_per_file(desk: Desk) -> None:
    desk.bring(scan(1), Incoming("fax.tif", pictures.tiff((2, 3))), scan(4), target=Target.SET_PER_FILE)
    assert shape(desk.contents()) == [["1.jpg:1"], ["fax.tif:1", "fax.tif:2"], ["4.jpg:1"]]


def test_bad_files_are_named_with_their_reason_and_the_good_ones_are_there(desk: Desk) -> None:
    bad = Incoming("logo.exe", b"MZ" + bytes(100))
    outcomes = desk.bring(scan(1), bad, Incoming("half.jpg", pictures.jpeg()[:2000]), scan(2))
    assert [outcome.refused for outcome in outcomes] == [
        "",
        "logo.exe is not an image or PDF.",
        "half.jpg is damaged or incomplete and was not imported.",
        "",
    ]
    assert shape(desk.contents()) == [["1.jpg:1", "2.jpg:1"]]
    journal = ImportJournal(desk.office.database).open(desk.office.north_clerk, desk.batch_id)
    assert [(each.file_name, each.state) for each in journal] == [
        ("logo.exe", "failed"),
        ("half.jpg", "failed"),
    ]


def test_a_duplicate_is_added_and_says_where_the_other_one_is(desk: Desk) -> None:
    [first], [again] = desk.bring(scan(1)), desk.bring(Incoming("copy.jpg", pictures.jpeg(1)))
    assert first.duplicates == ()
    [twin] = again.duplicates
    assert (twin.batch_id, twin.set_id, twin.page_no) == (desk.batch_id, first.set_id, 1)
    assert again.pages == 1


def test_progress_and_cancel(desk: Desk) -> None:
    cancelled, seen, outcomes = threading.Event(), list[Progress](), []
    files = [Incoming(f"{number}.pdf", pictures.text_pdf(20)) for number in range(60)]
    for outcome in desk.importing.run(
        desk.office.north_clerk, desk.batch_id, files, on_progress=seen.append, cancelled=cancelled
    ):
        outcomes.append(outcome)
        cancelled.set()
    assert seen
    added = [outcome for outcome in outcomes if outcome.pages]
    assert 0 < len(added) < 60
    assert {outcome.refused.split(": ", 1)[1] for outcome in outcomes if outcome.refused} == {
        "the import was cancelled."
    }
    assert len(desk.contents().images) == 20 * len(added)


def sheet(text: str = "") -> Image.Image:
    """A blank page; with a text, one whose barcode says so."""
    paper = Image.new("L", (850, 1100), 245)
    if text:
        code = memoryview(
            zxingcpp.write_barcode_to_image(
                zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode), scale=6
            )
        )
        paper.paste(Image.frombytes("L", (code.shape[1], code.shape[0]), code.tobytes()), (300, 300))
    return paper


def stack(name: str, *pages: Image.Image) -> Incoming:
    data = pictures.saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    return Incoming(name, data)


def test_separator_sheets_begin_sets_across_files_and_are_left_out(desk: Desk) -> None:
    separator, text = sheet("PATCHT"), [pictures.page(seed, 850, 1100) for seed in range(5)]
    outcomes = desk.bring(
        stack("a.tif", text[0], separator, sheet(), text[1]),
        stack("b.tif", text[2], sheet("CASE-1"), separator),
        stack("c.tif", separator),
        stack("d.tif", text[3]),
        target=Target.AT_SEPARATORS,
    )
    assert shape(desk.contents()) == [["a.tif:1"], ["a.tif:4", "b.tif:1", "b.tif:2"], ["d.tif:1"]]
    assert [(each.pages, each.left_out, each.refused) for each in outcomes] == [
        (2, 2, ""), (2, 1, ""), (0, 1, ""), (1, 0, "")
    ]  # fmt: skip
    assert [each.set_id is None for each in outcomes] == [False, True, True, False]
    assert outcomes[0].edit is not None
    ImageSets(desk.office.database).apply(desk.office.north_clerk, outcomes[-1].edit.inverse())  # type: ignore[union-attr]
    assert [len(names) for names in shape(desk.contents())] == [1, 3]


def test_blank_pages_cut_or_are_only_dropped(desk: Desk) -> None:
    duplex = stack("duplex.tif", pictures.page(1, 850, 1100), sheet(), pictures.page(2, 850, 1100), sheet())
    desk.bring(duplex, target=Target.AT_BLANK_PAGES)
    run = desk.importing.run(
        desk.office.north_clerk, desk.batch_id, [duplex, scan(3)], Target.NEW_SET, drop_blank=True
    )
    assert [(each.pages, each.left_out) for each in run] == [(2, 2), (1, 0)]
    assert shape(desk.contents()) == [
        ["duplex.tif:1"], ["duplex.tif:3"], ["duplex.tif:1", "duplex.tif:3", "3.jpg:1"]
    ]  # fmt: skip


def test_an_import_that_nobody_listens_to_says_what_is_not_in(desk: Desk) -> None:
    run = desk.importing.run(
        desk.office.north_clerk,
        desk.batch_id,
        [scan(number) for number in range(40)],
        Target.SET_PER_FILE,
    )
    first = next(run)
    run.close()
    journal = ImportJournal(desk.office.database).open(desk.office.north_clerk, desk.batch_id)
    assert first.pages == 1
    assert {(each.state, each.reason) for each in journal} == {
        ("failed", "The import ended before this file was in. Import it again.")
    }
    imported = {image.file.original_name for image in desk.contents().images}
    assert {each.file_name for each in journal} == {f"{number}.jpg" for number in range(40)} - imported


def test_a_set_that_is_gone_refuses_its_files_and_leaves_nothing_running(desk: Desk) -> None:
    [outcome] = desk.bring(scan(1), target=Target.CURRENT_SET, set_id=999_999)
    assert outcome.refused == "Set 999999 was not found."
    journal = ImportJournal(desk.office.database).open(desk.office.north_clerk, desk.batch_id)
    assert [each.state for each in journal] == ["failed"]


def test_an_import_can_be_undone(desk: Desk) -> None:
    [outcome] = desk.bring(scan(1))
    assert outcome.edit is not None
    ImageSets(desk.office.database).apply(desk.office.north_clerk, outcome.edit.inverse())
    assert desk.contents().images == ()


def test_pictures_at_every_size(desk: Desk) -> None:
    desk.bring(Incoming("fax.tif", pictures.tiff((1, 2))), scan(3))
    fax, second, photo = desk.contents().images
    clerk = desk.office.north_clerk
    for image in (fax, second, photo):
        for size in (Size.THUMBNAIL, Size.PREVIEW):
            assert desk.files.picture(clerk, image.state.image_id, size).mime == "image/jpeg"
    full = desk.files.picture(clerk, second.state.image_id, Size.FULL)
    with Image.open(io.BytesIO(full.data)) as drawn:
        assert (
            ImageChops.difference(drawn.convert("L"), pictures.page(2).convert("1").convert("L")).getbbox()
            is None
        )
    assert desk.files.picture(clerk, photo.state.image_id, Size.FULL).data == pictures.jpeg(3)


def test_an_analyst_opens_a_page_upright(desk: Desk) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    desk.bring(Incoming("phone.jpg", pictures.jpeg(exif=exif)))
    [image] = desk.contents().images
    opened = desk.files.open(desk.office.north_clerk, image.state.image_id)
    assert opened.size == (pictures.HEIGHT, pictures.WIDTH)


def test_nobody_of_another_practice_sees_a_page(desk: Desk) -> None:
    desk.bring(scan(1))
    [image] = desk.contents().images
    for look in (
        lambda: desk.files.picture(desk.office.south_clerk, image.state.image_id, Size.THUMBNAIL),
        lambda: desk.files.open(desk.office.south_clerk, image.state.image_id),
        lambda: desk.files.picture(desk.office.south_clerk, 999_999, Size.THUMBNAIL),
    ):
        with pytest.raises(NotFoundError, match=r"page was not found|image was not found"):
            look()


def test_verify_and_sweep_know_every_file_of_every_row(desk: Desk) -> None:
    desk.bring(
        Incoming("s.pdf", pictures.scanned_pdf([pictures.jpeg(9)])), Incoming("f.tif", pictures.tiff((1, 2)))
    )
    report = desk.files.verify(desk.office.supervisor)
    # Two originals, the JPEG inside the PDF, previews and thumbnails of three pages.
    assert (report.checked, report.missing, report.damaged, report.orphaned) == (9, (), (), ())
    with desk.store.writing() as writing:
        orphan = writing.put(b"its row was never committed").sha256
    assert desk.files.sweep(desk.office.supervisor).orphans == (orphan,)
    assert desk.files.verify(desk.office.supervisor).sound
