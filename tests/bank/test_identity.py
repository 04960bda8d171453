"""Who a bank line is: the same statement twice is one, true twins are two; and no file breaks the reader."""

import random
from dataclasses import replace
from datetime import date

import pytest

from workbench.bank.identity import line_keys
from workbench.bank.reader import read_bank_file
from workbench.bank.statement import MOST_FINDINGS_PER_CODE, BankFileError, capped, finding
from workbench.domain.bank import BankLine, Trace, normal_trace, read_traces
from workbench.domain.findings import Severity

LINE = BankLine(0, 4, "00012345", date(2026, 11, 2), 5000, bank_reference="R1", description="PAYER A")


def test_twins_are_kept_and_flagged_and_come_out_the_same_again() -> None:
    keys, findings = line_keys([LINE, replace(LINE, record=5), replace(LINE, record=6, bank_reference="R2")])
    assert len(set(keys)) == 3
    assert [(each.code, each.segment) for each in findings] == [("BANK_TWIN", 5)]
    assert line_keys([replace(LINE, record=9), replace(LINE, record=10)])[0] == keys[:2]


@pytest.mark.parametrize(
    "other",
    [
        replace(LINE, account="00012346"),
        replace(LINE, posted_date=date(2026, 11, 3)),
        replace(LINE, amount_cents=5001),
        replace(LINE, bank_reference="R2"),
        replace(LINE, bank_reference="", description="PAYER B"),
    ],
)
def test_anything_else_makes_another_line(other: BankLine) -> None:
    assert not set(line_keys([LINE])[0]) & set(line_keys([other])[0])


def test_without_a_reference_the_words_tell_lines_apart_but_blanks_do_not() -> None:
    plain = replace(LINE, bank_reference="000")
    assert line_keys([plain])[0] == line_keys([replace(plain, description="  payer   a ")])[0]
    assert line_keys([plain])[0] != line_keys([replace(plain, description="PAYER B")])[0]


@pytest.mark.parametrize(
    ("text", "traces"),
    [
        ("HCCLAIMPMT TRN*1*0012345*1512345678\\ ", [Trace("0012345", "1512345678")]),
        ("TRN*1*EFT-123*1512345678*000012345~", [Trace("EFT-123", "1512345678", "000012345")]),
        ("TRN*1*12345", [Trace("12345")]),
        ("TRN*1*12345 OTHER WORDS", [Trace("12345")]),
        ("TRN*1*12345\\GE*1", [Trace("12345")]),
        ("trn^1^55 66^1512345678\\", [Trace("55 66", "1512345678")]),
        ("TRN*1*7*1512345678\\ TRN*1*8*1512345678\\", [Trace("7", "1512345678"), Trace("8", "1512345678")]),
        ("RETURN*1*55*1512345678\\", []),
        ("TRN*2*55*1512345678\\", []),
        ("TRN*1**1512345678\\", []),
    ],
)
def test_the_trace_is_read_out_of_any_text(text: str, traces: list[Trace]) -> None:
    assert list(read_traces(text)) == traces


@pytest.mark.parametrize(
    ("written", "compared"), [("000eft-12 3", "EFT123"), ("0", ""), ("00100", "100"), ("A0", "A0")]
)
def test_traces_are_compared_without_case_zeros_and_punctuation(written: str, compared: str) -> None:
    assert normal_trace(written) == compared


def test_findings_of_one_kind_are_capped_and_counted() -> None:
    many = capped(finding("BANK_TWIN", Severity.WARNING, "again") for _ in range(MOST_FINDINGS_PER_CODE + 7))
    assert len(many) == MOST_FINDINGS_PER_CODE + 1
    assert many[-1].context == {"more": 7}


SEEDS = [
    (
        b"01,B,O,261102,0600,1,,,2/\n02,O,B,1,261101,2359,USD,2/\n03,1,USD,010,100,,,015,600,,/\n16,165,500,S,1,2,3,R,,A\n"
        b"88,MORE\n49,1200,4/\n98,1200,1,6/\n99,1200,1,8/\n"
    ),
    b"OFXHEADER:100\n\n<OFX><STMTRS><BANKTRANLIST><STMTTRN><DTPOSTED>20261102<TRNAMT>5.00<FITID>1</STMTTRN></STMTRS></OFX>",
    (
        b'<Document><BkToCstmrStmt><Stmt><Ntry><Amt Ccy="USD">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt>'
        b"<Dt>2026-11-02</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>"
    ),
]


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_a_damaged_file_is_read_or_refused_but_never_breaks(seed: int) -> None:
    chance = random.Random(seed)
    outcomes = set()
    for _ in range(1500):
        data = bytearray(SEEDS[seed])
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 2)] = bytes(
                chance.choices(b"0123456789,/<>\n*-.A\xe9\x00", k=chance.randint(0, 3))
            )
        try:
            read = read_bank_file(bytes(data))
        except BankFileError:
            outcomes.add("refused")
        else:
            outcomes.add("read")
            assert all(isinstance(line.amount_cents, int) for line in read.lines)
    assert outcomes == {"refused", "read"}
