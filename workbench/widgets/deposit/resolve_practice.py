"""The dialog `Assign Practice`: whose deposit it is when the payee is none of our practices (PAYEE_NOT_OURS, spec 3.3)."""

from functools import cached_property

from workbench.widgets.deposit.resolve_frame import ResolveDialog, Tell
from workbench.widgets.deposit.resolve_payer import PROPOSAL_COLUMNS, proposal_rows
from workbench.widgets.deposit.resolve_practice_model import PracticeModel
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Grid, GridEvents, Look
from workbench.widgets.kit.panel import Dialog, Panel

TITLE = "Assign Practice"


class PracticeDialog(ResolveDialog):
    def __init__(self, desk: DepositsDesk, place: Panel, tell: Tell) -> None:
        super().__init__(place, tell)
        self.model = PracticeModel(desk)

    def show(self, deposit_id: int) -> None:
        self.model.open(deposit_id)
        self._draw()
        self.dialog.show()
        self.practices.focus()

    def _make(self) -> Dialog:
        return Dialog(TITLE, self.form, self.practices, self.bar)

    @cached_property
    def form(self) -> Form:
        return Form("Payee", [Field("told", "", "static")], arrangement="line")

    @cached_property
    def practices(self) -> Grid:
        return Grid(
            "Practices",
            PROPOSAL_COLUMNS,
            GridEvents(on_use=self._assign),
            Look(empty="You work for no practice.", paged=False, selectable="single", key="Alt+KeyL"),
        )

    @cached_property
    def bar(self) -> Form:
        return Form(
            "Assign",
            [],
            [Action("assign", TITLE, tone="primary", key="Ctrl+Enter"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._press),
        )

    def _draw(self) -> None:
        self.form.fill({"told": self.model.says})
        self.practices.show(proposal_rows(self.model.proposals), 0)
        self.practices.selection = [one.id for one in self.model.proposals[:1] if one.reasons]

    def _press(self, name: str) -> None:
        if name == "cancel":
            self.dialog.hide()
        elif not self.practices.selection:
            self.bar.notify("Select the practice first.", "warning")
        else:
            self._assign(self.practices.selection[0])

    def _assign(self, practice_id: int) -> None:
        self.settle(lambda: self.model.assign(practice_id))

    def _reload(self, keep: bool) -> None:  # noqa: ARG002, FBT001 - nothing is typed here
        self._gone()
