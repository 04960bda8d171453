"""The journal of imports and scans: posting waits for what runs, and for failures nobody has looked at (spec 5 row 13)."""

from collections.abc import Sequence
from datetime import timedelta

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.allowed import Action
from workbench.services.scan_batches.desk import open_batch, work_on_batch
from workbench.storage import Database
from workbench.storage.clock import now
from workbench.storage.stores.image_imports import DISMISSED, DONE, FAILED, ImageImport

# Twice the wall-clock limit of decoding a file: whoever began earlier and has not ended was killed.
INTERRUPTED_AFTER = timedelta(minutes=10)


class ImportJournal:
    """Says of each file how its import went. `begin` before decoding, then `finish` or `fail`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, actor: Actor, batch_id: int, file_name: str, byte_count: int) -> int:
        return self.begin_all(actor, batch_id, [(file_name, byte_count)])[0]

    def begin_all(self, actor: Actor, batch_id: int, files: Sequence[tuple[str, int]]) -> list[int]:
        """Enters files, as name and bytes, before the first is decoded: posting waits for all of them."""
        with self._database.transaction() as stores:
            opened = work_on_batch(stores, actor, batch_id)
            opened.require(actor, Action.ADD_IMAGES)
            return [stores.image_imports.begin(batch_id, name, size, actor.user_id) for name, size in files]

    def finish(self, actor: Actor, import_id: int, pages: int) -> None:
        self.finish_all(actor, [(import_id, pages)])

    def finish_all(self, actor: Actor, ended: Sequence[tuple[int, int]]) -> None:
        """Files of one batch that came in together: import and number of pages of each."""
        with self._database.transaction() as stores:
            opened = open_batch(stores, actor, stores.image_imports.batch_of(ended[0][0]))
            opened.require(actor, Action.ADD_IMAGES)
            for import_id, pages in ended:
                stores.image_imports.end(import_id, DONE, pages=pages)

    def fail(self, actor: Actor, import_id: int, reason: str) -> None:
        """`reason` is for the person; it holds nothing from inside the file."""
        self.fail_all(actor, [import_id], reason)

    def fail_all(self, actor: Actor, import_ids: Sequence[int], reason: str) -> None:
        """The same for several files of one batch."""
        self._end_all(actor, import_ids, FAILED, reason)

    def dismiss(self, actor: Actor, import_id: int) -> None:
        """The person has read the failure, or imported the file again."""
        self._end_all(actor, [import_id], DISMISSED)

    def open(self, actor: Actor, batch_id: int) -> list[ImageImport]:
        """What posting waits for. What a killed process left running is failed, so that it can be dismissed."""
        with self._database.reading() as stores:
            open_batch(stores, actor, batch_id)
            waiting = stores.image_imports.open(batch_id)
        if all(each.failed for each in waiting):
            return waiting
        self.fail_interrupted()
        with self._database.reading() as stores:
            return stores.image_imports.open(batch_id)

    def fail_interrupted(self) -> int:
        """Marks what a killed process left running; gives how many. Housekeeping, run with the sweep of orphans."""
        with self._database.transaction() as stores:
            return stores.image_imports.fail_interrupted(now() - INTERRUPTED_AFTER)

    def _end_all(self, actor: Actor, import_ids: Sequence[int], state: str, reason: str = "") -> None:
        with self._database.transaction() as stores:
            opened = open_batch(stores, actor, stores.image_imports.batch_of(import_ids[0]))
            opened.require(actor, Action.ADD_IMAGES)
            for import_id in import_ids:
                stores.image_imports.end(import_id, state, reason=reason)
