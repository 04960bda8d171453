"""What proves that somebody is who they say. Apart from `users`, so that whoever may read those never sees this."""

import sqlalchemy as sa

from workbench.storage.tables.base import metadata, reference, text
from workbench.storage.types import UtcDateTime

user_credentials = sa.Table(
    "user_credentials",
    metadata,
    reference("user_id", "users.id"),
    text("password_hash", None),
    sa.Column("set_at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("user_id"),
)
