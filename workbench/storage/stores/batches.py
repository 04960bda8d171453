"""Image batches: the header, its stamps, and what the rules look at."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workbench.domain.scan_batch.allowed import BatchFacts, SetFacts
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.records import ScanBatch
from workbench.domain.scan_batch.words import BatchStatus, BatchType, CodingStatus
from workbench.errors import NotFoundError
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.stores.set_targets import target_words, targets
from workbench.storage.tables import batches as t
from workbench.storage.tables import work as w
from workbench.storage.tables.office import users

_creator, _updater, _poster = users.alias("creator"), users.alias("updater"), users.alias("poster")


class BatchStore(Store):
    """Reads and writes `image_batches`."""

    def add(self, header: BatchHeader, user_id: int) -> int:
        """A new unposted batch; gives its Batch ID."""
        return self._insert(
            t.image_batches, {**_columns(header), "created_at": now(), "created_by_id": user_id}
        )

    def get(self, batch_id: int) -> ScanBatch:
        """Raises NotFoundError. Batches in the recycle bin are found too: `deleted_at` says so."""
        row = self._connection.execute(
            sa.select(
                t.image_batches,
                _creator.c.name.label("created_by"),
                sa.func.coalesce(_updater.c.name, "").label("updated_by"),
                sa.func.coalesce(_poster.c.name, "").label("posted_by"),
            )
            .join(_creator, _creator.c.id == t.image_batches.c.created_by_id)
            .outerjoin(_updater, _updater.c.id == t.image_batches.c.updated_by_id)
            .outerjoin(_poster, _poster.c.id == t.image_batches.c.posted_by_id)
            .where(t.image_batches.c.id == batch_id)
        ).first()
        if row is None:
            raise NotFoundError(f"Batch {batch_id} was not found.")
        return _scan_batch(row)

    def lock(self, batch_id: int) -> None:
        """Makes others who work on this batch wait until the transaction ends (SQLite: every writer waits anyway)."""
        self._connection.execute(
            sa.select(t.image_batches.c.id).where(t.image_batches.c.id == batch_id).with_for_update()
        )

    def facts(self, batch: ScanBatch, posted_at_local: datetime | None = None) -> BatchFacts:
        """What `domain.scan_batch.allowed` decides by. `posted_at_local` is the stamp in the practice's time zone."""
        links = w.charge_batch_links if batch.batch_type is BatchType.CHARGE else w.payment_batch_links
        linked = self._connection.scalar(
            sa.select(sa.exists().where(links.c.image_batch_id == batch.batch_id))
        )
        return BatchFacts(
            batch_id=batch.batch_id,
            batch_type=batch.batch_type,
            status=batch.status,
            deleted=batch.deleted_at is not None,
            posted_by=batch.posted_by,
            posted_at=posted_at_local or batch.posted_at,
            linked=bool(linked),
            sets=tuple(self._set_facts(batch.batch_id)),
            open_imports=tuple(self._open_imports(batch.batch_id)),
        )

    def _set_facts(self, batch_id: int) -> Iterable[SetFacts]:
        attached: dict[int, list[tuple[str, bool]]] = {}
        for row in self._connection.execute(
            targets(t.image_sets.c.batch_id == batch_id).order_by(w.set_attachments.c.id)
        ):
            attached.setdefault(row.set_id, []).append((target_words(row), bool(row.settled)))
        images = (
            sa.select(sa.func.count())
            .where(t.images.c.set_id == t.image_sets.c.id, t.images.c.deleted_at.is_(None))
            .scalar_subquery()
        )
        rows = self._connection.execute(
            sa.select(
                t.image_sets.c.id,
                t.image_sets.c.coding_status,
                t.image_sets.c.on_hold,
                images.label("images"),
            )
            .where(t.image_sets.c.batch_id == batch_id, t.image_sets.c.deleted_at.is_(None))
            .order_by(t.image_sets.c.seq)
        )
        for row in rows:
            mine = attached.get(row.id, [])
            yield SetFacts(
                set_id=row.id,
                coding_status=CodingStatus(row.coding_status),
                on_hold=row.on_hold,
                image_count=row.images,
                attached_to=tuple(words for words, _ in mine),
                settled=tuple(words for words, settled in mine if settled),
            )

    def _open_imports(self, batch_id: int) -> Iterable[str]:
        return self._connection.scalars(
            sa.select(t.image_imports.c.file_name)
            .where(t.image_imports.c.batch_id == batch_id, t.image_imports.c.state.in_(("running", "failed")))
            .order_by(t.image_imports.c.id)
        )

    def update(self, batch_id: int, seen_version: int, header: BatchHeader, user_id: int) -> int:
        """Gives the new version; raises ChangedByAnotherError when `seen_version` is not the present one."""
        self._update_versioned(
            t.image_batches, batch_id, seen_version, _columns(header), what=f"Batch {batch_id}"
        )
        self._stamp(batch_id, updated_at=now(), updated_by_id=user_id)
        return seen_version + 1

    def post(self, batch_id: int, user_id: int) -> None:
        self._stamp(
            batch_id,
            status=BatchStatus.POSTED.value,
            posted_at=now(),
            posted_by_id=user_id,
            version=t.image_batches.c.version + 1,
        )

    def unpost(self, batch_id: int) -> None:
        self._stamp(
            batch_id,
            status=BatchStatus.UNPOSTED.value,
            posted_at=None,
            posted_by_id=None,
            version=t.image_batches.c.version + 1,
        )

    def delete(self, batch_id: int, user_id: int) -> None:
        """Into the recycle bin."""
        self._stamp(batch_id, deleted_at=now(), deleted_by_id=user_id)

    def restore(self, batch_id: int) -> None:
        self._stamp(batch_id, deleted_at=None, deleted_by_id=None)

    def touch(self, batch_id: int, user_id: int) -> int:
        """Counts a change of the sets or images; gives the new revision."""
        self._stamp(
            batch_id,
            revision=t.image_batches.c.revision + 1,
            updated_at=now(),
            updated_by_id=user_id,
        )
        return int(
            self._connection.execute(
                sa.select(t.image_batches.c.revision).where(t.image_batches.c.id == batch_id)
            ).scalar_one()
        )

    def _stamp(self, batch_id: int, **values: Any) -> None:
        self._connection.execute(
            sa.update(t.image_batches).where(t.image_batches.c.id == batch_id).values(**values)
        )


def _columns(header: BatchHeader) -> dict[str, Any]:
    return {
        "practice_id": header.practice_id,
        "batch_type": header.batch_type,
        "description": header.description,
        "facility_id": header.facility_id,
        "date_of_service": header.date_of_service,
        "charge_received": header.charge_received,
        "payer_id": header.payer_id,
        "plan_id": header.plan_id,
    }


def _scan_batch(row: Any) -> ScanBatch:
    header = BatchHeader(
        description=row.description,
        practice_id=row.practice_id,
        batch_type=BatchType(row.batch_type),
        facility_id=row.facility_id,
        date_of_service=row.date_of_service,
        charge_received=row.charge_received,
        payer_id=row.payer_id,
        plan_id=row.plan_id,
    )
    return ScanBatch(
        batch_id=row.id,
        header=header,
        practice_id=row.practice_id,
        batch_type=BatchType(row.batch_type),
        status=BatchStatus(row.status),
        created_at=row.created_at,
        created_by=row.created_by,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
        posted_at=row.posted_at,
        posted_by=row.posted_by,
        deleted_at=row.deleted_at,
        version=row.version,
        revision=row.revision,
    )
