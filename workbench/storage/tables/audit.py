"""Who did or saw what, before and after, and why: a chain of rows per practice that are only ever added.

`chain` is the practice, or 0 for what belongs to none; `mac` is the code of `domain.audit`. The triggers of
`audit_guards` refuse every other change.
"""

import sqlalchemy as sa

from workbench.storage.tables.base import metadata, reference, text
from workbench.storage.types import Id, UtcDateTime

audit_events = sa.Table(
    "audit_events",
    metadata,
    sa.Column("chain", Id, primary_key=True, autoincrement=False),
    sa.Column("number", Id, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    reference("user_id", "users.id"),
    text("login", None),
    reference("practice_id", "practices.id", nullable=True),
    text("action", None),
    text("subject_type", None),
    sa.Column("subject_id", Id, nullable=False),
    text("before_json", "{}"),
    text("after_json", "{}"),
    text("reason"),
    text("mac", None),
    sa.Index("ix_audit_events_subject", "subject_type", "subject_id"),
    sa.Index("ix_audit_events_at", "at"),
)

# The last event of each chain, sealed. The row is also the lock by which writers of a chain take turns.
audit_heads = sa.Table(
    "audit_heads",
    metadata,
    sa.Column("chain", Id, primary_key=True, autoincrement=False),
    sa.Column("number", Id, nullable=False),
    text("mac", None),
    text("seal", None),
)
