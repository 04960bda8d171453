"""The windows around a work batch: create, link, look into, add a payment (spec 1.5, 1.6, 3.8, 5 row 20)."""

from collections.abc import Callable, Sequence
from typing import Any

from workbench.domain.scan_batch.records import Payment
from workbench.domain.scan_batch.words import BatchType, PaymentKind, TargetKind
from workbench.services.scan_batches.desk import FormRefusedError
from workbench.services.work_batches.batches import Linked
from workbench.widgets.image_batches.questions import YesNo
from workbench.widgets.image_batches.work import Entry, WorkModel
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row, actions
from workbench.widgets.kit.panel import Dialog, stack
from workbench.widgets.kit.typed import money_text

DATES = ("date_of_service", "accounting_date", "charge_received")
FIXED = ("facility_id", "payer_id", "plan_id")
SAVE = (Action("save", "Save", key="Ctrl+Enter", tone="primary"), Action("cancel", "Cancel"))


class WorkWindows:
    """`done(text, warning)` is told when something was created or linked, `view(set_id)` when paper is asked for."""

    def __init__(
        self, model: WorkModel, done: Callable[[str, str], None], view: Callable[[int], None]
    ) -> None:
        self.model = model
        self._done = done
        self._view = view
        self._entries: list[Entry] = []
        self._payment_for = (0, 0)
        self._corrected: Payment | None = None
        kind = model.batch_type.value
        self.form = Form(
            f"{kind} Batch",
            [_field(name, label) for name, label in model.labels.items()],
            SAVE,
            FormEvents(on_change=model.change, on_press=self._create_pressed),
        )
        self.create_dialog = Dialog(f"New {kind} Batch", self.form)
        self.link_form = Form(
            f"Link to {kind} Batch",
            [Field("work", f"{kind} Batch", "select", required=True)],
            SAVE,
            FormEvents(on_press=self._link_pressed),
        )
        self.link_dialog = Dialog(f"Link to {kind} Batch", self.link_form)
        self.payment_form = Form(
            "Payment",
            [
                Field(
                    "kind",
                    "Payment Type",
                    "select",
                    options=[(each.value, each.value) for each in PaymentKind],
                ),
                Field("amount", "Amount", "money"),
                Field("check_number", "Check #"),
            ],
            SAVE,
            FormEvents(on_press=self._payment_pressed),
        )
        self.payment_dialog = Dialog("Add Payment", self.payment_form)
        self.balance = Form(
            f"{kind} Batch",
            [Field("work", f"{kind} Batch", "select"), Field("balance", "Counts", "static")],
            _work_actions(model.batch_type),
            FormEvents(on_change=lambda _, value: self._look(int(value)), on_press=self._work_pressed),
        )
        self.sure = YesNo("Delete")
        self.grid = Grid(
            "Cases" if model.batch_type is BatchType.CHARGE else "Payments",
            _columns(model.batch_type),
            GridEvents(on_action=self._entry_action),
            Look(paged=False, empty="Nothing is entered yet."),
        )
        self.drawer = Dialog(f"{kind} Batch", self.balance, self.grid, drawer=True)
        self.widget = stack(self.create_dialog, self.link_dialog, self.payment_dialog, self.drawer, self.sure)

    def create(self, image_batch_id: int) -> None:
        """One dialog, pre-filled from the image batch."""
        self.model.start(image_batch_id)
        self._show_form(f"New {self.model.batch_type.value} Batch")

    def _edit(self, work_id: int) -> None:
        self.model.start_edit(work_id)
        self._show_form(f"{self.model.batch_type.value} Batch {work_id}")

    def _show_form(self, title: str) -> None:
        self.form.fill(
            {name: _shown(getattr(self.model.draft, name)) for name in self.model.labels if name not in FIXED}
        )
        names = self.model.names()
        self.form.fill({name: names.get(name) for name in FIXED if name in self.model.labels})
        self.create_dialog.show(title)

    def link(self, image_batch_id: int) -> None:
        self.model.start(image_batch_id)
        candidates = self.model.candidates()
        self.link_form.set_options("work", candidates)
        if candidates:
            self.link_form.fill({"work": candidates[0][0]})
            self.link_form.block({}, {})
        else:
            kind = self.model.batch_type.value.lower()
            self.link_form.block({}, {"save": f"There is no open {kind} batch of this practice."})
        self.link_dialog.show()

    def look(self, image_batch_id: int, work_ids: Sequence[int]) -> None:
        """Shows counts and entries of the work batches linked to an image batch, the latest first."""
        self.model.image_batch_id = image_batch_id
        self.balance.set_options("work", [(str(each), str(each)) for each in work_ids])
        self.balance.hidden = [] if len(work_ids) > 1 else ["work"]
        self._look(work_ids[-1])

    def _look(self, work_id: int) -> None:
        self._entries = self.model.entries(work_id)
        self.balance.fill({"work": str(work_id), "balance": self.model.balance(work_id)})
        self.balance.block({}, self.model.blockers(work_id))
        rows = [_row(number, each) for number, each in enumerate(self._entries)]
        self.grid.show(rows, len(rows))
        self.drawer.show(f"{self.model.batch_type.value} Batch {work_id}")

    def _work_pressed(self, name: str) -> None:
        work_id = int(self.balance.values["work"])

        def settle(act: Callable[[int], str]) -> None:
            said = act(work_id)
            self.drawer.hide()
            self._done(said, "")

        if name == "edit":
            self._edit(work_id)
        elif name == "unlink":
            settle(self.model.unlink)
        elif name == "post":
            settle(self.model.post)
        else:
            kind = self.model.batch_type.value.lower()
            text = f"Delete {kind} batch {work_id}? This cannot be undone. Images stay in their batches."
            self.sure.ask(text, lambda: settle(self.model.delete))

    def add_payment(self, work_id: int, set_id: int) -> None:
        self._payment_for, self._corrected = (work_id, set_id), None
        self.payment_form.fill({"kind": PaymentKind.INSURANCE.value, "amount": None, "check_number": None})
        self.payment_dialog.show(f"Add Payment for Set {set_id}")

    def _create_pressed(self, name: str) -> None:
        if name == "save":
            try:
                if self.model.editing is None:
                    self._tell(self.model.create(), "was created and linked")
                else:
                    self._done(self.model.save(), "")
                    self._look(self.model.editing[0])
            except FormRefusedError as refusal:
                self.form.errors = {each.field: each.message for each in refusal.problems}
                self.form.focus(refusal.problems[0].field)
                return
        self.create_dialog.hide()

    def _link_pressed(self, name: str) -> None:
        if name == "save":
            self._tell(self.model.link(int(self.link_form.values["work"])), "is linked")
        self.link_dialog.hide()

    def _payment_pressed(self, name: str) -> None:
        if name == "save":
            values = self.payment_form.values
            keyed = (PaymentKind(values["kind"]), values["amount"], values["check_number"] or "")
            if self._corrected is not None:
                self._done(self.model.change_payment(self._corrected, *keyed), "")
                self._look(self._corrected.payment_batch_id)
            else:
                work_id, set_id = self._payment_for
                payment_id = self.model.add_payment(work_id, set_id, *keyed)
                text = f"Payment {payment_id} was added; set {set_id} is attached to it."
                self._done(text, "")
        self.payment_dialog.hide()

    def _tell(self, linked: Linked, what: str) -> None:
        self._done(f"{self.model.batch_type.value} batch {linked.work_id} {what}.", linked.warning)

    def _entry_action(self, name: str, number: Any) -> None:
        entry = self._entries[number]
        if name == "attachment":
            self.drawer.hide()
            self._view(entry.set_ids[0])
            return
        seen = self.model.payment(int(self.balance.values["work"]), entry.entry_id)
        if name == "edit":
            self._corrected = seen
            self.payment_form.fill(
                {
                    "kind": seen.kind.value,
                    "amount": seen.amount_cents,
                    "check_number": seen.check_number or None,
                }
            )
            self.payment_dialog.show(f"Payment {seen.payment_id}")
        elif name == "delete":

            def delete() -> None:
                self._done(self.model.delete_payment(seen), "")
                self._look(seen.payment_batch_id)

            self.sure.ask(f"Delete payment {seen.payment_id}? Its images stay in their set.", delete)


def _shown(value: Any) -> Any:
    return None if value == "" else value


def _work_actions(batch_type: BatchType) -> list[Action]:
    kind = batch_type.value
    post = [Action("post", "Post Payment Batch", tone="primary", title="Release it: every payment is in")]
    return [
        Action("edit", "Edit", title="Correct what is expected, and the rest of its details"),
        *(post if batch_type is BatchType.PAYMENT else []),
        Action("unlink", "Unlink", title=f"The image batch no longer belongs to this {kind.lower()} batch"),
        Action("delete", f"Delete {kind} Batch", tone="danger"),
    ]


def _field(name: str, label: str) -> Field:
    if name in DATES:
        return Field(name, label, "date")
    if name in FIXED:
        return Field(name, label, "static", help="From the image batch")
    if name == "expected_cents":
        return Field(name, label, "money")
    if name.startswith("expected_"):
        return Field(name, label, "number", required=name == "expected_case_count")
    return Field(name, label)


def _columns(batch_type: BatchType) -> Sequence[Column]:
    if batch_type is BatchType.CHARGE:
        names = ["Case ID", "Activity", "Status", "Patient"]
    else:
        names = ["Payment ID", "Activity", "Status", "Check #", "Amount ($)"]
    return [
        *(Column(name, name, "money" if "$" in name else "text", sortable=False) for name in names),
        Column("actions", "Attachment", sortable=False),
    ]


def _row(number: int, entry: Entry) -> Row:
    buttons = [("attachment", "View Attachment")] if entry.set_ids else []
    if entry.kind is TargetKind.PAYMENT and entry.status == "Unposted":
        buttons += [("edit", "Edit"), ("delete", "Delete")]
    paper = actions(*buttons) if buttons else ""
    amount = [] if entry.code == "SVCFE" else [money_text(entry.amount_cents)]
    return Row(number, [str(entry.entry_id), entry.code, entry.status, entry.who, *amount, paper])
