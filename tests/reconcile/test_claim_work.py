"""Totals, errors, merging and typing of the claim that a person edits (spec deposits 3, 4.5, 4.6, 6.6)."""

from dataclasses import replace
from datetime import date

import pytest

from workbench.domain.deposit import ClaimState, DepositType
from workbench.domain.deposit_work import AdjustmentWork, ClaimWork, LineWork, OurClaim, OurLine
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import AdjustmentFacts
from workbench.reconcile.claim_errors import errors_of_claim
from workbench.reconcile.claim_match import Candidate, Wanted, rank
from workbench.reconcile.claim_totals import claim_totals
from workbench.reconcile.error_merge import StoredError, merge_errors
from workbench.reconcile.rules import RuleBook
from workbench.reconcile.typing_rule import TypedLine, propose

DAY = date(2026, 3, 2)


def cas(code: str, cents: int, number: int = 1) -> AdjustmentWork:
    group, reason = code.split("-")
    found = RuleBook().decide(AdjustmentFacts(group, reason))
    kind = found.payment_type.value if found.payment_type else None
    return AdjustmentWork(number, group, reason, cents, found.effect, kind)


def line(charge: int, paid: int, *rows: AdjustmentWork, no: int = 0, interest: int = 0) -> LineWork:
    return LineWork(
        no, no, 21, "99213", "", "", DAY, "", charge, paid, paid, None, interest, "", 5 + no, rows
    )


def claim(
    *lines: LineWork, stated: int, rows: tuple[AdjustmentWork, ...] = (), status: str = "1"
) -> ClaimWork:
    charge = sum(each.charge_cents for each in lines)
    ours = OurClaim(
        3, 1, "A1", "SAMPLE", "PAT", DAY, charge, charge, "Submitted", "primary", {"primary": 7},
        (OurLine(21, 0, "", "99213", "", DAY, charge, charge),),
    )  # fmt: skip
    return ClaimWork(
        1, 1, 0, 3, 7, "A1", status, charge, stated, 0, "ICN", "SAMPLE", "PAT", DAY, None, "", True,
        ClaimState.PENDING, 4, 1, lines, rows, 0, ours,
    )  # fmt: skip


def codes(work: ClaimWork) -> list[str]:
    return [error.code for error in errors_of_claim(work, DepositType.ERA)]


def test_totals_of_vector_1() -> None:
    totals = claim_totals(
        claim(line(15000, 5600, cas("CO-45", 5000), cas("PR-1", 3000), cas("PR-2", 1400)), stated=5600)
    )
    assert (totals.paid_cents, totals.adjustments_cents, totals.information_cents) == (5600, 5000, 4400)
    assert (totals.deductible_cents, totals.coinsurance_cents, totals.copay_cents) == (3000, 1400, 0)
    assert (totals.allowed_cents, totals.gap_cents) == (10000, 0)


def test_a_claim_that_adds_up_has_no_error() -> None:
    assert codes(claim(line(15000, 5600, cas("CO-45", 9400)), stated=5600)) == []


TWO = (line(8000, 7000, cas("CO-45", 1000)), line(2000, 1500, cas("CO-45", 500), no=1))


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (claim(*TWO, stated=8000, rows=(cas("CO-45", 500),)), ["CLAIM_LEVEL_ADJUSTMENT"]),
        (claim(*TWO, stated=8000), ["CARRIER_PAYMENT_MISMATCH"]),
        (claim(line(100, 50, cas("CO-45", 40)), stated=50), ["LINE_UNBALANCED"]),
        (claim(line(100, 50, cas("CO-9999", 50)), stated=50), ["UNMAPPED_CARC"]),
        (claim(line(100, 50, cas("CO-45", 50)), stated=50, status="2"), ["PAYER_LEVEL_MISMATCH"]),
        (replace(claim(line(100, 100), stated=100), ours=None), ["CLAIM_NOT_FOUND"]),
        (replace(claim(line(100, 100), stated=100), patient_last="OTHER"), ["PATIENT_NAME_MISMATCH"]),
        (replace(claim(line(100, 100), stated=100), service_from=date(2026, 1, 1)), ["DOS_MISMATCH"]),
        (replace(claim(line(100, 100), stated=100), remit_status=""), ["MISSING_REMIT_STATUS"]),
        (replace(claim(line(100, 100), stated=100), patient_responsibility_cents=5), ["PR_SUM_DIFF"]),
        (replace(claim(line(100, 50), stated=50), included=False), []),
    ],
)
def test_one_error_for_one_cause(work: ClaimWork, expected: list[str]) -> None:
    assert codes(work) == expected


def test_interest_in_the_payment_and_reported_amounts_are_explained() -> None:
    assert codes(claim(line(15000, 5925, cas("CO-45", 9400), interest=325), stated=5600)) == []
    reported = cas("CO-45", 500)._replace(effect=Effect.REPORT, payment_type=None)
    assert codes(claim(*TWO, stated=8000, rows=(reported,))) == []


def test_merging_adds_reopens_rewords_and_settles() -> None:
    (found,) = errors_of_claim(claim(line(100, 50, cas("CO-45", 40)), stated=50), DepositType.ERA)
    other = StoredError(9, "CLAIM_UNBALANCED", "open", "gone")
    kept = StoredError(8, "TX_UNBALANCED", "open", "of the file")
    for stored, shape in (
        (None, (1, 0, 0)),
        (StoredError(1, found.code, "open", found.message, found.context), (0, 0, 0)),
        (StoredError(1, found.code, "open", "older words"), (0, 0, 1)),
        (StoredError(1, found.code, "ignored", found.message, found.context), (0, 0, 0)),
        (StoredError(1, found.code, "ignored", found.message, {"claim_id": 7}), (0, 1, 0)),
        (StoredError(1, found.code, "ignored", "other facts"), (0, 1, 0)),
        (StoredError(1, found.code, "auto_resolved", found.message, found.context), (0, 1, 0)),
    ):
        rows = {"other": other, "kept": kept} | ({found.key: stored} if stored else {})
        merge = merge_errors(rows, [found], {"LINE_UNBALANCED", "CLAIM_UNBALANCED"})
        assert (len(merge.add), len(merge.reopen), len(merge.reword)) == shape
        assert merge.settle == (9,)


@pytest.mark.parametrize(
    ("typed", "contractual", "gap"),
    [
        (TypedLine(15000), None, 15000),
        (TypedLine(15000, allowed_cents=10000), 5000, 10000),
        (TypedLine(15000, allowed_cents=10000, paid_cents=5600, others_cents=4400), 5000, 0),
        (TypedLine(15000, paid_cents=5600, others_cents=4400), 5000, 0),
        (TypedLine(15000, paid_cents=5925, interest_cents=325, others_cents=4400), 5000, 0),
        (TypedLine(15000, allowed_cents=10000, paid_cents=5600, contractual_cents=9000), None, 400),
    ],
)
def test_what_is_typed_proposes_the_rest_and_is_never_changed(
    typed: TypedLine, contractual: int | None, gap: int
) -> None:
    proposal = propose(typed)
    assert (proposal.contractual_cents, proposal.gap_cents) == (contractual, gap)


def test_a_rank_has_its_reasons() -> None:
    ours = Candidate(1, "AB-1234", "SAMPLE", "PAT", DAY, 100, 60, "M-1", frozenset({7}))
    found = rank(Wanted("AB1234", "sample", "pat", DAY, 60, "m1", 7), ours)
    assert found.reasons == (
        "claim number equal", "name equal", "service date equal", "open balance equal", "member id equal", "payer on the claim",
    )  # fmt: skip
    assert rank(Wanted("AB1", "OTHER"), ours).score == 0
