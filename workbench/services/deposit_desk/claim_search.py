"""Attach/Find a Claim (spec deposits 6.5): search within the Claim Search Time Period, ranked with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from workbench.domain.deposit_work import ClaimWork
from workbench.domain.identity import Actor
from workbench.errors import NotFoundError, RefusedError
from workbench.reconcile.claim_match import Candidate, Rank, Wanted, rank
from workbench.services.deposit_desk.desk import open_deposit, today
from workbench.services.looks import Look
from workbench.services.user_settings import CLAIM_SEARCH_DAYS, number_setting
from workbench.storage import Database, Stores
from workbench.storage.stores.claim_search import ClaimQuery, FoundRow

_BOXES = ("claim_id", "pcn", "last", "first", "service_from", "service_to", "charge_cents", "payer_id")


@dataclass(frozen=True, slots=True)
class ClaimCriteria:
    """The boxes of the dialog; every filled one must fit. `all_dates`: beyond the time period, too."""

    claim_id: int | None = None
    pcn: str = ""
    last: str = ""
    first: str = ""
    service_from: date | None = None
    service_to: date | None = None
    charge_cents: int | None = None
    payer_id: int | None = None
    all_dates: bool = False

    @property
    def is_empty(self) -> bool:
        return self == ClaimCriteria(all_dates=self.all_dates)


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """One result. `attached_to`: its deposit claim when it is on this deposit already (shown grey)."""

    claim_id: int
    pcn: str
    patient_last: str
    patient_first: str
    birth_date: date | None
    service_from: date | None
    payers: dict[str, str]
    charge_cents: int
    open_cents: int
    status: str
    level: str
    score: int
    reasons: tuple[str, ...]
    attached_to: int | None


@dataclass(frozen=True, slots=True)
class ClaimsFound:
    """The results, best first. `since`: what the time period left out, None when all dates were searched."""

    claims: tuple[FoundClaim, ...]
    since: date | None
    days: int


class ClaimSearch:
    """Finds our claims for a deposit, or for one claim of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(
        self, actor: Actor, deposit_id: int, criteria: ClaimCriteria, deposit_claim_id: int | None = None
    ) -> ClaimsFound:
        """Claims of the deposit's practice (or of the person's practices) that fit the boxes.

        With `deposit_claim_id` they are ranked by what that remitted claim says.
        """
        if criteria.is_empty:
            raise RefusedError("Type what you know of the claim.")
        with self._database.reading() as stores:
            query, days, payer_id = self._query(stores, actor, deposit_id, criteria)
            wanted = _wanted(criteria, payer_id)
            if deposit_claim_id is not None:
                wanted = _of_remit(_remitted(stores, deposit_id, deposit_claim_id))
            rows = stores.claim_search.search(query)
            audit_claim_search(stores, actor, query, [row.id for row in rows])
            return ClaimsFound(_ranked(stores, deposit_id, rows, wanted), query.since, days)

    def proposals(self, actor: Actor, deposit_claim_id: int) -> ClaimsFound:
        """Our claims that a remitted claim may be: by number, by name and day, by charge; best first."""
        with self._database.reading() as stores:
            deposit_id = stores.deposit_work.deposit_of_claim(deposit_claim_id)
            if deposit_id is None:
                raise NotFoundError("The claim was not found.")
            query, days, _ = self._query(stores, actor, deposit_id, ClaimCriteria())
            remitted = _remitted(stores, deposit_id, deposit_claim_id)
            ways = [
                replace(query, pcn=remitted.pcn[:8]) if len(remitted.pcn) >= 4 else None,
                replace(query, last=remitted.patient_last, service_from=remitted.service_from,
                        service_to=remitted.service_from) if remitted.patient_last else None,
                replace(query, service_from=remitted.service_from, service_to=remitted.service_from,
                        charge_cents=remitted.charge_cents) if remitted.service_from else None,
            ]  # fmt: skip
            rows = {row.id: row for way in ways if way for row in stores.claim_search.search(way)}
            ranked = _ranked(stores, deposit_id, list(rows.values()), _of_remit(remitted))
            audit_claim_search(stores, actor, query, [claim.claim_id for claim in ranked[:20]])
            return ClaimsFound(ranked[:20], query.since, days)

    @staticmethod
    def _query(
        stores: Stores, actor: Actor, deposit_id: int, criteria: ClaimCriteria
    ) -> tuple[ClaimQuery, int, int | None]:
        """The search, the days of the time period, and the payer of the deposit."""
        deposit = open_deposit(stores, actor, deposit_id)
        days = number_setting(stores, actor, CLAIM_SEARCH_DAYS)
        practices = actor.practice_ids if deposit.practice_id is None else {deposit.practice_id}
        since = None if criteria.all_dates else today(stores, deposit.practice_id) - timedelta(days=days)
        return (
            ClaimQuery(
                practice_ids=frozenset(practices),
                claim_id=criteria.claim_id,
                pcn=criteria.pcn,
                last=criteria.last,
                first=criteria.first,
                service_from=criteria.service_from,
                service_to=criteria.service_to,
                charge_cents=criteria.charge_cents,
                payer_id=criteria.payer_id,
                since=since,
            ),
            days,
            deposit.payer_id,
        )


def audit_claim_search(stores: Stores, actor: Actor, query: ClaimQuery, found: Sequence[int]) -> None:
    """Which boxes were filled in and which claims were shown; what was typed is patient data and is not kept."""
    filled = [name for name in _BOXES if getattr(query, name) not in (None, "")]
    practice = min(query.practice_ids) if len(query.practice_ids) == 1 else None
    look = Look("claim.search", "claim", 0, practice, {"by": filled, "claims": list(found)})
    look.write(stores, actor)


def _remitted(stores: Stores, deposit_id: int, deposit_claim_id: int) -> ClaimWork:
    found = stores.deposit_work.claims(deposit_id, [deposit_claim_id])
    if not found:
        raise NotFoundError("The claim was not found.")
    return found[0]


def _wanted(criteria: ClaimCriteria, payer_id: int | None) -> Wanted:
    """What the boxes say; without a payer among them, the deposit's makes a claim likelier."""
    return Wanted(
        criteria.pcn,
        criteria.last,
        criteria.first,
        criteria.service_from,
        criteria.charge_cents,
        payer_id=payer_id if criteria.payer_id is None else criteria.payer_id,
    )


def _of_remit(claim: ClaimWork) -> Wanted:
    return Wanted(
        claim.pcn,
        claim.patient_last,
        claim.patient_first,
        claim.service_from,
        abs(claim.charge_cents),
        payer_id=claim.payer_id,
    )


def _ranked(
    stores: Stores, deposit_id: int, rows: Sequence[FoundRow], wanted: Wanted
) -> tuple[FoundClaim, ...]:
    ids = [row.id for row in rows]
    payers = stores.claim_search.payers(ids)
    attached = stores.claim_search.attached(deposit_id, ids)
    names = {payer.id: payer.name for payer in stores.office.payers()}
    found = [
        _found(row, rank(wanted, _candidate(row, payers[row.id])), payers[row.id], names, attached)
        for row in rows
    ]
    # Of claims that fit alike, one on which something is owed is the likelier.
    return tuple(sorted(found, key=lambda claim: (-claim.score, claim.open_cents <= 0, claim.claim_id)))


def _candidate(row: FoundRow, payers: dict[str, int]) -> Candidate:
    return Candidate(
        claim_id=row.id,
        pcn=row.pcn,
        last=row.patient_last,
        first=row.patient_first,
        service_date=row.service_from,
        charge_cents=row.charge_cents,
        open_cents=row.open_cents,
        member_id=row.member_id,
        payer_ids=frozenset(payers.values()),
    )


def _found(
    row: FoundRow, ranked: Rank, payers: dict[str, int], names: dict[int, str], attached: dict[int, int]
) -> FoundClaim:
    return FoundClaim(
        claim_id=row.id,
        pcn=row.pcn,
        patient_last=row.patient_last,
        patient_first=row.patient_first,
        birth_date=row.birth_date,
        service_from=row.service_from,
        payers={level: names.get(payer, "") for level, payer in payers.items()},
        charge_cents=row.charge_cents,
        open_cents=row.open_cents,
        status=row.status,
        level=row.level,
        score=ranked.score,
        reasons=ranked.reasons,
        attached_to=attached.get(row.id),
    )
