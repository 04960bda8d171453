"""From the reader's tables to the rows of the store: the same columns, in the store's words, still as columns.

Rows refer to each other by their index in the file; the store gives them ids when it has them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.deposit import Disposition
from workbench.domain.remit import REMIT_STATUSES
from workbench.era import EraFile
from workbench.reconcile.balancing import Balance
from workbench.reconcile.effects import Settled
from workbench.reconcile.ruling import Ruled
from workbench.services.remittance_import.errors import Places
from workbench.services.remittance_import.matching import NOTHING, Matches

# ERA Amounts of the set-up: (payer or None for all, PLB reason) -> what to do.
EraAmounts: TypeAlias = Mapping[tuple[int | None, str], Disposition]
EXCLUDED_STATUSES = [code for code, status in REMIT_STATUSES.items() if status.excluded_by_default]
_CLAIM_TEXTS = (
    "pcn",
    "remit_status",
    "filing_indicator",
    "payer_claim_no",
    "patient_last",
    "patient_first",
    "rendering_npi",
    "remark_codes",
    "crossover_name",
)
_LINE_TEXTS = (
    "code",
    "modifiers",
    "original_code",
    "revenue_code",
    "units",
    "original_units",
    "line_control_no",
    "remark_codes",
)


@dataclass(frozen=True, slots=True)
class FileRows:
    """Rows of the store without ids; `DepositContents` of the store says how they refer to each other."""

    claims: pa.Table
    lines: pa.Table
    adjustments: pa.Table
    provider_adjustments: pa.Table


def places(file: EraFile) -> Places:
    """Where each claim and line stands in its deposit and claim."""
    remittance = _numbers(file.claims, "remittance_no")
    line_claim = _numbers(file.service_lines, "claim_no")
    return Places(
        claim_remittance=remittance,
        claim_position=_position(remittance),
        claim_segment=_numbers(file.claims, "segment"),
        line_claim=line_claim,
        line_position=_position(line_claim),
        line_segment=_numbers(file.service_lines, "segment"),
    )


def file_rows(
    file: EraFile,
    ruled: Ruled,
    settled: Settled,
    balance: Balance,
    matches: Matches,
    payers: Sequence[int | None],
    amounts: EraAmounts,
    at: Places,
) -> FileRows:
    """The rows of a whole file. `amounts` says which provider-level amounts report themselves (spec 3.1)."""
    return FileRows(
        claims=_claims(file.claims, settled.claims, balance, matches, payers, at),
        lines=_lines(file.service_lines, settled.line_allowed, balance, matches, at),
        adjustments=_adjustments(file.adjustments, ruled),
        provider_adjustments=_provider_adjustments(file.provider_adjustments, payers, amounts),
    )


def _claims(
    claims: pa.Table,
    totals: pa.Table,
    balance: Balance,
    matches: Matches,
    payers: Sequence[int | None],
    at: Places,
) -> pa.Table:
    included = pc.invert(pc.is_in(claims["remit_status"], pa.array(EXCLUDED_STATUSES, pa.string())))
    payer_of = pa.array([*payers], pa.int64())
    columns = {
        "remittance_no": claims["remittance_no"],
        "claim_no": pa.array(at.claim_position),
        "claim_id": _ids(matches.claim_ids),
        "payer_id": pc.take(payer_of, pa.array(at.claim_remittance)),
        "charge_cents": _amount(claims, "charge_cents"),
        "paid_stated_cents": _amount(claims, "paid_cents"),
        "paid_cents": totals["paid_cents"],
        "patient_responsibility_cents": _amount(claims, "patient_responsibility_cents"),
        "member_id": _text(pc.coalesce(claims["subscriber_id"], claims["patient_id"])),
        "service_from": claims["service_from"],
        "service_to": claims["service_to"],
        "interest_cents": _amount(claims, "interest_cents"),
        "gap_cents": pa.array(balance.claim_gaps),
        "included": included,
        "state": pc.if_else(included, "PENDING", "EXCLUDED"),
        "segment": claims["segment"],
        "byte_start": claims["byte_start"],
        "byte_end": claims["byte_end"],
    }
    for name in (
        "allowed",
        "deductible",
        "coinsurance",
        "copay",
        "adjustments",
        "information",
        "claim_level",
    ):
        columns[f"{name}_cents"] = totals[f"{name}_cents"]
    marks = _unreadable(claims, {"charge_cents": "charge_cents", "paid_cents": "paid_stated_cents"})
    return pa.table(columns | {name: _text(claims[name]) for name in _CLAIM_TEXTS} | marks)


def _lines(lines: pa.Table, allowed: pa.Array, balance: Balance, matches: Matches, at: Places) -> pa.Table:
    paid = _amount(lines, "paid_cents")
    columns = {
        "claim": pa.array(at.line_claim),
        "line_no": pa.array(at.line_position),
        "charge_line_id": _ids(matches.line_ids),
        "charge_cents": _amount(lines, "charge_cents"),
        "paid_received_cents": paid,
        "paid_cents": paid,
        "allowed_cents": allowed,
        "service_from": lines["service_from"],
        "service_to": lines["service_to"],
        "gap_cents": pa.array(balance.line_gaps),
        "segment": lines["segment"],
    }
    marks = _unreadable(
        lines, {"charge_cents": "charge_cents", "paid_cents": "paid_received_cents paid_cents"}
    )
    return pa.table(columns | {name: _text(lines[name]) for name in _LINE_TEXTS} | marks)


def _adjustments(adjustments: pa.Table, ruled: Ruled) -> pa.Table:
    return pa.table(
        {
            "claim": adjustments["claim_no"],
            "line": adjustments["line_no"],
            "group_code": _text(adjustments["group"]),
            "reason": _text(adjustments["reason"]),
            "amount_cents": _amount(adjustments, "amount_cents"),
            "quantity": _text(adjustments["quantity"]),
            "effect": ruled.effects,
            "payment_type": ruled.payment_types,
            "rule_id": ruled.rule_ids,
            "segment": adjustments["segment"],
        }
        | _unreadable(adjustments, {"amount_cents": "amount_cents"})
    )


def _provider_adjustments(rows: pa.Table, payers: Sequence[int | None], amounts: EraAmounts) -> pa.Table:
    dispositions = [
        _disposition(payers[number], reason or "", amounts)
        for number, reason in zip(rows["remittance_no"].to_pylist(), rows["reason"].to_pylist(), strict=True)
    ]
    return pa.table(
        {
            "remittance_no": rows["remittance_no"],
            "position": pa.array(_position(_numbers(rows, "remittance_no"))),
            "provider_id": _text(rows["provider_id"]),
            "fiscal_period_end": rows["fiscal_period_end"],
            "reason": _text(rows["reason"]),
            "reference": _text(rows["reference"]),
            "amount_cents": _amount(rows, "amount_cents"),
            "disposition": pa.array(dispositions, pa.string()),
            "segment": rows["segment"],
        }
        | _unreadable(rows, {"amount_cents": "amount_cents"})
    )


def _disposition(payer: int | None, reason: str, amounts: EraAmounts) -> str:
    """Only "Report Amount" is automatic; to apply an amount is a person's work. The payer's own setting wins."""
    chosen = amounts.get((payer, reason)) or amounts.get((None, reason))
    return (Disposition.REPORT if chosen is Disposition.REPORT else Disposition.UNRESOLVED).value


def _numbers(table: pa.Table, column: str) -> np.ndarray:
    found: np.ndarray = table[column].to_numpy().astype(np.int64)
    return found


def _position(owner: np.ndarray) -> np.ndarray:
    """0-based place of each row among those of the same owner; owners stand together, ascending."""
    return np.arange(len(owner)) - np.searchsorted(owner, owner)


def _ids(ids: np.ndarray) -> pa.Array:
    return pa.array(ids, pa.int64(), mask=ids == NOTHING)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column if column.null_count == 0 else pc.fill_null(column, "")


def _unreadable(table: pa.Table, required: Mapping[str, str]) -> dict[str, pa.Array]:
    """The column `unreadable`, where there is anything to say: amounts that are null though the guide requires them.

    `required`: the reader's column -> the store's columns that it becomes.
    """
    nulls = {
        words: pc.is_null(table[column]) for column, words in required.items() if table[column].null_count
    }
    if not nulls:
        return {}
    words = [pc.if_else(missing, word, "") for word, missing in nulls.items()]
    return {"unreadable": pc.utf8_trim(pc.binary_join_element_wise(*words, " "), " ")}


def _amount(table: pa.Table, column: str) -> pa.ChunkedArray:
    """An unreadable amount counts for nothing in the totals; an error stops its claim or deposit, see `_unreadable`."""
    return pc.fill_null(table[column], 0)
