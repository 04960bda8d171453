"""OFX 1 (SGML) and 2 (XML)."""

from datetime import date

import pytest

from workbench.bank.ofx import read_ofx
from workbench.bank.statement import BankFileError

SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>000000000<ACCTID>00012345<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261130
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261102120000[-5:EST]<TRNAMT>+60.25<FITID>F1<NAME>CAF\u00c9 &amp; CO<MEMO>TRN*1*77*1512345678\\
</STMTTRN>
<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20261103<TRNAMT>-10,5<FITID>F2<CHECKNUM>1001</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL><BALAMT>150.25<DTASOF>20261130</LEDGERBAL><AVAILBAL><BALAMT>1.00<DTASOF>20261130</AVAILBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def test_sgml() -> None:
    read = read_ofx(SGML.encode("cp1252"))
    first, second = read.lines
    assert (first.amount_cents, first.posted_date, first.bank_reference) == (6025, date(2026, 11, 2), "F1")
    assert first.description == "CAF\u00c9 & CO TRN*1*77*1512345678\\"
    assert (second.amount_cents, second.customer_reference, second.account) == (-1050, "1001", "00012345")
    statement = read.statements[0]
    assert (statement.closing_cents, statement.opening_cents, statement.to_date) == (
        15025,
        None,
        date(2026, 11, 30),
    )
    assert [each.code for each in read.findings] == ["BANK_BALANCE_MISSING"]


def test_xml_reads_the_same() -> None:
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?><OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>'
        "<CURDEF>USD</CURDEF><BANKACCTFROM><BANKID>0</BANKID><ACCTID>00012345</ACCTID></BANKACCTFROM><BANKTRANLIST>"
        "<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20261102</DTPOSTED><TRNAMT>60.25</TRNAMT><FITID>F1</FITID>"
        "<NAME>CAF\u00c9 &amp; CO</NAME></STMTTRN></BANKTRANLIST><LEDGERBAL><BALAMT>5.00</BALAMT></LEDGERBAL>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    read = read_ofx(xml.encode())
    assert [(line.amount_cents, line.description) for line in read.lines] == [(6025, "CAF\u00c9 & CO")]
    assert read.statements[0].closing_cents == 500


@pytest.mark.parametrize("amount", ["1e3", "12.345", "1,234.56", "", "\u0661\u0662"])
def test_a_bad_amount_costs_only_its_line(amount: str) -> None:
    read = read_ofx(SGML.replace("+60.25", amount).encode("utf-8"))
    assert [line.amount_cents for line in read.lines] == [-1050]
    assert "BANK_RECORD_UNREADABLE" in [each.code for each in read.findings]


def test_an_ofx_without_a_bank_statement_is_refused() -> None:
    with pytest.raises(BankFileError):
        read_ofx(b"OFXHEADER:100\n\n<OFX><SIGNONMSGSRSV1></SIGNONMSGSRSV1></OFX>")


def test_a_declared_entity_is_not_expanded() -> None:
    hostile = SGML.replace("<OFX>", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><OFX>').replace(
        "CAF\u00c9", "&e;"
    )
    assert read_ofx(hostile.encode("cp1252")).lines[0].description.startswith("&e;")
