"""Who paid and who was paid, where the identifiers do not say: ranked proposals with reasons (spec 3.1, 8 row 21)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain.deposit_work import ClaimWork, DepositWork
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.reconcile.name_likeness import likeness
from workbench.services.deposit_desk.desk import open_deposit
from workbench.services.deposit_desk.resolving_rows import ResolvingService, audit

# The kinds of identifier a payment states for its payer (835 TRN03, BPR10, N104): the first one there is the deposit's.
IDENTIFIER_KINDS = ("TRN03", "BPR10", "N104")
ALIKE = 0.5
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Proposed:
    """A payer or a practice that it may be. `score` orders (100: beyond doubt); `reasons` say what speaks for it."""

    id: int
    name: str
    score: int
    reasons: tuple[str, ...]


class ProposingParties(ResolvingService):
    def propose_payers(self, actor: Actor, deposit_id: int) -> list[Proposed]:
        """The payers that may have paid the deposit, the likeliest first; nobody is among them without a reason."""
        with self._database.reading() as stores:
            deposit = open_deposit(stores, actor, deposit_id)
            claims = stores.deposit_work.claims(deposit_id)
            before = stores.deposit_views.payers_chosen(
                deposit.payer_name, deposit.payer_identifier, sorted(actor.practice_ids)
            )
            known = stores.office.payer_identifiers()
            found = [
                _payer(deposit, payer.id, payer.name, payer.code, known, claims, before)
                for payer in stores.office.payers()
            ]
        return _best(found)

    def propose_practices(self, actor: Actor, deposit_id: int) -> list[Proposed]:
        """The person's practices, those first whose claims the deposit pays."""
        with self._database.reading() as stores:
            deposit = open_deposit(stores, actor, deposit_id)
            payee = stores.deposit_views.header(deposit.id) or {}
            pcns = {claim.pcn for claim in stores.deposit_work.claims(deposit_id) if claim.pcn}
            ours = Counter(practice for practice, _ in stores.claim_intake.known(pcns))
            practices = [each for each in stores.office.practices() if actor.sees(each.id)]
        found = []
        for each in practices:
            reasons = []
            if ours[each.id]:
                reasons.append((80 * ours[each.id] // len(pcns), f"{ours[each.id]} of {len(pcns)} claims"))
            if (alike := likeness(payee.get("payee_name", ""), each.name)) >= ALIKE:
                reasons.append((int(20 * alike), "a name alike"))
            found.append(_proposed(each.id, each.name, reasons))
        return sorted(found, key=lambda one: (-one.score, one.name))

    def remember_payer(self, actor: Actor, deposit_id: int, payer_id: int) -> int:
        """Keeps the payer's identifier as this remittance states it, so that the next one is known at once.

        Gives how many identifiers are new. One that is a payer's already stays with it.
        """
        actor.require(Permission.SETUP)
        with self._database.transaction() as stores:
            deposit = open_deposit(stores, actor, deposit_id, lock=True)
            value = deposit.payer_identifier
            known = stores.office.payer_identifiers()
            by_name = value == deposit.payer_name
            kinds = ("NAME",) if by_name else IDENTIFIER_KINDS
            fresh = [kind for kind in kinds if value and (kind, value) not in known]
            for kind in fresh:
                stores.office.add_payer_identifier(payer_id, kind, value)
            if fresh:
                after = {"payer_id": payer_id, "identifier": value, "kinds": fresh}
                audit(stores, actor, deposit, "payer.remember", after)
        return len(fresh)


def _payer(
    deposit: DepositWork,
    payer_id: int,
    name: str,
    code: str,
    known: dict[tuple[str, str], int],
    claims: Iterable[ClaimWork],
    before: dict[int, int],
) -> Proposed:
    reasons: list[tuple[int, str]] = []
    if deposit.payer_identifier and deposit.payer_identifier == code:
        reasons.append((50, f"its payer code is {code}"))
    if known.get(("NAME", deposit.payer_name)) == payer_id:
        reasons.append((40, "known by this name"))
    if count := before.get(payer_id, 0):
        times = "once" if count == 1 else f"{count:,} times"
        reasons.append((45, f"chosen {times} before for this payer's name or identifier"))
    reasons += _on_claims(payer_id, claims)
    if (alike := likeness(deposit.payer_name, name)) >= ALIKE:
        reasons.append((int(35 * alike), "the same name" if alike == 1 else "a name alike"))
    return _proposed(payer_id, name, reasons)


def _on_claims(payer_id: int, claims: Iterable[ClaimWork]) -> list[tuple[int, str]]:
    """How many of the deposit's claims have the payer, by our own claims."""
    ours = [claim.ours for claim in claims if claim.ours is not None]
    having = sum(payer_id in claim.payers.values() for claim in ours)
    if not having:
        return []
    return [(40 * having // len(ours), f"payer of {having:,} of the {len(ours):,} claims found")]


def _proposed(number: int, name: str, reasons: list[tuple[int, str]]) -> Proposed:
    ordered = sorted(reasons, reverse=True)
    return Proposed(number, name, min(sum(score for score, _ in ordered), 100), tuple(r for _, r in ordered))


def _best(found: Iterable[Proposed]) -> list[Proposed]:
    told = [one for one in found if one.reasons]
    return sorted(told, key=lambda one: (-one.score, one.name))[:SHOWN]
