"""Making, linking and looking into work batches, without a screen (spec 1.5, 1.6, 3.8)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from workbench.domain.identity import Actor
from workbench.domain.money import Cents
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.records import ChargeBatch, Payment, PaymentBatch
from workbench.domain.scan_batch.words import (
    ACTIVITY_CODES,
    SERVICE_FEE_CODE,
    BatchType,
    PaymentBatchStatus,
    PaymentKind,
    TargetKind,
)
from workbench.domain.scan_batch.work import ChargeBatchDraft, PaymentBatchDraft, PaymentDraft
from workbench.services.scan_desk import ScanDesk
from workbench.services.work_batches.batches import Draft, Linked
from workbench.widgets.kit.typed import money_text

# Field -> its label, in the words of spec 1.5 and 1.6.
CHARGE_LABELS = {
    "description": "Description",
    "expected_case_count": "Expected Case Count",
    "expected_proc_count": "Expected Proc Count",
    "date_of_service": "Date of Service",
    "facility_id": "Facility",
    "accounting_date": "Accounting Date",
    "charge_received": "Charge Received",
}
PAYMENT_LABELS = {
    "description": "Description",
    "expected_count": "Expected Count",
    "expected_cents": "Expected Amount",
    "accounting_date": "Acct Date",
    "payer_id": "Payer",
    "plan_id": "Plan",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A case or payment of a work batch, with the sets that show its paper.

    Attributes:
        code: of the activity line that carries the attachment icon (spec 1.1).
        amount_cents: None for cases, and for payments not keyed yet.
    """

    kind: TargetKind
    entry_id: int
    code: str
    status: str
    who: str
    amount_cents: Cents | None
    set_ids: tuple[int, ...]


class WorkModel:
    """Work batches of one type, for one image batch at a time."""

    def __init__(self, desk: ScanDesk, actor: Callable[[], Actor], batch_type: BatchType) -> None:
        self._desk = desk
        self._actor = actor
        self.batch_type = batch_type
        self.image_batch_id = 0
        self.editing: tuple[int, int] | None = None  # work batch and version, while one is corrected
        self.draft: Draft = ChargeBatchDraft(0) if batch_type is BatchType.CHARGE else PaymentBatchDraft(0)

    @property
    def labels(self) -> dict[str, str]:
        return CHARGE_LABELS if self.batch_type is BatchType.CHARGE else PAYMENT_LABELS

    def start(self, image_batch_id: int) -> None:
        """The work batch as the image batch proposes it."""
        self.image_batch_id = image_batch_id
        self.editing = None
        self.draft = self._desk.work.propose(self._actor(), image_batch_id)

    def start_edit(self, work_id: int) -> None:
        """The work batch as it is, to correct it."""
        self.draft, version = self._desk.work.draft(self._actor(), self.batch_type, work_id)
        self.editing = (work_id, version)

    def save(self) -> str:
        """Saves the work batch that is corrected; gives what to tell the person."""
        if self.editing is None:
            return ""
        work_id, version = self.editing
        self._desk.work.update(self._actor(), work_id, self.draft, version)
        return f"{self.batch_type.value} batch {work_id} is saved."

    def change(self, field: str, value: Any) -> None:
        taken: Any = {field: "" if field == "description" and value is None else value}
        self.draft = replace(self.draft, **taken)

    def names(self) -> dict[str, str]:
        """What the look-ups of the draft show."""
        draft = self.draft
        if isinstance(draft, ChargeBatchDraft):
            chosen = {"facilities": draft.facility_id}
        else:
            chosen = {"payers": draft.payer_id, "plans": draft.plan_id}
        fields = {"facilities": "facility_id", "payers": "payer_id", "plans": "plan_id"}
        return {fields[table]: self._desk.choices.name(table, each) for table, each in chosen.items() if each}

    def create(self) -> Linked:
        """Creates the work batch and links the image batch to it, or neither."""
        return self._desk.work.create(self._actor(), self.draft, image_batch_id=self.image_batch_id)

    def candidates(self) -> list[tuple[str, str]]:
        """Work batches the image batch can be linked to, as choices."""
        found = self._desk.work.candidates(self._actor(), self.image_batch_id)
        return [(str(_id(each)), f"{_id(each)} {each.description}".strip()) for each in found]

    def link(self, work_id: int) -> Linked:
        return self._desk.work.link(self._actor(), self.image_batch_id, self.batch_type, work_id)

    def unlink(self, work_id: int) -> str:
        """Unties the image batch from the work batch; gives what to tell the person."""
        self._desk.work.unlink(self._actor(), self.image_batch_id, self.batch_type, work_id)
        return f"{self.batch_type.value} batch {work_id} is unlinked; the images stay in their batch."

    def delete(self, work_id: int) -> str:
        self._desk.work.delete(self._actor(), self.batch_type, work_id)
        return f"{self.batch_type.value} batch {work_id} is deleted; the images stay in their batch."

    def post(self, work_id: int) -> str:
        """Posts a payment batch whose payments are all in."""
        self._desk.entries.post_payments(self._actor(), work_id)
        return f"Payment batch {work_id} is posted."

    def blockers(self, work_id: int) -> dict[str, str]:
        """Button of the work batch's window -> why it cannot be pressed now."""
        found = self._desk.work.obstacles(self._actor(), self.image_batch_id, self.batch_type, work_id)
        if self.batch_type is BatchType.PAYMENT:
            text = self._desk.entries.why_not_post(self._actor(), work_id)
            if text:
                found["post"] = text
            batch = self._desk.work.payment_batch(self._actor(), work_id)
            if batch.status is PaymentBatchStatus.POSTED:
                found["edit"] = f"Payment batch {work_id} is posted; it can no longer be changed."
        if Permission.SET_ATTACH not in self._actor().permissions:
            found["edit"] = "You may not change work batches (set.attach). Ask your supervisor for the right."
        return found

    def balance(self, work_id: int) -> str:
        """Expected against current, which is how a person sees whether the batch balances."""
        if self.batch_type is BatchType.CHARGE:
            charge = self._desk.work.charge_batch(self._actor(), work_id)
            return (
                f"Expected Case Count {charge.expected_case_count}, Current Case Count {charge.cases}, "
                f"Cases Submitted {charge.submitted}, Cases on Hold {charge.on_hold}, "
                f"Cases Reversed {charge.reversed}"
            )
        payment = self._desk.work.payment_batch(self._actor(), work_id)
        expected = "not said" if payment.expected_count is None else str(payment.expected_count)
        amount = "not said" if payment.expected_cents is None else money_text(payment.expected_cents)
        return (
            f"Expected {expected}, Current {payment.payments}, Expected Amount {amount}, "
            f"Total {money_text(payment.total_cents)}, Status {payment.status.value}"
        )

    def entries(self, work_id: int) -> list[Entry]:
        actor = self._actor()
        if self.batch_type is BatchType.CHARGE:
            return [
                Entry(
                    TargetKind.CASE,
                    case.case_id,
                    SERVICE_FEE_CODE,
                    case.status.value,
                    ", ".join(part for part in (case.patient_last, case.patient_first) if part),
                    None,
                    self._sets(actor, TargetKind.CASE, case.case_id),
                )
                for case in self._desk.entries.cases(actor, work_id)
            ]
        return [
            Entry(
                TargetKind.PAYMENT,
                each.payment_id,
                ACTIVITY_CODES[each.kind],
                "Posted" if each.posted else "Unposted",
                each.check_number,
                each.amount_cents,
                self._sets(actor, TargetKind.PAYMENT, each.payment_id),
            )
            for each in self._desk.entries.payments(actor, work_id)
        ]

    def payment(self, work_id: int, payment_id: int) -> Payment:
        """A payment as it is now, to be corrected from."""
        found = self._desk.entries.payments(self._actor(), work_id)
        return next(each for each in found if each.payment_id == payment_id)

    def change_payment(
        self, seen: Payment, kind: PaymentKind, amount: Cents | None, check_number: str
    ) -> str:
        draft = PaymentDraft(kind, amount, seen.payer_id, seen.plan_id, check_number)
        self._desk.entries.update_payment(self._actor(), seen, draft)
        return f"Payment {seen.payment_id} is saved."

    def delete_payment(self, seen: Payment) -> str:
        self._desk.entries.delete_payment(self._actor(), seen)
        return f"Payment {seen.payment_id} is deleted; its images stay in their set."

    def _sets(self, actor: Actor, kind: TargetKind, target_id: int) -> tuple[int, ...]:
        return tuple(each.set_id for each in self._desk.ties.of_target(actor, kind, target_id))

    def add_payment(
        self, work_id: int, set_id: int, kind: PaymentKind, amount: Cents | None, check_number: str
    ) -> int:
        """A payment in the work batch, with the set attached."""
        draft = PaymentDraft(kind, amount, check_number=check_number)
        return self._desk.entries.add_payment(self._actor(), work_id, draft, set_id=set_id)


def _id(batch: ChargeBatch | PaymentBatch) -> int:
    return batch.charge_batch_id if isinstance(batch, ChargeBatch) else batch.payment_batch_id
