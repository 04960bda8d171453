"""The ten verified examples of spec deposits 4.10; figures in dollars as the spec prints them."""

from dataclasses import replace
from datetime import date

import pytest

from workbench.domain.deposit import Disposition, PaymentType
from workbench.domain.deposit_work import AdjustmentWork
from workbench.domain.posting import Effect
from workbench.domain.posting_facts import ChargeLine, ClaimToPost, LineToPost, Original
from workbench.domain.posting_rule import AdjustmentFacts
from workbench.reconcile.forwarding import Movement, ProviderRow, running_ledger
from workbench.reconcile.header import ClaimMoney, Header, ProviderMoney, header_of
from workbench.reconcile.posting import Posting, post_claim
from workbench.reconcile.rules import RuleBook
from workbench.reconcile.spread import OpenLine, spread_claim_level, spread_statement


def cents(dollars: float) -> int:
    return round(dollars * 100)


def cas(code: str, dollars: float, number: int = 1) -> AdjustmentWork:
    group, reason = code.split("-")
    treatment = RuleBook().decide(AdjustmentFacts(group, reason))
    kind = treatment.payment_type.value if treatment.payment_type else None
    return AdjustmentWork(number, group, reason, cents(dollars), treatment.effect, kind)


def remit(
    charge: float, paid: float, *rows: AdjustmentWork, open_dollars: float | None = None, status: str = "1"
) -> ClaimToPost:
    """A claim of one line."""
    still_open = charge if open_dollars is None else open_dollars
    line = LineToPost(11, 21, "99213", cents(charge), cents(paid), rows)
    charge_line = ChargeLine(21, cents(abs(charge)), cents(still_open))
    return ClaimToPost(1, 5, status, "ICN1", cents(charge), cents(paid), (line,), (charge_line,))


def header(deposit: float, *claims: ClaimMoney, plb: tuple[ProviderMoney, ...] = ()) -> Header:
    return header_of(cents(deposit), claims, plb)


def money(paid: float, adjustments: float = 0, *, included: bool = True, applied: float = 0) -> ClaimMoney:
    return ClaimMoney(included, cents(paid + applied), cents(paid), cents(adjustments))


def test_1_line() -> None:
    posting = post_claim(remit(150, 56, cas("CO-45", 50), cas("PR-1", 30), cas("PR-2", 14)))
    assert posting.problems == ()
    assert (posting.paid_cents, posting.written_off_cents) == (5600, 5000)
    assert posting.open_after_cents == 4400  # what the patient owes: Information


def test_2_claim_level_adjustment_is_spread_before_anything_posts() -> None:
    lines = (
        LineToPost(11, 21, "99213", cents(80), cents(70), (cas("CO-45", 10),)),
        LineToPost(12, 22, "36415", cents(20), cents(15), (cas("CO-45", 5),)),
    )
    charge_lines = (ChargeLine(21, 8000, 8000), ChargeLine(22, 2000, 2000))
    claim = ClaimToPost(1, 5, "1", "ICN1", 10000, 8000, lines, charge_lines, (cas("CO-45", 5, 9),))
    assert [problem.code for problem in post_claim(claim).problems] == ["CLAIM_LEVEL_ADJUSTMENT"]
    assert sum(line.paid_cents for line in lines) - claim.paid_stated_cents == 500

    spread = spread_claim_level(500, [8000, 2000], [7000, 1500])
    assert spread.parts == (400, 100)
    worked = tuple(
        line._replace(
            paid_cents=line.paid_cents - part,
            adjustments=(*line.adjustments, cas("CO-45", part / 100, 8)),
        )
        for line, part in zip(lines, spread.parts, strict=True)
    )
    posting = post_claim(replace(claim, lines=worked, adjustments=()))
    assert posting.problems == ()
    assert (posting.paid_cents, posting.written_off_cents, posting.open_after_cents) == (8000, 2000, 0)


CLAIMS_OF_3 = (money(80), money(56), money(400))


def test_3_transaction_before_and_after_disposition() -> None:
    interest, recovery = cents(-3.25), cents(100)
    open_rows = tuple(ProviderMoney(amount, Disposition.UNRESOLVED) for amount in (interest, recovery))
    assert header(439.25, *CLAIMS_OF_3, plb=open_rows).unreconciled_cents == cents(-96.75)

    decided = (
        ProviderMoney(interest, Disposition.REPORT),
        ProviderMoney(recovery, Disposition.APPLY_TO_CLAIM),
    )
    after = header(439.25, money(80), money(56), money(400, applied=-100), plb=decided)
    assert (after.payments_cents, after.reported_cents, after.unreconciled_cents) == (43600, 325, 0)


def test_4_exclusion() -> None:
    decided = (
        ProviderMoney(cents(-3.25), Disposition.REPORT),
        ProviderMoney(cents(100), Disposition.APPLY_TO_CLAIM),
    )
    after = header(439.25, money(80), money(56, included=False), money(400, applied=-100), plb=decided)
    assert (after.payments_cents, after.exclusions_cents, after.unreconciled_cents) == (38000, 5600, 0)


def test_5_secondary_without_double_write_off() -> None:
    primary = post_claim(remit(500, 300, cas("CO-45", 125), cas("PR-1", 75)))
    assert primary.open_after_cents == 7500
    secondary = remit(500, 65, cas("OA-23", 425), cas("CO-45", 10), open_dollars=75, status="2")
    assert post_claim(secondary).open_after_cents == 0

    naive = remit(500, 65, cas("CO-45", 435), open_dollars=75, status="2")
    stopped = post_claim(naive)
    assert [problem.code for problem in stopped.problems] == ["OVER_ADJUST"]
    assert "425.00 more" in stopped.problems[0].message
    accepted = post_claim(replace(naive, accepted=frozenset({"OVER_ADJUST"})))
    assert accepted.problems == ()
    assert (accepted.written_off_cents, accepted.open_after_cents) == (1000, 0)


def as_original(posting: Posting, number: int) -> Original:
    return Original(number, "ICN1", posting.entries)


def test_6_reversal_and_correction() -> None:
    first = post_claim(remit(150, 50, cas("CO-45", 75), cas("PR-1", 25)))
    assert first.open_after_cents == 2500
    reversal = remit(-150, -50, cas("CO-45", -75), cas("PR-1", -25), open_dollars=25, status="22")
    taken_back = post_claim(replace(reversal, originals=(as_original(first, 77),)))
    assert taken_back.problems == ()
    assert taken_back.negates_transaction_id == 77
    assert taken_back.open_after_cents == 15000
    correction = post_claim(remit(150, 60, cas("CO-45", 75), cas("PR-1", 15)))
    assert correction.open_after_cents == 1500


def test_7_later_take_back() -> None:
    now = header(0, money(-50), plb=(ProviderMoney(cents(-50), Disposition.REPORT),))
    assert now.unreconciled_cents == 0
    later = header(150, money(200), plb=(ProviderMoney(cents(50), Disposition.REPORT),))
    assert later.unreconciled_cents == 0
    rows = [
        ProviderRow(1, 1, date(2026, 1, 5), "payer", "npi", "WO", "ACCT 1", cents(-50)),
        ProviderRow(2, 2, date(2026, 2, 5), "payer", "npi", "WO", "ACCT 1", cents(50)),
    ]
    assert [(step.movement, step.owed_cents) for step in running_ledger(rows)] == [
        (Movement.CARRIED, 5000),
        (Movement.SETTLED, 0),
    ]


def test_8_statement() -> None:
    lines = [
        OpenLine(date(2026, 3, 1), 1, 3, 6000),
        OpenLine(date(2026, 1, 1), 1, 1, 5000),
        OpenLine(date(2026, 2, 1), 1, 2, 4000),
    ]
    spread = spread_statement(12000, lines)
    assert (spread.parts, spread.rest_cents) == ((3000, 5000, 4000), 0)
    assert spread_statement(20000, lines).rest_cents == 5000


def test_9_sequestration() -> None:
    posting = post_claim(remit(100, 62.72, cas("CO-45", 20), cas("PR-2", 16), cas("CO-253", 1.28)))
    assert posting.problems == ()
    assert (posting.written_off_cents, posting.open_after_cents) == (2128, 1600)
    assert {entry.payment_type for entry in posting.entries} == {
        PaymentType.INSURANCE,
        PaymentType.CONTRACTUAL,
        PaymentType.SEQUESTRATION,
    }


def test_10_the_documented_balance_is_a_memo() -> None:
    figures = header(56, money(56, 50))
    assert (figures.balance_cents, figures.unreconciled_cents) == (-5000, 0)
    assert figures.balance_explained == "Balance = Deposit 56.00 - Payments 56.00 - Adjustment 50.00 = -50.00"
    assert figures.unreconciled_explained == (
        "Unreconciled = Deposit 56.00 - Payments 56.00 - Exclusions 0.00 - Reported 0.00 = 0.00"
    )


def test_shipped_effect_of_every_code_used_here() -> None:
    """The helper `cas` reads the shipped table: a change there must not slip through it."""
    assert cas("CO-45", 1).effect is Effect.WRITE_OFF
    assert cas("OA-23", 1).effect is Effect.PRIOR_PAYER
    assert pytest.approx(cas("PR-1", 0.01).amount_cents) == 1
