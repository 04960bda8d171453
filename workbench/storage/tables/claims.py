"""Our own claims, as they came in from 837 files, tables or the demo: what a remittance is matched against."""

import sqlalchemy as sa

from workbench.storage.tables.base import (
    cents,
    count,
    flag,
    id_column,
    metadata,
    one_of,
    reference,
    text,
    version,
)

LEVELS = ("primary", "secondary", "tertiary", "statement", "completed")

claims = sa.Table(
    "claims",
    metadata,
    id_column(),
    reference("practice_id", "practices.id"),
    text("pcn", None),
    text("patient_last"),
    text("patient_first"),
    sa.Column("patient_birth_date", sa.Date),
    text("member_id"),
    reference("facility_id", "facilities.id", nullable=True),
    text("rendering_npi"),
    sa.Column("service_from", sa.Date),
    sa.Column("service_to", sa.Date),
    cents("charge_cents"),
    cents("balance_cents"),
    text("status", "Submitted"),
    text("level", "primary"),
    text("frequency", "1"),
    text("payer_claim_no"),
    reference("source_import_id", "import_files.id", nullable=True),
    version(),
    one_of("level", *LEVELS),
    # Not unique: a PCN can come twice (spec deposits 8 row 22).
    sa.Index("ix_claims_practice_pcn", "practice_id", "pcn"),
    # Search by name within the window of service dates (Claim Search Time Period).
    sa.Index("ix_claims_practice_name", "practice_id", "patient_last", "service_from"),
    sa.Index("ix_claims_practice_first_name", "practice_id", "patient_first", "service_from"),
    # Search by service date, and by payer: newest first, until the list is full.
    sa.Index("ix_claims_practice_service", "practice_id", "service_from"),
    # Search by amount means the charge or what is open: one index for each, newest service at its end.
    sa.Index("ix_claims_practice_charge", "practice_id", "charge_cents", "service_from"),
    sa.Index("ix_claims_practice_balance", "practice_id", "balance_cents", "service_from"),
)

claim_payers = sa.Table(
    "claim_payers",
    metadata,
    reference("claim_id", "claims.id"),
    text("level", None),
    reference("payer_id", "payers.id"),
    text("member_id"),
    sa.PrimaryKeyConstraint("claim_id", "level"),
    one_of("level", "primary", "secondary", "tertiary"),
    sa.Index("ix_claim_payers_payer", "payer_id", "claim_id"),
)

charge_lines = sa.Table(
    "charge_lines",
    metadata,
    id_column(),
    reference("claim_id", "claims.id"),
    count("line_no"),
    text("line_control_no"),
    text("code"),
    text("modifiers"),
    sa.Column("service_date", sa.Date),
    sa.Column("units", sa.Text, nullable=False, server_default="1"),
    cents("charge_cents"),
    cents("balance_cents"),
    flag("active", default=True),
    sa.UniqueConstraint("claim_id", "line_no"),
)
