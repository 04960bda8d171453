"""The three balance levels: the verified examples of spec deposits 4.10, and that no slip of a digit passes."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.era.made import DAY, NPI, interchanges
from workbench.domain.findings import Level, Severity
from workbench.era import read_remittances
from workbench.era.message import (
    Adjustment,
    Claim,
    Dialect,
    Interchange,
    ProviderAdjustment,
    ProviderAdjustments,
    Remittance,
    ServiceLine,
)
from workbench.era.writer import write_835
from workbench.reconcile.balancing import Balance, balance

# Where amounts that take part in balancing stand: segment id -> first element, step between them.
AMOUNTS = {"BPR": (2, 99), "CLP": (3, 1), "SVC": (2, 1), "CAS": (3, 3), "PLB": (4, 2)}
LAST = {"BPR": 2, "CLP": 4, "SVC": 3, "CAS": 19, "PLB": 14}
# What must find a slip there, whatever else does.
FOUND_BY = {
    "BPR": "TX_UNBALANCED",
    "CLP": "CLAIM_UNBALANCED",
    "SVC": "LINE_UNBALANCED",
    "CAS": "CLAIM_UNBALANCED",
    "PLB": "TX_UNBALANCED",
}


def check(*claims: Claim, amount: int | None = None, plb: tuple[ProviderAdjustment, ...] = ()) -> Remittance:
    """A check of these claims; its amount is what they are paid less `plb` unless one is given."""
    owed = sum(claim.paid_cents for claim in claims) - sum(item.amount_cents for item in plb)
    return Remittance(
        amount_cents=owed if amount is None else amount,
        trace_number="T1",
        payer_name="ACME",
        payee_name="OAK",
        payee_npi=NPI,
        effective_date=DAY,
        claims=claims,
        provider_adjustments=(ProviderAdjustments(NPI, DAY, plb),) if plb else (),
    )


def balanced(*remittances: Remittance) -> Balance:
    return balance_of(write_835(Interchange(remittances)))


def balance_of(data: bytes, limit: int = 1000) -> Balance:
    file = read_remittances(data, file_name="test.835")
    return balance(
        file.remittances,
        file.claims,
        file.service_lines,
        file.adjustments,
        file.provider_adjustments,
        limit,
    )


def line(charge: int, paid: int, *adjustments: tuple[str, str, int]) -> ServiceLine:
    return ServiceLine("99213", charge, paid, adjustments=tuple(Adjustment(*each) for each in adjustments))


def claim(charge: int, paid: int, *lines: ServiceLine, **more: object) -> Claim:
    return Claim("A1", charge, paid, lines=lines, **more)  # type: ignore[arg-type]


def test_example_1_a_line() -> None:
    result = balanced(
        check(claim(15000, 5600, line(15000, 5600, ("CO", "45", 5000), ("PR", "1", 3000), ("PR", "2", 1400))))
    )
    assert result.findings == ()
    assert result.lines.to_pylist() == [{"line_no": 0, "adjustments_cents": 9400, "gap_cents": 0}]
    assert result.claims.to_pylist() == [
        {
            "claim_no": 0,
            "lines": 1,
            "lines_paid_cents": 5600,
            "claim_level_cents": 0,
            "line_level_cents": 9400,
            "patient_responsibility_cents": 4400,
            "deductible_cents": 3000,
            "coinsurance_cents": 1400,
            "copay_cents": 0,
            "gap_cents": 0,
        }
    ]


def test_example_2_claim_level_adjustment_balances_claim_and_lines() -> None:
    lines = line(8000, 7000, ("CO", "45", 1000)), line(2000, 1500, ("CO", "45", 500))
    result = balanced(check(claim(10000, 8000, *lines, adjustments=(Adjustment("OA", "94", 500),))))
    assert result.findings == ()
    (row,) = result.claims.to_pylist()
    assert (row["claim_level_cents"], row["lines_paid_cents"]) == (500, 8500)


def test_example_3_provider_adjustments_lower_the_check() -> None:
    claims = claim(8000, 8000), claim(5600, 5600), claim(40000, 40000)
    plb = ProviderAdjustment("L6", -325, "I"), ProviderAdjustment("WO", 10000, "W")
    result = balanced(check(*claims, plb=plb, amount=43925))
    assert result.findings == ()
    assert result.remittances.to_pylist() == [
        {
            "remittance_no": 0,
            "charge_cents": 53600,
            "claims_paid_cents": 53600,
            "provider_adjustments_cents": 9675,
            "gap_cents": 0,
        }
    ]


def test_example_6_a_reversal_balances_with_its_signs() -> None:
    reversal = line(-15000, -5000, ("CO", "45", -7500), ("PR", "2", -2500))
    correction = line(15000, 6000, ("CO", "45", 7500), ("PR", "2", 1500))
    result = balanced(
        check(claim(-15000, -5000, reversal, remit_status="22"), claim(15000, 6000, correction))
    )
    assert result.findings == ()


def test_each_level_says_its_arithmetic() -> None:
    wrong = claim(15000, 5500, line(15000, 5600, ("CO", "45", 5000)))
    result = balanced(check(wrong, amount=6000))
    assert [(found.code, found.level, found.severity, found.segment) for found in result.findings] == [
        ("LINE_UNBALANCED", Level.LINE, Severity.BLOCKING, 12),
        ("CLAIM_UNBALANCED", Level.CLAIM, Severity.BLOCKING, 11),
        ("TX_UNBALANCED", Level.DEPOSIT, Severity.CRITICAL, 3),
    ]
    by_line, by_claim, by_check = result.findings
    assert by_line.message == (
        "Line charge 150.00 - adjustments 50.00 = 100.00, but the line payment is 56.00: 44.00 is not explained."
    )
    assert by_line.context == {
        "whole_cents": 15000,
        "adjustments_cents": 5000,
        "result_cents": 5600,
        "gap_cents": 4400,
    }
    assert (by_line.remittance_no, by_line.claim_no, by_line.line_no) == (0, 0, 0)
    assert by_claim.context["gap_cents"] == 15000 - 5000 - 5500
    assert by_check.message == (
        "Claims paid 55.00 - provider adjustments 0.00 = 55.00, but the deposit is 60.00: -5.00 is not explained."
    )


def test_gaps_belong_to_their_own_rows() -> None:
    good, bad = claim(100, 100), claim(100, 90)
    result = balanced(check(good, bad, good), check(good), check(bad, amount=100))
    assert result.claim_gaps.tolist() == [0, 10, 0, 0, 10]
    assert result.remittance_gaps.tolist() == [0, 0, -10]


def test_findings_beyond_the_limit_are_counted() -> None:
    data = write_835(Interchange((check(*[claim(100, 90)] * 20),)))
    found = balance_of(data, limit=5).findings
    assert [each.claim_no for each in found] == [0, 1, 2, 3, 4, None]
    assert found[-1].context == {"not_listed": 15}


def test_sums_beyond_64_bits_do_not_wrap_round() -> None:
    """Hundred adjustments of the largest amount would wrap round to a small gap."""
    largest = Adjustment("CO", "45", 10**17 - 1)
    result = balanced(check(claim(100, 100, adjustments=(largest,) * 100)))
    assert result.claim_gaps.tolist()[0] < -(10**17)


@dataclass(frozen=True)
class Digit:
    """One digit of one amount in a file."""

    place: int
    code: str


def digits(data: bytes) -> list[Digit]:
    """Every digit of every amount that takes part in balancing."""
    found, place = [], 0
    for segment in data.decode().split("~"):
        elements = segment.strip().split("*")
        start = place + segment.index(segment.strip()) if segment.strip() else place
        first, step = AMOUNTS.get(elements[0], (0, 0))
        for number, element in enumerate(elements):
            counts = first and number in range(first, LAST[elements[0]] + 1, step)
            if counts:
                found += [Digit(start + at, elements[0]) for at, char in enumerate(element) if char.isdigit()]
            start += len(element) + 1
        place += len(segment) + 1
    return found


def assert_slips_are_found(interchange: Interchange, seed: int, line_end: str) -> None:
    data = write_835(interchange, Dialect(line_end=line_end))
    assert balance_of(data).findings == ()
    places = digits(data)
    assume(places)
    chance = random.Random(seed)
    for digit in chance.sample(places, min(len(places), 12)):
        wrong = bytearray(data)
        wrong[digit.place] = ord(chance.choice("0123456789".replace(chr(data[digit.place]), "")))
        found = {finding.code for finding in balance_of(bytes(wrong)).findings}
        assert FOUND_BY[digit.code] in found, (digit, found)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(interchanges, st.integers(0, 2**32), st.sampled_from(["", "\n"]))
def test_a_slip_of_one_digit_in_any_amount_is_found(
    interchange: Interchange, seed: int, line_end: str
) -> None:
    assert_slips_are_found(interchange, seed, line_end)


@pytest.mark.deep
@settings(max_examples=2_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(interchanges, st.integers(0, 2**32))
def test_a_slip_of_one_digit_in_any_amount_is_found_in_2000_files(
    interchange: Interchange, seed: int
) -> None:
    assert_slips_are_found(interchange, seed, "")
