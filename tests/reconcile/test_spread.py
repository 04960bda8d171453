"""Spec deposits 4.9 and 8 row 14: to the cent, and never below zero."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workbench.reconcile.spread import OpenLine, spread_claim_level, spread_statement

OPEN = st.lists(st.tuples(st.integers(-100, 50_000), st.integers(-100, 50_000)), max_size=8)


@given(st.integers(-60_000, 60_000), OPEN)
def test_nothing_is_lost_and_no_line_goes_beyond_its_limit(amount: int, lines: list[tuple[int, int]]) -> None:
    spread = spread_claim_level(amount, [balance for balance, _ in lines], [limit for _, limit in lines])
    assert sum(spread.parts) + spread.rest_cents == amount
    if amount >= 0:
        assert all(0 <= part <= max(limit, 0) for part, (_, limit) in zip(spread.parts, lines, strict=True))
        room = sum(max(limit, 0) for _, limit in lines)
        assert spread.rest_cents == max(amount - room, 0)
    elif lines:
        assert spread.rest_cents == 0


def test_the_left_over_cents_go_to_the_largest_remainders() -> None:
    assert spread_claim_level(100, [100, 100, 100], [100, 100, 100]).parts == (34, 33, 33)
    assert spread_claim_level(1000, [7000, 2000, 1000], [7000, 2000, 1000]).parts == (700, 200, 100)


def test_what_does_not_fit_goes_on_to_lines_with_room() -> None:
    spread = spread_claim_level(1000, [500, 500], [100, 2000])
    assert (spread.parts, spread.rest_cents) == ((100, 900), 0)


@given(
    st.integers(0, 100_000),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 5), st.integers(-50, 20_000)), max_size=10),
)
def test_a_statement_pays_older_lines_in_full_before_younger_ones(
    amount: int, rows: list[tuple[int, int, int]]
) -> None:
    lines = [
        OpenLine(date(2026, 1, 1) + timedelta(days), claim, no, still_open)
        for no, (days, claim, still_open) in enumerate(rows)
    ]
    spread = spread_statement(amount, lines)
    assert sum(spread.parts) + spread.rest_cents == amount
    in_order = sorted(
        zip(lines, spread.parts, strict=True),
        key=lambda row: (row[0].service_date, row[0].claim_id, row[0].line_no),
    )
    short = [at for at, (line, part) in enumerate(in_order) if part < max(line.open_cents, 0)]
    assert all(part == 0 for _, part in in_order[short[0] + 1 :]) if short else True
    assert spread.rest_cents == 0 or not short
