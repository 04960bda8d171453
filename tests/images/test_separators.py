"""Separator sheets and blank pages, found in pages as scanners deliver them."""

import io
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.images import pictures
from workbench.images.intake import Incoming, Intake
from workbench.images.limits import SEPARATOR_TEXT
from workbench.images.outcome import DecodedFile, Page
from workbench.images.separators import separator_sheet

WIDE, HIGH = 1700, 2200  # letter at 200 dpi


def paper(seed: int = 1, level: int = 245) -> Image.Image:
    """Empty paper as a scanner sees it: grain, and a shadow along one edge."""
    grain = Image.effect_noise((WIDE, HIGH), 12).point(lambda value: min(255, value - 128 + level))
    ImageDraw.Draw(grain).rectangle((0, 0, 25, HIGH), fill=90 + seed)
    return grain


def with_code(text: str, kind: zxingcpp.BarcodeFormat, turned: float = 0) -> Image.Image:
    code = memoryview(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=8))
    picture = Image.frombytes("L", (code.shape[1], code.shape[0]), code.tobytes())
    sheet = paper()
    sheet.paste(picture, (300, 500))
    return sheet.rotate(turned, fillcolor=240).filter(ImageFilter.GaussianBlur(1))


def decode(folder: Path, *pages: Image.Image, marks: bool = True) -> list[Page]:
    with Intake(folder) as intake:
        found = []
        for number, page in enumerate(pages):
            out = io.BytesIO()
            page.save(out, "JPEG", quality=75, dpi=(200, 200))
            outcome = intake.decode(Incoming(f"{number}.jpg", out.getvalue()), marks=marks)
            assert isinstance(outcome, DecodedFile)
            found += outcome.pages
    return found


@pytest.mark.parametrize(
    "kind",
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.DataMatrix,
    ],
)
def test_a_separator_is_known_by_what_its_code_says(tmp_path: Path, kind: zxingcpp.BarcodeFormat) -> None:
    pages = decode(
        tmp_path,
        with_code(SEPARATOR_TEXT, kind),
        with_code(SEPARATOR_TEXT, kind, 182),
        with_code("CASE-77", kind),
    )
    assert [page.separator for page in pages] == [True, True, False]
    assert [page.blank for page in pages] == [False] * 3


def test_our_own_sheet_is_one_either_way_up(tmp_path: Path) -> None:
    with Intake(tmp_path) as intake:
        outcome = intake.decode(Incoming("sheet.pdf", separator_sheet()), marks=True)
        assert isinstance(outcome, DecodedFile)
        with Image.open(outcome.pages[0].preview.path) as shown:
            pages = decode(tmp_path, shown.rotate(180), shown.rotate(90, expand=True))
    assert [page.separator for page in (*outcome.pages, *pages)] == [True, True, True]


def test_blank_paper_is_told_from_a_page_with_one_short_line(tmp_path: Path) -> None:
    line, stamp = paper(2), paper(3, level=225)
    ImageDraw.Draw(line).text((300, 900), "See claim 12", fill=30, font=ImageFont.load_default(44))
    ImageDraw.Draw(stamp).ellipse((900, 1800, 1000, 1900), fill=120)
    pages = decode(tmp_path, paper(1), paper(4, level=215), line, stamp, pictures.page(5, WIDE, HIGH))
    assert [page.blank for page in pages] == [True, True, False, False, False]
    assert not any(page.separator for page in pages)


def test_nothing_is_looked_for_unless_asked(tmp_path: Path) -> None:
    (page,) = decode(tmp_path, paper(), marks=False)
    assert (page.blank, page.separator) == (False, False)
