"""Ignore and restore a deposit (spec deposits 2.1); the rest of the actions are the deposit desk's."""

from workbench.domain.deposit import ACTIONS, DepositAction, why_not
from workbench.domain.identity import Actor
from workbench.services.deposit_desk.desk import facts_of, open_deposit, work_on
from workbench.services.deposit_desk.duplicates import refresh_duplicates
from workbench.services.deposits.base import DepositService


class DepositActions(DepositService):
    """What changes the status of a whole deposit without touching the ledger."""

    def ignore(self, actor: Actor, deposit_id: int, reason: str, version: int) -> None:
        """NEW to IGNORE: left out of posting and of the work lists.

        Raises RefusedError without a reason or in another status, ChangedByAnotherError when `version` is old.
        """
        self._change(actor, deposit_id, DepositAction.IGNORE, reason, version)

    def restore(self, actor: Actor, deposit_id: int, reason: str, version: int) -> None:
        """IGNORE to NEW. Raises as `ignore` does."""
        self._change(actor, deposit_id, DepositAction.RESTORE, reason, version)

    def refusals(self, actor: Actor, deposit_id: int) -> dict[DepositAction, str]:
        """Why actions are refused to this person now, by action; what is not named may be done."""
        with self._database.reading() as stores:
            facts = facts_of(stores, open_deposit(stores, actor, deposit_id))
        found = {action: why_not(action, facts) for action in DepositAction}
        found |= {
            action: "You may not do this. Ask your supervisor for the right."
            for action, rule in ACTIONS.items()
            if rule.permission not in actor.permissions
        }
        return {action: text for action, text in found.items() if text}

    def _change(
        self, actor: Actor, deposit_id: int, action: DepositAction, reason: str, version: int
    ) -> None:
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, action, reason)
            after = {
                "status": str(ACTIONS[action].to),
                "ignore_reason": reason if action is DepositAction.IGNORE else "",
            }
            stores.deposit_edits.change_deposit(deposit_id, version, after)
            refresh_duplicates(stores, deposit_id)
            stores.audit.add(
                actor,
                f"deposit.{action.name.lower()}",
                "deposit",
                deposit_id,
                practice_id=deposit.practice_id,
                before={"status": deposit.status.value},
                after=after,
                reason=reason,
            )
