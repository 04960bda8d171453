"""The records of BAI2: physical rows joined with their 88s, fields, funds types, text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Detail codes say the direction of the amount by their range (BAI2, appendix A).
_CREDITS = (range(100, 400), range(920, 960))
_DEBITS = (range(400, 700), range(960, 1000))
_TRN_ENDS = re.compile(r"[\\~]")


@dataclass(slots=True)
class Record:
    """A logical record: the physical one and its 88s, already split where the fields are fixed."""

    code: str
    number: int
    parts: list[str]

    @property
    def physical(self) -> int:
        return len(self.parts)

    def fields(self) -> list[str]:
        """All fields behind the record code, continuations joined as if the record had been long."""
        return ",".join(part.rstrip().removesuffix("/") for part in self.parts).split(",")


class NotAFieldError(ValueError):
    """A field does not hold what the specification puts there."""


def records(text: str) -> Iterator[Record]:
    current: Record | None = None
    for number, row in enumerate(text.splitlines(), start=1):
        # Some banks put several records on one row, each ended by "/": only a header's end is certain.
        row = row.strip()  # noqa: PLW2901
        if not row:
            continue
        code, _, rest = row.partition(",")
        if code == "88" and current is not None:
            current.parts.append(rest)
            continue
        if current is not None:
            yield current
        current = Record(code, number, [rest])
    if current is not None:
        yield current


def whole(text: str) -> int:
    """An amount or count: digits with an optional sign, in cents, no decimal point; empty is 0."""
    digits = text.strip()
    if not digits:
        return 0
    if not (digits.lstrip("+-").isascii() and digits.lstrip("+-").isdigit() and len(digits) <= 18):
        raise NotAFieldError("not an amount in cents")
    return int(digits)


def skip_funds(fields: list[str], position: int) -> int:
    """Position behind a funds type and its details (BAI2: S has 3 amounts, V date and time, D n pairs)."""
    kind = fields[position].strip().upper() if position < len(fields) else ""
    if kind == "S":
        return position + 4
    if kind == "V":
        return position + 3
    if kind == "D":
        pairs = whole(fields[position + 1]) if position + 1 < len(fields) else 0
        return position + 2 + 2 * min(pairs, len(fields))
    return position + 1


def join_text(parts: list[str]) -> str:
    """Text of a 16 and its 88s. A TRN segment that a row cut in two is closed up, other rows get a blank."""
    text = ""
    for part in parts:
        piece = part.strip().removesuffix("/").strip()
        opened = text.upper().rfind("TRN*")
        cut = opened >= 0 and not _TRN_ENDS.search(text, opened) and "*" in text[opened + 4 :]
        continues = cut and _TRN_ENDS.search(piece) is not None
        text += piece if continues or not text else f" {piece}"
    return text.strip()


def direction(type_code: str) -> int:
    number = int(type_code) if type_code.isascii() and type_code.isdigit() else -1
    if any(number in codes for codes in _CREDITS):
        return 1
    if any(number in codes for codes in _DEBITS):
        return -1
    return 0


def text_of(record: Record, before: int) -> str:
    """Text behind the first `before` fields of a 16; from there on commas and slashes are text."""
    parts = list(record.parts)
    while parts and before:
        fields = parts[0].strip().removesuffix("/").split(",", before)
        if len(fields) > before:
            parts[0] = parts[0].strip().split(",", before)[before]
            before = 0
        else:
            before -= len(fields)
            parts.pop(0)
    return join_text(parts)
