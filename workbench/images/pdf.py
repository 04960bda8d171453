"""PDF pages. Runs in the child process only.

Two libraries, each for what it is good at: qpdf (pikepdf) refuses a file that is not whole, where PDFium
repairs and shows what is left; PDFium draws. A page that is nothing but one scanned JPEG is passed
through: the JPEG itself becomes the page image, pixel for pixel, and is not drawn at another size.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from PIL import Image, ImageChops
from pypdfium2 import raw as pdfium_c

from workbench.images import raster
from workbench.images.limits import Limits
from workbench.images.outcome import Page, Rendition
from workbench.images.tiff import TooManyPagesError
from workbench.images.whole import DamagedError, check_inflated

POINTS_PER_INCH = 72
# What a scanner is set to (spec scan-batches 3.10); larger sheets are drawn coarser, to fit the limits.
_DRAWN_DPI = (300, 200, 150, 100, 75, 50, 25, 10)
# A page of 60 megapixels in CMYK, and then some.
_MOST_STREAM_BYTES = 1 << 28
# qpdf decodes these, so that damage in them shows; DCT is checked by `raster`, the others by nobody.
_DECODED_BY_QPDF = {"/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"}
_COLOURS = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/DeviceCMYK": 4, "/Indexed": 1}
# The end-of-file mark stands in the last 1,024 bytes (ISO 32000-1, annex H.3.4.4).
_END, _TAIL_BYTES = b"%%EOF", 1024
_WHOLE_PAGE = 0.02  # how far, as part of the page, the edges of a full-page scan may be off


class PasswordError(Exception):
    """The file is encrypted."""


def check(path: Path, limits: Limits) -> None:
    """Every object and every stream of the file can be read.

    Raises PasswordError, TooManyPagesError, raster.TooManyPixelsError, DamagedError.
    """
    try:
        if _END not in _tail(path):
            raise DamagedError
        with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as document:
            if document.is_encrypted:
                raise PasswordError
            if len(document.pages) > limits.pages:
                raise TooManyPagesError
            if not document.pages:
                raise DamagedError
            for thing in document.objects:
                if isinstance(thing, pikepdf.Stream):
                    _check_stream(thing, limits)
    except pikepdf.PasswordError:
        raise PasswordError from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise DamagedError from None


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return file.read()


def _check_stream(stream: pikepdf.Stream, limits: Limits) -> None:
    picture = stream.get("/Subtype") == "/Image"
    if picture and not limits.allows_size(int(stream.Width), int(stream.Height)):
        raise raster.TooManyPixelsError
    least = _raw_bytes(stream) if picture else 0
    filters = stream.get("/Filter", [])
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(name) for name in filters]
    if names == ["/FlateDecode"]:
        # By hand: qpdf forgives a wrong checksum, and would unpack a bomb into memory.
        packed = memoryview(stream.read_raw_bytes())
        if check_inflated([packed], 0, _MOST_STREAM_BYTES) < least:
            raise DamagedError
    elif set(names) <= _DECODED_BY_QPDF and len(stream.read_bytes()) < least:
        raise DamagedError


def _raw_bytes(picture: pikepdf.Stream) -> int:
    """The least size of an uncompressed picture; 0 where its colour space is an uncommon one."""
    if picture.get("/ImageMask", False):
        bits = 1
    else:
        space = picture.get("/ColorSpace")
        name = str(space[0]) if isinstance(space, pikepdf.Array) else str(space)
        colours = int(space[1].N) if name == "/ICCBased" else _COLOURS.get(name, 0)
        bits = colours * int(picture.get("/BitsPerComponent", 1))
    return (int(picture.Width) * bits + 7) // 8 * int(picture.Height)


def pages(path: Path, folder: Path, limits: Limits) -> Iterator[Page]:
    """The pages with previews, one by one; `check` comes first. Raises DamagedError."""
    try:
        with closing(pdfium.PdfDocument(path)) as document:
            for number in range(len(document)):
                with closing(document[number]) as page:
                    yield _page(page, number + 1, folder, limits)
    except pdfium.PdfiumError:
        raise DamagedError from None


def full_page(path: Path, page_in_file: int, target: Path, limits: Limits) -> Rendition:
    """Draw one page at full size, for a browser."""
    drawn, dpi = drawn_page(path, page_in_file, limits)
    return raster.write_full(drawn, target, dpi, bilevel=False)


def drawn_page(path: Path, page_in_file: int, limits: Limits) -> tuple[Image.Image, int]:
    """One page at full size, and its resolution. Raises DamagedError."""
    try:
        with closing(pdfium.PdfDocument(path)) as document, closing(document[page_in_file - 1]) as page:
            dpi = _drawn_dpi(page, limits)
            return _draw(page, dpi), dpi
    except (pdfium.PdfiumError, IndexError):
        raise DamagedError from None


def _page(page: pdfium.PdfPage, number: int, folder: Path, limits: Limits) -> Page:
    scan = _scan_that_fills(page)
    for picture in _jpegs(page):
        if picture is not scan:
            data = _jpeg_bytes(picture)
            raster.jpeg_preview_pixels(data, picture.get_px_size())
    stem = f"{number:05d}"
    if scan is not None:
        return _scanned_page(page, scan, number, folder / stem)
    dpi = _drawn_dpi(page, limits)
    width, height = (_pixels(points, dpi) for points in page.get_size())
    drawn = _draw(page, dpi / raster.halvings(width, height))
    preview, thumbnail = raster.write_previews(drawn, folder, stem)
    return Page(
        page_in_file=number, width=width, height=height, dpi=dpi, rotation=0, mirrored=False,
        image=None, preview=preview, thumbnail=thumbnail,
    )  # fmt: skip


def _scanned_page(page: pdfium.PdfPage, scan: pdfium.PdfImage, number: int, stem: Path) -> Page:
    data, (width, height) = _jpeg_bytes(scan), scan.get_px_size()
    small = raster.jpeg_preview_pixels(data, (width, height))
    preview, thumbnail = raster.write_previews(small, stem.parent, stem.name)
    image = Rendition(stem.with_suffix(".jpg"), raster.JPEG, width, height)
    image.path.write_bytes(data)
    return Page(
        page_in_file=number, width=width, height=height,
        dpi=round(width * POINTS_PER_INCH / scan.get_matrix().a),
        rotation=page.get_rotation(), mirrored=False,
        image=image, preview=preview, thumbnail=thumbnail,
    )  # fmt: skip


def _jpegs(page: pdfium.PdfPage) -> list[pdfium.PdfImage]:
    pictures = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])
    return [picture for picture in pictures if picture.get_filters(skip_simple=True) == ["DCTDecode"]]


def _jpeg_bytes(picture: pdfium.PdfImage) -> bytes:
    return bytes(picture.get_data(decode_simple=True))


def _scan_that_fills(page: pdfium.PdfPage) -> pdfium.PdfImage | None:
    """The one JPEG that covers an otherwise empty page upright, or None.

    Only grey and RGB ones: what a browser makes of CMYK depends on the browser.
    """
    shown = list(page.get_objects())
    if len(shown) != 1 or shown[0].type != pdfium_c.FPDF_PAGEOBJ_IMAGE:
        return None
    picture = shown[0]
    if picture.get_filters(skip_simple=True) != ["DCTDecode"]:
        return None
    metadata = picture.get_metadata()
    if metadata.bits_per_pixel not in (8, 24):
        return None
    matrix, (left, bottom, right, top) = picture.get_matrix(), page.get_cropbox()
    wide, high = right - left, top - bottom
    fits = (
        abs(matrix.a - wide) <= _WHOLE_PAGE * wide
        and abs(matrix.d - high) <= _WHOLE_PAGE * high
        and abs(matrix.e - left) <= _WHOLE_PAGE * wide
        and abs(matrix.f - bottom) <= _WHOLE_PAGE * high
        and matrix.b == matrix.c == 0
    )
    return picture if fits else None


def _pixels(points: float, dpi: float) -> int:
    return max(1, round(points * dpi / POINTS_PER_INCH))


def _drawn_dpi(page: pdfium.PdfPage, limits: Limits) -> int:
    for dpi in _DRAWN_DPI:
        width, height = (_pixels(points, dpi) for points in page.get_size())
        if limits.allows_size(width, height):
            return dpi
    raise raster.TooManyPixelsError


def _draw(page: pdfium.PdfPage, dpi: float) -> Image.Image:
    # PDFium rounds up, and 792 points at 300 dpi are a hair over 3,300 in floating point.
    drawn: Image.Image = page.render(scale=(dpi - 1e-3) / POINTS_PER_INCH, prefer_bgrx=True).to_pil()
    red, green, blue = drawn.split()[:3]
    if ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox():
        return drawn.convert("RGB")
    return green  # paper is mostly grey, and grey is a third of the bytes
