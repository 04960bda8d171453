"""Text, dates and amounts of bank files, strictly: an amount that is not whole cents is refused, never rounded."""

import re
from datetime import date, datetime

from workbench.bank.statement import BankFileError
from workbench.domain.money import Cents, NotAnAmountError

_POINT_AMOUNT = re.compile(r"([+-]?)([0-9]{0,15})(?:[.]([0-9]*))?", re.ASCII)
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of a bank file: byte order mark, then the declared encoding, then UTF-8, then Windows-1252.

    Raises BankFileError for binary data.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strict(data, encoding)
    if b"\x00" in data:
        raise BankFileError("This is not a text file of a bank.")
    for encoding in filter(None, (declared, "utf-8", "cp1252")):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise BankFileError("The file is damaged: its text does not follow its byte order mark.") from None


def decimal_cents(text: str) -> Cents:
    """Cents of a decimal with `.` or, as OFX allows, `,` before the cents; no thousands separator.

    Raises NotAnAmountError, also for a third decimal that is not zero.
    """
    match = _POINT_AMOUNT.fullmatch(text.strip().replace(",", "."))
    if match is None or not (match[2] or match[3]):
        raise NotAnAmountError("not an amount")
    part = match[3] or ""
    if part[2:].strip("0"):
        raise NotAnAmountError("not whole cents")
    cents = int(match[2] or "0") * 100 + int((part + "00")[:2])
    return -cents if match[1] == "-" else cents


def compact_date(text: str) -> date:
    """A date `YYMMDD` (BAI2) or `YYYYMMDD` with anything behind it (OFX). Raises ValueError."""
    digits = re.match(r"[0-9]*", text, re.ASCII)
    found = digits[0] if digits else ""
    if len(found) == 6:
        return datetime.strptime(found, "%y%m%d").date()  # noqa: DTZ007 - a business date has no zone
    if len(found) < 8:
        raise ValueError("not a date")
    return date(int(found[:4]), int(found[4:6]), int(found[6:8]))
