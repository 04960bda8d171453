"""Deposits as the screens, the command line and the analysts ask for them: questions and answers, frozen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workbench.domain.bank import DepositBankState
from workbench.domain.deposit import ClaimState, DepositStatus, DepositType, PostingStatus
from workbench.domain.findings import Level, Severity
from workbench.domain.money import Cents
from workbench.domain.posting import Effect

PAGE_SIZES = (25, 50, 100, 250)


@dataclass(frozen=True, slots=True)
class DepositQuery:
    """Which deposits (spec 6.2). An empty text, None or False asks nothing.

    Attributes:
        search: quick search in id, check number and payer; from three characters on. Digits find the id at once.
        needs_work: BUILD or NEW, or an open error, or sent and not disbursed; ignored ones never.
        deposited_from, deposited_to: inclusive; the date banked, else the date issued.
        bank_state: where it stands towards the bank (spec 7.3).
        with_deposit_errors: with an open error of the deposit itself, not only of a claim or line.
        inside: PCN, payer's claim number or patient's last name of a claim in the deposit.
        sort_key: `deposited` or a field of `DepositRow`.
    """

    search: str = ""
    needs_work: bool = True
    statuses: tuple[DepositStatus, ...] = ()
    types: tuple[DepositType, ...] = ()
    posting_status: PostingStatus | None = None
    bank_state: DepositBankState | None = None
    practice_id: int | None = None
    payer: str = ""
    payer_id: int | None = None
    deposited_from: date | None = None
    deposited_to: date | None = None
    amount_from_cents: Cents | None = None
    amount_to_cents: Cents | None = None
    check_number: str = ""
    pay_method: str = ""
    pay_type: str = ""
    owner_id: int | None = None
    with_errors: bool = False
    with_deposit_errors: bool = False
    error_code: str = ""
    unreconciled: bool = False
    has_provider_adjustments: bool | None = None
    has_exclusions: bool | None = None
    import_file: str = ""
    inside: str = ""
    sort_key: str = "deposited"
    descending: bool = False
    offset: int = 0
    limit: int = 50


# The figures of the header that come from the amount of the deposit (spec 4.2).
_OF_THE_AMOUNT = frozenset({"deposit_cents", "balance_cents", "unreconciled_cents"})


@dataclass(frozen=True, slots=True)
class DepositRow:
    """One deposit in the list.

    Attributes:
        bank_state: None for one that was ignored: no money is looked for.
        age_days: from the day we received it.
        unreadable: `deposit_cents` when the payer sent it and nobody could read it. It holds 0, which is never shown
            as 0.00; neither are the figures that come from it.
    """

    id: int
    practice_id: int | None
    practice: str
    type: DepositType
    status: DepositStatus
    posting_status: PostingStatus | None
    deposited_date: date | None
    issued_date: date | None
    received_at: datetime
    check_number: str
    payer_id: int | None
    payer_name: str
    payer_identifier: str
    pay_method: str
    pay_type: str
    deposit_cents: Cents
    payments_cents: Cents
    adjustments_cents: Cents
    exclusions_cents: Cents
    reported_cents: Cents
    posted_paid_cents: Cents
    posted_adjustments_cents: Cents
    balance_cents: Cents
    unreconciled_cents: Cents
    bank_state: DepositBankState | None
    owner_id: int
    owner: str
    claims_count: int
    open_errors: int
    age_days: int
    import_file: str
    version: int
    unreadable: str

    def known_cents(self, name: str) -> Cents | None:
        """A figure of the header; None when it comes from an amount that nobody could read."""
        if self.unreadable and name in _OF_THE_AMOUNT:
            return None
        cents: Cents = getattr(self, name)
        return cents


@dataclass(frozen=True, slots=True)
class DepositTotals:
    """Over the whole filter, not the page."""

    count: int = 0
    deposit_cents: Cents = 0
    payments_cents: Cents = 0
    adjustments_cents: Cents = 0
    exclusions_cents: Cents = 0
    reported_cents: Cents = 0
    posted_paid_cents: Cents = 0
    posted_adjustments_cents: Cents = 0
    balance_cents: Cents = 0
    unreconciled_cents: Cents = 0


@dataclass(frozen=True, slots=True)
class DepositPage:
    rows: tuple[DepositRow, ...]
    total: int
    totals: DepositTotals
    query: DepositQuery


@dataclass(frozen=True, slots=True)
class DepositDetails:
    """The header of one deposit (spec 1.3)."""

    row: DepositRow
    information_cents: Cents
    charged_cents: Cents
    patient_responsibility_cents: Cents
    provider_adjustments_cents: Cents
    transaction_gap_cents: Cents
    lines_count: int
    open_critical_errors: int
    payee_name: str
    payee_npi: str
    payee_tin: str
    handling_code: str
    credit_debit: str
    is_eob: bool
    created_by: str
    import_file_id: int | None
    st02: str
    isa13: str
    created_at: datetime
    sent_at: datetime | None
    disbursed_at: datetime | None
    ignore_reason: str
    voided_at: datetime | None
    void_reason: str
    difference_reason: str
    balance_explained: str
    unreconciled_explained: str


CLAIM_FILTERS = ("all", "errors", "denied", "reversals", "excluded", "unposted")


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """Which claims of a deposit, sorted over the whole deposit (spec 6.4).

    Attributes:
        show: one of CLAIM_FILTERS.
        search: beginning of the PCN, the patient's last name or the payer's claim number, or our claim id.
        sort_key: a field of `ClaimRow`; file order by default.
        limit: None stands for the user's setting "Maximum claims per deposit page".
    """

    show: str = "all"
    search: str = ""
    sort_key: str = "claim_no"
    descending: bool = False
    offset: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim of a deposit (spec 1.4). `claim_id` is ours, None while it is not found.

    `unreadable`, here and below: names of the fields whose amount the payer sent and nobody could read. They hold 0
    and are never shown as 0.00.
    """

    id: int
    deposit_id: int
    claim_no: int
    claim_id: int | None
    payer_id: int | None
    pcn: str
    remit_status: str
    charge_cents: Cents
    paid_stated_cents: Cents
    paid_cents: Cents
    patient_responsibility_cents: Cents
    allowed_cents: Cents | None
    deductible_cents: Cents
    coinsurance_cents: Cents
    copay_cents: Cents
    adjustments_cents: Cents
    information_cents: Cents
    claim_level_cents: Cents
    interest_cents: Cents
    gap_cents: Cents
    filing_indicator: str
    payer_claim_no: str
    patient_last: str
    patient_first: str
    member_id: str
    rendering_npi: str
    service_from: date | None
    service_to: date | None
    remark_codes: str
    crossover_name: str
    included: bool
    state: ClaimState
    open_errors: int
    segment: int | None
    version: int
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class ClaimTotals:
    count: int = 0
    charge_cents: Cents = 0
    paid_cents: Cents = 0
    allowed_cents: Cents = 0
    deductible_cents: Cents = 0
    coinsurance_cents: Cents = 0
    copay_cents: Cents = 0
    adjustments_cents: Cents = 0
    information_cents: Cents = 0


@dataclass(frozen=True, slots=True)
class ClaimPage:
    rows: tuple[ClaimRow, ...]
    total: int
    totals: ClaimTotals


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """One CAS triplet with what it means and what it does. `amount_received_cents` is what the payer sent."""

    id: int
    group: str
    reason: str
    amount_cents: Cents
    amount_received_cents: Cents
    quantity: str
    effect: Effect | None
    payment_type: str
    meaning: str
    segment: int | None
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class LineDetails:
    """One service line (spec 1.5). `charge_line_id` is ours, None while it is not mapped."""

    id: int
    line_no: int
    charge_line_id: int | None
    code: str
    modifiers: str
    original_code: str
    revenue_code: str
    units: str
    original_units: str
    charge_cents: Cents
    paid_received_cents: Cents
    paid_cents: Cents
    allowed_cents: Cents | None
    interest_cents: Cents
    gap_cents: Cents
    service_from: date | None
    service_to: date | None
    line_control_no: str
    remarks: tuple[tuple[str, str], ...]
    segment: int | None
    unreadable: str = ""
    adjustments: tuple[AdjustmentRow, ...] = ()


@dataclass(frozen=True, slots=True)
class DepositError:
    """An error as stored (spec 3.2). `advice`: what a person can do."""

    id: int
    deposit_id: int
    deposit_claim_id: int | None
    deposit_line_id: int | None
    code: str
    level: Level
    severity: Severity
    state: str
    message: str
    advice: str
    segment: int | None
    created_at: datetime
    closed_at: datetime | None
    close_reason: str


@dataclass(frozen=True, slots=True)
class ErrorList:
    """`counts`: all errors of the deposit in this state by code, whatever the limit of `rows`."""

    rows: tuple[DepositError, ...]
    total: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class ClaimDetails:
    """One claim opened: lines, adjustments of the claim as a whole, remarks and the segments as received."""

    row: ClaimRow
    lines: tuple[LineDetails, ...]
    adjustments: tuple[AdjustmentRow, ...]
    remarks: tuple[tuple[str, str], ...]
    errors: tuple[DepositError, ...]
    segments: tuple[str, ...]
    previous_id: int | None
    next_id: int | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One act on a deposit or one of its claims, or (without `before` and `after`) a note, whose text is `reason`.

    `pcn`: the claim x-ref of the claim that it was done to; empty for the deposit as a whole.
    """

    at: datetime
    user: str
    action: str
    pcn: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class ProviderAdjustmentRow:
    """One PLB pair (spec 1.7); positive lowers the check."""

    id: int
    position: int
    provider_id: str
    fiscal_period_end: date | None
    reason: str
    meaning: str
    reference: str
    amount_cents: Cents
    disposition: str
    segment: int | None
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class DepositChoices:
    """What the filters offer."""

    practices: tuple[Choice, ...]
    payers: tuple[Choice, ...]
    owners: tuple[Choice, ...]
