"""The header of an image batch: which fields its type uses, and what is wrong with what was typed (spec 1.3, 1.7, 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from workbench.domain.findings import Severity
from workbench.domain.scan_batch.words import DESCRIPTION_LENGTH, BatchType

CHARGE_FIELDS = ("facility_id", "date_of_service", "charge_received")
PAYMENT_FIELDS = ("payer_id", "plan_id")
FIELDS_OF: dict[BatchType | None, tuple[str, ...]] = {
    None: (),
    BatchType.CHARGE: CHARGE_FIELDS,
    BatchType.PAYMENT: PAYMENT_FIELDS,
}
# In the order of the New Image Batch window (the seed); the words are the users'.
LABELS = {
    "description": "Description",
    "practice_id": "Practice",
    "batch_type": "Batch Type",
    "facility_id": "Facility",
    "date_of_service": "Date of Service",
    "charge_received": "Charge Received",
    "payer_id": "Payer",
    "plan_id": "Plan",
}


@dataclass(frozen=True, slots=True)
class BatchHeader:
    """What a person fills in. Everything may be missing while it is being typed."""

    description: str = ""
    practice_id: int | None = None
    batch_type: BatchType | None = None
    facility_id: int | None = None
    date_of_service: date | None = None
    charge_received: date | None = None
    payer_id: int | None = None
    plan_id: int | None = None

    def fitted(self) -> "BatchHeader":
        """The header as it is stored: one trimmed line of description, the other type's fields empty."""
        used = FIELDS_OF[self.batch_type]
        unused = dict.fromkeys((name for name in CHARGE_FIELDS + PAYMENT_FIELDS if name not in used), None)
        return replace(self, description=" ".join(self.description.split()), **unused)

    def changes_from(self, other: "BatchHeader") -> dict[str, tuple[object, object]]:
        """Field -> (value in `other`, value here), for the fields that differ."""
        return {
            name: (getattr(other, name), getattr(self, name))
            for name in LABELS
            if getattr(other, name) != getattr(self, name)
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a drop-down, as far as the rules look at it."""

    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """What the office knows about the entries chosen in one header.

    Attributes:
        practice, facility, payer, plan: the chosen entries; None when nothing (or nothing visible) is chosen.
        facility_affiliated: whether the facility serves the chosen practice.
        plan_payer: the payer of the plan.
        stored: the header before this edit; an inactive entry may stay where it is already stored (spec 5 row 2, 3).
    """

    practice: Choice | None = None
    facility: Choice | None = None
    facility_affiliated: bool = False
    payer: Choice | None = None
    plan: Choice | None = None
    plan_payer_id: int | None = None
    stored: BatchHeader = field(default_factory=BatchHeader)


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Shown beside the field `field`. An error keeps the header from being saved, a warning does not."""

    field: str
    message: str
    severity: Severity = Severity.BLOCKING


def errors_of(problems: Iterable[FieldProblem]) -> list[FieldProblem]:
    return [problem for problem in problems if problem.severity is not Severity.WARNING]


def check_header(header: BatchHeader, facts: HeaderFacts, today: date) -> list[FieldProblem]:
    """Everything wrong with a fitted header, in the order of the window.

    `today` is the practice's own date: a header is not "in the future" because the server lives elsewhere.
    """
    problems = [*_check_description(header), *_check_practice(header, facts)]
    if header.batch_type is None:
        problems.append(FieldProblem("batch_type", "Choose a batch type."))
    problems += _check_facility(header, facts)
    problems += _check_dates(header, today)
    problems += _check_payer(header, facts)
    return problems


def _check_description(header: BatchHeader) -> list[FieldProblem]:
    if len(header.description) <= DESCRIPTION_LENGTH:
        return []
    return [FieldProblem("description", f"Description is longer than {DESCRIPTION_LENGTH} characters.")]


def _check_practice(header: BatchHeader, facts: HeaderFacts) -> list[FieldProblem]:
    if header.practice_id is None or facts.practice is None:
        return [FieldProblem("practice_id", "Choose a practice.")]
    return _check_active("practice_id", header, facts, facts.practice)


def _check_active(name: str, header: BatchHeader, facts: HeaderFacts, choice: Choice) -> list[FieldProblem]:
    if choice.active or getattr(header, name) == getattr(facts.stored, name):
        return []
    return [FieldProblem(name, f"{LABELS[name]} {choice.name} is inactive.")]


def _check_facility(header: BatchHeader, facts: HeaderFacts) -> list[FieldProblem]:
    if header.facility_id is None:
        return []
    if facts.facility is None:
        return [FieldProblem("facility_id", "Choose a facility from the list.")]
    if header.practice_id is not None and not facts.facility_affiliated:
        return [
            FieldProblem("facility_id", f"Facility {facts.facility.name} does not belong to the practice.")
        ]
    return _check_active("facility_id", header, facts, facts.facility)


def _check_dates(header: BatchHeader, today: date) -> list[FieldProblem]:
    service, received = header.date_of_service, header.charge_received
    problems = []
    if service is not None and service > today:
        problems.append(FieldProblem("date_of_service", "Date of Service is in the future."))
    elif service is not None and service < one_year_before(today):
        problems.append(
            FieldProblem("date_of_service", "Date of Service is more than a year ago.", Severity.WARNING)
        )
    if received is not None and received > today:
        problems.append(FieldProblem("charge_received", "Charge Received is in the future."))
    elif received is not None and service is not None and received < service:
        problems.append(
            FieldProblem("charge_received", "Charge Received is before Date of Service.", Severity.WARNING)
        )
    return problems


def one_year_before(day: date) -> date:
    """The same calendar day one year earlier; 28 February stands for the 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _check_payer(header: BatchHeader, facts: HeaderFacts) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    if header.payer_id is not None and facts.payer is None:
        problems.append(FieldProblem("payer_id", "Choose a payer from the list."))
    elif facts.payer is not None:
        problems += _check_active("payer_id", header, facts, facts.payer)
    if header.plan_id is None:
        return problems
    if facts.plan is None:
        return [*problems, FieldProblem("plan_id", "Choose a plan from the list.")]
    if facts.payer is None or facts.plan_payer_id != header.payer_id:
        payer = facts.payer.name if facts.payer else "(none)"
        return [
            *problems,
            FieldProblem("plan_id", f"Plan {facts.plan.name} does not belong to payer {payer}."),
        ]
    return [*problems, *_check_active("plan_id", header, facts, facts.plan)]


def with_payer(header: BatchHeader, payer_id: int | None, plan_payers: Mapping[int, int]) -> BatchHeader:
    """The header after choosing a payer: a plan that no longer fits goes (spec 1.7, 5 row 38).

    `plan_payers` maps a plan to its payer and needs to hold the header's plan only.
    """
    keeps = header.plan_id is not None and plan_payers.get(header.plan_id) == payer_id is not None
    return replace(header, payer_id=payer_id, plan_id=header.plan_id if keeps else None)


def with_plan(header: BatchHeader, plan_id: int | None, plan_payers: Mapping[int, int]) -> BatchHeader:
    """The header after choosing a plan: its payer comes with it (spec 1.7)."""
    payer_id = header.payer_id if plan_id is None else plan_payers[plan_id]
    return replace(header, payer_id=payer_id, plan_id=plan_id)


def with_practice(header: BatchHeader, practice_id: int | None, facilities: Iterable[int]) -> BatchHeader:
    """The header after choosing a practice whose facilities are given: a facility of another one goes."""
    keeps = header.facility_id in set(facilities)
    return replace(header, practice_id=practice_id, facility_id=header.facility_id if keeps else None)
