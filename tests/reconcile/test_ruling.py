"""Deciding about a whole file at once: each condition of a rule counts, for the rows it speaks of and no others."""

import pyarrow as pa
import pytest

from workbench.domain.deposit import PaymentType
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import Rule
from workbench.reconcile.rules import RuleBook
from workbench.reconcile.ruling import Ruled, rule_on

# Two claims of two payers: the first primary with the remark N19, the second secondary. Numbers with gaps, out of order.
CLAIMS = pa.table(
    {
        "claim_no": [70, 12],
        "remittance_no": [1, 0],
        "remit_status": ["2", "1"],
        "remark_codes": [None, "MA01 N19"],
    }
)
LINES = pa.table({"line_no": [9, 4], "code": ["99214", "99213"], "remark_codes": ["N130", None]})
# CO-45 of 5.00 on the line of the first claim, of 9.00 on that of the second, of an unknown amount at its level.
ADJUSTMENTS = pa.table(
    {
        "claim_no": [12, 70, 70],
        "line_no": pa.array([4, 9, None], pa.int64()),
        "group": ["CO", "CO", "CO"],
        "reason": ["45", "45", "45"],
        "amount_cents": pa.array([500, 900, None], pa.int64()),
    }
)
PAYERS = [3, 4]  # by remittance


def ruled(*rules: Rule) -> Ruled:
    return rule_on(RuleBook(rules), CLAIMS, LINES, ADJUSTMENTS, PAYERS)


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", payer_id=3), [0]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", payer_id=4), [1, 2]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", payer_level="primary"), [0]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", payer_level="secondary"), [1, 2]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", remit_status="2"), [1, 2]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", rarc="N19"), [0]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", cpt="99214"), [1]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", rarc="N130"), [1]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", minimum_cents=501), [1]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", maximum_cents=500), [0, 2]),
        (Rule(7, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45"), [0, 1, 2]),
    ],
    ids=lambda value: value.title if isinstance(value, Rule) else "",
)
def test_each_condition_counts(rule: Rule, rows: list[int]) -> None:
    found = ruled(rule)
    chosen = [at in rows for at in range(3)]
    assert found.effects.to_pylist() == ["INFO" if each else "WRITE_OFF" for each in chosen]
    assert found.payment_types.to_pylist() == [
        PaymentType.DENIAL.value if each else PaymentType.CONTRACTUAL.value for each in chosen
    ]
    assert found.rule_ids.to_pylist() == [7 if each else None for each in chosen]


def test_a_rule_that_stops_the_claim_stops_it_whatever_its_effect() -> None:
    stop = Rule(7, Effect.WRITE_OFF, PaymentType.CONTRACTUAL, group="CO", carc="45", payer_id=3, block=True)
    assert ruled(stop).effects.to_pylist() == ["BLOCK", "WRITE_OFF", "WRITE_OFF"]
