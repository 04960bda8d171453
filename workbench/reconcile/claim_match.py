"""Ranks our claims against what a remittance, or a person, knows of one; each rank has its reasons (spec 6.5)."""

import re
from dataclasses import dataclass
from datetime import date

_PLAIN = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of the claim that is looked for; empty parts say nothing."""

    pcn: str = ""
    last: str = ""
    first: str = ""
    service_date: date | None = None
    charge_cents: int | None = None
    member_id: str = ""
    payer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of our claims, as far as it is compared."""

    claim_id: int
    pcn: str
    last: str
    first: str
    service_date: date | None
    charge_cents: int
    open_cents: int
    member_id: str
    payer_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Rank:
    """`score` orders; `reasons` say what speaks for the claim."""

    score: int
    reasons: tuple[str, ...]


def rank(wanted: Wanted, claim: Candidate) -> Rank:
    found: list[tuple[int, str]] = []
    number, ours = _plain(wanted.pcn), _plain(claim.pcn)
    if number and number == ours:
        found.append((100, "claim number equal"))
    elif len(number) >= 4 and ours and (ours.startswith(number) or number.startswith(ours)):
        found.append((40, "claim number cut short"))
    if wanted.last and _plain(wanted.last) == _plain(claim.last):
        whole = _plain(wanted.first) == _plain(claim.first) if wanted.first else False
        found.append((30, "name equal") if whole else (20, "last name equal"))
    if wanted.service_date and wanted.service_date == claim.service_date:
        found.append((30, "service date equal"))
    if wanted.charge_cents is not None and wanted.charge_cents in (claim.charge_cents, claim.open_cents):
        found.append(
            (20, "charge equal" if wanted.charge_cents == claim.charge_cents else "open balance equal")
        )
    if wanted.member_id and _plain(wanted.member_id) == _plain(claim.member_id):
        found.append((40, "member id equal"))
    if wanted.payer_id is not None and wanted.payer_id in claim.payer_ids:
        found.append((5, "payer on the claim"))
    return Rank(sum(score for score, _ in found), tuple(reason for _, reason in found))


def _plain(text: str) -> str:
    return _PLAIN.sub("", text.upper())
