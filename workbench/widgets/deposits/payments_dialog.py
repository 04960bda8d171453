"""The Patient Payments Import dialog: choose a table, say what its columns are, look, import."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.domain.money import format_dollars
from workbench.services.import_mappings import TableKind
from workbench.widgets.deposits.mapping_bar import MappingBar
from workbench.widgets.deposits.payments_model import COLUMNS, PaymentsModel, told
from workbench.widgets.kit.download import Download
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, Look, Row, badge, toned
from workbench.widgets.kit.panel import Dialog
from workbench.widgets.kit.typed import date_text
from workbench.widgets.kit.uploader import Outcome, Uploader

if TYPE_CHECKING:
    from workbench.services.deposit_desk.patient_payments import PaymentRow

TITLE = "Patient Payments Import"
TEMPLATES = {
    "full": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "basic": "text/csv",
}
_NO_COLUMN = ("", "Not in the table")
ROWS = [
    Column("row", "Row", "number", sortable=False),
    Column("state", "State", sortable=False),
    Column("patient", "Patient id", sortable=False),
    Column("date", "Date", "date", sortable=False),
    Column("type", "Type", sortable=False),
    Column("method", "Method", sortable=False),
    Column("check", "Check/trace no.", sortable=False),
    Column("amount", "Amount ($)", "money", sortable=False),
    Column("applied", "Applied ($)", "money", sortable=False),
    Column("problem", "Problem", sortable=False, wrap=True),
]


class PaymentsDialog:
    def __init__(
        self,
        desk: Any,
        refresh: Callable[[], None],
        show_deposit: Callable[[int], None],
        today: Callable[[], date],
    ) -> None:
        self.model = PaymentsModel(desk)
        self._refresh, self._show_deposit, self._today = refresh, show_deposit, today
        self.header = Form(
            TITLE,
            [
                Field("practice_id", "Practice", "select", required=True),
                Field("deposited_date", "Deposited", "date", required=True),
            ],
            events=FormEvents(on_change=lambda _, __: self._draw(), today=today),
            arrangement="line",
        )
        self.uploader = Uploader(
            "Choose Table",
            lambda: self.model.scratch,
            self._take,
            lambda _: self._draw(),
            accept=".csv,.xlsx",
        )
        self.columns = Form(
            "Columns",
            [
                Field(field, label, "select", required=field in ("patient", "amount"), options=[_NO_COLUMN])
                for field, label in COLUMNS.items()
            ],
            [
                Action("import", "Import Payments", tone="primary", key="Ctrl+Enter"),
                Action("full", "Full Template", title="A workbook to fill in, with a note on each column"),
                Action("basic", "Basic Template", title="A CSV table to fill in: the headings alone"),
            ],
            FormEvents(self._map, self._press),
        )
        self.mappings = MappingBar(desk, TableKind.PAYMENTS, self._use, lambda: self.model.table.mapping)
        look = Look(
            empty="Choose a table: its rows are shown before anything is stored.", paged=False, height="34vh"
        )
        self.grid = Grid("Payments", ROWS, look=look)
        self.download = Download()
        self.dialog = Dialog(
            TITLE,
            self.header,
            self.uploader,
            self.mappings.form,
            self.columns,
            self.grid,
            self.download,
            drawer=True,
        )

    def show(self) -> None:
        self.model.table.forget()
        self.uploader.clear()
        self.header.set_options("practice_id", self.model.practices())
        self.header.fill({"deposited_date": self._today()})
        self._offer_columns()
        self._draw()
        self.dialog.show()

    def _take(self, path: Path, name: str) -> Outcome:
        self.model.take(path, name)
        self._offer_columns()
        return Outcome("read", "good", "Look at the rows, then press Import Payments.")

    def _offer_columns(self) -> None:
        options = [_NO_COLUMN, *((heading, heading) for heading in self.model.table.headings if heading)]
        for field in COLUMNS:
            self.columns.set_options(field, options)
        self.columns.fill({field: self.model.table.mapping.get(field, "") for field in COLUMNS})
        self.mappings.show(self.model.table.headings)

    def _use(self, mapping: dict[str, str]) -> None:
        self.model.table.use(mapping)
        self.columns.fill({field: self.model.table.mapping.get(field, "") for field in COLUMNS})
        self._draw()

    def _map(self, field: str, heading: Any) -> None:
        self.model.table.say(field, heading or "")
        self._draw()

    def _draw(self) -> None:
        practice = self.header.values["practice_id"]
        missing = self.model.blocked(practice)
        self.columns.block({}, {"import": missing} if missing else {})
        preview = self.model.preview(practice)
        rows = [_row(row) for row in preview.rows] if preview else []
        totals = (
            [
                "Total",
                *[""] * 6,
                format_dollars(preview.total_cents),
                format_dollars(preview.applied_cents),
                "",
            ]
            if preview
            else []
        )
        self.grid.show(rows, len(rows), totals)

    def _press(self, name: str) -> None:
        if name in TEMPLATES:
            file, data = self.model.template(notes=name == "full")
            self.download.offer(file, data, TEMPLATES[name])
        else:
            self._import()

    def _import(self) -> None:
        if self.header.errors:
            return  # what was typed is no date; the field says so
        values = self.header.values
        outcome = self.model.store(values["practice_id"], values["deposited_date"])
        self._refresh()
        self.header.notify(*told(outcome))
        if outcome.deposit_id is not None:
            self.dialog.hide()
            self._show_deposit(outcome.deposit_id)


def _row(row: "PaymentRow") -> Row:
    problem = toned(row.problem.capitalize(), "bad") if row.problem else ""
    amount = toned("unreadable", "bad") if row.unreadable else format_dollars(row.amount_cents)
    cells: list[Cell] = [
        str(row.number),
        badge(row.state.value, "warn" if row.problem else "good"),
        row.patient,
        date_text(row.day),
        *(row.told[name] for name in ("type", "method", "check")),
        amount,
        format_dollars(row.applied_cents),
        problem,
    ]
    return Row(row.number, cells)
