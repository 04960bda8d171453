"""From a decoded file to hashes that a row can name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
    return keep_all(writing, [decoded])[0]


def keep_all(writing: Writing, files: Sequence[DecodedFile]) -> list[KeptFile]:
    """The same for several files: the disk is waited for once."""
    paths = [_paths(file) for file in files]
    kept = iter(writing.keep([path for each in paths for path in each]))
    return [_kept_file(file, [next(kept) for _ in each]) for file, each in zip(files, paths, strict=True)]


def _paths(decoded: DecodedFile) -> list[Path]:
    paths = [decoded.path]
    for page in decoded.pages:
        paths += [page.preview.path, page.thumbnail.path]
        if page.image is not None:
            paths.append(page.image.path)
    return paths


def _kept_file(decoded: DecodedFile, stored: list[StoredFile]) -> KeptFile:
    """`stored` follows the order of `_paths`."""
    original, *rest = stored
    renditions, pages = iter(rest), []
    for page in decoded.pages:
        preview, thumbnail = next(renditions), next(renditions)
        image, mime = (original.sha256, decoded.kind.value) if decoded.shown_as_is else (None, None)
        if page.image is not None:
            image, mime = next(renditions).sha256, page.image.mime
        pages.append(KeptPage(page, image, mime, preview.sha256, thumbnail.sha256))
    return KeptFile(original, tuple(pages))
