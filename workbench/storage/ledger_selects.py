"""The SELECTs behind the analysts' frames of the ledger, of posting errors and of rules."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from workbench.storage.stores.deposit_lists import Sight
from workbench.storage.tables.claims import claims
from workbench.storage.tables.deposits import deposit_claims, deposit_errors, deposits
from workbench.storage.tables.ledger import ledger_entries, ledger_transactions
from workbench.storage.tables.office import payers, users
from workbench.storage.tables.rules import rules

_t, _e, _d = ledger_transactions.c, ledger_entries.c, deposits.c


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What the ledger can be limited to. None asks nothing; days are inclusive and of posting."""

    deposit_id: int | None = None
    claim_id: int | None = None
    since: date | None = None
    until: date | None = None
    account: str = ""


def ledger_select(wanted: LedgerFilter, sight: Sight) -> sa.Select[Any]:
    """One row per entry, in the order booked."""
    conditions = [sight.condition()]
    if wanted.deposit_id is not None:
        conditions.append(_t.deposit_id == wanted.deposit_id)
    if wanted.claim_id is not None:
        conditions.append(_e.claim_id == wanted.claim_id)
    if wanted.since is not None:
        conditions.append(_t.posted_on >= wanted.since)
    if wanted.until is not None:
        conditions.append(_t.posted_on <= wanted.until)
    if wanted.account:
        conditions.append(_e.account == wanted.account)
    return (
        sa.select(
            _e.id, _e.transaction_id, _t.kind, _t.deposit_id, _d.check_number, _d.payer_name,
            _t.deposit_claim_id, _e.claim_id, claims.c.pcn, _e.charge_line_id, _e.account, _e.amount_cents,
            _e.payment_type, _e.memo, _t.reverses_id, _t.negates_id, _t.posted_on, _t.created_at,
            users.c.name.label("user"), _t.reason,
        )
        .join(ledger_transactions, _t.id == _e.transaction_id)
        .join(deposits, _d.id == _t.deposit_id)
        .join(users, users.c.id == _t.user_id)
        .outerjoin(claims, claims.c.id == _e.claim_id)
        .where(*conditions)
        .order_by(_e.id)
    )  # fmt: skip


def posting_errors_select(sight: Sight) -> sa.Select[Any]:
    """Open errors of claims and lines that keep a claim of a live deposit from posting."""
    claim, error = deposit_claims.c, deposit_errors.c
    return (
        sa.select(
            error.id, claim.deposit_id, _d.check_number, _d.payer_name, claim.id.label("deposit_claim_id"),
            error.deposit_line_id, claim.claim_id, claim.pcn, claim.state, claim.paid_cents, error.code,
            error.level, error.severity, error.message, error.segment, error.created_at,
        )
        .join(deposit_claims, claim.id == error.deposit_claim_id)
        .join(deposits, _d.id == error.deposit_id)
        .where(
            sight.condition(),
            _d.voided_at.is_(None),
            _d.status != "IGNORE",
            error.state == "open",
            error.severity == "blocking",
            claim.state != "POSTED",
        )
        .order_by(error.id)
    )  # fmt: skip


def rules_select() -> sa.Select[Any]:
    """The office's own rules; a missing condition means any."""
    r = rules.c
    return (
        sa.select(
            r.id, r.version, r.active, r.priority, payers.c.name.label("payer"), r.payer_level, r.remit_status,
            r.group_code.label("group"), r.carc, r.rarc, r.cpt, r.minimum_cents, r.maximum_cents, r.effect,
            r.payment_type, r.denial, r.claim_status, r.claim_level, r.block, r.note,
        )
        .outerjoin(payers, payers.c.id == r.payer_id)
        .order_by(r.id)
    )  # fmt: skip
