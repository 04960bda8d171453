"""Spreading money over lines, to the cent (spec deposits 4.9 and 8 row 14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workbench.domain.money import largest_remainder


@dataclass(frozen=True, slots=True)
class Spread:
    """Parts in the order of the lines given, and what found no place."""

    parts: tuple[int, ...]
    rest_cents: int


def spread_claim_level(amount_cents: int, open_cents: Sequence[int], limits: Sequence[int]) -> Spread:
    """Propose how a claim-level adjustment (CAS in loop 2100) falls on the lines.

    In proportion to the open balances, cents left over by largest remainder, and no line beyond its
    limit (what can be taken from it without going below zero). A negative amount raises the lines and
    has no limit. What does not fit stays in `rest_cents`: the error remains until all is spread.
    """
    weights = [max(balance, 0) for balance in open_cents]
    if not weights:
        return Spread((), amount_cents)
    if amount_cents < 0:
        return Spread(tuple(largest_remainder(amount_cents, weights)), 0)
    room = [max(limit, 0) for limit in limits]
    parts = [0] * len(weights)
    rest = amount_cents
    while rest:
        free = [at for at in range(len(weights)) if room[at]]
        if not free:
            break
        shares = largest_remainder(rest, [weights[at] for at in free])
        for at, share in zip(free, shares, strict=True):
            taken = min(share, room[at])
            parts[at] += taken
            room[at] -= taken
            rest -= taken
    return Spread(tuple(parts), rest)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A charge line of a statement with what is still owed on it."""

    service_date: date
    claim_id: int
    line_no: int
    open_cents: int


def spread_statement(amount_cents: int, lines: Sequence[OpenLine]) -> Spread:
    """Patient money over open lines, oldest first (service date, claim, line); the rest stays unapplied."""
    parts = [0] * len(lines)
    rest = max(amount_cents, 0)
    for at in sorted(range(len(lines)), key=lambda at: _age(lines[at])):
        parts[at] = min(rest, max(lines[at].open_cents, 0))
        rest -= parts[at]
    return Spread(tuple(parts), rest if amount_cents >= 0 else amount_cents)


def _age(line: OpenLine) -> tuple[date, int, int]:
    return line.service_date, line.claim_id, line.line_no
