"""Creating work batches, alone or out of an image batch, and linking the two (spec 1.5, 1.6, 2.4, 5 rows 20 to 22)."""

from dataclasses import dataclass

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.allowed import Action, why_not, works_on
from workbench.domain.scan_batch.header import FieldProblem
from workbench.domain.scan_batch.records import ChargeBatch, PaymentBatch
from workbench.domain.scan_batch.words import BatchType, CaseStatus
from workbench.domain.scan_batch.work import (
    ChargeBatchDraft,
    PaymentBatchDraft,
    WorkFacts,
    check_charge_batch,
    check_payment_batch,
    propose_charge_batch,
    propose_payment_batch,
    why_not_link,
)
from workbench.errors import NotPermittedError, RefusedError
from workbench.services.scan_batches.desk import FormRefusedError, OpenBatch, open_batch, today, work_on_batch
from workbench.storage import Database, Stores

Draft = ChargeBatchDraft | PaymentBatchDraft
# Company setting; practices that close their books by accounting date say "yes".
ACCOUNTING_DATES = "accounting_dates"


@dataclass(frozen=True, slots=True)
class Linked:
    """Attributes:
    work_id: the charge or payment batch.
    warning: said once when the image batch is linked to another work batch as well (spec 1.2).
    """

    work_id: int
    warning: str = ""


class WorkBatches:
    """Charge batches and payment batches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def propose(self, actor: Actor, image_batch_id: int) -> Draft:
        """The work batch of the image batch's type, filled in from it; the dialog starts with this."""
        with self._database.reading() as stores:
            batch = open_batch(stores, actor, image_batch_id)
        propose = (
            propose_charge_batch if batch.batch.batch_type is BatchType.CHARGE else propose_payment_batch
        )
        return propose(batch.batch.header, batch.batch.practice_id, len(batch.facts.sets))

    def problems(self, draft: Draft) -> list[FieldProblem]:
        with self._database.reading() as stores:
            return _problems(stores, draft)

    def create(self, actor: Actor, draft: Draft, *, image_batch_id: int | None = None) -> Linked:
        """Creates the work batch; with an image batch, links the two in the same transaction.

        Raises FormRefusedError, or RefusedError when the image batch cannot be linked.
        """
        kind = BatchType.CHARGE if isinstance(draft, ChargeBatchDraft) else BatchType.PAYMENT
        _require(actor, kind, draft.practice_id)
        with self._database.transaction() as stores:
            if problems := _problems(stores, draft):
                raise FormRefusedError(problems)
            if isinstance(draft, ChargeBatchDraft):
                work_id = stores.work_batches.add_charge_batch(draft, actor.user_id)
            else:
                work_id = stores.work_batches.add_payment_batch(draft, actor.user_id)
            _audit(stores, actor, "create", stores.work_batches.facts(kind, work_id))
            if image_batch_id is None:
                return Linked(work_id)
            return self._link(stores, actor, image_batch_id, kind, work_id)

    def draft(self, actor: Actor, kind: BatchType, work_id: int) -> tuple[Draft, int]:
        """What can be corrected of a work batch, as it is, and its version."""
        batch = (
            self.charge_batch(actor, work_id)
            if kind is BatchType.CHARGE
            else self.payment_batch(actor, work_id)
        )
        drafted = ChargeBatchDraft if kind is BatchType.CHARGE else PaymentBatchDraft
        return drafted(**{name: getattr(batch, name) for name in drafted.__dataclass_fields__}), batch.version

    def update(self, actor: Actor, work_id: int, draft: Draft, seen_version: int) -> int:
        """Corrects a work batch, above all what is expected of it (spec 1.5); gives the new version.

        Raises FormRefusedError, ChangedByAnotherError, and RefusedError for a posted payment batch.
        """
        kind = BatchType.CHARGE if isinstance(draft, ChargeBatchDraft) else BatchType.PAYMENT
        _require(actor, kind, draft.practice_id)
        with self._database.transaction() as stores:
            work = _seen_facts(stores, actor, kind, work_id)
            if work.practice_id != draft.practice_id:
                raise RefusedError(f"The practice of {work.words} cannot be changed.")
            if kind is BatchType.PAYMENT and work.finished:
                raise RefusedError(f"{work.words.capitalize()} is posted; it can no longer be changed.")
            if problems := _problems(stores, draft):
                raise FormRefusedError(problems)
            before = (
                stores.work_batches.charge_batch(work_id)
                if kind is BatchType.CHARGE
                else stores.work_batches.payment_batch(work_id)
            )
            changed = [
                name for name in draft.__dataclass_fields__ if getattr(before, name) != getattr(draft, name)
            ]
            version = stores.work_batches.update(work_id, seen_version, draft)
            stores.audit.add(
                actor,
                f"{kind.value.lower()}_batch.update",
                f"{kind.value.lower()}_batch",
                work_id,
                practice_id=work.practice_id,
                before={name: getattr(before, name) for name in changed},
                after={name: getattr(draft, name) for name in changed},
            )
        return version

    def link(self, actor: Actor, image_batch_id: int, kind: BatchType, work_id: int) -> Linked:
        """Ties a posted image batch to a work batch of the same practice and type that is not finished."""
        with self._database.transaction() as stores:
            return self._link(stores, actor, image_batch_id, kind, work_id)

    @staticmethod
    def _link(stores: Stores, actor: Actor, image_batch_id: int, kind: BatchType, work_id: int) -> Linked:
        opened = work_on_batch(stores, actor, image_batch_id)
        opened.require(actor, Action.LINK)
        work = _seen_facts(stores, actor, kind, work_id)
        if text := why_not_link(opened.facts, opened.batch.practice_id, work):
            raise RefusedError(text)
        others = stores.set_links.work_batches_of(kind, image_batch_id)
        stores.set_links.link(kind, image_batch_id, work_id, actor.user_id)
        _audit_link(stores, actor, opened, "batch.link", work)
        if not others:
            return Linked(work_id)
        listed = ", ".join(str(each) for each in others)
        return Linked(
            work_id, f"Batch {image_batch_id} is linked to {kind.value.lower()} batch {listed} as well."
        )

    def unlink(self, actor: Actor, image_batch_id: int, kind: BatchType, work_id: int) -> None:
        """Unties them while none of the sets is attached in that work batch."""
        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, image_batch_id)
            opened.require(actor, Action.LINK)
            work = _seen_facts(stores, actor, kind, work_id)
            if text := _why_not_unlink(stores, work, image_batch_id):
                raise RefusedError(text)
            if not stores.set_links.unlink(kind, image_batch_id, work_id):
                raise RefusedError(f"Batch {image_batch_id} is not linked to {work.words}.")
            _audit_link(stores, actor, opened, "batch.unlink", work)

    def delete(self, actor: Actor, kind: BatchType, work_id: int) -> None:
        """Cannot be undone. Unlinks image batches and detaches sets; their images survive (spec 2.4)."""
        with self._database.transaction() as stores:
            work = _seen_facts(stores, actor, kind, work_id)
            _require(actor, kind, work.practice_id)
            if text := _why_not_delete(stores, work):
                raise RefusedError(text)
            for each in stores.set_links.within_work_batch(kind, work_id):
                stores.set_links.detach(each.attachment_id)
            stores.work_batches.delete(kind, work_id)
            _audit(stores, actor, "delete", work)

    def obstacles(self, actor: Actor, image_batch_id: int, kind: BatchType, work_id: int) -> dict[str, str]:
        """Why the work batch cannot be unlinked from the image batch, or deleted, just now; empty: it can."""
        with self._database.reading() as stores:
            opened = open_batch(stores, actor, image_batch_id)
            work = _seen_facts(stores, actor, kind, work_id)
            link = why_not(Action.LINK, opened.facts, actor.permissions)
            found = {
                "unlink": link or _why_not_unlink(stores, work, image_batch_id),
                "delete": link or _why_not_delete(stores, work),
            }
        return {name: text for name, text in found.items() if text}

    def charge_batch(self, actor: Actor, charge_batch_id: int) -> ChargeBatch:
        with self._database.reading() as stores:
            _seen_facts(stores, actor, BatchType.CHARGE, charge_batch_id)
            return stores.work_batches.charge_batch(charge_batch_id)

    def payment_batch(self, actor: Actor, payment_batch_id: int) -> PaymentBatch:
        with self._database.reading() as stores:
            _seen_facts(stores, actor, BatchType.PAYMENT, payment_batch_id)
            return stores.work_batches.payment_batch(payment_batch_id)

    def candidates(self, actor: Actor, image_batch_id: int) -> list[ChargeBatch] | list[PaymentBatch]:
        """Work batches that the image batch could be linked to, oldest first."""
        with self._database.reading() as stores:
            opened = open_batch(stores, actor, image_batch_id)
            kind, practice_id = opened.batch.batch_type, opened.batch.practice_id
            if kind is BatchType.CHARGE:
                return [
                    each
                    for each in stores.work_batches.charge_batches_of(practice_id)
                    if not why_not_link(
                        opened.facts, practice_id, stores.work_batches.facts(kind, each.charge_batch_id)
                    )
                ]
            return [
                each
                for each in stores.work_batches.payment_batches_of(practice_id)
                if not why_not_link(
                    opened.facts, practice_id, stores.work_batches.facts(kind, each.payment_batch_id)
                )
            ]


def _problems(stores: Stores, draft: Draft) -> list[FieldProblem]:
    day = today(stores, draft.practice_id)
    used = stores.office.company_setting(ACCOUNTING_DATES, "") == "yes"
    if isinstance(draft, ChargeBatchDraft):
        return check_charge_batch(draft, day, accounting_dates=used)
    return check_payment_batch(draft, day, accounting_dates=used)


def _require(actor: Actor, kind: BatchType, practice_id: int) -> None:
    actor.require(Permission.SET_ATTACH)
    if not works_on(kind, actor.permissions):
        raise NotPermittedError(f"You may not work on {kind.value.lower()} batches.")
    actor.require_sight(practice_id, "The practice")


def _seen_facts(stores: Stores, actor: Actor, kind: BatchType, work_id: int) -> WorkFacts:
    work = stores.work_batches.facts(kind, work_id)
    actor.require_sight(work.practice_id, work.words.capitalize())
    if not works_on(kind, actor.permissions):
        raise NotPermittedError(f"You may not work on {kind.value.lower()} batches.")
    return work


def _why_not_unlink(stores: Stores, work: WorkFacts, image_batch_id: int) -> str | None:
    inside = stores.set_links.within_work_batch(work.batch_type, work.work_id, image_batch_id)
    return next((f"Set {each.set_id} is attached to {each.words}; detach it first." for each in inside), None)


def _why_not_delete(stores: Stores, work: WorkFacts) -> str | None:
    words = work.words.capitalize()
    if work.batch_type is BatchType.PAYMENT:
        held = stores.work_batches.payments(work.work_id)
        return f"{words} holds payments; it cannot be deleted." if held else None
    cases = stores.work_batches.cases(work.work_id)
    if any(case.status is CaseStatus.UNSUBMITTED for case in cases):
        return f"{words} holds unsubmitted cases; it cannot be deleted."
    return f"{words} holds cases; move them first." if cases else None


def _audit(stores: Stores, actor: Actor, action: str, work: WorkFacts) -> None:
    kind = f"{work.batch_type.value.lower()}_batch"
    stores.audit.add(actor, f"{kind}.{action}", kind, work.work_id, practice_id=work.practice_id)


def _audit_link(stores: Stores, actor: Actor, opened: OpenBatch, action: str, work: WorkFacts) -> None:
    stores.audit.add(
        actor,
        action,
        "image_batch",
        opened.batch.batch_id,
        practice_id=opened.batch.practice_id,
        after={"work_batch": work.words},
    )
