"""The deposits page: filter, grid, import."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from workbench.domain.deposit import DepositStatus
from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.deposit_views import DepositPage, DepositRow
from workbench.domain.imports import ImportOutcome, Outcome
from workbench.domain.money import format_dollars
from workbench.widgets.deposits.model import (
    SHOWS,
    TONES,
    TYPES,
    DepositsModel,
    ImportModel,
    finding_lines,
    outcome_text,
    summary,
)
from workbench.widgets.deposits.new_deposit import After, NewDepositDialog
from workbench.widgets.deposits.new_deposit_model import NewDepositModel
from workbench.widgets.deposits.payments_dialog import PaymentsDialog
from workbench.widgets.kit.form import Action, Field, Form, FormEvents, Option, Search
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, View, badge, link, toned
from workbench.widgets.kit.panel import Dialog, section
from workbench.widgets.kit.shell import Shell
from workbench.widgets.kit.typed import date_text
from workbench.widgets.kit.uploader import Outcome as FileOutcome
from workbench.widgets.kit.uploader import Upload, Uploader

COLUMNS = [
    Column("id", "ID", "number"),
    Column("deposited", "Deposited", "date", help="The day the money was banked"),
    Column("issued_date", "Production", "date", help="The day the payer issued the remittance"),
    Column("check_number", "Check #", width="10em"),
    Column("payer_name", "Payer", width="14em"),
    Column("type", "Type"),
    Column("status", "Status"),
    Column("open_errors", "Errors", "number"),
    Column("deposit_cents", "Deposit ($)", "money"),
    Column("payments_cents", "Payments ($)", "money"),
    Column("adjustments_cents", "Adjustment ($)", "money"),
    Column("balance_cents", "Balance ($)", "money", help="Deposit - Payments - Adjustment"),
    Column(
        "unreconciled_cents", "Unreconciled ($)", "money", help="Deposit - Payments - Exclusions - Reported"
    ),
    Column("claims_count", "Claims", "number"),
    Column("age_days", "Age", "number", help="Days since it was received"),
]
STATUS_TONES = {
    DepositStatus.NEW: "accent",
    DepositStatus.SENT_TO_POSTING: "good",
    DepositStatus.IGNORE: "",
    DepositStatus.BUILD: "warn",
}
BUTTONS = [
    Action("advanced", "Advanced Search", key="Alt+KeyS"),
    Action("clear", "Clear Filter", key="Alt+KeyR"),
    Action("new", "New Deposit", key="Alt+KeyN", title="Payer EOB, Statement, or from a file"),
    Action("import", "Import ERA", key="Alt+KeyI", tone="primary", title="Bring 835 files in"),
]


def filter_fields(payers: Search) -> list[Field]:
    return [
        Field("search", "Quick Search", "search", live=True, key="Slash", width="15em"),
        Field("show", "Show", "select", options=list(SHOWS.items())),
        Field("type", "Type", "select", options=list(TYPES.items())),
        Field("unreconciled", "Not reconciled", "checkbox"),
        Field("with_errors", "With errors", "checkbox"),
        Field("payer_id", "Payer", "lookup", search=payers, width="17em"),
        Field("deposited_from", "Deposited From", "date", width="9em"),
        Field("deposited_to", "Deposited To", "date", width="9em"),
        Field("amount_from_cents", "Amount From", "money", width="8em"),
        Field("amount_to_cents", "Amount To", "money", width="8em"),
        Field("check_number", "Check #", width="10em"),
        Field("error_code", "Error", "select", options=[("", "Any"), *ERRORS]),
        Field("inside", "Claim XRef or Patient", width="12em"),
        Field("import_file", "Import File", width="12em"),
        Field("has_provider_adjustments", "Provider adjustments", "checkbox"),
        Field("has_exclusions", "Exclusions", "checkbox"),
    ]


ERRORS = [(code, code.replace("_", " ").capitalize()) for code in sorted(ERROR_KINDS)]
ADVANCED = [
    "payer_id",
    "deposited_from",
    "deposited_to",
    "amount_from_cents",
    "amount_to_cents",
    "check_number",
    "error_code",
    "inside",
    "import_file",
    "has_provider_adjustments",
    "has_exclusions",
]


class DepositsScreen:
    def __init__(self, desk: Any, shell: Shell) -> None:
        self.shell = shell
        self.model = DepositsModel(desk)
        self._desk = desk
        self._import = ImportModel(desk)
        self._import_screen: ImportScreen | None = None
        self._new = NewDepositModel(desk, date.today)
        self._new_deposit: NewDepositDialog | None = None
        self._payments: PaymentsDialog | None = None
        events = FormEvents(self._narrow, self._press)
        self.filter = Form("Filter", filter_fields(self._payers), BUTTONS, events, arrangement="line")
        self.filter.hidden = ADVANCED
        self.filter.fill({"show": "work", "type": "", "error_code": ""})
        self.grid = Grid(
            "Deposits",
            COLUMNS,
            GridEvents(on_view=lambda _: self.refresh(), on_use=self._open),
            Look(selectable="single", key="Alt+KeyL", height="calc(100vh - 230px)"),
        )
        self.grid.set_view(View(sort_key="deposited"))
        self.widget = section("Deposits", self.filter, self.grid)

    def enter(self, params: Mapping[str, str]) -> str:
        """`?show=NEW`, `?with_errors=1` and the like come from the work lists of the home page."""
        if params:
            self._clear()
        for name in ("show", "with_errors", "unreconciled"):
            if name in params and (name != "show" or params[name] in SHOWS):
                value = params[name] if name == "show" else True
                self.filter.fill({name: value})
                self.model.narrow(name, value)
        self.filter.block({}, {**self._import.blockers(), **self._new.blockers()})
        self.refresh()
        return "Deposits"

    def refresh(self) -> None:
        view = self.grid.view
        page = self.model.page(view.sort_key, view.descending, view.offset, view.page_size)
        self.shell.remember("deposits", self.model.query)
        self.grid.empty = self.model.empty_text()
        self.grid.show([_row(deposit) for deposit in page.rows], page.total, _totals(page))

    def _restart(self) -> None:
        view = self.grid.view
        self.grid.set_view(View(view.sort_key, view.descending, 1, view.page_size))
        self.refresh()

    def _narrow(self, name: str, value: Any) -> None:
        if self.model.narrow(name, value):
            self._restart()

    def _payers(self, text: str, limit: int) -> tuple[Sequence[Option], int]:
        found, total = self.model.payers(text, limit)
        return [Option(payer_id, name) for payer_id, name in found], total

    def _press(self, name: str) -> None:
        if name == "advanced":
            self.filter.hidden = [] if self.filter.hidden else ADVANCED
        elif name == "clear":
            self._clear()
            self._restart()
        elif name == "new":
            self._show_new()
        else:
            self._show_import()

    def _show_new(self) -> None:
        if self._new_deposit is None:
            after = After(self._open, self.refresh, self._show_import, self._show_payments)
            self._new_deposit = NewDepositDialog(self._new, after, date.today)
            self.widget.add(self._new_deposit.dialog)
        self._new_deposit.show()

    def _show_payments(self) -> None:
        if self._payments is None:
            self._payments = PaymentsDialog(self._desk, self.refresh, self._open, date.today)
            self.widget.add(self._payments.dialog)
        self._payments.show()

    def _show_import(self) -> None:
        if self._import_screen is None:
            self._import_screen = ImportScreen(self._import, self.refresh)
            self.widget.add(self._import_screen.dialog)
        self._import_screen.dialog.show()

    def _clear(self) -> None:
        self.model.clear()
        self.filter.reset({"show": "work", "type": "", "error_code": ""})

    def _open(self, deposit_id: int) -> None:
        self.shell.go("deposit", id=deposit_id)


class ImportScreen:
    """The dialog that takes files in: uploaded, or out of a folder of this machine."""

    def __init__(self, model: ImportModel, refresh: Callable[[], None]) -> None:
        self.model, self._refresh = model, refresh
        self._done: list[ImportOutcome] = []
        self.uploader = Uploader(
            "Choose Files",
            lambda: model.scratch,
            self._take,
            self._finished,
            accept=".835,.edi,.txt,.era,.zip,.x12",
        )
        self.folder = Form(
            "Folder",
            [Field("path", "Folder on the server", width="30em")],
            [Action("folder", "Import Folder")],
            FormEvents(on_press=lambda _: self._take_folder()),
            arrangement="line",
        )
        self.dialog = Dialog("Import ERA", self.uploader, self.folder, drawer=True)

    def _take(self, path: Path, name: str) -> FileOutcome:
        outcomes = self.model.take(path, name)
        self._done += outcomes
        if len(outcomes) == 1:
            return _shown(outcomes[0])
        worst = max((done.outcome for done in outcomes), key=list(Outcome).index, default=Outcome.REJECTED)
        lines = tuple(f"{done.name}: {done.outcome.value}. {outcome_text(done)}" for done in outcomes)
        return FileOutcome(worst.value, TONES[worst], summary(outcomes) or "The archive is empty.", lines)

    def _finished(self, _: Sequence[FileOutcome]) -> None:
        self.uploader.summary = summary(self._done)
        self._done = []
        self._refresh()

    def _take_folder(self) -> None:
        files = self.model.folder(str(self.folder.values["path"] or ""))
        self.uploader.clear()
        for index, file in enumerate(files):
            self.uploader.show(Upload(str(index), file.path, "waiting"))

        def tell(index: int, outcome: ImportOutcome) -> None:
            shown = _shown(outcome)
            path = files[index].path
            self.uploader.show(Upload(str(index), path, shown.word, 100, shown.tone, shown.text, shown.lines))
            self.uploader.summary = f"{index + 1:,} of {len(files):,} files"

        self.uploader.summary = summary(self.model.take_folder(files, tell))
        self._refresh()


def _shown(outcome: ImportOutcome) -> FileOutcome:
    return FileOutcome(
        outcome.outcome.value, TONES[outcome.outcome], outcome_text(outcome), finding_lines(outcome)
    )


def _row(deposit: DepositRow) -> Row:
    unreconciled = format_dollars(deposit.unreconciled_cents)
    cells: list[Cell] = [
        link(str(deposit.id), "deposit", id=deposit.id),
        date_text(deposit.deposited_date),
        date_text(deposit.issued_date),
        deposit.check_number,
        deposit.payer_name,
        deposit.type.label,
        badge(deposit.status.label, STATUS_TONES[deposit.status]),
        badge(f"{deposit.open_errors:,}", "warn") if deposit.open_errors else "",
        format_dollars(deposit.deposit_cents),
        format_dollars(deposit.payments_cents),
        format_dollars(deposit.adjustments_cents),
        format_dollars(deposit.balance_cents),
        toned(unreconciled, "bad") if deposit.unreconciled_cents else unreconciled,
        f"{deposit.claims_count:,}",
        f"{deposit.age_days:,}",
    ]
    return Row(deposit.id, cells, "muted" if deposit.status is DepositStatus.IGNORE else "")


def _totals(page: DepositPage) -> list[str]:
    totals = page.totals
    return [
        "Total",
        *[""] * 7,
        format_dollars(totals.deposit_cents),
        format_dollars(totals.payments_cents),
        format_dollars(totals.adjustments_cents),
        format_dollars(totals.balance_cents),
        format_dollars(totals.unreconciled_cents),
        *[""] * 2,
    ]
