"""BAI2: the example of the specification, control figures, and the `bai2` package as a second opinion."""

from datetime import date

import pytest
from bai2 import bai2 as oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.bank.bai2 import read_bai2
from workbench.domain.bank import read_traces

# The specification's own example of funds types and continuations, its trailers put right for one group.
EXAMPLE = """01,122099999,123456789,040621,0200,1,65,,2/
02,031001234,122099999,1,040620,2359,,2/
03,0123456789,,010,+4350000,,,040,2830000,,/
88,072,1020000,,,074,500000,,/
16,115,450000,S,100000,200000,150000,,,/
16,115,10000000,S,5000000,4000000,1000000/
88,AX13612,B096132,AMALGAMATED CORP. LOCKBOX
88,DEPOSIT-MISC. RECEIVABLES
49,19150000,7/
98,19150000,1,9/
99,19150000,1,11/
"""


def codes(text: str) -> list[str]:
    return [each.code for each in read_bai2(text).findings]


def test_the_specification_example() -> None:
    read = read_bai2(EXAMPLE)
    assert [each.code for each in read.findings] == ["BANK_BALANCE_MISSING"]  # it states no closing ledger
    statement = read.statements[0]
    assert (statement.account, statement.opening_cents, statement.closing_cents) == (
        "0123456789",
        4350000,
        None,
    )
    first, second = read.lines
    assert (first.amount_cents, first.posted_date, first.bank_reference) == (450000, date(2004, 6, 20), "")
    assert (second.amount_cents, second.bank_reference, second.customer_reference, second.description) == (
        10000000,
        "AX13612",
        "B096132",
        "AMALGAMATED CORP. LOCKBOX DEPOSIT-MISC. RECEIVABLES",
    )


def day(*details: str, opening: int = 100_00, closing: int | None = None) -> str:
    """A correct file of one account; `details` are whole 16 records, each with its own 88s."""
    rows = [row for detail in details for row in detail.split("\n")]
    amounts = [int(row.split(",")[2]) for row in rows if row.startswith("16,")]
    signs = [1 if row.split(",")[1] < "400" else -1 for row in rows if row.startswith("16,")]
    moved = sum(sign * amount for sign, amount in zip(signs, amounts, strict=True))
    closing = opening + moved if closing is None else closing
    control = opening + closing + sum(amounts)
    return "\n".join(
        [
            "01,BANK,OFFICE,261102,0600,1,,,2/",
            "02,OFFICE,BANK,1,261101,2359,USD,2/",
            f"03,00012345,USD,010,{opening},,,015,{closing},,/",
            *rows,
            f"49,{control},{len(rows) + 2}/",
            f"98,{control},1,{len(rows) + 4}/",
            f"99,{control},1,{len(rows) + 6}/",
        ]
    )


def test_credits_debits_and_the_proven_balance() -> None:
    read = read_bai2(day("16,165,12345,0,REF1,,PAYER A/", "16,475,2000,V,261103,,REF2,1001,CHECK PAID/"))
    assert read.findings == ()
    assert [line.amount_cents for line in read.lines] == [12345, -2000]
    assert read.lines[1].value_date == date(2026, 11, 3)
    assert (read.statements[0].opening_cents, read.statements[0].closing_cents) == (10000, 20345)


def test_a_trace_cut_by_a_row_end_is_closed_up() -> None:
    cut = "16,165,500,,REF1,,HCCLAIMPMT ADDENDA TRN*1*0012\n88,3456*1512345678\\"
    text = read_bai2(day(cut)).lines[0].description
    assert [(trace.number, trace.originator) for trace in read_traces(text)] == [("00123456", "1512345678")]


def test_text_keeps_its_commas_and_slashes() -> None:
    line = read_bai2(day("16,165,500,D,2,0,100,1,400,REF1,SLIP7,SMITH, JONES 11/01\n88,SECOND ROW/")).lines[0]
    assert (line.bank_reference, line.customer_reference) == ("REF1", "SLIP7")
    assert line.description == "SMITH, JONES 11/01 SECOND ROW"


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ("49,", "49,1", "BANK_CONTROL_TOTAL"),
        ("98,", "98,1", "BANK_CONTROL_TOTAL"),
        ("99,", "99,1", "BANK_CONTROL_TOTAL"),
        (",3/", ",4/", "BANK_COUNT"),
        (",1,5/", ",2,5/", "BANK_COUNT"),
        (",1,7/", ",1,8/", "BANK_COUNT"),
        ("015,10500", "015,10501", "BANK_BALANCE"),
        ("16,165", "16,777", "BANK_RECORD_UNREADABLE"),
        ("16,165,500", "16,165,5.00", "BANK_RECORD_UNREADABLE"),
        ("OFFICE,BANK,1", "OFFICE,BANK,4", "BANK_NOT_LOADED"),
        ("USD,2/", "USD,3/", "BANK_INTERIM"),
        ("\n99,", "\n77,", "BANK_TRUNCATED"),
    ],
)
def test_what_does_not_add_up_is_a_finding(good: str, bad: str, code: str) -> None:
    text = day("16,165,500,0,REF1,,PAYER A/")
    assert codes(text) == []
    assert good in text
    assert code in codes(text.replace(good, bad))


def test_a_group_marked_as_test_is_not_loaded() -> None:
    assert read_bai2(day("16,165,500,0,R,,A/").replace("OFFICE,BANK,1", "OFFICE,BANK,4")).lines == ()


def test_other_lines_still_load_beside_an_unreadable_one() -> None:
    text = day("16,165,500,0,REF1,,A/", "16,165,700,0,REF2,,B/").replace("16,165,500", "16,165,5O0")
    assert [line.amount_cents for line in read_bai2(text).lines] == [700]


WORDS = st.text("ABCDEFGHIJ KLM0123456789-.", min_size=1, max_size=30).map(lambda text: f"X{text.strip()}X")
DETAILS = st.lists(
    st.tuples(
        st.sampled_from(["165", "115", "142", "475", "555"]), st.integers(0, 10**9), WORDS, WORDS, WORDS
    ),
    min_size=1,
    max_size=8,
)


@given(DETAILS)
@settings(max_examples=60, deadline=None)
def test_reads_what_the_second_reader_reads(details: list[tuple[str, int, str, str, str]]) -> None:
    text = day(*(f"16,{code},{cents},0,{a},{b},{words}" for code, cents, a, b, words in details))
    theirs = oracle.parse_from_string(text).children[0].children[0].children
    ours = read_bai2(text)
    assert ours.findings == ()
    assert [
        (abs(line.amount_cents), line.bank_reference, line.customer_reference, line.description)
        for line in ours.lines
    ] == [(each.amount, each.bank_reference, each.customer_reference, each.text) for each in theirs]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_one_changed_digit_of_an_amount_is_always_found(data: st.DataObject) -> None:
    text = day("16,165,12345,0,REF1,,A/", "16,475,2000,0,REF2,,B/", "16,115,777,0,REF3,,C/")
    rows = text.split("\n")
    places = [
        (row, start + index)
        for row, start, amount in [
            (2, 20, "10000"),
            (2, 32, "21122"),
            (3, 7, "12345"),
            (4, 7, "2000"),
            (5, 7, "777"),
        ]
        for index in range(len(amount))
    ]
    row, column = data.draw(st.sampled_from(places))
    old = rows[row][column]
    new = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != old]))
    assert old.isdigit()
    rows[row] = rows[row][:column] + new + rows[row][column + 1 :]
    assert {"BANK_CONTROL_TOTAL", "BANK_BALANCE"} <= set(codes("\n".join(rows)))
