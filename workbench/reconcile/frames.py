"""Small helpers between Arrow tables and numpy for the rules of this room."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_SAFE = 1 << 60  # a few sums below it can be added in 64 bits


def numbers(table: pa.Table, column: str, null: int = 0) -> Ints:
    """A whole-number column; nulls become `null`."""
    values: Ints = table[column].fill_null(null).to_numpy().astype(np.int64)
    return values


def known(table: pa.Table, column: str) -> Bools:
    """Where a column has a value."""
    valid: Bools = table[column].is_valid().to_numpy()
    return valid


def equals(table: pa.Table, column: str, *texts: str) -> Bools:
    """Where a text column is one of `texts`; a null is none."""
    same: Bools = pc.is_in(table[column], pa.array(texts, pa.string())).to_numpy()
    return same


def sums(owners: Ints, cents: Ints, count: int) -> Ints:
    """The sum of cents of each owner (0 to count - 1), exact whatever a file holds.

    Sums which 64 bits cannot hold stand at the largest number that they can.
    """
    largest = max(int(cents.max(initial=0)), -int(cents.min(initial=0)))
    if largest * max(len(cents), 1) < _SAFE:
        totals = np.zeros(count, np.int64)
        np.add.at(totals, owners, cents)
        return totals
    exact = [0] * count
    for owner, amount in zip(owners.tolist(), cents.tolist(), strict=True):
        exact[owner] += amount
    return np.array([min(max(total, -_SAFE), _SAFE) for total in exact], np.int64)
