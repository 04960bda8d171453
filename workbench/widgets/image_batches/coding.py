"""Coding a charge set, without a screen (spec 1.4, 2.3)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.coding import TRANSITIONS, CodedProcedure, CodingForm, ProviderTime
from workbench.domain.scan_batch.words import IGNORE_REASONS, CodingStatus
from workbench.errors import RefusedError
from workbench.services.scan_desk import ScanDesk

# General Information, in the order of spec 1.4.
LABELS = {
    "patient_last": "Patient Last Name",
    "patient_first": "Patient First Name",
    "patient_middle": "Patient Middle Name",
    "ssn": "SSN",
    "birth_date": "Date of Birth",
    "date_of_service": "Date of Service",
    "admit_date": "Admit Date",
    "discharge_date": "Discharge Date",
    "charge_received": "Charge Received",
    "referring_physician": "Referring Physician",
    "facility_case_no": "Facility Case ID",
    "external_case_no": "External Case ID",
    "emergency": "Emergency",
    "box19": "Box 19",
}
REASON_HELP = f"Needed for On Hold and Ignored, e.g. {', '.join(IGNORE_REASONS)}"
PROCEDURES_HELP = "One per line: code, modifiers, units, e.g. 00810 QK,P2 1"
TIMES_HELP = "One per line: provider; role; start; stop, e.g. A. Ames; CRNA; 07:30; 09:05"


class CodingModel:
    """The form of one set and where its status can go."""

    def __init__(self, desk: ScanDesk, actor: Callable[[], Actor]) -> None:
        self._desk = desk
        self._actor = actor
        self.set_id = 0
        self.form = CodingForm()
        self.status = CodingStatus.NOT_CODED
        self._version = 0

    def start(self, set_id: int, status: CodingStatus) -> None:
        self.set_id, self.status = set_id, status
        self.form, self._version = self._desk.coding.form(self._actor(), set_id)

    def choices(self) -> list[CodingStatus]:
        """The present status and those it can go to; saving a form makes Not Coded into In Progress first."""
        onward = TRANSITIONS[self.status]
        if self.status is CodingStatus.NOT_CODED:
            onward = onward | TRANSITIONS[CodingStatus.IN_PROGRESS]
        return [each for each in CodingStatus if each is self.status or each in onward]

    def save(self, values: dict[str, Any], status: CodingStatus, reason: str) -> None:
        """Saves what was keyed, then moves the set to `status`."""
        form = replace(
            self.form,
            **{name: values[name] if values[name] is not None else _empty(name) for name in LABELS},
            procedures=parse_procedures(values["procedures"] or ""),
            provider_times=parse_times(values["provider_times"] or ""),
        )
        actor = self._actor()
        if form != self.form or self.status is CodingStatus.NOT_CODED:
            self._version = self._desk.coding.save(actor, self.set_id, form, self._version)
            self.form = form
            if self.status is CodingStatus.NOT_CODED:
                self.status = CodingStatus.IN_PROGRESS
        if status not in (self.status, CodingStatus.NOT_CODED) or self.status is CodingStatus.IGNORED:
            self._desk.coding.set_status(actor, self.set_id, status, reason)
            self.status = status


def _empty(name: str) -> Any:
    return getattr(CodingForm(), name)


def parse_procedures(text: str) -> tuple[CodedProcedure, ...]:
    """Lines of `code [modifiers [units]]`, modifiers with commas."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        code, *rest = line.split()
        units = rest[1] if len(rest) > 1 else "1"
        if len(rest) > 2 or not (units.isascii() and units.isdigit()):
            raise RefusedError(f"Procedures: {PROCEDURES_HELP}.")
        found.append(CodedProcedure(code, rest[0].strip(",") if rest else "", int(units)))
    return tuple(found)


def procedures_text(form: CodingForm) -> str:
    return "\n".join(f"{each.code} {each.modifiers or ','} {each.units}" for each in form.procedures)


def parse_times(text: str) -> tuple[ProviderTime, ...]:
    """Lines of `provider; role; start; stop`."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = [part.strip() for part in line.split(";")]
        if len(parts) > 4:
            raise RefusedError(f"Anesthesia Case Provider Time: {TIMES_HELP}.")
        found.append(ProviderTime(*parts))
    return tuple(found)


def times_text(form: CodingForm) -> str:
    return "\n".join(
        f"{each.provider}; {each.role}; {each.start}; {each.stop}" for each in form.provider_times
    )
