"""Header rules: spec scan-batches 1.7 (which fields), 5 (limits and words)."""

from dataclasses import replace
from datetime import date

import pytest

from workbench.domain.findings import Severity
from workbench.domain.scan_batch.header import (
    BatchHeader,
    Choice,
    HeaderFacts,
    check_header,
    with_payer,
    with_plan,
    with_practice,
)
from workbench.domain.scan_batch.words import BatchType

TODAY = date(2026, 3, 10)
CHARGE = BatchHeader("stack", 1, BatchType.CHARGE, facility_id=4, date_of_service=date(2026, 3, 9))
PAYMENT = BatchHeader("checks", 1, BatchType.PAYMENT, payer_id=2, plan_id=3)
FACTS = HeaderFacts(
    practice=Choice("North"),
    facility=Choice("St. Mary"),
    facility_affiliated=True,
    payer=Choice("ACME"),
    plan=Choice("Gold"),
    plan_payer_id=2,
)


def messages(header: BatchHeader, facts: HeaderFacts = FACTS) -> list[str]:
    return [problem.message for problem in check_header(header.fitted(), facts, TODAY)]


def test_sound_headers_have_no_problem() -> None:
    assert messages(CHARGE) == []
    assert messages(PAYMENT) == []


def test_the_other_types_fields_are_stored_empty() -> None:
    both = replace(CHARGE, payer_id=2, plan_id=3, charge_received=TODAY)
    assert replace(both, batch_type=BatchType.PAYMENT).fitted() == replace(PAYMENT, description="stack")
    assert replace(both, batch_type=None).fitted() == BatchHeader("stack", 1)


def test_description_is_one_trimmed_line() -> None:
    assert BatchHeader("  March\n 3 \t stack ").fitted().description == "March 3 stack"


def test_required_fields() -> None:
    assert messages(BatchHeader(), HeaderFacts()) == ["Choose a practice.", "Choose a batch type."]


@pytest.mark.parametrize(("length", "fine"), [(255, True), (256, False)])
def test_description_length(length: int, fine: bool) -> None:
    assert (messages(replace(CHARGE, description="x" * length)) == []) == fine


@pytest.mark.parametrize(
    ("service", "received", "expected"),
    [
        (TODAY, TODAY, []),
        (date(2026, 3, 11), None, [("date_of_service", "blocking")]),
        (date(2025, 3, 10), None, []),
        (date(2025, 3, 9), None, [("date_of_service", "warning")]),
        (None, date(2026, 3, 11), [("charge_received", "blocking")]),
        (date(2026, 3, 5), date(2026, 3, 4), [("charge_received", "warning")]),
        (None, date(2020, 1, 1), []),
    ],
)
def test_limits_of_dates(
    service: date | None, received: date | None, expected: list[tuple[str, str]]
) -> None:
    header = replace(CHARGE, date_of_service=service, charge_received=received)
    found = check_header(header, FACTS, TODAY)
    assert [(problem.field, problem.severity) for problem in found] == expected


def test_a_year_before_the_leap_day() -> None:
    header = replace(CHARGE, date_of_service=date(2027, 2, 28))
    assert check_header(header, FACTS, date(2028, 2, 29)) == []


def test_plan_of_another_payer_is_refused_in_the_words_of_the_spec() -> None:
    assert messages(PAYMENT, replace(FACTS, plan_payer_id=9)) == ["Plan Gold does not belong to payer ACME."]


def test_inactive_entries_stay_only_where_they_are_stored() -> None:
    inactive = replace(FACTS, facility=Choice("St. Mary", active=False))
    assert messages(CHARGE, inactive) == ["Facility St. Mary is inactive."]
    assert messages(CHARGE, replace(inactive, stored=CHARGE)) == []
    gone = replace(FACTS, payer=Choice("ACME", active=False), plan=Choice("Gold", active=False))
    assert [p.field for p in check_header(PAYMENT, gone, TODAY)] == ["payer_id", "plan_id"]
    assert messages(PAYMENT, replace(gone, stored=PAYMENT)) == []


def test_facility_must_serve_the_practice() -> None:
    assert messages(CHARGE, replace(FACTS, facility_affiliated=False)) == [
        "Facility St. Mary does not belong to the practice."
    ]


def test_unknown_entries_are_refused() -> None:
    assert messages(CHARGE, replace(FACTS, facility=None)) == ["Choose a facility from the list."]
    nothing = replace(FACTS, payer=None, plan=None)
    assert messages(PAYMENT, nothing) == ["Choose a payer from the list.", "Choose a plan from the list."]
    assert all(problem.severity is Severity.BLOCKING for problem in check_header(PAYMENT, nothing, TODAY))


def test_choosing_a_payer_drops_a_plan_that_no_longer_fits() -> None:
    plans = {3: 2}
    assert with_payer(PAYMENT, 2, plans).plan_id == 3
    assert with_payer(PAYMENT, 5, plans) == replace(PAYMENT, payer_id=5, plan_id=None)
    assert with_payer(PAYMENT, None, plans) == replace(PAYMENT, payer_id=None, plan_id=None)


def test_choosing_a_plan_brings_its_payer() -> None:
    assert with_plan(replace(PAYMENT, payer_id=None, plan_id=None), 3, {3: 2}) == PAYMENT
    assert with_plan(PAYMENT, None, {}) == replace(PAYMENT, plan_id=None)


def test_choosing_a_practice_drops_a_facility_of_another_one() -> None:
    assert with_practice(CHARGE, 2, [4, 5]).facility_id == 4
    assert with_practice(CHARGE, 2, [5]).facility_id is None
