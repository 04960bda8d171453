"""What a person types into a field, as a value: money in cents, dates with the shortcuts of the trade."""

import re
from datetime import date, timedelta

from workbench.domain.money import NotAnAmountError, format_dollars, parse_typed_amount

_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})", re.ASCII)
_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_STEP = re.compile(r"[+-]\d{1,4}", re.ASCII)
# Two-digit years: dates of service and deposits lie near today, births are picked with four digits.
_PIVOT = 70


class NotTypedRightError(ValueError):
    """The text is not such a value; the message says what to type."""


def typed_date(text: str, today: date, current: date | None = None) -> date | None:
    """`mm/dd/yyyy`, `m/d/yy`, `mmddyyyy`, `t` for today, `+1` and `-7` from the date that stood there (or today)."""
    word = text.strip().lower()
    if not word:
        return None
    if word == "t":
        return today
    try:
        if _STEP.fullmatch(word):
            return (current or today) + timedelta(days=int(word))
        if iso := _ISO.fullmatch(word):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if match := _DATE.fullmatch(word) or _DIGITS.fullmatch(word):
            return date(_year(match[3]), int(match[1]), int(match[2]))
    except (ValueError, OverflowError):
        pass
    raise NotTypedRightError("Type a date as mm/dd/yyyy, or t for today.")


def _year(digits: str) -> int:
    number = int(digits)
    if len(digits) == 4:
        return number
    return number + (1900 if number >= _PIVOT else 2000)


def date_text(value: date | None) -> str:
    return value.strftime("%m/%d/%Y") if value else ""


def typed_money(text: str) -> int | None:
    """Cents, or None for nothing typed."""
    if not text.strip():
        return None
    try:
        return parse_typed_amount(text)
    except NotAnAmountError as problem:
        raise NotTypedRightError("Type an amount such as 1234.50.") from problem


def money_text(value: int | None) -> str:
    return "" if value is None else format_dollars(value)


def typed_number(text: str) -> int | None:
    word = text.strip().replace(",", "")
    if not word:
        return None
    if not word.isascii() or not word.isdigit() or len(word) > 9:
        raise NotTypedRightError("Type a whole number.")
    return int(word)
