"""The two reports as tables with totals and a picture."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.reports import (
    Bar,
    Column,
    DepositFigures,
    Kind,
    ReconciliationQuery,
    Report,
    ReportDate,
    Value,
)
from workbench.errors import RefusedError
from workbench.storage import Database

# Spec 6.9: at most three months in one run, at most three columns to group by.
LONGEST_SNAPSHOT = timedelta(days=93)
MOST_GROUPS = 3
MOST_BARS = 12

_IGNORED = "IGNORE"
_RECONCILIATION = (
    Column("id", "ID", Kind.COUNT),
    Column("deposit_date", "Deposit Date", Kind.DATE),
    Column("check_number", "Check #"),
    Column("payer", "Payer"),
    Column("status", "Status", Kind.CODE),
    Column("posting_status", "Posting Status", Kind.CODE),
    Column("deposit", "Deposit ($)", Kind.MONEY),
    Column("payments", "Payments ($)", Kind.MONEY),
    Column("adjustments", "Adjustments ($)", Kind.MONEY),
    Column("exclusions", "Exclusions ($)", Kind.MONEY),
    Column("posted_paid", "Posted Paid ($)", Kind.MONEY),
    Column("posted_adjustments", "Posted Adj ($)", Kind.MONEY),
    Column("type", "Type"),
    Column("user", "User"),
)


class Group(StrEnum):
    """What the snapshot can be grouped by."""

    DATE = "deposit_date"
    MONTH = "month"
    PRACTICE = "practice"
    PAYER = "payer"
    TYPE = "type"
    STATUS = "status"
    METHOD = "pay_method"
    PAY_TYPE = "pay_type"
    OWNER = "owner"


_GROUPS: dict[Group, tuple[Column, Callable[[DepositFigures], Value]]] = {
    Group.DATE: (Column("deposit_date", "Deposit Date", Kind.DATE), lambda each: each.day),
    Group.MONTH: (Column("month", "Month"), lambda each: each.day.strftime("%Y-%m") if each.day else ""),
    Group.PRACTICE: (Column("practice", "Practice"), lambda each: each.practice),
    Group.PAYER: (Column("payer", "Payer"), lambda each: each.payer),
    Group.TYPE: (Column("type", "Type"), lambda each: each.type),
    Group.STATUS: (Column("status", "Status", Kind.CODE), lambda each: each.status),
    Group.METHOD: (Column("pay_method", "Pay. Method", Kind.CODE), lambda each: each.pay_method),
    Group.PAY_TYPE: (Column("pay_type", "Pay. Type"), lambda each: each.pay_type),
    Group.OWNER: (Column("owner", "User"), lambda each: each.owner),
}
_SNAPSHOT = (
    Column("deposits", "Deposits", Kind.COUNT),
    Column("deposit", "Deposit ($)", Kind.MONEY),
    Column("posted_paid", "Posted Paid ($)", Kind.MONEY),
    Column("posted_adjustments", "Posted Adj ($)", Kind.MONEY),
    Column("banked", "Banked ($)", Kind.MONEY),
)


class Reports:
    """Makes the reports of the deposits that the person sees."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reconciliation(self, actor: Actor, query: ReconciliationQuery) -> Report:
        """Deposit Reconciliation (spec 6.8): tentative figures beside the ledger's own."""
        found = self._figures(actor, query)
        rows = tuple(_reconciliation_row(each) for each in found)
        return Report(
            name="reconciliation",
            title="Deposit Reconciliation",
            facts=_facts(query),
            columns=_RECONCILIATION,
            rows=rows,
            totals=_totals(_RECONCILIATION, rows),
            series=("Deposit", "Payments", "Posted paid"),
            bars=_bars(
                found,
                lambda each: each.day.strftime("%m/%d/%Y") if each.day else "no date",
                lambda each: (each.deposit_cents, each.payments_cents, each.posted_paid_cents),
            ),
        )

    def snapshot(self, actor: Actor, query: ReconciliationQuery, groups: Sequence[Group]) -> Report:
        """Financial Snapshot by Deposit Date (spec 6.9), grouped by up to three columns. Raises RefusedError."""
        actor.require(Permission.DEPOSIT_VIEW)
        if query.last - query.first > LONGEST_SNAPSHOT:
            raise RefusedError("The snapshot covers at most three months. Choose a shorter period.")
        if not 1 <= len(set(groups)) <= MOST_GROUPS:
            raise RefusedError("Group by one to three columns.")
        if query.by is not ReportDate.DEPOSIT:
            raise RefusedError("The snapshot goes by deposit date.")
        chosen = tuple(dict.fromkeys(groups))
        found = [each for each in self._figures(actor, query) if each.status != _IGNORED]
        columns = (*(_GROUPS[group][0] for group in chosen), *_SNAPSHOT)
        rows = _grouped(found, chosen)
        return Report(
            name="snapshot",
            title="Financial Snapshot by Deposit Date",
            facts=_facts(query),
            columns=columns,
            rows=rows,
            totals=_totals(columns, rows),
            series=("Deposit", "Posted paid", "Banked"),
            bars=_bars(
                found,
                lambda each: " / ".join(_spoken(_GROUPS[group][1](each)) for group in chosen),
                lambda each: (each.deposit_cents, each.posted_paid_cents, each.banked_cents),
                largest_first=True,
            ),
        )

    @staticmethod
    def groups(names: Sequence[str]) -> list[Group]:
        """The columns named, to group by. Raises RefusedError for another name."""
        known = {group.value: group for group in Group}
        if unknown := [name for name in names if name not in known]:
            raise RefusedError(f"Cannot group by {unknown[0]!r}. Group by: {', '.join(known)}.")
        return [known[name] for name in names]

    def _figures(self, actor: Actor, query: ReconciliationQuery) -> list[DepositFigures]:
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            return stores.reports.deposits(query, actor.practice_ids, unassigned=actor.sees_unassigned)


def _reconciliation_row(each: DepositFigures) -> tuple[Value, ...]:
    posting = "-" if each.status == _IGNORED else "DISBURSED" if each.disbursed else "NOT_DISBURSED"
    return (
        each.id,
        each.day,
        each.check_number,
        each.payer,
        each.status,
        posting,
        each.deposit_cents,
        each.payments_cents,
        each.adjustments_cents,
        each.exclusions_cents,
        each.posted_paid_cents,
        each.posted_adjustments_cents,
        each.type,
        each.owner,
    )


def _grouped(found: list[DepositFigures], groups: tuple[Group, ...]) -> tuple[tuple[Value, ...], ...]:
    sums: dict[tuple[Value, ...], list[int]] = defaultdict(lambda: [0] * len(_SNAPSHOT))
    for each in found:
        key = tuple(_GROUPS[group][1](each) for group in groups)
        figures = (
            1,
            each.deposit_cents,
            each.posted_paid_cents,
            each.posted_adjustments_cents,
            each.banked_cents,
        )
        sums[key] = [total + figure for total, figure in zip(sums[key], figures, strict=True)]
    ordered = sorted(sums, key=lambda key: tuple(str(value or "") for value in key))
    return tuple((*key, *sums[key]) for key in ordered)


def _totals(columns: Sequence[Column], rows: Sequence[tuple[Value, ...]]) -> tuple[Value, ...]:
    """Sums of the money, and of counts that are not ids; the first column tells the number of rows."""
    sums: list[Value] = []
    for position, column in enumerate(columns):
        summed = column.kind is Kind.MONEY or (column.kind is Kind.COUNT and column.key != "id")
        values = (row[position] for row in rows)
        sums.append(sum(value for value in values if isinstance(value, int)) if summed else None)
    sums[0] = f"{len(rows)} rows"
    return tuple(sums)


def _bars(
    found: Sequence[DepositFigures],
    label: Callable[[DepositFigures], str],
    cents: Callable[[DepositFigures], tuple[int, ...]],
    *,
    largest_first: bool = False,
) -> tuple[Bar, ...]:
    """One bar for each label in order of appearance or size; beyond the most, the last one holds the others."""
    sums: dict[str, tuple[int, ...]] = {}
    for each in found:
        name, figures = label(each), cents(each)
        before = sums.get(name, (0,) * len(figures))
        sums[name] = tuple(a + b for a, b in zip(before, figures, strict=True))
    names = sorted(sums, key=lambda name: -sums[name][0]) if largest_first else list(sums)
    shown = [Bar(name, sums[name]) for name in names[:MOST_BARS]]
    if rest := names[MOST_BARS:]:
        columns = zip(*(sums[name] for name in rest), strict=True)
        shown.append(Bar(f"{len(rest)} others", tuple(sum(column) for column in columns)))
    return tuple(shown)


def _spoken(value: Value) -> str:
    return value.strftime("%m/%d/%Y") if isinstance(value, date) else str(value or "-")


def _facts(query: ReconciliationQuery) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Period", f"{_spoken(query.first)} to {_spoken(query.last)}"),
        ("By", f"{query.by.value} date"),
    ]
    if query.statuses:
        facts.append(("Status", ", ".join(sorted(query.statuses))))
    if query.types:
        facts.append(("Type", ", ".join(sorted(query.types))))
    if query.import_file:
        facts.append(("Import file", query.import_file))
    return tuple(facts)
