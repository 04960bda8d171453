"""Texts, amounts and dates of many elements at once: from places in the bytes to typed columns.

An element that is empty or absent gives null. One that is no amount or date gives null too, and the
caller makes a finding of it: never 0.
"""

import calendar
import itertools
from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.money import NotAnAmountError, parse_x12_amount
from workbench.era.tokens import Bools, Bounds, Ints, Tokens, Words

Days = npt.NDArray[np.int32]  # since 1970-01-01
Numbers = npt.NDArray[np.int32]

FIRST_YEAR, LAST_YEAR = 1850, 2150  # a date outside is a slip of the payer's program, not a date
NO_DATE = np.int32(np.iinfo(np.int32).min)
_ZEROS = np.uint64(0x3030303030303030)
_UNUSED = np.array([(1 << 8 * (8 - size)) - 1 for size in range(9)], np.uint64)  # bytes before the text


def arrow(
    values: npt.NDArray[np.integer], missing: Bools | None = None, kind: pa.DataType | None = None
) -> pa.Array:
    """Numbers as an Arrow array, null where missing; the values are shared, not copied.

    `pa.array` would do, but it copies when there are nulls, and like every call that takes a Python
    value it imports pandas, which this room does not need: 40 MB and half a second of a first read.
    """
    validity = None
    if missing is not None and missing.any():
        validity = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    kind = kind or (pa.int32() if values.dtype == np.int32 else pa.int64())
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(np.ascontiguousarray(values))])


def listed(values: Sequence[str | int | None], kind: pa.DataType) -> pa.Array:
    """Python texts or numbers as an Arrow array (see `arrow`)."""
    missing = np.array([value is None for value in values], np.bool_)
    if kind != pa.string():
        numbers: Ints = np.array([value or 0 for value in values], np.int64)
        return arrow(numbers.astype(np.int32) if kind == pa.int32() else numbers, missing, kind)
    encoded = [str(value or "").encode() for value in values]
    offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    validity = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    buffers = [validity, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(kind, len(values), buffers)


def strings(tokens: Tokens, bounds: Bounds) -> pa.Array:
    """The texts; null where empty. Bytes that are not UTF-8 are read as Latin-1, so nothing is lost."""
    starts, ends = bounds
    empty = starts == ends
    if empty.all():
        return pa.nulls(len(starts), pa.string())
    sizes = ends - starts
    size = int(sizes[0])
    if tokens.plain and size <= 8 and (sizes == size).all():
        return _of_one_size(tokens, starts, size)
    # Every text and every gap between two texts is one value over the bytes as they are; then the
    # texts are taken. The bounds rise, because rows and element numbers do.
    offsets = np.empty(2 * len(starts), np.int32)
    offsets[0::2], offsets[1::2] = starts, ends
    kind = pa.string() if tokens.plain else pa.binary()
    pieces = pa.Array.from_buffers(
        kind, len(offsets) - 1, [None, pa.py_buffer(offsets), tokens.buffer], null_count=0
    )
    chosen = np.arange(0, len(offsets), 2, dtype=np.int32)
    taken = pieces.take(arrow(chosen, empty))
    return taken if tokens.plain else _decoded(taken)


def _of_one_size(tokens: Tokens, starts: Ints, size: int) -> pa.Array:
    """Texts of the same few characters each, as most codes and qualifiers are: read as 64-bit words."""
    characters = tokens.words[starts].view(np.uint8).reshape(-1, 8)[:, :size]
    offsets = np.arange(0, size * len(starts) + 1, size, dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(characters))]
    return pa.Array.from_buffers(pa.string(), len(starts), buffers)


def _decoded(values: pa.Array) -> pa.Array:
    try:
        return values.cast(pa.string())
    except pa.ArrowInvalid:
        return listed(
            [None if value is None else text_of(value) for value in values.to_pylist()], pa.string()
        )


def text_of(value: bytes) -> str:
    """UTF-8, else Latin-1, in which every byte is a character."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def rejoined(values: pa.Array, separator: int, joint: str) -> pa.Array:
    """Elements or components that are joined by another character than their separator."""
    validity, offsets, data = values.buffers()
    if data is None:
        return values
    text = np.frombuffer(data, np.uint8)
    replaced = np.where(text == separator, np.uint8(ord(joint)), text)
    return pa.Array.from_buffers(values.type, len(values), [validity, offsets, pa.py_buffer(replaced)])


def cents_column(cents: Ints, known: Bools) -> pa.Array:
    """Cents, null where not known."""
    return arrow(cents, ~known)


def date_column(days: Days) -> pa.Array:
    """Dates from days since 1970, null at NO_DATE."""
    return arrow(days, days == NO_DATE, pa.date32())


def joined(values: pa.Array, owners: Numbers, count: int, separator: str) -> pa.Array:
    """The texts of each owner in one text; null for an owner without any. `owners` rises."""
    if len(values) == 0:
        return pa.nulls(count, pa.string())
    held = np.bincount(owners, minlength=count)
    if len(values) == np.count_nonzero(held):  # nobody has two
        return values if len(values) == count else picked(values, first_of(owners, count))
    offsets = np.concatenate(([0], np.cumsum(held))).astype(np.int32)
    validity = pa.py_buffer(np.packbits(held > 0, bitorder="little"))
    lists = pa.Array.from_buffers(
        pa.list_(pa.string()), count, [validity, pa.py_buffer(offsets)], children=[values]
    )
    return pc.binary_join(lists, listed([separator], pa.string())[0])


def first_of(owners: Numbers, count: int) -> Ints:
    """For each owner the place of its first value, -1 when it has none."""
    first = np.full(count, -1, np.int64)
    first[owners[::-1]] = np.arange(len(owners) - 1, -1, -1)
    return first


def picked(values: pa.Array, places: Ints) -> pa.Array:
    """The values at the places, null at -1."""
    missing = places < 0
    if missing.all():
        return pa.nulls(len(places), values.type)
    return values.take(arrow(places, missing))


def picked_days(days: Days, places: Ints) -> Days:
    """The days at the places, NO_DATE at -1."""
    return np.append(days, np.int32(NO_DATE))[places]


def amounts(tokens: Tokens, bounds: Bounds) -> tuple[Ints, Bools]:
    """Cents, and which of the elements are amounts (X12 data type R; see `domain.money`).

    Up to eight characters after the sign are read as one 64-bit word: the decimal point is taken
    out, and three multiplications add up the digits. The few longer ones are read one by one.
    """
    starts, ends = bounds
    negative = (tokens.bytes[starts] == ord("-")) & (ends > starts)
    sizes = ends - starts - negative
    unused = _UNUSED[np.clip(sizes, 0, 8)]
    digits, scale, readable = _without_point((tokens.words[ends - 8] & ~unused) | (_ZEROS & unused), sizes)
    readable &= (sizes > 0) & (sizes <= 8) & _all_digits(digits)
    cents = (_number(digits) * scale).astype(np.int64)
    np.negative(cents, out=cents, where=negative)
    for row in np.flatnonzero(~readable & (sizes > 0)):
        try:
            cents[row] = parse_x12_amount(text_of(tokens.bytes[starts[row] : ends[row]].tobytes()))
        except NotAnAmountError:
            continue
        readable[row] = True
    return cents, readable


def _without_point(word: Words, sizes: Ints) -> tuple[Words, Words, Bools]:
    """The eight characters without their decimal point, what to multiply by for cents, and whether
    there was more than a point. The last character stands in the highest byte.
    """
    two = (word >> np.uint64(40)) & np.uint64(0xFF) == ord(".")
    one = (word >> np.uint64(48)) & np.uint64(0xFF) == ord(".")
    none = word >> np.uint64(56) == ord(".")
    moved = (word << np.uint64(8)) | np.uint64(ord("0"))
    after = np.where(two, np.uint64(0xFFFF << 48), np.where(one, np.uint64(0xFF << 56), np.uint64(0)))
    digits = np.where(two | one | none, (word & after) | (moved & ~after), word)
    scale = np.where(two, np.uint64(1), np.where(one, np.uint64(10), np.uint64(100)))
    return digits, scale, ~(none & (sizes == 1))


def _all_digits(word: Words) -> Bools:
    high = np.uint64(0xF0F0F0F0F0F0F0F0)
    digits: Bools = ((word & high) == _ZEROS) & (((word + np.uint64(0x0606060606060606)) & high) == _ZEROS)
    return digits


def _pairs(word: Words) -> Words:
    """Eight digit characters as four numbers of two digits, in bytes 0, 2, 4 and 6."""
    digits = word - _ZEROS
    return digits * np.uint64(10) + (digits >> np.uint64(8))


def _number(word: Words) -> Words:
    """Eight digit characters as a number."""
    pairs, every_fourth = _pairs(word), np.uint64(0x000000FF000000FF)
    outer = (pairs & every_fourth) * np.uint64(100 + (1_000_000 << 32))
    inner = ((pairs >> np.uint64(16)) & every_fourth) * np.uint64(1 + (10_000 << 32))
    return (outer + inner) >> np.uint64(32)


def dates(tokens: Tokens, bounds: Bounds) -> Days:
    """Days since 1970, NO_DATE where the element is no `CCYYMMDD` that exists."""
    starts, ends = bounds
    word = tokens.words[starts]
    shaped = (ends - starts == 8) & _all_digits(word)
    pairs = np.where(shaped, _pairs(word), np.uint64(0))
    century, year, month, day = (
        ((pairs >> np.uint64(shift)) & np.uint64(0xFF)).astype(np.int64) for shift in (0, 16, 32, 48)
    )
    year += century * 100 - FIRST_YEAR
    known = shaped & (year >= 0) & (year <= LAST_YEAR - FIRST_YEAR) & (month <= 12) & (day <= 31)
    return _calendar()[np.where(known, year * 512 + month * 32 + day, 0)]


@cache
def _calendar() -> Days:
    """Days since 1970 at `(year - FIRST_YEAR) * 512 + month * 32 + day`, `NO_DATE` where there is no such day."""
    table = np.full((LAST_YEAR + 1 - FIRST_YEAR) * 512, NO_DATE, np.int32)
    for year, month in itertools.product(range(FIRST_YEAR, LAST_YEAR + 1), range(1, 13)):
        first = date(year, month, 1).toordinal() - date(1970, 1, 1).toordinal()
        length = calendar.monthrange(year, month)[1]
        place = (year - FIRST_YEAR) * 512 + month * 32 + 1
        table[place : place + length] = np.arange(first, first + length)
    return table
