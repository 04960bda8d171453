"""What each adjustment does, and the totals per claim that follow (spec deposits 4.1, 4.2 and 4.5).

The identity kept by design, for every balanced line and claim: charge = paid + Adjustments + Information.
Deductible, coinsurance and co-pay are "of which" columns of Information, not extra terms.

Everything is vectorised: a million adjustments take tens of milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.deposit import PaymentType
from workbench.domain.posting import Effect
from workbench.domain.remit import REMIT_STATUSES, PayerLevel


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a shipped rule does with an adjustment."""

    effect: Effect
    payment_type: PaymentType


_CONTRACTUAL = Treatment(Effect.WRITE_OFF, PaymentType.CONTRACTUAL)
_WITHHOLD = Treatment(Effect.WRITE_OFF, PaymentType.WITHHOLD)
_DENIAL = Treatment(Effect.DENIAL, PaymentType.DENIAL)
_DENIAL_REASONS = ("16", "18", "22", "27", "29", "50", "96", "109", "151", "197", "204", "252", "97", "B15")

# (group, reason); None stands for any. Spec 4.1. A negative amount under 94 or 144 pays more than the
# charge by contract, so it shares the bucket of the contractual rows it balances.
DEFAULT_TREATMENTS: Mapping[tuple[str | None, str | None], Treatment] = {
    ("CO", "45"): _CONTRACTUAL,
    ("CO", "253"): Treatment(Effect.WRITE_OFF, PaymentType.SEQUESTRATION),
    ("CO", "59"): _CONTRACTUAL,
    ("CO", "131"): _CONTRACTUAL,
    ("CO", "223"): _CONTRACTUAL,
    ("CO", "144"): _CONTRACTUAL,
    ("CO", "94"): _CONTRACTUAL,
    ("OA", "94"): _CONTRACTUAL,
    ("CO", "104"): _WITHHOLD,
    ("CO", "105"): _WITHHOLD,
    ("CO", "237"): _WITHHOLD,
    ("OA", "23"): Treatment(Effect.PRIOR_PAYER, PaymentType.PRIOR_PAYER),
    **{(group, "225"): Treatment(Effect.INTEREST, PaymentType.INTEREST) for group in ("CO", "OA", "PI")},
    ("OA", "18"): Treatment(Effect.INFO, PaymentType.DENIAL),
    (None, "CW"): Treatment(Effect.WRITE_OFF, PaymentType.COURTESY),
    (None, "CF"): Treatment(Effect.WRITE_OFF, PaymentType.COLLECTION_FEE),
    ("PR", "1"): Treatment(Effect.PATIENT_RESP, PaymentType.DEDUCTIBLE),
    ("PR", "2"): Treatment(Effect.PATIENT_RESP, PaymentType.COINSURANCE),
    ("PR", "3"): Treatment(Effect.PATIENT_RESP, PaymentType.CO_PAY_DUE),
    ("PR", None): Treatment(Effect.PATIENT_RESP, PaymentType.DENIAL),
    **{(group, reason): _DENIAL for group in ("CO", "PI") for reason in _DENIAL_REASONS},
}


@dataclass(frozen=True, slots=True)
class Settled:
    """What a file's adjustments amount to.

    Attributes:
        claims: one row per claim, in the order of the claims given: `claim_no paid_cents` (worked: sum of the
            lines, CLP04 when there is none) `allowed_cents` (null: unknown) `deductible_cents
            coinsurance_cents copay_cents patient_share_cents` (all PR) `adjustments_cents information_cents
            claim_level_cents` (sum of CAS in loop 2100).
        line_allowed: allowed amount per line (spec 4.5), null where unknown.
    """

    claims: pa.Table
    line_allowed: pa.Array


def settle(claims: pa.Table, lines: pa.Table, adjustments: pa.Table, effects: pa.DictionaryArray) -> Settled:
    """Totals per claim of a file; `effects`: what each adjustment does, as the rules say (`ruling.rule_on`).

    The tables have the columns of docs/architecture.md: claims `claim_no remit_status paid_cents
    allowed_cents`, lines `claim_no line_no paid_cents allowed_cents`, adjustments `claim_no line_no group
    reason amount_cents`.
    """
    claim_ids, line_ids = _ints(claims["claim_no"]), _ints(lines["line_no"])
    row_claims = _positions(_ints(adjustments["claim_no"]), claim_ids)
    at_line = pc.is_valid(adjustments["line_no"]).to_numpy(zero_copy_only=False)
    masks = _masks(adjustments, effects)
    amounts = _ints(adjustments["amount_cents"])
    totals = {
        name: _sums(amounts, row_claims, len(claim_ids), mask)
        for name, mask in {**masks, "claim_level": ~at_line}.items()
    }
    line_claims = _positions(_ints(lines["claim_no"]), claim_ids)
    line_paid = _ints(lines["paid_cents"])
    has_lines = np.bincount(line_claims, minlength=len(claim_ids)) > 0
    paid = np.where(has_lines, _sums(line_paid, line_claims, len(claim_ids)), _ints(claims["paid_cents"]))

    primary = pc.is_in(claims["remit_status"], pa.array(_PRIMARY_CODES)).to_numpy(zero_copy_only=False)
    row_lines = _positions(_ints(adjustments["line_no"].drop_null()), line_ids)
    of_allowed = _sums(amounts[at_line], row_lines, len(line_ids), masks["of_allowed"][at_line])
    line_allowed = _first_known(lines["allowed_cents"], line_paid + of_allowed, primary[line_claims])
    line_states = pc.is_valid(lines["allowed_cents"]).to_numpy(zero_copy_only=False)
    states_lines = np.bincount(line_claims[line_states], minlength=len(claim_ids)) > 0
    known_lines = line_allowed.is_valid().to_numpy(zero_copy_only=False)
    all_known = np.bincount(line_claims[~known_lines], minlength=len(claim_ids)) == 0
    from_lines = _sums(_ints(line_allowed), line_claims, len(claim_ids))
    stated = pc.if_else(
        pa.array(states_lines & all_known), pa.array(from_lines), claims["allowed_cents"].combine_chunks()
    )
    allowed = _first_known(stated, paid + totals.pop("of_allowed"), primary)
    columns = {"claim_no": claims["claim_no"], "paid_cents": pa.array(paid), "allowed_cents": allowed}
    columns |= {f"{name}_cents": pa.array(values) for name, values in totals.items()}
    return Settled(pa.table(columns), line_allowed)


# The formula of spec 4.5 holds for a primary payer only; for any other the allowed amount is unknown.
_PRIMARY_CODES = [code for code, status in REMIT_STATUSES.items() if status.level is PayerLevel.PRIMARY]


def _masks(adjustments: pa.Table, effects: pa.DictionaryArray) -> dict[str, np.ndarray]:
    group, reason = adjustments["group"], adjustments["reason"]
    patient = _equal(group, "PR")
    deductible, coinsurance, copay = (patient & _equal(reason, code) for code in ("1", "2", "3"))
    changes = _equal(effects, Effect.WRITE_OFF.value)
    sequestration = _equal(group, "CO") & _equal(reason, "253")
    return {
        "deductible": deductible,
        "coinsurance": coinsurance,
        "copay": copay,
        "patient_share": patient,
        "adjustments": changes,
        "information": ~changes,
        "of_allowed": deductible | coinsurance | copay | sequestration,
    }


def _equal(values: pa.Array, word: str) -> np.ndarray:
    same: np.ndarray = pc.fill_null(pc.equal(values, word), fill_value=False).to_numpy(zero_copy_only=False)
    return same


def _ints(values: pa.Array) -> np.ndarray:
    filled: np.ndarray = pc.fill_null(values, 0).to_numpy(zero_copy_only=False)
    return filled.astype(np.int64)


def _positions(keys: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Where each key stands in `among` (unique numbers, any order; a file's own are consecutive)."""
    if len(among) and bool((np.diff(among) == 1).all()):
        offsets: np.ndarray = keys - among[0]
        return offsets
    order = np.argsort(among, kind="stable")
    return order[np.searchsorted(among, keys, sorter=order)]


def _sums(amounts: np.ndarray, at: np.ndarray, count: int, mask: np.ndarray | None = None) -> np.ndarray:
    """Exact int64 sums per position; `numpy.bincount` would sum in floating point."""
    sums = np.zeros(count, np.int64)
    if mask is None:
        np.add.at(sums, at, amounts)
    else:
        np.add.at(sums, at[mask], amounts[mask])
    return sums


def _first_known(stated: pa.Array, computed: np.ndarray, computable: np.ndarray) -> pa.Array:
    """The stated amount; else the computed one where the formula holds; else null."""
    whole = stated.combine_chunks() if isinstance(stated, pa.ChunkedArray) else stated
    return pc.coalesce(whole, pa.array(computed, mask=~computable))
