"""Step 5 of spec deposits 7.2: several deposits in one bank line, or one deposit in several lines.

A slip usually holds all checks of its day, so whole days are tried first and at once; then runs of neighbours
in the order they were entered; then any subset, and only where a hit can hardly be an accident.
"""

import time
from collections.abc import Callable

import numpy as np

from workbench.domain.bank import MatchStep
from workbench.reconcile.matching import settings as score
from workbench.reconcile.matching.joins import counts, ranges, window_pairs
from workbench.reconcile.matching.proposals import Found
from workbench.reconcile.matching.settings import MatchSettings
from workbench.reconcile.matching.sides import NONE, Flags, Numbers, Side
from workbench.reconcile.matching.subset import Subset, all_but_few, expected_by_chance, run_sum, subset_sum

_MOST_LINES_OF_ONE_DEPOSIT = 12


def whole_slips(found: Found, settings: MatchSettings) -> None:
    """All free checks of one practice and day in one line."""
    deposits, lines = found.deposits, found.lines
    d = deposits.loose(deposits.slip)
    if not len(d):
        return
    order = d[np.lexsort((deposits.ids[d], deposits.day[d], deposits.practice[d]))]
    practice, day = deposits.practice[order], deposits.day[order]
    starts = np.flatnonzero(np.concatenate(([True], (np.diff(practice) != 0) | (np.diff(day) != 0))))
    stops = np.append(starts[1:], len(order))
    sums = np.add.reduceat(deposits.amount[order], starts)
    large = np.flatnonzero(stops - starts > 1)
    j = lines.loose(~lines.card & (lines.trace == NONE))
    slip, line = window_pairs(
        (sums[large], day[starts[large]]), (lines.amount[j], lines.day[j]), 0, settings.slip_days
    )
    slip, line = large[slip], j[line]
    fits = (practice[starts[slip]] == lines.practice[line]) | (lines.practice[line] == NONE)
    slip, line = slip[fits], line[fits]
    alone = (counts(slip, len(starts))[slip] == 1) & (counts(line, len(lines.ids))[line] == 1)
    match, position = ranges(starts[slip[alone]], stops[slip[alone]])
    found.groups(MatchStep.SEVERAL, match, order[position], line[alone][match], score.WHOLE_SLIP)


def parts_of_slips(found: Found, settings: MatchSettings) -> None:
    """Some of the free checks of the days before in one line; or several EFTs of the payer that the line names."""
    deadline = time.monotonic() + settings.seconds
    deposits, lines = found.deposits, found.lines
    j = lines.loose(~lines.card & (lines.trace == NONE))
    checks = _Shelf(deposits, deposits.loose(deposits.slip))
    for line in j[np.lexsort((lines.ids[j], lines.day[j]))]:
        if time.monotonic() > deadline:
            return
        near = checks.near(
            int(lines.practice[line]), int(lines.day[line]) - settings.held_days, int(lines.day[line])
        )
        if len(near) > 1:
            _one_line(found, near, line, settings)


def _one_line(found: Found, near: Numbers, line: np.int64, settings: MatchSettings) -> None:
    """Tries one day, newest first, then all days with what was held over; the plainest explanation first."""
    deposits, total = found.deposits, int(found.lines.amount[line])
    payer = found.lines.payer[line]
    if payer != NONE:
        near = near[(deposits.payer[near] == payer) | (deposits.payer[near] == NONE)]
    recent = near[deposits.day[near] >= found.lines.day[line] - settings.slip_days]
    days = np.unique(deposits.day[recent])[::-1]
    pools = [near[deposits.day[near] == day] for day in days]
    pools += [pool for pool in (recent, near) if len(pool) > len(pools[0])] if pools else []
    for find, points in ((run_sum, score.RUN_OF_SLIP), (all_but_few, score.RUN_OF_SLIP)):
        for pool in pools:
            if _take(found, pool, line, find(deposits.amount[pool], total), points):
                return
    for pool in pools:
        if _take(found, pool, line, _any(deposits.amount[pool], total, settings), score.SUBSET):
            return


def _take(found: Found, pool: Numbers, line: np.int64, hit: Subset | None, points: float) -> bool:
    """Makes the match when the hit is the only one of its kind and holds several items."""
    if hit is None or hit.solutions > 1 or len(hit.items) < 2:
        return False
    found.group(MatchStep.SEVERAL, pool[hit.items], np.array([line]), points)
    return True


def _any(amounts: Numbers, total: int, settings: MatchSettings) -> Subset | None:
    """Any subset, where the search is small enough and a hit can hardly be an accident."""
    if len(amounts) > settings.most_items or amounts.sum() < total:
        return None
    if expected_by_chance(amounts, total) > settings.highest_chance:
        return None
    return subset_sum(amounts, total)


class _Shelf:
    """Free items of one side in the order of practice, day and entry, to take a window from."""

    def __init__(self, side: Side, index: Numbers) -> None:
        self._side = side
        self._index = index[np.lexsort((side.ids[index], side.day[index], side.practice[index]))]
        self._key = (side.practice[self._index] << 20) + side.day[self._index]

    def near(
        self, practice: int, first: int, last: int, also: "Callable[[Numbers], Flags] | None" = None
    ) -> Numbers:
        """Indexes still free of `practice` from day `first` to `last`."""
        start, stop = np.searchsorted(self._key, [(practice << 20) + first, (practice << 20) + last + 1])
        window = self._index[start:stop]
        window = window[self._side.free[window]]
        return window if also is None else window[also(window)]


def parts_of_payments(found: Found, settings: MatchSettings) -> None:
    """One deposit in several lines of the payer that they name, within the days of the window."""
    deposits, lines = found.deposits, found.lines
    shelf = _Shelf(lines, lines.loose(~lines.card & (lines.payer != NONE)))
    d = deposits.loose(~deposits.slip & ~deposits.card & (deposits.payer != NONE))
    deadline = time.monotonic() + settings.seconds
    for deposit in d[np.lexsort((deposits.ids[d], deposits.day[d]))]:
        if time.monotonic() > deadline:
            return
        payer, trace = deposits.payer[deposit], deposits.trace[deposit]
        near = shelf.near(
            int(deposits.practice[deposit]),
            int(deposits.day[deposit]) - settings.days,
            int(deposits.day[deposit]) + settings.days,
            lambda k, payer=payer, trace=trace: (
                (lines.payer[k] == payer)  # type: ignore[misc]
                & ((lines.trace[k] == NONE) | (lines.trace[k] == trace))
            ),
        )
        if not 1 < len(near) <= _MOST_LINES_OF_ONE_DEPOSIT:
            continue
        hit = _any(lines.amount[near], int(deposits.amount[deposit]), settings)
        if hit is not None and hit.solutions == 1 and len(hit.items) > 1:
            found.group(MatchStep.SEVERAL, np.array([deposit]), near[hit.items], score.SUBSET)
