"""The two sides as numpy arrays: text becomes codes once, after that everything is arithmetic."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NONE = -1
CARD_METHODS = ("VIRTUAL_CARD", "CARD")
SLIP_METHODS = ("CHECK", "CASH", "LOCKBOX")

DEPOSIT_COLUMNS = (
    "deposit_id", "practice_id", "payer_id", "amount_cents", "date", "pay_method", "trace", "trace_originator"
)  # fmt: skip
LINE_COLUMNS = (
    "line_id", "practice_id", "amount_cents", "date", "trace", "trace_originator", "payer_key", "reference", "is_card"
)  # fmt: skip


@dataclass(slots=True)
class Side:
    """Deposits or bank lines. A missing practice, payer, trace, originator or reference is `NONE`.

    Attributes:
        slip: deposits that travel to the bank on a slip with others.
        reference: on bank lines, the check or slip number, in the same codes as `trace`.
        free: not matched yet.
    """

    ids: Numbers
    practice: Numbers
    payer: Numbers
    amount: Numbers
    day: Numbers
    trace: Numbers
    originator: Numbers
    reference: Numbers
    card: Flags
    slip: Flags
    free: Flags

    def loose(self, also: Flags | None = None) -> Numbers:
        """Indexes of what is still free, among those where `also` holds."""
        return np.flatnonzero(self.free if also is None else self.free & also)


def sides(deposits: pa.Table, lines: pa.Table, aliases: pa.Table) -> tuple[Side, Side]:
    """The arrays of both sides, columns as `DEPOSIT_COLUMNS`, `LINE_COLUMNS`, aliases `payer_key, payer_id`."""
    trace, line_trace, reference = _codes(
        [normal_traces(column) for column in (deposits["trace"], lines["trace"], lines["reference"])]
    )
    originator, line_originator = _codes(
        [_filled_text(deposits["trace_originator"]), _filled_text(lines["trace_originator"])]
    )
    method = deposits["pay_method"]
    nothing = np.full(deposits.num_rows, NONE, np.int64)
    paid = Side(
        ids=_numbers(deposits["deposit_id"]),
        practice=_numbers(deposits["practice_id"]),
        payer=_numbers(deposits["payer_id"]),
        amount=_numbers(deposits["amount_cents"]),
        day=_days(deposits["date"]),
        trace=trace,
        originator=originator,
        reference=nothing,
        card=_flags(pc.is_in(method, pa.array(CARD_METHODS))),
        slip=_flags(pc.is_in(method, pa.array(SLIP_METHODS))),
        free=np.ones(deposits.num_rows, np.bool_),
    )
    banked = Side(
        ids=_numbers(lines["line_id"]),
        practice=_numbers(lines["practice_id"]),
        payer=_payers(lines["payer_key"], aliases),
        amount=_numbers(lines["amount_cents"]),
        day=_days(lines["date"]),
        trace=line_trace,
        originator=line_originator,
        reference=reference,
        card=_flags(lines["is_card"]),
        slip=np.zeros(lines.num_rows, np.bool_),
        free=np.ones(lines.num_rows, np.bool_),
    )
    paid.free &= (paid.amount > 0) & (paid.day != NONE)
    banked.free &= banked.amount > 0
    return paid, banked


def normal_traces(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """`workbench.domain.bank.normal_trace` for a whole column."""
    upper = pc.utf8_upper(_filled_text(column))
    bare = pc.replace_substring_regex(upper, pattern="[^A-Z0-9]", replacement="")
    return pc.ascii_ltrim(bare, characters="0")


def _filled_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(column.cast(pa.string()), "")


def _codes(columns: list[pa.ChunkedArray]) -> list[Numbers]:
    """Texts of several columns as numbers that are equal where the texts are; empty text is `NONE`."""
    chunks = [chunk for column in columns for chunk in column.chunks]
    encoded = pa.chunked_array(chunks, pa.string()).combine_chunks().dictionary_encode()
    codes = np.asarray(encoded.indices).astype(np.int64)
    empty = pc.index(encoded.dictionary, "").as_py()
    codes[codes == empty] = NONE
    return np.split(codes, np.cumsum([len(column) for column in columns])[:-1])


def _numbers(column: pa.ChunkedArray) -> Numbers:
    filled: Any = pc.fill_null(column.cast(pa.int64()), NONE)
    return np.array(filled.to_numpy(), np.int64)


def _days(column: pa.ChunkedArray) -> Numbers:
    return _numbers(column.cast(pa.date32()).cast(pa.int32()))


def _flags(column: pa.ChunkedArray) -> Flags:
    filled: Any = pc.fill_null(column.cast(pa.bool_()), False)  # noqa: FBT003 - the fill value, by position
    return np.array(filled.to_numpy(), np.bool_)


def _payers(keys: pa.ChunkedArray, aliases: pa.Table) -> Numbers:
    """The payer that an alias names; an alias that two payers have names none."""
    known = pc.value_counts(aliases["payer_key"].combine_chunks().cast(pa.string()))
    once = known.field("values").filter(pc.equal(known.field("counts"), 1))
    positions = pc.index_in(
        _filled_text(keys), value_set=pc.filter(aliases["payer_key"], pc.is_in(aliases["payer_key"], once))
    )
    payers = pc.filter(aliases["payer_id"], pc.is_in(aliases["payer_key"], once)).take(positions)
    return _numbers(payers)
