"""Charge batches with cases, payment batches with payments, and what image batches and sets they are tied to."""

import sqlalchemy as sa

from workbench.domain.scan_batch.words import CaseStatus, PaymentBatchStatus, PaymentKind
from workbench.storage.tables.base import (
    id_column,
    metadata,
    one_of,
    optional_cents,
    reference,
    text,
    version,
)
from workbench.storage.types import UtcDateTime

charge_batches = sa.Table(
    "charge_batches",
    metadata,
    id_column(),
    reference("practice_id", "practices.id", index=True),
    sa.Column("expected_case_count", sa.Integer, nullable=False),
    sa.Column("expected_proc_count", sa.Integer),
    sa.Column("date_of_service", sa.Date),
    reference("facility_id", "facilities.id", nullable=True),
    sa.Column("accounting_date", sa.Date),
    sa.Column("charge_received", sa.Date),
    text("description"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by_id", "users.id"),
    version(),
    sa.CheckConstraint("expected_case_count BETWEEN 0 AND 9999", name="case_count"),
    sa.CheckConstraint("expected_proc_count BETWEEN 0 AND 9999", name="proc_count"),
    sqlite_autoincrement=True,
)

cases = sa.Table(
    "cases",
    metadata,
    id_column(),
    reference("charge_batch_id", "charge_batches.id", index=True),
    text("status", CaseStatus.UNSUBMITTED.value),
    sa.Column("date_of_service", sa.Date),
    reference("facility_id", "facilities.id", nullable=True),
    sa.Column("charge_received", sa.Date),
    text("patient_last"),
    text("patient_first"),
    # The set whose Complete coding form went into this case; the form is the case's from then on.
    reference("imported_set_id", "image_sets.id", nullable=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by_id", "users.id"),
    version(),
    one_of("status", *CaseStatus),
    sa.UniqueConstraint("imported_set_id"),
    sqlite_autoincrement=True,
)

payment_batches = sa.Table(
    "payment_batches",
    metadata,
    id_column(),
    reference("practice_id", "practices.id", index=True),
    text("status", PaymentBatchStatus.OPEN.value),
    sa.Column("accounting_date", sa.Date),
    sa.Column("expected_count", sa.Integer),
    optional_cents("expected_cents"),
    reference("payer_id", "payers.id", nullable=True),
    reference("plan_id", "plans.id", nullable=True),
    text("description"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by_id", "users.id"),
    sa.Column("posted_at", UtcDateTime),
    reference("posted_by_id", "users.id", nullable=True),
    version(),
    one_of("status", *PaymentBatchStatus),
    sa.CheckConstraint("expected_count BETWEEN 0 AND 9999", name="expected_count"),
    sa.CheckConstraint("expected_cents >= 0", name="expected_amount"),
    sa.CheckConstraint(
        f"(status = '{PaymentBatchStatus.POSTED}') = (posted_at IS NOT NULL)", name="posted_stamp"
    ),
    sqlite_autoincrement=True,
)

payments = sa.Table(
    "payments",
    metadata,
    id_column(),
    reference("payment_batch_id", "payment_batches.id", index=True),
    text("kind", None),
    optional_cents("amount_cents"),
    reference("payer_id", "payers.id", nullable=True),
    reference("plan_id", "plans.id", nullable=True),
    text("check_number"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by_id", "users.id"),
    version(),
    one_of("kind", *PaymentKind),
    sqlite_autoincrement=True,
)

# Link: ties a whole image batch to a work batch (spec 1.1).
charge_batch_links = sa.Table(
    "charge_batch_links",
    metadata,
    reference("image_batch_id", "image_batches.id"),
    reference("charge_batch_id", "charge_batches.id", index=True),
    sa.Column("linked_at", UtcDateTime, nullable=False),
    reference("linked_by_id", "users.id"),
    sa.PrimaryKeyConstraint("image_batch_id", "charge_batch_id"),
)

payment_batch_links = sa.Table(
    "payment_batch_links",
    metadata,
    reference("image_batch_id", "image_batches.id"),
    reference("payment_batch_id", "payment_batches.id", index=True),
    sa.Column("linked_at", UtcDateTime, nullable=False),
    reference("linked_by_id", "users.id"),
    sa.PrimaryKeyConstraint("image_batch_id", "payment_batch_id"),
)

# Attach: ties one image set to one case, payment or deposit. The unique pairs let a double click attach once.
set_attachments = sa.Table(
    "set_attachments",
    metadata,
    id_column(),
    reference("set_id", "image_sets.id"),
    reference("case_id", "cases.id", nullable=True, index=True),
    reference("payment_id", "payments.id", nullable=True, index=True),
    reference("deposit_id", "deposits.id", nullable=True, index=True),
    sa.Column("attached_at", UtcDateTime, nullable=False),
    reference("attached_by_id", "users.id"),
    sa.CheckConstraint(
        "(CASE WHEN case_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN payment_id IS NULL THEN 0 ELSE 1 END)"
        " + (CASE WHEN deposit_id IS NULL THEN 0 ELSE 1 END) = 1",
        name="one_target",
    ),
    sa.UniqueConstraint("set_id", "payment_id"),
    sa.UniqueConstraint("set_id", "deposit_id"),
    # A charge set goes to one case (spec 5 row 23).
    sa.Index(
        "uq_set_attachments_case",
        "set_id",
        unique=True,
        sqlite_where=sa.text("case_id IS NOT NULL"),
        postgresql_where=sa.text("case_id IS NOT NULL"),
    ),
)
