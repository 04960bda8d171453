"""The window New Image Batch, and Batch Details of a batch that is there: the same fields (spec 3.3, 3.4)."""

from collections.abc import Callable, Sequence
from typing import Any

from workbench.domain.scan_batch.header import LABELS
from workbench.domain.scan_batch.words import DESCRIPTION_LENGTH, BatchType
from workbench.services.scan_batches.desk import FormRefusedError
from workbench.storage.stores.batch_choices import Found
from workbench.widgets.image_batches.header import HeaderModel
from workbench.widgets.image_batches.questions import YesNo
from workbench.widgets.kit.form import Action, Field, Form, FormEvents, Option, Search
from workbench.widgets.kit.panel import Dialog, Panel, stack

TYPES = [("", ""), *((each.value, each.value) for each in BatchType)]
STAMPS = ("Created", "Updated", "Posted")


class HeaderWindow:
    """The dialog with its questions. `saved(batch_id)` is told after Save.

    Attributes:
        widget: put it on the page once; the dialogs show themselves.
    """

    def __init__(self, model: HeaderModel, saved: Callable[[int], None]) -> None:
        self.model = model
        self._saved = saved
        self.form = Form(
            "Image Batch",
            self._fields(),
            [
                Action("save", "Save", key="Ctrl+Enter", tone="primary"),
                Action("cancel", "Cancel", title="Leave without saving (Esc)"),
            ],
            FormEvents(on_change=self._changed, on_press=self._pressed),
        )
        self.dialog = Dialog("New Image Batch", self.form, on_closed=self._leave)
        self.question = YesNo("Unsaved changes")
        self.type_question = YesNo("Change batch type")
        self.widget: Panel = stack(self.dialog, self.question, self.type_question)

    def _fields(self) -> Sequence[Field]:
        return [
            Field("description", LABELS["description"], max=DESCRIPTION_LENGTH),
            Field("practice_id", LABELS["practice_id"], "select", required=True),
            Field("batch_type", LABELS["batch_type"], "select", required=True, options=TYPES),
            Field("facility_id", LABELS["facility_id"], "lookup", search=search_of(self.model.facilities)),
            Field("date_of_service", LABELS["date_of_service"], "date"),
            Field("charge_received", LABELS["charge_received"], "date"),
            Field("payer_id", LABELS["payer_id"], "lookup", search=search_of(self.model.payers)),
            Field("plan_id", LABELS["plan_id"], "lookup", search=search_of(self.model.plans)),
            *(Field(stamp.lower(), stamp, "static") for stamp in STAMPS),
        ]

    def new(self) -> None:
        """Opens New Image Batch."""
        self.model.start_new()
        self._open("New Image Batch")

    def update(self, batch_id: int) -> None:
        """Opens the batch for Update."""
        self.model.start_update(batch_id)
        self._open(f"Image Batch {batch_id}")

    def _open(self, title: str) -> None:
        practices = [("", ""), *((str(each.id), each.name) for each in self.model.practices())]
        self.form.set_options("practice_id", practices)
        self._draw()
        self.form.errors = {}
        self.dialog.show(title)

    def _draw(self) -> None:
        header = self.model.header
        stamps = dict(self.model.stamps())
        self.form.fill(
            {
                "description": header.description or None,
                "practice_id": None if header.practice_id is None else str(header.practice_id),
                "batch_type": header.batch_type.value if header.batch_type else None,
                "facility_id": header.facility_id,
                "date_of_service": header.date_of_service,
                "charge_received": header.charge_received,
                "payer_id": header.payer_id,
                "plan_id": header.plan_id,
                **{stamp.lower(): stamps.get(stamp) for stamp in STAMPS},
            },
            {
                field: text
                for field, text in self.model.names().items()
                if field in ("facility_id", "payer_id", "plan_id")
            },
        )
        unused = [stamp.lower() for stamp in STAMPS if stamp not in stamps]
        self.form.hidden = [*self.model.hidden(), *unused]
        self.form.block(self.model.blocked(), {})

    def _changed(self, field: str, value: Any) -> None:
        if field == "batch_type":
            self._change_type(BatchType(value) if value else None)
            return
        self.model.change(field, int(value) if field == "practice_id" and value else value)
        self._draw()
        self._check(field)

    def _change_type(self, batch_type: BatchType | None) -> None:
        def change() -> None:
            self.model.change("batch_type", batch_type)
            self._draw()

        lost = [LABELS[name] for name in self.model.lost_by(batch_type)]
        if self.model.batch is None or not lost:
            change()
            return
        self._draw()
        self.type_question.ask(f"Changing the batch type clears {', '.join(lost)}. Change it?", change)

    def _check(self, field: str) -> None:
        """Says at once what is wrong with what was just typed; the rest is said on Save."""
        problems = self.model.problems()
        self.form.errors = {
            name: text for name, text in problems.items() if name == field or name in self.form.errors
        }

    def _pressed(self, name: str) -> None:
        if name == "cancel":
            self._leave()
            return
        try:
            batch_id = self.model.save()
        except FormRefusedError as refusal:
            self.form.errors = {each.field: each.message for each in refusal.problems}
            self.form.focus(refusal.problems[0].field)
            return
        self.dialog.hide()
        self._saved(batch_id)

    def _leave(self) -> None:
        if not self.model.changed:
            self.dialog.hide()
            return
        self.dialog.show()
        self.question.ask("What was typed is not saved. Leave all the same?", self.dialog.hide)


def search_of(find: Callable[[str, int], Found]) -> Search:
    """A look-up of a form over a search of the desk."""

    def search(text: str, limit: int) -> tuple[Sequence[Option], int]:
        found = find(text, limit)
        return [Option(each.id, each.name) for each in found.entries], found.total

    return search
