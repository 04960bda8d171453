"""Patient Payments Import without a browser: one table, its columns, its preview (spec deposits 1.8, 6.3)."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.config import Settings
from workbench.domain.imports import Outcome
from workbench.domain.money import format_dollars
from workbench.errors import RefusedError
from workbench.widgets.deposits.table_columns import TableColumns
from workbench.widgets.desk import MoneyDesk

if TYPE_CHECKING:  # it loads openpyxl, which only this dialog needs
    from workbench.services.deposit_desk.patient_payments import (
        PatientPayments,
        PaymentsOutcome,
        PaymentsPreview,
    )

# Field of the service -> its label here.
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
REQUIRED = ("patient", "amount")


class Desk(MoneyDesk, Protocol):
    """What the dialog needs of the opened workbench."""

    @property
    def patient_payments(self) -> "PatientPayments": ...
    @property
    def settings(self) -> Settings: ...


class PaymentsModel:
    """`table`: the one that was chosen last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.table = TableColumns(COLUMNS, REQUIRED)

    @property
    def scratch(self) -> Path:
        return self._desk.settings.scratch

    def practices(self) -> list[tuple[str, str]]:
        found = self._desk.deposit_desk.choices.practices(self._desk.actor)
        options = [(str(one.id), one.name) for one in found]
        return options if len(options) == 1 else [("", "Choose"), *options]

    def template(self, *, notes: bool) -> tuple[str, bytes]:
        """An empty table to fill in: its name and content."""
        return self._desk.patient_payments.template(notes=notes)

    def take(self, path: Path, name: str) -> None:
        """Reads the table and proposes which column is what."""
        data = path.read_bytes()
        self.table.take(
            name, data, *self._desk.patient_payments.propose_mapping(self._desk.actor, name, data)
        )

    def blocked(self, practice: str | None) -> str:
        """What is missing before there is a preview; "" for nothing."""
        if not practice:
            return "Choose the practice."
        return self.table.missing() if self.table.name else "Choose a table first."

    def preview(self, practice: str | None) -> "PaymentsPreview | None":
        """Rows, errors and totals; None while something is missing."""
        if not practice or self.blocked(practice):
            return None
        return self._desk.patient_payments.preview(
            self._desk.actor, int(practice), self.table.name, self.table.data, self.table.mapping
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
            self.table.name,
            self.table.data,
            deposited_date=day,
            mapping=self.table.mapping,
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
