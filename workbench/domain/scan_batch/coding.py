"""Coding a charge set before its case exists: the status transitions of spec 2.3 and the form of spec 1.4."""

from dataclasses import dataclass
from datetime import date

from workbench.domain.scan_batch.words import CodingStatus

TRANSITIONS: dict[CodingStatus, frozenset[CodingStatus]] = {
    CodingStatus.NOT_CODED: frozenset({CodingStatus.IN_PROGRESS}),
    CodingStatus.IN_PROGRESS: frozenset({CodingStatus.COMPLETE, CodingStatus.ON_HOLD, CodingStatus.IGNORED}),
    CodingStatus.ON_HOLD: frozenset({CodingStatus.IN_PROGRESS}),
    CodingStatus.IGNORED: frozenset({CodingStatus.NOT_CODED}),
    CodingStatus.COMPLETE: frozenset({CodingStatus.IN_PROGRESS}),
}
_NEED_REASON = {CodingStatus.IGNORED, CodingStatus.ON_HOLD}


def why_not_coding(
    now: CodingStatus, to: CodingStatus, *, reason: str = "", imported: bool = False
) -> str | None:
    """Why a set cannot go from `now` to `to`, or None. `imported`: whether its form has gone into a case."""
    if imported:
        return "The coding was already imported into a case."
    if to not in TRANSITIONS[now]:
        return f"A set that is {now.value} cannot become {to.value}."
    if to in _NEED_REASON and not reason.strip():
        return f"Give a reason for {to.value}."
    return None


@dataclass(frozen=True, slots=True)
class CodedProcedure:
    """One line of the Procedures area."""

    code: str
    modifiers: str = ""
    units: int = 1
    diagnosis: str = ""


@dataclass(frozen=True, slots=True)
class ProviderTime:
    """One line of the Anesthesia Case Provider Time area; times are the practice's clock, `HH:MM`."""

    provider: str
    role: str = ""
    start: str = ""
    stop: str = ""


@dataclass(frozen=True, slots=True)
class CodingForm:
    """General Information, Procedures and Provider Time of one charge set. No field is compulsory (spec 1.4).

    Attributes:
        facility_id: only when it differs from the default of the batch.
        ssn: nine digits or empty; never written to the audit or a log.
    """

    patient_last: str = ""
    patient_first: str = ""
    patient_middle: str = ""
    ssn: str = ""
    birth_date: date | None = None
    date_of_service: date | None = None
    admit_date: date | None = None
    discharge_date: date | None = None
    charge_received: date | None = None
    referring_physician: str = ""
    facility_id: int | None = None
    facility_case_no: str = ""
    external_case_no: str = ""
    emergency: bool = False
    box19: str = ""
    procedures: tuple[CodedProcedure, ...] = ()
    provider_times: tuple[ProviderTime, ...] = ()
