"""What people type (spec: t for today, m/d/yy), expected values by hand."""

from datetime import date

import pytest

from workbench.widgets.kit.typed import NotTypedRightError, typed_date, typed_money, typed_number

TODAY = date(2026, 3, 9)
STANDING = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("typed", "current", "expected"),
    [
        ("", None, None),
        ("t", None, TODAY),
        (" T ", STANDING, TODAY),
        ("+1", None, date(2026, 3, 10)),
        ("-9", None, date(2026, 2, 28)),
        ("+1", STANDING, date(2026, 2, 1)),
        ("03/09/2026", None, date(2026, 3, 9)),
        ("3/9/26", None, date(2026, 3, 9)),
        ("3-9-26", None, date(2026, 3, 9)),
        ("030926", None, date(2026, 3, 9)),
        ("03092026", None, date(2026, 3, 9)),
        ("2026-03-09", None, date(2026, 3, 9)),
        ("1/1/70", None, date(1970, 1, 1)),
        ("1/1/69", None, date(2069, 1, 1)),
        ("2/29/2024", None, date(2024, 2, 29)),
    ],
)
def test_dates(typed: str, current: date | None, expected: date | None) -> None:
    assert typed_date(typed, TODAY, current) == expected


@pytest.mark.parametrize(
    "typed", ["2/29/2026", "13/1/2026", "yesterday", "1/1", "+99999", "٣/٩/٢٠٢٦", "0/1/2026"]
)
def test_what_is_no_date_says_what_to_type(typed: str) -> None:
    with pytest.raises(NotTypedRightError, match="mm/dd/yyyy"):
        typed_date(typed, TODAY)


def test_a_step_out_of_the_calendar_is_no_fault() -> None:
    with pytest.raises(NotTypedRightError):
        typed_date("+9999", date(9999, 12, 31))


@pytest.mark.parametrize(
    ("typed", "cents"), [("", None), ("12", 1200), ("$1,234.5", 123450), ("(3.00)", -300), ("-0.01", -1)]
)
def test_money(typed: str, cents: int | None) -> None:
    assert typed_money(typed) == cents


@pytest.mark.parametrize("typed", ["1.234", "twelve", "1e5", "1_000", "NaN"])
def test_what_is_no_amount_says_what_to_type(typed: str) -> None:
    with pytest.raises(NotTypedRightError, match=r"1234\.50"):
        typed_money(typed)


def test_numbers() -> None:
    assert typed_number("1,250") == 1250
    assert typed_number(" ") is None
    for typed in ("1.5", "-1", "٣", "1234567890"):
        with pytest.raises(NotTypedRightError):
            typed_number(typed)
