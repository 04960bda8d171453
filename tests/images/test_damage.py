"""Damaged files and bombs: the server never dies, no partial page is taken silently, no temp file is left."""

import io
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import psutil
import pytest
from PIL import Image, ImageStat

from tests.images import pictures
from workbench.images.intake import Incoming, Intake, decode_file
from workbench.images.limits import Limits
from workbench.images.outcome import DecodedFile, Reason, Refused
from workbench.images.sandbox import Sandbox, _answer

FORMATS = sorted(pictures.EVERY_FORMAT)


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    with Intake(tmp_path) as opened:
        yield opened


def truncated(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(1, len(data) - 8)]


def flipped(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randint(1, 20)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def overwritten(rng: random.Random, data: bytes) -> bytes:
    size = rng.randint(1, min(400, len(data)))
    at = rng.randrange(len(data) - size + 1)
    return data[:at] + rng.choice([rng.randbytes(size), bytes(size), b"\xff" * size]) + data[at + size :]


def cut_out(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) // 2)
    return data[:at] + data[at + rng.randint(1, len(data) // 3) :]


def last_rows_are_there(path: Path) -> bool:
    """The lowest twentieth is not one plain colour, as it is when a decoder stopped before it."""
    with Image.open(path) as preview:
        strip = preview.convert("L").crop((0, preview.height * 19 // 20, preview.width, preview.height))
        return ImageStat.Stat(strip).stddev[0] > 3


def shown(name: str) -> bool:
    """Pages of these are covered to the lowest row; a letter has white paper there."""
    return name not in ("eob.pdf", "letter.pdf")


def spoil_and_decode(intake: Intake, count: int, folder: Path) -> tuple[int, int]:
    """Decode `count` spoiled files; returns how many were taken in and how many refused."""
    rng = random.Random(20260101)
    originals = {name: pictures.EVERY_FORMAT[name][0]() for name in FORMATS}
    files, ways = [], (truncated, flipped, overwritten, cut_out)
    for number in range(count):
        name, spoil = FORMATS[number % len(FORMATS)], ways[number // len(FORMATS) % len(ways)]
        files.append((name, spoil, Incoming(name, spoil(rng, originals[name]))))
    taken = 0
    for position, outcome in intake.decode_all([incoming for _, _, incoming in files]):
        name, spoil, _ = files[position]
        if isinstance(outcome, Refused):
            assert outcome.reason is not Reason.CRASHED, (name, spoil, outcome.detail)
            continue
        taken += 1
        assert spoil is not truncated, f"{name} cut short was taken in"
        assert len(outcome.pages) == pictures.EVERY_FORMAT[name][1]
        if shown(name):
            assert all(last_rows_are_there(page.preview.path) for page in outcome.pages), (name, spoil)
    assert len(list(folder.iterdir())) == taken
    return taken, count - taken


def test_five_hundred_spoiled_files_are_taken_whole_or_not_at_all(intake: Intake, tmp_path: Path) -> None:
    _, refused = spoil_and_decode(intake, 504, tmp_path)
    assert refused > 250


def test_every_truncation_of_every_format_is_refused(intake: Intake) -> None:
    """At ten places of each file; the last is before the padding that a TIFF may end with."""
    files = []
    for name in FORMATS:
        data = pictures.EVERY_FORMAT[name][0]()
        files += [Incoming(name, data[: max(1, (len(data) - 16) * part // 10)]) for part in range(1, 11)]
    taken = [outcome.name for _, outcome in intake.decode_all(files) if isinstance(outcome, DecodedFile)]
    assert taken == []


def jpeg_closed_early() -> bytes:
    data = pictures.jpeg()
    return data[: len(data) // 2] + b"\xff\xd9"


def jpeg_in_pdf_closed_early() -> bytes:
    return pictures.scanned_pdf([jpeg_closed_early()])


def jpeg_in_a_letter_closed_early() -> bytes:
    return pictures.scanned_pdf([jpeg_closed_early()], inset=30)


def png_with_half_of_its_rows() -> bytes:
    rows = b"".join(b"\0" + random.Random(row).randbytes(100) for row in range(50))
    return pictures.png_of(100, 100, rows)


def gif_with_early_end_code() -> bytes:
    """100 x 100 pixels declared; the LZW data hold one pixel and the end code."""
    head = b"GIF89a" + struct.pack("<HHBBB", 100, 100, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    picture = b"," + struct.pack("<HHHHB", 0, 0, 100, 100, 0)
    # Codes of three bits, lowest first: clear (4), pixel 1, end (5).
    codes = 4 | 1 << 3 | 5 << 6
    return head + picture + b"\x02\x02" + struct.pack("<H", codes) + b"\0;"


def fax_with_early_end_mark() -> bytes:
    """The end-of-block mark in the middle of a strip, where libtiff stops without a word."""
    data = bytearray(pictures.tiff())
    with Image.open(io.BytesIO(data)) as picture:
        offset, length = picture.tag_v2[273][0], picture.tag_v2[279][0]
    data[offset + length // 2 : offset + length // 2 + 3] = b"\x00\x10\x01"
    return bytes(data)


def tiff_with_damaged_strip(compression: str) -> bytes:
    data = bytearray(pictures.tiff((1,), compression))
    with Image.open(io.BytesIO(data)) as picture:
        offset, length = picture.tag_v2[273][0], picture.tag_v2[279][0]
    data[offset + length // 2 : offset + length] = bytes(length - length // 2)
    return bytes(data)


def pdf_with_half_a_picture() -> bytes:
    """A picture of 7,000 x 7,000 grey pixels with data for a fifth of them."""
    return pictures.pdf_with_stream(pictures.zeros_deflated(10), picture=True)


def pdf_with_damaged_stream() -> bytes:
    packed = bytearray(zlib.compress(b"BT ET\n" * 5000))
    packed[len(packed) // 2] ^= 0xFF
    return pictures.pdf_with_stream(bytes(packed), picture=False)


PARTIAL = [
    jpeg_closed_early,
    jpeg_in_pdf_closed_early,
    jpeg_in_a_letter_closed_early,
    png_with_half_of_its_rows,
    gif_with_early_end_code,
    fax_with_early_end_mark,
    pdf_with_half_a_picture,
    pdf_with_damaged_stream,
]


@pytest.mark.parametrize("make", PARTIAL, ids=lambda make: make.__name__)
def test_a_partial_page_that_looks_closed_is_refused(intake: Intake, make: object) -> None:
    assert callable(make)
    outcome = intake.decode(Incoming("page", make()))
    assert isinstance(outcome, Refused)
    assert outcome.text == "page is damaged or incomplete and was not imported."


@pytest.mark.parametrize(
    "compression", ["group4", "group3", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"]
)
def test_a_damaged_strip_is_refused(intake: Intake, compression: str) -> None:
    outcome = intake.decode(Incoming("fax.tif", tiff_with_damaged_strip(compression)))
    assert isinstance(outcome, Refused)
    assert outcome.reason is Reason.DAMAGED


def gif_of(frames: int) -> bytes:
    """Frames of one white pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = (
        b","
        + struct.pack("<HHHHB", 0, 0, 1, 1, 0)
        + b"\x02\x02"
        + struct.pack("<H", 4 | 1 << 3 | 5 << 6)
        + b"\0"
    )
    return head + frame * frames + b";"


def huge_jpeg() -> bytes:
    data = bytearray(pictures.jpeg())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65500, 65500)
    return bytes(data)


def endless_pdf() -> bytes:
    """Valid, small, and hours of drawing: each form draws the next one ten times."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        inner = pdf.make_stream(b"0 0 m 612 792 l S " * 50)
        for level in range(9):
            inner.Type, inner.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            inner.BBox = [0, 0, 612, 792]
            outer = pdf.make_stream(b"/F Do " * 10)
            outer.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
            inner = outer
            del level
        pdf.pages[0].Resources = inner.Resources
        pdf.pages[0].Contents = pdf.make_stream(b"/F Do " * 10)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def page_tags(width: int, height: int) -> dict[int, int]:
    # Width, length, bits, compression, photometric, strip offset, rows per strip, strip bytes.
    return {256: width, 257: height, 258: 1, 259: 4, 262: 0, 273: 8, 278: height, 279: 64}


BOMBS = {
    "flood.png": (lambda: pictures.png_of(60_000, 60_000, bytes(1000), bits=1), Reason.TOO_MANY_PIXELS),
    "tower.png": (lambda: pictures.png_of(10, 20_001, bytes(1000)), Reason.TOO_MANY_PIXELS),
    "overfull.png": (lambda: pictures.png_of(100, 100, bytes(300_000_000)), Reason.TOO_MUCH_MEMORY),
    "flood.tif": (lambda: pictures.tiff_of([page_tags(19_000, 19_000)]), Reason.TOO_MANY_PIXELS),
    "10000.tif": (lambda: pictures.tiff_of([page_tags(8, 8)] * 10_000), Reason.TOO_MANY_PAGES),
    "ring.tif": (lambda: pictures.tiff_of([page_tags(8, 8)] * 3, ring=True), Reason.DAMAGED),
    "stream.pdf": (
        lambda: pictures.pdf_with_stream(pictures.zeros_deflated(4000), picture=False),
        Reason.TOO_MUCH_MEMORY,
    ),
    "picture.pdf": (
        lambda: pictures.pdf_with_stream(pictures.zeros_deflated(4000), picture=True),
        Reason.TOO_MUCH_MEMORY,
    ),
    "501.pdf": (lambda: pictures.text_pdf(501), Reason.TOO_MANY_PAGES),
    "wall.pdf": (lambda: pictures.text_pdf(media_box=(0, 0, 500_000, 500_000)), Reason.TOO_MANY_PIXELS),
    "frames.gif": (
        lambda: gif_of(20_000),
        Reason.ANIMATION,
    ),
    "huge.webp": (
        lambda: pictures.saved(Image.new("L", (16_383, 3_700)), "WEBP", lossless=True, method=0),
        Reason.TOO_MANY_PIXELS),
    "huge.jpg": (huge_jpeg, Reason.TOO_MANY_PIXELS),
    "huge.bmp": (
        lambda: b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0),
        Reason.TOO_MANY_PIXELS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_and_the_next_file_comes_in(intake: Intake, tmp_path: Path, name: str) -> None:
    make, reason = BOMBS[name]
    outcome = intake.decode(Incoming(name, make()))
    assert isinstance(outcome, Refused)
    assert outcome.reason is reason, outcome
    assert list(tmp_path.iterdir()) == []
    assert isinstance(intake.decode(Incoming("good.png", pictures.png())), DecodedFile)


def test_a_file_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    outcome = decode_file(endless_pdf(), "endless.pdf", tmp_path, Limits(cpu_seconds=1))
    assert isinstance(outcome, Refused)
    assert outcome.text == "endless.pdf takes too long to open and was not imported."
    outcome = decode_file(endless_pdf(), "endless.pdf", tmp_path, Limits(wall_seconds=1))
    assert isinstance(outcome, Refused)
    assert outcome.reason is Reason.TOO_SLOW


def test_a_killed_nursery_costs_its_files_and_nothing_else(intake: Intake) -> None:
    assert isinstance(intake.decode(Incoming("good.png", pictures.png())), DecodedFile)
    [nursery] = [child for child in psutil.Process().children() if "nursery" in " ".join(child.cmdline())]
    nursery.kill()
    nursery.wait()
    assert isinstance(intake.decode(Incoming("good.png", pictures.png())), DecodedFile)


def test_no_process_is_left(tmp_path: Path) -> None:
    with Intake(tmp_path) as intake:
        intake.decode(Incoming("good.png", pictures.png()))
        assert any("nursery" in " ".join(child.cmdline()) for child in psutil.Process().children())
    assert not any("nursery" in " ".join(child.cmdline()) for child in psutil.Process().children())


@pytest.mark.parametrize(
    "line", [b"\xff\xfe", b"[]", b"{}", b'{"id": "1", "exit": 0}', b'{"id": 99, "exit": 0}', b"{"]
)
def test_nonsense_from_a_child_is_not_heard(line: bytes) -> None:
    Sandbox()._heard(_answer(line))
