"""The payer of single claims, where the deposit's payer is not the one that paid (PAYER_LEVEL_MISMATCH, spec 3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.domain.deposit import DepositAction
from workbench.domain.deposit_work import ClaimWork
from workbench.domain.identity import Actor
from workbench.domain.remit import remit_status
from workbench.errors import RefusedError
from workbench.services.deposit_desk.as_seen import require_claim_as_seen
from workbench.services.deposit_desk.desk import open_deposit, work_on
from workbench.services.deposit_desk.payer_order import corrected_order
from workbench.services.deposit_desk.refreshing import refresh
from workbench.services.deposit_desk.resolving_rows import (
    ResolvingService,
    audit,
    open_claims,
    waiting_claims,
)

ERROR = "PAYER_LEVEL_MISMATCH"


@dataclass(frozen=True, slots=True)
class PlacedPayer:
    """A payer of our claim and its place there, e.g. `secondary`."""

    payer_id: int
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class MisplacedClaim:
    """A claim whose payer says it paid at another place than our claim has it.

    `fitting`: the payer that our claim has at the place the remittance names, if there is one. `corrected`: our
    claim's payers when the remittance is right and our claim is not; empty when they have no such order.
    """

    deposit_claim_id: int
    version: int
    pcn: str
    paid_cents: int
    says: str
    payer: str
    payers: tuple[PlacedPayer, ...]
    fitting: PlacedPayer | None
    corrected: tuple[PlacedPayer, ...]


class ChoosingClaimPayers(ResolvingService):
    def misplaced(self, actor: Actor, deposit_id: int) -> list[MisplacedClaim]:
        """The claims of the deposit with the payer at another place, in file order."""
        with self._database.reading() as stores:
            open_deposit(stores, actor, deposit_id)
            names = {payer.id: payer.name for payer in stores.office.payers()}
            return [_misplaced(claim, names) for claim in waiting_claims(stores, deposit_id, {ERROR})]

    def choose_claim_payers(
        self, actor: Actor, deposit_id: int, chosen: Mapping[int, int], seen: Mapping[int, int]
    ) -> int:
        """Says who paid these claims: deposit claim -> payer; `seen`: deposit claim -> version. Gives how many."""
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.CHANGE_CLAIMS)
            claims = open_claims(stores, deposit_id, chosen)
            names = {payer.id: payer.name for payer in stores.office.payers()}
            if set(chosen.values()) - set(names):
                raise RefusedError("Choose a payer from the list.")
            for claim in claims:
                wanted = names[chosen[claim.id]]
                now = names.get(claim.payer_id or 0, "")
                require_claim_as_seen(claim, seen.get(claim.id), {"Payer": (now, wanted)})
                stores.deposit_edits.set_claims([claim.id], {"payer_id": chosen[claim.id]})
            refresh(stores, actor, deposit_id, list(chosen))
            audit(stores, actor, deposit, "claim.payer", {"payers": {str(k): v for k, v in chosen.items()}})
        return len(claims)


def _misplaced(claim: ClaimWork, names: Mapping[int, str]) -> MisplacedClaim:
    level = remit_status(claim.remit_status).level
    says = level.value if level else ""
    ours = claim.ours.payers if claim.ours else {}
    placed = tuple(PlacedPayer(payer, names.get(payer, ""), at) for at, payer in ours.items())
    right = corrected_order(claim, ours) or {}
    fitting = next((payer for payer in placed if payer.level == says), None)
    return MisplacedClaim(
        claim.id,
        claim.version,
        claim.pcn,
        claim.line_paid_cents,
        says,
        names.get(claim.payer_id or 0, ""),
        placed,
        fitting,
        tuple(PlacedPayer(payer, names.get(payer, ""), at) for at, payer in right.items()),
    )
