"""The office's own posting rules, ERA amounts and settings per payer (spec deposits 5, 1.1 and 6.10)."""

import sqlalchemy as sa

from workbench.domain.posting import Effect
from workbench.storage.tables.base import (
    flag,
    id_column,
    metadata,
    one_of,
    optional_cents,
    reference,
    text,
    version,
)

rules = sa.Table(
    "rules",
    metadata,
    id_column(),
    flag("active", default=True),
    sa.Column("priority", sa.Integer, nullable=False, server_default="0"),
    # Conditions; null means any.
    reference("payer_id", "payers.id", nullable=True),
    sa.Column("payer_level", sa.Text),
    sa.Column("remit_status", sa.Text),
    sa.Column("group_code", sa.Text),
    sa.Column("carc", sa.Text),
    sa.Column("rarc", sa.Text),
    sa.Column("cpt", sa.Text),
    optional_cents("minimum_cents"),
    optional_cents("maximum_cents"),
    # Consequences.
    text("effect", None),
    sa.Column("payment_type", sa.Text),
    flag("denial", default=False),
    sa.Column("claim_status", sa.Text),
    sa.Column("claim_level", sa.Text),
    flag("block", default=False),
    text("note"),
    version(),
    one_of("effect", *Effect),
)

# What to do with a provider-level reason, for one payer or (payer null) for all.
era_amounts = sa.Table(
    "era_amounts",
    metadata,
    id_column(),
    reference("payer_id", "payers.id", nullable=True),
    text("reason", None),
    text("disposition", None),
    text("payment_type"),
    one_of("disposition", "UNRESOLVED", "APPLY_TO_CLAIM", "REPORT", "IGNORE"),
    sa.UniqueConstraint("payer_id", "reason"),
    # A unique key takes two nulls for different; for all payers a reason stands once, too.
    sa.Index(
        "uq_era_amounts_reason",
        "reason",
        unique=True,
        sqlite_where=sa.text("payer_id IS NULL"),
        postgresql_where=sa.text("payer_id IS NULL"),
    ),
)

payer_settings = sa.Table(
    "payer_settings",
    metadata,
    reference("payer_id", "payers.id"),
    text("key", None),
    text("value"),
    sa.PrimaryKeyConstraint("payer_id", "key"),
)
