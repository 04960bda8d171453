"""Attaching image sets to cases, payments and EOB deposits, from either side (spec 2.2, 5 rows 23 to 26)."""

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.allowed import Action, works_on
from workbench.domain.scan_batch.records import Attachment, Image
from workbench.domain.scan_batch.words import BatchType, TargetKind
from workbench.domain.scan_batch.work import why_not_attach
from workbench.errors import NotFoundError, NotPermittedError, RefusedError
from workbench.services.looks import Look
from workbench.services.scan_batches.desk import OpenBatch, open_batch, work_on_batch
from workbench.storage import Database, Stores


class Attachments:
    """Ties of image sets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attach(
        self, actor: Actor, set_id: int, kind: TargetKind, target_id: int, *, also: bool = False
    ) -> None:
        """Attaches a set of a posted batch. `also`: to a further target ("Attach also to …", payment sets)."""
        words = f"{kind.value} {target_id}"
        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, stores.image_sets.batch_of_set(set_id))
            opened.one_set(set_id)
            practice_id, work_id = _place(stores, kind, target_id)
            actor.require_sight(practice_id, words.capitalize())
            opened.require(actor, Action.ATTACH, [set_id])
            if practice_id not in (None, opened.batch.practice_id):
                raise RefusedError(f"Set {set_id} and {words} belong to different practices.")
            links = stores.set_links.work_batches_of(opened.batch.batch_type, opened.batch.batch_id)
            if text := why_not_attach(
                opened.facts, opened.one_set(set_id), kind, words, linked=work_id in links, also=also
            ):
                raise RefusedError(text)
            stores.set_links.attach(set_id, kind, target_id, actor.user_id)
            _audit(stores, actor, opened, set_id, "set.attach", words)

    def detach(self, actor: Actor, set_id: int, kind: TargetKind, target_id: int, reason: str = "") -> None:
        """Unties; once the case is submitted or the money posted, a supervisor does so with a reason."""
        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, stores.image_sets.batch_of_set(set_id))
            opened.require(actor, Action.DETACH, [set_id])
            found = [
                each
                for each in stores.set_links.of_set(set_id)
                if (each.kind, each.target_id) == (kind, target_id)
            ]
            if not found:
                raise RefusedError(f"Set {set_id} is not attached to {kind.value} {target_id}.")
            if found[0].settled:
                _require_supervisor(actor, found[0], reason)
            stores.set_links.detach(found[0].attachment_id)
            _audit(stores, actor, opened, set_id, "set.detach", found[0].words, reason.strip())

    def of_set(self, actor: Actor, set_id: int) -> list[Attachment]:
        """What the set is attached to."""
        with self._database.reading() as stores:
            open_batch(stores, actor, stores.image_sets.batch_of_set(set_id))
            return stores.set_links.of_set(set_id)

    def of_target(self, actor: Actor, kind: TargetKind, target_id: int) -> list[Attachment]:
        """The sets that show the paper of a case, payment or deposit: the icon beside its account line."""
        actor.require(Permission.IMAGE_VIEW)
        with self._database.reading() as stores:
            practice_id, _ = _place(stores, kind, target_id)
            actor.require_sight(practice_id, f"{kind.value} {target_id}".capitalize())
            _require_paper(actor, kind)
            return stores.set_links.of_target(kind, target_id)

    def pages_of(self, actor: Actor, kind: TargetKind, target_id: int) -> list[Image]:
        """The pages of those sets in order, beside the claims of a deposit or the lines of an account; audited."""
        actor.require(Permission.IMAGE_VIEW)
        with self._database.reading() as stores:
            practice_id, _ = _place(stores, kind, target_id)
            actor.require_sight(practice_id, f"{kind.value} {target_id}".capitalize())
            images: list[Image] = []
            for each in stores.set_links.of_target(kind, target_id):
                opened = open_batch(stores, actor, stores.image_sets.batch_of_set(each.set_id))
                images += stores.image_sets.images_of_set(each.set_id)
                shown = {"batch": opened.batch.batch_id, "target": each.words}
                Look("set.view", "image_set", each.set_id, opened.batch.practice_id, shown).add(stores, actor)
        return images

    def sets_for_deposit(self, actor: Actor) -> list[int]:
        """Payment sets that the deposit desk can tie a deposit to, newest batch first."""
        actor.require(Permission.IMAGE_VIEW)
        if not works_on(BatchType.PAYMENT, actor.permissions):
            return []
        with self._database.reading() as stores:
            return stores.set_links.attachable_sets(actor.practice_ids, BatchType.PAYMENT)


def _place(stores: Stores, kind: TargetKind, target_id: int) -> tuple[int | None, int | None]:
    """Practice and work batch of a target; a deposit has no work batch, and at first perhaps no practice."""
    if kind is TargetKind.CASE:
        charge = stores.work_batches.charge_batch(stores.work_batches.case(target_id).charge_batch_id)
        return charge.practice_id, charge.charge_batch_id
    if kind is TargetKind.PAYMENT:
        work_id = stores.work_batches.payment(target_id).payment_batch_id
        return stores.work_batches.payment_batch(work_id).practice_id, work_id
    found = stores.set_links.deposit_practice(target_id)
    if found is None:
        raise NotFoundError(f"Deposit {target_id} was not found.")
    return found[0], None


def _require_paper(actor: Actor, kind: TargetKind) -> None:
    paper = BatchType.CHARGE if kind is TargetKind.CASE else BatchType.PAYMENT
    if not works_on(paper, actor.permissions):
        raise NotPermittedError(f"You may not work on {paper.value.lower()} batches.")


def _require_supervisor(actor: Actor, attachment: Attachment, reason: str) -> None:
    if Permission.BATCH_UNPOST not in actor.permissions:
        raise NotPermittedError(
            f"{attachment.words.capitalize()} is already settled; only a supervisor may detach its images."
        )
    if not reason.strip():
        raise RefusedError(
            f"{attachment.words.capitalize()} is already settled. Give a reason for detaching."
        )


def _audit(
    stores: Stores, actor: Actor, opened: OpenBatch, set_id: int, action: str, target: str, reason: str = ""
) -> None:
    stores.audit.add(
        actor,
        action,
        "image_set",
        set_id,
        practice_id=opened.batch.practice_id,
        after={"batch": opened.batch.batch_id, "target": target},
        reason=reason,
    )
