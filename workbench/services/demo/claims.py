"""Our own claims of the synthetic office: who was treated when, what was billed to whom."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from workbench.services.demo.names import FIRST_NAMES, LAST_NAMES, PLACE_ENDINGS
from workbench.services.demo.office import FACILITIES, PAYERS, PRACTICES, SUPPLEMENT, Coverage
from workbench.services.demo.procedures import Line, case_lines

OLDEST_DAYS = 540
NEWEST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of ours.

    Attributes:
        practice, facility, payer, secondary: positions in the tables of `office`.
        pcn: patient control number: what a payer repeats in CLP01.
    """

    pcn: str
    practice: int
    facility: int
    payer: int
    secondary: int | None
    last: str
    first: str
    birth_date: date
    member_id: str
    rendering_npi: str
    service_date: date
    lines: tuple[Line, ...]

    @property
    def charge_cents(self) -> int:
        return sum(line.charge_cents for line in self.lines)

    def line_control_no(self, line_no: int) -> str:
        """Our id of the 0-based line, sent in 837 REF*6R and repeated by the payer."""
        return f"{self.pcn}L{line_no + 1}"


_SHARES = [payer.share for payer in PAYERS]
_PAYER_NUMBERS = range(len(PAYERS))
_FACILITIES_OF = [
    [number for number, facility in enumerate(FACILITIES) if practice in facility.practices]
    for practice in range(len(PRACTICES))
]


def _birth_date(rng: random.Random, coverage: Coverage, today: date) -> date:
    youngest, oldest = (65, 92) if coverage is Coverage.SENIOR else (19, 64)
    return today - timedelta(days=rng.randrange(youngest * 365 + 60, oldest * 365))


def _claim(rng: random.Random, number: int, today: date) -> Claim:
    practice = 0 if rng.random() < 0.65 else 1
    payer = rng.choices(_PAYER_NUMBERS, _SHARES)[0]
    coverage = PAYERS[payer].coverage
    return Claim(
        pcn=f"{PRACTICES[practice].prefix}{number:06d}",
        practice=practice,
        facility=rng.choice(_FACILITIES_OF[practice]),
        payer=payer,
        secondary=SUPPLEMENT if coverage is Coverage.SENIOR and rng.random() < 0.45 else None,
        last=rng.choice(LAST_NAMES) + rng.choice(PLACE_ENDINGS),
        first=rng.choice(FIRST_NAMES),
        birth_date=_birth_date(rng, coverage, today),
        member_id=f"{PAYERS[payer].code}{rng.randrange(10**8):08d}",
        rendering_npi=rng.choice(PRACTICES[practice].providers),
        service_date=today - timedelta(days=rng.randint(NEWEST_DAYS, OLDEST_DAYS)),
        lines=case_lines(rng, PRACTICES[practice]),
    )


def make_claims(count: int, *, seed: int, today: date) -> list[Claim]:
    """`count` claims, the same for the same arguments, oldest date of service first."""
    rng = random.Random(seed)  # noqa: S311 - synthetic data has to be repeatable, not secret
    claims = [_claim(rng, 100_000 + number, today) for number in range(count)]
    return sorted(claims, key=lambda claim: (claim.service_date, claim.pcn))
