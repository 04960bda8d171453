"""Bank lines, deposits, proposals and days as rows of grids and as facts."""

from collections.abc import Collection
from datetime import date
from typing import Any

from workbench.domain.bank import BankLineState, DayState
from workbench.domain.bank_desk import Ageing, BankDay, BankDeposit, BankMatch, StoredLine, Unreconciled
from workbench.domain.money import format_dollars
from workbench.domain.reports import Column as ReportColumn
from workbench.domain.reports import Kind, Value, code_words
from workbench.services.bank.days import why_not_lock
from workbench.widgets.bank.model import Chosen
from workbench.widgets.bank.tones import DEPOSIT_TONES
from workbench.widgets.kit.facts import Fact
from workbench.widgets.kit.grid import Cell, Column, Row, actions, badge, link, toned
from workbench.widgets.kit.typed import date_text

LINE_COLUMNS = [
    Column("posted_date", "Posted", "date"),
    Column("amount_cents", "Amount ($)", "money"),
    Column("description", "Description", width="15em"),
    Column("state", "State"),
]
PROPOSAL_COLUMNS = [
    Column("score", "Score", "number", help="1.00 is sure; nothing but an exact trace confirms itself"),
    Column("line_cents", "Bank ($)", "money"),
    Column("difference_cents", "Difference ($)", "money"),
    Column("deposits", "Deposits", sortable=False, width="6em"),
    Column("why", "Why", sortable=False, wrap=True, width="15em"),
]
DEPOSIT_COLUMNS = [
    Column("id", "ID", "number"),
    Column("day", "Deposited", "date"),
    Column("amount_cents", "Amount ($)", "money"),
    Column("payer_name", "Payer", width="10em"),
    Column("check_number", "Check #", width="8em"),
    Column("state", "Bank"),
]
DAY_COLUMNS = [
    Column("day", "Day", "date", sortable=False),
    Column("lines", "Lines", "number", sortable=False),
    Column("open", "Open", "number", sortable=False),
    Column("lines_cents", "Lines ($)", "money", sortable=False),
    Column("matched", "Matched ($)", "money", sortable=False),
    Column("not_ours", "Not ours ($)", "money", sortable=False),
    Column("difference", "Differences ($)", "money", sortable=False),
    Column("closing", "Closing ($)", "money", sortable=False),
    Column("state", "State", sortable=False),
    Column("actions", "Action", sortable=False),
]
LINE_TONES = {
    BankLineState.PROPOSED: "accent",
    BankLineState.MATCHED: "good",
    BankLineState.SPLIT: "good",
    BankLineState.MATCHED_WITH_DIFFERENCE: "warn",
    BankLineState.TO_CHECK: "warn",
}


def line_row(line: StoredLine, proposed: Collection[int] = ()) -> Row:
    """`proposed`: the lines of the selected proposals, to be told apart."""
    words = line.description or line.bank_reference
    cells: list[Cell] = [
        date_text(line.posted_date),
        format_dollars(line.amount_cents),
        words,
        badge(line.state.value, LINE_TONES.get(line.state, ""), line.reason),
    ]
    tone = "accent" if line.id in proposed else "muted" if line.state is BankLineState.NOT_OURS else ""
    return Row(line.id, cells, tone)


def deposit_row(deposit: BankDeposit, proposed: Collection[int] = ()) -> Row:
    """`proposed`: the deposits of the selected proposals."""
    cells: list[Cell] = [
        link(str(deposit.id), "deposit", id=deposit.id),
        date_text(deposit.day),
        format_dollars(deposit.amount_cents),
        deposit.payer_name,
        deposit.check_number,
        badge(deposit.state.value, DEPOSIT_TONES.get(deposit.state, "")),
    ]
    return Row(deposit.id, cells, "accent" if deposit.id in proposed else "")


def proposal_row(match: BankMatch) -> Row:
    difference = format_dollars(match.difference_cents)
    cells: list[Cell] = [
        f"{match.score:.2f}",
        format_dollars(match.line_cents),
        toned(difference, "bad") if match.difference_cents else difference,
        ", ".join(str(deposit_id) for deposit_id in match.deposit_ids),
        "; ".join(match.reasons),
    ]
    return Row(match.id, cells)


def day_row(day: BankDay) -> Row:
    locked = day.state is DayState.LOCKED
    why = why_not_lock(day)
    button = (
        actions(("reopen", "Reopen")) if locked else actions(("lock", "Sign and Lock")) if not why else ""
    )
    closing = "" if day.closing_cents is None else format_dollars(day.closing_cents)
    cells: list[Cell] = [
        date_text(day.day),
        f"{day.lines:,}",
        f"{day.open_lines:,}",
        format_dollars(day.lines_cents),
        format_dollars(day.matched_cents),
        format_dollars(day.not_ours_cents),
        format_dollars(day.difference_cents),
        toned(closing, "bad", why) if day.gap_cents else closing,
        badge(f"locked by {day.signed_by}", "good") if locked else badge("open", "", why),
        button,
    ]
    return Row(day.day.isoformat(), cells)


def facts(total: Unreconciled, chosen: Chosen) -> list[Fact]:
    """The running total, and what is selected."""
    lines, deposits = format_dollars(total.lines_cents), format_dollars(total.deposits_cents)
    shown = [
        Fact("Money without remittance ($)", lines, _ages(total.line_ageing), kind="money"),
        Fact("Remittance without money ($)", deposits, _ages(total.deposit_ageing), kind="money"),
        Fact(
            "Unreconciled ($)",
            format_dollars(total.difference_cents),
            (f"{lines} in the bank", f"less {deposits} of deposits"),
            tone="bad" if total.difference_cents else "good",
            kind="money",
        ),
    ]
    if chosen.lines or chosen.deposits:
        shown += [
            Fact("Selected lines ($)", format_dollars(chosen.lines_cents), kind="money"),
            Fact("Selected deposits ($)", format_dollars(chosen.deposits_cents), kind="money"),
            Fact(
                "Difference ($)",
                format_dollars(chosen.difference_cents),
                tone="bad" if chosen.difference_cents else "good",
                kind="money",
            ),
        ]
    return shown


def _ages(ageing: tuple[Ageing, ...]) -> list[str]:
    """One line per bucket of business days."""
    told = []
    for bucket in ageing:
        days = (
            f"{bucket.from_days} to {bucket.to_days}"
            if bucket.to_days is not None
            else f"{bucket.from_days} or more"
        )
        told.append(f"{days} business days: {bucket.count:,}, {format_dollars(bucket.cents)}")
    return told


def report_columns(columns: tuple[ReportColumn, ...]) -> list[Column]:
    kinds: dict[Kind, Any] = {Kind.MONEY: "money", Kind.COUNT: "number", Kind.DATE: "date"}
    return [
        Column(each.key, each.label, kinds.get(each.kind, "text"), sortable=False, width="14em")
        for each in columns
    ]


def report_cell(column: ReportColumn, value: Value) -> str:
    if value is None:
        return ""
    if column.kind is Kind.MONEY and isinstance(value, int):
        return format_dollars(value)
    if isinstance(value, date):
        return date_text(value)
    return code_words(str(value)) if column.kind is Kind.CODE else str(value)
