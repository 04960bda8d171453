"""Coding transitions of spec scan-batches 2.3, and the work-batch rules of 1.5, 1.6 and 5."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from workbench.domain.scan_batch.allowed import BatchFacts, SetFacts
from workbench.domain.scan_batch.coding import why_not_coding
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.lists import CreatedRange
from workbench.domain.scan_batch.words import BatchStatus, BatchType, CodingStatus, TargetKind
from workbench.domain.scan_batch.work import (
    ChargeBatchDraft,
    PaymentBatchDraft,
    WorkFacts,
    check_charge_batch,
    check_payment_batch,
    propose_charge_batch,
    propose_payment_batch,
    why_not_attach,
    why_not_link,
)

TODAY = date(2026, 3, 10)
# Typed off spec 2.3: "Not Coded → In Progress; In Progress → Complete | On Hold | Ignored; On Hold → In Progress;
# Ignored → Not Coded; Complete → In Progress until imported".
ALLOWED = {
    ("Not Coded", "In Progress"),
    ("In Progress", "Complete"),
    ("In Progress", "On Hold"),
    ("In Progress", "Ignored"),
    ("On Hold", "In Progress"),
    ("Ignored", "Not Coded"),
    ("Complete", "In Progress"),
}


@pytest.mark.parametrize("now", CodingStatus)
@pytest.mark.parametrize("to", CodingStatus)
def test_transitions(now: CodingStatus, to: CodingStatus) -> None:
    assert (why_not_coding(now, to, reason="Duplicate") is None) == ((now.value, to.value) in ALLOWED)


@pytest.mark.parametrize("to", [CodingStatus.IGNORED, CodingStatus.ON_HOLD])
def test_reasons(to: CodingStatus) -> None:
    assert why_not_coding(CodingStatus.IN_PROGRESS, to, reason=" ") == f"Give a reason for {to.value}."


def test_imported_coding_is_the_cases() -> None:
    assert why_not_coding(CodingStatus.COMPLETE, CodingStatus.IN_PROGRESS, imported=True) is not None


def test_proposals_carry_the_header_over() -> None:
    header = BatchHeader("stack", 1, BatchType.CHARGE, 4, date(2026, 3, 1), date(2026, 3, 2))
    assert propose_charge_batch(header, 1, 7) == ChargeBatchDraft(
        1, 7, None, date(2026, 3, 1), 4, None, date(2026, 3, 2), "stack"
    )
    header = BatchHeader("checks", 1, BatchType.PAYMENT, payer_id=2, plan_id=3)
    assert propose_payment_batch(header, 1, 7) == PaymentBatchDraft(
        1, expected_count=7, payer_id=2, plan_id=3, description="checks"
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"expected_case_count": None}, "expected_case_count"),
        ({"expected_case_count": -1}, "expected_case_count"),
        ({"expected_proc_count": 10_000}, "expected_proc_count"),
        ({"date_of_service": TODAY + timedelta(days=1)}, "date_of_service"),
        ({"accounting_date": TODAY + timedelta(days=15)}, "accounting_date"),
        ({"description": "x" * 256}, "description"),
    ],
)
def test_charge_batch_limits(changed: dict[str, object], field: str) -> None:
    sound = ChargeBatchDraft(1, 3, 9999, TODAY, accounting_date=TODAY + timedelta(days=14))
    assert check_charge_batch(sound, TODAY, accounting_dates=True) == []
    broken = replace(sound, **changed)  # type: ignore[arg-type]
    assert [p.field for p in check_charge_batch(broken, TODAY, accounting_dates=True)] == [field]


def test_accounting_dates_only_where_configured() -> None:
    draft = PaymentBatchDraft(1, accounting_date=TODAY)
    assert [p.field for p in check_payment_batch(draft, TODAY, accounting_dates=False)] == ["accounting_date"]
    assert check_payment_batch(draft, TODAY, accounting_dates=True) == []


def test_payment_batch_amount_is_not_negative() -> None:
    draft = PaymentBatchDraft(1, expected_cents=-1)
    assert [p.field for p in check_payment_batch(draft, TODAY, accounting_dates=False)] == ["expected_cents"]


BATCH = BatchFacts(5, BatchType.CHARGE, BatchStatus.POSTED, sets=(SetFacts(7, image_count=1),))
WORK = WorkFacts(70, BatchType.CHARGE, practice_id=1)


@pytest.mark.parametrize(
    ("work", "word"),
    [
        (WORK, None),
        (replace(WORK, batch_type=BatchType.PAYMENT), "cannot go to payment batch 70"),
        (replace(WORK, practice_id=2), "different practices"),
        (replace(WORK, finished=True), "finished"),
        (replace(WORK, image_batches=frozenset({5})), "already linked"),
    ],
)
def test_linking(work: WorkFacts, word: str | None) -> None:
    text = why_not_link(BATCH, 1, work)
    assert text is None if word is None else word in str(text)


FREE = SetFacts(7, image_count=1)


@pytest.mark.parametrize(
    ("kind", "each", "target", "linked", "also", "fine"),
    [
        (BatchType.CHARGE, FREE, TargetKind.CASE, True, False, True),
        (BatchType.CHARGE, FREE, TargetKind.CASE, False, False, False),
        (BatchType.CHARGE, FREE, TargetKind.PAYMENT, True, False, False),
        (BatchType.PAYMENT, FREE, TargetKind.CASE, True, False, False),
        (BatchType.PAYMENT, FREE, TargetKind.PAYMENT, True, False, True),
        (BatchType.PAYMENT, FREE, TargetKind.DEPOSIT, False, False, True),
        (BatchType.CHARGE, replace(FREE, attached_to=("case 1",)), TargetKind.CASE, True, True, False),
        (
            BatchType.PAYMENT,
            replace(FREE, attached_to=("payment 1",)),
            TargetKind.PAYMENT,
            True,
            False,
            False,
        ),
        (BatchType.PAYMENT, replace(FREE, attached_to=("payment 1",)), TargetKind.PAYMENT, True, True, True),
        (BatchType.PAYMENT, replace(FREE, attached_to=("payment 2",)), TargetKind.PAYMENT, True, True, False),
    ],
)
def test_attaching(
    kind: BatchType, each: SetFacts, target: TargetKind, linked: bool, also: bool, fine: bool
) -> None:
    facts = replace(BATCH, batch_type=kind)
    text = why_not_attach(facts, each, target, f"{target.value} 2", linked=linked, also=also)
    assert (text is None) == fine


@pytest.mark.parametrize(
    ("chosen", "bounds"),
    [
        (CreatedRange.TODAY, (TODAY, None)),
        (CreatedRange.LAST_5_DAYS, (date(2026, 3, 6), None)),
        (CreatedRange.LAST_YEAR, (date(2025, 3, 10), None)),
        (CreatedRange.OLDER, (None, date(2025, 3, 9))),
        (CreatedRange.ALL_OPEN, (None, None)),
    ],
)
def test_created_ranges(chosen: CreatedRange, bounds: tuple[date | None, date | None]) -> None:
    assert chosen.days(TODAY) == bounds
