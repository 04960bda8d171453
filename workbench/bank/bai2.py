"""BAI2 (Cash Management Balance Reporting Specifications, version 2).

Our own reader: PyPI's `bai2` calls itself not production ready, and refuses the whole file for a control total
that is off by a cent or a type code that it does not know. Here both are findings and every line still loads.
"""

from dataclasses import dataclass, field
from datetime import date

from workbench.bank.bai2_records import NotAFieldError, Record, direction, records, skip_funds, text_of, whole
from workbench.bank.statement import BankFile, Statement, capped, finding, prove_all
from workbench.bank.text import compact_date
from workbench.domain.bank import BankLine
from workbench.domain.findings import Finding, Severity
from workbench.domain.money import Cents, format_dollars

OPENING_LEDGER, CLOSING_LEDGER = "010", "015"
NON_MONETARY = "890"
_GROUP_STATUS_LOADED = {"1", "3", ""}
_INTERIM = {"1", "3"}


@dataclass(slots=True)
class _Account:
    """One 03 with what its trailer must agree with."""

    record: int
    number: str
    currency: str
    as_of: date
    status_cents: dict[str, Cents]
    control: int
    physical: int
    lines: list[BankLine] = field(default_factory=list)
    closed: bool = False


@dataclass(slots=True)
class _Reader:
    """The state of one pass over the file."""

    bank: str = ""
    groups: int = 0
    file_control: int = 0
    file_physical: int = 0
    group_control: int = 0
    group_accounts: int = 0
    group_physical: int = 0
    group_currency: str = "USD"
    group_date: date | None = None
    group_loads: bool = True
    account: _Account | None = None
    file_closed: bool = False
    statements: list[Statement] = field(default_factory=list)
    lines: list[BankLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, code: str, severity: Severity, message: str, record: int, **context: object) -> None:
        self.findings.append(finding(code, severity, message, record, **context))

    def read(self, record: Record) -> None:
        self.file_physical += record.physical
        self.group_physical += record.physical
        if self.account is not None:
            self.account.physical += record.physical
        handle = {
            "01": self._file_header,
            "02": self._group_header,
            "03": self._account_header,
            "16": self._detail,
            "49": self._account_trailer,
            "98": self._group_trailer,
            "99": self._file_trailer,
        }.get(record.code)
        if handle is None:
            self._unreadable(record, "is of no kind that BAI2 knows")
            return
        try:
            handle(record, record.fields())
        except (ValueError, IndexError):
            self._unreadable(record, "has a field that is missing or not in its form")

    def _unreadable(self, record: Record, why: str) -> None:
        self.note(
            "BANK_RECORD_UNREADABLE",
            Severity.BLOCKING,
            f"Record {record.number} {why}; it was not loaded. Ask the bank for a new file.",
            record.number,
        )

    def _file_header(self, record: Record, fields: list[str]) -> None:
        self.bank = fields[0].strip()
        self.file_control, self.file_physical, self.groups = 0, record.physical, 0
        self.file_closed = False

    def _group_header(self, record: Record, fields: list[str]) -> None:
        padded = [*fields, "", "", "", "", "", "", ""]
        self.groups += 1
        self.group_control, self.group_accounts, self.group_physical = 0, 0, record.physical
        self.bank = padded[1].strip() or self.bank
        self.group_loads = padded[2].strip() in _GROUP_STATUS_LOADED
        self.group_currency = padded[5].strip() or "USD"
        self.group_date = None
        self.group_date = compact_date(padded[3])
        if not self.group_loads:
            self.note(
                "BANK_NOT_LOADED",
                Severity.CRITICAL,
                "The group is marked as deletion or test; its lines were not loaded.",
                record.number,
            )
        elif padded[6].strip() in _INTERIM:
            self.note(
                "BANK_INTERIM",
                Severity.WARNING,
                "The bank marks these figures as interim: import the final statement too.",
                record.number,
            )

    def _account_header(self, record: Record, fields: list[str]) -> None:
        self._close_account(record.number)
        if self.group_date is None:
            raise NotAFieldError("an account outside a dated group")
        currency = fields[1].strip() if len(fields) > 1 else ""
        account = _Account(
            record.number,
            fields[0].strip(),
            currency or self.group_currency,
            self.group_date,
            {},
            0,
            record.physical,
        )
        self.account = account
        self.group_accounts += 1
        position = 2
        while position + 1 < len(fields) and any(item.strip() for item in fields[position:]):
            amount = whole(fields[position + 1])
            account.control += amount
            if fields[position].strip() and fields[position + 1].strip():
                account.status_cents[fields[position].strip()] = amount
            position = skip_funds(fields, position + 3)

    def _detail(self, record: Record, fields: list[str]) -> None:
        account = self.account
        if account is None:
            raise NotAFieldError("a transaction outside an account")
        type_code, amount = fields[0].strip(), whole(fields[1])
        account.control += amount
        sign = direction(type_code)
        if type_code == NON_MONETARY:
            return
        if sign == 0:
            raise NotAFieldError("a type code that is neither credit nor debit")
        after = skip_funds(fields, 2)
        value_date = (
            compact_date(fields[3]) if fields[2].strip().upper() == "V" and fields[3].strip() else None
        )
        references = [*(item.strip() for item in fields[after : after + 2]), "", ""]
        account.lines.append(
            BankLine(
                statement_no=len(self.statements),
                record=record.number,
                account=account.number,
                posted_date=account.as_of,
                amount_cents=sign * amount,
                currency=account.currency,
                value_date=value_date,
                type_code=type_code,
                bank_reference=references[0],
                customer_reference=references[1],
                description=text_of(record, after + 2),
            )
        )

    def _account_trailer(self, record: Record, fields: list[str]) -> None:
        account = self.account
        if account is None:
            raise NotAFieldError("a trailer without an account")
        account.closed = True
        self.group_control += whole(fields[0])
        self._check_total(record, "account", whole(fields[0]), account.control)
        self._check_count(record, "records of the account", whole(fields[1]), account.physical)
        self._close_account(record.number)

    def _close_account(self, at_record: int) -> None:
        account = self.account
        if account is None:
            return
        self.account = None
        if not account.closed:
            self._truncated(at_record, f"Account {account.number} has no trailer (49)")
        if not self.group_loads:
            return
        self.statements.append(
            Statement(
                account=account.number,
                currency=account.currency,
                bank=self.bank,
                from_date=account.as_of,
                to_date=account.as_of,
                opening_cents=account.status_cents.get(OPENING_LEDGER),
                closing_cents=account.status_cents.get(CLOSING_LEDGER),
            )
        )
        self.lines.extend(account.lines)

    def _group_trailer(self, record: Record, fields: list[str]) -> None:
        self._close_account(record.number)
        self.file_control += whole(fields[0])
        self._check_total(record, "group", whole(fields[0]), self.group_control)
        self._check_count(record, "accounts of the group", whole(fields[1]), self.group_accounts)
        self._check_count(record, "records of the group", whole(fields[2]), self.group_physical)

    def _file_trailer(self, record: Record, fields: list[str]) -> None:
        self.file_closed = True
        self._check_total(record, "file", whole(fields[0]), self.file_control)
        self._check_count(record, "groups of the file", whole(fields[1]), self.groups)
        self._check_count(record, "records of the file", whole(fields[2]), self.file_physical)

    def finish(self, last_record: int) -> None:
        self._close_account(last_record)
        if not self.file_closed:
            self._truncated(last_record, "The file has no trailer (99)")

    def _truncated(self, record: int, what: str) -> None:
        self.note("BANK_TRUNCATED", Severity.CRITICAL, f"{what}: the file is not complete.", record)

    def _check_total(self, record: Record, what: str, stated: Cents, found: Cents) -> None:
        if stated != found:
            self.note(
                "BANK_CONTROL_TOTAL",
                Severity.CRITICAL,
                f"The control total of the {what} is {format_dollars(stated)}, its amounts sum to "
                f"{format_dollars(found)}: {format_dollars(stated - found)} apart.",
                record.number,
                stated_cents=stated,
                found_cents=found,
            )

    def _check_count(self, record: Record, what: str, stated: int, found: int) -> None:
        if stated != found:
            self.note(
                "BANK_COUNT",
                Severity.CRITICAL,
                f"The trailer counts {stated} {what}, the file has {found}.",
                record.number,
                stated=stated,
                found=found,
            )


def read_bai2(text: str) -> BankFile:
    """Statements (one per 03), lines (one per 16) and every finding; never raises for what the file holds."""
    reader = _Reader()
    last = 1
    for record in records(text):
        reader.read(record)
        last = record.number
    reader.finish(last)
    statements, lines = tuple(reader.statements), tuple(reader.lines)
    return BankFile("BAI2", statements, lines, capped([*reader.findings, *prove_all(statements, lines)]))
