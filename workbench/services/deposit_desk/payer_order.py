"""The order of the payers on our own claim, corrected by what a payer says it paid as (PAYER_LEVEL_MISMATCH, spec 3.1)."""

from collections.abc import Collection, Mapping, Sequence

from workbench.domain.deposit import DepositAction
from workbench.domain.deposit_work import ClaimWork, OurClaim
from workbench.domain.identity import Actor
from workbench.domain.remit import PayerLevel, remit_status
from workbench.errors import RefusedError
from workbench.services.deposit_desk.as_seen import require_claim_as_seen
from workbench.services.deposit_desk.desk import work_on
from workbench.services.deposit_desk.refreshing import refresh
from workbench.services.deposit_desk.resolving_rows import ResolvingService, audit, open_claims, touch

PLACES = [level.value for level in PayerLevel]


def corrected_order(claim: ClaimWork, payers: Mapping[str, int]) -> dict[str, int] | None:
    """Place -> payer of our claim when this deposit claim is right about its payer; None when there is no such order.

    `payers` is the order now. Who stands at that place goes to where the payer was, or one down when it was nowhere.
    No place before another is left empty: a secondary payer alone is no order.
    """
    level = remit_status(claim.remit_status).level
    if level is None or claim.payer_id is None:
        return None
    ranked = [payers[place] for place in PLACES if place in payers]
    at = PLACES.index(level.value)
    if claim.payer_id in ranked and at < len(ranked):
        was = ranked.index(claim.payer_id)
        ranked[was], ranked[at] = ranked[at], ranked[was]
    elif claim.payer_id not in ranked and at <= len(ranked) < len(PLACES):
        ranked.insert(at, claim.payer_id)
    else:
        return None
    return dict(zip(PLACES, ranked, strict=False))


class CorrectingPayerOrder(ResolvingService):
    def correct_payer_order(
        self, actor: Actor, deposit_id: int, deposit_claim_ids: Collection[int], seen: Mapping[int, int]
    ) -> int:
        """Puts the payer of these deposit claims at the place it says on our claims. Gives how many of ours changed.

        `seen`: deposit claim -> version. Raises RefusedError, with nothing done, when one has no such order.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.CHANGE_CLAIMS)
            claims = open_claims(stores, deposit_id, deposit_claim_ids)
            stores.deposit_work.lock_our_claims({claim.claim_id for claim in claims if claim.claim_id})
            for claim in claims:
                require_claim_as_seen(claim, seen.get(claim.id), {})
            before = {ours.id: dict(ours.payers) for ours in _our_claims(actor, claims)}
            after = _orders(claims, before)
            for claim in claims:
                if claim.claim_id is not None:
                    stores.claim_intake.reorder_payers(claim.claim_id, after[claim.claim_id])
            touch(stores, claims)
            refresh(stores, actor, deposit_id, list(deposit_claim_ids))
            audit(stores, actor, deposit, "claim.payer_order", {"before": before, "after": after})
        return len(after)


def _our_claims(actor: Actor, claims: Sequence[ClaimWork]) -> list[OurClaim]:
    found = []
    for claim in claims:
        if claim.ours is None:
            raise RefusedError(f"Claim {claim.pcn} is none of ours yet. Attach it first.")
        actor.require_sight(claim.ours.practice_id, f"Claim {claim.ours.id}")
        found.append(claim.ours)
    return found


def _orders(
    claims: Sequence[ClaimWork], before: Mapping[int, Mapping[str, int]]
) -> dict[int, dict[str, int]]:
    """Our claim -> its new order; one that stands twice on the deposit is corrected twice."""
    orders = {number: dict(payers) for number, payers in before.items()}
    for claim in claims:
        number = claim.claim_id or 0
        order = corrected_order(claim, orders[number])
        if order is None:
            raise RefusedError(f"Claim {claim.pcn} has no payer for the place before. Choose another payer.")
        orders[number] = order
    return orders
