"""The header of the deposit that a transaction becomes (spec deposits 1.3, 2.1, 4.2)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.deposit import (
    PAY_METHOD_OF_BPR04,
    DepositStatus,
    Disposition,
    PayType,
    is_ignored_at_import,
)
from workbench.domain.identity import Actor
from workbench.era import EraFile
from workbench.reconcile.balancing import Balance
from workbench.services.remittance_import.identity import PaymentIdentity, payer_identifier
from workbench.services.remittance_import.rows import FileRows


def headers(
    remittances: Sequence[dict[str, Any]],
    identities: Sequence[PaymentIdentity],
    practices: Sequence[int | None],
    payers: Sequence[int | None],
    totals: Sequence[dict[str, Any]],
    envelopes: Sequence[int],
    *,
    actor: Actor,
    at: datetime,
) -> list[dict[str, Any]]:
    """Rows of `deposits` without id and import file, one per transaction.

    `envelopes`: first byte of each interchange.
    """
    return [
        _header(remittance)
        | {
            "practice_id": practice,
            "payer_id": payer,
            "owner_id": actor.user_id,
            "created_by_id": actor.user_id,
            "payment_key": identity.payment_key,
            "content_sha256": identity.content_sha256,
            "occurrence": identity.occurrence,
            "received_at": at,
            "envelope_start": _envelope_start(remittance, envelopes),
            "created_at": at,
        }
        | total
        for remittance, identity, practice, payer, total in zip(
            remittances, identities, practices, payers, totals, strict=True
        )
    ]


def _envelope_start(row: dict[str, Any], envelopes: Sequence[int]) -> int:
    """The ISA's first byte; where the file has none, the ST shows the delimiters."""
    number = row["interchange_no"]
    return int(row["byte_start"] if number is None else envelopes[number])


def _header(row: dict[str, Any]) -> dict[str, Any]:
    ignored = is_ignored_at_import(row["credit_debit"], row["handling_code"])
    method = row["payment_method"] or ""
    return {
        "type": "ERA",
        "status": (DepositStatus.IGNORE if ignored else DepositStatus.NEW).value,
        "ignore_reason": "By the system: the transaction takes money or only notifies." if ignored else "",
        # The date banked is known only of an electronic payment (spec 1.3).
        "deposited_date": row["effective_date"] if method == "ACH" else None,
        "issued_date": row["production_date"] or row["effective_date"],
        "check_number": row["trace_number"] or "",
        "payer_name": row["payer_name"] or "",
        "payer_identifier": payer_identifier(row),
        "payee_name": row["payee_name"] or "",
        "payee_npi": row["payee_npi"] or "",
        "payee_tin": row["payee_tin"] or "",
        "pay_method": PAY_METHOD_OF_BPR04.get(method, method),
        "pay_type": PayType.INSURANCE.value,
        "handling_code": row["handling_code"] or "",
        "credit_debit": row["credit_debit"] or "",
        "deposit_cents": row["amount_cents"] or 0,
        "unreadable": "deposit_cents" if row["amount_cents"] is None else "",
        "claims_count": row["claims"],
        "lines_count": row["service_lines"],
        "st02": row["st_control"] or "",
        "isa13": row["isa_control"] or "",
        "byte_start": row["byte_start"],
        "byte_end": row["byte_end"],
    }


def totals(file: EraFile, rows: FileRows, balance: Balance) -> list[dict[str, Any]]:
    """The figures of each transaction: as stated, and as worked for the header."""
    count = len(file.remittances)
    owner = rows.claims["remittance_no"].to_numpy()
    included = rows.claims["included"].to_numpy()
    line_owner = owner[rows.lines["claim"].to_numpy()]

    def summed(column: str, mask: np.ndarray | None = None) -> np.ndarray:
        values = rows.claims[column].to_numpy()
        return _sums(owner, values if mask is None else np.where(mask, values, 0), count)

    figures = {
        "charged_cents": summed("charge_cents"),
        "paid_stated_cents": summed("paid_stated_cents"),
        "patient_responsibility_cents": summed("patient_responsibility_cents"),
        "payments_cents": summed("paid_cents", included),
        "adjustments_cents": summed("adjustments_cents", included),
        "information_cents": summed("information_cents", included),
        "exclusions_cents": summed("paid_stated_cents", ~included),
        "provider_adjustments_cents": _sums(
            rows.provider_adjustments["remittance_no"].to_numpy(),
            rows.provider_adjustments["amount_cents"].to_numpy(),
            count,
        ),
        # In cash sign: minus the amount of the PLB (spec 4.2).
        "reported_cents": _sums(
            rows.provider_adjustments["remittance_no"].to_numpy(),
            np.where(
                pc.equal(rows.provider_adjustments["disposition"], Disposition.REPORT.value).to_numpy(),
                -rows.provider_adjustments["amount_cents"].to_numpy(),
                0,
            ),
            count,
        ),
        "transaction_gap_cents": balance.remittance_gaps,
        "unbalanced_claims": np.bincount(owner, balance.claim_gaps != 0, minlength=count).astype(np.int64),
        "unbalanced_lines": np.bincount(line_owner, balance.line_gaps != 0, minlength=count).astype(np.int64),
    }
    groups = _by_group(rows, owner, count)
    columns = {name: values.tolist() for name, values in figures.items()}
    return [
        {name: values[number] for name, values in columns.items()}
        | {"adjustments_by_group_json": json.dumps(groups[number])}
        for number in range(count)
    ]


def _by_group(rows: FileRows, owner: np.ndarray, count: int) -> list[dict[str, int]]:
    groups: list[dict[str, int]] = [{} for _ in range(count)]
    given = pa.table(
        {
            "owner": pc.take(pa.array(owner), rows.adjustments["claim"]),
            "group": rows.adjustments["group_code"],
            "cents": rows.adjustments["amount_cents"],
        }
    )
    for row in given.group_by(["owner", "group"]).aggregate([("cents", "sum")]).to_pylist():
        groups[row["owner"]][row["group"]] = row["cents_sum"]
    return [dict(sorted(each.items())) for each in groups]


def _sums(owner: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    sums = np.zeros(count, np.int64)
    np.add.at(sums, owner, values)
    return sums
