"""What the dialogs of the deposit desk offer to choose from: practices, payers, owners, open claims (spec 6.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.services.looks import Look
from workbench.storage import Database, Stores
from workbench.storage.stores.claim_search import ClaimQuery, FoundRow


@dataclass(frozen=True, slots=True)
class Choice:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A claim of ours on which something is still owed; `open_cents` is above 0."""

    id: int
    pcn: str
    patient: str
    service_from: date | None
    charge_cents: int
    open_cents: int


class DeskChoices:
    """Lists for look-ups; each person sees their own practices only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def practices(self, actor: Actor) -> list[Choice]:
        """The person's active practices, by name."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            found = stores.office.practices()
        return [Choice(each.id, each.name) for each in found if actor.sees(each.id)]

    def payers(self, actor: Actor, text: str, limit: int) -> tuple[list[Choice], int]:
        """Active payers whose name holds the text, those that start so first; and how many there are."""
        actor.require(Permission.DEPOSIT_VIEW)
        words = text.strip().casefold()
        with self._database.reading() as stores:
            found = [each for each in stores.office.payers() if words in each.name.casefold()]
        found.sort(key=lambda payer: (not payer.name.casefold().startswith(words), payer.name))
        return [Choice(each.id, each.name) for each in found[:limit]], len(found)

    def owners(self, actor: Actor) -> list[Choice]:
        """Who may own a deposit: the active persons of the office, by name."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            return [Choice(each.id, each.name) for each in stores.office.people()]

    def open_claims(self, actor: Actor, practice_id: int, patient: str) -> list[OpenClaim]:
        """Claims with something owed, oldest first, by `Last, First`, a claim number or a Claim ID."""
        actor.require(Permission.DEPOSIT_VIEW)
        actor.require_sight(practice_id, "The practice")
        with self._database.reading() as stores:
            found = {row.id: row for way in _ways(practice_id, patient) for row in _search(stores, way)}
            if found:
                shown = {"by": ["patient"], "claims": sorted(found)}
                Look("claim.search", "claim", 0, practice_id, shown).write(stores, actor)
        return sorted(
            map(_open_claim, found.values()), key=lambda one: (one.service_from or date.max, one.id)
        )


def _ways(practice_id: int, patient: str) -> Sequence[ClaimQuery]:
    """What the text may mean; an empty text means nothing."""
    words = patient.strip()
    if not words:
        return ()
    here = frozenset({practice_id})
    last, _, first = words.partition(",")
    ways = [ClaimQuery(here, pcn=words), ClaimQuery(here, last=last.strip(), first=first.strip())]
    if words.isascii() and words.isdigit() and len(words) < 18:
        ways.append(ClaimQuery(here, claim_id=int(words)))
    return ways


def _search(stores: Stores, query: ClaimQuery) -> list[FoundRow]:
    return [row for row in stores.claim_search.search(query) if row.open_cents > 0]


def _open_claim(row: FoundRow) -> OpenClaim:
    name = ", ".join(part for part in (row.patient_last, row.patient_first) if part)
    return OpenClaim(row.id, row.pcn, name, row.service_from, row.charge_cents, row.open_cents)
