"""Finding our claims again: when they came after the remittance, or the practice was not known (spec deposits 3.1)."""

from workbench.domain.deposit import DepositAction
from workbench.domain.deposit_work import ClaimWork, DepositWork, OurClaim
from workbench.domain.identity import Actor
from workbench.errors import RefusedError
from workbench.services.deposit_desk.as_seen import require_as_seen
from workbench.services.deposit_desk.desk import work_on
from workbench.services.deposit_desk.duplicates import refresh_duplicates
from workbench.services.deposit_desk.lines import match_lines
from workbench.services.deposit_desk.refreshing import refresh
from workbench.storage import Database, Stores


class Rematching:
    """Attaches by the same rule as the import: the claim number, exactly, and only when one claim has it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def assign_practice(self, actor: Actor, deposit_id: int, practice_id: int) -> int:
        """Says whose deposit it is (resolves PAYEE_NOT_OURS) and looks for its claims; gives how many were found.

        Raises ChangedByAnotherError when somebody has said so already.
        """
        actor.require_sight(practice_id, "The practice")
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            names = {each.id: each.name for each in stores.office.practices()}
            if practice_id not in names:
                raise RefusedError("Choose a practice from the list.")
            if deposit.practice_id == practice_id:
                raise RefusedError("This deposit belongs to that practice already.")
            theirs = names.get(deposit.practice_id or 0, "")
            changes = {"Practice": (theirs, names[practice_id])}
            require_as_seen("The practice", same=deposit.practice_id is None, changes=changes)
            stores.deposit_edits.set_status(deposit_id, {"practice_id": practice_id})
            refresh_duplicates(stores, deposit_id)
            return _find(stores, actor, deposit, practice_id)

    def rematch(self, actor: Actor, deposit_id: int) -> int:
        """Looks again for the claims that were not found; gives how many are attached now."""
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            if deposit.practice_id is None:
                raise RefusedError("Assign the practice first.")
            return _find(stores, actor, deposit, deposit.practice_id)


def _find(stores: Stores, actor: Actor, deposit: DepositWork, practice_id: int) -> int:
    waiting = stores.deposit_work.claims(deposit.id, stores.deposit_work.unattached(deposit.id))
    known = stores.claim_intake.known({claim.pcn for claim in waiting if claim.pcn})
    single = {
        pcn: found[0].id
        for (practice, pcn), found in known.items()
        if practice == practice_id and len(found) == 1
    }
    ours = stores.deposit_work.our_claims(set(single.values()))
    found = [claim for claim in waiting if claim.pcn in single]
    for claim in found:
        _attach(stores, claim, ours[single[claim.pcn]])
    refresh(stores, actor, deposit.id, [claim.id for claim in found])
    stores.audit.add(
        actor,
        "deposit.rematch",
        "deposit",
        deposit.id,
        practice_id=practice_id,
        before={"practice_id": deposit.practice_id},
        after={"practice_id": practice_id, "claims": len(found)},
    )
    return len(found)


def _attach(stores: Stores, claim: ClaimWork, ours: OurClaim) -> None:
    stores.deposit_edits.set_claims([claim.id], {"claim_id": ours.id})
    for line_id, charge_line_id in match_lines(claim.lines, ours.lines).items():
        stores.deposit_edits.set_line(line_id, {"charge_line_id": charge_line_id})
