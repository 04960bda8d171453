"""What the parts of the deposit service share."""

from typing import Any

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import NotFoundError
from workbench.services.looks import Look
from workbench.storage import Database, Stores
from workbench.storage.stores.deposit_lists import Sight


class DepositService:
    def __init__(self, database: Database) -> None:
        self._database = database


def sight_of(actor: Actor) -> Sight:
    """Whose rows the actor may see, for the store's queries."""
    return Sight(tuple(sorted(actor.practice_ids)), unassigned=actor.sees_unassigned)


def seen_header(stores: Stores, actor: Actor, deposit_id: int) -> dict[str, Any]:
    """All columns of a deposit; the look is audited.

    Raises NotPermittedError, and NotFoundError both for a deposit that is not there and for one of
    another practice.
    """
    actor.require(Permission.DEPOSIT_VIEW)
    header = stores.deposit_views.header(deposit_id)
    if header is None:
        raise NotFoundError(f"Deposit {deposit_id} was not found.")
    actor.require_sight(header["practice_id"], f"Deposit {deposit_id}")
    look = {"claims": header["claims_count"]}
    Look("deposit.view", "deposit", deposit_id, header["practice_id"], look).add(stores, actor)
    return header
