"""Deposits, claims and errors as JSON documents: amounts as strings with two decimals, days as ISO dates."""

from datetime import date
from typing import Any

from workbench.domain.deposit_views import (
    ClaimRow,
    DepositDetails,
    DepositError,
    DepositRow,
    DepositTotals,
    ProviderAdjustmentRow,
)
from workbench.domain.money import format_cents

DEPOSIT_MONEY = ("deposit", "payments", "adjustments", "exclusions", "reported", "balance", "unreconciled")
CLAIM_MONEY = (
    *("charge", "paid", "allowed", "deductible", "coinsurance", "copay", "adjustments", "information"),
    "patient_responsibility",
)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _money(row: Any, names: tuple[str, ...]) -> dict[str, str | None]:
    """The amounts of a row by name; None where the amount is not known."""
    amounts = {name: getattr(row, f"{name}_cents") for name in names}
    return {name: None if cents is None else format_cents(cents) for name, cents in amounts.items()}


def deposit(row: DepositRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "practice": row.practice,
        "type": row.type.value,
        "status": row.status.value,
        "posting_status": row.posting_status.value if row.posting_status else None,
        "deposited": _day(row.deposited_date),
        "production": _day(row.issued_date),
        "received": row.received_at.isoformat(),
        "check_number": row.check_number,
        "payer": row.payer_name,
        "payer_identifier": row.payer_identifier,
        "pay_method": row.pay_method,
        "pay_type": row.pay_type,
        **_money(row, DEPOSIT_MONEY),
        "owner": row.owner,
        "claims": row.claims_count,
        "open_errors": row.open_errors,
        "import_file": row.import_file,
    }


def totals(totals: DepositTotals) -> dict[str, Any]:
    return {"deposits": totals.count, **_money(totals, DEPOSIT_MONEY)}


def details(details: DepositDetails) -> dict[str, Any]:
    money = ("information", "charged", "patient_responsibility", "provider_adjustments", "transaction_gap")
    return {
        **deposit(details.row),
        **_money(details, money),
        "service_lines": details.lines_count,
        "open_critical_errors": details.open_critical_errors,
        "payee": details.payee_name,
        "handling_code": details.handling_code,
        "credit_debit": details.credit_debit,
        "balance_explained": details.balance_explained,
        "unreconciled_explained": details.unreconciled_explained,
    }


def claim(claim: ClaimRow) -> dict[str, Any]:
    return {
        "id": claim.id,
        "claim_xref": claim.pcn,
        "claim_id": claim.claim_id,
        "remit_status": claim.remit_status,
        "state": claim.state.value,
        "included": claim.included,
        "service_from": _day(claim.service_from),
        "service_to": _day(claim.service_to),
        **_money(claim, CLAIM_MONEY),
        "open_errors": claim.open_errors,
        "segment": claim.segment,
    }


def provider(row: ProviderAdjustmentRow) -> dict[str, Any]:
    return {
        "provider_id": row.provider_id,
        "reason": row.reason,
        "meaning": row.meaning,
        "reference": row.reference,
        "amount": format_cents(row.amount_cents),
        "disposition": row.disposition,
        "segment": row.segment,
    }


def error(found: DepositError) -> dict[str, Any]:
    return {
        "deposit": found.deposit_id,
        "code": found.code,
        "severity": found.severity.value,
        "level": found.level.value,
        "state": found.state,
        "segment": found.segment,
        "message": found.message,
        "advice": found.advice,
    }
