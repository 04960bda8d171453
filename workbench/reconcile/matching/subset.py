"""Which amounts sum to a total: exact, by meeting in the middle, so that "the only one" is proven, not hoped for."""

import math
from typing import NamedTuple

import numpy as np

from workbench.reconcile.matching.sides import Numbers


class Subset(NamedTuple):
    """`items` of one solution (indexes), and how many solutions there are."""

    items: Numbers
    solutions: int


def subset_sum(amounts: Numbers, total: int) -> Subset | None:
    """A subset of positive `amounts` that sums to `total`, or None. Time and memory grow with 2^(n/2): n <= 40."""
    usable = np.flatnonzero(amounts <= total)
    half = len(usable) // 2
    left, right = _sums(amounts[usable[:half]]), _sums(amounts[usable[half:]])
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    starts = np.searchsorted(ordered, total - left, "left")
    found = np.searchsorted(ordered, total - left, "right") - starts
    solutions = int(found.sum())
    if solutions == 0:
        return None
    first = int(np.flatnonzero(found)[0])
    return Subset(usable[_members(first | (int(order[starts[first]]) << half), len(usable))], solutions)


def _sums(amounts: Numbers) -> Numbers:
    """Sums of all subsets; bit k of the position says whether item k is in."""
    sums = np.zeros(1, np.int64)
    for amount in amounts:
        sums = np.concatenate((sums, sums + amount))
    return sums


def _members(mask: int, size: int) -> Numbers:
    return np.array([bit for bit in range(size) if mask >> bit & 1], np.int64)


def run_sum(amounts: Numbers, total: int) -> Subset | None:
    """A run of neighbours that sums to `total`, and how many such runs there are."""
    border = np.concatenate((np.zeros(1, np.int64), np.cumsum(amounts)))
    stops = np.searchsorted(border, border + total)
    hits = np.flatnonzero(
        (stops < len(border)) & (border[np.minimum(stops, len(border) - 1)] == border + total)
    )
    if not len(hits):
        return None
    return Subset(np.arange(hits[0], stops[hits[0]]), len(hits))


def all_but_few(amounts: Numbers, total: int) -> Subset | None:
    """All items but one or two, which were held back; few enough ways that a hit is no accident."""
    left_out = int(amounts.sum()) - total
    if left_out <= 0:
        return None
    singles = np.flatnonzero(amounts == left_out)
    first, second = np.triu_indices(len(amounts), k=1)
    pairs = np.flatnonzero(amounts[first] + amounts[second] == left_out)
    if not len(singles) + len(pairs):
        return None
    out = singles[:1] if len(singles) else np.array([first[pairs[0]], second[pairs[0]]])
    return Subset(np.delete(np.arange(len(amounts)), out), len(singles) + len(pairs))


def expected_by_chance(amounts: Numbers, total: int) -> float:
    """How many subsets one would expect to hit `total` to the cent by accident.

    The sums of random subsets are close to normal with mean sum/2 and variance sum of squares / 4.
    """
    usable = amounts[amounts <= total].astype(np.float64)
    if len(usable) < 2:
        return 0.0
    spread = float(np.sqrt((usable**2).sum()) / 2)
    distance = (total - float(usable.sum()) / 2) / spread
    return float(2 ** len(usable) * math.exp(-(distance**2) / 2) / (spread * math.sqrt(2 * math.pi)))
