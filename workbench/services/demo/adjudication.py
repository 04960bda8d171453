"""What a synthetic payer decides about a claim of ours: allowed amount, patient share, write-off, payment.

Every result balances (835 TR3 1.10.2.1, spec deposits 4.6): what is to be wrong is made wrong afterwards.
"""

import random
from collections.abc import Iterable
from dataclasses import replace

from workbench.era.message import Adjustment, ServiceLine
from workbench.era.message import Claim as RemittedClaim
from workbench.services.demo.claims import Claim
from workbench.services.demo.office import PAYERS, Coverage, Payer
from workbench.services.demo.procedures import Line

SEQUESTRATION_PERCENT = 2
# Why a payer pays nothing: group, reason, remark code.
DENIALS = (
    ("CO", "16", "N290"),
    ("CO", "50", "N115"),
    ("CO", "197", "M62"),
    ("CO", "29", ""),
    ("CO", "97", "M15"),
    ("PR", "204", ""),
    ("OA", "18", ""),
)
_FILING_INDICATORS = {
    Coverage.SENIOR: "MB",
    Coverage.COMMERCIAL: "12",
    Coverage.STATE: "MC",
    Coverage.INJURY: "WC",
    Coverage.SUPPLEMENT: "CI",
}


def allowed_cents(line: Line, payer: Payer) -> int:
    """What the payer's fee schedule grants, never more than was charged."""
    return min(line.charge_cents, line.rated_hundredths * payer.unit_rate_cents // 100)


def _patient_shares(rng: random.Random, payer: Payer, allowed: int) -> list[Adjustment]:
    if payer.coverage in (Coverage.STATE, Coverage.INJURY):
        return []
    if payer.coverage is Coverage.SENIOR:
        deductible = min(allowed, 257_00) if rng.random() < 0.04 else 0
        coinsurance = (allowed - deductible) * 20 // 100
        copay = 0
    else:
        deductible = min(allowed, rng.randrange(50_00, 900_00)) if rng.random() < 0.18 else 0
        coinsurance = (allowed - deductible) * rng.choice((0, 10, 20)) // 100
        copay = min(rng.choice((0, 0, 25_00, 40_00)), allowed - deductible - coinsurance)
    shares = (("1", deductible), ("2", coinsurance), ("3", copay))
    return [Adjustment("PR", reason, cents) for reason, cents in shares if cents]


def _service_line(claim: Claim, line_no: int, adjustments: Iterable[Adjustment], allowed: int) -> ServiceLine:
    line = claim.lines[line_no]
    rows = tuple(adjustments)
    return ServiceLine(
        code=line.code,
        modifiers=line.modifiers,
        units=str(line.units),
        charge_cents=line.charge_cents,
        paid_cents=line.charge_cents - sum(row.amount_cents for row in rows),
        service_from=claim.service_date,
        adjustments=rows,
        allowed_cents=allowed,
        line_control_no=claim.line_control_no(line_no),
    )


def _paid_line(rng: random.Random, claim: Claim, line_no: int, payer: Payer) -> ServiceLine:
    line = claim.lines[line_no]
    allowed = allowed_cents(line, payer)
    rows = [Adjustment("CO", "45", line.charge_cents - allowed)] if allowed < line.charge_cents else []
    shares = _patient_shares(rng, payer, allowed)
    if payer.coverage is Coverage.SENIOR:
        due = allowed - sum(row.amount_cents for row in shares)
        sequestered = due * SEQUESTRATION_PERCENT // 100
        rows += [Adjustment("CO", "253", sequestered)] if sequestered else []
    return _service_line(claim, line_no, [*rows, *shares], allowed)


def _remitted(claim: Claim, payer: Payer, status: str, lines: tuple[ServiceLine, ...]) -> RemittedClaim:
    """The CLP loop around the lines, with totals that follow from them."""
    answer = RemittedClaim(
        pcn=claim.pcn,
        remit_status=status,
        charge_cents=sum(line.charge_cents for line in lines),
        paid_cents=sum(line.paid_cents for line in lines),
        filing_indicator=_FILING_INDICATORS[payer.coverage],
        payer_claim_no=f"{payer.code}{claim.pcn[-6:]}01",
        facility_type="22",
        patient_last=claim.last,
        patient_first=claim.first,
        patient_id=claim.member_id,
        rendering_npi=claim.rendering_npi,
        service_from=claim.service_date,
        service_to=claim.service_date,
        lines=lines,
    )
    return replace(answer, patient_responsibility_cents=sum(patient_shares(answer)))


def pay(rng: random.Random, claim: Claim) -> RemittedClaim:
    """The primary payer's usual answer; forwarded to the supplement where the patient has one (CLP02 19)."""
    payer = PAYERS[claim.payer]
    lines = tuple(_paid_line(rng, claim, line_no, payer) for line_no in range(len(claim.lines)))
    if claim.secondary is None:
        return _remitted(claim, payer, "1", lines)
    supplement = PAYERS[claim.secondary]
    return replace(
        _remitted(claim, payer, "19", lines),
        crossover_name=supplement.name.upper(),
        crossover_id=supplement.identifier,
    )


def patient_shares(answer: RemittedClaim) -> tuple[int, ...]:
    """What the payer left to the patient, by line."""
    return tuple(
        sum(row.amount_cents for row in line.adjustments if row.group == "PR") for line in answer.lines
    )


def deny(rng: random.Random, claim: Claim) -> RemittedClaim:
    """Nothing paid, for one reason on every line (CLP02 4)."""
    group, reason, remark = rng.choice(DENIALS)
    lines = tuple(
        replace(
            _service_line(claim, line_no, [Adjustment(group, reason, line.charge_cents)], 0),
            remark_codes=(remark,) if remark else (),
        )
        for line_no, line in enumerate(claim.lines)
    )
    return _remitted(claim, PAYERS[claim.payer], "4", lines)


def pay_second(claim: Claim, primary: RemittedClaim, *, tells_prior: bool = True) -> RemittedClaim:
    """The secondary payer's answer: it pays what the primary left to the patient, less nothing.

    With `tells_prior` what the primary did comes back as OA-23, information only (spec deposits 4.8).
    Without it the payer sends one large CO-45, which posted blindly makes a false credit.
    """
    if claim.secondary is None:
        raise ValueError("the patient has no second payer")
    group, reason = ("OA", "23") if tells_prior else ("CO", "45")
    lines = []
    for line_no, (line, left) in enumerate(zip(claim.lines, patient_shares(primary), strict=True)):
        rows = [Adjustment(group, reason, line.charge_cents - left)] if left < line.charge_cents else []
        lines.append(replace(_service_line(claim, line_no, rows, left), allowed_cents=None))
    return _remitted(claim, PAYERS[claim.secondary], "2", tuple(lines))


def reverse(remitted: RemittedClaim) -> RemittedClaim:
    """CLP02 22: every amount negated under its original group code (spec deposits 4.7)."""

    def negated(rows: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
        return tuple(replace(row, amount_cents=-row.amount_cents) for row in rows)

    lines = tuple(
        replace(
            line,
            charge_cents=-line.charge_cents,
            paid_cents=-line.paid_cents,
            adjustments=negated(line.adjustments),
            allowed_cents=None,
        )
        for line in remitted.lines
    )
    return replace(
        remitted,
        remit_status="22",
        charge_cents=-remitted.charge_cents,
        paid_cents=-remitted.paid_cents,
        patient_responsibility_cents=None,
        adjustments=negated(remitted.adjustments),
        crossover_name="",
        crossover_id="",
        lines=lines,
    )
