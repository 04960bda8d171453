"""The pictures behind the rows: showing one, checking them all, sweeping what no row names."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageOps

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.records import Image
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

    def open(self, actor: Actor, image_id: int) -> Pillow.Image:
        """The page at full size and upright, for an analyst; the look is audited."""
        image = self._views.view(actor, image_id)
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
        file = image.file
        if size is Size.THUMBNAIL:
            return Picture(self._store.read(file.thumbnail.sha256), file.thumbnail.mime)
        if size is Size.PREVIEW:
            return Picture(self._store.read(file.preview.sha256), file.preview.mime)
        if file.full is not None:
            return Picture(self._store.read(file.full.sha256), file.full.mime)
        drawn = self._drawer().full_page(self._original(file.sha256), file.page_in_file)
        return Picture(drawn.data, drawn.mime)

    def _original(self, sha256: str) -> Path:
        if not self._store.holds(sha256):
            self._store.read(sha256)  # says that it is missing
        return self._store.path(sha256)

    def _drawer(self) -> Intake:
        if self._drawing is None:
            folder = self._resources.enter_context(self._store.workspace())
            self._drawing = self._resources.enter_context(Intake(folder, workers=1))
        return self._drawing
