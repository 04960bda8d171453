"""OFX 1 (SGML) and 2 (XML) bank statements.

Our own reader: the kept library, `ofxtools`, is GPL since its 1.0, and its conversion gives up the whole file
for one bad amount. A pattern over the tags reads both dialects and knows no entities but the usual five,
so there is nothing to expand or fetch.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from workbench.bank.statement import BankFile, BankFileError, Statement, capped, finding, prove_all
from workbench.bank.text import compact_date, decimal_cents, decode
from workbench.domain.bank import BankLine
from workbench.domain.findings import Finding, Severity
from workbench.domain.money import Cents

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z0-9.]+)\s*(?P<empty>/?)>(?P<text>[^<]*)")
_CHARSETS = {"1252": "cp1252", "ISO-8859-1": "latin-1", "8859-1": "latin-1"}
_STATEMENTS = {"STMTRS", "CCSTMTRS"}
_AGGREGATES = ("LEDGERBAL", "AVAILBAL", "STMTTRN", "BANKACCTFROM", "CCACCTFROM", "BANKTRANLIST", "PAYEE")


@dataclass(slots=True)
class _Open:
    """A statement while its tags are read: its own fields by `AGGREGATE.FIELD`, and its transactions."""

    fields: dict[str, str] = field(default_factory=dict)
    transactions: list[dict[str, str]] = field(default_factory=list)


def read_ofx(data: bytes) -> BankFile:
    """Statements, one line per STMTTRN, findings. Raises BankFileError when there is no bank statement."""
    text = decode(data, _declared_encoding(data))
    opened = list(_statements(text))
    if not opened:
        raise BankFileError("The OFX file holds no bank statement (STMTRS).")
    statements: list[Statement] = []
    lines: list[BankLine] = []
    findings: list[Finding] = []
    record = 0
    for number, each in enumerate(opened):
        statement = _statement(each)
        booked: list[BankLine] = []
        for values in each.transactions:
            record += 1
            try:
                booked.append(_line(values, statement, number, record))
            except ValueError:
                findings.append(
                    finding(
                        "BANK_RECORD_UNREADABLE",
                        Severity.BLOCKING,
                        f"Transaction {record} has no readable amount or date; it was not loaded.",
                        record,
                    )
                )
        statements.append(statement)
        lines.extend(booked)
    findings.extend(prove_all(tuple(statements), tuple(lines)))
    return BankFile("OFX", tuple(statements), tuple(lines), capped(findings))


def _declared_encoding(data: bytes) -> str | None:
    header = data[:1000].decode("latin-1")
    xml = re.search(r'<\?xml[^>]*encoding="([A-Za-z0-9._-]+)"', header)
    if xml:
        return xml[1]
    charset = re.search(r"CHARSET:\s*(\S+)", header)
    encoding = re.search(r"ENCODING:\s*(\S+)", header)
    if encoding and encoding[1].upper() in ("UTF-8", "UNICODE"):
        return "utf-8"
    return _CHARSETS.get(charset[1].upper()) if charset else None


def _statements(text: str) -> Iterator[_Open]:
    current: _Open | None = None
    transaction: dict[str, str] | None = None
    aggregate = ""
    for match in _TAG.finditer(text):
        name, value = match["name"].upper(), html.unescape(match["text"]).strip()
        if match["close"]:
            if name in _STATEMENTS and current is not None:
                yield current
                current = None
            elif name == "STMTTRN":
                transaction = None
            elif name == aggregate:
                aggregate = ""
        elif name in _STATEMENTS:
            current = _Open()
        elif current is None:
            continue
        elif name == "STMTTRN":
            transaction = {}
            current.transactions.append(transaction)
        elif name in _AGGREGATES and not value:
            aggregate = name
        elif value:
            fields = current.fields if transaction is None else transaction
            fields.setdefault(f"{aggregate}.{name}" if transaction is None else name, value)
    if current is not None:  # a file cut short: what is there still shows, unproven
        yield current


def _optional_cents(text: str | None) -> Cents | None:
    try:
        return decimal_cents(text) if text else None
    except ValueError:
        return None


def _optional_date(text: str | None) -> date | None:
    try:
        return compact_date(text) if text else None
    except ValueError:
        return None


def _statement(opened: _Open) -> Statement:
    fields = opened.fields
    closing = _optional_cents(fields.get("LEDGERBAL.BALAMT"))
    return Statement(
        account=fields.get("BANKACCTFROM.ACCTID") or fields.get("CCACCTFROM.ACCTID") or "",
        currency=fields.get(".CURDEF", "USD"),
        bank=fields.get("BANKACCTFROM.BANKID", ""),
        from_date=_optional_date(fields.get("BANKTRANLIST.DTSTART")),
        to_date=_optional_date(fields.get("BANKTRANLIST.DTEND")),
        opening_cents=None,  # OFX has none: the service proves against the closing of the statement before
        closing_cents=closing,
    )


def _line(values: dict[str, str], statement: Statement, statement_no: int, record: int) -> BankLine:
    names = [values.get("NAME", ""), values.get("MEMO", "")]
    return BankLine(
        statement_no=statement_no,
        record=record,
        account=statement.account,
        posted_date=compact_date(values.get("DTPOSTED", "")),
        amount_cents=decimal_cents(values.get("TRNAMT", "")),
        currency=statement.currency,
        value_date=_optional_date(values.get("DTAVAIL")),
        type_code=values.get("TRNTYPE", ""),
        bank_reference=values.get("FITID", ""),
        customer_reference=values.get("CHECKNUM") or values.get("REFNUM", ""),
        description=" ".join(name for name in names if name),
    )
