"""The checks of spec deposits 3.1 and 3.3 that need only the file: each finds its case, and stays silent otherwise."""

from dataclasses import replace
from typing import Any

import pytest

from tests.era.made import small_interchange
from workbench.domain.findings import Finding, Level, Severity
from workbench.era import read_remittances
from workbench.era.message import Adjustment, Claim, Interchange, Remittance, ServiceLine
from workbench.era.writer import write_835
from workbench.reconcile.balancing import balance
from workbench.reconcile.file_checks import check_file

FIRST = small_interchange().remittances[0]
PATIENT = (Adjustment("PR", "1", 400),)


def found(*remittances: Remittance, limit: int = 1000) -> tuple[Finding, ...]:
    file = read_remittances(write_835(Interchange(remittances)), file_name="test.835")
    sums = balance(
        file.remittances, file.claims, file.service_lines, file.adjustments, file.provider_adjustments
    )
    return check_file(file.remittances, file.claims, file.adjustments, sums.claims, limit)


def check(*claims: Claim, **changes: Any) -> Remittance:
    return replace(FIRST, claims=claims, **changes)


def with_line(claim_paid: int, line_paid: int, *at_claim: Adjustment) -> Claim:
    line = ServiceLine("99213", 1000, line_paid, adjustments=PATIENT)
    return Claim(
        "A1", 1000, claim_paid, patient_responsibility_cents=400, adjustments=at_claim, lines=(line,)
    )


QUIET_CLAIM = with_line(600, 600)


def test_an_ordinary_claim_is_quiet() -> None:
    assert found(check(QUIET_CLAIM)) == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"credit_debit": "D"}, "DEBIT_ERA"),
        ({"handling_code": "D"}, "BAD_HANDLING_CODE"),
        ({"handling_code": "P"}, "BAD_HANDLING_CODE"),
        ({"handling_code": "X"}, "BAD_HANDLING_CODE"),
        ({"amount_cents": -1}, "NEGATIVE_DEPOSIT"),
        ({"payment_method": "NON"}, "PAYMENT_METHOD_MISMATCH"),
    ],
)
def test_deposit_checks(changes: dict[str, Any], code: str) -> None:
    (finding,) = found(check(QUIET_CLAIM), check(QUIET_CLAIM, **changes))
    assert (finding.code, finding.level, finding.severity) == (code, Level.DEPOSIT, Severity.CRITICAL)
    assert finding.remittance_no == 1


@pytest.mark.parametrize("code", ["C", "H", "I", "U"])
def test_handling_codes_that_pass(code: str) -> None:
    assert found(check(QUIET_CLAIM, handling_code=code)) == ()


@pytest.mark.parametrize("status", ["23", "25"])
def test_statuses_that_are_not_for_posting(status: str) -> None:
    (finding,) = found(check(QUIET_CLAIM, replace(QUIET_CLAIM, remit_status=status)))
    assert (finding.code, finding.severity, finding.claim_no) == ("NOT_FOR_POSTING", Severity.WARNING, 1)


def test_a_reversal_needs_its_correction_in_the_file() -> None:
    reversal = replace(QUIET_CLAIM, remit_status="22")
    assert found(check(reversal, QUIET_CLAIM)) == ()
    assert found(check(reversal), check(QUIET_CLAIM)) == ()
    (finding,) = found(check(replace(reversal, pcn="OTHER"), QUIET_CLAIM))
    assert (finding.code, finding.claim_no) == ("REVERSAL_ALONE", 0)


def test_claim_level_money_and_the_payment_difference_are_one_task() -> None:
    (finding,) = found(check(with_line(500, 600, Adjustment("OA", "94", 100))))
    assert (finding.code, finding.severity) == ("CLAIM_LEVEL_ADJUSTMENT", Severity.BLOCKING)
    assert finding.message == (
        "1.00 is adjusted on the claim itself: spread it over the lines."
        " That is why the lines pay 6.00, the claim 5.00."
    )
    assert finding.context == {
        "claim_level_cents": 100,
        "lines_paid_cents": 600,
        "paid_cents": 500,
        "mismatch_cents": 100,
    }


def test_a_payment_difference_without_claim_level_money() -> None:
    (finding,) = found(check(with_line(500, 600)))
    assert (finding.code, finding.context["mismatch_cents"]) == ("CARRIER_PAYMENT_MISMATCH", 100)


def test_a_claim_without_lines_has_no_payment_difference() -> None:
    assert found(check(Claim("A1", 1000, 1000))) == ()


def test_patient_share() -> None:
    (finding,) = found(check(replace(QUIET_CLAIM, patient_responsibility_cents=399)))
    assert (finding.code, finding.severity) == ("PR_SUM_DIFF", Severity.WARNING)
    assert finding.message == "The patient's share (CLP05) is 3.99, but the PR adjustments sum to 4.00."
    assert found(check(replace(QUIET_CLAIM, patient_responsibility_cents=None))) == ()


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Claim("A1", 1000, 0, remit_status="1"), ["ZERO_PAY_DENIAL"]),
        (Claim("A1", 1000, 0, remit_status="4"), ["ZERO_PAY_DENIAL"]),
        (Claim("A1", 1000, 600, remit_status="4"), ["ZERO_PAY_DENIAL"]),
        (Claim("A1", 1000, 0, remit_status="25"), ["NOT_FOR_POSTING"]),
        (Claim("A1", 0, 0), []),
        (replace(with_line(0, 0), remit_status="1"), []),
    ],
)
def test_zero_payments(claim: Claim, expected: list[str]) -> None:
    assert [finding.code for finding in found(check(claim))] == expected


def test_groups() -> None:
    lines = tuple(
        ServiceLine("99213", 100, 0, adjustments=(Adjustment(group, "45", 100),))
        for group in ("CR", "ZZ", "CO")
    )
    claim = Claim("A1", 300, 0, patient_responsibility_cents=0, remit_status="4", lines=lines)
    old, unknown = (each for each in found(check(claim)) if each.code.endswith("_GROUP"))
    assert (old.code, old.level, old.line_no, old.segment) == ("CR_GROUP", Level.LINE, 0, 13)
    assert (unknown.code, unknown.level, unknown.line_no) == ("UNKNOWN_GROUP", Level.LINE, 1)


def test_findings_beyond_the_limit_are_counted() -> None:
    denied = Claim("A1", 1000, 0, remit_status="4")
    several = found(check(*[denied] * 10), limit=4)
    assert [each.claim_no for each in several] == [0, 1, 2, 3, None]
    assert several[-1].context == {"not_listed": 6}
