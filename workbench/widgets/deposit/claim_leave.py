"""The question before typed work is left: save it as a draft, discard it, or go on editing."""

from collections.abc import Callable

from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog


class LeaveDialog:
    """`ask(then)`: `then(save)` runs when the person leaves, with or without saving a draft."""

    def __init__(self) -> None:
        self._then: Callable[[bool], None] = lambda _: None
        self.form = Form(
            "Unsaved Changes",
            [Field("told", "", "static")],
            [
                Action("save", "Save Draft", tone="primary", key="Ctrl+Enter"),
                Action("discard", "Discard", key="Alt+KeyX"),
                Action("stay", "Keep Editing"),
            ],
            FormEvents(on_press=self._pressed),
        )
        self.dialog = Dialog("Unsaved Changes", self.form)

    def ask(self, pcn: str, then: Callable[[bool], None]) -> None:
        self._then = then
        self.form.fill({"told": f"Claim {pcn} has changes that are not saved."})
        self.dialog.show()

    def _pressed(self, name: str) -> None:
        self.dialog.hide()
        if name != "stay":
            self._then(name == "save")
