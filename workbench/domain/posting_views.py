"""The Posting screen's questions and answers: deposit claims of every deposit, frozen (spec deposits 6.7)."""

from dataclasses import dataclass
from datetime import date

from workbench.domain.deposit import ClaimState, DepositStatus, DepositType
from workbench.domain.deposit_views import DepositError
from workbench.domain.money import Cents

POSTING_SHOWS = ("failed", "waiting", "posted", "reversed", "excluded", "credits", "all")


@dataclass(frozen=True, slots=True)
class PostingQuery:
    """Which postings. An empty text or None asks nothing.

    Attributes:
        show: one of POSTING_SHOWS; `failed` are those that an attempt to post refused, `credits` those whose
            claim of ours owes less than nothing.
        error_code: with an open error of this kind.
        search: deposit id or our claim id, beginning of the claim x-ref or the check number, or part of the payer.
        deposited_from, deposited_to: inclusive; the date banked, else the date issued.
        sort_key: a field of `PostingRow`.
    """

    show: str = "failed"
    error_code: str = ""
    search: str = ""
    deposit_id: int | None = None
    claim_id: int | None = None
    payer_id: int | None = None
    deposited_from: date | None = None
    deposited_to: date | None = None
    sort_key: str = "deposit_id"
    descending: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One deposit claim with what a poster needs of its deposit. `id` is the deposit claim's."""

    id: int
    deposit_id: int
    claim_no: int
    deposit_status: DepositStatus
    deposited_date: date | None
    check_number: str
    payer_name: str
    type: DepositType
    claim_id: int | None
    pcn: str
    remit_status: str
    state: ClaimState
    charge_cents: Cents
    paid_cents: Cents
    allowed_cents: Cents | None
    deductible_cents: Cents
    coinsurance_cents: Cents
    copay_cents: Cents
    adjustments_cents: Cents
    information_cents: Cents
    rendering_npi: str
    open_errors: int

    @property
    def is_posted(self) -> bool:
        return self.state is ClaimState.POSTED


@dataclass(frozen=True, slots=True)
class PostingTotals:
    """Over the whole filter, not the page."""

    count: int = 0
    charge_cents: Cents = 0
    paid_cents: Cents = 0
    adjustments_cents: Cents = 0
    information_cents: Cents = 0


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Open errors of one kind among the postings of a filter. `paid_cents`: paid on their claims."""

    code: str
    claims: int
    paid_cents: Cents
    advice: str


@dataclass(frozen=True, slots=True)
class PostingPage:
    rows: tuple[PostingRow, ...]
    totals: PostingTotals
    groups: tuple[ErrorGroup, ...]

    @property
    def total(self) -> int:
        return self.totals.count


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An entry on the account of our claim. `amount_cents`: what it does to the balance; a payment lowers it.

    `own`: it belongs to the posting that was opened. `kind`: why it was booked (TransactionKind).
    """

    transaction_id: int
    posted_on: date
    deposit_id: int
    own: bool
    kind: str
    payment_type: str
    memo: str
    amount_cents: Cents
    before_cents: Cents
    after_cents: Cents
    user: str
    reason: str


@dataclass(frozen=True, slots=True)
class PostingDetails:
    """One posting opened: its outcome, and the account of our claim from the first entry to the last.

    `balance_cents` None: no claim of ours is attached.
    """

    row: PostingRow
    claim_status: str
    claim_level: str
    balance_cents: Cents | None
    errors: tuple[DepositError, ...]
    account: tuple[AccountLine, ...]
