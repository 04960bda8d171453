"""The synthetic office is the same every time, nobody's, and wrong only where a story says so."""

import re
from collections.abc import Sequence
from datetime import date

import pytest

from workbench.era.message import Claim as RemittedClaim
from workbench.services.demo.adjudication import deny, pay, pay_second, reverse
from workbench.services.demo.claims import Claim, make_claims
from workbench.services.demo.correspondence import correspondence
from workbench.services.demo.mailroom import DemoFile, Mailroom
from workbench.services.demo.office import FACILITIES, PAYERS, PRACTICES

TODAY = date(2026, 3, 2)  # a Monday


@pytest.fixture(scope="module")
def claims() -> list[Claim]:
    return make_claims(50_000, seed=835, today=TODAY)


@pytest.fixture(scope="module")
def files(claims: list[Claim]) -> list[DemoFile]:
    return correspondence(Mailroom.holding(claims, seed=836, today=TODAY))


def unbalanced(answers: Sequence[RemittedClaim]) -> list[RemittedClaim]:
    """Spec deposits 4.6, written once more and independently of `workbench.reconcile`."""
    wrong = []
    for claim in answers:
        rows = [row.amount_cents for row in claim.adjustments]
        for line in claim.lines:
            line_rows = [row.amount_cents for row in line.adjustments]
            if line.charge_cents - sum(line_rows) != line.paid_cents:
                wrong.append(claim)
            rows += line_rows
        if claim.charge_cents - sum(rows) != claim.paid_cents:
            wrong.append(claim)
    return wrong


def test_the_office_has_the_size_that_the_issue_names(claims: list[Claim]) -> None:
    assert len(PRACTICES) == 2
    assert len(PAYERS) == 10
    assert all(payer.plans for payer in PAYERS)
    assert len(FACILITIES) == 5
    assert len(claims) == len({claim.pcn for claim in claims}) == 50_000
    assert {claim.practice for claim in claims} == {0, 1}
    assert {claim.facility for claim in claims} == set(range(5))


def test_it_is_an_anesthesia_office(claims: list[Claim]) -> None:
    lines = [line for claim in claims for line in claim.lines]
    anesthesia = [line for line in lines if re.fullmatch("0[01][0-9]{3}", line.code)]
    assert len(anesthesia) > len(lines) / 2
    assert {line.modifiers[0] for line in anesthesia} == {"AA", "QK", "QX", "QZ"}
    assert {line.modifiers[1] for line in anesthesia} == {"P1", "P2", "P3", "P4"}
    assert {line.code for line in lines} & {"99213", "99214"}


def test_the_same_seed_and_day_make_the_same_office(files: list[DemoFile]) -> None:
    again = make_claims(50_000, seed=835, today=TODAY)
    assert correspondence(Mailroom.holding(again, seed=836, today=TODAY)) == files
    assert make_claims(100, seed=1, today=TODAY) != make_claims(100, seed=2, today=TODAY)


def test_no_number_can_belong_to_anybody(files: list[DemoFile]) -> None:
    """NPIs that were never issued (first digit 2), tax numbers that cannot be an SSN (first three 000)."""
    text = b"".join(file.data for file in files).decode("ascii")
    npis = set(re.findall(r"\*XX\*([0-9]+)", text))
    assert len(npis) > 20
    assert all(len(npi) == 10 and npi.startswith("2") for npi in npis)
    tins = set(re.findall(r"REF\*TJ\*([0-9]+)", text))
    assert tins
    assert all(tin.startswith("000") for tin in tins)
    assert not re.search(r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b", text)


def test_npi_check_digits_are_right() -> None:
    """1234567893 is the example of the CMS rule; ours are made by the same one."""
    for practice in PRACTICES:
        digits = [int(digit) for digit in "80840" + practice.npi]
        doubled = [digit * 2 for digit in digits[-2::-2]]
        luhn = sum(digits[-1::-2]) + sum(value // 10 + value % 10 for value in doubled)
        assert luhn % 10 == 0


def test_files_hold_33_payments_and_arrive_in_order(files: list[DemoFile]) -> None:
    assert sum(file.payments for file in files) == 33
    assert sum(file.data.count(b"ST*835*") + file.data.count(b"ST|835|") for file in files) == 33
    assert [file.day for file in files] == sorted(file.day for file in files)
    assert all(file.day < TODAY for file in files)
    assert len({file.name for file in files}) == len(files)


def test_one_payment_has_ten_thousand_claims(files: list[DemoFile]) -> None:
    assert [file.name for file in files if file.data.count(b"\nCLP*") == 10_000] == ["slsp-ten-thousand.835"]


def test_answers_balance_unless_a_story_says_otherwise(claims: list[Claim]) -> None:
    room = Mailroom.holding(claims, seed=836, today=TODAY)
    answers = [pay(room.rng, claim) for claim in claims[:3_000]]
    denied = [deny(room.rng, claim) for claim in claims[:200]]
    reversed_claims = [reverse(answer) for answer in answers[:200]]
    secondary = [
        pay_second(claim, answer, tells_prior=tells_prior)
        for claim, answer in zip(claims, answers, strict=False)
        if claim.secondary is not None
        for tells_prior in (True, False)
    ]
    assert len(secondary) > 200
    assert unbalanced([*answers, *denied, *reversed_claims, *secondary]) == []
    assert all(answer.paid_cents >= 0 for answer in answers)
    assert all(answer.paid_cents == 0 for answer in denied)


def test_only_the_stories_of_imbalance_are_unbalanced(claims: list[Claim]) -> None:
    room = Mailroom.holding(claims, seed=836, today=TODAY)
    correspondence(room)
    answers = [answer for paid in room.paid.values() for answer in paid]
    # The one line that lost its write-off counts twice: as a line and as a claim.
    assert len(unbalanced(answers)) == 2
