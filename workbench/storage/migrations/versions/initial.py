"""The schema as of the first release. Made by `python -m workbench.storage.migrations.regenerate`; do not edit."""

import sqlalchemy as sa
from alembic import op

from workbench.storage.types import UtcDateTime

revision = "7a530a023987"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_heads",
        sa.Column(
            "chain", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "bank_column_profiles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("profile_json", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_column_profiles")),
        sa.UniqueConstraint("name", name=op.f("uq_bank_column_profiles_name")),
    )
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
        "import_mappings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mapping_json", sa.Text(), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mappings")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_import_mappings_kind_name")),
    )
    op.create_table(
        "licensed_codes",
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "list = 'carc' OR list = 'rarc' OR list = 'claim_status' OR list = 'plb' OR list = 'group' OR list = 'filing' OR list = 'handling' OR list = 'payment_method'",
            name=op.f("ck_licensed_codes_list"),
        ),
        sa.PrimaryKeyConstraint("list", "code", name=op.f("pk_licensed_codes")),
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
        sa.Column(
            "chain", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before_json", sa.Text(), server_default="{}", nullable=False),
        sa.Column("after_json", sa.Text(), server_default="{}", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_audit_events_practice_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_events_user_id")),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_at", "audit_events", ["at"], unique=False)
    op.create_index("ix_audit_events_subject", "audit_events", ["subject_type", "subject_id"], unique=False)
    op.create_table(
        "bank_accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_bank_accounts_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_accounts")),
        sa.UniqueConstraint("number", name=op.f("uq_bank_accounts_number")),
    )
    op.create_table(
        "bank_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lines", sa.Integer(), server_default="0", nullable=False),
        sa.Column("new_lines", sa.Integer(), server_default="0", nullable=False),
        sa.Column("findings_json", sa.Text(), server_default="[]", nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bank_files_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_files")),
        sa.UniqueConstraint("sha256", name=op.f("uq_bank_files_sha256")),
    )
    op.create_table(
        "bank_matches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("deposit_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("line_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("difference_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reasons_json", sa.Text(), server_default="[]", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("close_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state = 'proposed' OR state = 'confirmed' OR state = 'rejected' OR state = 'undone'",
            name=op.f("ck_bank_matches_state"),
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_bank_matches_closed_by_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_bank_matches_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_matches")),
    )
    op.create_index("ix_bank_matches_state", "bank_matches", ["state"], unique=False)
    op.create_table(
        "charge_batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expected_case_count", sa.Integer(), nullable=False),
        sa.Column("expected_proc_count", sa.Integer(), nullable=True),
        sa.Column("date_of_service", sa.Date(), nullable=True),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accounting_date", sa.Date(), nullable=True),
        sa.Column("charge_received", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "expected_case_count BETWEEN 0 AND 9999", name=op.f("ck_charge_batches_case_count")
        ),
        sa.CheckConstraint(
            "expected_proc_count BETWEEN 0 AND 9999", name=op.f("ck_charge_batches_proc_count")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_charge_batches_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_charge_batches_facility_id")
        ),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_charge_batches_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_batches")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_charge_batches_practice_id"), "charge_batches", ["practice_id"], unique=False)
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
            "level = 'primary' OR level = 'secondary' OR level = 'tertiary' OR level = 'statement' OR level = 'completed'",
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
        "ix_claims_practice_balance", "claims", ["practice_id", "balance_cents", "service_from"], unique=False
    )
    op.create_index(
        "ix_claims_practice_charge", "claims", ["practice_id", "charge_cents", "service_from"], unique=False
    )
    op.create_index(
        "ix_claims_practice_first_name",
        "claims",
        ["practice_id", "patient_first", "service_from"],
        unique=False,
    )
    op.create_index(
        "ix_claims_practice_name", "claims", ["practice_id", "patient_last", "service_from"], unique=False
    )
    op.create_index("ix_claims_practice_pcn", "claims", ["practice_id", "pcn"], unique=False)
    op.create_index("ix_claims_practice_service", "claims", ["practice_id", "service_from"], unique=False)
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
        sa.Column("unreadable", sa.Text(), server_default="", nullable=False),
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
        sa.Column("envelope_start", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
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
            "status = 'BUILD' OR status = 'NEW' OR status = 'IGNORE' OR status = 'SENT_TO_POSTING'",
            name=op.f("ck_deposits_status"),
        ),
        sa.CheckConstraint(
            "type = 'ERA' OR type = 'EOB' OR type = 'IMPORT' OR type = 'STATEMENT'",
            name=op.f("ck_deposits_type"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_deposits_created_by_id")),
        sa.ForeignKeyConstraint(
            ["import_file_id"], ["import_files.id"], name=op.f("fk_deposits_import_file_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_deposits_owner_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_deposits_payer_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_deposits_practice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
        sa.UniqueConstraint(
            "practice_id",
            "payment_key",
            "content_sha256",
            "occurrence",
            name=op.f("uq_deposits_practice_id_payment_key_content_sha256_occurrence"),
        ),
    )
    op.create_index("ix_deposits_amount", "deposits", ["deposit_cents"], unique=False)
    op.create_index("ix_deposits_check_number", "deposits", ["check_number"], unique=False)
    op.create_index(op.f("ix_deposits_import_file_id"), "deposits", ["import_file_id"], unique=False)
    op.create_index(op.f("ix_deposits_payer_id"), "deposits", ["payer_id"], unique=False)
    op.create_index("ix_deposits_payment_key", "deposits", ["payment_key"], unique=False)
    op.create_index("ix_deposits_practice_status", "deposits", ["practice_id", "status"], unique=False)
    op.create_index(
        "uq_deposits_unassigned_payment",
        "deposits",
        ["payment_key", "content_sha256", "occurrence"],
        unique=True,
        sqlite_where=sa.text("practice_id IS NULL"),
        postgresql_where=sa.text("practice_id IS NULL"),
    )
    op.create_table(
        "era_amounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("payment_type", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "disposition = 'UNRESOLVED' OR disposition = 'APPLY_TO_CLAIM' OR disposition = 'REPORT' OR disposition = 'IGNORE'",
            name=op.f("ck_era_amounts_disposition"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_era_amounts_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_era_amounts")),
        sa.UniqueConstraint("payer_id", "reason", name=op.f("uq_era_amounts_payer_id_reason")),
    )
    op.create_index(
        "uq_era_amounts_reason",
        "era_amounts",
        ["reason"],
        unique=True,
        sqlite_where=sa.text("payer_id IS NULL"),
        postgresql_where=sa.text("payer_id IS NULL"),
    )
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
            "outcome = 'new' OR outcome = 'duplicate' OR outcome = 'doubtful' OR outcome = 'rejected'",
            name=op.f("ck_import_log_outcome"),
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
        "payer_aliases",
        sa.Column("payer_key", sa.Text(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("confirmed", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_payer_aliases_payer_id")),
        sa.PrimaryKeyConstraint("payer_key", "payer_id", name=op.f("pk_payer_aliases")),
    )
    op.create_table(
        "payer_identifiers",
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind = 'N104' OR kind = 'REF2U' OR kind = 'TRN03' OR kind = 'BPR10' OR kind = 'NAME'",
            name=op.f("ck_payer_identifiers_kind"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_payer_identifiers_payer_id")),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_payer_identifiers")),
    )
    op.create_table(
        "payer_settings",
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_payer_settings_payer_id")),
        sa.PrimaryKeyConstraint("payer_id", "key", name=op.f("pk_payer_settings")),
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
        sa.CheckConstraint("kind = 'NPI' OR kind = 'TIN'", name=op.f("ck_practice_identifiers_kind")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_practice_identifiers_practice_id")
        ),
        sa.PrimaryKeyConstraint("kind", "value", "practice_id", name=op.f("pk_practice_identifiers")),
    )
    op.create_table(
        "rules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_level", sa.Text(), nullable=True),
        sa.Column("remit_status", sa.Text(), nullable=True),
        sa.Column("group_code", sa.Text(), nullable=True),
        sa.Column("carc", sa.Text(), nullable=True),
        sa.Column("rarc", sa.Text(), nullable=True),
        sa.Column("cpt", sa.Text(), nullable=True),
        sa.Column("minimum_cents", sa.BigInteger(), nullable=True),
        sa.Column("maximum_cents", sa.BigInteger(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("payment_type", sa.Text(), nullable=True),
        sa.Column("denial", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("claim_status", sa.Text(), nullable=True),
        sa.Column("claim_level", sa.Text(), nullable=True),
        sa.Column("block", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "effect = 'WRITE_OFF' OR effect = 'INFO' OR effect = 'DENIAL' OR effect = 'PATIENT_RESP' OR effect = 'PRIOR_PAYER' OR effect = 'INTEREST' OR effect = 'REPORT' OR effect = 'BLOCK'",
            name=op.f("ck_rules_effect"),
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_rules_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
    )
    op.create_table(
        "user_credentials",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_credentials_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_credentials")),
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
        "bank_day_closes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lines", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lines_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("matched_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_ours_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("difference_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("closing_cents", sa.BigInteger(), nullable=True),
        sa.Column("signed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("reopen_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("state = 'open' OR state = 'locked'", name=op.f("ck_bank_day_closes_state")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_accounts.id"], name=op.f("fk_bank_day_closes_account_id")
        ),
        sa.ForeignKeyConstraint(["signed_by_id"], ["users.id"], name=op.f("fk_bank_day_closes_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_day_closes")),
        sa.UniqueConstraint("account_id", "day", name=op.f("uq_bank_day_closes_account_id_day")),
    )
    op.create_table(
        "bank_statements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("opening_cents", sa.BigInteger(), nullable=True),
        sa.Column("closing_cents", sa.BigInteger(), nullable=True),
        sa.Column("proven", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_accounts.id"], name=op.f("fk_bank_statements_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["bank_file_id"], ["bank_files.id"], name=op.f("fk_bank_statements_bank_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statements")),
    )
    op.create_index(
        "ix_bank_statements_account_day", "bank_statements", ["account_id", "to_date"], unique=False
    )
    op.create_table(
        "bank_transactions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bank_file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record", sa.Integer(), server_default="0", nullable=False),
        sa.Column("posted_date", sa.Date(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=True),
        sa.Column("amount_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("type_code", sa.Text(), server_default="", nullable=False),
        sa.Column("bank_reference", sa.Text(), server_default="", nullable=False),
        sa.Column("customer_reference", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("trace", sa.Text(), server_default="", nullable=False),
        sa.Column("trace_originator", sa.Text(), server_default="", nullable=False),
        sa.Column("payer_key", sa.Text(), server_default="", nullable=False),
        sa.Column("is_card", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("line_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="unmatched", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state = 'unmatched' OR state = 'proposed' OR state = 'matched' OR state = 'matched with difference' OR state = 'split' OR state = 'not ours' OR state = 'to check'",
            name=op.f("ck_bank_transactions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_accounts.id"], name=op.f("fk_bank_transactions_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["bank_file_id"], ["bank_files.id"], name=op.f("fk_bank_transactions_bank_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_transactions")),
        sa.UniqueConstraint("line_key", name=op.f("uq_bank_transactions_line_key")),
    )
    op.create_index(
        "ix_bank_transactions_account_day", "bank_transactions", ["account_id", "posted_date"], unique=False
    )
    op.create_index("ix_bank_transactions_state", "bank_transactions", ["state", "posted_date"], unique=False)
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
            "level = 'primary' OR level = 'secondary' OR level = 'tertiary'",
            name=op.f("ck_claim_payers_level"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_claim_payers_claim_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_claim_payers_payer_id")),
        sa.PrimaryKeyConstraint("claim_id", "level", name=op.f("pk_claim_payers")),
    )
    op.create_index("ix_claim_payers_payer", "claim_payers", ["payer_id", "claim_id"], unique=False)
    op.create_table(
        "deposit_claims",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("claim_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pcn", sa.Text(), server_default="", nullable=False),
        sa.Column("remit_status", sa.Text(), server_default="", nullable=False),
        sa.Column("unreadable", sa.Text(), server_default="", nullable=False),
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
            "state = 'PENDING' OR state = 'EXCLUDED' OR state = 'POSTED' OR state = 'ERROR' OR state = 'REVERSED'",
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
        "image_batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="Unposted", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("date_of_service", sa.Date(), nullable=True),
        sa.Column("charge_received", sa.Date(), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=True),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("posted_at", UtcDateTime(), nullable=True),
        sa.Column("posted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "(status = 'Posted') = (posted_at IS NOT NULL AND posted_by_id IS NOT NULL)",
            name=op.f("ck_image_batches_posted_stamp"),
        ),
        sa.CheckConstraint(
            "batch_type = 'Charge' OR (facility_id IS NULL AND date_of_service IS NULL AND charge_received IS NULL)",
            name=op.f("ck_image_batches_charge_fields"),
        ),
        sa.CheckConstraint(
            "batch_type = 'Charge' OR batch_type = 'Payment'", name=op.f("ck_image_batches_batch_type")
        ),
        sa.CheckConstraint(
            "batch_type = 'Payment' OR (payer_id IS NULL AND plan_id IS NULL)",
            name=op.f("ck_image_batches_payment_fields"),
        ),
        sa.CheckConstraint(
            "deleted_at IS NULL OR status = 'Unposted'", name=op.f("ck_image_batches_posted_is_never_deleted")
        ),
        sa.CheckConstraint("status = 'Unposted' OR status = 'Posted'", name=op.f("ck_image_batches_status")),
        sa.CheckConstraint("length(description) <= 255", name=op.f("ck_image_batches_description_length")),
        sa.CheckConstraint(
            "plan_id IS NULL OR payer_id IS NOT NULL", name=op.f("ck_image_batches_plan_needs_payer")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_image_batches_created_by_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["users.id"], name=op.f("fk_image_batches_deleted_by_id")),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facilities.id"], name=op.f("fk_image_batches_facility_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_image_batches_payer_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_image_batches_plan_id")),
        sa.ForeignKeyConstraint(["posted_by_id"], ["users.id"], name=op.f("fk_image_batches_posted_by_id")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_image_batches_practice_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_image_batches_updated_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image_batches")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_image_batches_created", "image_batches", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_image_batches_list", "image_batches", ["practice_id", "created_at", "id"], unique=False
    )
    op.create_table(
        "payment_batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.Text(), server_default="Open", nullable=False),
        sa.Column("accounting_date", sa.Date(), nullable=True),
        sa.Column("expected_count", sa.Integer(), nullable=True),
        sa.Column("expected_cents", sa.BigInteger(), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("posted_at", UtcDateTime(), nullable=True),
        sa.Column("posted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(status = 'Posted') = (posted_at IS NOT NULL)", name=op.f("ck_payment_batches_posted_stamp")
        ),
        sa.CheckConstraint("status = 'Open' OR status = 'Posted'", name=op.f("ck_payment_batches_status")),
        sa.CheckConstraint("expected_cents >= 0", name=op.f("ck_payment_batches_expected_amount")),
        sa.CheckConstraint(
            "expected_count BETWEEN 0 AND 9999", name=op.f("ck_payment_batches_expected_count")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_payment_batches_created_by_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_payment_batches_payer_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_payment_batches_plan_id")),
        sa.ForeignKeyConstraint(["posted_by_id"], ["users.id"], name=op.f("fk_payment_batches_posted_by_id")),
        sa.ForeignKeyConstraint(
            ["practice_id"], ["practices.id"], name=op.f("fk_payment_batches_practice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batches")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_payment_batches_practice_id"), "payment_batches", ["practice_id"], unique=False)
    op.create_table(
        "provider_adjustments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("provider_id", sa.Text(), server_default="", nullable=False),
        sa.Column("fiscal_period_end", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("unreadable", sa.Text(), server_default="", nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("disposition", sa.Text(), server_default="UNRESOLVED", nullable=False),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "disposition = 'UNRESOLVED' OR disposition = 'APPLY_TO_CLAIM' OR disposition = 'REPORT' OR disposition = 'IGNORE'",
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
        "bank_match_items",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("match_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("live", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "(transaction_id IS NULL) <> (deposit_id IS NULL)", name=op.f("ck_bank_match_items_one_side")
        ),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_bank_match_items_deposit_id")),
        sa.ForeignKeyConstraint(["match_id"], ["bank_matches.id"], name=op.f("fk_bank_match_items_match_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["bank_transactions.id"], name=op.f("fk_bank_match_items_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_match_items")),
    )
    op.create_index(op.f("ix_bank_match_items_match_id"), "bank_match_items", ["match_id"], unique=False)
    op.create_index(
        "uq_bank_match_items_deposit",
        "bank_match_items",
        ["deposit_id"],
        unique=True,
        sqlite_where=sa.text("live = 1 AND deposit_id IS NOT NULL"),
        postgresql_where=sa.text("live AND deposit_id IS NOT NULL"),
    )
    op.create_index(
        "uq_bank_match_items_line",
        "bank_match_items",
        ["transaction_id"],
        unique=True,
        sqlite_where=sa.text("live = 1 AND transaction_id IS NOT NULL"),
        postgresql_where=sa.text("live AND transaction_id IS NOT NULL"),
    )
    op.create_table(
        "bank_match_parts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("match_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_bank_match_parts_deposit_id")),
        sa.ForeignKeyConstraint(["match_id"], ["bank_matches.id"], name=op.f("fk_bank_match_parts_match_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["bank_transactions.id"], name=op.f("fk_bank_match_parts_transaction_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_match_parts")),
        sa.UniqueConstraint(
            "match_id",
            "transaction_id",
            "deposit_id",
            name=op.f("uq_bank_match_parts_match_id_transaction_id_deposit_id"),
        ),
    )
    op.create_table(
        "charge_batch_links",
        sa.Column("image_batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("charge_batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.Column("linked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["charge_batch_id"], ["charge_batches.id"], name=op.f("fk_charge_batch_links_charge_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["image_batch_id"], ["image_batches.id"], name=op.f("fk_charge_batch_links_image_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["linked_by_id"], ["users.id"], name=op.f("fk_charge_batch_links_linked_by_id")
        ),
        sa.PrimaryKeyConstraint("image_batch_id", "charge_batch_id", name=op.f("pk_charge_batch_links")),
    )
    op.create_index(
        op.f("ix_charge_batch_links_charge_batch_id"), "charge_batch_links", ["charge_batch_id"], unique=False
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
        sa.Column("unreadable", sa.Text(), server_default="", nullable=False),
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
        "image_imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("pages", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name=op.f("ck_image_imports_ended")),
        sa.CheckConstraint(
            "state = 'running' OR state = 'done' OR state = 'failed' OR state = 'dismissed'",
            name=op.f("ck_image_imports_state"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["image_batches.id"], name=op.f("fk_image_imports_batch_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_image_imports_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image_imports")),
    )
    op.create_index(op.f("ix_image_imports_batch_id"), "image_imports", ["batch_id"], unique=False)
    op.create_table(
        "image_sets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("on_hold", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("hold_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("held_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("held_at", UtcDateTime(), nullable=True),
        sa.Column("coding_status", sa.Text(), server_default="Not Coded", nullable=False),
        sa.Column("ignore_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("document_type", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("date_of_service", sa.Date(), nullable=True),
        sa.Column("charge_received", sa.Date(), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_after_posting", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "coding_status = 'Not Coded' OR coding_status = 'In Progress' OR coding_status = 'On Hold' OR coding_status = 'Ignored' OR coding_status = 'Complete'",
            name=op.f("ck_image_sets_coding_status"),
        ),
        sa.CheckConstraint(
            "document_type = 'Anesthesia record' OR document_type = 'Encounter form' OR document_type = 'Pre-authorization' OR document_type = 'Face sheet' OR document_type = 'EOB' OR document_type = 'Check' OR document_type = 'Deposit slip' OR document_type = 'Correspondence' OR document_type = 'Other'",
            name=op.f("ck_image_sets_document_type"),
        ),
        sa.CheckConstraint("on_hold = (hold_reason <> '')", name=op.f("ck_image_sets_hold_has_reason")),
        sa.CheckConstraint(
            "plan_id IS NULL OR payer_id IS NOT NULL", name=op.f("ck_image_sets_plan_needs_payer")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["image_batches.id"], name=op.f("fk_image_sets_batch_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_image_sets_created_by_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["users.id"], name=op.f("fk_image_sets_deleted_by_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facilities.id"], name=op.f("fk_image_sets_facility_id")),
        sa.ForeignKeyConstraint(["held_by_id"], ["users.id"], name=op.f("fk_image_sets_held_by_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_image_sets_payer_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_image_sets_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image_sets")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_image_sets_batch", "image_sets", ["batch_id"], unique=False)
    op.create_index(
        "uq_image_sets_place",
        "image_sets",
        ["batch_id", "seq"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "ledger_transactions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payer_claim_no", sa.Text(), server_default="", nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("negates_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind = 'claim' OR kind = 'provider adjustment' OR kind = 'difference' OR kind = 'counter-entry'",
            name=op.f("ck_ledger_transactions_kind"),
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_ledger_transactions_claim_id")),
        sa.ForeignKeyConstraint(
            ["deposit_claim_id"], ["deposit_claims.id"], name=op.f("fk_ledger_transactions_deposit_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["deposits.id"], name=op.f("fk_ledger_transactions_deposit_id")
        ),
        sa.ForeignKeyConstraint(
            ["negates_id"], ["ledger_transactions.id"], name=op.f("fk_ledger_transactions_negates_id")
        ),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_ledger_transactions_payer_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledger_transactions.id"], name=op.f("fk_ledger_transactions_reverses_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ledger_transactions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transactions")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_transactions_reverses_id")),
    )
    op.create_index(
        op.f("ix_ledger_transactions_claim_id"), "ledger_transactions", ["claim_id"], unique=False
    )
    op.create_index(
        op.f("ix_ledger_transactions_deposit_claim_id"),
        "ledger_transactions",
        ["deposit_claim_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ledger_transactions_deposit_id"), "ledger_transactions", ["deposit_id"], unique=False
    )
    op.create_index(
        op.f("ix_ledger_transactions_negates_id"), "ledger_transactions", ["negates_id"], unique=False
    )
    op.create_table(
        "payment_batch_links",
        sa.Column("image_batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("linked_at", UtcDateTime(), nullable=False),
        sa.Column("linked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_batch_id"], ["image_batches.id"], name=op.f("fk_payment_batch_links_image_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["linked_by_id"], ["users.id"], name=op.f("fk_payment_batch_links_linked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["payment_batch_id"], ["payment_batches.id"], name=op.f("fk_payment_batch_links_payment_batch_id")
        ),
        sa.PrimaryKeyConstraint("image_batch_id", "payment_batch_id", name=op.f("pk_payment_batch_links")),
    )
    op.create_index(
        op.f("ix_payment_batch_links_payment_batch_id"),
        "payment_batch_links",
        ["payment_batch_id"],
        unique=False,
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("plan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("check_number", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind = 'Insurance' OR kind = 'Guarantor' OR kind = 'Collections'", name=op.f("ck_payments_kind")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_payments_created_by_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_payments_payer_id")),
        sa.ForeignKeyConstraint(
            ["payment_batch_id"], ["payment_batches.id"], name=op.f("fk_payments_payment_batch_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_payments_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_payments_payment_batch_id"), "payments", ["payment_batch_id"], unique=False)
    op.create_table(
        "provider_allocations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "provider_adjustment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("deposit_claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["deposit_claim_id"], ["deposit_claims.id"], name=op.f("fk_provider_allocations_deposit_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["provider_adjustment_id"],
            ["provider_adjustments.id"],
            name=op.f("fk_provider_allocations_provider_adjustment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_allocations")),
        sa.UniqueConstraint(
            "provider_adjustment_id",
            "deposit_claim_id",
            name=op.f("uq_provider_allocations_provider_adjustment_id_deposit_claim_id"),
        ),
    )
    op.create_index(
        op.f("ix_provider_allocations_deposit_claim_id"),
        "provider_allocations",
        ["deposit_claim_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_provider_allocations_provider_adjustment_id"),
        "provider_allocations",
        ["provider_adjustment_id"],
        unique=False,
    )
    op.create_table(
        "adjustments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deposit_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group_code", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("unreadable", sa.Text(), server_default="", nullable=False),
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
        "cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("charge_batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.Text(), server_default="Unsubmitted", nullable=False),
        sa.Column("date_of_service", sa.Date(), nullable=True),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("charge_received", sa.Date(), nullable=True),
        sa.Column("patient_last", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_first", sa.Text(), server_default="", nullable=False),
        sa.Column("imported_set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "status = 'Unsubmitted' OR status = 'Submitted' OR status = 'On Hold' OR status = 'Reversed'",
            name=op.f("ck_cases_status"),
        ),
        sa.ForeignKeyConstraint(
            ["charge_batch_id"], ["charge_batches.id"], name=op.f("fk_cases_charge_batch_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_cases_created_by_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facilities.id"], name=op.f("fk_cases_facility_id")),
        sa.ForeignKeyConstraint(
            ["imported_set_id"], ["image_sets.id"], name=op.f("fk_cases_imported_set_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("imported_set_id", name=op.f("uq_cases_imported_set_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cases_charge_batch_id"), "cases", ["charge_batch_id"], unique=False)
    op.create_table(
        "coding_forms",
        sa.Column("set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("patient_last", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_first", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_middle", sa.Text(), server_default="", nullable=False),
        sa.Column("ssn", sa.Text(), server_default="", nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("date_of_service", sa.Date(), nullable=True),
        sa.Column("admit_date", sa.Date(), nullable=True),
        sa.Column("discharge_date", sa.Date(), nullable=True),
        sa.Column("charge_received", sa.Date(), nullable=True),
        sa.Column("referring_physician", sa.Text(), server_default="", nullable=False),
        sa.Column("facility_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("facility_case_no", sa.Text(), server_default="", nullable=False),
        sa.Column("external_case_no", sa.Text(), server_default="", nullable=False),
        sa.Column("emergency", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("box19", sa.Text(), server_default="", nullable=False),
        sa.Column("procedures_json", sa.Text(), server_default="[]", nullable=False),
        sa.Column("provider_times_json", sa.Text(), server_default="[]", nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facilities.id"], name=op.f("fk_coding_forms_facility_id")),
        sa.ForeignKeyConstraint(["set_id"], ["image_sets.id"], name=op.f("fk_coding_forms_set_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["users.id"], name=op.f("fk_coding_forms_updated_by_id")),
        sa.PrimaryKeyConstraint("set_id", name=op.f("pk_coding_forms")),
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
        sa.CheckConstraint(
            "level = 'deposit' OR level = 'claim' OR level = 'line'", name=op.f("ck_deposit_errors_level")
        ),
        sa.CheckConstraint(
            "severity = 'critical' OR severity = 'blocking' OR severity = 'warning'",
            name=op.f("ck_deposit_errors_severity"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR state = 'resolved' OR state = 'ignored' OR state = 'auto_resolved'",
            name=op.f("ck_deposit_errors_state"),
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
    op.create_table(
        "images",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("original_name", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("byte_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("page_in_file", sa.Integer(), server_default="1", nullable=False),
        sa.Column("width", sa.Integer(), server_default="0", nullable=False),
        sa.Column("height", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=True),
        sa.Column("mirrored", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("rotation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cleaning", sa.Text(), server_default="", nullable=False),
        sa.Column("preview_sha256", sa.Text(), nullable=False),
        sa.Column("preview_mime", sa.Text(), nullable=False),
        sa.Column("thumbnail_sha256", sa.Text(), nullable=False),
        sa.Column("thumbnail_mime", sa.Text(), nullable=False),
        sa.Column("full_sha256", sa.Text(), nullable=True),
        sa.Column("full_mime", sa.Text(), nullable=True),
        sa.Column("shown_as_is", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("document_type", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("added_after_posting", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("deleted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "document_type = 'Anesthesia record' OR document_type = 'Encounter form' OR document_type = 'Pre-authorization' OR document_type = 'Face sheet' OR document_type = 'EOB' OR document_type = 'Check' OR document_type = 'Deposit slip' OR document_type = 'Correspondence' OR document_type = 'Other'",
            name=op.f("ck_images_document_type"),
        ),
        sa.CheckConstraint("source = 'scanned' OR source = 'imported'", name=op.f("ck_images_source")),
        sa.CheckConstraint(
            "length(sha256) = 64 AND length(preview_sha256) = 64 AND length(thumbnail_sha256) = 64",
            name=op.f("ck_images_sha256"),
        ),
        sa.CheckConstraint("page_in_file > 0 AND width > 0 AND height > 0", name=op.f("ck_images_measures")),
        sa.CheckConstraint("rotation IN (0, 90, 180, 270)", name=op.f("ck_images_rotation")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_images_created_by_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["users.id"], name=op.f("fk_images_deleted_by_id")),
        sa.ForeignKeyConstraint(["set_id"], ["image_sets.id"], name=op.f("fk_images_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_images")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_images_set", "images", ["set_id"], unique=False)
    op.create_index("ix_images_sha256", "images", ["sha256", "page_in_file"], unique=False)
    op.create_index(
        "uq_images_place",
        "images",
        ["set_id", "page_no"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("transaction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("charge_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deposit_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("adjustment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payment_type", sa.Text(), server_default="", nullable=False),
        sa.Column("memo", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "account = 'DEPOSIT' OR account = 'RECEIVABLE' OR account = 'WRITE_OFF' OR account = 'INTEREST' OR account = 'REPORTED' OR account = 'UNAPPLIED'",
            name=op.f("ck_ledger_entries_account"),
        ),
        sa.CheckConstraint("amount_cents <> 0", name=op.f("ck_ledger_entries_moves_money")),
        sa.ForeignKeyConstraint(
            ["charge_line_id"], ["charge_lines.id"], name=op.f("fk_ledger_entries_charge_line_id")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name=op.f("fk_ledger_entries_claim_id")),
        sa.ForeignKeyConstraint(
            ["deposit_line_id"], ["deposit_lines.id"], name=op.f("fk_ledger_entries_deposit_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["ledger_transactions.id"],
            name=op.f("fk_ledger_entries_transaction_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    op.create_index(op.f("ix_ledger_entries_claim_id"), "ledger_entries", ["claim_id"], unique=False)
    op.create_index(
        op.f("ix_ledger_entries_transaction_id"), "ledger_entries", ["transaction_id"], unique=False
    )
    op.create_table(
        "image_renditions",
        sa.Column("image_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cleaning", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), server_default="0", nullable=False),
        sa.Column("height", sa.Integer(), server_default="0", nullable=False),
        sa.Column("full_sha256", sa.Text(), nullable=False),
        sa.Column("full_mime", sa.Text(), nullable=False),
        sa.Column("preview_sha256", sa.Text(), nullable=False),
        sa.Column("preview_mime", sa.Text(), nullable=False),
        sa.Column("thumbnail_sha256", sa.Text(), nullable=False),
        sa.Column("thumbnail_mime", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "cleaning <> '' AND width > 0 AND height > 0", name=op.f("ck_image_renditions_measures")
        ),
        sa.CheckConstraint(
            "length(full_sha256) = 64 AND length(preview_sha256) = 64 AND length(thumbnail_sha256) = 64",
            name=op.f("ck_image_renditions_sha256"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_image_renditions_created_by_id")
        ),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_image_renditions_image_id")),
        sa.PrimaryKeyConstraint("image_id", "cleaning", name=op.f("pk_image_renditions")),
    )
    op.create_table(
        "set_attachments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deposit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attached_at", UtcDateTime(), nullable=False),
        sa.Column("attached_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN case_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN payment_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN deposit_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_set_attachments_one_target"),
        ),
        sa.ForeignKeyConstraint(
            ["attached_by_id"], ["users.id"], name=op.f("fk_set_attachments_attached_by_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_set_attachments_case_id")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposits.id"], name=op.f("fk_set_attachments_deposit_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_set_attachments_payment_id")),
        sa.ForeignKeyConstraint(["set_id"], ["image_sets.id"], name=op.f("fk_set_attachments_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_attachments")),
        sa.UniqueConstraint("set_id", "deposit_id", name=op.f("uq_set_attachments_set_id_deposit_id")),
        sa.UniqueConstraint("set_id", "payment_id", name=op.f("uq_set_attachments_set_id_payment_id")),
    )
    op.create_index(op.f("ix_set_attachments_case_id"), "set_attachments", ["case_id"], unique=False)
    op.create_index(op.f("ix_set_attachments_deposit_id"), "set_attachments", ["deposit_id"], unique=False)
    op.create_index(op.f("ix_set_attachments_payment_id"), "set_attachments", ["payment_id"], unique=False)
    op.create_index(
        "uq_set_attachments_case",
        "set_attachments",
        ["set_id"],
        unique=True,
        sqlite_where=sa.text("case_id IS NOT NULL"),
        postgresql_where=sa.text("case_id IS NOT NULL"),
    )
