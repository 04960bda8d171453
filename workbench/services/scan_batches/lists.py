"""The lists of the Image Batches page (spec 3.2, 3.6, 3.7) and their look-ups, within what the person may see."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.allowed import works_on
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.lists import PAGE_ROWS, BatchPage, BatchQuery, CreatedRange
from workbench.domain.scan_batch.records import SetRow
from workbench.domain.scan_batch.words import BatchStatus, BatchType
from workbench.services.looks import Look
from workbench.services.scan_batches.desk import open_batch
from workbench.storage import Database
from workbench.storage.stores.batch_choices import Entry, Found

# Type-ahead shows few lines: with 5,000 payers a person types on rather than scrolls.
SUGGESTIONS = 20
_CREATED, _HOLD_ONLY = "image_batches.{}.created", "image_batches.{}.hold_only"


@dataclass(frozen=True, slots=True)
class SearchDefaults:
    """What the search of a Charge or Payment Batches tab starts with: per user (spec 3.6, 4.2)."""

    created: CreatedRange = CreatedRange.LAST_5_DAYS
    hold_only: bool = False


class BatchLists:
    """Reads; every answer holds only the practices and the kinds of paper of the person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, actor: Actor, query: BatchQuery) -> BatchPage:
        """One page of batches by any filter."""
        actor.require(Permission.BATCH_VIEW)
        with self._database.reading() as stores:
            return stores.batch_lists.page(query, actor.practice_ids, _types(actor))

    def posted(self, actor: Actor, batch_type: BatchType, query: BatchQuery) -> BatchPage:
        """The Charge Batches or Payment Batches tab: posted batches of one type."""
        return self.page(actor, replace(query, batch_type=batch_type, status=BatchStatus.POSTED))

    def sets_of(self, actor: Actor, batch_id: int) -> list[SetRow]:
        """The Sets area of a batch."""
        with self._database.reading() as stores:
            opened = open_batch(stores, actor, batch_id)
            Look("batch.view", "image_batch", batch_id, opened.batch.practice_id).add(stores, actor)
            return stores.batch_lists.sets_of(batch_id)

    def unattached(
        self, actor: Actor, *, batch_type: BatchType | None = None, offset: int = 0, limit: int = PAGE_ROWS
    ) -> list[SetRow]:
        """Posted sets that nobody attached or ignored yet, those that wait longest first."""
        actor.require(Permission.BATCH_VIEW)
        types = [each for each in _types(actor) if batch_type in (None, each)]
        with self._database.reading() as stores:
            return stores.batch_lists.unattached(actor.practice_ids, types, limit, offset)

    def clock(self, actor: Actor, practice_id: int | None = None) -> ZoneInfo:
        """The time zone of a practice; of the person's first one when none is named (UTC without any)."""
        chosen = min(actor.practice_ids, default=None) if practice_id is None else practice_id
        if chosen is None:
            return ZoneInfo("UTC")
        with self._database.reading() as stores:
            return ZoneInfo(stores.batch_choices.time_zone(chosen))

    def search_defaults(self, actor: Actor, batch_type: BatchType) -> SearchDefaults:
        with self._database.reading() as stores:
            created = stores.office.user_setting(
                actor.user_id, _CREATED.format(batch_type.value), CreatedRange.LAST_5_DAYS
            )
            hold_only = stores.office.user_setting(actor.user_id, _HOLD_ONLY.format(batch_type.value), "")
        known = created in list(CreatedRange)
        return SearchDefaults(
            CreatedRange(created) if known else CreatedRange.LAST_5_DAYS, hold_only == "yes"
        )

    def set_search_defaults(self, actor: Actor, batch_type: BatchType, defaults: SearchDefaults) -> None:
        with self._database.transaction() as stores:
            for key, value in (
                (_CREATED, defaults.created.value),
                (_HOLD_ONLY, "yes" if defaults.hold_only else ""),
            ):
                stores.office.set_user_setting(actor.user_id, key.format(batch_type.value), value)


class BatchChoices:
    """The drop-downs of New Image Batch and Batch Details."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def practices(self, actor: Actor) -> list[Entry]:
        """The person's active practices. With just one, it is filled in by itself (the seed)."""
        with self._database.reading() as stores:
            return stores.batch_choices.practices(actor.practice_ids)

    def facilities(self, actor: Actor, practice_id: int | None) -> list[Entry]:
        """Active facilities affiliated to the practice; none while no practice is chosen."""
        if practice_id is None:
            return []
        actor.require_sight(practice_id, "The practice")
        with self._database.reading() as stores:
            return stores.batch_choices.facilities(practice_id)

    def payers(self, typed: str, limit: int = SUGGESTIONS) -> Found:
        with self._database.reading() as stores:
            return stores.batch_choices.payers(typed, limit)

    def plans(self, typed: str, payer_id: int | None, limit: int = SUGGESTIONS) -> Found:
        """Plans of the payer; of all payers while none is chosen: a plan brings its payer (spec 5 row 38)."""
        with self._database.reading() as stores:
            return stores.batch_choices.plans(typed, limit, payer_id)

    def plan_payer(self, plan_id: int) -> Entry | None:
        """The payer of a plan."""
        with self._database.reading() as stores:
            payer_id = stores.batch_choices.plan_payer(plan_id)
            return (
                None if payer_id is None else Entry(payer_id, stores.batch_choices.name("payers", payer_id))
            )

    def name(self, table: str, entry_id: int) -> str:
        """The name of an entry of `practices`, `facilities`, `payers` or `plans`."""
        with self._database.reading() as stores:
            return stores.batch_choices.name(table, entry_id)

    def names(self, header: BatchHeader) -> dict[str, str]:
        """Field -> the name of what is chosen there, for the fields that hold an id."""
        tables = {
            "practice_id": "practices",
            "facility_id": "facilities",
            "payer_id": "payers",
            "plan_id": "plans",
        }
        with self._database.reading() as stores:
            return {
                field: stores.batch_choices.name(table, getattr(header, field))
                for field, table in tables.items()
                if getattr(header, field) is not None
            }


def _types(actor: Actor) -> Collection[BatchType]:
    return [each for each in BatchType if works_on(each, actor.permissions)]
