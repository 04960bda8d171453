"""CAMT.053 (statement) and CAMT.054 (notification) of ISO 20022, all versions.

Read with defusedxml: a document type declaration is refused, so no entity is ever expanded or fetched.
"""

from datetime import date
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from workbench.bank.statement import BankFile, BankFileError, Statement, capped, finding, prove_all
from workbench.bank.text import decimal_cents
from workbench.domain.bank import BankLine
from workbench.domain.findings import Finding, Severity
from workbench.domain.money import Cents, format_dollars

_OPENING = ("OPBD", "PRCD")  # opening booked; else the closing of the statement before
_CLOSING = ("CLBD",)


def read_camt(data: bytes) -> BankFile:
    """Statements, one line per booked entry (`Ntry`), and findings. Raises BankFileError when it is no CAMT."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise BankFileError(
            "The file declares XML entities, which no bank statement needs: refused."
        ) from None
    except ParseError:
        raise BankFileError("The file is not well-formed XML: fetch it from the bank again.") from None
    _forget_namespaces(root)
    found = [*root.iterfind("BkToCstmrStmt/Stmt"), *root.iterfind("BkToCstmrDbtCdtNtfctn/Ntfctn")]
    if not found:
        raise BankFileError("The XML is neither a CAMT.053 statement nor a CAMT.054 notification.")
    kind = "CAMT.053" if root.find("BkToCstmrStmt") is not None else "CAMT.054"
    statements: list[Statement] = []
    lines: list[BankLine] = []
    findings: list[Finding] = []
    entry_no = 0
    for number, element in enumerate(found):
        statement = _statement(element, findings)
        entries = element.findall("Ntry")
        read = [
            _entry(entry, statement, number, entry_no + n + 1, findings) for n, entry in enumerate(entries)
        ]
        entry_no += len(entries)
        booked = [line for line in read if line is not None]
        findings.extend(_check_summary(element, statement, booked))
        statements.append(statement)
        lines.extend(booked)
    if kind == "CAMT.053":  # a notification carries no balances
        findings.extend(prove_all(tuple(statements), tuple(lines)))
    return BankFile(kind, tuple(statements), tuple(lines), capped(findings))


def _forget_namespaces(root: Element) -> None:
    """Versions differ in their namespace alone as far as we read; compare local names."""
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]


def _text(element: Element, *paths: str) -> str:
    """The first of the paths that holds text."""
    for path in paths:
        text = (element.findtext(path) or "").strip()
        if text:
            return text
    return ""


def _date(element: Element, path: str) -> date | None:
    text = _text(element, f"{path}/Dt", f"{path}/DtTm", path)[:10]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _signed(element: Element, sign_path: str = "CdtDbtInd") -> Cents:
    """`Amt` with the sign of CdtDbtInd. RvslInd only says why an entry is there, the sign already tells where to.

    Raises ValueError.
    """
    amount = decimal_cents(_text(element, "Amt"))
    side = _text(element, sign_path)
    if side not in ("CRDT", "DBIT"):
        raise ValueError("no side")
    return amount if side == "CRDT" else -amount


def _statement(element: Element, findings: list[Finding]) -> Statement:
    account = _text(element, "Acct/Id/IBAN", "Acct/Id/Othr/Id")
    balances: dict[str, Cents] = {}
    for balance in element.iterfind("Bal"):
        try:
            balances.setdefault(_text(balance, "Tp/CdOrPrtry/Cd"), _signed(balance))
        except ValueError:
            findings.append(
                finding(
                    "BANK_RECORD_UNREADABLE",
                    Severity.BLOCKING,
                    f"A balance of account {account} has no readable amount.",
                )
            )
    return Statement(
        account=account,
        currency=_text(element, "Acct/Ccy") or _entry_currency(element) or "USD",
        bank=_text(
            element,
            "Acct/Svcr/FinInstnId/BICFI",
            "Acct/Svcr/FinInstnId/BIC",
            "Acct/Svcr/FinInstnId/ClrSysMmbId/MmbId",
        ),
        number=_text(element, "ElctrncSeqNb", "LglSeqNb", "Id"),
        from_date=_date(element, "FrToDt/FrDtTm"),
        to_date=_date(element, "FrToDt/ToDtTm"),
        opening_cents=_first(balances, _OPENING),
        closing_cents=_first(balances, _CLOSING),
    )


def _entry_currency(element: Element) -> str:
    amount = element.find("Ntry/Amt")
    return "" if amount is None else amount.get("Ccy", "")


def _first(balances: dict[str, Cents], codes: tuple[str, ...]) -> Cents | None:
    return next((balances[code] for code in codes if code in balances), None)


def _entry(
    entry: Element, statement: Statement, statement_no: int, number: int, findings: list[Finding]
) -> BankLine | None:
    """The line of one entry, or None with a finding: not booked yet, or without amount, side or date."""
    status = _text(entry, "Sts/Cd", "Sts")
    if status not in ("BOOK", ""):
        findings.append(
            finding(
                "BANK_NOT_LOADED",
                Severity.WARNING,
                f"Entry {number} is not booked yet ({status[:4]}): it was not loaded and will come in a later file.",
                number,
            )
        )
        return None
    try:
        amount = _signed(entry)
    except ValueError:
        amount = None
    posted = _date(entry, "BookgDt") or _date(entry, "ValDt")
    if amount is None or posted is None:
        findings.append(
            finding(
                "BANK_RECORD_UNREADABLE",
                Severity.BLOCKING,
                f"Entry {number} has no readable amount, side or date; it was not loaded.",
                number,
            )
        )
        return None
    return BankLine(
        statement_no=statement_no,
        record=number,
        account=statement.account,
        posted_date=posted,
        amount_cents=amount,
        currency=(entry.find("Amt").get("Ccy") or statement.currency),  # type: ignore[union-attr]
        value_date=_date(entry, "ValDt"),
        type_code=_text(entry, "BkTxCd/Prtry/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd", "BkTxCd/Domn/Cd"),
        bank_reference=_text(entry, "AcctSvcrRef", "NtryDtls/TxDtls/Refs/AcctSvcrRef", "NtryRef"),
        customer_reference=_customer_reference(entry),
        description=_description(entry),
    )


def _customer_reference(entry: Element) -> str:
    reference = _text(entry, "NtryDtls/TxDtls/Refs/ChqNb", "NtryDtls/TxDtls/Refs/EndToEndId")
    return "" if reference == "NOTPROVIDED" else reference


def _description(entry: Element) -> str:
    """Who paid and every free text of the entry, in the order of the file."""
    wanted = ("Ustrd", "AddtlNtryInf", "AddtlTxInf", "Ref", "AddtlRmtInf")
    payers = [
        _text(detail, "RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm")
        for detail in entry.iterfind("NtryDtls/TxDtls")
    ]
    texts = [(element.text or "").strip() for element in entry.iter() if element.tag in wanted]
    return " ".join(text for text in [*payers, *texts] if text)


def _check_summary(element: Element, statement: Statement, booked: list[BankLine]) -> list[Finding]:
    """TxsSummry, where the bank sends it: number and sum of credits and debits."""
    findings = []
    for path, sign, what in (("TtlCdtNtries", 1, "credits"), ("TtlDbtNtries", -1, "debits")):
        amounts = [line.amount_cents * sign for line in booked if line.amount_cents * sign > 0]
        stated_sum = _text(element, f"TxsSummry/{path}/Sum")
        stated_number = _text(element, f"TxsSummry/{path}/NbOfNtries")
        if stated_number.isdigit() and int(stated_number) != len(amounts):
            findings.append(
                finding(
                    "BANK_COUNT",
                    Severity.CRITICAL,
                    f"Account {statement.account}: the summary counts {int(stated_number)} {what}, "
                    f"the file has {len(amounts)} booked.",
                    stated=int(stated_number),
                    found=len(amounts),
                )
            )
        findings.extend(_check_sum(stated_sum, sum(amounts), statement.account, what))
    return findings


def _check_sum(stated_text: str, found: Cents, account: str, what: str) -> list[Finding]:
    if not stated_text:
        return []
    try:
        stated = decimal_cents(stated_text)
    except ValueError:
        return [
            finding(
                "BANK_RECORD_UNREADABLE",
                Severity.WARNING,
                f"The sum of {what} of account {account} is no amount.",
            )
        ]
    if stated == found:
        return []
    return [
        finding(
            "BANK_CONTROL_TOTAL",
            Severity.CRITICAL,
            f"Account {account}: the summary states {format_dollars(stated)} of {what}, the booked entries sum "
            f"to {format_dollars(found)}.",
            stated_cents=stated,
            found_cents=found,
        )
    ]
