"""What the synthetic office does for its patients: anesthesia by time, and some professional services."""

import random
from dataclasses import dataclass

from workbench.services.demo.office import Practice

MINUTES_PER_UNIT = 15  # the unit of anesthesia time

# Anesthesia codes (00100-01999) with their base units; codes only, the texts belong to their owners.
ANESTHESIA = {
    "00142": 4,
    "00400": 3,
    "00520": 6,
    "00562": 20,
    "00630": 8,
    "00670": 13,
    "00731": 5,
    "00790": 7,
    "00797": 11,
    "00811": 4,
    "00812": 3,
    "00813": 5,
    "00840": 6,
    "00844": 7,
    "00860": 6,
    "00902": 5,
    "00914": 5,
    "00940": 3,
    "01214": 8,
    "01230": 6,
    "01382": 3,
    "01402": 7,
    "01480": 3,
    "01630": 5,
    "01638": 10,
    "01810": 3,
    "01830": 3,
    "01922": 7,
    "01961": 7,
    "01967": 5,
}
_CODES = tuple(ANESTHESIA)
# Professional services beside them: visits, nerve blocks, lines. Fee and what one anesthesia unit rate
# is multiplied with to get the allowed amount, in hundredths.
PROFESSIONAL = {
    "99203": (245_00, 380),
    "99213": (165_00, 310),
    "99214": (230_00, 440),
    "62323": (890_00, 910),
    "64415": (640_00, 520),
    "64447": (610_00, 495),
    "36620": (310_00, 290),
    "36556": (540_00, 470),
}
_VISITS = ("99203", "99213", "99214", "62323")
_BESIDE = ("64415", "64447", "36620", "36556")
PHYSICAL_STATUS_UNITS = {"P1": 0, "P2": 0, "P3": 1, "P4": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """One service line as we bill it.

    Attributes:
        units: minutes for an anesthesia code, services otherwise (837 SV103 MJ and UN).
        rated_hundredths: units, in hundredths, that a payer multiplies with its unit rate.
    """

    code: str
    modifiers: tuple[str, ...]
    units: int
    charge_cents: int
    rated_hundredths: int


def anesthesia_line(rng: random.Random, practice: Practice) -> Line:
    """One case: base units, time units and physical status units at the practice's fee."""
    code = rng.choice(_CODES)
    base = ANESTHESIA[code]
    minutes = min(30 + base * 6 + int(rng.expovariate(1 / 35)), 540)
    status = rng.choices(("P1", "P2", "P3", "P4"), (20, 45, 30, 5))[0]
    concurrency = rng.choices(("AA", "QK", "QX", "QZ"), (40, 30, 20, 10))[0]
    units = base + -(-minutes // MINUTES_PER_UNIT) + PHYSICAL_STATUS_UNITS[status]
    # Under medical direction physician and nurse anesthetist are each paid half.
    rated = units * (50 if concurrency in ("QK", "QX") else 100)
    return Line(code, (concurrency, status), minutes, units * practice.unit_fee_cents, rated)


def _professional_line(code: str, modifiers: tuple[str, ...]) -> Line:
    fee_cents, rated = PROFESSIONAL[code]
    return Line(code, modifiers, 1, fee_cents, rated)


def case_lines(rng: random.Random, practice: Practice) -> tuple[Line, ...]:
    """The lines of one claim: mostly one anesthesia line, at times with a block or a line, or a visit."""
    kind = rng.random()
    if kind < 0.12:
        return (_professional_line(rng.choice(_VISITS), ()),)
    first = anesthesia_line(rng, practice)
    if kind < 0.78:
        return (first,)
    if kind < 0.96:
        return (first, _professional_line(rng.choice(_BESIDE), ("59",)))
    return (first, *(_professional_line(code, ("59",)) for code in rng.sample(_BESIDE, 2)))
