"""Two hundred names of patients that exist nowhere else, and the office that gets them through its own doors."""

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import date

from tests.builders import NORTH_NPI, NORTH_TIN
from tests.services.test_bank import bai2
from workbench.era.message import Adjustment, Claim, Interchange, Remittance, ServiceLine
from workbench.era.writer import write_835

COUNT = 200
DAY = date(2026, 3, 2)


@dataclass
class Birds:
    """Hands out canaries one by one; `all` is what nothing outside the store may hold."""

    chance: random.Random = field(default_factory=lambda: random.Random(835))
    all: list[str] = field(default_factory=list)

    def new(self) -> str:
        """Ten capital letters, so that no file format and no page changes them."""
        self.all.append("QZ" + "".join(self.chance.choices("BCDFGHJKLMNPQRSTVWXZ", k=8)))
        return self.all[-1]


@dataclass(frozen=True)
class Mail:
    """Files with canaries in every field of a patient: good ones, and ones that cannot be read."""

    claims: bytes
    remittance: bytes
    damaged: bytes
    no_remittance: bytes
    bad_table: bytes
    payments: bytes
    bank: bytes
    picture_name: str
    note: str
    pcn: str


def mail(birds: Birds) -> Mail:
    """100 canaries in our claims, 64 in remittances, the rest in payments, bank lines, notes and file names."""
    patients = [(birds.new(), birds.new(), birds.new(), birds.new()) for _ in range(25)]
    remitted = [_claim(*names) for names in patients[:15]]
    remitted += [_claim(birds.new(), birds.new(), birds.new(), birds.new()) for _ in range(10)]
    good = _file(remitted, 1)
    bad = _file([_claim(birds.new(), birds.new(), birds.new(), birds.new()) for _ in range(6)], 2)
    return Mail(
        claims=_table(patients),
        remittance=good,
        damaged=bad.replace(b"SVC*", b"SVC*not a code*", 2).replace(b"~SE*", b"~XX*", 1),
        no_remittance=" ".join(birds.new() for _ in range(6)).encode(),
        bad_table=f"patient,amount\n{birds.new()},{birds.new()}\n{birds.new()},".encode(),
        payments=f"patient id,amount,comment\n{patients[0][3]},10.00,{birds.new()}\n{birds.new()},x,{birds.new()}\n".encode(),
        bank=bai2(*(f"{100 + place},R{place},,PAID BY {birds.new()}" for place in range(12))),
        picture_name=f"{birds.new()} {birds.new()}.png",
        note=" ".join(birds.new() for _ in range(COUNT - len(birds.all))),
        pcn=patients[0][3],
    )


def _claim(last: str, first: str, member: str, pcn: str) -> Claim:
    line = ServiceLine("99213", 15000, 10000, adjustments=(Adjustment("CO", "45", 5000),), service_from=DAY)
    return Claim(
        pcn, 15000, 10000, payer_claim_no=f"ICN{pcn}", patient_last=last, patient_first=first, patient_id=member,
        lines=(line,), service_from=DAY,
    )  # fmt: skip


def _file(claims: list[Claim], control: int) -> bytes:
    paid = sum(claim.paid_cents for claim in claims)
    remittance = Remittance(
        amount_cents=paid, trace_number=f"T{control}", originator_id="1900000001", payer_name="ACME HEALTH",
        payee_name="NORTH", payee_npi=NORTH_NPI, payee_tin=NORTH_TIN, claims=tuple(claims), effective_date=DAY,
    )  # fmt: skip
    return write_835(Interchange((remittance,), control))


def _table(patients: list[tuple[str, str, str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["claim number", "last name", "first name", "member id", "date of service", "code", "charge", "npi"]
    )
    for last, first, member, pcn in patients:
        writer.writerow([pcn, last, first, member, "03/02/2026", "99213", "150.00", NORTH_NPI])
    return text.getvalue().encode()
