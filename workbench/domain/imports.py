"""What became of a file that was brought in (issue "Import exactly once")."""

from dataclasses import dataclass, field
from enum import StrEnum

from workbench.domain.findings import Finding
from workbench.domain.money import Cents


class Outcome(StrEnum):
    """NEW: all of it is stored. DUPLICATE: all of it was here. DOUBTFUL: stored, and somebody must look.

    REJECTED: nothing of it could be read, nothing is stored.
    """

    NEW = "new"
    DUPLICATE = "duplicate"
    DOUBTFUL = "doubtful"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ImportedDeposit:
    """A deposit of the file, with the figures as the file states them (cents).

    Attributes:
        paid_cents: sum of CLP04; `patient_responsibility_cents`: sum of CLP05.
        adjustments: sum of CAS per group code, both levels.
        provider_adjustments_cents: sum of PLB in X12 sign, positive lowers the check.
        unbalanced: the transaction formula of spec 4.6 does not hold.
    """

    id: int
    check_number: str
    payer: str
    amount_cents: Cents
    claims: int
    service_lines: int
    charged_cents: Cents
    paid_cents: Cents
    patient_responsibility_cents: Cents
    adjustments: dict[str, Cents]
    provider_adjustments_cents: Cents
    unbalanced: bool
    unbalanced_claims: int
    unbalanced_lines: int
    practice_id: int | None = None


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The answer to one import. `deposits` are those made, or those that were here already."""

    name: str
    sha256: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    deposits: tuple[ImportedDeposit, ...] = field(default=())
