"""The office's own claims as rows: who still owes what on the day the demo begins.

A claim that a demo remittance answers is open in full. One whose first payer was posted before waits
for the second with the rest. Of all others, what is older than a payer's answer is settled, except that
some patients still owe their share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pyarrow as pa

from workbench.domain.posting import ClaimStatus
from workbench.services.demo.adjudication import patient_shares, pay
from workbench.services.demo.claims import Claim
from workbench.services.demo.mailroom import Mailroom

SETTLED_AFTER_DAYS = 75
PATIENTS_OWING = 0.08


@dataclass(frozen=True, slots=True)
class OfficeIds:
    """The database's ids, in the order of the tables of `office`."""

    practices: Sequence[int]
    facilities: Sequence[int]
    payers: Sequence[int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a claim stands; balances by line, in its own order."""

    status: str
    level: str
    balances: tuple[int, ...]


def standing(claim: Claim, room: Mailroom) -> Standing:
    """Asked claim by claim in one order: who owes is drawn from the mailroom's seeded numbers."""
    if claim.pcn in room.crossed_over:
        return Standing(ClaimStatus.WAITING_ON_NEXT_PAYER, "secondary", room.patient_share(claim))
    if claim.pcn in room.owed:
        return Standing(ClaimStatus.READY_TO_SEND, "statement", room.patient_share(claim))
    recent = claim.service_date > room.today - timedelta(days=SETTLED_AFTER_DAYS)
    if claim.pcn in room.answered or recent:
        return Standing(ClaimStatus.SUBMITTED, "primary", tuple(line.charge_cents for line in claim.lines))
    shares = patient_shares(pay(room.rng, claim)) if room.rng.random() < PATIENTS_OWING else ()
    if any(shares):
        return Standing(ClaimStatus.READY_TO_SEND, "statement", shares)
    return Standing(ClaimStatus.DONE, "completed", (0,) * len(claim.lines))


def claim_rows(
    claims: Sequence[Claim], states: Sequence[Standing], ids: Sequence[int], office: OfficeIds
) -> pa.Table:
    """Rows of table `claims`."""
    columns = {
        "id": pa.array(ids, pa.int64()),
        "practice_id": pa.array([office.practices[claim.practice] for claim in claims], pa.int64()),
        "pcn": [claim.pcn for claim in claims],
        "patient_last": [claim.last for claim in claims],
        "patient_first": [claim.first for claim in claims],
        "patient_birth_date": pa.array([claim.birth_date for claim in claims], pa.date32()),
        "member_id": [claim.member_id for claim in claims],
        "facility_id": pa.array([office.facilities[claim.facility] for claim in claims], pa.int64()),
        "rendering_npi": [claim.rendering_npi for claim in claims],
        "service_from": pa.array([claim.service_date for claim in claims], pa.date32()),
        "service_to": pa.array([claim.service_date for claim in claims], pa.date32()),
        "charge_cents": pa.array([claim.charge_cents for claim in claims], pa.int64()),
        "balance_cents": pa.array([sum(state.balances) for state in states], pa.int64()),
        "status": [state.status for state in states],
        "level": [state.level for state in states],
    }
    return pa.table(columns)


def payer_rows(claims: Sequence[Claim], ids: Sequence[int], office: OfficeIds) -> pa.Table:
    """Rows of table `claim_payers`."""
    rows = [
        (claim_id, level, office.payers[payer], claim.member_id)
        for claim_id, claim in zip(ids, claims, strict=True)
        for level, payer in (("primary", claim.payer), ("secondary", claim.secondary))
        if payer is not None
    ]
    names = ("claim_id", "level", "payer_id", "member_id")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def line_rows(
    claims: Sequence[Claim], states: Sequence[Standing], ids: Sequence[int], line_ids: Sequence[int]
) -> pa.Table:
    """Rows of table `charge_lines`."""
    numbered = iter(line_ids)
    rows = [
        {
            "id": next(numbered),
            "claim_id": claim_id,
            "line_no": line_no,
            "line_control_no": claim.line_control_no(line_no),
            "code": line.code,
            "modifiers": " ".join(line.modifiers),
            "service_date": claim.service_date,
            "units": str(line.units),
            "charge_cents": line.charge_cents,
            "balance_cents": balance,
        }
        for claim_id, claim, state in zip(ids, claims, states, strict=True)
        for line_no, (line, balance) in enumerate(zip(claim.lines, state.balances, strict=True))
    ]
    return pa.Table.from_pylist(rows)
