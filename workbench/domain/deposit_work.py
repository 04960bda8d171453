"""A deposit and its claims as they are worked on: what errors, edits and postings look at."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from workbench.domain.deposit import ClaimState, DepositStatus, DepositType, Disposition
from workbench.domain.posting import Effect


class AdjustmentWork(NamedTuple):
    """A CAS row as worked; `received_cents` is what the payer sent, None while nobody changed the amount.

    `rule_id`: None when the shipped rules decided, `BY_HAND` when a person did, else the office's rule. A tuple: there are very many of them.
    """

    id: int
    group: str
    reason: str
    amount_cents: int
    effect: Effect
    payment_type: str | None
    received_cents: int | None = None
    rule_id: int | None = None
    segment: int | None = None

    @property
    def code(self) -> str:
        return f"{self.group}-{self.reason}"


BY_HAND = 0


@dataclass(frozen=True, slots=True)
class LineWork:
    """A line of a deposit claim. `paid_cents` contains `interest_cents`."""

    id: int
    line_no: int
    charge_line_id: int | None
    code: str
    modifiers: str
    original_code: str
    service_from: date | None
    line_control_no: str
    charge_cents: int
    paid_received_cents: int
    paid_cents: int
    allowed_cents: int | None
    interest_cents: int
    remark_codes: str
    segment: int | None
    adjustments: tuple[AdjustmentWork, ...] = ()

    @property
    def title(self) -> str:
        """How messages name the line: procedure and date, never the patient."""
        text = f"Line {self.line_no + 1}"
        for part in (self.code, self.modifiers, self.service_from):
            if part:
                text = f"{text} {part}"
        return text

    @property
    def gap_cents(self) -> int:
        """Spec 4.6: charge - adjustments - paid; interest in the payment explains no charge."""
        adjusted = sum([row.amount_cents for row in self.adjustments])
        return self.charge_cents - adjusted - (self.paid_cents - self.interest_cents)


class OurLine(NamedTuple):
    """A charge line of our own claim; `open_cents` is what is still owed on it."""

    id: int
    line_no: int
    line_control_no: str
    code: str
    modifiers: str
    service_date: date | None
    charge_cents: int
    open_cents: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class OurClaim:
    """Our own claim, as far as remittances concern it. `payers`: level -> payer."""

    id: int
    practice_id: int
    pcn: str
    patient_last: str
    patient_first: str
    service_from: date | None
    charge_cents: int
    open_cents: int
    status: str
    level: str
    payers: dict[str, int] = field(default_factory=dict)
    lines: tuple[OurLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimWork:
    """One claim of a deposit with everything on it; `applied_cents` is provider-level money, cash sign."""

    id: int
    deposit_id: int
    claim_no: int
    claim_id: int | None
    payer_id: int | None
    pcn: str
    remit_status: str
    charge_cents: int
    paid_stated_cents: int
    patient_responsibility_cents: int
    payer_claim_no: str
    patient_last: str
    patient_first: str
    service_from: date | None
    allowed_cents: int | None
    remark_codes: str
    included: bool
    state: ClaimState
    segment: int | None
    version: int
    lines: tuple[LineWork, ...] = ()
    adjustments: tuple[AdjustmentWork, ...] = ()
    applied_cents: int = 0
    ours: OurClaim | None = None

    @property
    def every_adjustment(self) -> tuple[AdjustmentWork, ...]:
        return (*self.adjustments, *(row for line in self.lines for row in line.adjustments))

    @property
    def line_paid_cents(self) -> int:
        """Payment as worked, without provider-level money: the lines, or CLP04 when there are none."""
        return sum(line.paid_cents for line in self.lines) if self.lines else self.paid_stated_cents


@dataclass(frozen=True, slots=True)
class ProviderWork:
    """A PLB amount in X12's sign, with what was decided; `allocations`: (deposit claim, cash amount)."""

    id: int
    position: int
    provider_id: str
    reason: str
    reference: str
    amount_cents: int
    disposition: Disposition
    segment: int | None
    allocations: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DepositWork:
    """The header of a deposit, as the guards and edits look at it.

    `unreadable`: `deposit_cents` when the payer sent an amount that nobody could read; it holds 0 until it is keyed.
    """

    id: int
    practice_id: int | None
    type: DepositType
    status: DepositStatus
    owner_id: int
    payer_id: int | None
    payer_name: str
    payer_identifier: str
    check_number: str
    deposited_date: date | None
    issued_date: date | None
    received_at: datetime
    pay_method: str
    pay_type: str
    deposit_cents: int
    unreadable: str
    is_eob: bool
    difference_reason: str
    voided_at: datetime | None
    sent_at: datetime | None
    disbursed_at: datetime | None
    version: int
