"""Separator sheets and blank pages, told from the pixels of a page (spec scan-batches 4.2, 6.1).

Pixels of strangers are looked at in the child process only.
"""

import io

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from workbench.images.limits import SEPARATOR_TEXT

# Spec 6.1: content decides, not the symbology.
_FORMATS = (
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.Code39,
)
# Looked at in this width: pen strokes stay, the grain of a scanner and specks of dust go.
_BLANK_WIDTH = 425
# The edge of a page has shadows, staple holes and the feeder's marks.
_EDGE = 0.04
# How much darker than the paper ink is, and how much of it a blank page may have: less than one short word.
_INK, _MOST_INK = 60, 0.0004

_SHEET_DPI = 200
_SHEET_WIDE, _SHEET_HIGH = 1700, 2200
_SHEET_SCALE = 14
_SHEET_TITLE = "SEPARATOR SHEET"
_SHEET_HELP = "A new image set begins with the next page. This page is left out."


def is_separator(pixels: Image.Image) -> bool:
    """Whether a barcode on the page says that a new set begins after it."""
    found = zxingcpp.read_barcodes(pixels, formats=_FORMATS)
    return any(each.text.strip() == SEPARATOR_TEXT for each in found)


def is_blank(pixels: Image.Image) -> bool:
    """Whether there is nothing on the page but paper."""
    grey = pixels.convert("L")
    factor = max(1, grey.width // _BLANK_WIDTH)
    small = grey.reduce(factor)
    across, down = round(small.width * _EDGE), round(small.height * _EDGE)
    middle = small.crop((across, down, small.width - across, small.height - down))
    counts = middle.histogram()
    paper = max(range(256), key=counts.__getitem__)
    ink = sum(counts[: max(0, paper - _INK)])
    return ink <= _MOST_INK * middle.width * middle.height


def separator_sheet() -> bytes:
    """A letter page to print and to lay between the papers of two sets, as a PDF. It works upside down too."""
    page = Image.new("L", (_SHEET_WIDE, _SHEET_HIGH), "white")
    code = memoryview(
        zxingcpp.write_barcode_to_image(
            zxingcpp.create_barcode(SEPARATOR_TEXT, zxingcpp.BarcodeFormat.QRCode), scale=_SHEET_SCALE
        )
    )
    high, wide = code.shape or (0, 0)
    square = Image.frombytes("L", (wide, high), code.tobytes())
    for top in (_SHEET_HIGH // 4, 3 * _SHEET_HIGH // 4):
        page.paste(square, ((_SHEET_WIDE - wide) // 2, top - high // 2))
    pen = ImageDraw.Draw(page)
    for line, size, y in ((_SHEET_TITLE, 60, 0), (_SHEET_HELP, 34, 90)):
        font = ImageFont.load_default(size)
        pen.text((_SHEET_WIDE // 2, _SHEET_HIGH // 2 - 60 + y), line, fill=0, font=font, anchor="mm")
    out = io.BytesIO()
    page.save(out, "PDF", resolution=_SHEET_DPI)
    return out.getvalue()
