"""What came by paper and over the counter: explanations of benefits, patients' statements, a payment list.

Only the plan: which claims, how far somebody has got with them. `paperwork` does it through the services.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workbench.domain.deposit import DepositType
from workbench.era.message import Claim as RemittedClaim
from workbench.services.demo.adjudication import pay
from workbench.services.demo.claims import Claim
from workbench.services.demo.mailroom import Mailroom
from workbench.services.demo.stories_ordinary import CEDAR, GRANITE, HARBOR, LANTERN, NORTHWIND, QUARRY


@dataclass(frozen=True, slots=True)
class PaperEob:
    """A check with an explanation of benefits.

    Attributes:
        answers: what the paper says about each claim, in its order.
        attached: how many of them somebody has put on the deposit.
        keyed: how many of those are keyed.
        draft: whether the last of the keyed ones was saved as a draft, with a gap.
    """

    check_number: str
    practice: int
    payer: int
    day: date
    claims: tuple[Claim, ...]
    answers: tuple[RemittedClaim, ...]
    attached: int
    keyed: int
    draft: bool = False

    @property
    def amount_cents(self) -> int:
        return sum(answer.paid_cents for answer in self.answers)


@dataclass(frozen=True, slots=True)
class PatientMoney:
    """Patients' payments for claims of theirs: a statement, or a list of payments out of another program."""

    check_number: str
    kind: DepositType
    practice: int
    day: date
    claims: tuple[Claim, ...]
    amount_cents: int


def paper_eobs(room: Mailroom) -> Iterator[PaperEob]:
    """Done; not begun; half way; with a draft that has a gap."""
    yield _eob(room, HARBOR, QUARRY, 3, days_ago=10, attached=3, keyed=3)
    yield _eob(room, CEDAR, LANTERN, 4, days_ago=2, attached=0, keyed=0)
    yield _eob(room, HARBOR, LANTERN, 5, days_ago=3, attached=5, keyed=2)
    yield _eob(room, CEDAR, NORTHWIND, 2, days_ago=5, attached=2, keyed=2, draft=True)


def patient_money(room: Mailroom) -> Iterator[PatientMoney]:
    """Two statements, one of them overpaid, and a list from the front desk."""
    yield _money(room, DepositType.STATEMENT, HARBOR, 2, days_ago=6, percent=80)
    yield _money(room, DepositType.STATEMENT, CEDAR, 1, days_ago=4, percent=110)
    yield _money(room, DepositType.IMPORT, HARBOR, 6, days_ago=2, percent=100)


def _eob(
    room: Mailroom,
    practice: int,
    payer: int,
    count: int,
    *,
    days_ago: int,
    attached: int,
    keyed: int,
    draft: bool = False,
) -> PaperEob:
    claims = tuple(room.take(practice, payer, count, days_ago=days_ago))
    return PaperEob(
        check_number=f"{70000 + practice * 1000 + payer * 10 + count}",
        practice=practice,
        payer=payer,
        day=room.business_day(days_ago),
        claims=claims,
        answers=tuple(pay(room.rng, claim) for claim in claims),
        attached=attached,
        keyed=keyed,
        draft=draft,
    )


def _money(
    room: Mailroom, kind: DepositType, practice: int, count: int, *, days_ago: int, percent: int
) -> PatientMoney:
    claims = room.take_owed_by_patients(practice, GRANITE, count, days_ago=days_ago)
    owed = sum(sum(room.patient_share(claim)) for claim in claims)
    return PatientMoney(
        check_number=f"{kind.value[:4]}{practice}{count}{percent}",
        kind=kind,
        practice=practice,
        day=room.business_day(days_ago),
        claims=tuple(claims),
        amount_cents=owed * percent // 100,
    )
