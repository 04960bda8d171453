"""Cases of charge batches and payments of payment batches, as far as image sets flow into them (spec 1.5, 1.6, 4.1)."""

from dataclasses import replace

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.allowed import Action, works_on
from workbench.domain.scan_batch.pages import SetState
from workbench.domain.scan_batch.records import Case, Payment, PaymentBatch
from workbench.domain.scan_batch.words import (
    BatchType,
    CaseStatus,
    CodingStatus,
    PaymentBatchStatus,
    TargetKind,
)
from workbench.domain.scan_batch.work import CaseDraft, PaymentDraft, why_not_attach
from workbench.errors import ChangedByAnotherError, NotPermittedError, RefusedError
from workbench.services.scan_batches.desk import work_on_batch
from workbench.storage import Database, Stores


class Entries:
    """What is entered in work batches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_case(self, actor: Actor, charge_batch_id: int, *, set_id: int | None = None) -> int:
        """A new case with the details of its set, else the defaults of its charge batch; a set is attached to it, and its coding flows in.

        Coding flows in only when it is Complete; attaching does not wait for that (spec 5 row 24).
        """
        with self._database.transaction() as stores:
            practice_id = stores.work_batches.charge_batch(charge_batch_id).practice_id
            _require(actor, BatchType.CHARGE, practice_id, f"Charge batch {charge_batch_id}")
            charge = stores.work_batches.charge_batch(charge_batch_id)
            own = _own_details(stores, set_id)
            draft = CaseDraft(
                own.date_of_service or charge.date_of_service,
                own.facility_id or charge.facility_id,
                own.charge_received or charge.charge_received,
            )
            case_id = stores.work_batches.add_case(charge_batch_id, draft, actor.user_id)
            stores.audit.add(actor, "case.create", "case", case_id, practice_id=practice_id)
            if set_id is not None:
                _attach_new(stores, actor, set_id, TargetKind.CASE, case_id, charge_batch_id)
                _import_if_complete(stores, actor, case_id, set_id)
        return case_id

    def import_coding(self, actor: Actor, case_id: int, set_id: int) -> None:
        """The coding of the attached set flows into the case. Raises RefusedError unless it is Complete."""
        with self._database.transaction() as stores:
            case = _open_case(stores, actor, case_id)
            opened = work_on_batch(stores, actor, stores.image_sets.batch_of_set(set_id))
            each = opened.one_set(set_id)
            if f"case {case_id}" not in each.attached_to:
                raise RefusedError(f"Set {set_id} is not attached to case {case_id}.")
            if case.status is not CaseStatus.UNSUBMITTED:
                raise RefusedError(
                    f"Case {case_id} is {case.status.value}; coding can no longer be imported."
                )
            if case.imported_set_id is not None or stores.coding.imported(set_id):
                raise RefusedError("The coding was already imported into a case.")
            if not _import_if_complete(stores, actor, case_id, set_id):
                raise RefusedError(
                    f"Set {set_id} is {each.coding_status.value}; only Complete can be imported."
                )

    def set_case_status(self, actor: Actor, case_id: int, status: CaseStatus) -> None:
        """Submit, hold, reopen or reverse; the life of a case belongs to charge entry, this is its door to imaging."""
        with self._database.transaction() as stores:
            case = _open_case(stores, actor, case_id)
            stores.work_batches.set_case_status(case_id, status)
            practice_id = stores.work_batches.charge_batch(case.charge_batch_id).practice_id
            stores.audit.add(
                actor,
                "case.status",
                "case",
                case_id,
                practice_id=practice_id,
                before={"status": case.status},
                after={"status": status},
            )

    def case(self, actor: Actor, case_id: int) -> Case:
        with self._database.reading() as stores:
            case = stores.work_batches.case(case_id)
            practice_id = stores.work_batches.charge_batch(case.charge_batch_id).practice_id
            _require_look(actor, BatchType.CHARGE, practice_id, f"Case {case_id}")
            return case

    def cases(self, actor: Actor, charge_batch_id: int) -> list[Case]:
        with self._database.reading() as stores:
            practice_id = stores.work_batches.charge_batch(charge_batch_id).practice_id
            _require_look(actor, BatchType.CHARGE, practice_id, f"Charge batch {charge_batch_id}")
            return stores.work_batches.cases(charge_batch_id)

    def add_payment(
        self, actor: Actor, payment_batch_id: int, draft: PaymentDraft, *, set_id: int | None = None
    ) -> int:
        """A new payment; where the draft leaves payer and plan open, they are the set's, else the payment batch's."""
        with self._database.transaction() as stores:
            batch = stores.work_batches.payment_batch(payment_batch_id)
            _require(actor, BatchType.PAYMENT, batch.practice_id, f"Payment batch {payment_batch_id}")
            if batch.status is PaymentBatchStatus.POSTED:
                raise RefusedError(f"Payment batch {payment_batch_id} is posted; no payment can be added.")
            if draft.payer_id is None:
                own = _own_details(stores, set_id)
                source = own if own.payer_id else batch
                draft = replace(draft, payer_id=source.payer_id, plan_id=source.plan_id)
            payment_id = stores.work_batches.add_payment(payment_batch_id, draft, actor.user_id)
            stores.audit.add(
                actor,
                "payment.create",
                "payment",
                payment_id,
                practice_id=batch.practice_id,
                after={"amount_cents": draft.amount_cents, "kind": draft.kind},
            )
            if set_id is not None:
                _attach_new(stores, actor, set_id, TargetKind.PAYMENT, payment_id, payment_batch_id)
        return payment_id

    def update_payment(self, actor: Actor, seen: Payment, draft: PaymentDraft) -> None:
        """Corrects a payment of a batch that is not posted. Raises ChangedByAnotherError when it is not as `seen`."""
        with self._database.transaction() as stores:
            practice_id = _changeable(stores, actor, seen)
            stores.work_batches.update_payment(seen.payment_id, draft)
            fields = [
                name for name in draft.__dataclass_fields__ if getattr(seen, name) != getattr(draft, name)
            ]
            stores.audit.add(
                actor,
                "payment.update",
                "payment",
                seen.payment_id,
                practice_id=practice_id,
                before={name: getattr(seen, name) for name in fields},
                after={name: getattr(draft, name) for name in fields},
            )

    def delete_payment(self, actor: Actor, seen: Payment) -> None:
        """Takes a payment out of a batch that is not posted; its image sets are detached and stay."""
        with self._database.transaction() as stores:
            practice_id = _changeable(stores, actor, seen)
            sets = [each.set_id for each in stores.set_links.of_target(TargetKind.PAYMENT, seen.payment_id)]
            stores.work_batches.delete_payment(seen.payment_id)
            stores.audit.add(
                actor,
                "payment.delete",
                "payment",
                seen.payment_id,
                practice_id=practice_id,
                before={"kind": seen.kind, "amount_cents": seen.amount_cents, "sets": sets},
            )

    def payments(self, actor: Actor, payment_batch_id: int) -> list[Payment]:
        with self._database.reading() as stores:
            batch = stores.work_batches.payment_batch(payment_batch_id)
            what = f"Payment batch {payment_batch_id}"
            _require_look(actor, BatchType.PAYMENT, batch.practice_id, what)
            return stores.work_batches.payments(payment_batch_id)

    def why_not_post(self, actor: Actor, payment_batch_id: int) -> str | None:
        """Why the payment batch cannot be posted yet, or None."""
        with self._database.reading() as stores:
            batch = stores.work_batches.payment_batch(payment_batch_id)
            what = f"Payment batch {payment_batch_id}"
            _require_look(actor, BatchType.PAYMENT, batch.practice_id, what)
            return _why_not_post(stores, batch)

    def post_payments(self, actor: Actor, payment_batch_id: int) -> None:
        """Posts the payment batch when all are in: every amount keyed, count and sum as expected (spec 1.6)."""
        with self._database.transaction() as stores:
            batch = stores.work_batches.payment_batch(payment_batch_id)
            what = f"Payment batch {payment_batch_id}"
            _require(actor, BatchType.PAYMENT, batch.practice_id, what)
            if text := _why_not_post(stores, batch):
                raise RefusedError(text)
            stores.work_batches.post_payment_batch(payment_batch_id, actor.user_id)
            stores.audit.add(
                actor,
                "payment_batch.post",
                "payment_batch",
                payment_batch_id,
                practice_id=batch.practice_id,
                after={"payments": batch.payments, "total_cents": batch.total_cents},
            )


def _own_details(stores: Stores, set_id: int | None) -> SetState:
    """What the set says of itself; nothing without one."""
    return SetState(0, 0) if set_id is None else stores.image_sets.state(set_id)


def _why_not_post(stores: Stores, batch: PaymentBatch) -> str | None:
    what = f"Payment batch {batch.payment_batch_id}"
    if batch.status is PaymentBatchStatus.POSTED:
        return f"{what} was already posted."
    if not batch.payments:
        return f"{what} has no payments."
    if any(each.amount_cents is None for each in stores.work_batches.payments(batch.payment_batch_id)):
        return f"{what} has payments without an amount."
    if batch.expected_count not in (None, batch.payments):
        return f"{what}: {batch.expected_count} payments expected, {batch.payments} entered."
    if batch.expected_cents not in (None, batch.total_cents):
        return f"{what}: the payments do not add up to the expected amount."
    return None


def _require(actor: Actor, kind: BatchType, practice_id: int, what: str) -> None:
    _require_look(actor, kind, practice_id, what)
    actor.require(Permission.SET_ATTACH)


def _require_look(actor: Actor, kind: BatchType, practice_id: int, what: str) -> None:
    actor.require_sight(practice_id, what)
    actor.require(Permission.BATCH_VIEW)
    if not works_on(kind, actor.permissions):
        raise NotPermittedError(f"You may not work on {kind.value.lower()} batches.")


def _changeable(stores: Stores, actor: Actor, seen: Payment) -> int:
    """The practice of a payment that may be changed and is still as `seen`."""
    stored = stores.work_batches.payment(seen.payment_id)
    batch = stores.work_batches.payment_batch(stored.payment_batch_id)
    _require(actor, BatchType.PAYMENT, batch.practice_id, f"Payment {seen.payment_id}")
    if batch.status is PaymentBatchStatus.POSTED:
        raise RefusedError(f"Payment {seen.payment_id} is posted; it can no longer be changed.")
    if stored != seen:
        raise ChangedByAnotherError(f"Payment {seen.payment_id} was changed meanwhile. Look at it again.")
    return batch.practice_id


def _open_case(stores: Stores, actor: Actor, case_id: int) -> Case:
    case = stores.work_batches.case(case_id)
    practice_id = stores.work_batches.charge_batch(case.charge_batch_id).practice_id
    _require(actor, BatchType.CHARGE, practice_id, f"Case {case_id}")
    return case


def _attach_new(
    stores: Stores, actor: Actor, set_id: int, kind: TargetKind, target_id: int, work_id: int
) -> None:
    """Attaches to a target made in the same transaction."""
    opened = work_on_batch(stores, actor, stores.image_sets.batch_of_set(set_id))
    opened.require(actor, Action.ATTACH, [set_id])
    linked = work_id in stores.set_links.work_batches_of(opened.batch.batch_type, opened.batch.batch_id)
    words = f"{kind.value} {target_id}"
    if text := why_not_attach(
        opened.facts, opened.one_set(set_id), kind, words, linked=linked, also=kind is TargetKind.PAYMENT
    ):
        raise RefusedError(text)
    stores.set_links.attach(set_id, kind, target_id, actor.user_id)
    stores.audit.add(
        actor,
        "set.attach",
        "image_set",
        set_id,
        practice_id=opened.batch.practice_id,
        after={"batch": opened.batch.batch_id, "target": words},
    )


def _import_if_complete(stores: Stores, actor: Actor, case_id: int, set_id: int) -> bool:
    opened = work_on_batch(stores, actor, stores.image_sets.batch_of_set(set_id))
    if opened.one_set(set_id).coding_status is not CodingStatus.COMPLETE:
        return False
    form, _ = stores.coding.get(set_id)
    stores.work_batches.import_coding(case_id, set_id, form)
    stores.audit.add(
        actor,
        "case.import_coding",
        "case",
        case_id,
        practice_id=opened.batch.practice_id,
        after={"set": set_id},
    )
    return True
