"""Patient Payments Import without a browser: one table, its columns, its preview (spec deposits 1.8, 6.3)."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.config import Settings
from workbench.domain.identity import Actor
from workbench.domain.imports import Outcome
from workbench.domain.money import format_dollars
from workbench.errors import RefusedError
from workbench.services.deposit_desk.whole import DepositDesk

if TYPE_CHECKING:  # it loads openpyxl, which only this dialog needs
    from workbench.services.deposit_desk.patient_payments import (
        PatientPayments,
        PaymentsOutcome,
        PaymentsPreview,
    )

# Field of the service -> its label here; the first two are required.
COLUMNS = {
    "patient": "Patient id",
    "amount": "Amount",
    "date": "Date",
    "statement": "Statement id",
    "type": "Type",
    "method": "Method",
    "check": "Check/trace no.",
    "comment": "Comment",
}


class Desk(Protocol):
    """What the dialog needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def deposit_desk(self) -> DepositDesk: ...
    @property
    def patient_payments(self) -> "PatientPayments": ...
    @property
    def settings(self) -> Settings: ...


class PaymentsModel:
    """`mapping`: field -> heading of the table that was chosen last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.name = ""
        self._data = b""
        self.headings: list[str] = []
        self.mapping: dict[str, str] = {}

    @property
    def scratch(self) -> Path:
        return self._desk.settings.scratch

    def practices(self) -> list[tuple[str, str]]:
        found = self._desk.deposit_desk.choices.practices(self._desk.actor)
        options = [(str(one.id), one.name) for one in found]
        return options if len(options) == 1 else [("", "Choose"), *options]

    def forget(self) -> None:
        self.name, self._data, self.headings, self.mapping = "", b"", [], {}

    def take(self, path: Path, name: str) -> None:
        """Reads the table and proposes which column is what."""
        data = path.read_bytes()
        headings, mapping = self._desk.patient_payments.propose_mapping(self._desk.actor, name, data)
        self.name, self._data, self.headings, self.mapping = name, data, headings, mapping

    def map_column(self, field: str, heading: str) -> None:
        """Says which column a field is; "" for none."""
        self.mapping.pop(field, None)
        if heading:
            self.mapping[field] = heading

    def use(self, mapping: dict[str, str]) -> None:
        """Takes a saved mapping as far as the table has its headings."""
        self.mapping = {field: heading for field, heading in mapping.items() if heading in self.headings}

    def blocked(self, practice: str | None) -> str:
        """What is missing before there is a preview; "" for nothing."""
        if not practice:
            return "Choose the practice."
        if not self.name:
            return "Choose a table first."
        missing = [COLUMNS[field] for field in ("patient", "amount") if field not in self.mapping]
        return f"Say which column is: {', '.join(missing)}." if missing else ""

    def preview(self, practice: str | None) -> "PaymentsPreview | None":
        """Rows, errors and totals; None while something is missing."""
        if not practice or self.blocked(practice):
            return None
        return self._desk.patient_payments.preview(
            self._desk.actor, int(practice), self.name, self._data, self.mapping
        )

    def store(self, practice: str | None, day: date | None) -> "PaymentsOutcome":
        """Makes the deposit. Raises RefusedError while something is missing."""
        if missing := self.blocked(practice):
            raise RefusedError(missing)
        if day is None:
            raise RefusedError("Type the day the money was banked.")
        return self._desk.patient_payments.import_table(
            self._desk.actor,
            int(practice or 0),
            self.name,
            self._data,
            deposited_date=day,
            mapping=self.mapping,
        )


def told(outcome: "PaymentsOutcome") -> tuple[str, str]:
    """What became of the table, and in which tone."""
    if outcome.outcome is Outcome.DUPLICATE:
        return "It was here already; nothing was stored again.", "warning"
    total, applied = outcome.preview.total_cents, outcome.preview.applied_cents
    text = f"Deposit {outcome.deposit_id} of {format_dollars(total)} was saved"
    if total == applied:
        return f"{text}.", "success"
    return f"{text}; {format_dollars(total - applied)} of it found no open claim.", "warning"
