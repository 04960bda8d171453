"""What the bank desk shows and hands around: frozen facts, no rows."""

from dataclasses import dataclass
from datetime import date, datetime

from workbench.domain.bank import BankLineState, DayState, DepositBankState, MatchState, MatchStep
from workbench.domain.findings import Finding
from workbench.domain.money import Cents


@dataclass(frozen=True, slots=True)
class BankAccount:
    """`practice_id` None: several practices share it."""

    id: int
    number: str
    name: str
    practice_id: int | None


@dataclass(frozen=True, slots=True)
class BankImportOutcome:
    """Attributes:
    outcome: new, duplicate (the very file, or nothing new in it), doubtful (a critical finding), rejected.
    lines: in the file; new_lines: those not stored before.
    """

    file_name: str
    sha256: str
    outcome: str
    kind: str
    findings: tuple[Finding, ...]
    file_id: int | None = None
    lines: int = 0
    new_lines: int = 0
    accounts: tuple[str, ...] = ()
    credits_cents: Cents = 0
    debits_cents: Cents = 0


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A bank line on the desk."""

    id: int
    account_id: int
    posted_date: date
    amount_cents: Cents
    description: str
    bank_reference: str
    customer_reference: str
    trace: str
    payer_key: str
    state: BankLineState
    reason: str
    version: int
    match_id: int | None


@dataclass(frozen=True, slots=True)
class BankDeposit:
    """A deposit as the bank desk sees it; `day` is deposited, else issued."""

    id: int
    practice_id: int | None
    payer_id: int | None
    payer_name: str
    check_number: str
    amount_cents: Cents
    day: date | None
    pay_method: str
    state: DepositBankState
    match_id: int | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """Which part of a list is wanted.

    Attributes:
        search: words, or digits of an amount, anywhere in a row.
        sort_key: a column of the list; "" its usual order.
        limit: rows; None: all from `offset` on.
    """

    search: str = ""
    sort_key: str = ""
    descending: bool = False
    offset: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class MatchPart:
    line_id: int
    deposit_id: int
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class BankMatch:
    """`difference_cents` is line less deposit."""

    id: int
    step: MatchStep
    state: MatchState
    score: float
    deposit_cents: Cents
    line_cents: Cents
    difference_cents: Cents
    reasons: tuple[str, ...]
    line_ids: tuple[int, ...]
    deposit_ids: tuple[int, ...]
    parts: tuple[MatchPart, ...]


@dataclass(frozen=True, slots=True)
class MatchRun:
    """What a run of the engine did."""

    confirmed: int
    proposed: int
    confirmed_cents: Cents
    proposed_cents: Cents
    unmatched_lines: int
    unmatched_lines_cents: Cents
    unmatched_deposits: int
    unmatched_deposits_cents: Cents


@dataclass(frozen=True, slots=True)
class Ageing:
    """One bucket of money that waits: `from_days` to `to_days` business days (None: and more)."""

    from_days: int
    to_days: int | None
    count: int
    cents: Cents


@dataclass(frozen=True, slots=True)
class Unreconciled:
    """The running total: money in the bank without remittance, remittances without money."""

    lines: int
    lines_cents: Cents
    deposits: int
    deposits_cents: Cents
    difference_cents: Cents
    line_ageing: tuple[Ageing, ...]
    deposit_ageing: tuple[Ageing, ...]


@dataclass(frozen=True, slots=True)
class BankDay:
    """One account on one day: does it tie out? `open_lines` and `gap_cents` must be 0 to sign.

    Attributes:
        gap_cents: closing less opening less lines, None when no statement gives both balances.
        matched_cents: lines matched; not_ours_cents: lines that are nobody's remittance.
        difference_cents: accepted differences between lines and deposits.
    """

    account_id: int
    day: date
    state: DayState
    lines: int
    open_lines: int
    lines_cents: Cents
    matched_cents: Cents
    not_ours_cents: Cents
    difference_cents: Cents
    opening_cents: Cents | None
    closing_cents: Cents | None
    gap_cents: Cents | None
    signed_by: str
    signed_at: datetime | None
    version: int
