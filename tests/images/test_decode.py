"""Every format of spec scan-batches 3.10 comes in, all pages of it; what must be refused is, in clear words."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from tests.images import pictures
from workbench.errors import RefusedError
from workbench.images.intake import Incoming, Intake, Progress, decode_file
from workbench.images.limits import Limits
from workbench.images.outcome import DecodedFile, Reason, Refused


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    with Intake(tmp_path_factory.mktemp("intake")) as opened:
        yield opened


def decoded(intake: Intake, name: str, data: bytes) -> DecodedFile:
    outcome = intake.decode(Incoming(name, data))
    assert isinstance(outcome, DecodedFile), outcome
    return outcome


def refused(intake: Intake, name: str, data: bytes) -> Refused:
    outcome = intake.decode(Incoming(name, data))
    assert isinstance(outcome, Refused), outcome
    return outcome


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the grey values, 0 to 255."""
    return float(ImageStat.Stat(ImageChops.difference(one.convert("L"), other.convert("L"))).mean[0])


@pytest.mark.parametrize("name", pictures.EVERY_FORMAT)
def test_every_format_gives_every_page(intake: Intake, name: str) -> None:
    make, pages = pictures.EVERY_FORMAT[name]
    data = make()
    outcome = decoded(intake, name, data)
    assert outcome.path.read_bytes() == data
    assert [page.page_in_file for page in outcome.pages] == list(range(1, pages + 1))
    for page in outcome.pages:
        with Image.open(page.preview.path) as preview, Image.open(page.thumbnail.path) as thumbnail:
            assert preview.format == thumbnail.format == "JPEG"
            assert thumbnail.width == 200
            assert thumbnail.height == round(page.height * 200 / page.width)


@pytest.mark.parametrize("name", [name for name in pictures.EVERY_FORMAT if "pdf" not in name])
def test_preview_shows_the_page(intake: Intake, name: str) -> None:
    make, _ = pictures.EVERY_FORMAT[name]
    expected = pictures.page(1)
    if name in ("fax.tif", "fax3.tif", "bilevel.png"):
        expected = expected.convert("1").convert("L")
    page = decoded(intake, name, make()).pages[0]
    with Image.open(page.preview.path) as preview:
        assert preview.size == expected.size
        assert difference(preview, expected) < 12


def test_large_pages_are_halved_for_the_preview(intake: Intake) -> None:
    scan = pictures.saved(pictures.page(1, 2550, 3300), "JPEG", dpi=(300, 300))
    page = decoded(intake, "scan.jpg", scan).pages[0]
    assert (page.width, page.height, page.dpi) == (2550, 3300, 300)
    assert (page.preview.width, page.preview.height) == (1275, 1650)
    with Image.open(page.preview.path) as preview:
        assert preview.size == (1275, 1650)


def test_a_drawn_pdf_page_has_the_size_of_its_paper_at_300_dpi(intake: Intake) -> None:
    page = decoded(intake, "eob.pdf", pictures.text_pdf()).pages[0]
    assert (page.width, page.height, page.dpi, page.rotation) == (2550, 3300, 300, 0)
    assert (page.preview.width, page.preview.height) == (1275, 1650)
    assert page.image is None


def test_the_scan_inside_a_pdf_is_passed_through_pixel_for_pixel(intake: Intake) -> None:
    scan = pictures.jpeg(7)
    page = decoded(intake, "scanned.pdf", pictures.scanned_pdf([scan])).pages[0]
    assert page.image is not None
    assert page.image.path.read_bytes() == scan
    assert (page.width, page.height, page.dpi) == (pictures.WIDTH, pictures.HEIGHT, pictures.DPI)


def test_a_scan_with_a_margin_is_drawn_with_its_paper(intake: Intake) -> None:
    page = decoded(intake, "letter.pdf", pictures.scanned_pdf([pictures.jpeg()], inset=30)).pages[0]
    assert page.image is None
    assert (page.width, page.height) == (2550, 3300)


@pytest.mark.parametrize(
    ("orientation", "mirrored", "rotation"),
    [(1, False, 0), (2, True, 0), (3, False, 180), (4, True, 180), (5, True, 270), (6, False, 90), (7, True, 90),
     (8, False, 270)],
)  # fmt: skip
def test_exif_orientation_becomes_rotation(
    intake: Intake, orientation: int, mirrored: bool, rotation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = pictures.jpeg(exif=exif)
    page = decoded(intake, "phone.jpg", data).pages[0]
    assert (page.mirrored, page.rotation) == (mirrored, rotation)
    # What the viewer does (flip, then turn) gives what EXIF says, by Pillow's own hand.
    with Image.open(io.BytesIO(data)) as upright:
        upright.load()
        wanted = ImageOps.exif_transpose(upright)
    with Image.open(page.preview.path) as shown:
        flipped = shown.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if page.mirrored else shown
        assert difference(flipped.rotate(-page.rotation, expand=True), wanted) < 12


def test_full_page_of_a_fax_has_every_pixel(intake: Intake, tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    path.write_bytes(pictures.tiff((1, 2)))
    full = intake.full_page(path, 2)
    with Image.open(io.BytesIO(full.data)) as picture:
        assert full.mime == "image/png"
        assert (
            ImageChops.difference(picture.convert("L"), pictures.page(2).convert("1").convert("L")).getbbox()
            is None
        )


def test_full_page_of_a_pdf_is_drawn_at_300_dpi(intake: Intake, tmp_path: Path) -> None:
    path = tmp_path / "eob.pdf"
    path.write_bytes(pictures.text_pdf(2))
    full = intake.full_page(path, 2)
    assert (full.mime, full.width, full.height) == ("image/jpeg", 2550, 3300)


@pytest.mark.parametrize("page_in_file", [2, 99])
def test_full_page_that_is_not_there_is_refused(intake: Intake, tmp_path: Path, page_in_file: int) -> None:
    path = tmp_path / "fax.tif"
    path.write_bytes(pictures.tiff((1,)))
    with pytest.raises(RefusedError, match="workbench images verify"):
        intake.full_page(path, page_in_file)


def test_extension_is_not_trusted(intake: Intake) -> None:
    assert decoded(intake, "really-a-png.pdf", pictures.png()).kind == "image/png"


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("logo.exe", b"MZ\x90\0" + bytes(500), "logo.exe is not an image or PDF."),
        ("tool", b"\x7fELF" + bytes(500) + b"%PDF-1.7", "tool is not an image or PDF."),
        ("run.sh", b"#!/bin/sh\n# %PDF-1.4\n", "run.sh is not an image or PDF."),
        ("era.835", b"ISA*00*          *00*", "era.835 is not an image or PDF."),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.svg is not an image or PDF."),
        ("empty.pdf", b"", "empty.pdf is empty."),
        (
            "report.pdf",
            pictures.text_pdf(encryption=pictures.pikepdf.Encryption(owner="owner", user="user")),
            "report.pdf is password-protected and was not imported.",
        ),
        (
            "owner.pdf",
            pictures.text_pdf(encryption=pictures.pikepdf.Encryption(owner="owner", user="")),
            "owner.pdf is password-protected and was not imported.",
        ),
        (
            "moving.gif",
            pictures.saved(
                pictures.page(1), "GIF", save_all=True, append_images=[pictures.page(2), pictures.page(3)]
            ),
            "moving.gif is an animation and was not imported.",
        ),
        (
            "moving.webp",
            pictures.saved(pictures.page(1), "WEBP", save_all=True, append_images=[pictures.page(2)]),
            "moving.webp is an animation and was not imported.",
        ),
        (
            "moving.png",
            pictures.saved(pictures.page(1), "PNG", save_all=True, append_images=[pictures.page(2)]),
            "moving.png is an animation and was not imported.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_refused_in_clear_words(intake: Intake, name: str, data: bytes, text: str) -> None:
    assert refused(intake, name, data).text == text


def test_limits_are_named(intake: Intake, tmp_path: Path) -> None:
    limits = Limits(file_bytes=1_000_000, pages=2, side_pixels=1000)
    large = decode_file(bytes(1_000_001), "large.tif", tmp_path, limits)
    assert isinstance(large, Refused)
    assert large.text == "large.tif is larger than 1 MB and was not imported."
    many = decode_file(pictures.tiff((1, 2, 3)), "many.tif", tmp_path, limits)
    assert isinstance(many, Refused)
    assert many.text == "many.tif has more than 2 pages and was not imported. Split it first."
    wide = decode_file(pictures.saved(pictures.page(1, 1001, 10), "PNG"), "wide.png", tmp_path, limits)
    assert isinstance(wide, Refused)
    assert wide.reason is Reason.TOO_MANY_PIXELS
    assert list(tmp_path.iterdir()) == []


def test_many_files_at_once_bad_ones_named_good_ones_all_there(intake: Intake) -> None:
    files = [Incoming(f"{number}.jpg", pictures.jpeg(number)) for number in range(12)]
    files[5] = Incoming("5.jpg", b"MZ not a picture")
    files[8] = Incoming("8.tif", pictures.tiff((1, 2, 3)))
    seen: list[Progress] = []
    outcomes = dict(intake.decode_all(files, on_progress=seen.append))
    assert sorted(outcomes) == list(range(12))
    assert [position for position, outcome in outcomes.items() if isinstance(outcome, Refused)] == [5]
    assert sorted(progress.pages_done for progress in seen if progress.position == 8) == [1, 2, 3]
    for position in set(range(12)) - {5}:
        outcome = outcomes[position]
        assert isinstance(outcome, DecodedFile)
        assert outcome.name == files[position].name
        assert outcome.path.read_bytes() == files[position].source


def test_cancel_stops_the_rest_and_keeps_what_is_done(tmp_path: Path) -> None:
    cancelled = threading.Event()
    files = [Incoming(f"{number}.pdf", pictures.text_pdf(20)) for number in range(12)]
    with Intake(tmp_path, workers=2) as intake:
        outcomes = {}
        for position, outcome in intake.decode_all(files, cancelled=cancelled):
            outcomes[position] = outcome
            cancelled.set()
    done = [outcome for outcome in outcomes.values() if isinstance(outcome, DecodedFile)]
    stopped = [outcome for outcome in outcomes.values() if isinstance(outcome, Refused)]
    assert len(outcomes) == 12
    assert done
    assert stopped
    assert {outcome.reason for outcome in stopped} == {Reason.CANCELLED}
    assert len(list(tmp_path.iterdir())) == len(done)
