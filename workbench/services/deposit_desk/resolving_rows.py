"""What the parts of `resolving` share: finding rows that may be worked on, and the audit."""

from collections.abc import Collection, Mapping

from workbench.domain.deposit import ClaimState
from workbench.domain.deposit_work import ClaimWork, DepositWork
from workbench.domain.identity import Actor
from workbench.errors import NotFoundError, RefusedError
from workbench.storage import Database, Stores


class ResolvingService:
    def __init__(self, database: Database) -> None:
        self._database = database


def open_claims(stores: Stores, deposit_id: int, deposit_claim_ids: Collection[int]) -> list[ClaimWork]:
    """These claims of the deposit. Raises NotFoundError when one is not there, RefusedError when one is posted."""
    found = stores.deposit_work.claims(deposit_id, deposit_claim_ids)
    if len(found) != len(set(deposit_claim_ids)):
        raise NotFoundError("The claim was not found in this deposit.")
    if any(claim.state is ClaimState.POSTED for claim in found):
        raise RefusedError("The claim is posted. Reverse it first.")
    return found


def waiting_claims(stores: Stores, deposit_id: int, codes: Collection[str]) -> list[ClaimWork]:
    """Claims with an open error of one of these kinds, in file order."""
    rows = stores.deposit_errors.of_deposit(deposit_id, codes=codes)
    ids = {row.deposit_claim_id for row in rows if row.deposit_claim_id is not None}
    found = stores.deposit_work.claims(deposit_id, ids)
    return [claim for claim in found if claim.state is not ClaimState.POSTED]


def touch(stores: Stores, claims: Collection[ClaimWork]) -> None:
    """Tells editors that have one of these claims open that it is not as they saw it any more."""
    stores.deposit_edits.set_claims([claim.id for claim in claims], {})


def audit(
    stores: Stores,
    actor: Actor,
    deposit: DepositWork,
    action: str,
    after: Mapping[str, object],
    reason: str = "",
) -> None:
    stores.audit.add(
        actor,
        action,
        "deposit",
        deposit.id,
        practice_id=deposit.practice_id,
        after=after,
        reason=reason.strip(),
    )
