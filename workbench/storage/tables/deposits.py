"""Deposits with their claims, lines, adjustments, provider adjustments and errors (spec deposits 1.2-1.7, 3.2).

The four big tables are written in bulk, in file order: their indexes follow that order, so that a new
deposit is appended at one end of each. Totals that a list shows are kept on the deposit and the claim;
`tests/services/test_import_totals.py` proves them by query.
"""

import sqlalchemy as sa

from workbench.storage.tables.base import (
    cents,
    count,
    flag,
    id_column,
    metadata,
    one_of,
    optional_cents,
    reference,
    text,
    version,
)
from workbench.storage.types import Id, UtcDateTime

DEPOSIT_TYPES = ("ERA", "EOB", "IMPORT", "STATEMENT")
DEPOSIT_STATUSES = ("BUILD", "NEW", "IGNORE", "SENT_TO_POSTING")
CLAIM_STATES = ("PENDING", "EXCLUDED", "POSTED", "ERROR", "REVERSED")


def unreadable() -> sa.Column[str]:
    """Names of the columns of this row, with a space between, whose amount was there and could not be read.

    Such a column holds 0, so that sums go on; it is shown as unreadable and never as 0.00. Its name goes when a
    person keys the amount; that of the column which keeps what was received stays.
    """
    return text("unreadable")


deposits = sa.Table(
    "deposits",
    metadata,
    id_column(),
    reference("practice_id", "practices.id", nullable=True),
    text("type", None),
    text("status", None),
    reference("owner_id", "users.id"),
    reference("created_by_id", "users.id"),
    # Three dates, each with one meaning (spec 8 row 4): banked, issued by the payer, received by us.
    sa.Column("deposited_date", sa.Date),
    sa.Column("issued_date", sa.Date),
    sa.Column("received_at", UtcDateTime, nullable=False),
    text("check_number"),
    reference("payer_id", "payers.id", nullable=True, index=True),
    text("payer_name"),
    text("payer_identifier"),
    text("payee_name"),
    text("payee_npi"),
    text("payee_tin"),
    text("pay_method"),
    text("pay_type", "Insurance payment"),
    text("handling_code"),
    text("credit_debit"),
    # Header figures (spec 4.2); Balance and Unreconciled are computed from them, never stored.
    cents("deposit_cents"),
    unreadable(),
    cents("payments_cents"),
    cents("adjustments_cents"),
    cents("information_cents"),
    cents("exclusions_cents"),
    cents("reported_cents"),
    cents("posted_paid_cents"),
    cents("posted_adjustments_cents"),
    count("claims_count"),
    count("lines_count"),
    cents("charged_cents"),
    # As the file states them, for the import's answer: CLP04, CLP05, sum of PLB in X12 sign, CAS per group.
    cents("paid_stated_cents"),
    cents("patient_responsibility_cents"),
    cents("provider_adjustments_cents"),
    text("adjustments_by_group_json", "{}"),
    cents("transaction_gap_cents"),
    count("unbalanced_claims"),
    count("unbalanced_lines"),
    count("open_errors"),
    count("open_critical_errors"),
    flag("is_eob", default=False),
    reference("import_file_id", "import_files.id", nullable=True, index=True),
    text("st02"),
    text("isa13"),
    sa.Column("byte_start", Id),
    sa.Column("byte_end", Id),
    # Where its interchange begins: the delimiters of its segments stand there.
    sa.Column("envelope_start", Id),
    # Payer id + TRN02 + BPR02 + BPR16; null for a deposit made by hand.
    sa.Column("payment_key", sa.Text),
    text("content_sha256"),
    # 0 for the first transaction of a file with this payment_key and content, 1 for its repetition, ...
    count("occurrence"),
    text("ignore_reason"),
    sa.Column("voided_at", UtcDateTime),
    text("void_reason"),
    text("difference_reason"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("disbursed_at", UtcDateTime),
    version(),
    one_of("type", *DEPOSIT_TYPES),
    one_of("status", *DEPOSIT_STATUSES),
    # The same transaction out of another file is not stored again, whoever imports it at the same moment. Within
    # the practice: the refusal must not tell that another one has it. Two nulls would count as different.
    sa.UniqueConstraint("practice_id", "payment_key", "content_sha256", "occurrence"),
    sa.Index(
        "uq_deposits_unassigned_payment",
        "payment_key",
        "content_sha256",
        "occurrence",
        unique=True,
        sqlite_where=sa.text("practice_id IS NULL"),
        postgresql_where=sa.text("practice_id IS NULL"),
    ),
    # Look-up of what an import brings again, whosever it is.
    sa.Index("ix_deposits_payment_key", "payment_key"),
    sa.Index("ix_deposits_practice_status", "practice_id", "status"),
    sa.Index("ix_deposits_check_number", "check_number"),
    sa.Index("ix_deposits_amount", "deposit_cents"),
)

deposit_claims = sa.Table(
    "deposit_claims",
    metadata,
    id_column(),
    reference("deposit_id", "deposits.id"),
    # 0-based position in the deposit.
    count("claim_no"),
    reference("claim_id", "claims.id", nullable=True),
    reference("payer_id", "payers.id", nullable=True),
    text("pcn"),
    text("remit_status"),
    unreadable(),
    cents("charge_cents"),
    cents("paid_stated_cents"),
    cents("paid_cents"),
    cents("patient_responsibility_cents"),
    text("filing_indicator"),
    text("payer_claim_no"),
    text("patient_last"),
    text("patient_first"),
    text("member_id"),
    text("rendering_npi"),
    sa.Column("service_from", sa.Date),
    sa.Column("service_to", sa.Date),
    optional_cents("allowed_cents"),
    cents("deductible_cents"),
    cents("coinsurance_cents"),
    cents("copay_cents"),
    cents("adjustments_cents"),
    cents("information_cents"),
    cents("claim_level_cents"),
    cents("interest_cents"),
    cents("gap_cents"),
    text("remark_codes"),
    text("crossover_name"),
    flag("included", default=True),
    text("state", "PENDING"),
    count("open_errors"),
    sa.Column("segment", sa.Integer),
    sa.Column("byte_start", Id),
    sa.Column("byte_end", Id),
    version(),
    one_of("state", *CLAIM_STATES),
    sa.UniqueConstraint("deposit_id", "claim_no"),
    sa.Index(
        "ix_deposit_claims_claim_id",
        "claim_id",
        sqlite_where=sa.text("claim_id IS NOT NULL"),
        postgresql_where=sa.text("claim_id IS NOT NULL"),
    ),
)

deposit_lines = sa.Table(
    "deposit_lines",
    metadata,
    id_column(),
    reference("deposit_claim_id", "deposit_claims.id"),
    # 0-based position in the claim.
    count("line_no"),
    reference("charge_line_id", "charge_lines.id", nullable=True),
    text("code"),
    text("modifiers"),
    text("original_code"),
    text("revenue_code"),
    text("units"),
    text("original_units"),
    unreadable(),
    cents("charge_cents"),
    cents("paid_received_cents"),
    cents("paid_cents"),
    optional_cents("allowed_cents"),
    sa.Column("service_from", sa.Date),
    sa.Column("service_to", sa.Date),
    text("line_control_no"),
    text("remark_codes"),
    cents("interest_cents"),
    cents("gap_cents"),
    sa.Column("segment", sa.Integer),
    sa.UniqueConstraint("deposit_claim_id", "line_no"),
)

adjustments = sa.Table(
    "adjustments",
    metadata,
    id_column(),
    reference("deposit_claim_id", "deposit_claims.id", index=True),
    # Null at claim level (loop 2100).
    reference("deposit_line_id", "deposit_lines.id", nullable=True),
    text("group_code"),
    text("reason"),
    unreadable(),
    cents("amount_cents"),
    # What the payer sent, once somebody worked on the amount; null while amount_cents is as received.
    optional_cents("amount_received_cents"),
    text("quantity"),
    text("effect"),
    sa.Column("payment_type", sa.Text),
    sa.Column("rule_id", Id),
    sa.Column("segment", sa.Integer),
)

provider_adjustments = sa.Table(
    "provider_adjustments",
    metadata,
    id_column(),
    reference("deposit_id", "deposits.id", index=True),
    # 0-based position in the deposit.
    count("position"),
    text("provider_id"),
    sa.Column("fiscal_period_end", sa.Date),
    text("reason"),
    text("reference"),
    unreadable(),
    # X12 sign: positive lowers the check (spec 1.7).
    cents("amount_cents"),
    text("disposition", "UNRESOLVED"),
    sa.Column("segment", sa.Integer),
    one_of("disposition", "UNRESOLVED", "APPLY_TO_CLAIM", "REPORT", "IGNORE"),
)

deposit_errors = sa.Table(
    "deposit_errors",
    metadata,
    id_column(),
    reference("deposit_id", "deposits.id"),
    reference("deposit_claim_id", "deposit_claims.id", nullable=True),
    reference("deposit_line_id", "deposit_lines.id", nullable=True),
    text("code", None),
    text("level", None),
    text("severity", None),
    text("state", "open"),
    text("message"),
    text("context_json", "{}"),
    sa.Column("segment", sa.Integer),
    # Computing errors again finds the same row again (spec 3.2): see `domain.deposit_errors.error_key`.
    text("key", None),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("closed_by_id", "users.id", nullable=True),
    sa.Column("closed_at", UtcDateTime),
    text("close_reason"),
    one_of("level", "deposit", "claim", "line"),
    one_of("severity", "critical", "blocking", "warning"),
    one_of("state", "open", "resolved", "ignored", "auto_resolved"),
    sa.UniqueConstraint("deposit_id", "key"),
)
