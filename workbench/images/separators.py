"""Separator sheets and blank pages, told from the pixels of a page (spec scan-batches 4.2, 6.1). Child process only."""

import zxingcpp
from PIL import Image

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
