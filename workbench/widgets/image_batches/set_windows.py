"""Windows about single sets: the queue of unattached ones, tying one to an EOB deposit, detaching one."""

from collections.abc import Callable

from workbench.domain.scan_batch.words import BatchType
from workbench.widgets.image_batches.posted import PostedModel
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row
from workbench.widgets.kit.panel import Dialog, stack

COLUMNS = [
    Column("set_id", "Set ID", "number", sortable=False),
    Column("batch_id", "Batch ID", "number", sortable=False),
    Column("images", "Images", "number", sortable=False),
    Column("waiting", "Waiting since", "date", sortable=False),
    Column("note", "Note", sortable=False),
]


class SetWindows:
    """`done(text, warning)` is told after a tie, `view(set_id)` when a set is opened."""

    def __init__(
        self, model: PostedModel, done: Callable[[str, str], None], view: Callable[[int], None]
    ) -> None:
        self.model = model
        self._done = done
        self._view = view
        self.queue = Grid(
            "Unattached Sets",
            COLUMNS,
            GridEvents(on_use=self._open),
            Look(paged=False, empty="No set waits.", height="70vh"),
        )
        self.queue_dialog = Dialog("Unattached Sets", self.queue, drawer=True)
        self.form = Form(
            "Tie to Deposit",
            [Field("deposit", "Deposit ID", "number", required=True)],
            [Action("save", "Tie", tone="primary"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._pressed),
        )
        self.deposit_dialog = Dialog("Tie to Deposit", self.form)
        self.detach_reason = Confirm("Detach Set", "Detach", reason="required")
        target = "Case" if model.batch_type is BatchType.CHARGE else "Payment"
        self.targets = Form(
            f"Attach to {target}",
            [Field("target", target, "select", required=True)],
            [Action("save", "Attach", tone="primary"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._attach_pressed),
        )
        self.target_dialog = Dialog(f"Attach to {target}", self.targets)
        self.widget = stack(self.queue_dialog, self.deposit_dialog, self.target_dialog, self.detach_reason)

    def show_waiting(self) -> None:
        waiting = self.model.waiting()
        self.queue.show(
            [
                Row(
                    each.set_id,
                    [
                        str(each.set_id),
                        str(each.batch_id),
                        str(each.images),
                        f"{each.waiting_since:%m/%d/%Y}",
                        each.note,
                    ],
                )
                for each in waiting
            ],
            len(waiting),
        )
        self.queue_dialog.show()

    def ask_deposit(self, set_id: int) -> None:
        self.form.fill({"deposit": None})
        self.deposit_dialog.show(f"Tie Set {set_id} to Deposit")

    def ask_target(self, set_id: int) -> None:
        """Which of the cases or payments that are there."""
        choices = self.model.targets()
        self.targets.set_options("target", choices)
        none = "Nothing is entered in the linked batch yet that this set is not attached to."
        self.targets.block({}, {} if choices else {"save": none})
        if choices:
            self.targets.fill({"target": choices[0][0]})
        self.target_dialog.show(f"Attach Set {set_id}")

    def _attach_pressed(self, name: str) -> None:
        if name == "save":
            self._done(self.model.attach(int(self.targets.values["target"])), "")
        self.target_dialog.hide()

    def _open(self, set_id: int) -> None:
        self.queue_dialog.hide()
        self._view(set_id)

    def _pressed(self, name: str) -> None:
        if name == "save":
            deposit_id = self.form.values["deposit"]
            if deposit_id is None:
                self.form.errors = {"deposit": "Enter the Deposit ID."}
                return
            self._done(self.model.tie_deposit(deposit_id), "")
        self.deposit_dialog.hide()
