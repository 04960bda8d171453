"""The SELECTs behind the analysts' frames of scan batches, limited to the practices and paper of a person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from workbench.domain.scan_batch.pages import OWN_FIELDS
from workbench.domain.scan_batch.words import BatchType
from workbench.storage.stores.batch_lists import list_select
from workbench.storage.tables import batches as t
from workbench.storage.tables.office import facilities, payers, plans, practices, users

_b, _s, _i = t.image_batches.c, t.image_sets.c, t.images.c


@dataclass(frozen=True, slots=True)
class ScanSight:
    """Whose batches are shown."""

    practice_ids: Collection[int]
    types: Collection[BatchType]


@dataclass(frozen=True, slots=True)
class ScanFilter:
    """What the frames can be limited to. None or an empty text asks nothing.

    Attributes:
        since, until: inclusive days in UTC on which the batch was created.
    """

    batch_id: int | Sequence[int] | None = None
    since: date | None = None
    until: date | None = None
    status: str = ""
    batch_type: str = ""


def _conditions(wanted: ScanFilter, sight: ScanSight) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        _b.practice_id.in_(sight.practice_ids),
        _b.batch_type.in_([each.value for each in sight.types]),
        _b.deleted_at.is_(None),
    ]
    if wanted.batch_id is not None:
        ids = [wanted.batch_id] if isinstance(wanted.batch_id, int) else list(wanted.batch_id)
        found.append(_b.id.in_(ids))
    if wanted.since is not None:
        found.append(_b.created_at >= datetime.combine(wanted.since, time.min, UTC))
    if wanted.until is not None:
        found.append(_b.created_at < datetime.combine(wanted.until + timedelta(days=1), time.min, UTC))
    if wanted.status:
        found.append(_b.status == wanted.status)
    if wanted.batch_type:
        found.append(_b.batch_type == wanted.batch_type)
    return found


def batches_select(wanted: ScanFilter, sight: ScanSight) -> sa.Select[Any]:
    return list_select().where(*_conditions(wanted, sight)).order_by(_b.id)


def sets_select(wanted: ScanFilter, sight: ScanSight) -> sa.Select[Any]:
    """The columns `own_...` are what a set says of itself where its batch is not true of it (spec 4.2)."""
    images = (
        sa.select(sa.func.count())
        .where(_i.set_id == _s.id, _i.deleted_at.is_(None))
        .correlate(t.image_sets)
        .scalar_subquery()
    )
    return (
        sa.select(
            _s.id.label("set_id"), _s.batch_id, _s.seq, _b.practice_id, practices.c.name.label("practice"),
            _b.batch_type, _b.status, _s.coding_status, _s.ignore_reason, _s.on_hold, _s.hold_reason,
            _s.follow_up_on, _s.document_type, _s.note, _s.added_after_posting, _s.created_at,
            images.label("images"),
            *(_s[name].label(f"own_{name}") for name in OWN_FIELDS),
            *(
                sa.func.coalesce(table.c.name, "").label(f"own_{name}")
                for name, table in (("facility", facilities), ("payer", payers), ("plan", plans))
            ),
        )
        .join(t.image_batches, _b.id == _s.batch_id)
        .join(practices, practices.c.id == _b.practice_id)
        .outerjoin(facilities, facilities.c.id == _s.facility_id)
        .outerjoin(payers, payers.c.id == _s.payer_id)
        .outerjoin(plans, plans.c.id == _s.plan_id)
        .where(_s.deleted_at.is_(None), *_conditions(wanted, sight))
        .order_by(_s.batch_id, _s.seq)
    )  # fmt: skip


def images_select(wanted: ScanFilter, sight: ScanSight) -> sa.Select[Any]:
    document = sa.func.coalesce(_i.document_type, _s.document_type, "").label("document_type")
    return (
        sa.select(
            _i.id.label("image_id"), _i.set_id, _s.batch_id, _i.page_no, _b.practice_id, _b.batch_type,
            _i.source, _i.original_name, _i.page_in_file, _i.mime, _i.byte_count, _i.sha256, _i.width,
            _i.height, _i.dpi, _i.rotation, _i.mirrored, _i.cleaning, document, _i.note, _i.added_after_posting,
            _i.created_at, users.c.name.label("created_by"),
        )
        .join(t.image_sets, _s.id == _i.set_id)
        .join(t.image_batches, _b.id == _s.batch_id)
        .join(users, users.c.id == _i.created_by_id)
        .where(_i.deleted_at.is_(None), _s.deleted_at.is_(None), *_conditions(wanted, sight))
        .order_by(_s.batch_id, _s.seq, _i.page_no)
    )  # fmt: skip
