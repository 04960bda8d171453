"""Spec deposits 2.5, row by row."""

import pytest

from workbench.domain.posting import ClaimStatus, CreditSetting
from workbench.domain.remit import ClaimLevel, PayerLevel
from workbench.reconcile.turn import Turn, TurnFacts, next_turn

ONE = frozenset({PayerLevel.PRIMARY})
TWO = ONE | {PayerLevel.SECONDARY}
THREE = TWO | {PayerLevel.TERTIARY}
DONE = Turn(ClaimStatus.DONE, ClaimLevel.COMPLETED)
STATEMENT = Turn(ClaimStatus.READY_TO_SEND, ClaimLevel.STATEMENT)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (TurnFacts("1", 5000, False, TWO), Turn(ClaimStatus.READY_SECONDARY, ClaimLevel.SECONDARY)),
        (TurnFacts("1", 5000, False, ONE), STATEMENT),
        (TurnFacts("2", 5000, False, TWO), STATEMENT),
        (TurnFacts("2", 5000, False, THREE), Turn(ClaimStatus.READY_TERTIARY, ClaimLevel.TERTIARY)),
        (TurnFacts("3", 5000, False, THREE), STATEMENT),
        (TurnFacts("19", 5000, False, TWO), Turn(ClaimStatus.WAITING_ON_NEXT_PAYER, ClaimLevel.SECONDARY)),
        (TurnFacts("19", 0, False, TWO), DONE),
        (TurnFacts("1", 5000, True, TWO), Turn(ClaimStatus.DENIED)),
        (TurnFacts("4", 5000, False, TWO), Turn(ClaimStatus.DENIED)),
        (TurnFacts("1", 0, True, TWO), DONE),
        (TurnFacts("22", 5000, False, TWO), Turn(ClaimStatus.WAITING_ON_PAYER)),
        (TurnFacts("1", -100, False, TWO), Turn()),
        (TurnFacts("1", -100, False, TWO, credit=CreditSetting.STATUS_ONLY), Turn(ClaimStatus.REFUND)),
        (TurnFacts("", 5000, False, TWO, patient_money=True), Turn()),
        (TurnFacts("", 0, False, TWO, patient_money=True), DONE),
        (
            TurnFacts("", -1, False, TWO, patient_money=True, credit=CreditSetting.PATIENT),
            Turn(ClaimStatus.REFUND),
        ),
    ],
)
def test_whose_turn_it_is(facts: TurnFacts, expected: Turn) -> None:
    assert next_turn(facts) == expected


def test_a_rule_decides_and_its_blanks_fall_back() -> None:
    rule = Turn(status=ClaimStatus.READY_TO_SEND)
    assert next_turn(TurnFacts("1", 5000, True, TWO, rule=rule)) == rule
    assert next_turn(TurnFacts("1", 5000, False, TWO, rule=rule)) == Turn(
        ClaimStatus.READY_TO_SEND, ClaimLevel.SECONDARY
    )


def test_no_rule_calls_a_claim_done_while_it_is_open() -> None:
    rule = Turn(ClaimStatus.DONE, ClaimLevel.COMPLETED)
    assert next_turn(TurnFacts("1", 5000, False, ONE, rule=rule)).status is ClaimStatus.READY_TO_SEND
