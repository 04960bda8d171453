"""The pictures behind the rows: showing one, checking them all, sweeping what no row names."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageOps

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.records import Image, NewImage
from workbench.errors import NotFoundError
from workbench.images.intake import Intake
from workbench.images.store import ImageStore, SweepReport, VerifyReport
from workbench.services.scan_batches.desk import open_batch
from workbench.services.scan_batches.image_views import ImageViews
from workbench.storage import Database


class Size(StrEnum):
    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for a browser, as it lies in its file: mirror it, then turn it, as the image's row says."""

    data: bytes
    mime: str


def source_of(store: ImageStore, file: NewImage) -> tuple[Path, int]:
    """Where the page itself lies, as its own picture or in its file, and its 1-based number there.

    Raises NotFoundError when the file is missing.
    """
    sha256, page = (file.full.sha256, 1) if file.full else (file.sha256, file.page_in_file)
    if not store.holds(sha256):
        store.read(sha256)  # says that it is missing
    return store.path(sha256), page


class ImageFiles:
    """Pictures for who may see them. Holds a decoder once a page was drawn; `close` ends it."""

    def __init__(self, database: Database, store: ImageStore) -> None:
        self._database = database
        self._store = store
        self._views = ImageViews(database)
        self._resources = ExitStack()
        self._drawing: Intake | None = None

    def picture(self, actor: Actor, image_id: int, size: Size) -> Picture:
        """One page at one size. Raises NotFoundError for a page that is not there or not the person's.

        The look itself is audited by `ImageViews.view` or `view_set`: a viewer fetches a page before it
        is looked at, and the same page twice.
        """
        return self._picture(self._visible(actor, image_id), size)

    def open(self, actor: Actor, image_id: int, *, as_scanned: bool = False) -> Pillow.Image:
        """The page at full size and upright, for an analyst; the look is audited. `as_scanned`: not cleaned up."""
        image = self._views.view(actor, image_id)
        if as_scanned:
            image = replace(image, rendition=None)
        picture: Pillow.Image = Pillow.open(io.BytesIO(self._picture(image, Size.FULL).data))
        picture.load()
        if image.file.mirrored:
            picture = ImageOps.mirror(picture)
        return picture.rotate(-image.state.rotation, expand=True) if image.state.rotation else picture

    def verify(self, actor: Actor, on_progress: Callable[[int], None] | None = None) -> VerifyReport:
        """Re-hashes the whole store against the rows (`workbench images verify`)."""
        actor.require(Permission.SETUP)
        return self._store.verify(self._wanted(), on_progress)

    def sweep(self, actor: Actor) -> SweepReport:
        """Removes what killed imports and the emptied recycle bin left behind."""
        actor.require(Permission.SETUP)
        return self._store.sweep(self._wanted)

    def workspace(self) -> AbstractContextManager[Path]:
        """A folder for a scan under way: swept if the process dies."""
        return self._store.workspace()

    def close(self) -> None:
        self._drawing = None
        self._resources.close()

    def _wanted(self) -> set[str]:
        with self._database.reading() as stores:
            return stores.image_sets.known_hashes()

    def _visible(self, actor: Actor, image_id: int) -> Image:
        actor.require(Permission.IMAGE_VIEW)
        with self._database.reading() as stores:
            image = stores.image_sets.image(image_id)
            try:
                open_batch(stores, actor, image.batch_id)
            except NotFoundError:
                # Not its batch's words: an id that was guessed tells nothing.
                raise NotFoundError("The page was not found.") from None
        return image

    def _picture(self, image: Image, size: Size) -> Picture:
        shown = image.shown
        stored = {Size.THUMBNAIL: shown.thumbnail, Size.PREVIEW: shown.preview, Size.FULL: shown.full}[size]
        if stored is not None:
            return Picture(self._store.read(stored.sha256), stored.mime)
        drawn = self._drawer().full_page(*source_of(self._store, image.file))
        return Picture(drawn.data, drawn.mime)

    def _drawer(self) -> Intake:
        if self._drawing is None:
            folder = self._resources.enter_context(self._store.workspace())
            self._drawing = self._resources.enter_context(Intake(folder, workers=1))
        return self._drawing
