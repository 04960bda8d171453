"""Joins of two arrays as index pairs, by sorting; all that the steps need of a database."""

import numpy as np

from workbench.reconcile.matching.sides import NONE, Flags, Numbers, Side

_DAY_BITS = 20


def ranges(starts: Numbers, stops: Numbers) -> tuple[Numbers, Numbers]:
    """For each i all positions of `starts[i]:stops[i]`: `(i repeated, position)`."""
    counts = np.maximum(stops - starts, 0)
    owner = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, np.repeat(starts, counts) + within


def equal_pairs(left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """All `(i, j)` with `left[i] == right[j]`."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    owner, position = ranges(np.searchsorted(ordered, left, "left"), np.searchsorted(ordered, left, "right"))
    return owner, order[position]


def window_pairs(
    left: tuple[Numbers, Numbers], right: tuple[Numbers, Numbers], low: int, high: int
) -> tuple[Numbers, Numbers]:
    """All `(i, j)` of equal key and `low <= right day - left day <= high`; a side is `(key, day)`.

    Keys become dense codes first, so that code and day fit one integer and one sorted search finds the window.
    """
    (left_key, left_day), (right_key, right_day) = left, right
    known = np.unique(right_key)
    code = np.searchsorted(known, left_key)
    found = (
        (code < len(known)) & (known[np.minimum(code, len(known) - 1)] == left_key)
        if len(known)
        else code < 0
    )
    rows = np.flatnonzero(found)
    start = int(min(right_day.min(initial=0), left_day.min(initial=0))) - 1000
    packed = (np.searchsorted(known, right_key) << _DAY_BITS) + (right_day - start)
    order = np.argsort(packed, kind="stable")
    ordered = packed[order]
    base = (code[rows] << _DAY_BITS) + (left_day[rows] - start)
    owner, position = ranges(
        np.searchsorted(ordered, base + low, "left"), np.searchsorted(ordered, base + high, "right")
    )
    return rows[owner], order[position]


def counts(index: Numbers, size: int) -> Numbers:
    """How often each of `0..size-1` occurs."""
    return np.bincount(index, minlength=size)


def agree(left: Numbers, right: Numbers) -> Flags:
    """Equal, or unknown on one side."""
    return np.asarray((left == right) | (left == NONE) | (right == NONE), np.bool_)


def compatible(deposits: Side, lines: Side, d: Numbers, j: Numbers) -> Flags:
    """Same practice and same payer's id in the trace, as far as both are known."""
    return agree(deposits.practice[d], lines.practice[j]) & agree(deposits.originator[d], lines.originator[j])
