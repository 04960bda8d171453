"""Deposit errors of a whole file as columns: a file of 50,000 claims that we do not know has 50,000 of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.deposit_errors import ERROR_KINDS, error_key
from workbench.domain.findings import Finding, Level, Severity

SCHEMA = pa.schema(
    [
        ("remittance_no", pa.int64()),
        ("claim", pa.int64()),  # index into the file's claims, null for the deposit
        ("line", pa.int64()),  # index into the file's lines, null for deposit and claim
        ("code", pa.string()),
        ("level", pa.string()),
        ("severity", pa.string()),
        ("state", pa.string()),
        ("message", pa.string()),
        ("context_json", pa.string()),
        ("segment", pa.int64()),
        ("key", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where claims and lines stand: in which remittance, at which place of it, in which segment."""

    claim_remittance: np.ndarray
    claim_position: np.ndarray
    claim_segment: np.ndarray
    line_claim: np.ndarray
    line_position: np.ndarray
    line_segment: np.ndarray


# Spec 2.1: the error is made and resolved at once, and the deposit is set to Ignore.
RESOLVED_BY_THE_SYSTEM = frozenset({"DEBIT_ERA", "BAD_HANDLING_CODE"})


class ErrorBook:
    """Collects the errors of a file; `table()` gives them with their keys."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._parts: list[pa.Table] = []
        self._single: list[dict[str, Any]] = []

    def deposit(
        self,
        code: str,
        remittance_no: int,
        message: str,
        *,
        segment: int | None = None,
        ordinal: int | None = None,
        severity: Severity | None = None,
        state: str = "open",
        context: dict[str, Any] | None = None,
    ) -> None:
        """One error of one deposit. `ordinal` tells apart errors of one segment (each pair of a PLB)."""
        self._single.append(
            {
                "remittance_no": remittance_no,
                "code": code,
                "level": Level.DEPOSIT.value,
                "severity": (severity or ERROR_KINDS[code].severity).value,
                "state": state,
                "message": message,
                "context_json": json.dumps(context or {}, default=str),
                "segment": segment,
                "key": error_key(code, None, ordinal, segment),
            }
        )

    def claims(self, code: str, claims: np.ndarray, message: str | pa.Array) -> None:
        """One error for each of the claims."""
        if len(claims):
            place, segment = self._places, self._places.claim_segment[claims]
            key = _keys(code, place.claim_position[claims], None, segment)
            self._add(
                code,
                Level.CLAIM,
                place.claim_remittance[claims],
                claim=claims,
                message=message,
                segment=segment,
                key=key,
            )

    def lines(self, code: str, lines: np.ndarray, message: str | pa.Array) -> None:
        """One error for each of the lines."""
        if len(lines):
            place, segment = self._places, self._places.line_segment[lines]
            claims = place.line_claim[lines]
            key = _keys(code, place.claim_position[claims], place.line_position[lines], segment)
            self._add(
                code,
                Level.LINE,
                place.claim_remittance[claims],
                claim=claims,
                line=lines,
                message=message,
                segment=segment,
                key=key,
            )

    def findings(self, findings: Sequence[Finding]) -> None:
        """The reader's own findings that are about a transaction, kept as it gave them."""
        place = self._places
        for finding in findings:
            claim, line = finding.claim_no, finding.line_no
            self._single.append(
                {
                    "remittance_no": finding.remittance_no,
                    "claim": claim,
                    "line": line,
                    "code": finding.code,
                    "level": (Level.DEPOSIT if finding.level is Level.FILE else finding.level).value,
                    "severity": finding.severity.value,
                    "state": "auto_resolved" if finding.code in RESOLVED_BY_THE_SYSTEM else "open",
                    "message": finding.message,
                    "context_json": json.dumps(finding.context, default=str),
                    "segment": finding.segment,
                    "key": error_key(
                        finding.code,
                        None if claim is None else int(place.claim_position[claim]),
                        None if line is None else int(place.line_position[line]),
                        finding.segment,
                    ),
                }
            )

    def table(self) -> pa.Table:
        """All errors; where the same key came twice, the later ones are numbered."""
        single = pa.Table.from_pylist(self._single, schema=SCHEMA)
        whole = pa.concat_tables([single, *self._parts])
        return whole.set_column(SCHEMA.get_field_index("key"), "key", _made_unique(whole))

    def _add(
        self,
        code: str,
        level: Level,
        remittance: np.ndarray,
        *,
        message: str | pa.Array,
        segment: np.ndarray,
        key: pa.Array,
        claim: np.ndarray,
        line: np.ndarray | None = None,
    ) -> None:
        given: dict[str, Any] = {
            "remittance_no": remittance,
            "claim": claim,
            "line": line,
            "code": code,
            "level": level.value,
            "severity": ERROR_KINDS[code].severity.value,
            "state": "open",
            "message": message,
            "context_json": "{}",
            "segment": segment,
            "key": key,
        }
        columns = [_column(given[field.name], field.type, len(remittance)) for field in SCHEMA]
        self._parts.append(pa.table(columns, schema=SCHEMA))


def _column(value: Any, kind: pa.DataType, count: int) -> pa.Array:
    if value is None:
        return pa.nulls(count, kind)
    if isinstance(value, str):
        return pa.repeat(pa.scalar(value, kind), count)
    return pc.cast(value if isinstance(value, pa.Array) else pa.array(value), kind)


def _keys(code: str, claim: np.ndarray, line: np.ndarray | None, segment: np.ndarray) -> pa.Array:
    """`error_key` for many."""
    parts = [
        pa.scalar("") if part is None else pc.cast(pa.array(part), pa.string())
        for part in (claim, line, segment)
    ]
    return pc.binary_join_element_wise(pa.scalar(code), *parts, "/")


def _made_unique(errors: pa.Table) -> pa.ChunkedArray:
    pairs = pc.binary_join_element_wise(pc.cast(errors["remittance_no"], pa.string()), errors["key"], " ")
    if pc.count_distinct(pairs).as_py() == len(pairs):
        return errors["key"]
    seen: dict[str, int] = {}
    keys = []
    for pair, key in zip(pairs.to_pylist(), errors["key"].to_pylist(), strict=True):
        seen[pair] = seen.get(pair, 0) + 1
        keys.append(key if seen[pair] == 1 else f"{key}#{seen[pair]}")
    return pa.chunked_array([pa.array(keys, pa.string())])
