"""Attach/Find a Claim (seed 004; spec deposits 6.5): search our claims, add them, or attach one to a remitted claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from workbench.domain.deposit_views import ClaimQuery, ClaimRow
from workbench.services.deposit_desk.claim_search import ClaimCriteria, ClaimsFound
from workbench.services.user_settings import CLAIM_SEARCH_DAYS, UserSettings
from workbench.widgets.desk import DepositsDesk

PERIOD = "Claim Search Time Period"
# Claims of the deposit itself that are shown before those that can be added.
MOST_HERE = 20


class Desk(DepositsDesk, Protocol):
    """What the dialog needs of the opened workbench."""

    @property
    def user_settings(self) -> UserSettings: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What was done, in words, and the deposit claims that it made or found its claim for."""

    told: str
    deposit_claim_ids: Sequence[int]


class FindModel:
    """One search at a time, for a deposit or for one remitted claim of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.deposit_claim_id: int | None = None
        self.found: ClaimsFound | None = None
        self.here: Sequence[ClaimRow] = ()

    def begin(self, deposit_id: int, deposit_claim_id: int | None) -> ClaimsFound | None:
        """Starts anew. For a remitted claim without one of ours, the likeliest come at once."""
        self.deposit_id, self.deposit_claim_id = deposit_id, deposit_claim_id
        self.found, self.here = None, ()
        if deposit_claim_id is not None:
            self.found = self._desk.deposit_desk.claim_search.proposals(self._desk.actor, deposit_claim_id)
        return self.found

    def search(self, criteria: ClaimCriteria) -> ClaimsFound:
        """Raises RefusedError when no box is filled."""
        self.found = self._desk.deposit_desk.claim_search.search(
            self._desk.actor, self.deposit_id, criteria, self.deposit_claim_id
        )
        self.here = () if self.deposit_claim_id is not None else self._remitted(criteria)
        return self.found

    def _remitted(self, criteria: ClaimCriteria) -> Sequence[ClaimRow]:
        """Claims of this deposit that fit by number or name and have none of ours; the others are among ours."""
        text = criteria.pcn or criteria.last
        if not text.strip():
            return ()
        query = ClaimQuery(search=text, limit=MOST_HERE)
        rows = self._desk.deposits.claims(self._desk.actor, self.deposit_id, query).rows
        return [row for row in rows if row.claim_id is None]

    def take(self, claim_ids: Sequence[int]) -> Taken:
        """Adds the claims to the deposit, or attaches the one to the remitted claim."""
        if self.deposit_claim_id is not None:
            self._desk.deposit_desk.editing.attach(self._desk.actor, self.deposit_claim_id, claim_ids[0])
            return Taken(f"Claim {claim_ids[0]} was attached.", [self.deposit_claim_id])
        added = self._desk.deposit_desk.editing.add_claims(self._desk.actor, self.deposit_id, claim_ids)
        told = "1 claim was added." if len(added) == 1 else f"{len(added)} claims were added."
        return Taken(told, added)

    def why_not_take(self, selected: Sequence[int | str]) -> str | None:
        """Why the selected rows cannot be taken, in words; None when they can. Text: a claim of the deposit."""
        if not selected:
            return "Select a claim first."
        claim_ids = [number for number in selected if isinstance(number, int)]
        if len(claim_ids) < len(selected):
            return "A claim that is on this deposit already cannot be taken again."
        if self.deposit_claim_id is not None and len(claim_ids) > 1:
            return "A remitted claim is one claim of ours: select one."
        here = {claim.claim_id for claim in self.found.claims if claim.attached_to} if self.found else set()
        if here & set(claim_ids):
            return "A claim that is on this deposit already cannot be taken again."
        return None

    def attached_to(self, claim_id: int) -> int | None:
        """The deposit claim that our claim is on this deposit, to show it there."""
        found = self.found.claims if self.found else ()
        return next((claim.attached_to for claim in found if claim.claim_id == claim_id), None)

    @property
    def days(self) -> int:
        """The user setting Claim Search Time Period."""
        return int(self._desk.user_settings.get(self._desk.actor, CLAIM_SEARCH_DAYS))

    def set_days(self, days: int) -> None:
        """Raises RefusedError when it is out of bounds."""
        self._desk.user_settings.set(self._desk.actor, CLAIM_SEARCH_DAYS, str(days))


def criteria(boxes: dict[str, object], *, all_dates: bool) -> ClaimCriteria:
    """The boxes of the dialog as the service takes them."""

    def text(name: str) -> str:
        return str(boxes.get(name) or "")

    def day(name: str) -> date | None:
        value = boxes.get(name)
        return value if isinstance(value, date) else None

    def number(name: str) -> int | None:
        value = boxes.get(name)
        return value if isinstance(value, int) else None

    return ClaimCriteria(
        claim_id=number("claim_id"),
        pcn=text("pcn"),
        last=text("last"),
        first=text("first"),
        service_from=day("service_from"),
        service_to=day("service_to") or day("service_from"),
        charge_cents=number("charge"),
        payer_id=number("payer_id"),
        all_dates=all_dates,
    )


def window(found: ClaimsFound) -> str:
    """What the time period left out, in words that say what to do (spec 6.5)."""
    count = len(found.claims)
    told = "1 claim found" if count == 1 else f"{count} claims found"
    if found.since is None:
        return f"{told} in all dates."
    return f"{told} with service since {found.since:%m/%d/%Y} ({PERIOD}: {found.days} days)."
