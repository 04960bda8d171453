"""Send to Posting when the deposit does not tie out: the difference, its reason, a note (spec 4.3)."""

from collections.abc import Callable

from workbench.domain.deposit import DifferenceReason
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog


class SendDialog:
    """Asks why the money does not tie out; `done(reason, note)` runs when the person sends all the same."""

    def __init__(self, done: Callable[[DifferenceReason, str], None]) -> None:
        self._done = done
        self.form = Form(
            "Send to Posting",
            [
                Field("question", "", "static"),
                Field(
                    "difference",
                    "Reason",
                    "select",
                    required=True,
                    options=[
                        ("", "Choose ..."),
                        *((reason.value, reason.value) for reason in DifferenceReason),
                    ],
                ),
                Field("note", "Note", "note", max=500),
            ],
            [
                Action("send", "Send to Posting", tone="primary", key="Ctrl+Enter"),
                Action("cancel", "Cancel"),
            ],
            FormEvents(on_press=self._pressed),
        )
        self.dialog = Dialog("The deposit does not tie out", self.form)

    def ask(self, question: str) -> None:
        self.form.reset({"question": f"{question} The rest is booked to Unapplied.", "difference": ""})
        self.dialog.show()

    def _pressed(self, name: str) -> None:
        if name == "send":
            chosen = self.form.values["difference"]
            if not chosen:
                self.form.errors = {"difference": "Choose why the deposit does not tie out."}
                self.form.focus("difference")
                return
            self._done(DifferenceReason(chosen), str(self.form.values["note"] or ""))
        self.dialog.hide()
