"""Import of our own claims without a browser: 837 files at once, tables when their columns are said (issue C 0)."""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.config import Settings
from workbench.domain.identity import Actor
from workbench.domain.imports import Outcome
from workbench.errors import RefusedError
from workbench.services.deposit_desk.whole import DepositDesk

if TYPE_CHECKING:  # it loads openpyxl, which only this dialog needs
    from workbench.services.claims_import.service import ClaimsImport, ClaimsOutcome

# Field of the service -> its label here; the first three are required.
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


class Desk(Protocol):
    """What the dialog needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def deposit_desk(self) -> DepositDesk: ...
    @property
    def claims_import(self) -> "ClaimsImport": ...
    @property
    def settings(self) -> Settings: ...


class ClaimsModel:
    """`mapping`: field -> heading of the table that waits; without a table `name` is empty."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.name = ""
        self._data = b""
        self.headings: list[str] = []
        self.mapping: dict[str, str] = {}

    @property
    def scratch(self) -> Path:
        return self._desk.settings.scratch

    def forget(self) -> None:
        self.name, self._data, self.headings, self.mapping = "", b"", [], {}

    def take(self, path: Path, name: str) -> "ClaimsOutcome | None":
        """Imports an 837 file and gives its outcome; a table waits until its columns are said (None)."""
        data = path.read_bytes()
        if not name.casefold().endswith(TABLES):
            return self._desk.claims_import.import_837(self._desk.actor, name, data)
        self.headings, self.mapping = self._desk.claims_import.propose_mapping(self._desk.actor, name, data)
        self.name, self._data = name, data
        return None

    def map_column(self, field: str, heading: str) -> None:
        """Says which column a field is; "" for none."""
        self.mapping.pop(field, None)
        if heading:
            self.mapping[field] = heading

    def use(self, mapping: dict[str, str]) -> None:
        """Takes a saved mapping as far as the table has its headings."""
        self.mapping = {field: heading for field, heading in mapping.items() if heading in self.headings}

    def blocked(self) -> str:
        """What is missing before the table can be imported; "" for nothing."""
        if not self.name:
            return "Choose a table first. 837 files are imported as they come."
        missing = [COLUMNS[field] for field in REQUIRED if field not in self.mapping]
        return f"Say which column is: {', '.join(missing)}." if missing else ""

    def store(self, practice: str) -> "ClaimsOutcome":
        """Imports the table. `practice`: NPI or TIN for rows that name none."""
        if missing := self.blocked():
            raise RefusedError(missing)
        return self._desk.claims_import.import_table(
            self._desk.actor, self.name, self._data, self.mapping, practice.strip()
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
