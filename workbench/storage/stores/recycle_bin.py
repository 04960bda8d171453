"""The recycle bin: what lies in it, and removing for good what has been there long enough."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from workbench.domain.scan_batch.words import BatchStatus
from workbench.storage.stores.base import Store
from workbench.storage.tables import batches as t
from workbench.storage.tables import work as w
from workbench.storage.tables.office import users


@dataclass(frozen=True, slots=True)
class Purged:
    """Attributes:
    batches: pairs of Batch ID and practice.
    """

    batches: tuple[tuple[int, int], ...]
    sets: int
    images: int


@dataclass(frozen=True, slots=True)
class DeletedPage:
    """A page in the recycle bin of a batch that is there.

    Attributes:
        set_id, page_no: where it was.
        name: of the file that it came in.
    """

    image_id: int
    set_id: int
    page_no: int
    name: str
    deleted_at: datetime
    deleted_by: str


class RecycleBinStore(Store):
    """Looks into the bin and empties it; rows go from the inside out."""

    def pages(self, batch_id: int) -> list[DeletedPage]:
        """The deleted pages of a batch, those that went last first."""
        rows = self._connection.execute(
            sa.select(
                t.images.c.id, t.images.c.set_id, t.images.c.page_no, t.images.c.original_name,
                t.images.c.deleted_at, sa.func.coalesce(users.c.name, "").label("deleted_by"),
            )
            .join(t.image_sets, t.image_sets.c.id == t.images.c.set_id)
            .outerjoin(users, users.c.id == t.images.c.deleted_by_id)
            .where(t.image_sets.c.batch_id == batch_id, t.images.c.deleted_at.is_not(None))
            .order_by(t.images.c.deleted_at.desc(), t.images.c.set_id, t.images.c.page_no, t.images.c.id)
        )  # fmt: skip
        return [
            DeletedPage(row.id, row.set_id, row.page_no, row.original_name, row.deleted_at, row.deleted_by)
            for row in rows
        ]

    def purge(self, deleted_before: datetime) -> Purged:
        """Removes batches deleted before, with their sets and images, and older deletions in unposted batches."""
        old = self._connection.execute(
            sa.select(t.image_batches.c.id, t.image_batches.c.practice_id).where(
                t.image_batches.c.deleted_at < deleted_before
            )
        ).all()
        gone = [row.id for row in old]
        unposted = sa.select(t.image_batches.c.id).where(t.image_batches.c.status == BatchStatus.UNPOSTED)
        sets_of_gone = sa.select(t.image_sets.c.id).where(t.image_sets.c.batch_id.in_(gone))
        sets_of_unposted = sa.select(t.image_sets.c.id).where(t.image_sets.c.batch_id.in_(unposted))
        due = t.images.c.set_id.in_(sets_of_gone) | (
            t.images.c.set_id.in_(sets_of_unposted) & (t.images.c.deleted_at < deleted_before)
        )
        self._connection.execute(
            sa.delete(t.image_renditions).where(
                t.image_renditions.c.image_id.in_(sa.select(t.images.c.id).where(due))
            )
        )
        images = self._connection.execute(sa.delete(t.images).where(due)).rowcount
        dead = sa.select(t.image_sets.c.id).where(
            t.image_sets.c.batch_id.in_(gone)
            | (t.image_sets.c.batch_id.in_(unposted) & (t.image_sets.c.deleted_at < deleted_before)),
            sa.not_(sa.exists().where(t.images.c.set_id == t.image_sets.c.id)),
        )
        dead_ids = list(self._connection.scalars(dead))
        self._connection.execute(sa.delete(t.coding_forms).where(t.coding_forms.c.set_id.in_(dead_ids)))
        self._connection.execute(sa.delete(w.set_attachments).where(w.set_attachments.c.set_id.in_(dead_ids)))
        self._connection.execute(sa.delete(t.image_sets).where(t.image_sets.c.id.in_(dead_ids)))
        self._connection.execute(sa.delete(t.image_imports).where(t.image_imports.c.batch_id.in_(gone)))
        self._connection.execute(sa.delete(t.image_batches).where(t.image_batches.c.id.in_(gone)))
        return Purged(tuple((row.id, row.practice_id) for row in old), len(dead_ids), images)
