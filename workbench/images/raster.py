"""Pixels to previews and thumbnails. Runs in the child process only: everything here reads strangers' bytes."""

import importlib
import warnings
from dataclasses import dataclass
from pathlib import Path

import simplejpeg
from PIL import ExifTags, Image, UnidentifiedImageError

from workbench.images.limits import PREVIEW_SIDE, Limits
from workbench.images.outcome import Rendition
from workbench.images.sniff import Kind
from workbench.images.whole import DamagedError

THUMBNAIL_WIDTH = 200
_PREVIEW_QUALITY, _THUMBNAIL_QUALITY, _FULL_QUALITY = 75, 75, 90
JPEG, PNG = "image/jpeg", "image/png"
# What a page without a resolution is taken to fill: letter, in inches.
_WIDE, _HIGH = 8.5, 11.0

# EXIF orientation: flipped left to right first, then degrees clockwise (CIPA DC-008, tag 0x0112).
_ORIENTATIONS = {
    1: (False, 0), 2: (True, 0), 3: (False, 180), 4: (True, 180),
    5: (True, 270), 6: (False, 90), 7: (True, 90), 8: (False, 270),
}  # fmt: skip
_PILLOW_FORMATS = {
    Kind.TIFF: "TIFF", Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP", Kind.BMP: "BMP", Kind.GIF: "GIF",
}  # fmt: skip
# What Pillow raises on bad data, besides OSError; found by the damage tests.
_BAD_DATA = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    OverflowError,
    ArithmeticError,
)


class TooManyPixelsError(Exception):
    """A page is larger than the limits allow; it was not decoded."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a picture's header says; for the meaning see `outcome.Page`."""

    width: int
    height: int
    dpi: int | None = None
    mirrored: bool = False
    rotation: int = 0


def load_decoders() -> None:
    """What Pillow would import at the first picture (12 ms of each child), imported before the fork."""
    Image.preinit()
    for name in ("PIL.ImageOps", "PIL.TiffImagePlugin", "PIL.WebPImagePlugin"):
        importlib.import_module(name)


def halvings(width: int, height: int) -> int:
    """By which power of two a page of this size is divided for its preview (1: not at all)."""
    factor = 1
    while max(width, height) > PREVIEW_SIDE * factor:
        factor *= 2
    return factor


def open_picture(path: Path, kind: Kind) -> Image.Image:
    """Read the header with the one decoder that the first bytes call for. Raises DamagedError."""
    # Our own limit is checked with the size that the header gives; Pillow's would be a second one.
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")  # about odd metadata; the pixels are what is checked
    try:
        return Image.open(path, formats=[_PILLOW_FORMATS[kind]])
    except (UnidentifiedImageError, *_BAD_DATA):
        raise DamagedError from None


def turn_to(picture: Image.Image, frame: int) -> None:
    """Go to a page of a TIFF, 0-based among all its directories. Raises DamagedError."""
    try:
        picture.seek(frame)
    except _BAD_DATA:
        raise DamagedError from None


def facts(picture: Image.Image, limits: Limits) -> Facts:
    """Size, resolution and orientation of the picture (of a TIFF: of its current page)."""
    if not limits.allows_size(picture.width, picture.height):
        raise TooManyPixelsError
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except _BAD_DATA:
        orientation = 1
    mirrored, rotation = _ORIENTATIONS.get(orientation, (False, 0))
    return Facts(picture.width, picture.height, _dpi(picture), mirrored, rotation)


def _dpi(picture: Image.Image) -> int | None:
    try:
        dpi = round(float(picture.info["dpi"][0]))
    except (KeyError, *_BAD_DATA):
        return None
    return dpi if 1 < dpi <= 10_000 else None


def resolution(dpi: int | None, size: tuple[int, int]) -> float:
    """Dots per inch of a page of this size in pixels, which fills a letter page when nothing is said."""
    return dpi or max(min(size) / _WIDE, max(size) / _HIGH)


def load_pixels(picture: Image.Image) -> Image.Image:
    """Decode, and bring to grey or RGB on white. Raises DamagedError."""
    try:
        picture.load()
        return _plain(picture)
    except _BAD_DATA:
        raise DamagedError from None


def _plain(picture: Image.Image) -> Image.Image:
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("I", "F"):
        low, high = picture.getextrema()
        span = max(1e-9, float(high) - float(low))  # type: ignore[arg-type]
        return picture.point(lambda value: (value - float(low)) * (255 / span)).convert("L")  # type: ignore[arg-type]
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")
        return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")
    return picture.convert("RGB")


def jpeg_preview_pixels(data: bytes, size: tuple[int, int]) -> Image.Image:
    """A JPEG at preview scale, after checking it to its last byte. Raises DamagedError.

    The decoder reads every coefficient whatever the scale, and here it is told to stop at libjpeg's
    warnings. Pillow swallows them: for a file cut short and closed with an end mark it returns a page
    whose lower part is grey.
    """
    factor = halvings(*size)
    try:
        _, _, space, _ = simplejpeg.decode_jpeg_header(data)
        wanted = {"Gray": "GRAY", "CMYK": "CMYK", "YCCK": "CMYK"}.get(space, "RGB")
        pixels = simplejpeg.decode_jpeg(
            data,
            wanted,
            min_height=-(-size[1] // factor),
            min_width=-(-size[0] // factor),
            min_factor=factor,
        )
    except ValueError:
        raise DamagedError from None
    if wanted == "GRAY":
        return Image.fromarray(pixels[:, :, 0])
    if wanted == "RGB":
        return Image.fromarray(pixels)
    # Adobe writes CMYK inverted, and nobody else writes it.
    return Image.fromarray(255 - pixels, "CMYK").convert("RGB")


def write_previews(pixels: Image.Image, folder: Path, stem: str) -> tuple[Rendition, Rendition]:
    """Preview and thumbnail of a page, from its pixels at full or at preview size."""
    factor = halvings(pixels.width, pixels.height)
    preview = pixels.reduce(factor) if factor > 1 else pixels
    width = min(THUMBNAIL_WIDTH, preview.width)
    height = max(1, round(preview.height * width / preview.width))
    thumbnail = preview.resize((width, height), Image.Resampling.BOX)
    return (
        _write_jpeg(preview, folder / f"{stem}.preview.jpg", _PREVIEW_QUALITY),
        _write_jpeg(thumbnail, folder / f"{stem}.thumbnail.jpg", _THUMBNAIL_QUALITY),
    )


def write_full(pixels: Image.Image, path: Path, dpi: int | None, *, bilevel: bool) -> Rendition:
    """A page at full size for a browser: without loss when it is black and white, else a good JPEG."""
    if not bilevel:
        return _write_jpeg(pixels, path, _FULL_QUALITY)
    extra = {} if dpi is None else {"dpi": (dpi, dpi)}
    pixels.convert("1", dither=Image.Dither.NONE).save(path, "PNG", compress_level=1, **extra)
    return Rendition(path, PNG, pixels.width, pixels.height)


def _write_jpeg(pixels: Image.Image, path: Path, quality: int) -> Rendition:
    pixels.save(path, "JPEG", quality=quality)
    return Rendition(path, JPEG, pixels.width, pixels.height)
