"""Which claims a provider-level amount is about, by what its reference names (spec deposits 4.4)."""

import re
from dataclasses import dataclass
from datetime import date

from workbench.domain.deposit_views import ClaimQuery, ClaimRow
from workbench.domain.deposit_work import OurClaim
from workbench.domain.identity import Actor
from workbench.errors import NotFoundError
from workbench.services.deposit_desk.desk import open_deposit
from workbench.storage import Database

EVERY_CLAIM = 10**9
SHOWN_CANDIDATES = 20
_PLAIN = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class ClaimNamed:
    """A claim of the deposit that a provider-level amount may be about, and why."""

    claim: ClaimRow
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OurNamed:
    """A claim of ours that a reference names, which is not on the deposit."""

    claim_id: int
    pcn: str
    patient: str
    service_from: date | None


class NamingClaims:
    """Reads the reference; what is decided with it is a person's word."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def candidates(self, actor: Actor, deposit_id: int, provider_adjustment_id: int) -> list[ClaimNamed]:
        """The claims of the deposit that the reference of the amount names, the likeliest first.

        The reference of WO and 72 is commonly account number, service date and claim number (spec 4.4).
        """
        with self._database.reading() as stores:
            open_deposit(stores, actor, deposit_id)
            rows = stores.deposit_work.provider_adjustments(deposit_id)
            row = next((row for row in rows if row.id == provider_adjustment_id), None)
            if row is None:
                raise NotFoundError("The provider adjustment was not found.")
            claims = stores.deposit_views.claims(deposit_id, ClaimQuery(), EVERY_CLAIM)
        named = [ClaimNamed(claim, _named_by(row.reference, claim)) for claim in claims]
        found = sorted((one for one in named if one.reasons), key=lambda one: -len(one.reasons))
        return found[:SHOWN_CANDIDATES]

    def named_elsewhere(self, actor: Actor, deposit_id: int, provider_adjustment_id: int) -> list[OurNamed]:
        """Claims of ours that the reference names and the deposit does not hold: a recovery is commonly of an
        older payment, and takes a negative payment on its claim (spec 4.4).
        """
        with self._database.reading() as stores:
            deposit = open_deposit(stores, actor, deposit_id)
            rows = stores.deposit_work.provider_adjustments(deposit_id)
            row = next((row for row in rows if row.id == provider_adjustment_id), None)
            if row is None or deposit.practice_id is None:
                return []
            known = stores.claim_intake.known(set(row.reference.split()))
            here = stores.deposit_work.our_claim_ids(deposit_id)
            wanted = {
                claim.id
                for (practice, _), claims in known.items()
                for claim in claims
                if practice == deposit.practice_id and claim.id not in here
            }
            found = stores.deposit_work.our_claims(wanted)
        return [_our_named(found[number]) for number in sorted(found)]


def _our_named(claim: OurClaim) -> OurNamed:
    patient = ", ".join(part for part in (claim.patient_last, claim.patient_first) if part)
    return OurNamed(claim.id, claim.pcn, patient, claim.service_from)


def _named_by(reference: str, claim: ClaimRow) -> tuple[str, ...]:
    """What of a claim stands in the reference. A number of less than 4 signs stands in many by chance."""
    text = _PLAIN.sub("", reference.upper())
    words = {_PLAIN.sub("", word) for word in reference.upper().split()}

    def stands(number: str) -> bool:
        plain = _PLAIN.sub("", number.upper())
        return bool(plain) and (plain in words or (len(plain) >= 4 and plain in text))

    day = claim.service_from
    days = () if day is None else (f"{day:%Y%m%d}", f"{day:%m%d%Y}", f"{day:%m%d%y}")
    numbered = [
        told
        for told, number in (
            ("the reference has its claim number", claim.pcn),
            ("the reference has the payer's claim number", claim.payer_claim_no),
        )
        if stands(number)
    ]
    dated = ["the reference has its service date"] if any(day in text for day in days) else []
    return (*numbered, *dated)
