"""Spec deposits 5: the most specific rule wins, and it can say why."""

from itertools import permutations

import pytest

from workbench.domain.deposit import PaymentType
from workbench.domain.posting import ClaimStatus, Effect
from workbench.domain.posting_rule import AdjustmentFacts, Rule, Unlisted
from workbench.domain.remit import ClaimLevel
from workbench.reconcile.rules import RuleBook

FACTS = AdjustmentFacts(
    "CO",
    "97",
    payer_id=4,
    payer_level="primary",
    remit_status="1",
    rarcs=frozenset({"N19"}),
    cpt="99213",
    amount_cents=500,
)
# From the most to the least specific.
LADDER = [
    Rule(9, Effect.INFO, None, payer_id=4),
    Rule(8, Effect.INFO, None, payer_level="primary", remit_status="1", group="CO", carc="97"),
    Rule(7, Effect.INFO, None, remit_status="1"),
    Rule(6, Effect.INFO, None, group="CO", carc="97", rarc="N19"),
    Rule(5, Effect.INFO, None, group="CO", carc="97", priority=3),
    Rule(3, Effect.INFO, None, group="CO", carc="97"),
    Rule(4, Effect.INFO, None, group="CO", carc="97"),
    Rule(2, Effect.INFO, None, carc="97", priority=99),
    Rule(1, Effect.INFO, None, group="CO", priority=99),
]


def winner(rules: list[Rule]) -> int:
    rule = RuleBook(rules).decide(FACTS).rule
    assert rule is not None
    return rule.id


@pytest.mark.parametrize("start", range(7))
def test_the_most_specific_wins_in_any_order(start: int) -> None:
    rest = LADDER[start:]
    assert winner(rest) == winner(rest[::-1]) == rest[0].id


def test_a_high_priority_does_not_make_a_rule_more_specific() -> None:
    assert winner(LADDER[7:]) < 0  # the shipped CO-97 names group and reason


@pytest.mark.parametrize("number", [1, 2, 999])
def test_the_office_overrides_a_shipped_rule_whichever_of_its_rules_it_is(number: int) -> None:
    own = Rule(number, Effect.INFO, None, group="CO", carc="45", priority=-1)
    assert RuleBook([own]).decide(AdjustmentFacts("CO", "45")).rule == own


def test_ties_go_to_priority_then_to_the_older_rule() -> None:
    for order in permutations(LADDER[4:7]):
        assert winner(list(order)) == 5
    assert winner([LADDER[6], LADDER[5]]) == 3


def test_the_winner_says_why() -> None:
    decision = RuleBook(
        [Rule(12, Effect.WRITE_OFF, PaymentType.CONTRACTUAL, version=3, payer_id=4, group="CO", carc="97")]
    ).decide(FACTS)
    assert decision.effect is Effect.WRITE_OFF
    assert decision.why == "rule 12 v3 (payer 4, CO-97): more specific than 1 other(s), next is (CO-97)."
    assert RuleBook().decide(FACTS).why == "shipped rule (CO-97): the only one that fits."


def test_blank_status_and_level_fall_back_to_the_rule_below() -> None:
    book = RuleBook(
        [
            Rule(
                1, Effect.DENIAL, PaymentType.DENIAL, payer_id=4, carc="97", claim_level=ClaimLevel.STATEMENT
            ),
            Rule(2, Effect.DENIAL, PaymentType.DENIAL, carc="97", claim_status=ClaimStatus.DENIED),
        ]
    )
    decision = book.decide(FACTS)
    assert (decision.claim_status, decision.claim_level) == (ClaimStatus.DENIED, ClaimLevel.STATEMENT)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(1, Effect.INFO, None, payer_id=5),
        Rule(1, Effect.INFO, None, payer_level="secondary"),
        Rule(1, Effect.INFO, None, remit_status="4"),
        Rule(1, Effect.INFO, None, rarc="N20"),
        Rule(1, Effect.INFO, None, cpt="99214"),
        Rule(1, Effect.INFO, None, minimum_cents=501),
        Rule(1, Effect.INFO, None, maximum_cents=499),
        Rule(1, Effect.INFO, None, payer_id=4, active=False),
    ],
)
def test_a_rule_whose_condition_fails_does_not_apply(rule: Rule) -> None:
    assert RuleBook([rule]).decide(FACTS).effect is Effect.DENIAL  # the shipped CO-97


def test_remembered_answers_do_not_hide_what_a_rule_looks_at() -> None:
    book = RuleBook([Rule(1, Effect.INFO, None, group="CO", carc="45", minimum_cents=1000)])
    small, large = (book.decide(AdjustmentFacts("CO", "45", amount_cents=amount)) for amount in (999, 1000))
    assert (small.effect, large.effect) == (Effect.WRITE_OFF, Effect.INFO)


def test_unlisted_codes_block_or_are_denials_as_the_office_chose() -> None:
    unknown = AdjustmentFacts("CO", "9999")
    assert RuleBook().decide(unknown).effect is Effect.BLOCK
    decision = RuleBook(unlisted=Unlisted.DENIAL).decide(unknown)
    assert (decision.effect, decision.denial) == (Effect.DENIAL, True)
