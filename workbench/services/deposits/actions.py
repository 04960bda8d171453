"""Ignore and restore a deposit (spec deposits 2.1); the rest of the actions are the deposit desk's."""

from typing import Any

from workbench.domain.deposit import ACTIONS, DepositAction, DepositFacts, DepositStatus, why_not
from workbench.domain.identity import Actor
from workbench.errors import RefusedError
from workbench.services.deposits.base import DepositService, seen_header


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

    def why_not(self, actor: Actor, deposit_id: int, action: DepositAction) -> str | None:
        """Why the action is refused to this person now; None when it may be done."""
        with self._database.reading() as stores:
            header = seen_header(stores, actor, deposit_id)
        if ACTIONS[action].permission not in actor.permissions:
            return "You may not do this. Ask your supervisor for the right."
        return why_not(action, _facts(header))

    def _change(
        self, actor: Actor, deposit_id: int, action: DepositAction, reason: str, version: int
    ) -> None:
        rule = ACTIONS[action]
        actor.require(rule.permission)
        if rule.needs_reason and not reason.strip():
            raise RefusedError(f"Say why ({action.value}).")
        with self._database.transaction() as stores:
            header = seen_header(stores, actor, deposit_id)
            refusal = why_not(action, _facts(header))
            if refusal:
                raise RefusedError(refusal)
            after = {
                "status": str(rule.to),
                "ignore_reason": reason if action is DepositAction.IGNORE else "",
            }
            stores.deposit_edits.change_deposit(deposit_id, version, after)
            stores.audit.add(
                actor,
                f"deposit.{action.name.lower()}",
                "deposit",
                deposit_id,
                practice_id=header["practice_id"],
                before={name: header[name] for name in after},
                after=after,
                reason=reason,
            )


def _facts(header: dict[str, Any]) -> DepositFacts:
    return DepositFacts(DepositStatus(header["status"]), voided=header["voided_at"] is not None)
