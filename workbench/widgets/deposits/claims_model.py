"""Import of our own claims without a browser: 837 files at once, tables when their columns are said (issue C 0)."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.config import Settings
from workbench.domain.imports import Outcome
from workbench.errors import RefusedError
from workbench.widgets.deposits.table_columns import TableColumns
from workbench.widgets.desk import MoneyDesk

if TYPE_CHECKING:  # it loads openpyxl, which only this dialog needs
    from workbench.services.claims_import.service import ClaimsImport, ClaimsOutcome

# Field of the service -> its label here.
COLUMNS = {
    "pcn": "Claim number",
    "service_date": "Service date",
    "charge": "Charge",
    "code": "Procedure code",
    "modifiers": "Modifiers",
    "units": "Units",
    "line_control_no": "Line number",
    "patient_last": "Patient last name",
    "patient_first": "Patient first name",
    "birth_date": "Birth date",
    "member_id": "Member id",
    "payer": "Payer id",
    "secondary": "Secondary payer id",
    "practice": "Practice NPI or TIN",
    "rendering": "Rendering NPI",
}
REQUIRED = ("pcn", "service_date", "charge")
TABLES = (".csv", ".xlsx")
_COUNTED = {
    "new": "new",
    "known": "here already",
    "replaced": "replaced",
    "voided": "voided",
    "left_out": "left out",
}


class Desk(MoneyDesk, Protocol):
    """What the dialog needs of the opened workbench."""

    @property
    def claims_import(self) -> "ClaimsImport": ...
    @property
    def settings(self) -> Settings: ...


class ClaimsModel:
    """`table`: the table that waits for its columns."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.table = TableColumns(COLUMNS, REQUIRED)

    @property
    def scratch(self) -> Path:
        return self._desk.settings.scratch

    def take(self, path: Path, name: str) -> "ClaimsOutcome | None":
        """Imports an 837 file and gives its outcome; a table waits until its columns are said (None)."""
        data = path.read_bytes()
        if not name.casefold().endswith(TABLES):
            return self._desk.claims_import.import_837(self._desk.actor, name, data)
        self.table.take(name, data, *self._desk.claims_import.propose_mapping(self._desk.actor, name, data))
        return None

    def blocked(self) -> str:
        """What is missing before the table can be imported; "" for nothing."""
        if not self.table.name:
            return "Choose a table first. 837 files are imported as they come."
        return self.table.missing()

    def store(self, practice: str) -> "ClaimsOutcome":
        """Imports the table. `practice`: NPI or TIN for rows that name none."""
        if missing := self.blocked():
            raise RefusedError(missing)
        return self._desk.claims_import.import_table(
            self._desk.actor, self.table.name, self.table.data, self.table.mapping, practice.strip()
        )


def told(outcome: "ClaimsOutcome") -> str:
    """One sentence about a file: `12 new, 3 here already.`"""
    if outcome.outcome is Outcome.DUPLICATE:
        return "It was here already; nothing was stored again."
    counts = [
        f"{outcome.counts[name]:,} {words}" for name, words in _COUNTED.items() if outcome.counts.get(name)
    ]
    if not counts:
        return "No claim of it could be stored."
    return f"Claims: {', '.join(counts)}."


def told_findings(outcome: "ClaimsOutcome", most: int = 5) -> tuple[str, ...]:
    """The first findings in words, and how many more there are."""
    lines = [finding.message for finding in outcome.findings[:most]]
    more = len(outcome.findings) - most
    return (*lines, f"and {more:,} more") if more > 0 else tuple(lines)
