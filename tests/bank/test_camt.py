"""CAMT.053 and .054."""

from datetime import date

import pytest

from workbench.bank.camt import read_camt
from workbench.bank.statement import BankFileError


def entry(amount: str, side: str, ref: str, status: str = "<Cd>BOOK</Cd>", inside: str = "") -> str:
    return (
        f'<Ntry><Amt Ccy="USD">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{status}</Sts>'
        f"<BookgDt><Dt>2026-11-02</Dt></BookgDt><ValDt><Dt>2026-11-03</Dt></ValDt><AcctSvcrRef>{ref}</AcctSvcrRef>"
        f"{inside}</Ntry>"
    )


def statement(
    *entries: str, opening: str = "100.00", closing: str = "150.25", version: str = "08", extra: str = ""
) -> bytes:
    def balance(code: str, amount: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='USD'>{amount}</Amt>"
            "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-02</Dt></Dt></Bal>"
        )

    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr/>'
        "<Stmt><Id>S1</Id><Acct><Id><Othr><Id>00012345</Id></Othr></Id><Ccy>USD</Ccy></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', closing)}{extra}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


DETAILS = (
    "<NtryDtls><TxDtls><Refs><EndToEndId>SLIP7</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>PAYER A</Nm></Pty></Dbtr>"
    "</RltdPties><RmtInf><Ustrd>TRN*1*77*1512345678\\</Ustrd></RmtInf></TxDtls></NtryDtls>"
)


@pytest.mark.parametrize("version", ["02", "08", "13"])
def test_entries_and_proven_balance(version: str) -> None:
    read = read_camt(
        statement(entry("60.25", "CRDT", "R1", inside=DETAILS), entry("10.00", "DBIT", "R2"), version=version)
    )
    assert (read.kind, read.findings) == ("CAMT.053", ())
    first, second = read.lines
    assert (first.amount_cents, second.amount_cents) == (6025, -1000)
    assert (first.posted_date, first.value_date) == (date(2026, 11, 2), date(2026, 11, 3))
    assert (first.account, first.bank_reference, first.customer_reference) == ("00012345", "R1", "SLIP7")
    assert first.description == "PAYER A TRN*1*77*1512345678\\"


def test_an_entry_not_booked_waits_for_a_later_file() -> None:
    read = read_camt(statement(entry("50.25", "CRDT", "R1"), entry("9.00", "CRDT", "R2", status="PDNG")))
    assert [line.amount_cents for line in read.lines] == [5025]
    assert [each.code for each in read.findings] == ["BANK_NOT_LOADED"]


@pytest.mark.parametrize(
    ("amount", "code"),
    [("60.26", "BANK_BALANCE"), ("60.255", "BANK_RECORD_UNREADABLE"), ("6E1", "BANK_RECORD_UNREADABLE")],
)
def test_what_does_not_add_up_is_a_finding(amount: str, code: str) -> None:
    read = read_camt(statement(entry(amount, "CRDT", "R1"), entry("10.00", "DBIT", "R2")))
    assert code in [each.code for each in read.findings]


def test_the_summary_is_checked() -> None:
    extra = "<TxsSummry><TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>50.26</Sum></TtlCdtNtries></TxsSummry>"
    read = read_camt(statement(entry("50.25", "CRDT", "R1"), extra=extra))
    assert [each.code for each in read.findings] == ["BANK_COUNT", "BANK_CONTROL_TOTAL"]


def test_a_notification_has_no_balances_to_prove() -> None:
    data = (
        statement(entry("50.25", "CRDT", "R1"))
        .replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn")
        .replace(b"Stmt>", b"Ntfctn>")
    )
    read = read_camt(data)
    assert (read.kind, read.findings, len(read.lines)) == ("CAMT.054", (), 1)


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><Document>&x;</Document>',
        b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Document>&b;</Document>',
        b'<!DOCTYPE d SYSTEM "http://localhost/d.dtd"><Document/>',
        b"<Document><unclosed>",
        b"<html></html>",
    ],
)
def test_entities_and_other_xml_are_refused(data: bytes) -> None:
    with pytest.raises(BankFileError):
        read_camt(data)
