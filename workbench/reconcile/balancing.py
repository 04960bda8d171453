"""The three balance levels of an 835 (TR3 1.10.2, spec deposits 4.6), in cents, for all rows at once.

    line  : SVC02 - sum of CAS of the line                    = SVC03
    claim : CLP03 - sum of CAS of the claim and all its lines = CLP04
    check : sum of CLP04 - sum of PLB                         = BPR02

What is left over is the gap; it is shown, never forced to 0. An amount that could not be read (null)
takes no part: the reader's own finding, UNREADABLE_AMOUNT, says which one and stops its claim or
deposit. AMT never takes part.

The tables are those of `docs/architecture.md`; only column names are used here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.money import format_cents
from workbench.reconcile.frames import Bools, Ints, equals, known, numbers, sums

# Findings of one code that are spelled out; every gap stands in the tables in any case.
LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums and gaps, one row for each row of the table they belong to and in its order.

    Attributes:
        lines: `line_no adjustments_cents gap_cents`.
        claims: `claim_no lines lines_paid_cents claim_level_cents line_level_cents
            patient_responsibility_cents deductible_cents coinsurance_cents copay_cents gap_cents`;
            `patient_responsibility_cents` is the sum of the PR rows, of which PR-1, PR-2 and PR-3 follow.
        remittances: `remittance_no charge_cents claims_paid_cents provider_adjustments_cents gap_cents`.
        findings: LINE_UNBALANCED, CLAIM_UNBALANCED, TX_UNBALANCED with their arithmetic.
    """

    lines: pa.Table
    claims: pa.Table
    remittances: pa.Table
    findings: tuple[Finding, ...]

    @property
    def line_gaps(self) -> Ints:
        """`gap_cents` of each service line."""
        return numbers(self.lines, "gap_cents")

    @property
    def claim_gaps(self) -> Ints:
        """`gap_cents` of each claim."""
        return numbers(self.claims, "gap_cents")

    @property
    def remittance_gaps(self) -> Ints:
        """`gap_cents` of each remittance."""
        return numbers(self.remittances, "gap_cents")


def balance(
    remittances: pa.Table,
    claims: pa.Table,
    service_lines: pa.Table,
    adjustments: pa.Table,
    provider_adjustments: pa.Table,
    limit: int = LIMIT,
) -> Balance:
    """Balances the tables of one file. Row numbers (`claim_no` ...) count from 0 without gaps."""
    lines = _lines(service_lines, adjustments)
    by_claim = _claims(claims, service_lines, adjustments)
    checks = _remittances(remittances, claims, provider_adjustments)
    findings = (
        *_line_findings(service_lines, lines, limit),
        *_claim_findings(claims, by_claim, limit),
        *_remittance_findings(remittances, checks, limit),
    )
    return Balance(lines, by_claim, checks, findings)


def _lines(service_lines: pa.Table, adjustments: pa.Table) -> pa.Table:
    count = len(service_lines)
    owners, at_line = numbers(adjustments, "line_no"), known(adjustments, "line_no")
    cents = numbers(adjustments, "amount_cents")
    adjusted = sums(owners[at_line], cents[at_line], count)
    gap = numbers(service_lines, "charge_cents") - adjusted - numbers(service_lines, "paid_cents")
    return pa.table(
        {
            "line_no": service_lines["line_no"],
            "adjustments_cents": adjusted,
            "gap_cents": gap,
        }
    )


def _claims(claims: pa.Table, service_lines: pa.Table, adjustments: pa.Table) -> pa.Table:
    count = len(claims)
    owners, cents = numbers(adjustments, "claim_no"), numbers(adjustments, "amount_cents")
    at_line = known(adjustments, "line_no")
    patient = equals(adjustments, "group", "PR")

    def total(chosen: Bools) -> Ints:
        return sums(owners[chosen], cents[chosen], count)

    claim_level, line_level = total(~at_line), total(at_line)
    line_owners = numbers(service_lines, "claim_no")
    gap = numbers(claims, "charge_cents") - claim_level - line_level - numbers(claims, "paid_cents")
    return pa.table(
        {
            "claim_no": claims["claim_no"],
            "lines": np.bincount(line_owners, minlength=count),
            "lines_paid_cents": sums(line_owners, numbers(service_lines, "paid_cents"), count),
            "claim_level_cents": claim_level,
            "line_level_cents": line_level,
            "patient_responsibility_cents": total(patient),
            "deductible_cents": total(patient & equals(adjustments, "reason", "1")),
            "coinsurance_cents": total(patient & equals(adjustments, "reason", "2")),
            "copay_cents": total(patient & equals(adjustments, "reason", "3")),
            "gap_cents": gap,
        }
    )


def _remittances(remittances: pa.Table, claims: pa.Table, provider_adjustments: pa.Table) -> pa.Table:
    count = len(remittances)
    owners = numbers(claims, "remittance_no")
    plb_owners = numbers(provider_adjustments, "remittance_no")
    paid = sums(owners, numbers(claims, "paid_cents"), count)
    taken = sums(plb_owners, numbers(provider_adjustments, "amount_cents"), count)
    gap = paid - taken - numbers(remittances, "amount_cents")
    return pa.table(
        {
            "remittance_no": remittances["remittance_no"],
            "charge_cents": sums(owners, numbers(claims, "charge_cents"), count),
            "claims_paid_cents": paid,
            "provider_adjustments_cents": taken,
            "gap_cents": gap,
        }
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    """How an unbalanced row is told."""

    code: str
    severity: Severity
    level: Level
    whole: str
    adjusted: str
    result: str

    def message(self, whole: int, adjusted: int, result: int) -> str:
        gap = whole - adjusted - result
        return (
            f"{self.whole} {format_cents(whole)} - {self.adjusted} {format_cents(adjusted)}"
            f" = {format_cents(whole - adjusted)}, but {self.result} is {format_cents(result)}:"
            f" {format_cents(gap)} is not explained."
        )


_LINE = _Rule(
    "LINE_UNBALANCED", Severity.BLOCKING, Level.LINE, "Line charge", "adjustments", "the line payment"
)
_CLAIM = _Rule(
    "CLAIM_UNBALANCED", Severity.BLOCKING, Level.CLAIM, "Claim charge", "adjustments", "the claim payment"
)
_CHECK = _Rule(
    "TX_UNBALANCED", Severity.CRITICAL, Level.DEPOSIT, "Claims paid", "provider adjustments", "the deposit"
)


def _line_findings(service_lines: pa.Table, lines: pa.Table, limit: int) -> Iterator[Finding]:
    parts = (
        numbers(service_lines, "charge_cents"),
        numbers(lines, "adjustments_cents"),
        numbers(service_lines, "paid_cents"),
    )
    return _findings(_LINE, service_lines, numbers(lines, "gap_cents"), parts, limit)


def _claim_findings(claims: pa.Table, by_claim: pa.Table, limit: int) -> Iterator[Finding]:
    adjusted = numbers(by_claim, "claim_level_cents") + numbers(by_claim, "line_level_cents")
    parts = numbers(claims, "charge_cents"), adjusted, numbers(claims, "paid_cents")
    return _findings(_CLAIM, claims, numbers(by_claim, "gap_cents"), parts, limit)


def _remittance_findings(remittances: pa.Table, checks: pa.Table, limit: int) -> Iterator[Finding]:
    parts = (
        numbers(checks, "claims_paid_cents"),
        numbers(checks, "provider_adjustments_cents"),
        numbers(remittances, "amount_cents"),
    )
    return _findings(_CHECK, remittances, numbers(checks, "gap_cents"), parts, limit)


def _findings(
    rule: _Rule, table: pa.Table, gap: Ints, parts: tuple[Ints, Ints, Ints], limit: int
) -> Iterator[Finding]:
    """One finding for each row with a gap, `limit` of them, and one that counts the rest."""
    unbalanced = np.flatnonzero(gap)
    places = table.select(
        [name for name in ("remittance_no", "claim_no", "line_no", "segment") if name in table.column_names]
    )
    for row, place in zip(unbalanced.tolist(), places.take(unbalanced[:limit]).to_pylist(), strict=False):
        whole, adjusted, result = (int(part[row]) for part in parts)
        context = {
            "whole_cents": whole,
            "adjustments_cents": adjusted,
            "result_cents": result,
            "gap_cents": int(gap[row]),
        }
        message = rule.message(whole, adjusted, result)
        yield Finding(rule.code, rule.severity, rule.level, message, context=context, **place)
    if len(unbalanced) > limit:
        rest = len(unbalanced) - limit
        message = f"{rest} more findings of this kind are not listed; each row has its gap."
        yield Finding(rule.code, rule.severity, Level.FILE, message, context={"not_listed": rest})
