"""From a decoded file to hashes that a row can name."""

from dataclasses import dataclass

from workbench.images.outcome import DecodedFile, Page
from workbench.images.store import StoredFile, Writing


@dataclass(frozen=True, slots=True)
class KeptPage:
    """Attributes:
    image_sha256: the page image, when there is a file that a browser can show; None when the page is
        drawn from the original each time it is wanted at full size (`Intake.full_page`).
    image_mime: of that file, or None.
    """

    page: Page
    image_sha256: str | None
    image_mime: str | None
    preview_sha256: str
    thumbnail_sha256: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """`original` is the file as it was given in, unaltered (spec scan-batches 5 row 28)."""

    original: StoredFile
    pages: tuple[KeptPage, ...]


def keep(writing: Writing, decoded: DecodedFile) -> KeptFile:
    """Move a decoded file and its renditions into the store; all of it is on the disk when this returns."""
    paths = [decoded.path]
    for page in decoded.pages:
        paths += [page.preview.path, page.thumbnail.path]
    images = [page.image.path for page in decoded.pages if page.image is not None]
    kept = writing.keep([*paths, *images])
    original, renditions, extracted = kept[0], iter(kept[1 : len(paths)]), iter(kept[len(paths) :])
    pages = []
    for page in decoded.pages:
        preview, thumbnail = next(renditions), next(renditions)
        image, mime = (original.sha256, decoded.kind.value) if decoded.shown_as_is else (None, None)
        if page.image is not None:
            image, mime = next(extracted).sha256, page.image.mime
        pages.append(KeptPage(page, image, mime, preview.sha256, thumbnail.sha256))
    return KeptFile(original, tuple(pages))
