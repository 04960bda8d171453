"""A question before something is done, in a dialog, with a reason when the office wants one."""

from collections.abc import Callable
from typing import Literal

from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog

REASON_LENGTH = 500
_CANCEL = Action("cancel", "Cancel")


class Confirm(Dialog):
    """`ask(...)` opens it; the answer goes to `done(reason)`. The reason is "" where none is asked for."""

    def __init__(self, title: str, button: str, *, reason: Literal["none", "required"] = "none") -> None:
        fields = [Field("text", "", "static")]
        if reason == "required":
            fields.append(Field("reason", "Reason", "note", required=True, max=REASON_LENGTH))
        self._needs_reason = reason == "required"
        self._done: Callable[[str], None] | None = None
        self._form = Form(
            title,
            fields,
            [Action("yes", button, tone="primary"), _CANCEL],
            FormEvents(on_press=self._pressed),
        )
        super().__init__(title, self._form)

    def ask(self, text: str, done: Callable[[str], None]) -> None:
        """Shows `text`; `done` runs when the person agrees. The dialog stays when `done` raises."""
        self._done = done
        self._form.fill({"text": text, "reason": None} if self._needs_reason else {"text": text})
        self.show()

    def _pressed(self, name: str) -> None:
        if name == "yes":
            reason = str(self._form.values.get("reason") or "")
            if self._needs_reason and not reason:
                self._form.errors = {"reason": "Say why: the reason is kept with the change."}
                self._form.focus("reason")
                return
            if self._done is not None:
                self._done(reason)
        self.hide()
