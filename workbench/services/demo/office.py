"""Who is in the synthetic office: practices, facilities, payers with their plans, providers.

No number here can belong to anybody. NPIs begin with 2, a range that is valid and has never been
issued; tax numbers begin with 000, which neither an EIN nor an SSN can.
"""

from dataclasses import dataclass
from enum import StrEnum


class Coverage(StrEnum):
    """How a payer shares the bill; steers the synthetic adjudication."""

    SENIOR = "senior"
    COMMERCIAL = "commercial"
    STATE = "state"
    INJURY = "injury"
    SUPPLEMENT = "supplement"


@dataclass(frozen=True, slots=True)
class Practice:
    """Attributes:
    prefix: first letters of every patient control number the practice issues.
    unit_fee_cents: what it charges for one anesthesia unit.
    """

    name: str
    prefix: str
    time_zone: str
    npi: str
    tin: str
    unit_fee_cents: int
    providers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facility:
    """Attributes:
    practices: positions in `PRACTICES` of those that work there.
    """

    name: str
    practices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Payer:
    """Attributes:
    code: our own short code.
    identifier: what its 835 files carry in N1*PR N104.
    originator: what they carry in TRN03 and BPR10: "1" and the tax number.
    share: how many of 100 claims go to it first.
    unit_rate_cents: what it allows for one anesthesia unit.
    """

    name: str
    code: str
    identifier: str
    originator: str
    coverage: Coverage
    plans: tuple[str, ...]
    share: int
    unit_rate_cents: int


def npi(nine_digits: str) -> str:
    """The NPI with these nine digits: the tenth is the Luhn digit over `80840` and the nine (CMS NPI rule)."""
    total = 0
    for place, digit in enumerate(reversed("80840" + nine_digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return nine_digits + str(-total % 10)


def _providers(block: int, count: int) -> tuple[str, ...]:
    return tuple(npi(f"2{block:04d}{number:04d}") for number in range(1, count + 1))


PRACTICES = (
    Practice(
        name="Harbor Anesthesia Associates",
        prefix="HA",
        time_zone="America/New_York",
        npi=npi("210000001"),
        tin="000410001",
        unit_fee_cents=95_00,
        providers=_providers(1100, 14),
    ),
    Practice(
        name="Cedar Ridge Perioperative Group",
        prefix="CR",
        time_zone="America/Chicago",
        npi=npi("210000002"),
        tin="000410002",
        unit_fee_cents=88_00,
        providers=_providers(1200, 9),
    ),
)

FACILITIES = (
    Facility("Lakeview Surgery Center", (0,)),
    Facility("Harbor General Hospital", (0,)),
    Facility("Northgate Endoscopy", (0, 1)),
    Facility("Cedar Ridge Medical Center", (1,)),
    Facility("Elm Street Pain Clinic", (1,)),
)

PAYERS = (
    Payer(
        "Silver Lake Senior Program",
        "SLSP",
        "SLSP1",
        "1000510001",
        Coverage.SENIOR,
        ("Senior Original", "Senior Original with Drug Plan"),
        38,
        21_40,
    ),
    Payer(
        "Blue Meadow Health Plan",
        "BMHP",
        "BMHP2",
        "1000510002",
        Coverage.COMMERCIAL,
        ("Blue Meadow PPO", "Blue Meadow HMO", "Blue Meadow Exchange Silver"),
        15,
        68_00,
    ),
    Payer(
        "Northwind Mutual",
        "NWM",
        "NWMU3",
        "1000510003",
        Coverage.COMMERCIAL,
        ("Northwind Choice", "Northwind High Deductible"),
        11,
        63_50,
    ),
    Payer(
        "Granite Peak Insurance",
        "GPI",
        "GPIN4",
        "1000510004",
        Coverage.COMMERCIAL,
        ("Granite Open Access",),
        8,
        59_75,
    ),
    Payer(
        "Tamarack State Care",
        "TSC",
        "TSCR5",
        "1000510005",
        Coverage.STATE,
        ("Tamarack Family", "Tamarack Adult"),
        12,
        15_20,
    ),
    Payer(
        "Harborline Injury Fund",
        "HIF",
        "HIFD6",
        "1000510006",
        Coverage.INJURY,
        ("Injury Standard",),
        4,
        71_00,
    ),
    Payer(
        "Juniper Supplement",
        "JUNS",
        "JUNS7",
        "1000510007",
        Coverage.SUPPLEMENT,
        ("Juniper Plan G", "Juniper Plan N"),
        0,
        0,
    ),
    Payer(
        "Lantern Life and Health",
        "LLH",
        "LLHE8",
        "1000510008",
        Coverage.COMMERCIAL,
        ("Lantern PPO",),
        5,
        61_25,
    ),
    Payer(
        "Quarry Employers Trust",
        "QET",
        "QETR9",
        "1000510009",
        Coverage.COMMERCIAL,
        ("Quarry Trust Plan",),
        3,
        66_00,
    ),
    Payer(
        "Willowbrook Advantage",
        "WBA",
        "WBAD0",
        "1000510010",
        Coverage.SENIOR,
        ("Willowbrook Advantage HMO", "Willowbrook Advantage PPO"),
        4,
        22_10,
    ),
)
SUPPLEMENT = next(number for number, payer in enumerate(PAYERS) if payer.coverage is Coverage.SUPPLEMENT)
