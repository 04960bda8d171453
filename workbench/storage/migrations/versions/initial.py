"""The schema as of the first release. Made by `python -m workbench.storage.migrations.regenerate`; do not edit."""

import sqlalchemy as sa
from alembic import op

from workbench.storage.types import UtcDateTime

revision = "891b3fb29e1b"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company_settings",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_company_settings")),
    )
    op.create_table(
        "facilities",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilities")),
    )
    op.create_table(
        "import_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_import_files_sha256")),
    )
    op.create_table(
        "payers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payer_code", sa.Text(), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payers")),
    )
    op.create_table(
        "practices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="America/New_York", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practices")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before_json", sa.Text(), server_default="{}", nullable=False),
        sa.Column("after_json", sa.Text(), server_default="{}", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_audit_events_practice_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_events_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_subject", "audit_events", ["subject_type", "subject_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pcn", sa.Text(), nullable=False),
        sa.Column("patient_last", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_first", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_birth_date", sa.Date(), nullable=True),
        sa.Column("member_id", sa.Text(), server_default="", nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rendering_npi", sa.Text(), server_default="", nullable=False),
        sa.Column("service_from", sa.Date(), nullable=True),
        sa.Column("service_to", sa.Date(), nullable=True),
        sa.Column("charge_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("balance_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), server_default="Submitted", nullable=False),
        sa.Column("level", sa.Text(), server_default="primary", nullable=False),
        sa.Column("frequency", sa.Text(), server_default="1", nullable=False),
        sa.Column("payer_claim_no", sa.Text(), server_default="", nullable=False),
        sa.Column("source_import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "level IN ('primary', 'secondary', 'tertiary', 'statement', 'completed')",
            name=op.f("ck_claims_level"),
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facilities.id"], name=op.f("fk_claims_facility_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_claims_practice_id")),
        sa.ForeignKeyConstraint(
            ["source_import_id"], ["import_files.id"], name=op.f("fk_claims_source_import_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    op.create_index(
        "ix_claims_practice_name", "claims", ["practice_id", "patient_last", "service_from"], unique=False
    )
    op.create_index("ix_claims_practice_pcn", "claims", ["practice_id", "pcn"], unique=False)
    op.create_table(
        "deposits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposited_date", sa.Date(), nullable=True),
        sa.Column("issued_date", sa.Date(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("check_number", sa.Text(), server_default="", nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_name", sa.Text(), server_default="", nullable=False),
        sa.Column("payer_identifier", sa.Text(), server_default="", nullable=False),
        sa.Column("payee_name", sa.Text(), server_default="", nullable=False),
        sa.Column("payee_npi", sa.Text(), server_default="", nullable=False),
        sa.Column("payee_tin", sa.Text(), server_default="", nullable=False),
        sa.Column("pay_method", sa.Text(), server_default="", nullable=False),
        sa.Column("pay_type", sa.Text(), server_default="Insurance payment", nullable=False),
        sa.Column("handling_code", sa.Text(), server_default="", nullable=False),
        sa.Column("credit_debit", sa.Text(), server_default="", nullable=False),
        sa.Column("deposit_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("payments_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("adjustments_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("information_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("exclusions_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reported_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("posted_paid_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("posted_adjustments_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("claims_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lines_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("charged_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_stated_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("patient_responsibility_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("provider_adjustments_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("adjustments_by_group_json", sa.Text(), server_default="{}", nullable=False),
        sa.Column("transaction_gap_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unbalanced_claims", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unbalanced_lines", sa.Integer(), server_default="0", nullable=False),
        sa.Column("open_errors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("open_critical_errors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_eob", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("import_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("st02", sa.Text(), server_default="", nullable=False),
        sa.Column("isa13", sa.Text(), server_default="", nullable=False),
        sa.Column("byte_start", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("byte_end", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payment_key", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("occurrence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ignore_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.Column("void_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("difference_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("disbursed_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "status IN ('BUILD', 'NEW', 'IGNORE', 'SENT_TO_POSTING')", name=op.f("ck_deposits_status")
        ),
        sa.CheckConstraint("type IN ('ERA', 'EOB', 'IMPORT', 'STATEMENT')", name=op.f("ck_deposits_type")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_deposits_created_by_id")),
        sa.ForeignKeyConstraint(
            ["import_file_id"], ["import_files.id"], name=op.f("fk_deposits_import_file_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_deposits_owner_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_deposits_payer_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_deposits_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
        sa.UniqueConstraint(
            "payment_key",
            "content_sha256",
            "occurrence",
            name=op.f("uq_deposits_payment_key_content_sha256_occurrence"),
        ),
    )
    op.create_index("ix_deposits_amount", "deposits", ["deposit_cents"], unique=False)
    op.create_index("ix_deposits_check_number", "deposits", ["check_number"], unique=False)
    op.create_index(op.f("ix_deposits_import_file_id"), "deposits", ["import_file_id"], unique=False)
    op.create_index(op.f("ix_deposits_payer_id"), "deposits", ["payer_id"], unique=False)
    op.create_index("ix_deposits_practice_status", "deposits", ["practice_id", "status"], unique=False)
    op.create_table(
        "import_contents",
        sa.Column("import_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("piece_no", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_file_id"], ["import_files.id"], name=op.f("fk_import_contents_import_file_id")
        ),
        sa.PrimaryKeyConstraint("import_file_id", "piece_no", name=op.f("pk_import_contents")),
    )
    op.create_table(
        "import_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("import_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("findings_json", sa.Text(), server_default="[]", nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('new', 'duplicate', 'doubtful', 'rejected')", name=op.f("ck_import_log_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["import_file_id"], ["import_files.id"], name=op.f("fk_import_log_import_file_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_import_log_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_log")),
    )
    op.create_index(op.f("ix_import_log_import_file_id"), "import_log", ["import_file_id"], unique=False)
    op.create_table(
        "interchanges",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("isa_sender", sa.Text(), server_default="", nullable=False),
        sa.Column("isa_receiver", sa.Text(), server_default="", nullable=False),
        sa.Column("isa_control", sa.Text(), server_default="", nullable=False),
        sa.Column("gs_control", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["import_file_id"], ["import_files.id"], name=op.f("fk_interchanges_import_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interchanges")),
    )
    op.create_index(
        "ix_interchanges_identity",
        "interchanges",
        ["isa_control", "gs_control", "isa_sender", "isa_receiver"],
        unique=False,
    )
    op.create_table(
        "payer_identifiers",
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('N104', 'REF2U', 'TRN03', 'BPR10', 'NAME')", name=op.f("ck_payer_identifiers_kind")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_payer_identifiers_payer_id")),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_payer_identifiers")),
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_plans_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("name", name=op.f("uq_plans_name")),
    )
    op.create_index(op.f("ix_plans_payer_id"), "plans", ["payer_id"], unique=False)
    op.create_table(
        "practice_facilities",
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_practice_facilities_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_practice_facilities_practice_id")
        ),
        sa.PrimaryKeyConstraint("practice_id", "facility_id", name=op.f("pk_practice_facilities")),
    )
    op.create_table(
        "practice_identifiers",
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('NPI', 'TIN')", name=op.f("ck_practice_identifiers_kind")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_practice_identifiers_practice_id")
        ),
        sa.PrimaryKeyConstraint("kind", "value", "practice_id", name=op.f("pk_practice_identifiers")),
    )
    op.create_table(
        "user_practices",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_user_practices_practice_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_practices_user_id")),
        sa.PrimaryKeyConstraint("user_id", "practice_id", name=op.f("pk_user_practices")),
    )
    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id")),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "user_settings",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_settings_user_id")),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_user_settings")),
    )
    op.create_table(
        "charge_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("line_control_no", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("modifiers", sa.Text(), server_default="", nullable=False),
        sa.Column("service_date", sa.Date(), nullable=True),
        sa.Column("units", sa.Text(), server_default="1", nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("balance_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_charge_lines_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_lines")),
        sa.UniqueConstraint("claim_id", "line_no", name=op.f("uq_charge_lines_claim_id_line_no")),
    )
    op.create_table(
        "claim_payers",
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "level IN ('primary', 'secondary', 'tertiary')", name=op.f("ck_claim_payers_level")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_payers_claim_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_claim_payers_payer_id")),
        sa.PrimaryKeyConstraint("claim_id", "level", name=op.f("pk_claim_payers")),
    )
    op.create_table(
        "deposit_claims",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pcn", sa.Text(), server_default="", nullable=False),
        sa.Column("remit_status", sa.Text(), server_default="", nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_stated_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("patient_responsibility_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("filing_indicator", sa.Text(), server_default="", nullable=False),
        sa.Column("payer_claim_no", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_last", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_first", sa.Text(), server_default="", nullable=False),
        sa.Column("member_id", sa.Text(), server_default="", nullable=False),
        sa.Column("rendering_npi", sa.Text(), server_default="", nullable=False),
        sa.Column("service_from", sa.Date(), nullable=True),
        sa.Column("service_to", sa.Date(), nullable=True),
        sa.Column("allowed_cents", sa.BigInteger(), nullable=True),
        sa.Column("deductible_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("coinsurance_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("copay_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("adjustments_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("information_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("claim_level_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("interest_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("gap_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("remark_codes", sa.Text(), server_default="", nullable=False),
        sa.Column("crossover_name", sa.Text(), server_default="", nullable=False),
        sa.Column("included", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("state", sa.Text(), server_default="PENDING", nullable=False),
        sa.Column("open_errors", sa.Integer(), server_default="0", nullable=False),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.Column("byte_start", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("byte_end", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('PENDING', 'EXCLUDED', 'POSTED', 'ERROR', 'REVERSED')",
            name=op.f("ck_deposit_claims_state"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_deposit_claims_claim_id")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_deposit_claims_deposit_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_deposit_claims_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_claims")),
        sa.UniqueConstraint("deposit_id", "claim_no", name=op.f("uq_deposit_claims_deposit_id_claim_no")),
    )
    op.create_index(
        "ix_deposit_claims_claim_id",
        "deposit_claims",
        ["claim_id"],
        unique=False,
        sqlite_where=sa.text("claim_id IS NOT NULL"),
        postgresql_where=sa.text("claim_id IS NOT NULL"),
    )
    op.create_table(
        "provider_adjustments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("provider_id", sa.Text(), server_default="", nullable=False),
        sa.Column("fiscal_period_end", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("disposition", sa.Text(), server_default="UNRESOLVED", nullable=False),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "disposition IN ('UNRESOLVED', 'APPLY_TO_CLAIM', 'REPORT', 'IGNORE')",
            name=op.f("ck_provider_adjustments_disposition"),
        ),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["deposits.id"], name=op.f("fk_provider_adjustments_deposit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_adjustments")),
    )
    op.create_index(
        op.f("ix_provider_adjustments_deposit_id"), "provider_adjustments", ["deposit_id"], unique=False
    )
    op.create_table(
        "deposit_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("charge_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("modifiers", sa.Text(), server_default="", nullable=False),
        sa.Column("original_code", sa.Text(), server_default="", nullable=False),
        sa.Column("revenue_code", sa.Text(), server_default="", nullable=False),
        sa.Column("units", sa.Text(), server_default="", nullable=False),
        sa.Column("original_units", sa.Text(), server_default="", nullable=False),
        sa.Column("charge_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_received_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("allowed_cents", sa.BigInteger(), nullable=True),
        sa.Column("service_from", sa.Date(), nullable=True),
        sa.Column("service_to", sa.Date(), nullable=True),
        sa.Column("line_control_no", sa.Text(), server_default="", nullable=False),
        sa.Column("remark_codes", sa.Text(), server_default="", nullable=False),
        sa.Column("interest_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("gap_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_lines.id"], name=op.f("fk_deposit_lines_charge_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["deposit_claim_id"], ["deposit_claims.id"], name=op.f("fk_deposit_lines_deposit_claim_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_lines")),
        sa.UniqueConstraint(
            "deposit_claim_id", "line_no", name=op.f("uq_deposit_lines_deposit_claim_id_line_no")
        ),
    )
    op.create_table(
        "adjustments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_code", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("amount_received_cents", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.Text(), server_default="", nullable=False),
        sa.Column("effect", sa.Text(), server_default="", nullable=False),
        sa.Column("payment_type", sa.Text(), nullable=True),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["deposit_claim_id"], ["deposit_claims.id"], name=op.f("fk_adjustments_deposit_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["deposit_line_id"], ["deposit_lines.id"], name=op.f("fk_adjustments_deposit_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
    )
    op.create_index(
        op.f("ix_adjustments_deposit_claim_id"), "adjustments", ["deposit_claim_id"], unique=False
    )
    op.create_table(
        "deposit_errors",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deposit_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("context_json", sa.Text(), server_default="{}", nullable=False),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("close_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("level IN ('deposit', 'claim', 'line')", name=op.f("ck_deposit_errors_level")),
        sa.CheckConstraint(
            "severity IN ('critical', 'blocking', 'warning')", name=op.f("ck_deposit_errors_severity")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'resolved', 'ignored', 'auto_resolved')", name=op.f("ck_deposit_errors_state")
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_deposit_errors_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["deposit_claim_id"], ["deposit_claims.id"], name=op.f("fk_deposit_errors_deposit_claim_id")
        ),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_deposit_errors_deposit_id")),
        sa.ForeignKeyConstraint(
            ["deposit_line_id"], ["deposit_lines.id"], name=op.f("fk_deposit_errors_deposit_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_errors")),
        sa.UniqueConstraint("deposit_id", "key", name=op.f("uq_deposit_errors_deposit_id_key")),
    )
    op.create_index("ix_deposit_errors_code", "deposit_errors", ["code", "state"], unique=False)
