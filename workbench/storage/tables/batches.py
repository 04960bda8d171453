"""Scan batches with their sets and images (spec scan-batches 1); the work batches are in `work.py`.

Ids are never used again (`sqlite_autoincrement`; PostgreSQL's sequences do that anyway): a Batch ID on
a sticky note must not point to other people's paper later (spec 5 row 7).
"""

import sqlalchemy as sa

from workbench.domain.scan_batch.words import (
    DESCRIPTION_LENGTH,
    BatchStatus,
    BatchType,
    CodingStatus,
    DocumentType,
    ImageSource,
)
from workbench.storage.tables.base import (
    count,
    flag,
    id_column,
    metadata,
    one_of,
    reference,
    text,
    version,
)
from workbench.storage.types import UtcDateTime

image_batches = sa.Table(
    "image_batches",
    metadata,
    id_column(),
    reference("practice_id", "practices.id"),
    text("batch_type", None),
    text("status", BatchStatus.UNPOSTED.value),
    text("description"),
    reference("facility_id", "facilities.id", nullable=True),
    sa.Column("date_of_service", sa.Date),
    sa.Column("charge_received", sa.Date),
    reference("payer_id", "payers.id", nullable=True),
    reference("plan_id", "plans.id", nullable=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by_id", "users.id"),
    sa.Column("updated_at", UtcDateTime),
    reference("updated_by_id", "users.id", nullable=True),
    sa.Column("posted_at", UtcDateTime),
    reference("posted_by_id", "users.id", nullable=True),
    sa.Column("deleted_at", UtcDateTime),
    reference("deleted_by_id", "users.id", nullable=True),
    version(),
    # Counts every change of the sets and images: viewers look again when it moves.
    count("revision"),
    one_of("batch_type", *BatchType),
    one_of("status", *BatchStatus),
    sa.CheckConstraint(f"length(description) <= {DESCRIPTION_LENGTH}", name="description_length"),
    # Spec 1.7: fields that the type does not use are stored null.
    sa.CheckConstraint(
        f"batch_type = '{BatchType.CHARGE}' OR (facility_id IS NULL AND date_of_service IS NULL"
        " AND charge_received IS NULL)",
        name="charge_fields",
    ),
    sa.CheckConstraint(
        f"batch_type = '{BatchType.PAYMENT}' OR (payer_id IS NULL AND plan_id IS NULL)",
        name="payment_fields",
    ),
    sa.CheckConstraint("plan_id IS NULL OR payer_id IS NOT NULL", name="plan_needs_payer"),
    sa.CheckConstraint(
        f"(status = '{BatchStatus.POSTED}') = (posted_at IS NOT NULL AND posted_by_id IS NOT NULL)",
        name="posted_stamp",
    ),
    # "Posted batches cannot be deleted."
    sa.CheckConstraint(
        f"deleted_at IS NULL OR status = '{BatchStatus.UNPOSTED}'", name="posted_is_never_deleted"
    ),
    # The default list: one practice's batches by time.
    sa.Index("ix_image_batches_list", "practice_id", "created_at", "id"),
    sa.Index("ix_image_batches_created", "created_at", "id"),
    sqlite_autoincrement=True,
)

image_sets = sa.Table(
    "image_sets",
    metadata,
    id_column(),
    reference("batch_id", "image_batches.id"),
    count("seq"),
    flag("on_hold", default=False),
    text("hold_reason"),
    sa.Column("follow_up_on", sa.Date),
    reference("held_by_id", "users.id", nullable=True),
    sa.Column("held_at", UtcDateTime),
    text("coding_status", CodingStatus.NOT_CODED.value),
    text("ignore_reason"),
    sa.Column("document_type", sa.Text),
    text("note"),
    # The set's own, where the batch's header is not true of it (spec 4.2).
    reference("facility_id", "facilities.id", nullable=True),
    sa.Column("date_of_service", sa.Date),
    sa.Column("charge_received", sa.Date),
    reference("payer_id", "payers.id", nullable=True),
    reference("plan_id", "plans.id", nullable=True),
    flag("added_after_posting", default=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by_id", "users.id"),
    sa.Column("deleted_at", UtcDateTime),
    reference("deleted_by_id", "users.id", nullable=True),
    one_of("coding_status", *CodingStatus),
    one_of("document_type", *DocumentType),
    sa.CheckConstraint("on_hold = (hold_reason <> '')", name="hold_has_reason"),
    sa.CheckConstraint("plan_id IS NULL OR payer_id IS NOT NULL", name="plan_needs_payer"),
    # Also the way from a batch to its sets. Those in the recycle bin keep the place they had.
    sa.Index(
        "uq_image_sets_place",
        "batch_id",
        "seq",
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    ),
    sa.Index("ix_image_sets_batch", "batch_id"),
    sqlite_autoincrement=True,
)

images = sa.Table(
    "images",
    metadata,
    id_column(),
    reference("set_id", "image_sets.id"),
    count("page_no"),
    text("source", None),
    text("original_name", None),
    text("mime", None),
    count("byte_count"),
    text("sha256", None),
    sa.Column("page_in_file", sa.Integer, nullable=False, server_default="1"),
    count("width"),
    count("height"),
    sa.Column("dpi", sa.Integer),
    flag("mirrored", default=False),
    count("rotation"),
    text("cleaning"),
    # Renditions, named like the original by the hash of what is in them.
    text("preview_sha256", None),
    text("preview_mime", None),
    text("thumbnail_sha256", None),
    text("thumbnail_mime", None),
    sa.Column("full_sha256", sa.Text),
    sa.Column("full_mime", sa.Text),
    flag("shown_as_is", default=False),
    sa.Column("document_type", sa.Text),
    text("note"),
    flag("added_after_posting", default=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by_id", "users.id"),
    sa.Column("deleted_at", UtcDateTime),
    reference("deleted_by_id", "users.id", nullable=True),
    one_of("source", *ImageSource),
    one_of("document_type", *DocumentType),
    sa.CheckConstraint("rotation IN (0, 90, 180, 270)", name="rotation"),
    sa.CheckConstraint(
        "length(sha256) = 64 AND length(preview_sha256) = 64 AND length(thumbnail_sha256) = 64", name="sha256"
    ),
    sa.CheckConstraint("page_in_file > 0 AND width > 0 AND height > 0", name="measures"),
    sa.Index(
        "uq_images_place",
        "set_id",
        "page_no",
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    ),
    sa.Index("ix_images_set", "set_id"),
    # Duplicates at import, and which files of the store are still named.
    sa.Index("ix_images_sha256", "sha256", "page_in_file"),
    sqlite_autoincrement=True,
)

# What recipes make of images. A row stays when its recipe is taken back, so that redo finds its pictures.
image_renditions = sa.Table(
    "image_renditions",
    metadata,
    reference("image_id", "images.id"),
    text("cleaning", None),
    count("width"),
    count("height"),
    text("full_sha256", None),
    text("full_mime", None),
    text("preview_sha256", None),
    text("preview_mime", None),
    text("thumbnail_sha256", None),
    text("thumbnail_mime", None),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by_id", "users.id"),
    sa.CheckConstraint(
        "length(full_sha256) = 64 AND length(preview_sha256) = 64 AND length(thumbnail_sha256) = 64",
        name="sha256",
    ),
    sa.CheckConstraint("cleaning <> '' AND width > 0 AND height > 0", name="measures"),
    sa.PrimaryKeyConstraint("image_id", "cleaning"),
)

# What is being imported now, and what failed: posting waits for it (spec 5 row 13).
image_imports = sa.Table(
    "image_imports",
    metadata,
    id_column(),
    reference("batch_id", "image_batches.id", index=True),
    text("file_name", None),
    count("byte_count"),
    text("state", "running"),
    text("reason"),
    count("pages"),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    reference("user_id", "users.id"),
    one_of("state", "running", "done", "failed", "dismissed"),
    sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ended"),
)

# What a coder keyed from a set before its case exists (spec 1.4).
coding_forms = sa.Table(
    "coding_forms",
    metadata,
    reference("set_id", "image_sets.id"),
    text("patient_last"),
    text("patient_first"),
    text("patient_middle"),
    text("ssn"),
    sa.Column("birth_date", sa.Date),
    sa.Column("date_of_service", sa.Date),
    sa.Column("admit_date", sa.Date),
    sa.Column("discharge_date", sa.Date),
    sa.Column("charge_received", sa.Date),
    text("referring_physician"),
    reference("facility_id", "facilities.id", nullable=True),
    text("facility_case_no"),
    text("external_case_no"),
    flag("emergency", default=False),
    text("box19"),
    text("procedures_json", "[]"),
    text("provider_times_json", "[]"),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    reference("updated_by_id", "users.id"),
    version(),
    sa.PrimaryKeyConstraint("set_id"),
)
