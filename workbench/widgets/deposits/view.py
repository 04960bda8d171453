"""The deposits page: filter, grid, import."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.imports import ImportOutcome, Outcome
from workbench.widgets.deposits.claims_dialog import ClaimsDialog
from workbench.widgets.deposits.model import (
    BANK_STATES,
    PAY_METHODS,
    PAY_TYPES,
    POSTING,
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
from workbench.widgets.deposits.rows import COLUMNS, USUALLY_HIDDEN, deposit_row, totals_row
from workbench.widgets.kit.columns import ColumnsDialog
from workbench.widgets.kit.form import Action, Field, Form, FormEvents, Option, Search
from workbench.widgets.kit.grid import Grid, GridEvents, Look, View
from workbench.widgets.kit.panel import Dialog, section
from workbench.widgets.kit.shell import Shell
from workbench.widgets.kit.uploader import Outcome as FileOutcome
from workbench.widgets.kit.uploader import Upload, Uploader
from workbench.widgets.remembered import Remembered

BUTTONS = [
    Action("advanced", "Advanced Search", key="Alt+KeyS"),
    Action("clear", "Clear Filter", key="Alt+KeyR"),
    Action(
        "remember", "Remember Filter", key="Alt+KeyM", title="Open this page with this filter from now on"
    ),
    Action("columns", "Columns", key="Alt+KeyC", title="Choose which columns are shown"),
    Action("new", "New Deposit", key="Alt+KeyN", title="Payer EOB, Statement, or from a file"),
    Action("claims", "Import Claims", title="Bring our own claims in: 837 files or tables"),
    Action("import", "Import ERA", key="Alt+KeyI", tone="primary", title="Bring 835 files in"),
]


def filter_fields(payers: Search) -> list[Field]:
    return [
        Field("search", "Quick Search", "search", live=True, key="Slash", width="15em"),
        Field("show", "Show", "select", options=list(SHOWS.items())),
        Field("type", "Type", "select", options=list(TYPES.items())),
        Field("unreconciled", "Not reconciled", "checkbox"),
        Field("with_errors", "With errors", "checkbox"),
        Field("with_deposit_errors", "Errors of the deposit itself", "checkbox"),
        Field("payer_id", "Payer", "lookup", search=payers, width="17em"),
        Field("deposited_from", "Deposited From", "date", width="9em"),
        Field("deposited_to", "Deposited To", "date", width="9em"),
        Field("amount_from_cents", "Amount From", "money", width="8em"),
        Field("amount_to_cents", "Amount To", "money", width="8em"),
        Field("check_number", "Check #", width="10em"),
        Field("posting_status", "Posting", "select", options=list(POSTING.items())),
        Field("bank_state", "Bank Match", "select", options=list(BANK_STATES.items())),
        Field("owner_id", "Owner", "select", options=[("", "Any")]),
        Field("pay_method", "Pay. Method", "select", options=list(PAY_METHODS.items())),
        Field("pay_type", "Pay. Type", "select", options=list(PAY_TYPES.items())),
        Field("error_code", "Error", "select", options=[("", "Any"), *ERRORS]),
        Field("inside", "Claim XRef or Patient", width="12em"),
        Field("import_file", "Import File", width="12em"),
        Field("has_provider_adjustments", "Provider adjustments", "checkbox"),
        Field("has_exclusions", "Exclusions", "checkbox"),
    ]


# What the selects show when nothing is asked.
UNFILTERED = {
    "show": "work",
    "type": "",
    "error_code": "",
    "posting_status": "",
    "bank_state": "",
    "owner_id": "",
    "pay_method": "",
    "pay_type": "",
}
ERRORS = [(code, code.replace("_", " ").capitalize()) for code in sorted(ERROR_KINDS)]
ADVANCED = [
    "with_deposit_errors",
    "payer_id",
    "deposited_from",
    "deposited_to",
    "amount_from_cents",
    "amount_to_cents",
    "check_number",
    "posting_status",
    "bank_state",
    "owner_id",
    "pay_method",
    "pay_type",
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
        self._columns: ColumnsDialog | None = None
        self._claims: ClaimsDialog | None = None
        self._remembered = Remembered(desk, "deposits")
        self._entered = False
        events = FormEvents(self._narrow, self._press)
        self.filter = Form("Filter", filter_fields(self._payers), BUTTONS, events, arrangement="line")
        self.filter.hidden = ADVANCED
        self.filter.fill(UNFILTERED)
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
        self._recall(asked=bool(params))
        if params:
            self._clear()
        for name, value in _asked(params).items():
            self.filter.fill({name: value})
            self.model.narrow(name, value)
            if name in ADVANCED:
                self.filter.hidden = []
        blocked = self._import.blockers()
        if "import" in blocked:
            blocked["claims"] = blocked["import"]
        self.filter.block({}, {**blocked, **self._new.blockers()})
        self.refresh()
        return "Deposits"

    def _recall(self, *, asked: bool) -> None:
        """The first time: the columns the person chose, and their filter unless the address asks for one."""
        if self._entered:
            return
        self._entered = True
        self.filter.set_options("owner_id", [("", "Any"), *self.model.owners()])
        self.grid.hide(self._remembered.hidden_columns(USUALLY_HIDDEN))
        kept = {} if asked else self._remembered.filter()
        for name, value in kept.items():
            if name in self.filter.values:
                shown = {name: self.model.payer_text(value)} if name == "payer_id" else None
                self.filter.fill({name: value}, shown)
                self.model.narrow(name, value)
        if any(name in ADVANCED for name in kept):
            self.filter.hidden = []

    def _remember(self) -> None:
        self._remembered.keep_filter(self.filter.values)
        self.filter.notify(
            "This page opens with this filter from now on. Clear Filter shows what needs work."
        )

    def _choose_columns(self) -> None:
        if self._columns is None:
            self._columns = ColumnsDialog(self.grid, self._remembered.keep_hidden_columns)
            self.widget.add(self._columns.dialog)
        self._columns.show()

    def refresh(self) -> None:
        view = self.grid.view
        page = self.model.page(view.sort_key, view.descending, view.offset, view.page_size)
        self.shell.remember("deposits", self.model.query)
        self.grid.empty = self.model.empty_text()
        self.grid.show([deposit_row(found) for found in page.rows], page.total, totals_row(page))

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
        elif name == "claims":
            self._show_claims()
        elif name == "remember":
            self._remember()
        elif name == "columns":
            self._choose_columns()
        else:
            self._show_import()

    def _show_new(self) -> None:
        if self._new_deposit is None:
            after = After(self._open, self.refresh, self._show_import, self._show_payments)
            self._new_deposit = NewDepositDialog(self._new, after, date.today)
            self.widget.add(self._new_deposit.dialog)
        self._new_deposit.show()

    def _show_claims(self) -> None:
        if self._claims is None:
            self._claims = ClaimsDialog(self._desk, self.refresh)
            self.widget.add(self._claims.dialog)
        self._claims.show()

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
        self.filter.reset(UNFILTERED)

    def _open(self, deposit_id: int) -> None:
        self.shell.go("deposit", id=deposit_id)


def _asked(params: Mapping[str, str]) -> dict[str, Any]:
    """The filter that an address asks for; what makes no sense asks nothing."""
    found: dict[str, Any] = {
        name: True for name in ("with_errors", "with_deposit_errors", "unreconciled") if name in params
    }
    if params.get("show") in SHOWS:
        found["show"] = params["show"]
    if params.get("error") in ERROR_KINDS:
        found["error_code"] = params["error"]
    return found


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
