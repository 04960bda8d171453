"""The bank page: facts, buttons, bank lines and deposits side by side with the proposals between."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from workbench.domain.bank_desk import ListPage
from workbench.domain.money import format_dollars
from workbench.storage.clock import now
from workbench.widgets.bank.accounts import AccountsWindow
from workbench.widgets.bank.model import SHOWS, BankModel
from workbench.widgets.bank.rows import (
    DEPOSIT_COLUMNS,
    LINE_COLUMNS,
    PROPOSAL_COLUMNS,
    deposit_row,
    facts,
    line_row,
    proposal_row,
)
from workbench.widgets.bank.windows import DaysWindow, ImportWindow, ReportWindow
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.facts import Facts
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Grid, GridEvents, Look, View
from workbench.widgets.kit.guard import guarded
from workbench.widgets.kit.panel import Dialog, row, section, stack
from workbench.widgets.kit.shell import Shell

_TALL = "calc(100vh - 420px)"
TOOLS = [
    Action("import", "Import Bank Files", key="Alt+KeyI", title="BAI2, CAMT, OFX, CSV or XLSX"),
    Action("match_all", "Match All", key="Alt+KeyM", tone="primary", title="Propose what belongs together"),
    Action("days", "Day Close", key="Alt+KeyD"),
    Action("reports", "Reports", key="Alt+KeyP"),
    Action("accounts", "Accounts"),
]
DECISIONS = [
    Action("accept", "Accept", key="KeyA", title="Confirm the selected proposals"),
    Action("reject", "Reject", key="KeyR", title="Never propose these again"),
    Action("match", "Match", key="KeyM", title="One bank line with one deposit"),
    Action("split", "Split", key="KeyS", title="One bank line over several deposits"),
    Action("merge", "Merge", key="KeyG", title="Several bank lines, one deposit; or add to a match"),
    Action("unmatch", "Unmatch", key="KeyU"),
    Action("not_ours", "Not Ours", key="KeyN"),
    Action("to_check", "To Check", key="KeyC"),
    Action("clear", "Clear Mark"),
    Action(
        "ask", "Request Remittance", title="Text to the payer for a payment whose remittance has not come"
    ),
]


def today() -> date:
    """The day of this machine's office."""
    return now().astimezone().date()


class BankScreen:
    def __init__(self, desk: Any, shell: Shell) -> None:
        self.model = BankModel(desk, today)
        self.imports = ImportWindow(desk, self.refresh)
        self.days = DaysWindow(self.model, desk, today, self.refresh)
        self.reports = ReportWindow(desk, today)
        self.accounts = AccountsWindow(self.model, desk, self.refresh)
        self.letter = Form("Request Remittance", [Field("text", "Text to copy", "note")])
        self.letter_dialog = Dialog("Request Remittance", self.letter)
        self.asking = Confirm("Reason", "Go on", reason="required")
        self.filter = Form(
            "Bank",
            [
                Field("account", "Account", "select", options=[("", "All accounts")]),
                Field("show", "Show", "select", options=list(SHOWS.items())),
                Field("search", "Find", "search", live=True, key="Slash", width="14em"),
            ],
            TOOLS,
            FormEvents(self._narrow, self._press),
            arrangement="line",
        )
        self.filter.fill({"account": "", "show": "open"})
        self.decide = Form("Decisions", [], DECISIONS, FormEvents(on_press=self._press), arrangement="line")
        self.facts = Facts()
        self.lines = self._grid(
            "Bank Lines", LINE_COLUMNS, "No bank line here. Import Bank Files brings them in."
        )
        self.proposals = self._grid(
            "Proposals", PROPOSAL_COLUMNS, "No proposal waits. Match All looks for more."
        )
        self.deposits = self._grid("Deposits", DEPOSIT_COLUMNS, "No deposit waits for money.")
        self.widget = stack(
            section("Bank", self.filter, self.facts, self.decide),
            row(
                section("Bank Lines", self.lines),
                section("Proposals", self.proposals),
                section("Deposits", self.deposits),
            ),
            *(self.imports.dialog, self.days.dialog, self.reports.dialog, self.accounts.dialog),
            *(self.letter_dialog, self.asking),
        )
        self.shell = shell

    def _grid(self, label: str, columns: Any, empty: str) -> Grid:
        look = Look(empty=empty, selectable="multi", height=_TALL)
        grid = Grid(label, columns, GridEvents(on_view=lambda _: self._turn()), look)
        grid.observe(lambda _: self._selected(), "selection")
        return grid

    def enter(self, params: Mapping[str, str]) -> str:
        """`?show=to check` and the like lead here from work lists."""
        if params.get("show") in SHOWS:
            self.model.show = params["show"]
            self.filter.fill({"show": self.model.show})
        self.refresh()
        return "Bank"

    def _turn(self) -> None:
        """Another page or order of a list."""
        self._read()
        self._draw()
        self._tell()

    def _read(self) -> None:
        """The page of each list that its grid asks for; the last one when decisions emptied it."""
        self._ask()
        self.model.refresh()
        totals = self.model.totals
        counted = (
            (self.lines, totals.lines),
            (self.deposits, totals.deposits),
            (self.proposals, totals.proposals),
        )
        past = [(grid, total) for grid, total in counted if grid.view.page > 1 and total <= grid.view.offset]
        for grid, total in past:
            grid.set_view(replace(grid.view, page=max(1, -(-total // grid.view.page_size))))
        if past:
            self._ask()
            self.model.refresh()

    def _ask(self) -> None:
        self.model.line_page, self.model.deposit_page, self.model.proposal_page = (
            ListPage("", grid.view.sort_key, grid.view.descending, grid.view.offset, grid.view.page_size)
            for grid in (self.lines, self.deposits, self.proposals)
        )

    def refresh(self) -> None:
        accounts = [(str(each.id), each.name or each.number) for each in self.model.accounts()]
        self.filter.set_options("account", [("", "All accounts"), *accounts])
        self._read()
        self._draw()
        self._tell()

    def _draw(self) -> None:
        proposed_lines = {line for match in self.model.chosen.proposals for line in match.line_ids}
        proposed_deposits = {each for match in self.model.chosen.proposals for each in match.deposit_ids}
        model, totals = self.model, self.model.totals
        self.lines.show([line_row(line, proposed_lines) for line in model.lines], totals.lines)
        self.proposals.show([proposal_row(match) for match in model.proposals], totals.proposals)
        self.deposits.show([deposit_row(each, proposed_deposits) for each in model.deposits], totals.deposits)
        self._choose()

    def _choose(self) -> None:
        self.model.choose(self.lines.selection, self.deposits.selection, self.proposals.selection)

    def _tell(self) -> None:
        self.facts.show(facts(self.model.unreconciled(), self.model.chosen))
        blockers = self.model.blockers()
        self.filter.block({}, blockers)
        self.decide.block({}, blockers)

    def _selected(self) -> None:
        def choose() -> None:
            before = self.model.chosen.proposals
            self._choose()
            if self.model.chosen.proposals != before:
                self._draw()  # shows which line and which deposit the selected proposals mean
            self._tell()

        guarded(choose, self.filter.notify)

    def _narrow(self, name: str, value: Any) -> None:
        if name == "account":
            self.model.account_id = int(value) if value else None
        elif name == "show":
            self.model.show = value
        else:
            self.model.search = str(value or "").strip()
        for grid in (self.lines, self.deposits):
            view = grid.view
            grid.set_view(View(view.sort_key, view.descending, 1, view.page_size))
        self._turn()

    def _press(self, name: str) -> None:
        if name == "import":
            self.imports.dialog.show()
        elif name == "days":
            self.days.open()
        elif name == "reports":
            self.reports.open()
        elif name == "accounts":
            self.accounts.open()
        elif name == "ask":
            self.letter.fill({"text": self.model.tracing_request()})
            self.letter_dialog.show()
        elif name == "match_all":
            done = self.model.match_all()
            self._after(
                f"{done.confirmed:,} confirmed ({format_dollars(done.confirmed_cents)}), {done.proposed:,} proposed."
            )
        elif question := self.model.question(name):
            self.asking.ask(question, lambda reason: self._after(self.model.do(name, reason)))
        else:
            self._after(self.model.do(name))

    def _after(self, text: str) -> None:
        self.refresh()
        self.filter.notify(text, "success")
