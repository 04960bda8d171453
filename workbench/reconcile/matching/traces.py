"""Steps 1 and 2 of spec deposits 7.2: what the trace number alone decides."""

import numpy as np

from workbench.domain.bank import MatchStep
from workbench.reconcile.matching import settings as score
from workbench.reconcile.matching.joins import compatible, counts, equal_pairs
from workbench.reconcile.matching.proposals import Found
from workbench.reconcile.matching.settings import MatchSettings
from workbench.reconcile.matching.sides import NONE, Flags, Numbers

_AMOUNT_BITS = 40  # 10,995,116,277.75 dollars


def _trace_and_amount(trace: Numbers, amount: Numbers) -> Numbers:
    return (trace << _AMOUNT_BITS) + amount


def _near(found: Found, d: Numbers, j: Numbers, days: int) -> Flags:
    return np.asarray(np.abs(found.lines.day[j] - found.deposits.day[d]) <= days, np.bool_)


def exact(found: Found, settings: MatchSettings) -> None:
    """Step 1: equal trace and amount. It confirms itself only where no other deposit or line could be meant.

    A trace used again on the same amount, by a payer who sent the remittance twice, is proposed to the earliest.
    """
    deposits, lines = found.deposits, found.lines
    loose_d, loose_j = deposits.loose(deposits.trace != NONE), lines.loose(lines.trace != NONE)
    d, j = equal_pairs(
        _trace_and_amount(deposits.trace[loose_d], deposits.amount[loose_d]),
        _trace_and_amount(lines.trace[loose_j], lines.amount[loose_j]),
    )
    d, j = loose_d[d], loose_j[j]
    fits = compatible(deposits, lines, d, j)
    d, j = d[fits], j[fits]
    of_deposit, of_line = counts(d, len(deposits.ids)), counts(j, len(lines.ids))
    near = _near(found, d, j, settings.trace_days)
    alone = (of_deposit[d] == 1) & (of_line[j] == 1) & near
    found.pairs(MatchStep.TRACE_AND_AMOUNT, d[alone], j[alone], score.EXACT, confirmed=True)
    several = (of_deposit[d] == 1) & (of_line[j] > 1) & near
    _earliest_copy(found, d[several], j[several])


def _earliest_copy(found: Found, d: Numbers, j: Numbers) -> None:
    order = np.lexsort((found.deposits.ids[d], found.deposits.day[d], j))
    _, first = np.unique(j[order], return_index=True)
    kept = order[first]
    found.pairs(MatchStep.TRACE_AND_AMOUNT, d[kept], j[kept], score.SENT_TWICE, alternatives=1)


def same_trace(found: Found, settings: MatchSettings) -> None:
    """Step 2: equal trace, other amount: in several parts that sum up, or with a difference to be shown."""
    deposits, lines = found.deposits, found.lines
    loose_d, loose_j = deposits.loose(deposits.trace != NONE), lines.loose(lines.trace != NONE)
    d, j = equal_pairs(deposits.trace[loose_d], lines.trace[loose_j])
    d, j = loose_d[d], loose_j[j]
    fits = compatible(deposits, lines, d, j) & _near(found, d, j, settings.trace_days)
    d, j = d[fits], j[fits]
    only = (counts(d, len(deposits.ids))[d] == 1) & (counts(j, len(lines.ids))[j] == 1)
    _one_to_one(found, d[only], j[only])
    d, j = d[~only], j[~only]
    order = np.argsort(deposits.trace[d], kind="stable")
    borders = np.flatnonzero(np.diff(deposits.trace[d][order])) + 1
    parts = [
        _spread(np.unique(d[group]), np.unique(j[group])) for group in np.split(order, borders) if len(group)
    ]
    whole = [
        (some_d, some_j)
        for some_d, some_j in parts
        if len(some_d) and _sum_of(deposits.amount, some_d) == _sum_of(lines.amount, some_j)
    ]
    if whole:
        match = np.repeat(np.arange(len(whole)), [len(some_d) for some_d, _ in whole])
        all_d, all_j = (np.concatenate(column) for column in zip(*whole, strict=True))
        found.groups(MatchStep.TRACE, match, all_d, all_j, score.TRACE_SUM)


def _spread(d: Numbers, j: Numbers) -> tuple[Numbers, Numbers]:
    """One against several, the one repeated. Several on both sides tell nothing: empty, a person must look."""
    if len(d) > 1 and len(j) > 1:
        return d[:0], j[:0]
    size = max(len(d), len(j))
    return np.resize(d, size), np.resize(j, size)


def _sum_of(amount: Numbers, index: Numbers) -> int:
    return int(amount[np.unique(index)].sum())


def _one_to_one(found: Found, d: Numbers, j: Numbers) -> None:
    equal = found.deposits.amount[d] == found.lines.amount[j]
    found.pairs(MatchStep.TRACE, d[equal], j[equal], score.TRACE_SUM)
    found.pairs(MatchStep.TRACE, d[~equal], j[~equal], score.TRACE_DIFFERS)


def same_reference(found: Found, settings: MatchSettings) -> None:
    """Step 2 for paper: the bank's check number is the deposit's, and the amount is equal."""
    deposits, lines = found.deposits, found.lines
    loose_d, loose_j = deposits.loose(deposits.trace != NONE), lines.loose(lines.reference != NONE)
    d, j = equal_pairs(
        _trace_and_amount(deposits.trace[loose_d], deposits.amount[loose_d]),
        _trace_and_amount(lines.reference[loose_j], lines.amount[loose_j]),
    )
    d, j = loose_d[d], loose_j[j]
    fits = compatible(deposits, lines, d, j) & _near(found, d, j, settings.trace_days)
    d, j = d[fits], j[fits]
    alone = (counts(d, len(deposits.ids))[d] == 1) & (counts(j, len(lines.ids))[j] == 1)
    found.pairs(MatchStep.TRACE, d[alone], j[alone], score.REFERENCE)
