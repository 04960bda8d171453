"""What the reports ask and answer (spec deposits 6.8, 6.9), and the form in which any of them is handed on."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workbench.domain.money import Cents


class ReportDate(StrEnum):
    """Which date the period means (spec 6.8)."""

    DEPOSIT = "deposit"
    CREATED = "created"
    DISBURSED = "disbursed"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class ReconciliationQuery:
    """The parameters of spec 6.8; an empty set means all. Both days belong to the period."""

    first: date
    last: date
    by: ReportDate = ReportDate.DEPOSIT
    owner_id: int | None = None
    statuses: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    payer_ids: frozenset[int] = frozenset()
    import_file: str = ""


@dataclass(frozen=True, slots=True)
class DepositFigures:
    """A deposit in a report.

    payments and adjustments are tentative (assigned, posted or not); the posted ones are live ledger sums;
    banked is what bank lines brought by confirmed matches.
    """

    id: int
    day: date | None
    check_number: str
    payer: str
    practice: str
    status: str
    type: str
    pay_method: str
    pay_type: str
    owner: str
    import_file: str
    disbursed: bool
    deposit_cents: Cents
    payments_cents: Cents
    adjustments_cents: Cents
    exclusions_cents: Cents
    reported_cents: Cents
    posted_paid_cents: Cents
    posted_adjustments_cents: Cents
    banked_cents: Cents


class Kind(StrEnum):
    """What a column of a report holds: `MONEY` is integer cents, `CODE` a word of ours such as SENT_TO_POSTING."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    COUNT = "count"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it in JSON, `label` on screen and paper."""

    key: str
    label: str
    kind: Kind = Kind.TEXT


Value = str | int | date | None


def code_words(code: str) -> str:
    """`SENT_TO_POSTING` as people read it: `Sent to posting`; ACH and BOP are words of their own."""
    return code if code in ("ACH", "BOP") else code.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a report's picture: its name and the cents of each series."""

    label: str
    cents: tuple[Cents, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report ready to show, print or export. `facts` are its parameters as read by people."""

    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    totals: tuple[Value, ...]
    series: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = field(default=())
