"""Work batches, the targets of posted image batches: what is proposed, checked, linked and attached (spec 1.5, 1.6, 2.4, 5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from workbench.domain.money import Cents
from workbench.domain.scan_batch.allowed import BatchFacts, SetFacts
from workbench.domain.scan_batch.header import BatchHeader, FieldProblem
from workbench.domain.scan_batch.words import (
    ACCOUNTING_DAYS_AHEAD,
    DESCRIPTION_LENGTH,
    LARGEST_PROC_COUNT,
    BatchType,
    CaseStatus,
    PaymentKind,
    TargetKind,
)

LARGEST_COUNT = 9999


@dataclass(frozen=True, slots=True)
class ChargeBatchDraft:
    """What a person fills in for a charge batch (spec 1.5).

    Attributes:
        accounting_date: only for practices configured for accounting dates.
    """

    practice_id: int
    expected_case_count: int | None = None
    expected_proc_count: int | None = None
    date_of_service: date | None = None
    facility_id: int | None = None
    accounting_date: date | None = None
    charge_received: date | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class PaymentBatchDraft:
    """What a person fills in for a payment batch (spec 1.6).

    Attributes:
        payer_id, plan_id: pre-fill each new insurance payment of the batch.
    """

    practice_id: int
    accounting_date: date | None = None
    expected_count: int | None = None
    expected_cents: Cents | None = None
    payer_id: int | None = None
    plan_id: int | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A new case, as far as it comes from its image set and charge batch; the rest is charge entry's."""

    date_of_service: date | None = None
    facility_id: int | None = None
    charge_received: date | None = None
    status: CaseStatus = CaseStatus.UNSUBMITTED


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A new payment.

    Attributes:
        amount_cents: None: not keyed yet.
    """

    kind: PaymentKind
    amount_cents: Cents | None = None
    payer_id: int | None = None
    plan_id: int | None = None
    check_number: str = ""


def propose_charge_batch(header: BatchHeader, practice_id: int, set_count: int) -> ChargeBatchDraft:
    """The mapping of spec 1.5; the number of sets only proposes the expected cases."""
    return ChargeBatchDraft(
        practice_id=practice_id,
        expected_case_count=set_count,
        date_of_service=header.date_of_service,
        facility_id=header.facility_id,
        charge_received=header.charge_received,
        description=header.description,
    )


def propose_payment_batch(header: BatchHeader, practice_id: int, set_count: int) -> PaymentBatchDraft:
    """The mapping of spec 1.6."""
    return PaymentBatchDraft(
        practice_id=practice_id,
        expected_count=set_count,
        payer_id=header.payer_id,
        plan_id=header.plan_id,
        description=header.description,
    )


def check_charge_batch(draft: ChargeBatchDraft, today: date, *, accounting_dates: bool) -> list[FieldProblem]:
    problems = _check_count(
        "expected_case_count", "Expected Case Count", draft.expected_case_count, needed=True
    )
    problems += _check_count(
        "expected_proc_count", "Expected Proc Count", draft.expected_proc_count, most=LARGEST_PROC_COUNT
    )
    for name, label in (("date_of_service", "Date of Service"), ("charge_received", "Charge Received")):
        day = getattr(draft, name)
        if day is not None and day > today:
            problems.append(FieldProblem(name, f"{label} is in the future."))
    problems += _check_accounting_date(draft.accounting_date, today, accounting_dates=accounting_dates)
    return problems + _check_description(draft.description)


def check_payment_batch(
    draft: PaymentBatchDraft, today: date, *, accounting_dates: bool
) -> list[FieldProblem]:
    problems = _check_count("expected_count", "Expected Count", draft.expected_count)
    if draft.expected_cents is not None and draft.expected_cents < 0:
        problems.append(FieldProblem("expected_cents", "Expected Amount is below zero."))
    problems += _check_accounting_date(draft.accounting_date, today, accounting_dates=accounting_dates)
    return problems + _check_description(draft.description)


def _check_count(
    name: str, label: str, count: int | None, *, needed: bool = False, most: int = LARGEST_COUNT
) -> list[FieldProblem]:
    if count is None:
        return [FieldProblem(name, f"Enter {label}.")] if needed else []
    return [] if 0 <= count <= most else [FieldProblem(name, f"{label} is a number from 0 to {most}.")]


def _check_accounting_date(day: date | None, today: date, *, accounting_dates: bool) -> list[FieldProblem]:
    if day is None:
        return []
    if not accounting_dates:
        return [FieldProblem("accounting_date", "The practice does not use accounting dates.")]
    if day > today + timedelta(days=ACCOUNTING_DAYS_AHEAD):
        text = f"Accounting Date is more than {ACCOUNTING_DAYS_AHEAD} days ahead."
        return [FieldProblem("accounting_date", text)]
    return []


def _check_description(text: str) -> list[FieldProblem]:
    if len(text) <= DESCRIPTION_LENGTH:
        return []
    return [FieldProblem("description", f"Description is longer than {DESCRIPTION_LENGTH} characters.")]


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What the linking rules look at in one work batch.

    Attributes:
        finished: charge batch: cases are all submitted or reversed and as many as expected; payment batch: posted.
        image_batches: ids of the image batches linked to it.
    """

    work_id: int
    batch_type: BatchType
    practice_id: int
    finished: bool = False
    image_batches: frozenset[int] = frozenset()

    @property
    def words(self) -> str:
        return f"{self.batch_type.value.lower()} batch {self.work_id}"


def why_not_link(batch: BatchFacts, practice_id: int, work: WorkFacts) -> str | None:
    """Same practice and type, not finished, not linked already (spec 5 row 21)."""
    if batch.batch_type is not work.batch_type:
        return f"Batch {batch.batch_id} is a {batch.batch_type.value.lower()} batch; it cannot go to {work.words}."
    if practice_id != work.practice_id:
        return f"Batch {batch.batch_id} and {work.words} belong to different practices."
    if work.finished:
        return f"{work.words.capitalize()} is finished."
    if batch.batch_id in work.image_batches:
        return f"Batch {batch.batch_id} is already linked to {work.words}."
    return None


def why_not_attach(
    batch: BatchFacts, each: SetFacts, target: TargetKind, target_words: str, *, linked: bool, also: bool
) -> str | None:
    """Whether the kind of target fits and is in reach; the state of batch and set is `refusal`'s.

    `linked`: the target's work batch is linked to the image batch. `also`: the person said "attach also to …",
    which only payment sets offer (spec 1.2, 5 row 23).
    """
    fits = (target is TargetKind.CASE) == (batch.batch_type is BatchType.CHARGE)
    if not fits:
        return f"A {batch.batch_type.value.lower()} set cannot be attached to a {target.value}."
    if target is not TargetKind.DEPOSIT and not linked:
        return f"Link batch {batch.batch_id} to the work batch of {target_words} first."
    if target_words in each.attached_to:
        return f"Set {each.set_id} is already attached to {target_words}."
    if each.attached_to and target is TargetKind.CASE:
        return f"Set {each.set_id} is attached to {each.attached_to[0]}; detach it first."
    if each.attached_to and not also:
        return f'Set {each.set_id} is attached to {each.attached_to[0]}. Choose "Attach also to" to attach it twice.'
    return None
