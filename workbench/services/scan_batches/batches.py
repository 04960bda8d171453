"""Creating, updating, posting, deleting image batches (spec scan-batches 2, 3.3, 3.4, 5)."""

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch import arrange
from workbench.domain.scan_batch.allowed import Action, BatchFacts, why_not, works_on
from workbench.domain.scan_batch.header import BatchHeader, FieldProblem, check_header, errors_of
from workbench.domain.scan_batch.pages import edit_between
from workbench.domain.scan_batch.records import ScanBatch
from workbench.errors import ChangedByAnotherError, NotPermittedError, RefusedError
from workbench.services.scan_batches.desk import (
    FormRefusedError,
    OpenBatch,
    commit,
    open_batch,
    today,
    work_on_batch,
)
from workbench.storage import Database, Stores


class EmptySetsError(RefusedError):
    """The batch can be posted once its empty sets are dropped: ask, then post with `drop_empty_sets`."""

    def __init__(self, batch_id: int, set_ids: list[int]) -> None:
        count = len(set_ids)
        word = "an empty set" if count == 1 else f"{count} empty sets"
        super().__init__(f"Batch {batch_id} has {word}. Drop {'it' if count == 1 else 'them'} and post?")
        self.set_ids = tuple(set_ids)


class ScanBatches:
    """The header and the life cycle of image batches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def problems(
        self, actor: Actor, header: BatchHeader, stored: BatchHeader | None = None
    ) -> list[FieldProblem]:
        """What is wrong with a header as it stands, errors and warnings, to show beside the fields."""
        with self._database.reading() as stores:
            return self._problems(stores, actor, header.fitted(), stored)

    @staticmethod
    def _problems(
        stores: Stores, actor: Actor, header: BatchHeader, stored: BatchHeader | None
    ) -> list[FieldProblem]:
        if header.practice_id is None or not actor.sees(header.practice_id):
            missing = [FieldProblem("practice_id", "Choose a practice.")]
            if header.batch_type is None:
                missing.append(FieldProblem("batch_type", "Choose a batch type."))
            return missing
        facts = stores.batch_choices.header_facts(header, stored)
        if facts.practice is None:
            return [FieldProblem("practice_id", "Choose a practice.")]
        return check_header(header, facts, today(stores, header.practice_id))

    def create(self, actor: Actor, header: BatchHeader) -> int:
        """Stores the header and gives its Batch ID. Raises FormRefusedError."""
        actor.require(Permission.BATCH_CREATE)
        fitted = header.fitted()
        with self._database.transaction() as stores:
            if errors := errors_of(self._problems(stores, actor, fitted, None)):
                raise FormRefusedError(errors)
            _require_paper(actor, fitted)
            batch_id = stores.batches.add(fitted, actor.user_id)
            stores.audit.add(
                actor,
                "batch.create",
                "image_batch",
                batch_id,
                practice_id=fitted.practice_id,
                after={name: new for name, (_, new) in fitted.changes_from(BatchHeader()).items()},
            )
        return batch_id

    def get(self, actor: Actor, batch_id: int) -> ScanBatch:
        """Raises NotFoundError, also for a batch of a practice that is not the person's."""
        with self._database.reading() as stores:
            return open_batch(stores, actor, batch_id).batch

    def facts(self, actor: Actor, batch_id: int) -> BatchFacts:
        """What `domain.scan_batch.allowed` decides by, for the greyed controls of a screen."""
        with self._database.reading() as stores:
            return open_batch(stores, actor, batch_id).facts

    def why_not(self, actor: Actor, batch_id: int, action: Action) -> str | None:
        """Why the person may not do this with the batch now, or None."""
        return why_not(action, self.facts(actor, batch_id), actor.permissions)

    def update(self, actor: Actor, batch_id: int, header: BatchHeader, seen_version: int) -> int:
        """Saves the header as edited from version `seen_version`; gives the new version.

        Raises FormRefusedError, RefusedError by table 2.2, or ChangedByAnotherError (`changes`: field ->
        what is stored now and what the person wanted) when somebody saved first.
        """
        fitted = header.fitted()
        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, batch_id)
            stored = opened.batch.header
            changes = fitted.changes_from(stored)
            _require_edit(actor, opened, set(changes))
            if opened.batch.version != seen_version:
                raise ChangedByAnotherError(
                    f"Batch {batch_id} was changed by {opened.batch.updated_by or 'somebody else'} meanwhile. "
                    "Look at the changes and save again.",
                    changes,
                )
            if errors := errors_of(self._problems(stores, actor, fitted, stored)):
                raise FormRefusedError(errors)
            _require_paper(actor, fitted)
            if not changes:
                return seen_version
            version = stores.batches.update(batch_id, seen_version, fitted, actor.user_id)
            stores.audit.add(
                actor,
                "batch.update",
                "image_batch",
                batch_id,
                practice_id=fitted.practice_id,
                before={name: old for name, (old, _) in changes.items()},
                after={name: new for name, (_, new) in changes.items()},
            )
        return version

    def post(self, actor: Actor, batch_id: int, *, drop_empty_sets: bool = False) -> None:
        """Releases the batch for linking (spec 5 rows 11 to 14).

        Raises EmptySetsError when it has empty sets and the person has not agreed to drop them.
        """
        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, batch_id)
            opened.require(actor, Action.POST)
            pages = stores.image_sets.pages(batch_id)
            empty = arrange.empty_sets(pages)
            if empty and not drop_empty_sets:
                raise EmptySetsError(batch_id, empty)
            if empty:
                label = "Drop empty sets"
                after = arrange.delete_sets(pages, empty)
                commit(
                    stores, actor, opened, edit_between(batch_id, Action.DELETE_IMAGES, label, pages, after)
                )
            stores.batches.post(batch_id, actor.user_id)
            self._audit(stores, actor, opened, "batch.post")

    def unpost(self, actor: Actor, batch_id: int, reason: str) -> None:
        """Takes the posting back; supervisors only, while nothing hangs on it (spec 2.1)."""
        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, batch_id)
            opened.require(actor, Action.UNPOST)
            if not reason.strip():
                raise RefusedError("Give a reason for un-posting.")
            stores.batches.unpost(batch_id)
            self._audit(stores, actor, opened, "batch.unpost", reason.strip())

    def delete(self, actor: Actor, batch_id: int) -> None:
        """Into the recycle bin, with everything in it (spec 5 rows 15, 16)."""
        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, batch_id)
            opened.require(actor, Action.DELETE_BATCH)
            stores.batches.delete(batch_id, actor.user_id)
            self._audit(stores, actor, opened, "batch.delete")

    def restore(self, actor: Actor, batch_id: int) -> None:
        """Back from the recycle bin; whoever may delete may restore."""
        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, batch_id)
            actor.require(Permission.BATCH_DELETE)
            if opened.batch.deleted_at is None:
                raise RefusedError(f"Batch {batch_id} is not in the recycle bin.")
            stores.batches.restore(batch_id)
            self._audit(stores, actor, opened, "batch.restore")

    @staticmethod
    def _audit(stores: Stores, actor: Actor, opened: OpenBatch, action: str, reason: str = "") -> None:
        stores.audit.add(
            actor,
            action,
            "image_batch",
            opened.batch.batch_id,
            practice_id=opened.batch.practice_id,
            before={"status": opened.batch.status},
            after={"sets": len(opened.facts.sets), "images": opened.facts.image_count},
            reason=reason,
        )


def _require_paper(actor: Actor, header: BatchHeader) -> None:
    if header.batch_type is not None and not works_on(header.batch_type, actor.permissions):
        raise NotPermittedError(f"You may not work on {header.batch_type.value.lower()} batches.")


def _require_edit(actor: Actor, opened: OpenBatch, changed: set[str]) -> None:
    """Table 2.2: a posted batch lets go of its description only, type and practice have rules of their own."""
    opened.require(actor, Action.EDIT_DESCRIPTION if changed <= {"description"} else Action.EDIT_HEADER)
    if "batch_type" in changed:
        opened.require(actor, Action.CHANGE_TYPE)
    if "practice_id" in changed:
        opened.require(actor, Action.CHANGE_PRACTICE)
