"""The bank side: accounts, statements, lines, what they were matched with, and the days that are closed (spec 7)."""

import sqlalchemy as sa

from workbench.domain.bank import BankLineState, DayState, MatchState
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
from workbench.storage.types import UtcDateTime

bank_accounts = sa.Table(
    "bank_accounts",
    metadata,
    id_column(),
    # As the bank's files name it.
    sa.Column("number", sa.Text, nullable=False, unique=True),
    text("name"),
    # Null: several practices share the account.
    reference("practice_id", "practices.id", nullable=True),
    flag("active", default=True),
)

# The unique sha256 makes several imports of one file at once into one.
bank_files = sa.Table(
    "bank_files",
    metadata,
    id_column(),
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    text("name", None),
    text("kind", None),
    count("size"),
    count("lines"),
    count("new_lines"),
    text("findings_json", "[]"),
    reference("user_id", "users.id"),
    sa.Column("received_at", UtcDateTime, nullable=False),
)

bank_statements = sa.Table(
    "bank_statements",
    metadata,
    id_column(),
    reference("bank_file_id", "bank_files.id"),
    reference("account_id", "bank_accounts.id"),
    sa.Column("from_date", sa.Date),
    sa.Column("to_date", sa.Date),
    optional_cents("opening_cents"),
    optional_cents("closing_cents"),
    flag("proven", default=False),
    sa.Index("ix_bank_statements_account_day", "account_id", "to_date"),
)

bank_transactions = sa.Table(
    "bank_transactions",
    metadata,
    id_column(),
    reference("account_id", "bank_accounts.id"),
    reference("bank_file_id", "bank_files.id"),
    # 1-based record, row or entry in the file.
    count("record"),
    sa.Column("posted_date", sa.Date, nullable=False),
    sa.Column("value_date", sa.Date),
    # Money in is positive.
    cents("amount_cents"),
    text("currency", "USD"),
    text("type_code"),
    text("bank_reference"),
    text("customer_reference"),
    text("description"),
    # Read out of the description: TRN02, TRN03, and how the bank names the payer.
    text("trace"),
    text("trace_originator"),
    text("payer_key"),
    flag("is_card", default=False),
    # account|date|cents|reference|ordinal (spec 7.4): what makes an import idempotent and keeps true twins apart.
    sa.Column("line_key", sa.Text, nullable=False, unique=True),
    text("state", BankLineState.UNMATCHED.value),
    text("reason"),
    version(),
    one_of("state", *BankLineState),
    sa.Index("ix_bank_transactions_account_day", "account_id", "posted_date"),
    sa.Index("ix_bank_transactions_state", "state", "posted_date"),
)

bank_matches = sa.Table(
    "bank_matches",
    metadata,
    id_column(),
    sa.Column("step", sa.Integer, nullable=False),
    text("state", None),
    sa.Column("score", sa.Float, nullable=False),
    cents("deposit_cents"),
    cents("line_cents"),
    # Line less deposit: a card's fee is negative.
    cents("difference_cents"),
    text("reasons_json", "[]"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by_id", "users.id"),
    sa.Column("closed_at", UtcDateTime),
    reference("closed_by_id", "users.id", nullable=True),
    text("close_reason"),
    one_of("state", *MatchState),
    sa.Index("ix_bank_matches_state", "state"),
)

# Which deposits and lines a match holds. `live` while it is proposed or confirmed: a line or a deposit
# is in one live match at most, whoever decides at the same moment. SQLite uses the index only for the very term
# that SQLAlchemy writes there, `live = 1`.
bank_match_items = sa.Table(
    "bank_match_items",
    metadata,
    id_column(),
    reference("match_id", "bank_matches.id", index=True),
    reference("transaction_id", "bank_transactions.id", nullable=True),
    reference("deposit_id", "deposits.id", nullable=True),
    flag("live", default=True),
    sa.CheckConstraint("(transaction_id IS NULL) <> (deposit_id IS NULL)", name="one_side"),
    sa.Index(
        "uq_bank_match_items_line",
        "transaction_id",
        unique=True,
        sqlite_where=sa.text("live = 1 AND transaction_id IS NOT NULL"),
        postgresql_where=sa.text("live AND transaction_id IS NOT NULL"),
    ),
    sa.Index(
        "uq_bank_match_items_deposit",
        "deposit_id",
        unique=True,
        sqlite_where=sa.text("live = 1 AND deposit_id IS NOT NULL"),
        postgresql_where=sa.text("live AND deposit_id IS NOT NULL"),
    ),
)

# How much of which line went to which deposit.
bank_match_parts = sa.Table(
    "bank_match_parts",
    metadata,
    id_column(),
    reference("match_id", "bank_matches.id"),
    reference("transaction_id", "bank_transactions.id"),
    reference("deposit_id", "deposits.id"),
    cents("amount_cents"),
    sa.UniqueConstraint("match_id", "transaction_id", "deposit_id"),
)

# How a bank names a payer; learned from confirmed matches, and counted down when one is undone.
payer_aliases = sa.Table(
    "payer_aliases",
    metadata,
    text("payer_key", None),
    reference("payer_id", "payers.id"),
    count("confirmed"),
    sa.PrimaryKeyConstraint("payer_key", "payer_id"),
)

bank_column_profiles = sa.Table(
    "bank_column_profiles",
    metadata,
    id_column(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    text("profile_json", None),
)

bank_day_closes = sa.Table(
    "bank_day_closes",
    metadata,
    id_column(),
    reference("account_id", "bank_accounts.id"),
    sa.Column("day", sa.Date, nullable=False),
    text("state", None),
    count("lines"),
    cents("lines_cents"),
    cents("matched_cents"),
    cents("not_ours_cents"),
    cents("difference_cents"),
    optional_cents("closing_cents"),
    reference("signed_by_id", "users.id"),
    sa.Column("signed_at", UtcDateTime, nullable=False),
    text("reopen_reason"),
    version(),
    one_of("state", *DayState),
    sa.UniqueConstraint("account_id", "day"),
)
