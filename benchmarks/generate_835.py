"""A seeded, realistic, balanced 835 of a given size; all of it is made up.

    python -m benchmarks.generate_835 20 remittances.835     # 20 MB

The same seed and size give the same bytes, so that two runs measure the same file. Figures follow
what professional remittances look like: one to four lines a claim, a contractual write-off on nearly
every line, patient shares on a third, some denials, now and then a reversal with its correction, one
PLB on every fourth check, 40 to 400 claims to a check.
"""

import argparse
import random
from datetime import date, timedelta
from pathlib import Path

from workbench.era.message import (
    Adjustment,
    Claim,
    Interchange,
    ProviderAdjustment,
    ProviderAdjustments,
    Remittance,
    ServiceLine,
)
from workbench.era.writer import write_835

SEED = 835
MEGABYTE = 1_000_000
PAYERS = ("ACME HEALTH PLAN", "BLUE RIVER MUTUAL", "CEDAR STATE MEDICAID", "DELTA SENIOR CARE")
LAST_NAMES = ("ALDER", "BIRCH", "CEDARHOLM", "DOGWOOD", "ELM", "FIRTH", "GINKGO", "HAZELTON", "IRONWOOD")
FIRST_NAMES = ("ADA", "BRUNO", "CLARA", "DIEGO", "ESTHER", "FELIX", "GRETA", "HUGO", "IRIS", "JONAS")
CODES = (
    ("99213", 15000),
    ("99214", 21500),
    ("99203", 18000),
    ("36415", 1200),
    ("80053", 4350),
    ("93000", 6000),
)
DENIALS = ("16", "18", "29", "50", "96", "197")
FIRST_DAY = date(2026, 1, 5)


class _Payer:
    """Makes up what one payer says."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._number = 0

    def _share(self, cents: int, low: float, high: float) -> int:
        return int(cents * self._chance.uniform(low, high))

    def _adjustments(self, charge: int) -> tuple[Adjustment, ...]:
        if self._chance.random() < 0.06:
            return (Adjustment("CO", self._chance.choice(DENIALS), charge),)
        contractual = self._share(charge, 0.2, 0.6)
        adjustments = [Adjustment("CO", "45", contractual)]
        if self._chance.random() < 0.35:
            adjustments.append(Adjustment("PR", "1", self._share(charge - contractual, 0.1, 0.5)))
        if self._chance.random() < 0.35:
            left = charge - sum(adjustment.amount_cents for adjustment in adjustments)
            adjustments.append(Adjustment("PR", "2", left // 5))
        return tuple(adjustments)

    def _line(self, day: date) -> ServiceLine:
        code, price = self._chance.choice(CODES)
        charge = price + self._chance.randrange(0, 5000)
        adjustments = self._adjustments(charge)
        paid = charge - sum(adjustment.amount_cents for adjustment in adjustments)
        shares = sum(adjustment.amount_cents for adjustment in adjustments if adjustment.group == "PR")
        self._number += 1
        return ServiceLine(
            code=code,
            modifiers=("25",) if self._chance.random() < 0.2 else (),
            charge_cents=charge,
            paid_cents=paid,
            units="1",
            service_from=day,
            adjustments=adjustments,
            allowed_cents=paid + shares,
            line_control_no=f"L{self._number:08d}",
            remark_codes=("N130",) if paid == 0 else (),
        )

    def _claim(self) -> Claim:
        day = FIRST_DAY - timedelta(days=self._chance.randrange(10, 90))
        lines = tuple(self._line(day) for _ in range(self._chance.choice((1, 1, 2, 2, 3, 4))))
        shares = (a.amount_cents for line in lines for a in line.adjustments if a.group == "PR")
        self._number += 1
        return Claim(
            pcn=f"{self._chance.randrange(10**5):05d}-{self._number:08d}",
            remit_status=self._chance.choice("11111123"),
            charge_cents=sum(line.charge_cents for line in lines),
            paid_cents=sum(line.paid_cents for line in lines),
            patient_responsibility_cents=sum(shares),
            payer_claim_no=f"2026{self._chance.randrange(10**11):011d}",
            patient_last=self._chance.choice(LAST_NAMES),
            patient_first=self._chance.choice(FIRST_NAMES),
            patient_id=f"M{self._chance.randrange(10**8):08d}",
            rendering_npi=f"19{self._chance.randrange(10**8):08d}",
            service_from=day,
            service_to=day,
            received_date=day + timedelta(days=5),
            lines=lines,
            remark_codes=("MA01",) if self._chance.random() < 0.3 else (),
            references=(("EA", f"R{self._number:07d}"),) if self._chance.random() < 0.5 else (),
        )

    def remittance(self, number: int) -> Remittance:
        claims = tuple(self._claim() for _ in range(self._chance.randrange(40, 400)))
        taken = self._chance.choice((0, 0, 0, 2500))
        npi, end = "1999999984", date(FIRST_DAY.year, 12, 31)
        plb = ProviderAdjustments(npi, end, (ProviderAdjustment("WO", taken, f"TAKEBACK{number:05d}"),))
        return Remittance(
            amount_cents=sum(claim.paid_cents for claim in claims) - taken,
            trace_number=f"EFT{number:09d}",
            payer_name=PAYERS[number % len(PAYERS)],
            payer_id=f"9{number % len(PAYERS):04d}",
            payee_name="OAK STREET CLINIC",
            payee_npi=npi,
            payee_tin="999999999",
            effective_date=FIRST_DAY + timedelta(days=number % 200),
            production_date=FIRST_DAY,
            claims=claims,
            provider_adjustments=(plb,) if taken else (),
        )


def one_interchange(size: int, seed: int = SEED) -> bytes:
    """About `size` bytes as a single ISA-IEA, the form that every peer can read."""
    payer = _Payer(random.Random(seed))
    remittances: list[Remittance] = []
    written = 0
    while written < size:
        remittances.append(payer.remittance(len(remittances) + 1))
        written += len(write_835(Interchange((remittances[-1],))))
    return write_835(Interchange(tuple(remittances)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("megabytes", type=float)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    arguments.file.write_bytes(one_interchange(int(arguments.megabytes * MEGABYTE), arguments.seed))


if __name__ == "__main__":
    main()
