"""Money is an `int` of US cents, from file to screen. Nothing here, or anywhere, makes it a float."""

import re

Cents = int

# An X12 amount (data type R, 835 TR3 B.1.1.3.1.2): ASCII digits, an optional leading minus and an
# optional decimal point. `Decimal()` and `int()` accept much more (underscores, NaN, Arabic digits).
_X12_AMOUNT = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{0,15})(?:\.(?P<part>[0-9]*))?", re.ASCII)
_TYPED_AMOUNT = re.compile(
    r"(?P<sign>-?)\$?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{0,13})(?:\.(?P<part>[0-9]{0,2}))?", re.ASCII
)


class NotAnAmountError(ValueError):
    """The text is no amount of money. The text itself is not repeated: it may be a name in the wrong place."""


def _cents(sign: str, whole: str, part: str) -> Cents:
    cents = int(whole or "0") * 100 + int((part + "00")[:2])
    return -cents if sign else cents


def parse_x12_amount(text: str) -> Cents:
    """Cents of an X12 monetary element (`"1234.5"` is 123450).

    Raises NotAnAmountError for anything else, and for a third decimal which is not zero: rounding
    money that a payer sent would be forcing it (spec deposits 4, "Findings, never forced").
    """
    match = _X12_AMOUNT.fullmatch(text)
    if match is None:
        raise NotAnAmountError("not an X12 amount")
    part = match["part"] or ""
    if not (match["whole"] or part) or part[2:].strip("0"):
        raise NotAnAmountError("not an X12 amount in whole cents")
    return _cents(match["sign"], match["whole"], part)


def parse_typed_amount(text: str) -> Cents:
    """Cents of what a person typed: `1234.5`, `1,234.50`, `$12`, `(12.00)` or `-12`.

    Raises NotAnAmountError when it is no amount.
    """
    typed = text.strip()
    if typed.startswith("(") and typed.endswith(")"):
        typed = "-" + typed[1:-1].strip()
    match = _TYPED_AMOUNT.fullmatch(typed)
    if match is None or not (match["whole"] or match["part"]):
        raise NotAnAmountError("not an amount: type dollars and cents, such as 1234.50")
    return _cents(match["sign"], match["whole"].replace(",", ""), match["part"] or "")


def format_cents(cents: Cents) -> str:
    """`-123456` as `-1234.56`: the form in JSON and CSV, two decimals, no separators."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def format_dollars(cents: Cents) -> str:
    """`-123456` as `-1,234.56`: the form on screen."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def largest_remainder(total: Cents, weights: list[int]) -> list[Cents]:
    """Spread `total` over `weights` in proportion, to the cent (spec deposits 8 row 14).

    The parts sum to `total` exactly; the cents left over by rounding down go to the largest
    remainders, ties to the earlier part. All-zero weights spread evenly. Weights are not negative.

    Raises ValueError when there is nothing to spread over or a weight is negative.
    """
    if not weights or min(weights) < 0:
        raise ValueError("weights must be one or more numbers that are not negative")
    sum_of_weights = sum(weights)
    if sum_of_weights == 0:
        return largest_remainder(total, [1] * len(weights))
    amount = abs(total)
    parts = [amount * weight // sum_of_weights for weight in weights]
    remainders = [amount * weight % sum_of_weights for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts if total >= 0 else [-part for part in parts]
