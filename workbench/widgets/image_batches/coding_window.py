"""The window Coding [Set ID] (spec 3.8)."""

from collections.abc import Callable

from workbench.domain.scan_batch.words import REASON_LENGTH, CodingStatus
from workbench.widgets.image_batches.coding import (
    LABELS,
    PROCEDURES_HELP,
    REASON_HELP,
    TIMES_HELP,
    CodingModel,
    procedures_text,
    times_text,
)
from workbench.widgets.kit.form import Action, Field, FieldKind, Form, FormEvents
from workbench.widgets.kit.panel import Dialog


class CodingWindow:
    """`saved()` is told after Save."""

    def __init__(self, model: CodingModel, saved: Callable[[], None]) -> None:
        self.model = model
        self._saved = saved
        self.form = Form(
            "Coding",
            [
                Field("status", "Coding Status", "select"),
                Field("reason", "Reason", help=REASON_HELP, max=REASON_LENGTH),
                *(Field(name, label, _kind(name)) for name, label in LABELS.items()),
                Field("procedures", "Procedures", "note", help=PROCEDURES_HELP),
                Field("provider_times", "Anesthesia Case Provider Time", "note", help=TIMES_HELP),
            ],
            [Action("save", "Save", key="Ctrl+Enter", tone="primary"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._pressed),
        )
        self.widget = Dialog("Coding", self.form, drawer=True)

    def show(self, set_id: int, status: CodingStatus) -> None:
        self.model.start(set_id, status)
        form = self.model.form
        self.form.set_options("status", [(each.value, each.value) for each in self.model.choices()])
        self.form.fill(
            {
                "status": status.value,
                "reason": None,
                **{name: getattr(form, name) or None for name in LABELS if name != "emergency"},
                "emergency": form.emergency,
                "procedures": procedures_text(form) or None,
                "provider_times": times_text(form) or None,
            }
        )
        self.widget.show(f"Coding [{set_id}]")

    def _pressed(self, name: str) -> None:
        if name == "save":
            values = self.form.values
            self.model.save(values, CodingStatus(values["status"]), values["reason"] or "")
            self._saved()
        self.widget.hide()


def _kind(name: str) -> FieldKind:
    if name == "emergency":
        return "checkbox"
    dates = ("birth_date", "date_of_service", "admit_date", "discharge_date", "charge_received")
    return "date" if name in dates else "text"
