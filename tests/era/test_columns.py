"""Vectorised amounts and dates against the one-by-one readers that the rest of the program uses."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.money import NotAnAmountError, parse_x12_amount
from workbench.era.columns import NO_DATE, amounts, dates, first_of
from workbench.era.delimiters import Delimiters
from workbench.era.tokens import Segments, Tokens

EPOCH = date(1970, 1, 1)
ODD = (
    "", "-", ".", "-.", "0", "-0", "1", "12.3", "-4.56", "123456.78", "12345678", "99999.99", "-12345.67", "00.10",
    ".5", "-.5", "1.", "1.230", "1.234", "1e5", "1_0", "--1", "1-", "+1", "1.2.3", " 1", "1 ", "NaN", "Infinity",
    "1234567890123.45", "123456789012345", "1234567890123456", "\u0663", "0x10", "1,000",
)  # fmt: skip


def elements(texts: list[str]) -> Segments:
    """One segment for each text, with the text as its only element."""
    data = "".join(f"AB*{text}~" for text in texts).encode()
    tokens = Tokens(data, 0, len(data), Delimiters())
    assert len(tokens) == len(texts)
    return tokens.pick(np.arange(len(texts)))


def one_by_one(text: str) -> int | None:
    try:
        return parse_x12_amount(text)
    except NotAnAmountError:
        return None


def read_amounts(texts: list[str]) -> list[int | None]:
    segments = elements(texts)
    cents, readable = amounts(segments.tokens, segments.element(1))
    return [int(value) if known else None for value, known in zip(cents, readable, strict=True)]


def test_odd_amounts() -> None:
    assert read_amounts(list(ODD)) == [one_by_one(text) for text in ODD]


@given(st.lists(st.text("0123456789.-", max_size=18), min_size=1, max_size=30))
def test_amounts_as_read_one_by_one(texts: list[str]) -> None:
    assert read_amounts(texts) == [one_by_one(text) for text in texts]


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=30))
def test_whole_cents_come_back(cents: list[int]) -> None:
    texts = [f"{'-' if value < 0 else ''}{abs(value) // 100}.{abs(value) % 100:02d}" for value in cents]
    assert read_amounts(texts) == cents


def read_dates(texts: list[str]) -> list[date | None]:
    segments = elements(texts)
    days = dates(segments.tokens, segments.element(1))
    return [None if day == NO_DATE else EPOCH + timedelta(days=int(day)) for day in days]


@given(st.lists(st.dates(date(1850, 1, 1), date(2150, 12, 31)), min_size=1, max_size=30))
def test_dates_come_back(days: list[date]) -> None:
    assert read_dates([f"{day:%Y%m%d}" for day in days]) == days


@pytest.mark.parametrize(
    "text",
    ["", "20260230", "20250229", "20261301", "20260001", "20260100", "20260132", "00000000", "99999999", "2026010",
     "202601011", "2026-1-1", "18491231", "21510101", "2026O101", "260101"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert read_dates([text, "20240229"]) == [None, date(2024, 2, 29)]


def test_first_of_takes_the_first_and_knows_who_has_none() -> None:
    assert first_of(np.array([0, 0, 2, 2], np.int32), 4).tolist() == [0, -1, 2, -1]
