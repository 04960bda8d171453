"""The drawers `Errors` (all of one kind, like ones at once) and `Settled Errors` (what was ignored can be opened again)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workbench.services.deposit_desk.like_errors import KnownError
from workbench.widgets.deposit.error_list_model import EVERY, ErrorListModel, SettledModel
from workbench.widgets.deposit.error_ways import kind_name
from workbench.widgets.deposit.resolve_frame import ResolveDialog, Tell
from workbench.widgets.deposit.rows import money
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row, View, actions, badge
from workbench.widgets.kit.panel import Dialog, Panel

SETTLED_TITLE = "Settled Errors"
COLUMNS = [
    Column("pcn", "Claim XRef", sortable=False),
    Column("patient", "Patient", sortable=False, width="12em"),
    Column("paid", "Paid", "money", sortable=False),
    Column("message", "What is wrong", sortable=False, wrap=True),
    Column("action", "Action", sortable=False),
]
SETTLED_COLUMNS = [
    Column("code", "Error", sortable=False),
    Column("pcn", "Claim XRef", sortable=False),
    Column("message", "What was wrong", sortable=False, wrap=True),
    Column("state", "State", sortable=False),
    Column("by", "By", sortable=False),
    Column("reason", "Reason", sortable=False, wrap=True),
]
STATE_WORDS = {"ignored": "Ignored", "resolved": "Resolved", "auto_resolved": "Resolved itself"}


@dataclass(frozen=True, slots=True)
class ClaimDoors:
    """Where a claim of the list is opened: edited, or looked for among ours."""

    edit: Callable[[int], None]
    find: Callable[[int, str], None]


class ErrorListDialog(ResolveDialog):
    def __init__(self, desk: DepositsDesk, place: Panel, tell: Tell, doors: ClaimDoors) -> None:
        super().__init__(place, tell)
        self.model = ErrorListModel(desk)
        self._doors = doors
        self._way = ("", "")

    def show(self, deposit_id: int, code: str, way: tuple[str, str]) -> None:
        """`way`: the button of each claim, `edit` or `find`, with its label."""
        self._way = way
        if not self.model.open(deposit_id, code):
            self._gone()
            return
        self.grid.set_view(View())
        self._draw()
        self.dialog.show(f"Errors: {kind_name(code)}")
        self.grid.focus()

    def _make(self) -> Dialog:
        return Dialog("Errors", self.form, self.grid, self.bar, drawer=True)

    @cached_property
    def form(self) -> Form:
        return Form(
            "Like Errors",
            [
                Field("facts", "Alike", "select", width="34em", key="Alt+KeyK"),
                Field("told", "", "static"),
            ],
            events=FormEvents(on_change=self._narrow),
            arrangement="line",
        )

    @cached_property
    def grid(self) -> Grid:
        made = Grid(
            "Claims with the Error",
            COLUMNS,
            GridEvents(
                on_view=lambda _: self._draw(), on_use=self._use, on_action=lambda _, it: self._use(it)
            ),
            Look(selectable="multi", height="56vh", key="Alt+KeyL"),
        )
        made.observe(lambda _: self._tell_picked(), "selection")
        return made

    @cached_property
    def bar(self) -> Form:
        return Form(
            "Settle Like Errors",
            [],
            [
                Action(
                    "exclude", "Exclude Claims", key="Alt+KeyX", title="The selected ones, else all shown"
                ),
                Action("ignore", "Ignore Errors", key="Alt+KeyG", title="The selected ones, else all shown"),
            ],
            FormEvents(on_press=self._press),
        )

    @cached_property
    def _excluding(self) -> Confirm:
        made = Confirm("Exclude Claims", "Exclude", reason="required")
        self._place.add(made)
        return made

    def _draw(self) -> None:
        groups = self.model.groups
        kinds = [(EVERY, f"All ({len(self.model.errors):,})")]
        if len(groups) > 1:
            kinds += [
                (text, f"{text} ({len(errors):,})") for text, errors in groups.items() if len(errors) > 1
            ]
        self.form.set_options("facts", kinds)
        self.form.fill({"facts": self.model.facts})
        shown, view = self.model.shown, self.grid.view
        rows = [self._row(error) for error in shown[view.offset : view.offset + view.page_size]]
        self.grid.show(rows, len(shown))
        self.bar.block({}, self.model.blockers())
        self._tell_picked()

    def _row(self, error: KnownError) -> Row:
        way = actions(self._way) if self._way[0] and error.deposit_claim_id else ""
        return Row(error.id, [error.pcn, error.patient, money(error.paid_cents), error.message, way])

    def _tell_picked(self) -> None:
        self.form.fill({"told": self.model.preview(self.grid.selection)})

    def _narrow(self, _: str, facts: Any) -> None:
        self.model.facts = str(facts or EVERY)
        self.grid.set_view(View(page_size=self.grid.page_size))
        self._draw()

    def _use(self, error_id: int) -> None:
        claim = self.model.claim_of(error_id)
        if claim is None or not self._way[0]:
            return
        self.dialog.hide()
        if self._way[0] == "find":
            self._doors.find(*claim)
        else:
            self._doors.edit(claim[0])

    def _press(self, name: str) -> None:
        picked = list(self.grid.selection)
        told = self.model.preview(picked)
        if name == "ignore":
            text = f"{told} They stop nothing any more, and come back only when their facts change."
            self._ignoring.ask(
                text, lambda reason: self.settle(lambda: self.model.ignore(picked, reason), stay=self._next)
            )
        else:
            text = f"{told} The claims are left out of posting; the money stays in Exclusions."
            self._excluding.ask(
                text, lambda reason: self.settle(lambda: self.model.exclude(picked, reason), stay=self._next)
            )

    def _next(self) -> bool:
        more = self.model.open(self.model.deposit_id, self.model.code)
        self._draw()
        return more

    def _reload(self, keep: bool) -> None:  # noqa: FBT001 - the answer of the dialog
        picked = list(self.grid.selection)
        if not self._next():
            self._gone()
        elif keep:
            known = {error.id for error in self.model.shown}
            self.grid.selection = [number for number in picked if number in known]


class SettledDialog(ResolveDialog):
    def __init__(self, desk: DepositsDesk, place: Panel, tell: Tell) -> None:
        super().__init__(place, tell)
        self.model = SettledModel(desk)

    def show(self, deposit_id: int) -> None:
        self.model.open(deposit_id)
        self.grid.set_view(View())
        self._draw()
        self.dialog.show()
        self.grid.focus()

    def _make(self) -> Dialog:
        return Dialog(SETTLED_TITLE, self.grid, self.bar, drawer=True)

    @cached_property
    def grid(self) -> Grid:
        return Grid(
            SETTLED_TITLE,
            SETTLED_COLUMNS,
            GridEvents(on_view=lambda _: self._draw()),
            Look(empty="Nothing was settled yet.", selectable="multi", height="60vh", key="Alt+KeyL"),
        )

    @cached_property
    def bar(self) -> Form:
        return Form(
            "Open Again",
            [],
            [Action("reopen", "Open Again", tone="primary", key="Ctrl+Enter", title="Take back the Ignore")],
            FormEvents(on_press=self._press),
        )

    def _draw(self) -> None:
        view = self.grid.view
        shown = self.model.errors[view.offset : view.offset + view.page_size]
        self.grid.show([_settled(error) for error in shown], len(self.model.errors))

    def _press(self, _: str) -> None:
        picked = list(self.grid.selection)
        refused = self.model.why_not_reopen(picked)
        if refused:
            self.bar.notify(refused, "warning")
        else:
            self.settle(lambda: self.model.reopen(picked))

    def _reload(self, keep: bool) -> None:  # noqa: ARG002, FBT001 - nothing is typed here
        self._gone()


def _settled(error: KnownError) -> Row:
    state = badge(STATE_WORDS.get(error.state, error.state), "warn" if error.state == "ignored" else "")
    by = error.closed_by or "the system"
    return Row(error.id, [kind_name(error.code), error.pcn, error.message, state, by, error.close_reason])
