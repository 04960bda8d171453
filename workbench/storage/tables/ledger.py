"""The append-only double-entry ledger and what is decided about provider-level money (spec deposits 1.2, 4.4).

Triggers (`ledger_guards.py`) refuse any UPDATE or DELETE and any transaction that does not sum to zero.
They work because entries are written first and the transaction last: it is the seal. Its foreign key is
checked at COMMIT, so entries without their seal never come to be.
"""

import sqlalchemy as sa

from workbench.domain.posting import Account, TransactionKind
from workbench.storage.tables.base import cents, id_column, metadata, one_of, reference, text
from workbench.storage.types import Cents, Id, UtcDateTime

ledger_transactions = sa.Table(
    "ledger_transactions",
    metadata,
    id_column(),
    text("kind", None),
    reference("deposit_id", "deposits.id", index=True),
    reference("deposit_claim_id", "deposit_claims.id", nullable=True, index=True),
    reference("claim_id", "claims.id", nullable=True, index=True),
    reference("payer_id", "payers.id", nullable=True),
    text("payer_claim_no"),
    # The transaction that this counter-entry undoes (Reset, Reverse): once and for all.
    reference("reverses_id", "ledger_transactions.id", nullable=True),
    # The posting that a payer's own reversal (CLP02 22) takes back; it may itself be reset and sent again.
    reference("negates_id", "ledger_transactions.id", nullable=True, index=True),
    sa.Column("posted_on", sa.Date, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("user_id", "users.id"),
    text("reason"),
    one_of("kind", *TransactionKind),
    sa.UniqueConstraint("reverses_id"),
)

ledger_entries = sa.Table(
    "ledger_entries",
    metadata,
    id_column(),
    sa.Column(
        "transaction_id",
        Id,
        sa.ForeignKey("ledger_transactions.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
        index=True,
    ),
    text("account", None),
    # Positive is a debit.
    sa.Column("amount_cents", Cents, nullable=False),
    reference("claim_id", "claims.id", nullable=True, index=True),
    reference("charge_line_id", "charge_lines.id", nullable=True),
    reference("deposit_line_id", "deposit_lines.id", nullable=True),
    sa.Column("adjustment_id", Id),
    text("payment_type"),
    text("memo"),
    one_of("account", *Account),
    sa.CheckConstraint("amount_cents <> 0", name="moves_money"),
)

# A provider-level amount on one or more claims; cash sign, so that the rows of one PLB sum to minus its amount.
provider_allocations = sa.Table(
    "provider_allocations",
    metadata,
    id_column(),
    reference("provider_adjustment_id", "provider_adjustments.id", index=True),
    reference("deposit_claim_id", "deposit_claims.id", index=True),
    cents("amount_cents"),
    sa.UniqueConstraint("provider_adjustment_id", "deposit_claim_id"),
)
