"""Pages of a batch on their way out: as a PDF, or onto paper. Both are written into the audit (spec 2.5, 3.5)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.records import Image
from workbench.errors import NotFoundError, RefusedError
from workbench.images.intake import Intake
from workbench.images.outcome import Sheet
from workbench.images.store import ImageStore
from workbench.services.image_store import source_of
from workbench.services.scan_batches.desk import open_batch
from workbench.storage import Database

MOST_PAGES = 500
Way = Literal["export", "print"]


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF. `name` holds ids only, no patient data: it ends up in download folders."""

    name: str
    data: bytes
    pages: int


class ImageExport:
    """Originals stay as they are: what goes out is a rendition, upright as the viewer shows it."""

    def __init__(self, database: Database, store: ImageStore) -> None:
        self._database = database
        self._store = store

    def pdf(self, actor: Actor, batch_id: int, image_ids: Collection[int]) -> Document:
        """These pages as one PDF, in the order of the batch. Audited before anything is handed out."""
        images = self.take_out(actor, batch_id, image_ids, "export")
        sets = sorted({image.state.set_id for image in images})
        word = "set-" + str(sets[0]) if len(sets) == 1 else f"{len(sets)}-sets"
        with self._store.workspace() as folder, Intake(folder) as intake:
            data = intake.pdf([self._sheet(image) for image in images], f"Batch {batch_id}, {word}")
        return Document(f"batch-{batch_id}-{word}.pdf", data, len(images))

    def take_out(self, actor: Actor, batch_id: int, image_ids: Collection[int], way: Way) -> list[Image]:
        """The pages in order, after an audit event for each of their sets. Printing needs no more than this."""
        actor.require(Permission.EXPORT)
        actor.require(Permission.IMAGE_VIEW)
        if not image_ids:
            raise RefusedError(f"There is no page to {way}.")
        if len(image_ids) > MOST_PAGES:
            raise RefusedError(f"At most {MOST_PAGES} pages can be taken out at once. Choose fewer.")
        with self._database.transaction() as stores:
            opened = open_batch(stores, actor, batch_id)
            wanted = set(image_ids)
            images = [each for each in stores.image_sets.images(batch_id) if each.state.image_id in wanted]
            if len(images) != len(wanted):
                raise NotFoundError("A page was not found. It may have been deleted or moved.")
            for set_id in sorted({each.state.set_id for each in images}):
                pages = [each.state.image_id for each in images if each.state.set_id == set_id]
                stores.audit.add(
                    actor,
                    f"set.{way}",
                    "image_set",
                    set_id,
                    practice_id=opened.batch.practice_id,
                    after={"batch": batch_id, "images": pages},
                )
        return images

    def _sheet(self, image: Image) -> Sheet:
        """As it is shown: cleaned up, when it was."""
        file, cleaned = image.file, image.rendition
        if cleaned is not None:
            file = replace(file, full=cleaned.full)
        path, page = source_of(self._store, file)
        return Sheet(path, page, image.state.rotation, file.mirrored, file.dpi)
