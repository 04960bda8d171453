"""What comes of one file that was given in: its pages, or the reason why it was refused."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from workbench.domain.scan_batch.cleaning import Cleaning, Step
from workbench.images.limits import MB, Limits
from workbench.images.sniff import Kind


class Reason(StrEnum):
    """Why a file was refused. Nothing of a refused file is kept: no partial page is taken silently."""

    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"
    PASSWORD = "password"  # noqa: S105  # a reason, not a secret
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    ANIMATION = "animation"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_SLOW = "too_slow"
    CRASHED = "crashed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture that we made. `path` is in the folder of the decode."""

    path: Path
    mime: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a file that was decoded whole.

    Attributes:
        page_in_file: 1-based.
        width, height: pixels of the page image as it lies in the file, before `rotation`. A PDF page
            that is drawn has the size it has at `dpi`.
        dpi: dots per inch, or None when the file does not say.
        rotation: degrees clockwise to show it upright (EXIF orientation, PDF /Rotate): 0, 90, 180, 270.
        mirrored: the EXIF orientation also flips the picture left to right, before the rotation.
        image: the page's own image taken out of a PDF as it is, or None.
        preview: at most `limits.PREVIEW_SIDE` pixels a side, shown at once.
        thumbnail: about 200 pixels wide (spec scan-batches 5 row 32).
        separator: a barcode on it says that a new set begins after it; looked for only when asked.
        blank: nothing but paper; looked for only when asked.
    """

    page_in_file: int
    width: int
    height: int
    dpi: int | None
    rotation: int
    mirrored: bool
    image: Rendition | None
    preview: Rendition
    thumbnail: Rendition
    separator: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page on its way into a PDF.

    Attributes:
        path: of the file of the page: the original, or the page's own picture.
        page_in_file: 1-based.
        rotation, mirrored: what shows it upright, mirrored first.
        dpi: None: it fills a letter page.
    """

    path: Path
    page_in_file: int = 1
    rotation: int = 0
    mirrored: bool = False
    dpi: int | None = None


@dataclass(frozen=True, slots=True)
class Unclean:
    """A page that is to be cleaned up.

    Attributes:
        path: of the file of the page: the original, or the page's own picture.
        page_in_file: 1-based.
        recipe: what is to be done.
        measure: of the recipe, what the page itself says: the angle of its lines, or its margins.
        dpi: None: it fills a letter page.
    """

    path: Path
    page_in_file: int
    recipe: Cleaning
    measure: Step | None = None
    dpi: int | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`recipe` is what was done; `pictures` are the page in full, its preview and its thumbnail, or None when nothing
    was to be done.
    """

    recipe: Cleaning
    pictures: tuple[Rendition, Rendition, Rendition] | None


@dataclass(frozen=True, slots=True)
class DecodedFile:
    """A file that was decoded to the last page.

    Attributes:
        path: the file itself, unaltered, in the folder of the decode.
        shown_as_is: a browser can show the file itself as its one page; otherwise `full_page` draws it.
    """

    name: str
    kind: Kind
    size: int
    path: Path
    pages: tuple[Page, ...]
    shown_as_is: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Attributes:
    name: of the file, as the person knows it.
    text: for the person; holds nothing from inside the file.
    page_in_file: 1-based page that was the reason, or None.
    detail: for the log: an exception's type and place, never its message.
    """

    name: str
    reason: Reason
    text: str
    page_in_file: int | None = None
    detail: str = ""


def refusal(
    name: str, reason: Reason, limits: Limits, *, page: int | None = None, detail: str = ""
) -> Refused:
    """The refusal of a file, in the spec's words where it has some (scan-batches 5, "Suggested messages")."""
    where = "" if page is None else f" (page {page})"
    texts = {
        Reason.EMPTY: "is empty.",
        Reason.NOT_AN_IMAGE: "is not an image or PDF.",
        Reason.PASSWORD: "is password-protected and was not imported.",
        Reason.TOO_LARGE: f"is larger than {limits.file_bytes // MB} MB and was not imported.",
        Reason.TOO_MANY_PAGES: f"has more than {limits.pages} pages and was not imported. Split it first.",
        Reason.TOO_MANY_PIXELS: (
            f"is larger than {limits.side_pixels:,} pixels a side or {limits.page_pixels // 1_000_000} "
            f"megapixels{where} and was not imported. Scan it at a lower resolution."
        ),
        Reason.DAMAGED: f"is damaged or incomplete{where} and was not imported.",
        Reason.ANIMATION: "is an animation and was not imported.",
        Reason.TOO_MUCH_MEMORY: "needs too much memory to open and was not imported.",
        Reason.TOO_SLOW: "takes too long to open and was not imported.",
        Reason.CRASHED: "could not be read and was not imported.",
        Reason.CANCELLED: "was not imported: the import was cancelled.",
    }
    return Refused(name, reason, f"{name} {texts[reason]}", page, detail)


def page_to_record(page: Page) -> dict[str, Any]:
    """JSON-able; paths become names, since the reader knows the folder."""
    record = asdict(page)
    for part in ("image", "preview", "thumbnail"):
        if record[part] is not None:
            record[part]["path"] = record[part]["path"].name
    return record


def page_from_record(record: dict[str, Any], folder: Path) -> Page:
    """Undoes `page_to_record`. Raises ValueError for a path that leaves `folder`."""

    def rendition(part: str) -> Rendition | None:
        fields = record[part]
        if fields is None:
            return None
        name = fields["path"]
        if Path(name).name != name:
            raise ValueError("a rendition outside of its folder")
        return Rendition(**{**fields, "path": folder / name})

    preview, thumbnail = rendition("preview"), rendition("thumbnail")
    if preview is None or thumbnail is None:
        raise ValueError("a page without preview or thumbnail")
    parts = {"image": rendition("image"), "preview": preview, "thumbnail": thumbnail}
    return Page(**{**record, **parts})
