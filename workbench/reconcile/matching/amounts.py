"""Steps 3 and 4 of spec deposits 7.2: equal amounts within days, by payer where the bank names it.

Where several deposits and lines of one amount meet, the whole group is solved as an assignment: the greedy
nearest pair may leave a neighbour without its line.
"""

import numpy as np

from workbench.domain.bank import MatchStep
from workbench.reconcile.matching import settings as score
from workbench.reconcile.matching.assignment import FORBIDDEN, assign
from workbench.reconcile.matching.joins import agree, counts, window_pairs
from workbench.reconcile.matching.proposals import Found
from workbench.reconcile.matching.settings import MatchSettings
from workbench.reconcile.matching.sides import NONE, Flags, Numbers, Side

# Cost of a pair is days apart, squared (first come, first served), plus this when the bank does not name the payer.
_PAYER_UNKNOWN = 30.0
_LARGEST_GROUP = 300


def equal_amounts(found: Found, settings: MatchSettings) -> None:
    """Proposes the pairs of equal amount; ambiguous ones score below what is proposed and stay free."""
    deposits, lines = found.deposits, found.lines
    loose_d, loose_j = deposits.loose(), lines.loose()
    d, j = window_pairs(
        (deposits.amount[loose_d], deposits.day[loose_d]),
        (lines.amount[loose_j], lines.day[loose_j]),
        -settings.days,
        settings.days,
    )
    d, j = loose_d[d], loose_j[j]
    fits = may_belong(deposits, lines, d, j)
    _propose(found, d[fits], j[fits], settings)


def may_belong(deposits: Side, lines: Side, d: Numbers, j: Numbers) -> Flags:
    """Nothing speaks against the pair: practice, payer, both traces known and different, card or not."""
    other_trace = (
        (deposits.trace[d] != NONE) & (lines.trace[j] != NONE) & (deposits.trace[d] != lines.trace[j])
    )
    fits = agree(deposits.practice[d], lines.practice[j]) & agree(deposits.payer[d], lines.payer[j])
    return np.asarray(fits & ~other_trace & (deposits.card[d] == lines.card[j]), np.bool_)


def _named(found: Found, d: Numbers, j: Numbers) -> Flags:
    return np.asarray((found.lines.payer[j] != NONE) & (found.deposits.payer[d] != NONE), np.bool_)


def _days(found: Found, d: Numbers, j: Numbers) -> Numbers:
    return np.asarray(np.abs(found.lines.day[j] - found.deposits.day[d]), np.int64)


def _propose(found: Found, d: Numbers, j: Numbers, settings: MatchSettings) -> None:
    alone = (counts(d, len(found.deposits.ids))[d] == 1) & (counts(j, len(found.lines.ids))[j] == 1)
    _add(found, d[alone], j[alone], (score.PAYER_UNIQUE, score.AMOUNT_UNIQUE), settings)
    rest_d, rest_j = d[~alone], j[~alone]
    sure: list[tuple[int, int]] = []
    for group in _groups(rest_d, rest_j):
        sure.extend(_solve(found, rest_d[group], rest_j[group]))
    pairs = np.array(sure, np.int64).reshape(-1, 2)
    _add(found, pairs[:, 0], pairs[:, 1], (score.PAYER_ASSIGNED, score.AMOUNT_ASSIGNED), settings)


def _add(found: Found, d: Numbers, j: Numbers, scores: tuple[float, float], settings: MatchSettings) -> None:
    named = _named(found, d, j)
    for step, base, which in (
        (MatchStep.PAYER_AMOUNT_DATE, scores[0], named),
        (MatchStep.AMOUNT_DATE, scores[1], ~named),
    ):
        points = base - score.PER_DAY_APART * _days(found, d[which], j[which])
        kept = points >= settings.lowest_score
        found.pairs(step, d[which][kept], j[which][kept], points[kept])


def _groups(d: Numbers, j: Numbers) -> list[Numbers]:
    """Positions of the pairs, by connected group of deposits and lines."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            parent[node] = node = parent[parent[node]]
        return node

    for left, right in zip(d.tolist(), (~j).tolist(), strict=True):  # ~j: below zero, apart from the deposits
        parent[root(left)] = root(right)
    members: dict[int, list[int]] = {}
    for position, left in enumerate(d.tolist()):
        members.setdefault(root(left), []).append(position)
    return [np.array(positions) for positions in members.values()]


def _solve(found: Found, d: Numbers, j: Numbers) -> list[tuple[int, int]]:
    """The assignment of one group, without the pairs that another assignment of the same cost would change."""
    rows, row = np.unique(d, return_inverse=True)
    columns, column = np.unique(j, return_inverse=True)
    if len(rows) > _LARGEST_GROUP or len(columns) > _LARGEST_GROUP:
        return []
    cost = np.full((len(rows), len(columns)), FORBIDDEN)
    cost[row, column] = _days(found, d, j) ** 2 + _PAYER_UNKNOWN * ~_named(found, d, j)
    pairs = assign(cost)
    looks_d = _looks(rows, found.deposits.payer, found.deposits.day, found.deposits.card)
    looks_j = _looks(columns, found.lines.payer, found.lines.day, found.lines.practice)
    return [
        (int(rows[r]), int(columns[c]))
        for r, c in pairs
        if not _replaceable(cost, pairs, (r, c), looks_d, looks_j)
    ]


def _looks(index: Numbers, *columns: np.ndarray) -> list[tuple[int, ...]]:
    return list(zip(*(column[index].tolist() for column in columns), strict=True))


def _replaceable(
    cost: np.ndarray,
    pairs: list[tuple[int, int]],
    pair: tuple[int, int],
    looks_d: list[tuple[int, ...]],
    looks_j: list[tuple[int, ...]],
) -> bool:
    """Whether a partner left over, or an exchange with another pair, costs no more and would look different."""
    r, c = pair
    used_rows, used_columns = {one for one, _ in pairs}, {other for _, other in pairs}
    for row in range(cost.shape[0]):
        if row not in used_rows and cost[row, c] <= cost[r, c] and looks_d[row] != looks_d[r]:
            return True
    for column in range(cost.shape[1]):
        if column not in used_columns and cost[r, column] <= cost[r, c] and looks_j[column] != looks_j[c]:
            return True
    return any(
        cost[r, other_c] + cost[other_r, c] <= cost[r, c] + cost[other_r, other_c]
        and looks_d[r] != looks_d[other_r]
        and looks_j[c] != looks_j[other_c]
        for other_r, other_c in pairs
        if other_r != r
    )
