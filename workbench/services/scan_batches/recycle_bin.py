"""The recycle bin: what is deleted stays for 30 days (spec 5 rows 16 and 27)."""

from datetime import timedelta

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.words import RECYCLE_DAYS
from workbench.services.scan_batches.desk import open_batch
from workbench.storage import Database
from workbench.storage.clock import now
from workbench.storage.stores.recycle_bin import DeletedPage, Purged


class RecycleBin:
    """Deleted batches are listed by `BatchLists.page` with `recycled`; taking out is `restore`, `restore_images`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pages(self, actor: Actor, batch_id: int) -> list[DeletedPage]:
        """The deleted pages of a batch that is there, those that went last first."""
        actor.require(Permission.IMAGE_VIEW)
        with self._database.reading() as stores:
            open_batch(stores, actor, batch_id)
            return stores.recycle_bin.pages(batch_id)

    def purge(self, actor: Actor, days: int = RECYCLE_DAYS) -> Purged:
        """Removes what was deleted more than `days` ago, never anything of a posted batch.

        The files go with the next sweep of the image store, once no row names them.
        """
        actor.require(Permission.SETUP)
        with self._database.transaction() as stores:
            purged = stores.recycle_bin.purge(now() - timedelta(days=days))
            for batch_id, practice_id in purged.batches:
                stores.audit.add(actor, "batch.purge", "image_batch", batch_id, practice_id=practice_id)
        return purged
