"""One change of a batch's sets and images: locked, allowed, written with its audit row, given back as an `Edit`."""

from collections.abc import Callable

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.pages import Edit, Pages, edit_between
from workbench.services.scan_batches.desk import OpenBatch, commit, work_on_batch
from workbench.storage import Database, Stores

Arrange = Callable[[Pages], Pages]


class Editing:
    """Base of the services that change sets and images."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def change(
        self, actor: Actor, batch_id: int, action: Action, label: str, arrange: Arrange, *, reason: str = ""
    ) -> Edit:
        """Does `arrange` to the batch, when table 2.2 allows `action` on every set that it touches."""
        return self.prepare(actor, batch_id, action, lambda _stores, _opened: (label, arrange), reason=reason)

    def prepare(
        self,
        actor: Actor,
        batch_id: int,
        action: Action,
        prepare: Callable[[Stores, OpenBatch], tuple[str, Arrange]],
        *,
        reason: str = "",
    ) -> Edit:
        """The same, where label and change depend on the batch as it is, or take a new set."""
        with self.database.transaction() as stores:
            opened = work_on_batch(stores, actor, batch_id)
            opened.require_right(actor, action)
            label, change = prepare(stores, opened)
            return self.edit(stores, actor, opened, action, label, change, reason)

    @staticmethod
    def edit(
        stores: Stores,
        actor: Actor,
        opened: OpenBatch,
        action: Action,
        label: str,
        change: Arrange,
        reason: str = "",
    ) -> Edit:
        before = stores.image_sets.pages(opened.batch.batch_id)
        edit = edit_between(opened.batch.batch_id, action, label, before, change(before))
        opened.require(actor, action, edit.touched_sets)
        commit(stores, actor, opened, edit, reason)
        return edit
