"""What image sets are attached to, spelled once for every reader."""

from typing import Any

import sqlalchemy as sa

from workbench.domain.scan_batch.words import CaseStatus, PaymentBatchStatus, TargetKind
from workbench.storage.tables import batches as t
from workbench.storage.tables import work as w
from workbench.storage.tables.deposits import deposits
from workbench.storage.tables.office import users


def targets(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Attachments with their set, who made them, and whether the target is `settled`.

    Settled: the case is submitted or reversed, the payment's batch is posted, the deposit is sent to posting;
    only a supervisor with a reason detaches those (spec 2.2).
    """
    settled = sa.or_(
        w.cases.c.status.in_((CaseStatus.SUBMITTED, CaseStatus.REVERSED)),
        w.payment_batches.c.status == PaymentBatchStatus.POSTED,
        deposits.c.status == "SENT_TO_POSTING",
    )
    return (
        sa.select(
            w.set_attachments,
            users.c.name.label("attached_by"),
            sa.func.coalesce(settled, sa.false()).label("settled"),
        )
        .join(t.image_sets, t.image_sets.c.id == w.set_attachments.c.set_id)
        .join(users, users.c.id == w.set_attachments.c.attached_by_id)
        .outerjoin(w.cases, w.cases.c.id == w.set_attachments.c.case_id)
        .outerjoin(w.payments, w.payments.c.id == w.set_attachments.c.payment_id)
        .outerjoin(w.payment_batches, w.payment_batches.c.id == w.payments.c.payment_batch_id)
        .outerjoin(deposits, deposits.c.id == w.set_attachments.c.deposit_id)
        .where(*conditions)
    )


def target_of(row: Any) -> tuple[TargetKind, int]:
    """The one target of a row of `set_attachments`."""
    if row.case_id is not None:
        return TargetKind.CASE, row.case_id
    if row.payment_id is not None:
        return TargetKind.PAYMENT, row.payment_id
    return TargetKind.DEPOSIT, row.deposit_id


def target_words(row: Any) -> str:
    """`case 123`."""
    kind, target_id = target_of(row)
    return f"{kind.value} {target_id}"
