"""The tiles of the home page and the lists behind them (spec deposits 6.1)."""

from dataclasses import dataclass
from datetime import date

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
}


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
            found = [(name, stores.work_lists.amount(name, _sight(actor))) for name in WORK_LISTS]
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
            return stores.work_lists.items(name, _sight(actor), limit=limit, offset=offset)


def _sight(actor: Actor) -> Sight:
    return Sight(actor.practice_ids, actor.sees_unassigned)
