"""The dialogs of the bank page: import, day close, reports."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from workbench.bank.profile import ColumnProfile
from workbench.domain.bank_desk import BankImportOutcome
from workbench.domain.money import format_dollars
from workbench.domain.reports import ReconciliationQuery, Report, ReportDate
from workbench.errors import RefusedError
from workbench.services.reports.figures import Group
from workbench.services.reports.picture import picture_svg
from workbench.widgets.bank.model import BankModel, Desk
from workbench.widgets.bank.rows import DAY_COLUMNS, day_row, report_cell, report_columns
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.download import Download
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Grid, GridEvents, Look, Row
from workbench.widgets.kit.panel import Dialog, stack
from workbench.widgets.kit.picture import Picture, Plot
from workbench.widgets.kit.uploader import Outcome, Uploader

TONES = {"new": "good", "duplicate": "", "doubtful": "warn", "rejected": "bad"}
MEDIA = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_MOST_ROWS_SHOWN = 500
_A_MONTH = timedelta(days=30)


class ImportWindow:
    """Bank files by upload; a table with new columns asks for its profile."""

    def __init__(self, desk: Desk, refresh: Callable[[], None]) -> None:
        self._desk, self._refresh = desk, refresh
        self._waiting: tuple[str, bytes, ColumnProfile] | None = None
        self.uploader = Uploader(
            "Choose Bank Files",
            lambda: desk.settings.scratch,
            self.take,
            lambda _: refresh(),
            accept=".bai,.bai2,.txt,.xml,.ofx,.qfx,.csv,.xlsx",
        )
        self.profile = Form(
            "Column Profile",
            [
                Field("columns", "", "static"),
                Field(
                    "name",
                    "Bank",
                    required=True,
                    help="The profile is used for every later file like this one.",
                ),
                Field("account", "Account number", help="When no column names the account."),
                Field("date_format", "Date format", help="%m/%d/%Y is 11/30/2026"),
                Field("negative_is_credit", "Money in is negative", "checkbox"),
            ],
            [Action("save", "Save Profile and Import", tone="primary")],
            FormEvents(on_press=lambda _: self.save_profile()),
        )
        self.profile_panel = stack(self.profile)
        self.profile_panel.shown = False
        self.dialog = Dialog("Import Bank Files", self.uploader, self.profile_panel, drawer=True)

    def take(self, path: Path, name: str) -> Outcome:
        data = path.read_bytes()
        done = self._desk.bank.imports.import_file(self._desk.actor, name, data)
        if done.outcome == "rejected":
            self._ask_for_profile(name, data)
        return shown(done)

    def _ask_for_profile(self, name: str, data: bytes) -> None:
        suggestion = self._desk.bank.imports.suggested_profile(data)
        if suggestion is None:
            return
        self._waiting = (name, data, suggestion)
        self.profile.fill(
            {
                "columns": _columns_text(suggestion),
                "name": "",
                "account": "",
                "date_format": suggestion.date_format,
                "negative_is_credit": False,
            }
        )
        self.profile_panel.shown = True

    def save_profile(self) -> None:
        """Saves the profile under its name and imports the file that waited for it."""
        if self._waiting is None:
            return
        name, data, suggestion = self._waiting
        values = self.profile.values
        if not str(values["name"] or "").strip():
            self.profile.errors = {"name": "Give the profile the name of the bank."}
            return
        profile = replace(
            suggestion,
            name=str(values["name"]).strip(),
            account_number=str(values["account"] or "").strip(),
            date_format=str(values["date_format"] or suggestion.date_format),
            negative_is_credit=bool(values["negative_is_credit"]),
        )
        self._desk.bank.imports.save_profile(self._desk.actor, profile)
        done = self._desk.bank.imports.import_file(self._desk.actor, name, data)
        self.profile_panel.shown, self._waiting = False, None
        self.uploader.summary = f"{name}: {shown(done).text}"
        self._refresh()


def _columns_text(profile: ColumnProfile) -> str:
    amount = profile.amount or f"{profile.credit} less {profile.debit}"
    return f"Date: {profile.date}. Amount: {amount}. Text: {', '.join(profile.texts) or 'none'}."


def shown(done: BankImportOutcome) -> Outcome:
    """What became of a file, for the list of uploads."""
    text = {
        "new": f"{done.new_lines:,} lines stored, {format_dollars(done.credits_cents)} in.",
        "duplicate": "It was here already; nothing was stored again.",
        "doubtful": f"{done.new_lines:,} lines stored, and somebody must look.",
        "rejected": "Nothing was stored.",
    }[done.outcome]
    return Outcome(done.outcome, TONES[done.outcome], text, tuple(each.message for each in done.findings[:5]))


class DaysWindow:
    """Day close of one account: tie out, sign, lock; reopen with a reason."""

    def __init__(
        self, model: BankModel, desk: Desk, today: Callable[[], date], refresh: Callable[[], None]
    ) -> None:
        self._model, self._desk, self._today, self._refresh = model, desk, today, refresh
        self.filter = Form(
            "Days",
            [
                Field("account", "Account", "select"),
                Field("first", "From", "date", width="9em"),
                Field("last", "To", "date", width="9em"),
            ],
            events=FormEvents(on_change=lambda *_: self.look()),
            arrangement="line",
        )
        look = Look(empty="No bank line in these days.", paged=False, height="50vh")
        self.grid = Grid("Bank Days", DAY_COLUMNS, GridEvents(on_action=self.act), look)
        self.reopening = Confirm("Reopen Day", "Reopen", reason="required")
        self.dialog = Dialog("Day Close", self.filter, self.grid, self.reopening, drawer=True)

    def open(self) -> None:
        accounts = [(str(each.id), each.name or each.number) for each in self._model.accounts()]
        if not accounts:
            raise RefusedError("There is no bank account yet. Import a bank file first.")
        self.filter.set_options("account", accounts)
        chosen = str(self._model.account_id or accounts[0][0])
        self.filter.fill({"account": chosen, "first": self._today() - _A_MONTH, "last": self._today()})
        self.look()
        self.dialog.show()

    def look(self) -> None:
        values = self.filter.values
        if values["first"] is None or values["last"] is None:
            return
        found = self._desk.bank.days.days(
            self._desk.actor, int(values["account"]), values["first"], values["last"]
        )
        self.grid.show([day_row(day) for day in found], len(found))

    def act(self, name: str, row_id: Any) -> None:
        day, account = date.fromisoformat(str(row_id)), int(self.filter.values["account"])
        if name == "lock":
            self._desk.bank.days.lock(self._desk.actor, account, day)
            self._after(f"{day:%m/%d/%Y} is signed and locked.")
        else:
            self.reopening.ask(
                f"{day:%m/%d/%Y} becomes open again; it must be signed anew.",
                lambda reason: self._reopen(account, day, reason),
            )

    def _reopen(self, account: int, day: date, reason: str) -> None:
        self._desk.bank.days.reopen(self._desk.actor, account, day, reason)
        self._after(f"{day:%m/%d/%Y} is open again.")

    def _after(self, text: str) -> None:
        self.look()
        self._refresh()
        self.grid.notify(text, "success")


class ReportWindow:
    """The two reports: on screen with picture, and as files."""

    def __init__(self, desk: Desk, today: Callable[[], date]) -> None:
        self._desk, self._today = desk, today
        self._made: Report | None = None
        groups = [("", "-"), *((group.value, group.value.replace("_", " ").capitalize()) for group in Group)]
        self.form = Form(
            "What to report",
            [
                Field(
                    "report",
                    "Report",
                    "select",
                    options=[
                        ("reconciliation", "Deposit Reconciliation"),
                        ("snapshot", "Financial Snapshot"),
                    ],
                ),
                Field("first", "From", "date", required=True, width="9em"),
                Field("last", "To", "date", required=True, width="9em"),
                Field(
                    "by",
                    "Date",
                    "select",
                    options=[(each.value, each.value.capitalize()) for each in ReportDate],
                ),
                *(
                    Field(f"group{number}", f"Group by {number}", "select", options=groups)
                    for number in (1, 2, 3)
                ),
            ],
            [
                Action("show", "Show Report", tone="primary"),
                *(Action(form, form.upper(), title=f"Save as {form.upper()}") for form in MEDIA),
            ],
            FormEvents(on_change=lambda *_: self._arrange(), on_press=self.press),
            arrangement="line",
        )
        self.picture = Picture(self._plot)
        self.body = stack()
        self.download = Download()
        self.dialog = Dialog("Reports", self.form, self.picture, self.body, self.download, drawer=True)

    def open(self) -> None:
        last = self._today()
        start = {"report": "reconciliation", "first": last - _A_MONTH, "last": last, "by": "deposit"}
        self.form.fill({**start, "group1": Group.DATE.value, "group2": "", "group3": ""})
        self._arrange()
        self.dialog.show()

    def _arrange(self) -> None:
        snapshot = self.form.values["report"] == "snapshot"
        self.form.hidden = ["by"] if snapshot else ["group1", "group2", "group3"]

    def make(self) -> Report:
        """The report as the form asks for it. Raises RefusedError."""
        values = self.form.values
        if values["first"] is None or values["last"] is None:
            raise RefusedError("Type the first and the last day.")
        reports, actor = self._desk.bank.reports, self._desk.actor
        query = ReconciliationQuery(values["first"], values["last"])
        if values["report"] == "snapshot":
            wanted = [values[f"group{number}"] for number in (1, 2, 3) if values[f"group{number}"]]
            return reports.snapshot(actor, query, reports.groups(wanted))
        return reports.reconciliation(actor, replace(query, by=ReportDate(values["by"])))

    def press(self, name: str) -> None:
        made = self._made = self.make()
        if name in MEDIA:
            data = self._desk.bank.report_exports.render(self._desk.actor, made, name)
            self.download.offer(f"{made.name}.{name}", data, MEDIA[name])
            return
        grid = Grid(made.title, report_columns(made.columns), look=Look(paged=False, height="40vh"))
        rows = [
            Row(number, _cells(made, values)) for number, values in enumerate(made.rows[:_MOST_ROWS_SHOWN])
        ]
        grid.show(rows, len(made.rows), _cells(made, made.totals))
        self.body.children = [grid]
        self.picture.ask()

    def _plot(self) -> Plot:
        made = self._made
        if made is None:
            return Plot(b"", "", [])
        numbers: Sequence[Sequence[str]] = [
            ["", *made.series],
            *([bar.label, *(format_dollars(cents) for cents in bar.cents)] for bar in made.bars),
        ]
        told = "; ".join(f"{line[0]}: {', '.join(line[1:])}" for line in numbers[1:6])
        return Plot(picture_svg(made).encode(), f"{made.title}: {told or 'nothing in this period'}.", numbers)


def _cells(made: Report, values: Sequence[Any]) -> list[str]:
    return [report_cell(column, value) for column, value in zip(made.columns, values, strict=True)]
