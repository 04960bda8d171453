"""The batch lists: filtered, sorted and paged by the database, always within the practices of the person."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from workbench.domain.scan_batch.lists import BatchPage, BatchQuery, BatchSort
from workbench.domain.scan_batch.records import BatchRow, SetRow
from workbench.domain.scan_batch.words import BatchStatus, BatchType, CodingStatus
from workbench.storage.stores.base import Store
from workbench.storage.stores.set_targets import target_words, targets
from workbench.storage.tables import batches as t
from workbench.storage.tables import work as w
from workbench.storage.tables.office import facilities, payers, plans, practices, users

_b, _s, _i, _a = t.image_batches, t.image_sets, t.images, w.set_attachments
_IMAGES_OF_SET = sa.and_(_i.c.set_id == _s.c.id, _i.c.deleted_at.is_(None))
_ATTACHED = sa.exists().where(_a.c.set_id == _s.c.id)


def _count_sets(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(_s)
        .where(_s.c.batch_id == _b.c.id, _s.c.deleted_at.is_(None), *where)
        .correlate(_b)
        .scalar_subquery()
    )


_SETS = _count_sets()
_ON_HOLD = _count_sets(_s.c.on_hold)
_UNFINISHED = _count_sets(sa.not_(_ATTACHED), _s.c.coding_status != CodingStatus.IGNORED)
_IMAGES = (
    sa.select(sa.func.count())
    .select_from(_i.join(_s, _IMAGES_OF_SET))
    .where(_s.c.batch_id == _b.c.id, _s.c.deleted_at.is_(None))
    .correlate(_b)
    .scalar_subquery()
)
_LATE = (
    sa.select(sa.func.count())
    .select_from(_i.join(_s, _IMAGES_OF_SET))
    .where(_s.c.batch_id == _b.c.id, _s.c.deleted_at.is_(None), _i.c.added_after_posting)
    .correlate(_b)
    .scalar_subquery()
)
_AMOUNT = (
    sa.select(sa.func.coalesce(sa.func.sum(w.payments.c.amount_cents), 0))
    .where(
        w.payments.c.id.in_(
            sa.select(_a.c.payment_id)
            .join(_s, _s.c.id == _a.c.set_id)
            .where(_s.c.batch_id == _b.c.id, _a.c.payment_id.is_not(None))
            .correlate(_b)
        )
    )
    .correlate(_b)
    .scalar_subquery()
)
_FOR = sa.func.coalesce(facilities.c.name, payers.c.name, "")
_SORTS: dict[BatchSort, Any] = {
    BatchSort.CREATED: _b.c.created_at,
    BatchSort.BATCH_ID: _b.c.id,
    BatchSort.PRACTICE: practices.c.name,
    BatchSort.DESCRIPTION: _b.c.description,
    BatchSort.TYPE: _b.c.batch_type,
    BatchSort.STATUS: _b.c.status,
    BatchSort.POSTED: _b.c.posted_at,
    BatchSort.SETS: _SETS,
    BatchSort.IMAGES: _IMAGES,
    BatchSort.ON_HOLD: _ON_HOLD,
    BatchSort.FOR: _FOR,
    BatchSort.DATE_OF_SERVICE: _b.c.date_of_service,
    BatchSort.CREATED_BY: users.c.name,
}


class BatchListStore(Store):
    """Reads the lists of batches and sets."""

    def page(
        self, query: BatchQuery, practice_ids: Collection[int], types: Collection[BatchType]
    ) -> BatchPage:
        """One page of the batches of these practices and types."""
        where = [
            _b.c.practice_id.in_(practice_ids),
            _b.c.batch_type.in_([each.value for each in types]),
            *_filters(query),
        ]
        total = self._connection.execute(sa.select(sa.func.count()).select_from(_b).where(*where))
        order = _SORTS[query.sort]
        # First which rows, then what is in them: counting the sets of rows that are skipped takes longest.
        chosen = list(
            self._connection.scalars(
                _joined(sa.select(_b.c.id))
                .where(*where)
                .order_by(order.desc() if query.descending else order.asc(), _b.c.id)
                .limit(query.limit)
                .offset(query.offset)
            )
        )
        rows = {row.id: row for row in self._connection.execute(list_select().where(_b.c.id.in_(chosen)))}
        linked = self._linked(chosen)
        found = tuple(_batch_row(rows[each], linked.get(each, ())) for each in chosen)
        return BatchPage(found, int(total.scalar_one()))

    def _linked(self, batch_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
        found: dict[int, tuple[int, ...]] = {}
        for links, work_id in (
            (w.charge_batch_links, w.charge_batch_links.c.charge_batch_id),
            (w.payment_batch_links, w.payment_batch_links.c.payment_batch_id),
        ):
            rows = self._connection.execute(
                sa.select(links.c.image_batch_id, work_id.label("work_id"))
                .where(links.c.image_batch_id.in_(batch_ids))
                .order_by(work_id)
            )
            for row in rows:
                found[row.image_batch_id] = (*found.get(row.image_batch_id, ()), row.work_id)
        return found

    def sets_of(self, batch_id: int) -> list[SetRow]:
        """The live sets of a batch, in order."""
        return self._set_rows(_set_select().where(_s.c.batch_id == batch_id).order_by(_s.c.seq))

    def unattached(
        self, practice_ids: Collection[int], types: Collection[BatchType], limit: int, offset: int = 0
    ) -> list[SetRow]:
        """Sets of posted batches that nobody attached or ignored, those that wait longest first; not those on hold."""
        return self._set_rows(
            _set_select()
            .where(
                _b.c.status == BatchStatus.POSTED,
                _b.c.practice_id.in_(practice_ids),
                _b.c.batch_type.in_([each.value for each in types]),
                _s.c.coding_status != CodingStatus.IGNORED,
                sa.not_(_s.c.on_hold),
                sa.not_(_ATTACHED),
            )
            .order_by(_b.c.posted_at, _b.c.id, _s.c.seq)
            .limit(limit)
            .offset(offset)
        )

    def _set_rows(self, select: sa.Select[Any]) -> list[SetRow]:
        rows = self._connection.execute(select).all()
        attached: dict[int, tuple[str, ...]] = {}
        for row in self._connection.execute(
            targets(_s.c.id.in_([each.id for each in rows])).order_by(_a.c.id)
        ):
            attached[row.set_id] = (*attached.get(row.set_id, ()), target_words(row))
        return [_set_row(row, attached.get(row.id, ())) for row in rows]


def _filters(query: BatchQuery) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = [
        _b.c.deleted_at.is_not(None) if query.recycled else _b.c.deleted_at.is_(None)
    ]
    for column, wanted in (
        (_b.c.status, query.status),
        (_b.c.batch_type, query.batch_type),
        (_b.c.practice_id, query.practice_id),
        (_b.c.created_by_id, query.created_by_id),
    ):
        if wanted is not None:
            where.append(column == wanted)
    zone = ZoneInfo(query.time_zone)
    if query.created_from is not None:
        where.append(_b.c.created_at >= datetime.combine(query.created_from, time.min, zone))
    if query.created_to is not None:
        after = query.created_to + timedelta(days=1)
        where.append(_b.c.created_at < datetime.combine(after, time.min, zone))
    if text := query.text.strip():
        fits = sa.func.lower(_b.c.description).contains(text.lower(), autoescape=True)
        where.append(fits | (_b.c.id == int(text)) if text.isascii() and text.isdigit() else fits)
    if query.on_hold_only:
        where.append(_ON_HOLD > 0)
    if query.finished is not None:
        finished = sa.and_(_SETS > 0, _UNFINISHED == 0)
        where.append(finished if query.finished else sa.not_(finished))
    return where


def list_select() -> sa.Select[Any]:
    """Image batches with names and counts; the caller limits it to what the person may see."""
    return _joined(
        sa.select(
            _b,
            practices.c.name.label("practice"),
            practices.c.time_zone,
            sa.func.coalesce(facilities.c.name, "").label("facility"),
            sa.func.coalesce(payers.c.name, "").label("payer"),
            sa.func.coalesce(plans.c.name, "").label("plan"),
            users.c.name.label("created_by"),
            _SETS.label("sets"),
            _IMAGES.label("images"),
            _ON_HOLD.label("on_hold"),
            _count_sets(sa.not_(sa.exists().where(_IMAGES_OF_SET))).label("empty_sets"),
            _count_sets(_ATTACHED).label("attached"),
            _count_sets(sa.not_(_ATTACHED), _s.c.coding_status == CodingStatus.IGNORED).label("ignored"),
            _LATE.label("late"),
            _AMOUNT.label("amount_cents"),
        )
    )


def _joined(select: sa.Select[Any]) -> sa.Select[Any]:
    """With everything that has a name to show or to sort by."""
    return (
        select.join(practices, practices.c.id == _b.c.practice_id)
        .join(users, users.c.id == _b.c.created_by_id)
        .outerjoin(facilities, facilities.c.id == _b.c.facility_id)
        .outerjoin(payers, payers.c.id == _b.c.payer_id)
        .outerjoin(plans, plans.c.id == _b.c.plan_id)
    )


def _batch_row(row: Any, linked_to: tuple[int, ...]) -> BatchRow:
    return BatchRow(
        batch_id=row.id,
        practice=row.practice,
        time_zone=row.time_zone,
        created_at=row.created_at,
        description=row.description,
        batch_type=BatchType(row.batch_type),
        facility=row.facility,
        payer=row.payer,
        plan=row.plan,
        date_of_service=row.date_of_service,
        status=BatchStatus(row.status),
        posted_at=row.posted_at,
        created_by=row.created_by,
        sets=row.sets,
        images=row.images,
        on_hold=row.on_hold,
        empty_sets=row.empty_sets,
        attached=row.attached,
        ignored=row.ignored,
        added_after_posting=row.late,
        linked_to=linked_to,
        amount_cents=int(row.amount_cents),
        version=row.version,
    )


def _set_select() -> sa.Select[Any]:
    images = sa.select(sa.func.count()).select_from(_i).where(_IMAGES_OF_SET).correlate(_s).scalar_subquery()
    return (
        sa.select(
            _s,
            images.label("images"),
            sa.func.coalesce(_b.c.posted_at, _b.c.created_at).label("waiting_since"),
            sa.func.coalesce(t.coding_forms.c.patient_last, "").label("patient_last"),
            sa.func.coalesce(t.coding_forms.c.patient_first, "").label("patient_first"),
        )
        .join(_b, _b.c.id == _s.c.batch_id)
        .outerjoin(t.coding_forms, t.coding_forms.c.set_id == _s.c.id)
        .where(_s.c.deleted_at.is_(None))
    )


def _set_row(row: Any, attached_to: tuple[str, ...]) -> SetRow:
    return SetRow(
        set_id=row.id,
        batch_id=row.batch_id,
        seq=row.seq,
        images=row.images,
        coding_status=CodingStatus(row.coding_status),
        on_hold=bool(row.on_hold),
        hold_reason=row.hold_reason,
        note=row.note,
        added_after_posting=bool(row.added_after_posting),
        patient=", ".join(part for part in (row.patient_last, row.patient_first) if part),
        attached_to=attached_to,
        waiting_since=row.waiting_since,
    )
