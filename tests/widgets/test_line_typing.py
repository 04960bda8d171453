"""The typing rule of a line (spec deposits 6.6) with the verified examples of 4.10."""

from functools import reduce

import pytest

from workbench.widgets.deposit.line_typing import LineFigures, put, typed


def keyed(charge: int, *entries: tuple[str, int | None]) -> LineFigures:
    return reduce(lambda line, entry: typed(line, *entry), entries, LineFigures(charge))


@pytest.mark.parametrize(
    ("charge", "entries", "contractual"),
    [
        (15000, [("paid", 5600), ("deductible", 3000), ("coinsurance", 1400)], 5000),
        (15000, [("allowed", 10000), ("paid", 5600), ("deductible", 3000), ("coinsurance", 1400)], 5000),
        (8000, [("paid", 7000)], 1000),
        (50000, [("OA-23", 42500), ("allowed", 6500), ("paid", 6500)], 1000),
        (50000, [("OA-23", 42500), ("paid", 6500)], 1000),
        (15000, [("paid", 6000), ("PR-1", 1500)], 7500),
        (10000, [("allowed", 8000), ("coinsurance", 1600), ("CO-253", 128), ("paid", 6272)], 2000),
        (10000, [("paid", 6272), ("CO-253", 128), ("coinsurance", 1600)], 2000),
    ],
    ids=["1", "1-allowed", "2", "5", "5-no-allowed", "6", "9", "9-no-allowed"],
)
def test_the_verified_examples(charge: int, entries: list[tuple[str, int | None]], contractual: int) -> None:
    line = keyed(charge, *entries)
    assert line.amount("CO-45") == contractual
    assert line.gap_cents == 0


def test_the_naive_secondary_write_off_is_shown_as_a_gap() -> None:
    """Example 5: CO-45 of 435 beside what the primary settled explains 425 too much."""
    line = keyed(50000, ("OA-23", 42500), ("paid", 6500), ("CO-45", 43500))
    assert line.gap_cents == -42500


def test_interest_in_the_payment_explains_no_charge() -> None:
    line = keyed(10000, ("allowed", 10000), ("paid", 10325), ("interest", 325))
    assert (line.gap_cents, line.amount("CO-45")) == (0, 0)


def test_a_typed_write_off_is_never_replaced_until_it_is_emptied() -> None:
    line = keyed(15000, ("CO-45", 4000), ("allowed", 10000), ("paid", 10000))
    assert (line.amount("CO-45"), line.gap_cents) == (4000, 1000)
    line = typed(typed(line, "CO-45", None), "allowed", 10000)
    assert (line.amount("CO-45"), line.gap_cents) == (5000, 0)


def test_what_the_payer_sent_changes_only_when_allowed_is_typed() -> None:
    sent = LineFigures(15000, 5600, None, 0, {"CO-45": 5000, "PR-1": 4400}, "received")
    paid = typed(sent, "paid", 5500)
    assert (paid.amount("CO-45"), paid.gap_cents) == (5000, 100)
    assert typed(paid, "allowed", 9900).amount("CO-45") == 5100


def test_nothing_is_proposed_beyond_zero() -> None:
    assert keyed(10000, ("paid", 12000)).adjustments == {}
    assert keyed(-10000, ("paid", -12000)).adjustments == {}
    assert keyed(-15000, ("paid", -5000)).amount("CO-45") == -10000


def test_other_adjustments_alone_propose_nothing() -> None:
    assert keyed(10000, ("CO-97", 6000)).adjustments == {"CO-97": 6000}
    assert put(LineFigures(10000), "paid", 6000).adjustments == {}
