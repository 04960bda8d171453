"""Links of image batches to work batches, and attachments of image sets to cases, payments and deposits."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from workbench.domain.scan_batch.records import Attachment
from workbench.domain.scan_batch.words import BatchType, TargetKind
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.stores.set_targets import target_of, targets
from workbench.storage.tables import work as w
from workbench.storage.tables.batches import image_batches, image_sets
from workbench.storage.tables.deposits import deposits

_LINKS = {
    BatchType.CHARGE: (w.charge_batch_links, w.charge_batch_links.c.charge_batch_id),
    BatchType.PAYMENT: (w.payment_batch_links, w.payment_batch_links.c.payment_batch_id),
}
_TARGETS = {
    TargetKind.CASE: w.set_attachments.c.case_id,
    TargetKind.PAYMENT: w.set_attachments.c.payment_id,
    TargetKind.DEPOSIT: w.set_attachments.c.deposit_id,
}


class SetLinkStore(Store):
    """Reads and writes the link tables and `set_attachments`."""

    def link(self, batch_type: BatchType, image_batch_id: int, work_id: int, user_id: int) -> None:
        links, work_column = _LINKS[batch_type]
        self._connection.execute(
            sa.insert(links).values(
                {
                    "image_batch_id": image_batch_id,
                    work_column.name: work_id,
                    "linked_at": now(),
                    "linked_by_id": user_id,
                }
            )
        )

    def unlink(self, batch_type: BatchType, image_batch_id: int, work_id: int) -> bool:
        """False when there was no such link."""
        links, work_column = _LINKS[batch_type]
        deleted = self._connection.execute(
            sa.delete(links).where(links.c.image_batch_id == image_batch_id, work_column == work_id)
        )
        return deleted.rowcount == 1

    def work_batches_of(self, batch_type: BatchType, image_batch_id: int) -> list[int]:
        links, work_column = _LINKS[batch_type]
        return list(
            self._connection.scalars(
                sa.select(work_column)
                .where(links.c.image_batch_id == image_batch_id)
                .order_by(links.c.linked_at, work_column)
            )
        )

    def attach(self, set_id: int, kind: TargetKind, target_id: int, user_id: int) -> int:
        return self._insert(
            w.set_attachments,
            {
                "set_id": set_id,
                _TARGETS[kind].name: target_id,
                "attached_at": now(),
                "attached_by_id": user_id,
            },
        )

    def detach(self, attachment_id: int) -> None:
        self._connection.execute(sa.delete(w.set_attachments).where(w.set_attachments.c.id == attachment_id))

    def of_set(self, set_id: int) -> list[Attachment]:
        """Oldest first."""
        return self._attachments(w.set_attachments.c.set_id == set_id)

    def of_target(self, kind: TargetKind, target_id: int) -> list[Attachment]:
        """The sets that show the paper of a case, payment or deposit, oldest first."""
        return self._attachments(_TARGETS[kind] == target_id)

    def within_work_batch(
        self, batch_type: BatchType, work_id: int, image_batch_id: int | None = None
    ) -> list[Attachment]:
        """Attachments to the cases or payments of a work batch, of one image batch or of all."""
        if batch_type is BatchType.CHARGE:
            inside: Any = w.cases.c.charge_batch_id == work_id
        else:
            inside = w.payments.c.payment_batch_id == work_id
        chosen = [] if image_batch_id is None else [image_sets.c.batch_id == image_batch_id]
        return self._attachments(inside, *chosen)

    def _attachments(self, *where: sa.ColumnElement[bool]) -> list[Attachment]:
        rows = self._connection.execute(targets(*where).order_by(w.set_attachments.c.id))
        return [_attachment(row) for row in rows]

    def deposit_practice(self, deposit_id: int) -> tuple[int | None] | None:
        """A tuple of the practice of a deposit; None when there is no such deposit."""
        row = self._connection.execute(
            sa.select(deposits.c.practice_id).where(deposits.c.id == deposit_id)
        ).first()
        return None if row is None else (row.practice_id,)

    def attachable_sets(self, practice_ids: Collection[int], batch_type: BatchType) -> list[int]:
        """Live sets of posted batches of a type, newest batch first: what a deposit can be tied to."""
        return list(
            self._connection.scalars(
                sa.select(image_sets.c.id)
                .join(image_batches, image_batches.c.id == image_sets.c.batch_id)
                .where(
                    image_batches.c.practice_id.in_(practice_ids),
                    image_batches.c.batch_type == batch_type,
                    image_batches.c.posted_at.is_not(None),
                    image_sets.c.deleted_at.is_(None),
                    sa.not_(image_sets.c.on_hold),
                )
                .order_by(image_batches.c.id.desc(), image_sets.c.seq)
            )
        )


def _attachment(row: Any) -> Attachment:
    kind, target_id = target_of(row)
    return Attachment(
        attachment_id=row.id,
        set_id=row.set_id,
        kind=kind,
        target_id=target_id,
        attached_at=row.attached_at,
        attached_by=row.attached_by,
        settled=bool(row.settled),
    )
