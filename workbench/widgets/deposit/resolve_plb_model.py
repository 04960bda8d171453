"""Deciding about a provider-level amount (PLB): onto claims until the rest is 0.00, reported, or ignored (spec 4.4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain.deposit import ClaimState, Disposition
from workbench.domain.deposit_views import ClaimQuery, ClaimRow
from workbench.domain.money import format_dollars
from workbench.services.deposit_desk.provider_claims import OurNamed
from workbench.services.deposit_desk.provider_money import ShownProviderAmount
from workbench.services.deposit_desk.resolving import Disposed
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.typed import NotTypedRightError, typed_money

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A claim of the deposit that the amount may go to, and why it is shown."""

    claim: ClaimRow
    why: str

    @property
    def refused(self) -> str:
        """Why nothing can be put on it; empty when it can."""
        if self.claim.state is ClaimState.POSTED:
            return "The claim is posted. Reverse it first."
        return "" if self.claim.included else "The claim is excluded."


class ProviderModel:
    """One amount at a time. `parts`: deposit claim -> cash amount; they must sum to its cash effect."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.amounts: list[ShownProviderAmount] = []
        self.chosen: ShownProviderAmount | None = None
        self.parts: dict[int, int] = {}
        self.places: list[Place] = []
        self.elsewhere: list[OurNamed] = []

    def open(self, deposit_id: int, provider_adjustment_id: int | None = None) -> bool:
        """Takes the amount named, else the first that waits; False when there is none."""
        self.deposit_id = deposit_id
        self.amounts = self._desk.deposit_desk.provider_money.of_deposit(self._desk.actor, deposit_id)
        waiting = [one for one in self.amounts if one.disposition is Disposition.UNRESOLVED]
        wanted = [one for one in self.amounts if one.id == provider_adjustment_id] or waiting
        self.chosen = wanted[0] if wanted else None
        if self.chosen is not None:
            self.parts = dict(self.chosen.allocations)
            self.search("")
        return self.chosen is not None

    def at(self, position: int) -> int | None:
        """The amount at this place of the remittance."""
        return next((one.id for one in self.amounts if one.position == position), None)

    def search(self, text: str) -> None:
        """Shows the claims that have something, those the reference names, and those that fit what was typed."""
        one = self._one
        money = self._desk.deposit_desk.provider_money
        self.elsewhere = money.named_elsewhere(self._desk.actor, self.deposit_id, one.id)
        named = money.candidates(self._desk.actor, self.deposit_id, one.id)
        found = {each.claim.id: Place(each.claim, "; ".join(each.reasons)) for each in named}
        page = self._claims(text)
        having = {claim.id: claim for claim in page if claim.id in self.parts}
        missing = set(self.parts) - set(having) - set(found)
        for claim in (*having.values(), *self._by_id(missing), *page):
            found.setdefault(claim.id, Place(claim, ""))
        ordered = sorted(found.values(), key=lambda place: (place.claim.id not in self.parts, not place.why))
        self.places = ordered[:SHOWN]

    def type_part(self, deposit_claim_id: int, text: str) -> str | None:
        """Takes a typed amount (cash: a recovery is negative); gives what is wrong with it, or None."""
        try:
            cents = typed_money(text)
        except NotTypedRightError as problem:
            return str(problem)
        place = next(one for one in self.places if one.claim.id == deposit_claim_id)
        if cents and place.refused:
            return place.refused
        if cents:
            self.parts[deposit_claim_id] = cents
        else:
            self.parts.pop(deposit_claim_id, None)
        return None

    def add(self, claim_id: int) -> str:
        """Adds a claim of ours that the reference names to the deposit, as a place for the amount."""
        self._desk.deposit_desk.editing.add_claims(self._desk.actor, self.deposit_id, [claim_id])
        self.search("")
        return f"Claim {claim_id} was added."

    def put_rest(self, deposit_claim_id: int) -> str | None:
        """Puts what is left on this claim; gives why not, or None."""
        have = self.parts.get(deposit_claim_id, 0)
        return self.type_part(deposit_claim_id, format_dollars(have + self.rest_cents))

    @property
    def rest_cents(self) -> int:
        """What no claim has yet; 0 before the amount can be applied."""
        return self._one.cash_cents - sum(self.parts.values())

    def blockers(self) -> dict[str, str]:
        """Why a button cannot be used now; by the name of the disposition."""
        one = self._one
        found = {}
        if not self.parts:
            found["APPLY_TO_CLAIM"] = "Put the amount on one or more claims first."
        elif self.rest_cents:
            text = f"{format_dollars(self.rest_cents)} is on no claim yet: the rest must be 0.00."
            found["APPLY_TO_CLAIM"] = text
        elif self.parts == dict(one.allocations):
            found["APPLY_TO_CLAIM"] = "It is applied to these claims already."
        if one.disposition is Disposition.UNRESOLVED:
            found["UNRESOLVED"] = "Nothing is decided about it yet."
        elif one.disposition is not Disposition.APPLY_TO_CLAIM:
            found[one.disposition.value] = f"That is decided already: {one.disposition.label}."
        if not self.reportable:
            found["settle"] = "No amount that waits is proposed for Deposit Reporting."
        return found

    @property
    def reportable(self) -> list[ShownProviderAmount]:
        """What `Report All Proposed` settles: nobody decided, and the set-up says Report."""
        waiting = [one for one in self.amounts if one.disposition is Disposition.UNRESOLVED]
        return [one for one in waiting if one.proposed is Disposition.REPORT]

    def preview(self) -> str:
        """What `Report All Proposed` would do, in words."""
        total = format_dollars(sum(one.cash_cents for one in self.reportable))
        codes = ", ".join(sorted({one.reason for one in self.reportable}))
        count = len(self.reportable)
        amounts = "1 amount" if count == 1 else f"{count:,} amounts"
        return f"{amounts} ({codes}), {total} in all, to Deposit Reporting."

    def dispose(self, to: Disposition, reason: str = "") -> str:
        """Raises ChangedByAnotherError when somebody decided meanwhile, RefusedError when a rule forbids it."""
        one = self._one
        self._desk.deposit_desk.resolving.dispose(
            self._desk.actor,
            self.deposit_id,
            one.id,
            to,
            self.parts if to is Disposition.APPLY_TO_CLAIM else None,
            reason,
            seen=Disposed(one.disposition, one.allocations),
        )
        return f"{one.reason} {format_dollars(one.amount_cents)}: {to.label}."

    def settle_proposed(self) -> str:
        """Reports everything that is proposed for it."""
        count = self._desk.deposit_desk.provider_money.settle_proposed(self._desk.actor, self.deposit_id)
        return f"{count:,} provider adjustments: {Disposition.REPORT.label}."

    def reload(self, *, keep: bool) -> bool:
        """Shows what is now; `keep`: with the amounts that were typed here."""
        was, mine = self._one, dict(self.parts)
        if not self.open(self.deposit_id, was.id):
            return False
        if keep:
            self.parts = mine
            self.search("")
        return True

    def _claims(self, text: str) -> list[ClaimRow]:
        query = ClaimQuery(search=text.strip(), limit=SHOWN)
        return list(self._desk.deposits.claims(self._desk.actor, self.deposit_id, query).rows)

    def _by_id(self, deposit_claim_ids: Iterable[int]) -> list[ClaimRow]:
        return [
            self._desk.deposits.claim(self._desk.actor, number).row for number in sorted(deposit_claim_ids)
        ]

    @property
    def _one(self) -> ShownProviderAmount:
        if self.chosen is None:
            raise LookupError("no amount is chosen")
        return self.chosen
