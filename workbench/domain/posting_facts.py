"""What the posting of one claim depends on, as plain values (spec deposits 1.4-1.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from workbench.domain.deposit import PaymentType
from workbench.domain.deposit_work import AdjustmentWork
from workbench.domain.posting import Account, Effect
from workbench.domain.posting_entry import Entry


class LineToPost(NamedTuple):
    """One line of the deposit claim. `paid_cents` contains `interest_cents` (spec 4.4, interest recipe).

    A tuple, as `ChargeLine` is: a large deposit makes very many of them.
    """

    deposit_line_id: int
    charge_line_id: int | None
    title: str
    charge_cents: int
    paid_cents: int
    adjustments: tuple[AdjustmentWork, ...] = ()
    interest_cents: int = 0

    @property
    def gap_cents(self) -> int:
        """What the line's figures leave unexplained (spec 4.6, line formula)."""
        adjusted = sum([row.amount_cents for row in self.adjustments])
        return self.charge_cents - (self.paid_cents - self.interest_cents) - adjusted

    @property
    def moves_money(self) -> bool:
        if self.paid_cents or self.interest_cents:
            return True
        return any(row.effect is Effect.WRITE_OFF and row.amount_cents for row in self.adjustments)


class ChargeLine(NamedTuple):
    """A line of our own claim with what is open on it before posting."""

    id: int
    charge_cents: int
    open_cents: int


class StatedMoney(NamedTuple):
    """What the payer states for one claim, in cents. A reversal states the exact negative (spec 4.7).

    `reported_cents`: amounts of claim level that go to Deposit Reporting, in X12's sign: they lower the check.
    """

    paid_cents: int
    reported_cents: int
    written_off_cents: int

    @property
    def negative(self) -> "StatedMoney":
        return StatedMoney(-self.paid_cents, -self.reported_cents, -self.written_off_cents)

    def has_cash_of(self, other: "StatedMoney") -> bool:
        """Only the write-offs differ."""
        return self[:2] == other[:2]


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier, live posting of the same claim by the same payer, for a reversal to negate."""

    transaction_id: int
    payer_claim_no: str
    entries: tuple[Entry, ...]

    @property
    def stated(self) -> tuple[Entry, ...]:
        """Its entries but for provider-level money (PLB) that was applied: no payer states that in a claim."""
        return tuple(
            entry
            for entry in self.entries
            if entry.adjustment_id is not None or entry.payment_type != PaymentType.TAKE_BACK
        )

    @property
    def money(self) -> StatedMoney:
        stated = self.stated
        payments = [entry for entry in stated if entry.adjustment_id is None]
        return StatedMoney(
            _sum_of(payments, Account.DEPOSIT),
            _sum_of(stated, Account.REPORTED),
            _sum_of(stated, Account.WRITE_OFF),
        )


@dataclass(frozen=True, slots=True)
class ClaimToPost:
    """One deposit claim with everything its posting depends on.

    Attributes:
        claim_id: our claim, None when none is attached.
        adjustments: rows of claim level (loop 2100).
        applied_cents: provider-level money applied to this claim, cash sign (minus the PLB amount).
        originals: live postings of the same claim by the same payer (only a reversal looks at them).
        accepted: codes of errors that a person has looked at and ignored.
        patient_money: the deposit is a Statement or Import (money of the patient).
    """

    deposit_claim_id: int
    claim_id: int | None
    remit_status: str
    payer_claim_no: str
    charge_cents: int
    paid_stated_cents: int
    lines: tuple[LineToPost, ...]
    charge_lines: tuple[ChargeLine, ...]
    adjustments: tuple[AdjustmentWork, ...] = ()
    applied_cents: int = 0
    originals: tuple[Original, ...] = ()
    accepted: frozenset[str] = frozenset()
    patient_money: bool = False

    @property
    def open_cents(self) -> int:
        return sum(line.open_cents for line in self.charge_lines)


def _sum_of(entries: Iterable[Entry], account: Account) -> int:
    return sum(entry.amount_cents for entry in entries if entry.account is account)
