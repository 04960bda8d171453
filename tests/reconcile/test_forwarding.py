"""Spec deposits 4.4 and 4.7: what a payer carries from check to check must net to zero."""

from datetime import date

import pytest

from workbench.domain.deposit import Disposition
from workbench.reconcile.forwarding import (
    Movement,
    ProviderRow,
    proposed_disposition,
    running_ledger,
    unpaired,
)


def row(number: int, reason: str, cents: int, reference: str = "R1", payer: str = "P") -> ProviderRow:
    return ProviderRow(number, number, date(2026, 1, number), payer, "npi", reason, reference, cents)


def test_a_forwarded_balance_runs_until_a_later_check_takes_it() -> None:
    ledger = running_ledger([row(1, "FB", -8000), row(2, "FB", 3000), row(3, "L6", -50), row(4, "FB", 5000)])
    assert [step.owed_cents for step in ledger] == [8000, 5000, 5000, 0]


def test_payers_and_providers_run_apart_and_other_reasons_are_left_out() -> None:
    ledger = running_ledger([row(1, "FB", -100), row(2, "FB", -7, payer="Q"), row(3, "J1", 5)])
    assert [step.owed_cents for step in ledger] == [100, 7]


def test_a_recovery_first_settles_what_was_carried_under_its_reference() -> None:
    ledger = running_ledger([row(1, "WO", -5000), row(2, "WO", 5000), row(3, "WO", 2000)])
    assert [(step.movement, step.owed_cents) for step in ledger] == [
        (Movement.CARRIED, 5000),
        (Movement.SETTLED, 0),
        (Movement.TAKE_BACK, 0),
    ]


def test_a_balance_that_no_check_carried_shows_below_zero() -> None:
    assert running_ledger([row(1, "FB", 100)])[0].owed_cents == -100


def test_refund_and_recovery_under_one_reference_are_a_pair() -> None:
    rows = [
        row(1, "WO", 100),
        row(2, "72", -100),
        row(3, "72", -100, "R2"),
        row(4, "WO", 30),
        row(5, "WO", -30),
    ]
    assert unpaired(rows) == {3, 4, 5}


@pytest.mark.parametrize(
    ("reason", "amount", "reversal", "owed", "paired", "expected"),
    [
        ("L6", -325, False, 0, False, Disposition.REPORT),
        ("FB", -100, False, 0, False, Disposition.REPORT),
        ("72", -100, False, 0, True, Disposition.REPORT),
        ("72", -100, False, 0, False, Disposition.UNRESOLVED),
        ("WO", -100, True, 0, False, Disposition.REPORT),
        ("WO", -100, False, 0, False, Disposition.UNRESOLVED),
        ("WO", 100, False, 100, False, Disposition.REPORT),
        ("WO", 100, False, 99, False, Disposition.UNRESOLVED),
        ("CS", 100, False, 0, False, Disposition.UNRESOLVED),
        ("J1", 100, True, 999, False, Disposition.UNRESOLVED),
    ],
)
def test_what_is_proposed(
    reason: str, amount: int, reversal: bool, owed: int, paired: bool, expected: Disposition
) -> None:
    found = proposed_disposition(reason, amount, has_reversal=reversal, owed_cents=owed, paired=paired)
    assert found is expected
