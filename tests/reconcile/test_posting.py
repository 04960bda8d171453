"""Posting of one claim beyond the vectors: refusals, interest, claims without lines, and what always holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reconcile.test_vectors import as_original, cas, remit
from workbench.domain.deposit_work import AdjustmentWork
from workbench.domain.posting import Account, Effect
from workbench.domain.posting_facts import ChargeLine, ClaimToPost, LineToPost
from workbench.reconcile.entries import negated, sum_of
from workbench.reconcile.posting import post_claim, posting_order


def codes(claim: ClaimToPost) -> list[str]:
    return [problem.code for problem in post_claim(claim).problems]


def test_a_claim_that_is_not_ours_posts_nothing() -> None:
    posting = post_claim(replace(remit(150, 56, cas("CO-45", 94)), claim_id=None))
    assert posting.entries == ()
    assert [problem.code for problem in posting.problems] == ["CLAIM_NOT_FOUND"]


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (remit(150, 56, cas("CO-9999", 94)), "UNMAPPED_CARC"),
        (remit(150, 56, cas("CO-45", 90)), "LINE_UNBALANCED"),
        (
            remit(150, 56, AdjustmentWork(1, "CO", "45", 9400, Effect.WRITE_OFF, None)),
            "MISSING_PAYMENT_TYPE",
        ),
        (remit(150, -56, cas("CO-45", 206), status="22"), "REVERSAL_NO_ORIGINAL"),
    ],
)
def test_what_stops_a_claim(claim: ClaimToPost, code: str) -> None:
    assert codes(claim) == [code]
    if code == "LINE_UNBALANCED":
        assert codes(replace(claim, accepted=frozenset({code}))) == []


def test_a_line_that_is_not_on_our_claim_stops_it_only_when_it_moves_money() -> None:
    claim = remit(150, 56, cas("CO-45", 94))
    unmapped = replace(claim, lines=(claim.lines[0]._replace(charge_line_id=None),))
    assert codes(unmapped) == ["PROCEDURE_CODE_CONFLICT"]
    denied = remit(150, 0, cas("CO-50", 150))
    assert codes(replace(denied, lines=(denied.lines[0]._replace(charge_line_id=None),))) == []


def test_a_denial_keeps_the_balance() -> None:
    posting = post_claim(remit(150, 0, cas("CO-50", 150)))
    assert posting.entries == ()
    assert posting.open_after_cents == 15000


def test_typed_interest_is_paid_but_not_credited_to_the_charge() -> None:
    """Spec 4.4: A/R change = -(paid incl. interest) + interest."""
    claim = remit(150, 59.25, cas("CO-45", 94))
    line = claim.lines[0]._replace(interest_cents=325)
    posting = post_claim(replace(claim, lines=(line,)))
    assert posting.problems == ()
    assert posting.paid_cents == 5925
    assert sum_of(posting.entries, Account.INTEREST) == -325
    assert posting.open_after_cents == 0


def test_interest_in_an_adjustment_row_is_not_credited_either() -> None:
    posting = post_claim(remit(100, 102, cas("CO-225", -2)))
    assert posting.problems == ()
    assert sum_of(posting.entries, Account.INTEREST) == -200
    assert posting.open_after_cents == 0


def test_more_than_charged_by_contract_leaves_no_credit() -> None:
    assert post_claim(remit(100, 120, cas("OA-94", -20))).open_after_cents == 0


def institutional(paid: float, *rows: AdjustmentWork, status: str = "1") -> ClaimToPost:
    charge_lines = (ChargeLine(21, 7000, 7000), ChargeLine(22, 3000, 3000))
    return ClaimToPost(1, 5, status, "ICN1", 10000, round(paid * 100), (), charge_lines, rows)


def test_a_claim_without_lines_falls_on_our_lines_by_what_is_open() -> None:
    posting = post_claim(institutional(80, cas("CO-45", 20)))
    assert posting.problems == ()
    per_line = {
        line: sum(entry.amount_cents for entry in posting.entries if entry.charge_line_id == line)
        for line in (21, 22)
    }
    assert per_line == {21: -7000, 22: -3000}
    assert posting.open_after_cents == 0


def test_a_claim_without_lines_is_capped_too() -> None:
    naive = institutional(80, cas("CO-45", 30))
    assert codes(naive) == ["OVER_ADJUST"]
    assert post_claim(replace(naive, accepted=frozenset({"OVER_ADJUST"}))).open_after_cents == 0


def test_a_reported_claim_level_amount_leaves_the_account_alone() -> None:
    row = cas("CO-45", 5)._replace(effect=Effect.REPORT)
    claim = replace(remit(85, 85), adjustments=(row,), paid_stated_cents=8000)
    posting = post_claim(claim)
    assert posting.problems == ()
    assert posting.paid_cents == 8000
    assert sum_of(posting.entries, Account.REPORTED) == 500
    assert posting.open_after_cents == 0


def test_a_recovery_applied_to_a_claim_opens_what_was_credited() -> None:
    charge_line = ChargeLine(21, 15000, 5000)
    claim = ClaimToPost(1, 5, "1", "", 0, 0, (), (charge_line,), applied_cents=-10000)
    posting = post_claim(claim)
    assert (posting.paid_cents, posting.open_after_cents) == (-10000, 15000)


def test_a_reversal_must_be_the_exact_negative() -> None:
    first = post_claim(remit(150, 50, cas("CO-45", 75), cas("PR-1", 25)))
    other = remit(-150, -50, cas("CO-45", -70), cas("PR-1", -30), open_dollars=25, status="22")
    other = replace(other, originals=(as_original(first, 7),))
    assert codes(other) == ["REVERSAL_AMOUNT_DIFF"]
    accepted = post_claim(replace(other, accepted=frozenset({"REVERSAL_AMOUNT_DIFF"})))
    assert accepted.entries == negated(first.entries)
    assert accepted.open_after_cents == 15000


def test_a_reversal_picks_the_posting_of_its_own_payer_claim_number() -> None:
    first = post_claim(remit(150, 50, cas("CO-45", 100)))
    originals = (as_original(first, 1), replace(as_original(first, 2), payer_claim_no="ICN2"))
    reversal = remit(-150, -50, cas("CO-45", -100), open_dollars=0, status="22")
    assert post_claim(replace(reversal, originals=originals)).negates_transaction_id == 1
    other = replace(reversal, payer_claim_no="ICN2", originals=originals)
    assert post_claim(other).negates_transaction_id == 2


def test_reversals_go_first_and_primary_before_secondary() -> None:
    claims = [("2", 0), ("1", 1), ("22", 2), ("3", 3), ("19", 4), ("4", 5)]
    ordered = sorted(claims, key=lambda claim: posting_order(*claim))
    assert [claim_no for _, claim_no in ordered] == [2, 1, 4, 5, 0, 3]


AMOUNT = st.integers(-20_000, 50_000)
ROW = st.builds(
    lambda code, amount, number: cas(code, amount / 100, number),
    st.sampled_from(["CO-45", "CO-253", "PR-1", "PR-2", "OA-23", "OA-94", "CO-50", "CO-225"]),
    AMOUNT,
    st.integers(1, 99),
)
LINES = st.lists(st.tuples(AMOUNT, st.lists(ROW, max_size=4), AMOUNT, AMOUNT), min_size=0, max_size=4)


@given(LINES, st.lists(ROW, max_size=2), AMOUNT, st.sampled_from(["1", "2", "4", "19"]), st.booleans())
def test_what_always_holds(
    lines: list[tuple[int, list[AdjustmentWork], int, int]],
    rows: list[AdjustmentWork],
    applied: int,
    status: str,
    accept: bool,
) -> None:
    remit_lines = tuple(
        LineToPost(
            at,
            at,
            f"line {at}",
            paid - interest + sum(row.amount_cents for row in cas_rows),
            paid,
            tuple(cas_rows),
            interest,
        )
        for at, (paid, cas_rows, interest, _) in enumerate(lines)
    )
    charge_lines = tuple(ChargeLine(at, 50_000, still_open) for at, (*_, still_open) in enumerate(lines))
    accepted = frozenset({"OVER_ADJUST", "CLAIM_LEVEL_ADJUSTMENT"}) if accept else frozenset()
    claim = ClaimToPost(
        1,
        5,
        status,
        "",
        0,
        0,
        remit_lines,
        charge_lines or (ChargeLine(0, 100, 100),),
        tuple(rows),
        applied,
        accepted=accepted,
    )
    posting = post_claim(claim)
    assert sum(entry.amount_cents for entry in posting.entries) == 0
    assert posting.paid_cents == sum(paid for paid, *_ in lines) + applied
    booked = sum_of(posting.entries, Account.INTEREST) + posting.written_off_cents
    assert posting.open_after_cents == posting.open_before_cents - posting.paid_cents - booked
    for at, (paid, cas_rows, interest, still_open) in enumerate(lines):
        charged = [row for row in cas_rows if row.effect is Effect.WRITE_OFF]
        extra = sum(row.amount_cents for row in cas_rows if row.effect is Effect.INTEREST)
        before_write_off = still_open - paid + interest - extra
        moved = sum(
            e.amount_cents for e in posting.entries if e.charge_line_id == at and e.deposit_line_id == at
        )
        if sum(row.amount_cents for row in charged) > 0:
            assert still_open + moved >= min(before_write_off, 0), "a write-off made or deepened a credit"
    undone = (*posting.entries, *negated(posting.entries))
    assert all(sum_of(undone, account) == 0 for account in Account)
