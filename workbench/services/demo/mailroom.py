"""Turns adjudicated claims into payments and 835 files, and remembers which claims are spoken for."""

import random
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from workbench.era.message import Claim as RemittedClaim
from workbench.era.message import Dialect, Interchange, ProviderAdjustment, ProviderAdjustments, Remittance
from workbench.era.writer import write_835
from workbench.services.demo.adjudication import deny, patient_shares, pay
from workbench.services.demo.claims import Claim
from workbench.services.demo.office import PAYERS, PRACTICES

DAYS_TO_PAY = 14  # a payer answers no sooner after the date of service
ORDINARY_DENIALS = 0.06


@dataclass(frozen=True, slots=True)
class DemoFile:
    """An 835 file as it arrives.

    Attributes:
        day: when the payer made it.
        payments: how many it holds.
    """

    name: str
    day: date
    data: bytes
    payments: int


@dataclass
class Mailroom:
    """Attributes:
    open_claims: what is not yet in any remittance, oldest first, by practice and first payer.
    answered: claims with a remittance among the demo files, by pcn.
    crossed_over: the first payer's answer by pcn, where that was posted before the demo begins.
    owed: the payer's answer by pcn, where that was posted and the patient still owes the rest.
    paid: what each payer has answered so far, by practice and payer.
    """

    rng: random.Random
    today: date
    open_claims: dict[tuple[int, int], list[Claim]]
    answered: dict[str, Claim] = field(default_factory=dict)
    crossed_over: dict[str, RemittedClaim] = field(default_factory=dict)
    owed: dict[str, RemittedClaim] = field(default_factory=dict)
    paid: dict[tuple[int, int], list[RemittedClaim]] = field(default_factory=dict)
    _numbers: int = 0

    @classmethod
    def holding(cls, claims: Iterable[Claim], *, seed: int, today: date, numbers_from: int = 0) -> "Mailroom":
        """All claims open. `numbers_from`: the last control and trace number given out before."""
        shelves: dict[tuple[int, int], list[Claim]] = {}
        for claim in claims:
            shelves.setdefault((claim.practice, claim.payer), []).append(claim)
        return cls(random.Random(seed), today, shelves, _numbers=numbers_from)  # noqa: S311 - repeatable, not secret

    def business_day(self, days_ago: int) -> date:
        """The day so long ago, or the Friday before when it is a weekend."""
        day = self.today - timedelta(days=days_ago)
        return day - timedelta(days=max(0, day.weekday() - 4))

    def take(self, practice: int, payer: int, count: int, *, days_ago: int) -> list[Claim]:
        """The `count` newest open claims that the payer can have answered by then; nobody else gets them."""
        shelf = self.open_claims[practice, payer]
        newest = self.business_day(days_ago) - timedelta(days=DAYS_TO_PAY)
        answerable = bisect_right(shelf, newest, key=lambda claim: claim.service_date)
        return self._hand_out(shelf, shelf[:answerable], count)

    def take_alike(self, practice: int, payer: int, count: int, *, days_ago: int) -> list[Claim]:
        """The same for claims of one single service each, the same service, so that they pay the same."""
        shelf = self.open_claims[practice, payer]
        newest = self.business_day(days_ago) - timedelta(days=DAYS_TO_PAY)
        alike = [
            claim
            for claim in shelf
            if claim.service_date <= newest and [line.code for line in claim.lines] == ["99213"]
        ]
        return self._hand_out(shelf, alike, count)

    def _hand_out(self, shelf: list[Claim], fitting: list[Claim], count: int) -> list[Claim]:
        if len(fitting) < count:
            raise ValueError(f"only {len(fitting)} of {count} claims are left on the shelf")
        taken = fitting[-count:]
        numbers = {claim.pcn for claim in taken}
        shelf[:] = [claim for claim in shelf if claim.pcn not in numbers]
        self.answered.update((claim.pcn, claim) for claim in taken)
        return taken

    def take_crossed_over(self, practice: int, payer: int, count: int, *, days_ago: int) -> list[Claim]:
        """Claims with a second payer, whose first payer's answer was posted before the demo begins."""
        shelf = self.open_claims[practice, payer]
        newest = self.business_day(days_ago) - timedelta(days=2 * DAYS_TO_PAY)
        fitting = [claim for claim in shelf if claim.secondary is not None and claim.service_date <= newest]
        taken = self._hand_out(shelf, fitting, count)
        self.crossed_over.update((claim.pcn, pay(self.rng, claim)) for claim in taken)
        return taken

    def take_owed_by_patients(self, practice: int, payer: int, count: int, *, days_ago: int) -> list[Claim]:
        """Claims that were answered and posted before the demo begins, and left something to the patient."""
        shelf = self.open_claims[practice, payer]
        newest = self.business_day(days_ago) - timedelta(days=4 * DAYS_TO_PAY)
        answers = {claim.pcn: pay(self.rng, claim) for claim in shelf if claim.service_date <= newest}
        fitting = [
            claim
            for claim in shelf
            if claim.pcn in answers and answers[claim.pcn].patient_responsibility_cents
        ]
        taken = self._hand_out(shelf, fitting, count)
        self.owed.update((claim.pcn, answers[claim.pcn]) for claim in taken)
        return taken

    def patient_share(self, claim: Claim) -> tuple[int, ...]:
        """What is left of a claim that was posted before, by line."""
        answer = self.crossed_over.get(claim.pcn) or self.owed[claim.pcn]
        return patient_shares(answer)

    def usual(self, claims: Iterable[Claim]) -> list[RemittedClaim]:
        """Most are paid, some denied."""
        rng = self.rng
        return [deny(rng, claim) if rng.random() < ORDINARY_DENIALS else pay(rng, claim) for claim in claims]

    def payment(
        self,
        practice: int,
        payer: int,
        claims: Sequence[RemittedClaim],
        *,
        days_ago: int,
        provider_adjustments: Sequence[ProviderAdjustment] = (),
        by_check: bool = False,
    ) -> Remittance:
        """One check or transfer; its amount follows from the claims and provider adjustments (spec 4.6)."""
        self._numbers += 1
        self.paid.setdefault((practice, payer), []).extend(claims)
        sender, payee, effective = PAYERS[payer], PRACTICES[practice], self.business_day(days_ago)
        amount = sum(claim.paid_cents for claim in claims)
        amount -= sum(item.amount_cents for item in provider_adjustments)
        year_end = date(effective.year, 12, 31)
        plb = ProviderAdjustments(payee.npi, year_end, tuple(provider_adjustments))
        return Remittance(
            amount_cents=amount,
            trace_number=f"{'0' if by_check else sender.code}{effective:%y%m%d}{self._numbers:04d}",
            payer_name=sender.name.upper(),
            payer_id=sender.identifier,
            originator_id=sender.originator,
            payee_name=payee.name.upper(),
            payee_npi=payee.npi,
            payee_tin=payee.tin,
            effective_date=effective,
            production_date=effective - timedelta(days=1),
            claims=tuple(claims),
            provider_adjustments=(plb,) if provider_adjustments else (),
            payment_method="NON" if amount == 0 else "CHK" if by_check else "ACH",
            handling_code="H" if amount == 0 else "I",
        )

    def file(self, name: str, *payments: Remittance, dialect: Dialect | None = None) -> DemoFile:
        """One interchange, made early on the day before the payment, in the payer's dialect."""
        self._numbers += 1
        day = payments[0].effective_date - timedelta(days=1)
        interchange = Interchange(
            remittances=payments,
            control=self._numbers,
            sender=payments[0].payer_id or "CLEARINGHOUSE",
            receiver=PRACTICES[0].tin,
            created_at=datetime.combine(day, time(6, 30), UTC),
        )
        return DemoFile(f"{name}.835", day, write_835(interchange, dialect), len(payments))
