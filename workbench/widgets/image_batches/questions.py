"""A question with Yes and No, where Enter and the first focus are No (spec 5 row 16)."""

from collections.abc import Callable

from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog


class YesNo(Dialog):
    """`ask(text, done)` opens it; `done` runs after Yes."""

    def __init__(self, title: str) -> None:
        self._done: Callable[[], None] | None = None
        self._form = Form(
            title,
            [Field("question", "", "static")],
            [Action("no", "No"), Action("yes", "Yes", tone="danger")],
            FormEvents(on_press=self._pressed),
        )
        super().__init__(title, self._form)

    def ask(self, text: str, done: Callable[[], None]) -> None:
        self._done = done
        self._form.fill({"question": text})
        self.show()

    def _pressed(self, name: str) -> None:
        self.hide()
        if name == "yes" and self._done is not None:
            self._done()
