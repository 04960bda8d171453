"""Coding a charge set (spec 1.4, 2.3): the form, and the status that decides whether it can go into a case."""

from datetime import date

from workbench.domain.identity import Actor
from workbench.domain.scan_batch import arrange
from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.coding import CodingForm, why_not_coding
from workbench.domain.scan_batch.pages import Pages, edit_between
from workbench.domain.scan_batch.words import CodingStatus
from workbench.errors import RefusedError
from workbench.services.looks import Look
from workbench.services.scan_batches.desk import OpenBatch, commit, open_batch, work_on_batch
from workbench.storage import Database, Stores


class Coding:
    """Forms of charge sets. The audit says which fields changed, never what was keyed: it is patient data."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def form(self, actor: Actor, set_id: int) -> tuple[CodingForm, int]:
        """The form and its version, 0 while nothing is keyed."""
        with self._database.reading() as stores:
            opened = open_batch(stores, actor, stores.image_sets.batch_of_set(set_id))
            opened.one_set(set_id)
            Look("coding.view", "image_set", set_id, opened.batch.practice_id).add(stores, actor)
            return stores.coding.get(set_id)

    def save(self, actor: Actor, set_id: int, form: CodingForm, seen_version: int) -> int:
        """Saves the form; the first save makes the set In Progress. Gives the new version."""
        with self._database.transaction() as stores:
            opened = self._open(stores, actor, set_id)
            status = opened.one_set(set_id).coding_status
            if status not in (CodingStatus.NOT_CODED, CodingStatus.IN_PROGRESS):
                raise RefusedError(
                    f"Set {set_id} is {status.value}. Set it to In Progress to change the coding."
                )
            before, _ = stores.coding.get(set_id)
            version = stores.coding.save(set_id, form, seen_version, actor.user_id)
            if status is CodingStatus.NOT_CODED:
                self._write_status(stores, actor, opened, set_id, CodingStatus.IN_PROGRESS, "")
            changed = [
                name for name in form.__dataclass_fields__ if getattr(form, name) != getattr(before, name)
            ]
            stores.audit.add(
                actor,
                "set.code",
                "image_set",
                set_id,
                practice_id=opened.batch.practice_id,
                after={"fields": changed},
            )
        return version

    def set_status(
        self,
        actor: Actor,
        set_id: int,
        status: CodingStatus,
        reason: str = "",
        follow_up_on: date | None = None,
    ) -> None:
        """Moves the set along the transitions of spec 2.3. On Hold also puts the set on hold, leaving it releases."""
        with self._database.transaction() as stores:
            opened = self._open(stores, actor, set_id)
            before = opened.one_set(set_id).coding_status
            imported = stores.coding.imported(set_id)
            if text := why_not_coding(before, status, reason=reason, imported=imported):
                raise RefusedError(text)
            ignored = reason.strip() if status is CodingStatus.IGNORED else ""
            self._write_status(stores, actor, opened, set_id, status, ignored, reason)
            if CodingStatus.ON_HOLD in (before, status):
                held = reason.strip() if status is CodingStatus.ON_HOLD else ""
                _hold(stores, actor, opened, set_id, held, follow_up_on)

    @staticmethod
    def _open(stores: Stores, actor: Actor, set_id: int) -> OpenBatch:
        opened = work_on_batch(stores, actor, stores.image_sets.batch_of_set(set_id))
        opened.one_set(set_id)
        opened.require(actor, Action.CODE, [set_id])
        return opened

    @staticmethod
    def _write_status(
        stores: Stores,
        actor: Actor,
        opened: OpenBatch,
        set_id: int,
        status: CodingStatus,
        ignore_reason: str,
        reason: str = "",
    ) -> None:
        stores.coding.set_status(set_id, status, ignore_reason)
        stores.audit.add(
            actor,
            "set.coding_status",
            "image_set",
            set_id,
            practice_id=opened.batch.practice_id,
            before={"coding_status": opened.one_set(set_id).coding_status},
            after={"coding_status": status},
            reason=reason.strip(),
        )


def _hold(
    stores: Stores, actor: Actor, opened: OpenBatch, set_id: int, reason: str, follow_up_on: date | None
) -> None:
    before: Pages = stores.image_sets.pages(opened.batch.batch_id)
    after = arrange.held(before, set_id, reason, follow_up_on)
    label = f"Hold set {set_id}" if reason else f"Release set {set_id}"
    commit(
        stores, actor, opened, edit_between(opened.batch.batch_id, Action.HOLD, label, before, after), reason
    )
