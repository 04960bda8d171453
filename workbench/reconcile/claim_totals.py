"""Totals of one claim as worked: the same sums as `effects.settle`, for the claim that a person edits."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain.deposit_work import AdjustmentWork, ClaimWork, LineWork
from workbench.domain.posting import Effect
from workbench.domain.remit import PayerLevel, remit_status

_OF_ALLOWED = {("PR", "1"), ("PR", "2"), ("PR", "3"), ("CO", "253")}


@dataclass(frozen=True, slots=True)
class ClaimTotals:
    """The money columns of a deposit claim; `paid_cents` contains applied provider-level money."""

    paid_cents: int
    allowed_cents: int | None
    deductible_cents: int
    coinsurance_cents: int
    copay_cents: int
    adjustments_cents: int
    information_cents: int
    claim_level_cents: int
    interest_cents: int
    gap_cents: int


def claim_totals(claim: ClaimWork) -> ClaimTotals:
    rows = claim.every_adjustment
    patient = {
        reason: _sum(row for row in rows if (row.group, row.reason) == ("PR", reason)) for reason in "123"
    }
    written_off = _sum(row for row in rows if row.effect is Effect.WRITE_OFF)
    return ClaimTotals(
        paid_cents=claim.line_paid_cents + claim.applied_cents,
        allowed_cents=_allowed(claim),
        deductible_cents=patient["1"],
        coinsurance_cents=patient["2"],
        copay_cents=patient["3"],
        adjustments_cents=written_off,
        information_cents=_sum(rows) - written_off,
        claim_level_cents=_sum(claim.adjustments),
        interest_cents=sum(line.interest_cents for line in claim.lines),
        gap_cents=claim_gap(claim),
    )


def claim_gap(claim: ClaimWork) -> int:
    """The claim formula of spec 4.6.

    While rows of claim level wait to be spread it is the formula on what the payer states (CLP04). Once
    there are none but reported ones it is the formula on the lines as worked.
    """
    waiting = [row for row in claim.adjustments if row.effect is not Effect.REPORT and row.amount_cents]
    if waiting or not claim.lines:
        return claim.charge_cents - _sum(claim.every_adjustment) - claim.paid_stated_cents
    at_lines = _sum(row for line in claim.lines for row in line.adjustments)
    return claim.charge_cents - at_lines - (claim.line_paid_cents - _interest(claim))


def payment_mismatch(claim: ClaimWork) -> int:
    """Lines as worked minus the payment stated for the claim; what is reported or is interest is explained."""
    if not claim.lines:
        return 0
    reported = _sum(row for row in claim.adjustments if row.effect is Effect.REPORT)
    return claim.line_paid_cents - _interest(claim) - reported - claim.paid_stated_cents


def _interest(claim: ClaimWork) -> int:
    return sum(line.interest_cents for line in claim.lines)


def _sum(rows: Iterable[AdjustmentWork]) -> int:
    return sum(row.amount_cents for row in rows)


def _allowed(claim: ClaimWork) -> int | None:
    primary = remit_status(claim.remit_status).level is PayerLevel.PRIMARY
    if not claim.lines:
        known = claim.allowed_cents is not None
        return (
            claim.allowed_cents
            if known or not primary
            else _formula(claim.paid_stated_cents, claim.adjustments)
        )
    parts = [_line_allowed(line, primary=primary) for line in claim.lines]
    if any(part is None for part in parts):
        return claim.allowed_cents
    return sum(part for part in parts if part is not None)


def _line_allowed(line: LineWork, *, primary: bool) -> int | None:
    if line.allowed_cents is not None:
        return line.allowed_cents
    return _formula(line.paid_cents - line.interest_cents, line.adjustments) if primary else None


def _formula(paid_cents: int, rows: tuple[AdjustmentWork, ...]) -> int:
    """Spec 4.5: paid + deductible + coinsurance + co-pay + sequestration."""
    return paid_cents + sum(row.amount_cents for row in rows if (row.group, row.reason) in _OF_ALLOWED)
