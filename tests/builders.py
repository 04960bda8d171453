"""Small builders for tests: plain values with one thing changed. All data is synthetic."""

from dataclasses import dataclass
from datetime import date

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.era.message import Adjustment, Claim, Interchange, Remittance, ServiceLine
from workbench.era.writer import write_835
from workbench.storage import Database

NORTH_NPI, NORTH_TIN = "1000000004", "100000001"
SOUTH_NPI, SOUTH_TIN = "1000000012", "100000002"
ACME_ID, ZENITH_ID = "1900000001", "1900000002"


@dataclass(frozen=True, slots=True)
class Office:
    """A furnished store: two practices that know nothing of each other, one clerk each, one supervisor."""

    database: Database
    north: int
    south: int
    acme: int
    zenith: int
    north_clerk: Actor
    south_clerk: Actor
    supervisor: Actor


def actor(
    user_id: int,
    *practice_ids: int,
    login: str = "clerk",
    permissions: frozenset[Permission] = frozenset(Permission),
    sees_unassigned: bool = False,
) -> Actor:
    """A person who may do everything in the practices named."""
    return Actor(user_id, login, login.capitalize(), frozenset(practice_ids), permissions, sees_unassigned)


def furnish_office(database: Database) -> Office:
    """Two practices (NORTH, SOUTH), two payers (ACME, ZENITH) known by every kind of identifier, three users."""
    with database.transaction() as stores:
        office = stores.office
        north = office.add_practice("North Anesthesia", npis=[NORTH_NPI], tins=[NORTH_TIN])
        south = office.add_practice("South Pain Clinic", npis=[SOUTH_NPI], tins=[SOUTH_TIN])
        payers = [
            office.add_payer(
                name,
                code=code,
                identifiers=[("TRN03", code), ("BPR10", code), ("N104", code), ("REF2U", code)],
            )
            for name, code in (("ACME HEALTH", ACME_ID), ("ZENITH MUTUAL", ZENITH_ID))
        ]
        users = [
            office.add_user("north", "North Clerk", roles=["payment_poster"], practice_ids=[north]),
            office.add_user("south", "South Clerk", roles=["payment_poster"], practice_ids=[south]),
            office.add_user("super", "Supervisor", roles=["supervisor"], practice_ids=[north, south]),
        ]
    return Office(
        database=database,
        north=north,
        south=south,
        acme=payers[0],
        zenith=payers[1],
        north_clerk=actor(users[0], north, login="north"),
        south_clerk=actor(users[1], south, login="south"),
        supervisor=actor(users[2], north, south, login="super", sees_unassigned=True),
    )


def remittance_claim(pcn: str = "P1") -> Claim:
    """Spec deposits 4.10, vector 1: 150 - (CO45 50 + PR1 30 + PR2 14) = 56."""
    line = ServiceLine(
        "99213",
        15000,
        5600,
        adjustments=(Adjustment("CO", "45", 5000), Adjustment("PR", "1", 3000), Adjustment("PR", "2", 1400)),
        service_from=date(2026, 1, 15),
    )
    return Claim(
        pcn,
        15000,
        5600,
        patient_responsibility_cents=4400,
        payer_claim_no=f"ICN-{pcn}",
        patient_last="DOE",
        patient_first="JANE",
        patient_id="M1",
        lines=(line,),
    )


def remittance_file(*payments: Remittance, control: int = 1) -> bytes:
    """An 835 file with these payments; `control` tells interchanges apart."""
    return write_835(Interchange(payments, control=control))
