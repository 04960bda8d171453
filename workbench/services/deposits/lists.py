"""The list of deposits."""

from workbench.domain.deposit_views import Choice, DepositChoices, DepositPage, DepositQuery
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.services.deposits.base import DepositService, sight_of
from workbench.services.looks import Look


class DepositLists(DepositService):
    """Finding deposits (spec deposits 6.2)."""

    def page(self, actor: Actor, query: DepositQuery) -> DepositPage:
        """One page of what the filter finds among the actor's practices, with totals over all of it."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            rows = stores.deposit_lists.rows(query, sight_of(actor))
            totals = stores.deposit_lists.totals(query, sight_of(actor))
            if query.inside:
                found = {"by": ["claim or patient"], "deposits": totals.count}
                Look("deposit.search", "deposit", 0, None, found).write(stores, actor)
        return DepositPage(tuple(rows), totals.count, totals, query)

    def neighbours(self, actor: Actor, deposit_id: int, query: DepositQuery) -> tuple[int | None, int | None]:
        """The deposits before and after this one in the filtered list; None at an end, or when it is not in it."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            ids = [None, *stores.deposit_lists.ids(query, sight_of(actor)), None]
        if deposit_id not in ids:
            return None, None
        place = ids.index(deposit_id)
        return ids[place - 1], ids[place + 1]

    def choices(self, actor: Actor) -> DepositChoices:
        """What the filters offer: the actor's practices, and payers and owners of deposits in them."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            practices = [
                Choice(practice.id, practice.name)
                for practice in stores.office.practices()
                if actor.sees(practice.id)
            ]
            payers = stores.deposit_lists.payers(sight_of(actor))
            owners = stores.deposit_lists.owners(sight_of(actor))
        return DepositChoices(tuple(practices), tuple(payers), tuple(owners))
