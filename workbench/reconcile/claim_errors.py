"""What keeps one claim of a deposit from posting, and what a person should look at (spec deposits 3.1, 3.3).

Pure and idempotent: the same claim gives the same errors with the same keys. Errors that depend on the
ledger (over-adjustment, reversals, credits) come from the dry run in `posting.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.deposit import DepositType
from workbench.domain.deposit_errors import ERROR_KINDS, error_key
from workbench.domain.deposit_work import AdjustmentWork, ClaimWork, LineWork
from workbench.domain.findings import Level, Severity
from workbench.domain.money import format_dollars
from workbench.domain.posting import Effect
from workbench.domain.remit import remit_status
from workbench.reconcile.claim_totals import claim_gap, payment_mismatch

# What `errors_of_claim` decides about: an open error of these that it no longer finds is resolved.
CLAIM_CODES = frozenset(
    {
        "CLAIM_NOT_FOUND",
        "CARRIER_PAYMENT_MISMATCH",
        "CLAIM_LEVEL_ADJUSTMENT",
        "PAYER_LEVEL_MISMATCH",
        "CLAIM_UNBALANCED",
        "LINE_UNBALANCED",
        "PR_SUM_DIFF",
        "PROCEDURE_CODE_CONFLICT",
        "UNMAPPED_CARC",
        "MISSING_PAYMENT_TYPE",
        "PATIENT_NAME_MISMATCH",
        "DOS_MISMATCH",
        "MISSING_REMIT_STATUS",
    }
)
_NOT_LETTERS = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class FoundError:
    """An error as computed. `message` and `context` are its facts: an ignored one comes back when they change."""

    code: str
    level: Level
    severity: Severity
    message: str
    key: str
    deposit_claim_id: int | None = None
    deposit_line_id: int | None = None
    segment: int | None = None
    context: dict[str, Any] = field(default_factory=dict)


def errors_of_claim(claim: ClaimWork, deposit_type: DepositType) -> list[FoundError]:
    """Errors of an included claim; an excluded one has none, whatever is wrong with it."""
    if not claim.included:
        return []
    found = [*_identity_errors(claim), *_line_errors(claim)]
    # Money of the patient pays lines in part: there is nothing that has to add up to the charge.
    if deposit_type in (DepositType.ERA, DepositType.EOB):
        found += [*_money_errors(claim), *_gaps(claim)]
    return found


def _error(
    claim: ClaimWork, code: str, message: str, line: LineWork | None = None, **context: Any
) -> FoundError:
    kind = ERROR_KINDS[code]
    segment = claim.segment if line is None else line.segment
    return FoundError(
        code=code,
        level=Level.CLAIM if line is None else Level.LINE,
        severity=kind.severity,
        message=message,
        key=error_key(code, claim.claim_no, None if line is None else line.line_no, segment),
        deposit_claim_id=claim.id,
        deposit_line_id=None if line is None else line.id,
        segment=segment,
        context=context,
    )


def _identity_errors(claim: ClaimWork) -> Iterator[FoundError]:
    if claim.ours is None:
        yield _error(
            claim, "CLAIM_NOT_FOUND", "No claim of ours has this number. Attach one, or exclude this claim."
        )
        return
    level = remit_status(claim.remit_status).level
    theirs = next((name for name, payer in claim.ours.payers.items() if payer == claim.payer_id), None)
    if level and claim.ours.payers and claim.payer_id is not None and theirs != level.value:
        place = f"our {theirs} payer" if theirs else "not on our claim"
        yield _error(
            claim,
            "PAYER_LEVEL_MISMATCH",
            f"The payer says it paid as {level.value}; it is {place}.",
            level=level.value,
            claim_id=claim.ours.id,
            payer_id=claim.payer_id,
        )
    if not _same_name(claim):
        # The names themselves stand in no message: which claim it was compared with is the fact.
        text = "The patient's name differs from that on our claim."
        yield _error(claim, "PATIENT_NAME_MISMATCH", text, claim_id=claim.ours.id)
    days = (claim.service_from, claim.ours.service_from)
    if all(days) and days[0] != days[1]:
        text = f"Service date {days[0]} here, {days[1]} on our claim."
        yield _error(claim, "DOS_MISMATCH", text, claim_id=claim.ours.id)


def _same_name(claim: ClaimWork) -> bool:
    """Compares letters and digits only; a first name may be cut short on either side."""
    if claim.ours is None:
        return True
    last, first = _plain(claim.patient_last), _plain(claim.patient_first)
    our_last, our_first = _plain(claim.ours.patient_last), _plain(claim.ours.patient_first)
    if not last or not our_last:
        return True
    return last == our_last and (first.startswith(our_first) or our_first.startswith(first))


def _plain(name: str) -> str:
    return _NOT_LETTERS.sub("", name.upper())


def _money_errors(claim: ClaimWork) -> Iterator[FoundError]:
    waiting = [row for row in claim.adjustments if row.effect is not Effect.REPORT and row.amount_cents]
    mismatch = payment_mismatch(claim)
    if waiting and claim.lines:
        total = sum(row.amount_cents for row in waiting)
        codes = ", ".join(row.code for row in waiting)
        yield _error(
            claim,
            "CLAIM_LEVEL_ADJUSTMENT",
            f"{codes} of {format_dollars(total)} is for the whole claim: lines paid "
            f"{format_dollars(claim.line_paid_cents)}, claim paid {format_dollars(claim.paid_stated_cents)}. "
            "Spread it over the lines.",
            amount_cents=total,
        )
        # The corollary of spec 4.6: one task, not two for one cause.
        mismatch -= total
    if mismatch:
        yield _error(
            claim,
            "CARRIER_PAYMENT_MISMATCH",
            f"The lines are paid {format_dollars(claim.line_paid_cents)}, the claim "
            f"{format_dollars(claim.paid_stated_cents)}: {format_dollars(mismatch)} too much on the lines.",
            gap_cents=mismatch,
        )
    gap = claim_gap(claim)
    # What the lines leave unexplained is said at the lines: one task for one cause.
    if gap and not mismatch and gap != sum(line.gap_cents for line in claim.lines):
        yield _error(
            claim,
            "CLAIM_UNBALANCED",
            f"{format_dollars(gap)} of the charge {format_dollars(claim.charge_cents)} is not explained.",
            gap_cents=gap,
        )
    patient = sum(row.amount_cents for row in claim.every_adjustment if row.group == "PR")
    stated = claim.patient_responsibility_cents
    if stated and stated != patient:
        yield _error(
            claim,
            "PR_SUM_DIFF",
            f"The payer states a patient's share of {format_dollars(stated)}; the PR rows sum to {format_dollars(patient)}.",
        )
    yield from _row_errors(claim, claim.adjustments, None)


def _gaps(claim: ClaimWork) -> Iterator[FoundError]:
    if not claim.remit_status:
        text = "Choose how the payer processed the claim (remit status)."
        yield _error(claim, "MISSING_REMIT_STATUS", text)
    for line in claim.lines:
        if line.gap_cents:
            paid = f"charge {format_dollars(line.charge_cents)}, paid {format_dollars(line.paid_cents)}"
            text = f"{line.title}: {paid}; {format_dollars(line.gap_cents)} is not explained."
            yield _error(claim, "LINE_UNBALANCED", text, line, gap_cents=line.gap_cents)


def _line_errors(claim: ClaimWork) -> Iterator[FoundError]:
    for line in claim.lines:
        if claim.ours is not None and line.charge_line_id is None:
            yield _error(
                claim, "PROCEDURE_CODE_CONFLICT", f"{line.title} is not on our claim. Map it to a line.", line
            )
        yield from _row_errors(claim, line.adjustments, line)


def _row_errors(
    claim: ClaimWork, rows: tuple[AdjustmentWork, ...], line: LineWork | None
) -> Iterator[FoundError]:
    unknown = sorted({row.code for row in rows if row.effect is Effect.BLOCK and row.amount_cents})
    if unknown:
        text = f"No rule says what {', '.join(unknown)} does."
        yield _error(claim, "UNMAPPED_CARC", text, line, codes=unknown)
    # A reported amount goes to no account: it needs no payment type.
    placed = [row for row in rows if row.effect not in (Effect.BLOCK, Effect.REPORT) and row.amount_cents]
    untyped = sorted({row.code for row in placed if not row.payment_type})
    if untyped:
        text = f"Choose the payment type of {', '.join(untyped)}."
        yield _error(claim, "MISSING_PAYMENT_TYPE", text, line, codes=untyped)
