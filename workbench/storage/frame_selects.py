"""The SELECTs behind the analysts' frames: what is in them, limited to the practices a person works for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from workbench.storage.stores.deposit_lists import (
    BALANCE,
    DEPOSITED,
    POSTING_STATUS,
    UNRECONCILED,
    Sight,
    contains,
)
from workbench.storage.tables.deposits import (
    adjustments,
    deposit_claims,
    deposit_errors,
    deposit_lines,
    deposits,
    provider_adjustments,
)
from workbench.storage.tables.imports import import_files, import_log
from workbench.storage.tables.office import practices, users

_d, _c, _l = deposits.c, deposit_claims.c, deposit_lines.c


@dataclass(frozen=True, slots=True)
class DepositFilter:
    """What every frame about deposits can be limited to. None or an empty text asks nothing.

    Attributes:
        since, until: inclusive; the date banked, else the date issued.
        payer: any part of the payer's name.
    """

    deposit_id: int | Sequence[int] | None = None
    since: date | None = None
    until: date | None = None
    status: str = ""
    payer: str = ""
    practice_id: int | None = None


def _conditions(wanted: DepositFilter, sight: Sight) -> list[sa.ColumnElement[bool]]:
    found = [sight.condition(), _d.voided_at.is_(None)]
    if wanted.deposit_id is not None:
        ids = [wanted.deposit_id] if isinstance(wanted.deposit_id, int) else list(wanted.deposit_id)
        found.append(_d.id.in_(ids))
    if wanted.since is not None:
        found.append(wanted.since <= DEPOSITED)
    if wanted.until is not None:
        found.append(wanted.until >= DEPOSITED)
    if wanted.status:
        found.append(_d.status == wanted.status)
    if wanted.practice_id is not None:
        found.append(_d.practice_id == wanted.practice_id)
    if wanted.payer:
        found.append(contains(_d.payer_name, wanted.payer))
    return found


def _of(table: sa.Table, *names: str) -> list[Any]:
    return [table.c[name] for name in names]


def _as_received(table: sa.Table, name: str) -> sa.Label[Any]:
    """An amount as the payer sent it; null where nobody could read it."""
    column, marks = table.c[name], table.c.unreadable
    readable = sa.or_(marks == "", ~marks.contains(name, autoescape=True))
    return sa.case((readable, column), else_=None).label(name)


_DEPOSIT_OF_ROW = (
    _d.id.label("deposit_id"),
    _d.check_number,
    _d.payer_name,
    sa.type_coerce(DEPOSITED, sa.Date).label("deposited"),
)


def deposits_select(wanted: DepositFilter, sight: Sight) -> sa.Select[Any]:
    columns = _of(
        deposits, "id", "practice_id", "type", "status", "deposited_date", "issued_date", "received_at",
        "check_number", "payer_id", "payer_name", "payer_identifier", "payee_name", "payee_npi", "payee_tin",
        "pay_method", "pay_type", "handling_code", "credit_debit", "deposit_cents", "payments_cents",
        "adjustments_cents", "information_cents", "exclusions_cents", "reported_cents", "posted_paid_cents",
        "posted_adjustments_cents", "charged_cents", "patient_responsibility_cents",
        "provider_adjustments_cents", "transaction_gap_cents", "claims_count", "lines_count",
        "unbalanced_claims", "unbalanced_lines", "open_errors", "import_file_id", "sent_at", "disbursed_at",
        "unreadable",
    )  # fmt: skip
    practice = sa.func.coalesce(practices.c.name, "").label("practice")
    computed = [POSTING_STATUS, BALANCE, UNRECONCILED, practice, users.c.name.label("owner")]
    return (
        sa.select(*columns, *computed)
        .outerjoin(practices, practices.c.id == _d.practice_id)
        .join(users, users.c.id == _d.owner_id)
        .where(*_conditions(wanted, sight))
        .order_by(_d.id)
    )


def claims_select(wanted: DepositFilter, sight: Sight) -> sa.Select[Any]:
    columns = _of(
        deposit_claims, "id", "claim_no", "claim_id", "payer_id", "pcn", "payer_claim_no", "remit_status",
        "state", "included", "filing_indicator", "patient_last", "patient_first", "member_id",
        "rendering_npi", "service_from", "service_to", "charge_cents", "paid_cents", "unreadable",
        "patient_responsibility_cents", "allowed_cents", "deductible_cents", "coinsurance_cents",
        "copay_cents", "adjustments_cents", "information_cents", "claim_level_cents", "interest_cents",
        "gap_cents", "remark_codes", "crossover_name", "open_errors", "segment",
    )  # fmt: skip
    stated = _as_received(deposit_claims, "paid_stated_cents")
    return (
        sa.select(*_DEPOSIT_OF_ROW, *columns, stated)
        .join(deposits, _d.id == _c.deposit_id)
        .where(*_conditions(wanted, sight))
        .order_by(_c.id)
    )


def service_lines_select(wanted: DepositFilter, sight: Sight) -> sa.Select[Any]:
    columns = _of(
        deposit_lines, "id", "line_no", "charge_line_id", "code", "modifiers", "original_code",
        "revenue_code", "units", "original_units", "charge_cents", "paid_cents", "unreadable",
        "allowed_cents", "service_from", "service_to", "line_control_no", "remark_codes", "interest_cents",
        "gap_cents", "segment",
    )  # fmt: skip
    of_claim = (_c.id.label("deposit_claim_id"), _c.pcn, _c.remit_status)
    received = _as_received(deposit_lines, "paid_received_cents")
    return (
        sa.select(*_DEPOSIT_OF_ROW, *of_claim, *columns, received)
        .join(deposit_claims, _c.id == _l.deposit_claim_id)
        .join(deposits, _d.id == _c.deposit_id)
        .where(*_conditions(wanted, sight))
        .order_by(_l.id)
    )


def adjustments_select(wanted: DepositFilter, sight: Sight) -> sa.Select[Any]:
    a = adjustments.c
    columns = _of(
        adjustments,
        "id",
        "deposit_line_id",
        "reason",
        "amount_cents",
        "quantity",
        "effect",
        "segment",
        "unreadable",
    )
    computed = (
        a.group_code.label("group"),
        sa.func.coalesce(a.payment_type, "").label("payment_type"),
        _c.id.label("deposit_claim_id"),
        _c.pcn,
        _c.remit_status,
        sa.func.coalesce(_l.code, "").label("code"),
    )
    return (
        sa.select(*_DEPOSIT_OF_ROW, *computed, *columns)
        .join(deposit_claims, _c.id == a.deposit_claim_id)
        .join(deposits, _d.id == _c.deposit_id)
        .outerjoin(deposit_lines, _l.id == a.deposit_line_id)
        .where(*_conditions(wanted, sight))
        .order_by(a.id)
    )


def provider_adjustments_select(wanted: DepositFilter, sight: Sight) -> sa.Select[Any]:
    columns = _of(
        provider_adjustments, "id", "position", "provider_id", "fiscal_period_end", "reason", "reference",
        "amount_cents", "disposition", "segment", "unreadable",
    )  # fmt: skip
    return (
        sa.select(*_DEPOSIT_OF_ROW, *columns)
        .join(deposits, _d.id == provider_adjustments.c.deposit_id)
        .where(*_conditions(wanted, sight))
        .order_by(provider_adjustments.c.id)
    )


def findings_select(
    wanted: DepositFilter, sight: Sight, *, code: str = "", state: str = ""
) -> sa.Select[Any]:
    e = deposit_errors.c
    columns = _of(
        deposit_errors, "id", "deposit_claim_id", "deposit_line_id", "code", "level", "severity", "state",
        "message", "segment", "created_at", "closed_at", "close_reason",
    )  # fmt: skip
    chosen = _conditions(wanted, sight)
    chosen += [column == value for column, value in ((e.code, code), (e.state, state)) if value]
    return (
        sa.select(*_DEPOSIT_OF_ROW, *columns)
        .join(deposits, _d.id == e.deposit_id)
        .where(*chosen)
        .order_by(e.id)
    )


def imports_select(
    sight: Sight, *, user_id: int, since: date | None = None, outcome: str = ""
) -> sa.Select[Any]:
    """Attempts of the person, and of anybody whose file has deposits that the person may see."""
    i = import_log.c
    columns = _of(import_log, "id", "at", "file_name", "sha256", "outcome", "import_file_id")
    visible = sa.exists().where(_d.import_file_id == i.import_file_id, sight.condition())
    chosen = [sa.or_(i.user_id == user_id, visible)]
    if since is not None:
        chosen.append(i.at >= datetime.combine(since, time.min, UTC))
    if outcome:
        chosen.append(i.outcome == outcome)
    size = sa.func.coalesce(import_files.c.size, 0).label("size")
    return (
        sa.select(*columns, size, users.c.name.label("user"), i.findings_json)
        .join(users, users.c.id == i.user_id)
        .outerjoin(import_files, import_files.c.id == i.import_file_id)
        .where(*chosen)
        .order_by(i.id)
    )
