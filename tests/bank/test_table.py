"""CSV and XLSX with column profiles."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from workbench.bank.profile import ColumnProfile
from workbench.bank.reader import UnknownColumnsError, read_bank_file
from workbench.bank.statement import BankFile, BankFileError

PROFILE = ColumnProfile(
    name="First Example Bank",
    headings=("Date", "Description", "Debit", "Credit", "Balance", "Reference"),
    date="Date",
    credit="Credit",
    debit="Debit",
    balance="Balance",
    bank_reference="Reference",
    texts=("Description",),
    account_number="00012345",
)
OLDEST_FIRST = [
    ["11/02/2026", "PAYER A", "", "1,060.25", "1,160.25", "R1"],
    ["11/03/2026", "FEE", "10.00", "", "1,150.25", "R2"],
    ["11/03/2026", "DEPOSIT", "0.00", "5.00", "1,155.25", "R3"],
]


def csv_of(rows: list[list[str]], separator: str = ",") -> bytes:
    quoted = [[f'"{cell}"' for cell in row] for row in [list(PROFILE.headings), *rows]]
    return ("Account 00012345\r\n\r\n" + "\r\n".join(separator.join(row) for row in quoted)).encode()


def codes(read: BankFile) -> list[str]:
    return [each.code for each in read.findings]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newest_first", [False, True])
def test_lines_and_running_balance(separator: str, newest_first: bool) -> None:
    rows = OLDEST_FIRST[::-1] if newest_first else OLDEST_FIRST
    read = read_bank_file(csv_of(rows, separator), profiles=[PROFILE])
    assert (read.kind, codes(read)) == ("CSV", [])
    assert sorted(line.amount_cents for line in read.lines) == [-1000, 500, 106025]
    statement = read.statements[0]
    assert (statement.account, statement.opening_cents, statement.closing_cents) == (
        "00012345",
        10000,
        115525,
    )
    assert (statement.from_date, statement.to_date) == (date(2026, 11, 2), date(2026, 11, 3))


def test_a_missing_row_breaks_the_running_balance() -> None:
    assert "BANK_BALANCE" in codes(
        read_bank_file(csv_of([OLDEST_FIRST[0], OLDEST_FIRST[2]]), profiles=[PROFILE])
    )


def test_a_row_without_an_amount_is_a_finding() -> None:
    rows = [*OLDEST_FIRST, ["11/04/2026", "PAYER B", "", "12.3.4", "1,167.55", "R4"]]
    read = read_bank_file(csv_of(rows), profiles=[PROFILE])
    assert (codes(read), len(read.lines)) == (["BANK_RECORD_UNREADABLE"], 3)


def test_a_workbook_reads_the_same() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(list(PROFILE.headings))
    sheet.append([date(2026, 11, 2), "PAYER A", None, 1060.25, 1160.25, "R1"])
    sheet.append([date(2026, 11, 3), "FEE", 10, None, 1150.25, "R2"])
    sheet.append([date(2026, 11, 3), "DEPOSIT", None, 0.1 + 0.2, 1150.55, "R3"])
    stored = io.BytesIO()
    book.save(stored)
    read = read_bank_file(stored.getvalue(), profiles=[PROFILE])
    assert (read.kind, codes(read)) == ("XLSX", [])
    assert [line.amount_cents for line in read.lines] == [106025, -1000, 30]


def test_unknown_columns_come_with_a_suggestion_that_reads_the_file() -> None:
    data = b"Posting Date,Details,Amount,Balance\n2026-11-02,PAYER A,10.00,110.00\n"
    with pytest.raises(UnknownColumnsError) as caught:
        read_bank_file(data)
    suggestion = caught.value.suggestion
    assert suggestion is not None
    saved = ColumnProfile.from_json(suggestion.as_json())
    assert saved == suggestion
    line = read_bank_file(data, profiles=[saved]).lines[0]
    assert (line.posted_date, line.amount_cents, line.description) == (date(2026, 11, 2), 1000, "PAYER A")


def test_a_bank_that_writes_a_decimal_comma_and_its_own_side() -> None:
    profile = ColumnProfile(
        "Other", ("Date", "Amount", "Text"), date="Date", date_format="%d.%m.%Y", amount="Amount", texts=("Text",),
        decimal_comma=True, negative_is_credit=True, account_number="1",
    )  # fmt: skip
    read = read_bank_file(b'Date;Amount;Text\n02.11.2026;"-1.060,25";A\n', profiles=[profile])
    assert read.lines[0].amount_cents == 106025


def test_a_profile_that_says_too_little_is_refused() -> None:
    with pytest.raises(BankFileError):
        ColumnProfile("x", ("Date", "Amount"), date="Date")
    with pytest.raises(BankFileError):
        ColumnProfile("x", ("Date",), date="Date", amount="Amount")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04damaged", b"\x00\x01\x02", b"just words", b"\xff\xfe\x00"])
def test_other_files_are_refused_in_plain_words(data: bytes) -> None:
    with pytest.raises(BankFileError):
        read_bank_file(data, profiles=[PROFILE])
