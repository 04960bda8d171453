"""CSV and XLSX statements, read with the column profile of their bank."""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from workbench.bank.profile import ColumnProfile
from workbench.bank.statement import BankFile, BankFileError, Statement, capped, finding, prove_all
from workbench.bank.text import decode
from workbench.domain.bank import BankLine
from workbench.domain.findings import Finding, Severity
from workbench.domain.money import Cents, NotAnAmountError, format_dollars, parse_typed_amount

LARGEST_UNPACKED_WORKBOOK = 300_000_000
_LINES_LOOKED_AT_FOR_HEADINGS = 30
Row = list[object]


def csv_rows(data: bytes) -> list[Row]:
    """Cells of a CSV; the separator is the one of `,` `;` tab `|` that the first lines use most."""
    text = decode(data)
    head = "\n".join(text.splitlines()[:_LINES_LOOKED_AT_FOR_HEADINGS])
    separator = max(",;\t|", key=head.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error:
        raise BankFileError("The file is neither a bank format we know nor a readable CSV.") from None


def xlsx_rows(data: bytes) -> list[Row]:
    """Cells of the first sheet, values only (no formula is computed)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > LARGEST_UNPACKED_WORKBOOK:
                raise BankFileError("The workbook is too large to be a bank statement.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, IndexError, ValueError):
        raise BankFileError("The file is not a readable XLSX workbook.") from None


def headings_of(rows: list[Row]) -> tuple[int, tuple[str, ...]]:
    """Index and texts of the row of headings: the first with the most filled cells that are all text.

    Raises BankFileError when there is none.
    """
    head = rows[:_LINES_LOOKED_AT_FOR_HEADINGS]
    widths = [_filled(row) if all(_is_heading(cell) for cell in row) else 0 for row in head]
    if not widths or max(widths) < 2:
        raise BankFileError("The table has no row of column headings in its first 30 lines.")
    index = widths.index(max(widths))
    return index, tuple(_cell_text(cell) for cell in rows[index])


def _filled(row: Row) -> int:
    return sum(1 for cell in row if _cell_text(cell))


def _is_heading(cell: object) -> bool:
    text = _cell_text(cell)
    return not isinstance(cell, (int, float, date)) and not any(mark.isdigit() for mark in text[:1])


def _cell_text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def read_table(kind: str, rows: list[Row], profile: ColumnProfile) -> BankFile:
    """Lines under the profile, one statement per account, running balance proven where there is one."""
    start, headings = headings_of(rows)
    if not profile.fits(headings):
        raise BankFileError(f"The columns are not those of the profile {profile.name!r}.")
    cells = _Cells(profile)
    findings: list[Finding] = []
    lines: list[BankLine] = []
    balances: list[Cents | None] = []
    for number, row in enumerate(rows[start + 1 :], start=start + 2):
        if not _filled(row):
            continue
        try:
            line, balance = cells.read(dict(zip(profile.headings, row, strict=False)), number)
        except ValueError:
            findings.append(_unreadable(number, _filled(row)))
            continue
        lines.append(line)
        balances.append(balance)
    return _with_statements(kind, profile, lines, balances, findings)


def _unreadable(number: int, filled: int) -> Finding:
    """A row with only one or two cells is a remark of the bank's; anything else lost money for us."""
    severity = Severity.WARNING if filled <= 2 else Severity.BLOCKING
    message = f"Row {number} has no readable date or amount; it was not loaded."
    return finding("BANK_RECORD_UNREADABLE", severity, message, number)


class _Cells:
    """Reads one row under a profile."""

    def __init__(self, profile: ColumnProfile) -> None:
        self.profile = profile

    def read(self, row: dict[str, object], number: int) -> tuple[BankLine, Cents | None]:
        """The line and the running balance behind it. Raises ValueError."""
        profile = self.profile

        def text(heading: str) -> str:
            return _cell_text(row.get(heading)) if heading else ""

        line = BankLine(
            statement_no=0,
            record=number,
            account=text(profile.account) or profile.account_number,
            posted_date=self._date(row.get(profile.date)),
            amount_cents=self._amount(row),
            currency=profile.currency,
            value_date=self._date(row[profile.value_date]) if text(profile.value_date) else None,
            type_code=text(profile.type_code),
            bank_reference=text(profile.bank_reference),
            customer_reference=text(profile.customer_reference),
            description=" ".join(" ".join(text(heading).split()) for heading in profile.texts).strip(),
        )
        balance = self._cents(row.get(profile.balance)) if text(profile.balance) else None
        return line, balance

    def _date(self, cell: object) -> date:
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        return datetime.strptime(_cell_text(cell), self.profile.date_format).date()  # noqa: DTZ007 - business date

    def _amount(self, row: dict[str, object]) -> Cents:
        profile = self.profile
        if profile.amount:
            cents = self._cents(row.get(profile.amount))
            return -cents if profile.negative_is_credit else cents
        credit, debit = row.get(profile.credit), row.get(profile.debit)
        if bool(_cell_text(credit)) == bool(_cell_text(debit)):
            # Some banks write 0.00 in the other column.
            return self._cents(credit) - abs(self._cents(debit))
        return self._cents(credit) if _cell_text(credit) else -abs(self._cents(debit))

    def _cents(self, cell: object) -> Cents:
        """Whole cents of a cell: text as a person types it, or the number that a workbook holds."""
        if isinstance(cell, bool) or cell is None:
            raise NotAnAmountError("not an amount")
        if isinstance(cell, (int, float, Decimal)):
            return _number_cents(cell)
        text = _cell_text(cell).removeprefix("+")
        if self.profile.decimal_comma:
            text = text.replace(".", "").replace(",", ".")
        return parse_typed_amount(text.removeprefix("USD").removesuffix("USD"))


def _number_cents(number: float | Decimal) -> Cents:
    """A workbook stores binary floats: 12.3 is exact to 15 digits, a true third decimal is refused."""
    scaled = Decimal(str(number)) * 100
    if not scaled.is_finite():
        raise NotAnAmountError("not an amount")
    cents = int(scaled.to_integral_value())
    if abs(scaled - cents) > Decimal("0.000001"):
        raise NotAnAmountError("not whole cents")
    return cents


def _with_statements(
    kind: str,
    profile: ColumnProfile,
    lines: list[BankLine],
    balances: list[Cents | None],
    findings: list[Finding],
) -> BankFile:
    accounts = sorted({line.account for line in lines}) or [profile.account_number]
    numbered = tuple(replace(line, statement_no=accounts.index(line.account)) for line in lines)
    statements = []
    for account in accounts:
        mine = [
            (line, balance)
            for line, balance in zip(numbered, balances, strict=True)
            if line.account == account
        ]
        statements.append(_statement(account, profile.currency, mine, findings))
    findings.extend(prove_all(tuple(statements), numbered))
    return BankFile(kind, tuple(statements), numbered, capped(findings))


def _statement(
    account: str, currency: str, rows: list[tuple[BankLine, Cents | None]], findings: list[Finding]
) -> Statement:
    days = [line.posted_date for line, _ in rows]
    opening, closing = _running_balance(rows, findings)
    return Statement(
        account=account,
        currency=currency,
        from_date=min(days, default=None),
        to_date=max(days, default=None),
        opening_cents=opening,
        closing_cents=closing,
    )


def _running_balance(
    rows: list[tuple[BankLine, Cents | None]], findings: list[Finding]
) -> tuple[Cents | None, Cents | None]:
    """Opening and closing of a column of running balances, newest first or last; each break is a finding."""
    known = [(line, balance) for line, balance in rows if balance is not None]
    if not known or len(known) < len(rows):
        return None, None
    newest_first = _breaks(known[::-1], _ignore) < _breaks(known, _ignore)
    ordered = known[::-1] if newest_first else known
    _breaks(ordered, findings.append)
    first, first_balance = ordered[0]
    return first_balance - first.amount_cents, ordered[-1][1]


def _ignore(_finding: Finding) -> None:
    return None


def _breaks(rows: list[tuple[BankLine, Cents]], note: Callable[[Finding], None]) -> int:
    """How many rows' running balance is not the one before plus the row's amount."""
    broken = 0
    for (_, before), (line, after) in pairwise(rows):
        if after - before != line.amount_cents:
            broken += 1
            note(
                finding(
                    "BANK_BALANCE",
                    Severity.CRITICAL,
                    f"Row {line.record}: the running balance moves by {format_dollars(after - before)}, "
                    f"the amount is {format_dollars(line.amount_cents)}.",
                    line.record,
                    moved_cents=after - before,
                    amount_cents=line.amount_cents,
                )
            )
    return broken
