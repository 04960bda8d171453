"""Charge batches with their cases, payment batches with their payments."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, TypeVar

import sqlalchemy as sa

from workbench.domain.scan_batch.coding import CodingForm
from workbench.domain.scan_batch.records import Case, ChargeBatch, Payment, PaymentBatch
from workbench.domain.scan_batch.words import (
    BatchType,
    CaseStatus,
    PaymentBatchStatus,
    PaymentKind,
)
from workbench.domain.scan_batch.work import (
    CaseDraft,
    ChargeBatchDraft,
    PaymentBatchDraft,
    PaymentDraft,
    WorkFacts,
)
from workbench.errors import NotFoundError
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.tables import work as w
from workbench.storage.tables.office import users

_T = TypeVar("_T")


class WorkBatchStore(Store):
    """Reads and writes the work batches and what is entered in them."""

    def add_charge_batch(self, draft: ChargeBatchDraft, user_id: int) -> int:
        return self._insert(
            w.charge_batches, {**asdict(draft), "created_at": now(), "created_by_id": user_id}
        )

    def add_payment_batch(self, draft: PaymentBatchDraft, user_id: int) -> int:
        return self._insert(
            w.payment_batches, {**asdict(draft), "created_at": now(), "created_by_id": user_id}
        )

    def charge_batch(self, charge_batch_id: int) -> ChargeBatch:
        """Raises NotFoundError."""
        return _one(
            self.charge_batches(w.charge_batches.c.id == charge_batch_id), f"Charge batch {charge_batch_id}"
        )

    def payment_batch(self, payment_batch_id: int) -> PaymentBatch:
        """Raises NotFoundError."""
        return _one(
            self.payment_batches(w.payment_batches.c.id == payment_batch_id),
            f"Payment batch {payment_batch_id}",
        )

    def charge_batches(self, *where: sa.ColumnElement[bool]) -> list[ChargeBatch]:
        """By Batch ID, with the counts of their cases."""
        t = w.charge_batches

        def cases(*which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
            counted = (
                sa.select(sa.func.count()).select_from(w.cases).where(w.cases.c.charge_batch_id == t.c.id)
            )
            return counted.where(*which).correlate(t).scalar_subquery()

        rows = self._connection.execute(
            sa.select(
                t,
                users.c.name.label("created_by"),
                cases().label("cases"),
                cases(w.cases.c.status == CaseStatus.SUBMITTED).label("submitted"),
                cases(w.cases.c.status == CaseStatus.ON_HOLD).label("on_hold"),
                cases(w.cases.c.status == CaseStatus.REVERSED).label("reversed"),
            )
            .join(users, users.c.id == t.c.created_by_id)
            .where(*where)
            .order_by(t.c.id)
        )
        return [_charge_batch(row) for row in rows]

    def payment_batches(self, *where: sa.ColumnElement[bool]) -> list[PaymentBatch]:
        """By Batch ID, with count and sum of their payments."""
        t = w.payment_batches
        mine = w.payments.c.payment_batch_id == t.c.id
        count = sa.select(sa.func.count()).select_from(w.payments).where(mine).correlate(t).scalar_subquery()
        total = sa.select(sa.func.coalesce(sa.func.sum(w.payments.c.amount_cents), 0)).where(mine)
        rows = self._connection.execute(
            sa.select(
                t,
                users.c.name.label("created_by"),
                count.label("payments"),
                total.correlate(t).scalar_subquery().label("total_cents"),
            )
            .join(users, users.c.id == t.c.created_by_id)
            .where(*where)
            .order_by(t.c.id)
        )
        return [_payment_batch(row) for row in rows]

    def charge_batches_of(self, practice_id: int) -> list[ChargeBatch]:
        return self.charge_batches(w.charge_batches.c.practice_id == practice_id)

    def payment_batches_of(self, practice_id: int) -> list[PaymentBatch]:
        return self.payment_batches(w.payment_batches.c.practice_id == practice_id)

    def facts(self, batch_type: BatchType, work_id: int) -> WorkFacts:
        """What the linking rules look at. Raises NotFoundError."""
        if batch_type is BatchType.CHARGE:
            charge = self.charge_batch(work_id)
            practice_id, finished = charge.practice_id, charge.finished
            links, key = w.charge_batch_links, w.charge_batch_links.c.charge_batch_id
        else:
            payment = self.payment_batch(work_id)
            practice_id, finished = payment.practice_id, payment.status is PaymentBatchStatus.POSTED
            links, key = w.payment_batch_links, w.payment_batch_links.c.payment_batch_id
        linked = self._connection.scalars(sa.select(links.c.image_batch_id).where(key == work_id))
        return WorkFacts(work_id, batch_type, practice_id, finished, frozenset(linked))

    def delete(self, batch_type: BatchType, work_id: int) -> None:
        """The work batch with its links; cases and payments must be gone (foreign keys refuse otherwise)."""
        charge = batch_type is BatchType.CHARGE
        links = w.charge_batch_links if charge else w.payment_batch_links
        key = links.c.charge_batch_id if charge else links.c.payment_batch_id
        table = w.charge_batches if charge else w.payment_batches
        self._connection.execute(sa.delete(links).where(key == work_id))
        self._connection.execute(sa.delete(table).where(table.c.id == work_id))

    def update(self, work_id: int, seen_version: int, draft: ChargeBatchDraft | PaymentBatchDraft) -> int:
        """Saves what was corrected; gives the new version. Raises ChangedByAnotherError."""
        charge = isinstance(draft, ChargeBatchDraft)
        table = w.charge_batches if charge else w.payment_batches
        what = f"{'Charge' if charge else 'Payment'} batch {work_id}"
        return self._update_versioned(table, work_id, seen_version, asdict(draft), what=what)

    def post_payment_batch(self, payment_batch_id: int, user_id: int) -> None:
        self._connection.execute(
            sa.update(w.payment_batches)
            .where(w.payment_batches.c.id == payment_batch_id)
            .values(
                status=PaymentBatchStatus.POSTED,
                posted_at=now(),
                posted_by_id=user_id,
                version=w.payment_batches.c.version + 1,
            )
        )

    def add_case(self, charge_batch_id: int, draft: CaseDraft, user_id: int) -> int:
        return self._insert(
            w.cases,
            {
                **asdict(draft),
                "charge_batch_id": charge_batch_id,
                "created_at": now(),
                "created_by_id": user_id,
            },
        )

    def import_coding(self, case_id: int, set_id: int, form: CodingForm) -> None:
        """The keyed values flow into the case; what was left empty keeps the case's own value."""
        keyed = {
            name: getattr(form, name)
            for name in ("patient_last", "patient_first", "date_of_service", "facility_id", "charge_received")
            if getattr(form, name)
        }
        self._connection.execute(
            sa.update(w.cases)
            .where(w.cases.c.id == case_id)
            .values(**keyed, imported_set_id=set_id, version=w.cases.c.version + 1)
        )

    def case(self, case_id: int) -> Case:
        """Raises NotFoundError."""
        return _one(self._cases(w.cases.c.id == case_id), f"Case {case_id}")

    def cases(self, charge_batch_id: int) -> list[Case]:
        return self._cases(w.cases.c.charge_batch_id == charge_batch_id)

    def _cases(self, where: sa.ColumnElement[bool]) -> list[Case]:
        rows = self._connection.execute(sa.select(w.cases).where(where).order_by(w.cases.c.id))
        return [
            Case(
                row.id,
                row.charge_batch_id,
                CaseStatus(row.status),
                row.date_of_service,
                row.facility_id,
                row.charge_received,
                row.patient_last,
                row.patient_first,
                row.imported_set_id,
                row.version,
            )
            for row in rows
        ]

    def set_case_status(self, case_id: int, status: CaseStatus) -> None:
        self._connection.execute(
            sa.update(w.cases)
            .where(w.cases.c.id == case_id)
            .values(status=status, version=w.cases.c.version + 1)
        )

    def add_payment(self, payment_batch_id: int, draft: PaymentDraft, user_id: int) -> int:
        return self._insert(
            w.payments,
            {
                **asdict(draft),
                "payment_batch_id": payment_batch_id,
                "created_at": now(),
                "created_by_id": user_id,
            },
        )

    def update_payment(self, payment_id: int, draft: PaymentDraft) -> None:
        self._connection.execute(
            sa.update(w.payments)
            .where(w.payments.c.id == payment_id)
            .values(**asdict(draft), version=w.payments.c.version + 1)
        )

    def delete_payment(self, payment_id: int) -> None:
        """With its attachments; the image sets stay."""
        attached = w.set_attachments.c.payment_id == payment_id
        self._connection.execute(sa.delete(w.set_attachments).where(attached))
        self._connection.execute(sa.delete(w.payments).where(w.payments.c.id == payment_id))

    def payment(self, payment_id: int) -> Payment:
        """Raises NotFoundError."""
        return _one(self._payments(w.payments.c.id == payment_id), f"Payment {payment_id}")

    def payments(self, payment_batch_id: int) -> list[Payment]:
        return self._payments(w.payments.c.payment_batch_id == payment_batch_id)

    def _payments(self, where: sa.ColumnElement[bool]) -> list[Payment]:
        rows = self._connection.execute(
            sa.select(w.payments, w.payment_batches.c.status)
            .join(w.payment_batches, w.payment_batches.c.id == w.payments.c.payment_batch_id)
            .where(where)
            .order_by(w.payments.c.id)
        )
        return [
            Payment(
                row.id,
                row.payment_batch_id,
                PaymentKind(row.kind),
                row.amount_cents,
                row.payer_id,
                row.plan_id,
                row.check_number,
                row.status == PaymentBatchStatus.POSTED,
            )
            for row in rows
        ]


def _one(found: Sequence[_T], what: str) -> _T:
    if not found:
        raise NotFoundError(f"{what} was not found.")
    return found[0]


def _charge_batch(row: Any) -> ChargeBatch:
    return ChargeBatch(
        charge_batch_id=row.id,
        practice_id=row.practice_id,
        expected_case_count=row.expected_case_count,
        expected_proc_count=row.expected_proc_count,
        date_of_service=row.date_of_service,
        facility_id=row.facility_id,
        accounting_date=row.accounting_date,
        charge_received=row.charge_received,
        description=row.description,
        created_at=row.created_at,
        created_by=row.created_by,
        version=row.version,
        cases=row.cases,
        submitted=row.submitted,
        on_hold=row.on_hold,
        reversed=row.reversed,
    )


def _payment_batch(row: Any) -> PaymentBatch:
    return PaymentBatch(
        payment_batch_id=row.id,
        practice_id=row.practice_id,
        status=PaymentBatchStatus(row.status),
        accounting_date=row.accounting_date,
        expected_count=row.expected_count,
        expected_cents=row.expected_cents,
        payer_id=row.payer_id,
        plan_id=row.plan_id,
        description=row.description,
        created_at=row.created_at,
        created_by=row.created_by,
        posted_at=row.posted_at,
        version=row.version,
        payments=row.payments,
        total_cents=int(row.total_cents),
    )
