"""Pages as sheets of a PDF. Runs in the child process only.

A grey or colour JPEG goes into its sheet as it is, byte for byte, and a black and white page as Group 4; what
turns them upright is the sheet's own rotation. Everything else is drawn. Nothing of a stranger's PDF goes
along but its picture: no script, no link, no attachment.
"""

from pathlib import Path

import pikepdf
from PIL import Image, ImageOps

from workbench.images import pdf, raster, tiff
from workbench.images.limits import Limits
from workbench.images.outcome import Sheet
from workbench.images.sniff import Kind
from workbench.images.whole import DamagedError

_QUALITY = 90
_COLOURS = {"L": pikepdf.Name.DeviceGray, "RGB": pikepdf.Name.DeviceRGB}


def make_sheet(sheet: Sheet, kind: Kind, target: Path, limits: Limits) -> None:
    """One page as a PDF of one sheet, upright. Raises DamagedError."""
    if kind is Kind.PDF:
        drawn = target.with_suffix(".drawn")
        pdf.full_page(sheet.path, sheet.page_in_file, drawn, limits)
        _embed(drawn.read_bytes(), drawn, sheet, target)
        return
    with raster.open_picture(sheet.path, kind) as picture:
        if kind is Kind.TIFF:
            raster.turn_to(picture, tiff.directory_of(sheet.path, sheet.page_in_file, limits.pages))
        raster.facts(picture, limits)  # refuses a page that is too large
        if kind is Kind.JPEG and picture.mode in _COLOURS and not sheet.mirrored:
            _embed(sheet.path.read_bytes(), sheet.path, sheet, target)
        else:
            _draw(picture, sheet, target)


def _draw(picture: Image.Image, sheet: Sheet, target: Path) -> None:
    bilevel = picture.mode == "1"
    pixels = raster.load_pixels(picture)
    upright = (ImageOps.mirror(pixels) if sheet.mirrored else pixels).rotate(-sheet.rotation, expand=True)
    dpi = raster.resolution(sheet.dpi, picture.size)
    if bilevel:
        upright.convert("1", dither=Image.Dither.NONE).save(target, "PDF", resolution=dpi)
    else:
        upright.save(target, "PDF", resolution=dpi, quality=_QUALITY)


def bind(folder: Path, sheets: int, target: Path, title: str) -> None:
    """The sheets `1.pdf`, `2.pdf` … of a folder as one document."""
    with pikepdf.new() as document:
        for number in range(1, sheets + 1):
            with pikepdf.open(folder / f"{number}.pdf") as sheet:
                document.pages.extend(sheet.pages)
        document.docinfo["/Title"] = title
        document.save(target)


def _embed(data: bytes, path: Path, sheet: Sheet, target: Path) -> None:
    """The JPEG `data` as it is; `path` is where it lies, to read its header."""
    with raster.open_picture(path, Kind.JPEG) as picture:
        wide, high, mode = picture.width, picture.height, picture.mode
    if mode not in _COLOURS:
        raise DamagedError
    points = pdf.POINTS_PER_INCH / raster.resolution(sheet.dpi, (wide, high))
    with pikepdf.new() as document:
        image = document.make_stream(
            data,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=wide,
            Height=high,
            ColorSpace=_COLOURS[mode],
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        size = (wide * points, high * points)
        page = document.add_blank_page(page_size=size)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Page=image))
        page.Contents = document.make_stream(b"q %.3f 0 0 %.3f 0 0 cm /Page Do Q" % size)
        page.Rotate = sheet.rotation
        document.save(target)
