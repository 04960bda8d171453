"""Spec deposits 4.1, 4.5 and the first vectors of 4.10."""

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.deposit import PaymentType
from workbench.domain.posting import Effect
from workbench.reconcile.effects import Settled, settle
from workbench.reconcile.rules import RuleBook
from workbench.reconcile.ruling import Ruled, rule_on

Cas = tuple[str, str, int]
WRITE_OFFS = ["CO-45", "CO-253", "CO-59", "CO-131", "CO-223", "CO-104", "CO-105", "CO-237", "OA-94", "CO-144"]
DENIALS = [
    f"{group}-{reason}"
    for group in ("CO", "PI")
    for reason in ["16", "18", "22", "27", "29", "50", "96", "109", "151", "197", "204", "252", "97", "B15"]
]
PATIENT = ["PR-1", "PR-2", "PR-3", "PR-96", "PR-119", "PR-204", "PR-242"]


def settled(claims: pa.Table, lines: pa.Table, adjustments: pa.Table) -> Settled:
    """With what the shipped rules make of the codes."""
    groups, reasons = (adjustments[name].to_pylist() for name in ("group", "reason"))
    return settle(claims, lines, adjustments, shipped(groups, reasons).effects)


def shipped(groups: Sequence[str | None], reasons: Sequence[str | None]) -> Ruled:
    """What the shipped rules make of codes of one claim."""
    claims = pa.table({"claim_no": [0], "remittance_no": [0], "remit_status": ["1"]})
    rows = {"claim_no": pa.array([0] * len(groups), pa.int64())}
    texts = {"group": pa.array(groups, pa.string()), "reason": pa.array(reasons, pa.string())}
    return rule_on(RuleBook(), claims, pa.table({}), pa.table(rows | texts), [None])


@pytest.mark.parametrize(
    ("codes", "effect"),
    [
        (WRITE_OFFS, Effect.WRITE_OFF),
        (DENIALS, Effect.DENIAL),
        (PATIENT, Effect.PATIENT_RESP),
        (["OA-23"], Effect.PRIOR_PAYER),
        (["OA-18"], Effect.INFO),
        (["CO-CW", "OA-CF"], Effect.WRITE_OFF),
        (["CO-9999", "OA-45", "PI-45", "OA-16"], Effect.BLOCK),
        (["CR-45"], Effect.WRITE_OFF),
        (["CR-96"], Effect.DENIAL),
    ],
)
def test_shipped_effects_are_those_of_the_spec(codes: list[str], effect: Effect) -> None:
    groups, reasons = zip(*(code.split("-") for code in codes), strict=True)
    effects = shipped(groups, reasons).effects.to_pylist()
    assert effects == [effect.value] * len(codes)


def test_the_patient_columns_have_their_own_payment_types() -> None:
    types = shipped(["PR"] * 3, ["1", "2", "3"]).payment_types.to_pylist()
    assert types == [PaymentType.DEDUCTIBLE, PaymentType.COINSURANCE, PaymentType.CO_PAY_DUE]


def test_a_missing_code_is_blocked_and_not_dropped() -> None:
    assert shipped([None, "CO"], ["45", None]).effects.to_pylist() == ["BLOCK", "BLOCK"]


def one_claim(
    charge: int,
    paid: int,
    lines: list[tuple[int, list[Cas]]],
    claim_cas: list[Cas] | None = None,
    *,
    status: str = "1",
    stated: int | None = None,
    stated_lines: list[int | None] | None = None,
) -> Settled:
    """`lines`: (paid, adjustments) each."""
    claims = pa.table(
        {
            "claim_no": pa.array([0], pa.int64()),
            "remit_status": [status],
            "paid_cents": pa.array([paid], pa.int64()),
            "allowed_cents": pa.array([stated], pa.int64()),
        }
    )
    line_rows = pa.table(
        {
            "claim_no": pa.array([0] * len(lines), pa.int64()),
            "line_no": pa.array(range(len(lines)), pa.int64()),
            "paid_cents": pa.array([line_paid for line_paid, _ in lines], pa.int64()),
            "allowed_cents": pa.array(stated_lines or [None] * len(lines), pa.int64()),
        }
    )
    rows = [(no, *cas) for no, (_, all_cas) in enumerate(lines) for cas in all_cas]
    rows += [(None, *cas) for cas in claim_cas or []]
    adjustments = pa.table(
        {
            "claim_no": pa.array([0] * len(rows), pa.int64()),
            "line_no": pa.array([row[0] for row in rows], pa.int64()),
            "group": pa.array([row[1] for row in rows], pa.string()),
            "reason": pa.array([row[2] for row in rows], pa.string()),
            "amount_cents": pa.array([row[3] for row in rows], pa.int64()),
        }
    )
    return settled(claims, line_rows, adjustments)


def test_vector_1_line() -> None:
    cas = [("CO", "45", 5000), ("PR", "1", 3000), ("PR", "2", 1400)]
    row = one_claim(15000, 5600, [(5600, cas)]).claims.to_pylist()[0]
    assert (row["paid_cents"], row["adjustments_cents"], row["information_cents"]) == (5600, 5000, 4400)
    assert (row["deductible_cents"], row["coinsurance_cents"], row["copay_cents"]) == (3000, 1400, 0)
    assert row["allowed_cents"] == 5600 + 3000 + 1400


def test_vector_2_claim_level_adjustment_makes_the_worked_payment_differ() -> None:
    lines = [(7000, [("CO", "45", 1000)]), (1500, [("CO", "45", 500)])]
    row = one_claim(10000, 8000, lines, [("CO", "45", 500)]).claims.to_pylist()[0]
    assert row["claim_level_cents"] == 500
    assert row["paid_cents"] - 8000 == 500


def test_vector_9_sequestration_is_part_of_the_allowed_amount() -> None:
    cas = [("CO", "45", 2000), ("PR", "2", 1600), ("CO", "253", 128)]
    row = one_claim(10000, 6272, [(6272, cas)]).claims.to_pylist()[0]
    assert row["allowed_cents"] == 8000
    assert (row["adjustments_cents"], row["information_cents"]) == (2128, 1600)


def test_allowed_as_stated_on_every_line_wins_over_the_claim_and_the_formula() -> None:
    lines = [(5600, [("CO", "45", 5000)]), (1000, [("CO", "45", 100)])]
    assert (
        one_claim(0, 6600, lines, stated=99, stated_lines=[5700, 1100]).claims["allowed_cents"][0].as_py()
        == 6800
    )
    assert one_claim(0, 6600, lines, stated=99).claims["allowed_cents"][0].as_py() == 99
    mixed = one_claim(0, 6600, lines, stated_lines=[5700, None])
    assert mixed.line_allowed.to_pylist() == [5700, 1000]


@pytest.mark.parametrize("status", ["2", "3", "20", "22"])
def test_allowed_is_unknown_unless_primary(status: str) -> None:
    settled = one_claim(0, 6500, [(6500, [("OA", "23", 42500), ("CO", "45", 1000)])], status=status)
    assert settled.claims["allowed_cents"].to_pylist() == [None]
    assert settled.line_allowed.to_pylist() == [None]


def test_a_claim_without_lines_is_paid_as_stated() -> None:
    row = one_claim(10000, 8000, [], [("CO", "45", 2000)]).claims.to_pylist()[0]
    assert (row["paid_cents"], row["adjustments_cents"], row["claim_level_cents"]) == (8000, 2000, 2000)


CAS = st.tuples(
    st.sampled_from(["CO", "PR", "OA", "PI", "CR"]),
    st.sampled_from(["1", "2", "3", "23", "45", "94", "253", "9999"]),
    st.integers(-(10**9), 10**9),
)


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.lists(CAS, max_size=6)), min_size=1, max_size=6))
def test_charge_is_paid_plus_adjustments_plus_information(lines: list[tuple[int, list[Cas]]]) -> None:
    charge = sum(paid + sum(amount for _, _, amount in cas) for paid, cas in lines)
    row = one_claim(charge, 0, lines).claims.to_pylist()[0]
    assert row["paid_cents"] + row["adjustments_cents"] + row["information_cents"] == charge


def test_totals_find_their_claim_whatever_the_numbers_and_the_order() -> None:
    claims = pa.table(
        {
            "claim_no": [70, 12],
            "remit_status": ["1", "1"],
            "paid_cents": [0, 5],
            "allowed_cents": pa.array([None] * 2, pa.int64()),
        }
    )
    lines = pa.table(
        {"claim_no": [70], "line_no": [9], "paid_cents": [100], "allowed_cents": pa.array([None], pa.int64())}
    )
    adjustments = pa.table(
        {
            "claim_no": [12, 70],
            "line_no": pa.array([None, 9]),
            "group": ["CO", "PR"],
            "reason": ["45", "3"],
            "amount_cents": [7, 8],
        }
    )
    rows = settled(claims, lines, adjustments).claims.to_pylist()
    assert [row["paid_cents"] for row in rows] == [100, 5]
    assert [row["adjustments_cents"] for row in rows] == [0, 7]
    assert [row["copay_cents"] for row in rows] == [8, 0]


def test_a_remittance_without_claims_settles_to_nothing() -> None:
    empty = one_claim(0, 0, []).claims.slice(0, 0)
    assert empty.num_rows == 0
    assert shipped([], []).effects.to_pylist() == []
