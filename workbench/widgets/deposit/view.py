"""The Deposit Management page: details, errors, claims, provider adjustments, and the picture."""

from collections.abc import Mapping
from typing import Any

from workbench.domain.deposit import DepositType
from workbench.domain.deposit_views import DepositDetails, DepositQuery
from workbench.widgets.deposit import acts, parts, rows
from workbench.widgets.deposit.claim_edit import ClaimEditor
from workbench.widgets.deposit.claim_view import ClaimDrawer
from workbench.widgets.deposit.copy_dialog import CopyDialog
from workbench.widgets.deposit.find_dialog import FindDialog
from workbench.widgets.deposit.header_edit import HeaderEditor
from workbench.widgets.deposit.history import HistoryDrawer
from workbench.widgets.deposit.including import Including
from workbench.widgets.deposit.model import FILTER_LABELS, DepositModel, balancing
from workbench.widgets.deposit.picture import alternative, waterfall
from workbench.widgets.deposit.resolve import Doors, Resolver
from workbench.widgets.image_batches.paper_view import paper_section
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.facts import Facts
from workbench.widgets.kit.form import Action, Form, FormEvents
from workbench.widgets.kit.grid import Grid, GridEvents, Look, Row, View
from workbench.widgets.kit.panel import Dialog, row, section, stack
from workbench.widgets.kit.picture import Picture, Plot
from workbench.widgets.kit.shell import Shell

BUTTONS = [
    Action("previous", "Previous Deposit", key="BracketLeft"),
    Action("next", "Next Deposit", key="BracketRight"),
    Action("balancing", "Balancing", key="KeyB", title="How the figures of the header come about"),
    Action("posting", "Posting", key="KeyP", title="What became of each claim, and the accounts it moved"),
    Action("notes", "Notes", key="KeyN", title="Notes on this deposit, and what was done to it"),
    Action("edit", "Edit", key="Alt+KeyH", title="Change the deposit details"),
    *acts.BUTTONS,
    Action("ignore", "Ignore", key="Alt+KeyG", title="Leave this deposit out of posting"),
    Action("restore", "Restore", key="Alt+KeyO", title="Make this ignored deposit New again"),
]


class DepositScreen:
    def __init__(self, desk: Any, shell: Shell) -> None:
        self.shell = shell
        self._desk = desk
        self.model = DepositModel(desk)
        self.acts = acts.DepositActs(desk, self._after_act)
        self.editor = ClaimEditor(desk, self._after_act)
        self.header = HeaderEditor(desk, self._after_act)
        self.resolver = Resolver(desk, self._after_act, self._doors())
        self.including = Including(desk, self._after_act)
        self.history = HistoryDrawer(desk, self._after_act)
        self.copying = CopyDialog(desk, self._after_act)
        self.bar = Form("Deposit Actions", [], BUTTONS, FormEvents(on_press=self._press))
        self.facts = Facts()
        self.errors = parts.error_panel(self._settle)
        self.picture = Picture(self._plot)
        self.claims = parts.claims_grid(
            GridEvents(on_view=self._look, on_use=self._open_claim, on_action=self._act_on_claim)
        )
        self.filter = parts.claim_filter(self._narrow)
        self.finding = parts.claim_actions(self._press_claims)
        self.provider = parts.provider_grid(self.resolver.provider)
        self.provider_section = section("Provider Adjustments", self.provider)
        self.paper = paper_section(desk, shell)
        self._drawer: ClaimDrawer | None = None
        self._finder: FindDialog | None = None
        self.figures = Grid("Figures", rows.BALANCING_COLUMNS, look=Look(paged=False))
        self.balancing = Dialog("Balancing", self.figures)
        self.ignoring = Confirm("Ignore Deposit", "Ignore", reason="required")
        self.restoring = Confirm("Restore Deposit", "Restore", reason="required")
        self.widget = stack(
            section("Deposit Details", self.bar, self.facts),
            row(
                section("Deposit Errors", self.resolver.bar, self.errors),
                section("Where the money went", self.picture),
                wide=[0],
            ),
            row(
                section("Deposit Claims", row(self.filter, self.finding, wide=[0]), self.claims),
                self.paper.widget,
                wide=[0],
            ),
            self.provider_section,
            *(self.balancing, self.ignoring, self.restoring, self.acts.place, self.resolver.place),
            self.editor.place,
            self.header.place,
            self.including.place,
            self.history.place,
            self.copying.place,
        )

    def enter(self, params: Mapping[str, str]) -> str:
        wanted = params.get("id", "")
        details = self.model.open_deposit(int(wanted) if wanted.isascii() and wanted.isdigit() else 0)
        self.resolver.enter(details.row.id)
        self.filter.fill({"show": "all", "search": None})
        self.claims.set_view(View(page_size=self.model.page_size))
        self._show(details)
        self._look(self.claims.view)
        self.paper.show(details.row.id, eob=details.row.type is DepositType.EOB)
        return f"Deposit Management: Deposit {details.row.id}"

    def _show(self, details: DepositDetails) -> None:
        self.facts.show(rows.header_facts(details, self.model.notes()))
        blocked = self.model.blockers()
        self.bar.block({}, blocked)
        names = ("find", "exclude", "include")
        self.finding.block({}, dict.fromkeys(names, blocked["find"]) if "find" in blocked else {})
        self.errors.show(rows.error_rows(self.model.errors()), 0)
        adjustments = self.model.provider_adjustments()
        self.provider_section.shown = bool(adjustments)
        self.provider.show([rows.provider_row(found) for found in adjustments], len(adjustments))
        self.picture.ask()

    def _look(self, view: View) -> None:
        if view.page_size != self.model.page_size:
            self.model.set_page_size(view.page_size)
        page = self.model.claims(view.sort_key, view.descending, view.offset, view.page_size)
        shown = [rows.claim_row(claim, editable=self.model.may_edit(claim.state)) for claim in page.rows]
        self.claims.show(shown, page.total, rows.claim_totals(page))

    def _narrow(self, name: str, value: Any) -> None:
        self.model.narrow_claims(name, value)
        view = self.claims.view
        self.claims.set_view(View(view.sort_key, view.descending, 1, view.page_size))
        self._look(self.claims.view)

    def _settle(self, name: str, error_id: int) -> None:
        if name in FILTER_LABELS:
            self._show_claims(name)
        else:
            self.resolver.error(name, error_id)

    def _doors(self) -> Doors:
        """Where an error sends a person on this page."""
        return Doors(
            edit_claim=self.editor.edit,
            find_claim=self._find,
            add_claims=self._find,
            edit_header=lambda: self.header.edit(self.model.deposit_id),
            show_balancing=lambda: self._press("balancing"),
            open_deposit=lambda deposit_id: self.shell.go("deposit", id=deposit_id),
        )

    def _show_claims(self, claims: str) -> None:
        self.filter.fill({"show": claims})
        self._narrow("show", claims)
        self.claims.focus()

    def _press_claims(self, name: str) -> None:
        if name == "find":
            self._find()
        else:
            self.including.press(name, self.model.deposit_id, list(self.claims.selection))

    def _act_on_claim(self, name: str, deposit_claim_id: int) -> None:
        if name == "edit":
            self.editor.edit(deposit_claim_id)
        else:
            self._open_claim(deposit_claim_id)

    def _open_claim(self, deposit_claim_id: int) -> None:
        if self._drawer is None:
            self._drawer = ClaimDrawer(self.model, self.acts.reverse, self._find, self._copy)
            self.widget.add(self._drawer.dialog)
        self._drawer.show(deposit_claim_id)

    def _copy(self, deposit_claim_id: int, pcn: str) -> None:
        self.copying.ask(deposit_claim_id, pcn, self.model.deposit_id)

    def _find(self, deposit_claim_id: int | None = None, pcn: str = "") -> None:
        if self._finder is None:
            self._finder = FindDialog(self._desk, self._after_act, self._open_claim, self.editor.edit)
            self.widget.add(self._finder.dialog)
        self._finder.show(self.model.deposit_id, deposit_claim_id, pcn)

    def _press(self, name: str) -> None:
        details, number = self.model.details, self.model.deposit_id
        if details is None:
            return
        if name in ("previous", "next"):
            self._step(name)
        elif name == "balancing":
            lines = [*balancing(details), *rows.provider_lines(self.model.provider_adjustments())]
            self.figures.show([Row(index, line) for index, line in enumerate(lines)], 0)
            self.balancing.show()
        elif name == "ignore":
            text = f"Deposit {number} is left out of posting and of the work lists. Restore brings it back."
            self.ignoring.ask(text, self._ignore)
        elif name == "notes":
            self.history.show(number)
        elif name == "posting":
            self.shell.go("posting", deposit=number, show="all")
        elif name == "edit":
            self.header.edit(number)
        elif name in acts.NAMES:
            self.acts.press(name, number)
        else:
            self.restoring.ask(f"Deposit {number} becomes New again.", self._restore)

    def _step(self, name: str) -> None:
        listed = self.shell.recall("deposits")
        query = listed if isinstance(listed, DepositQuery) else DepositQuery()
        found = self.model.neighbours(query)[0 if name == "previous" else 1]
        if found is None:
            self.bar.notify(f"There is no {name} deposit in the list.")
        else:
            self.shell.go("deposit", id=found)

    def _ignore(self, reason: str) -> None:
        self.model.ignore(reason)
        self._after("ignored")

    def _restore(self, reason: str) -> None:
        self.model.restore(reason)
        self._after("restored: it is New again")

    def _after(self, what: str) -> None:
        self._after_act(f"Deposit {self.model.deposit_id} {what}.", "success")

    def _after_act(self, told: str, tone: str) -> None:
        self._show(self.model.open_deposit(self.model.deposit_id))
        self._look(self.claims.view)
        if self._drawer is not None:
            self._drawer.refresh()
        self.bar.notify(told, tone)

    def _plot(self) -> Plot:
        flow = self.model.money()
        steps = rows.money_steps(flow)
        return Plot(waterfall(steps), alternative(steps), rows.money_table(flow))
