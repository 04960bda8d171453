"""The tiles of the home page and the lists behind them (spec deposits 6.1)."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import NotFoundError
from workbench.services.deposit_desk.desk import today
from workbench.storage import Database
from workbench.storage.stores.work_lists import WORK_LISTS, Sight, WorkItem

LABELS = {
    "new_deposits": "New Deposits",
    "deposit_errors": "Deposit Errors",
    "posting_errors": "Posting Errors",
    "denials": "Zero-pay and denials",
    "credits": "Credits",
    "provider_adjustments": "Open provider adjustments",
    "eft_without_era": "EFT without ERA",
    "era_without_eft": "ERA without EFT",
}
# CORE 370 allows three business days between an EFT and its ERA (spec 7.1); earlier nobody is chased.
CHASE_AFTER_DAYS = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """Count, dollars and oldest age of one list. `age_days` None: nothing waits."""

    name: str
    label: str
    count: int
    cents: int
    oldest: date | None
    age_days: int | None


class WorkLists:
    """What waits for the person, in the practices they work for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tiles(self, actor: Actor) -> list[Tile]:
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            now = today(stores, None)
            sight = _sight(actor, now)
            found = [(name, stores.work_lists.amount(name, sight)) for name in WORK_LISTS]
        return [
            Tile(
                name,
                LABELS[name],
                amount.count,
                amount.cents,
                amount.oldest,
                None if amount.oldest is None else max((now - amount.oldest).days, 0),
            )
            for name, amount in found
        ]

    def items(self, actor: Actor, name: str, *, limit: int = 50, offset: int = 0) -> list[WorkItem]:
        """Rows of one list, oldest first."""
        actor.require(Permission.DEPOSIT_VIEW)
        if name not in WORK_LISTS:
            raise NotFoundError(f"There is no work list {name}.")
        with self._database.reading() as stores:
            sight = _sight(actor, today(stores, None))
            return stores.work_lists.items(name, sight, limit=limit, offset=offset)


def _sight(actor: Actor, day: date) -> Sight:
    chase_before = np.busday_offset(day, -CHASE_AFTER_DAYS, roll="forward").astype(date)
    return Sight(actor.practice_ids, actor.sees_unassigned, chase_before)
