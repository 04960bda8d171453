"""Who did what to which thing, before and after, and why. Rows are only ever added."""

import sqlalchemy as sa

from workbench.storage.tables.base import id_column, metadata, reference, text
from workbench.storage.types import Id, UtcDateTime

audit_events = sa.Table(
    "audit_events",
    metadata,
    id_column(),
    sa.Column("at", UtcDateTime, nullable=False),
    reference("user_id", "users.id"),
    reference("practice_id", "practices.id", nullable=True),
    text("action", None),
    text("subject_type", None),
    sa.Column("subject_id", Id, nullable=False),
    text("before_json", "{}"),
    text("after_json", "{}"),
    text("reason"),
    sa.Index("ix_audit_events_subject", "subject_type", "subject_id"),
)
