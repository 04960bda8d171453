"""Set Details: what is true of one set and not of its batch (spec 4.2)."""

from collections.abc import Callable
from typing import Any

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.header import LABELS
from workbench.domain.scan_batch.pages import Edit
from workbench.services.scan_batches.desk import FormRefusedError
from workbench.services.scan_desk import ScanDesk
from workbench.widgets.image_batches.header import OF_ONE_TYPE, HeaderModel
from workbench.widgets.image_batches.header_view import search_of
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog

_DATES = ("date_of_service", "charge_received")


class SetDetailsDialog(Dialog):
    """`saved(edit)` is told after Save."""

    def __init__(self, desk: ScanDesk, actor: Callable[[], Actor], saved: Callable[[Edit], None]) -> None:
        self._desk = desk
        self._actor = actor
        self._saved = saved
        self._of = (0, 0)
        # The choices and cascades of a batch's header are those of a set's details.
        self._model = HeaderModel(desk, actor)
        finders = {
            "facility_id": self._model.facilities,
            "payer_id": self._model.payers,
            "plan_id": self._model.plans,
        }
        self.form = Form(
            "Set Details",
            [
                Field("batch", "Of the batch", "static", help="What is empty below is as the batch says."),
                *(
                    Field(name, LABELS[name], "date")
                    if name in _DATES
                    else Field(name, LABELS[name], "lookup", search=search_of(finders[name]))
                    for name in OF_ONE_TYPE
                ),
            ],
            [Action("save", "Save", key="Ctrl+Enter", tone="primary"), Action("cancel", "Cancel")],
            FormEvents(on_change=self._changed, on_press=self._pressed),
        )
        super().__init__("Set Details", self.form)

    def ask(self, batch_id: int, set_id: int) -> None:
        self._of = (batch_id, set_id)
        actor = self._actor()
        self._model.header = self._desk.set_details.get(actor, set_id)
        batch = self._desk.batches.get(actor, batch_id).header
        names = self._desk.choices.names(batch)
        said = [
            f"{LABELS[name]} {names.get(name) or f'{value:%m/%d/%Y}'}"
            for name in OF_ONE_TYPE
            if (value := getattr(batch, name)) is not None
        ]
        self.form.fill({"batch": ", ".join(said) or "nothing"})
        self.form.hidden = self._model.hidden()
        self._draw()
        self.form.errors = {}
        self.show(f"Details of Set {set_id}")

    def _draw(self) -> None:
        self.form.fill(
            {name: getattr(self._model.header, name) for name in OF_ONE_TYPE},
            {field: text for field, text in self._model.names().items() if field in OF_ONE_TYPE},
        )

    def _changed(self, field: str, value: Any) -> None:
        self._model.change(field, value)
        self._draw()

    def _pressed(self, name: str) -> None:
        if name == "save":
            batch_id, set_id = self._of
            try:
                edit = self._desk.set_details.save(self._actor(), batch_id, set_id, self._model.header)
            except FormRefusedError as refusal:
                self.form.errors = {each.field: each.message for each in refusal.problems}
                self.form.focus(refusal.problems[0].field)
                return
            self._saved(edit)
        self.hide()
