"""Looking at sets and images; every look at a picture is audited (spec 2.5)."""

from collections.abc import Collection
from dataclasses import dataclass

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.records import DuplicatePlace, Image, ImageSet, ScanBatch
from workbench.errors import NotFoundError
from workbench.services.looks import Look
from workbench.services.scan_batches.desk import OpenBatch, open_batch
from workbench.storage import Database, Stores


@dataclass(frozen=True, slots=True)
class BatchContents:
    """Everything that the viewer shows of a batch.

    Attributes:
        images: as they follow in the batch: by set, then by page.
    """

    batch: ScanBatch
    sets: tuple[ImageSet, ...]
    images: tuple[Image, ...]

    def of_set(self, set_id: int) -> tuple[Image, ...]:
        return tuple(image for image in self.images if image.state.set_id == set_id)


class ImageViews:
    """Reads for the viewer and for whoever shows a page."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def contents(self, actor: Actor, batch_id: int) -> BatchContents:
        """What is in the batch. Looking at pictures is `view`."""
        actor.require(Permission.IMAGE_VIEW)
        with self._database.reading() as stores:
            opened = open_batch(stores, actor, batch_id)
            contents = BatchContents(
                opened.batch,
                tuple(stores.image_sets.sets(batch_id)),
                tuple(stores.image_sets.images(batch_id)),
            )
            shown = {"sets": len(contents.sets), "images": len(contents.images)}
            Look("batch.view", "image_batch", batch_id, opened.batch.practice_id, shown).add(stores, actor)
        return contents

    def view(self, actor: Actor, image_id: int) -> Image:
        """The image that the person is about to look at; the look is audited (spec 2.5)."""
        actor.require(Permission.IMAGE_VIEW)
        with self._database.reading() as stores:
            image = stores.image_sets.image(image_id)
            opened = _open_quietly(stores, actor, image.batch_id, "The page")
            shown = {"batch": image.batch_id, "set": image.state.set_id}
            Look("image.view", "image", image_id, opened.batch.practice_id, shown).add(stores, actor)
        return image

    def view_set(self, actor: Actor, set_id: int) -> tuple[Image, ...]:
        """The images of a set, for its thumbnails; audited as one look."""
        actor.require(Permission.IMAGE_VIEW)
        with self._database.reading() as stores:
            batch_id = stores.image_sets.batch_of_set(set_id)
            opened = _open_quietly(stores, actor, batch_id, f"Set {set_id}")
            images = tuple(stores.image_sets.images_of_set(set_id))
            shown = {"batch": batch_id, "images": len(images)}
            Look("set.view", "image_set", set_id, opened.batch.practice_id, shown).add(stores, actor)
        return images

    def batch_of(self, actor: Actor, set_id: int) -> int:
        """The batch that a set is in."""
        actor.require(Permission.IMAGE_VIEW)
        with self._database.reading() as stores:
            batch_id = stores.image_sets.batch_of_set(set_id)
            _open_quietly(stores, actor, batch_id, f"Set {set_id}")
        return batch_id

    def duplicates(self, actor: Actor, sha256s: Collection[str]) -> list[DuplicatePlace]:
        """Where files of this content already are, within the person's practices (spec 5 row 30)."""
        actor.require(Permission.IMAGE_VIEW)
        with self._database.reading() as stores:
            return stores.image_sets.duplicates(sha256s, actor.practice_ids)


def _open_quietly(stores: Stores, actor: Actor, batch_id: int, what: str) -> OpenBatch:
    """Says that the page or set, not its batch, was not found: an id guessed tells nothing of another practice."""
    try:
        return open_batch(stores, actor, batch_id)
    except NotFoundError:
        raise NotFoundError(f"{what} was not found.") from None
