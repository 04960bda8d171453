"""Adding, splitting, merging, moving, ordering and deleting pages (spec 3.5). Each change gives back its `Edit`.

Undo: `apply(actor, edit.inverse())`; redo: `apply(actor, edit)`. `History` keeps them for one sitting.
"""

from collections.abc import Collection, Sequence

from workbench.domain.identity import Actor
from workbench.domain.scan_batch import arrange
from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.pages import Edit, Pages, applied
from workbench.domain.scan_batch.records import NewImage
from workbench.domain.scan_batch.words import IMAGES_PER_BATCH, BatchStatus
from workbench.errors import RefusedError
from workbench.services.scan_batches.desk import OpenBatch, commit, work_on_batch
from workbench.services.scan_batches.editing import Arrange, Editing
from workbench.storage import Stores


class ImageSets(Editing):
    """The arrangement of a batch. Checks table 2.2 and the roles, writes the audit."""

    def append(
        self, actor: Actor, batch_id: int, pages: Sequence[NewImage], *, set_id: int | None = None
    ) -> Edit:
        """Adds pages, whose files are safe in the image store, to the end of a set; None: of a new set.

        The rows of all pages come in one transaction: when this returns, they are acknowledged.
        """
        return self.append_parts(actor, batch_id, [pages], set_id=set_id)

    def append_parts(
        self, actor: Actor, batch_id: int, parts: Sequence[Sequence[NewImage]], *, set_id: int | None = None
    ) -> Edit:
        """The same for pages that go into several sets, as one step: the first part into `set_id`, each other into a
        new set.
        """
        count = sum(len(part) for part in parts)
        if not count:
            raise RefusedError("There is no page to add.")
        with self.database.transaction() as stores:
            opened = work_on_batch(stores, actor, batch_id)
            opened.require(actor, Action.ADD_IMAGES)
            if opened.facts.image_count + count > IMAGES_PER_BATCH:
                raise RefusedError(
                    f"Batch {batch_id} would have more than {IMAGES_PER_BATCH:,} images. Start another batch."
                )
            late = opened.batch.status is BatchStatus.POSTED
            added: list[tuple[int, list[int]]] = []
            for number, part in enumerate(parts):
                if set_id is None or number:
                    target = stores.image_sets.add_set(batch_id, actor.user_id, after_posting=late)
                else:
                    target = opened.one_set(set_id).set_id
                new = stores.image_sets.add_images(target, part, actor.user_id, after_posting=late)
                added.append((target, new))

            def change(now: Pages) -> Pages:
                for target, new in added:
                    now = arrange.append(now, target, new)
                return now

            pages = "1 page" if count == 1 else f"{count} pages"
            where = f"set {added[0][0]}" if len(added) == 1 else f"{len(added)} sets"
            return self.edit(stores, actor, opened, Action.ADD_IMAGES, f"Add {pages} to {where}", change)

    def split(self, actor: Actor, batch_id: int, image_id: int) -> Edit:
        """A new set begins with this image."""

        def change(stores: Stores, _opened: OpenBatch) -> tuple[str, Arrange]:
            new_set = stores.image_sets.add_set(batch_id, actor.user_id, after_posting=False)
            return f"Split off set {new_set}", lambda now: arrange.split(now, image_id, new_set)

        return self.prepare(actor, batch_id, Action.ARRANGE, change)

    def merge(self, actor: Actor, batch_id: int, set_id: int) -> Edit:
        """Merges the set with the one before it; of two, the coded one stays."""

        def change(_stores: Stores, opened: OpenBatch) -> tuple[str, Arrange]:
            this = opened.one_set(set_id)
            before = opened.facts.sets[max(0, opened.facts.sets.index(this) - 1)]
            if this.coded and before.coded and this is not before:
                raise RefusedError(
                    f"Sets {before.set_id} and {set_id} are both coded; they cannot be merged."
                )
            return (
                f"Merge set {set_id} with set {before.set_id}",
                lambda now: arrange.merge(now, set_id, keep_this=this.coded),
            )

        return self.prepare(actor, batch_id, Action.ARRANGE, change)

    def move(
        self,
        actor: Actor,
        batch_id: int,
        image_ids: Collection[int],
        target_set_id: int | None,
        position: int | None = None,
    ) -> Edit:
        """Moves images before page `position` of a set (None: to its end); target None: into a new set."""

        def change(stores: Stores, opened: OpenBatch) -> tuple[str, Arrange]:
            if target_set_id is None:
                target = stores.image_sets.add_set(batch_id, actor.user_id, after_posting=False)
            else:
                target = opened.one_set(target_set_id).set_id
            return f"Move to set {target}", lambda now: arrange.move(now, image_ids, target, position)

        return self.prepare(actor, batch_id, Action.ARRANGE, change)

    def reorder(self, actor: Actor, batch_id: int, set_id: int, image_ids: Sequence[int]) -> Edit:
        return self._arrange(
            actor, batch_id, f"Reorder set {set_id}", lambda now: arrange.reorder(now, set_id, image_ids)
        )

    def move_set(self, actor: Actor, batch_id: int, set_id: int, seq: int) -> Edit:
        return self._arrange(
            actor, batch_id, f"Move set {set_id}", lambda now: arrange.move_set(now, set_id, seq)
        )

    def delete_images(self, actor: Actor, batch_id: int, image_ids: Collection[int]) -> Edit:
        """Into the recycle bin."""
        count = "1 page" if len(set(image_ids)) == 1 else f"{len(set(image_ids))} pages"
        return self.change(
            actor,
            batch_id,
            Action.DELETE_IMAGES,
            f"Delete {count}",
            lambda now: arrange.delete_images(now, image_ids),
        )

    def delete_sets(self, actor: Actor, batch_id: int, set_ids: Collection[int]) -> Edit:
        """Into the recycle bin, with their images."""
        label = "Delete set " + ", ".join(str(each) for each in sorted(set(set_ids)))
        return self.change(
            actor,
            batch_id,
            Action.DELETE_IMAGES,
            label,
            lambda now: arrange.delete_sets(now, set(set_ids)),
        )

    def restore_images(self, actor: Actor, batch_id: int, image_ids: Collection[int]) -> Edit:
        """Back from the recycle bin, each to the end of the set it was in."""
        return self.change(
            actor,
            batch_id,
            Action.ADD_IMAGES,
            "Restore pages",
            lambda now: arrange.restore_images(now, image_ids),
        )

    def apply(self, actor: Actor, edit: Edit) -> None:
        """Undo (an inverse) or redo. Raises RefusedError when somebody else changed the same pages since."""
        with self.database.transaction() as stores:
            opened = work_on_batch(stores, actor, edit.batch_id)
            opened.require(actor, edit.action, edit.touched_sets)
            if applied(edit, stores.image_sets.pages(edit.batch_id)) is None:
                raise RefusedError(f'"{edit.label}" can no longer be changed: the pages were changed since.')
            commit(stores, actor, opened, edit)

    def _arrange(self, actor: Actor, batch_id: int, label: str, change: Arrange) -> Edit:
        return self.change(actor, batch_id, Action.ARRANGE, label, change)
