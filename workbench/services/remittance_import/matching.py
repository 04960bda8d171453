"""Which of our claims and lines a remittance speaks of (spec deposits 1.4, 1.5, 8 rows 22 and 23). Pure.

A claim is found by its patient control number within the practice that was paid, exactly. Anything less
sure is a proposal for a person, never a match.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.domain.remit import remit_status

NOTHING = -1
_NOT_LETTERS = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class OurLine:
    id: int
    line_control_no: str
    code: str
    modifiers: str
    service_date: date | None
    charge_cents: int


@dataclass(slots=True)
class OurClaim:
    """A claim we sent. `payer_levels`: payer -> its place on the claim."""

    id: int
    pcn: str
    patient_last: str
    patient_first: str
    service_from: date | None
    charge_cents: int
    lines: list[OurLine] = field(default_factory=list)
    payer_levels: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matches:
    """Per claim and line of the file: the id of ours, or NOTHING. The rest are indexes into the claims or lines."""

    claim_ids: np.ndarray
    line_ids: np.ndarray
    unknown: np.ndarray
    ambiguous: np.ndarray
    other_name: np.ndarray
    other_date: np.ndarray
    other_level: np.ndarray
    unmatched_lines: np.ndarray


def match(
    claims: pa.Table,
    lines: pa.Table,
    practices: Sequence[int | None],
    payers: Sequence[int | None],
    ours: Mapping[tuple[int, str], list[OurClaim]],
) -> Matches:
    """`practices` and `payers` are those of each remittance; `ours` is keyed by practice and PCN."""
    if not ours:
        nothing = np.zeros(0, np.int64)
        return Matches(
            np.full(len(claims), NOTHING),
            np.full(len(lines), NOTHING),
            np.arange(len(claims)),
            *[nothing] * 5,
        )
    return _Matcher(claims, lines, practices, payers).match(ours)


class _Matcher:
    def __init__(
        self,
        claims: pa.Table,
        lines: pa.Table,
        practices: Sequence[int | None],
        payers: Sequence[int | None],
    ) -> None:
        self._practices, self._payers = practices, payers
        self._claims = claims.select(
            [
                "remittance_no",
                "pcn",
                "remit_status",
                "charge_cents",
                "service_from",
                "patient_last",
                "patient_first",
            ]
        ).to_pylist()
        self._lines = lines.select(
            ["charge_cents", "service_from", "code", "original_code", "modifiers", "line_control_no"]
        )
        self._line_claims = lines["claim_no"].to_numpy()
        self._found: dict[str, list[int]] = {
            name: [] for name in ("unknown", "ambiguous", "other_name", "other_date", "other_level")
        }

    def match(self, ours: Mapping[tuple[int, str], list[OurClaim]]) -> Matches:
        matched: dict[int, OurClaim] = {}
        for index, row in enumerate(self._claims):
            practice = self._practices[row["remittance_no"]]
            candidates = ours.get((practice, row["pcn"]), []) if practice is not None else []
            claim = _the_one(candidates, row)
            if claim is None:
                self._found["ambiguous" if candidates else "unknown"].append(index)
            else:
                matched[index] = claim
                self._compare(index, row, claim)
        claim_ids = np.full(len(self._claims), NOTHING)
        for index, claim in matched.items():
            claim_ids[index] = claim.id
        line_ids = self._match_lines(matched)
        known = np.isin(self._line_claims, np.fromiter(matched, np.int64, len(matched)))
        found = {name: np.array(indexes, np.int64) for name, indexes in self._found.items()}
        unmatched = np.flatnonzero(known & (line_ids == NOTHING))
        return Matches(claim_ids=claim_ids, line_ids=line_ids, unmatched_lines=unmatched, **found)

    def _compare(self, index: int, row: dict[str, Any], claim: OurClaim) -> None:
        theirs, our = row["service_from"], claim.service_from
        if theirs and our and theirs != our:
            self._found["other_date"].append(index)
        if not _same_name(row, claim):
            self._found["other_name"].append(index)
        level = remit_status(row["remit_status"]).level
        payer = self._payers[row["remittance_no"]]
        if (
            level
            and payer is not None
            and claim.payer_levels
            and claim.payer_levels.get(payer) != level.value
        ):
            self._found["other_level"].append(index)

    def _match_lines(self, matched: Mapping[int, OurClaim]) -> np.ndarray:
        ids = np.full(len(self._lines), NOTHING)
        starts = np.searchsorted(self._line_claims, np.arange(len(self._claims) + 1))
        for index, claim in matched.items():
            start, end = int(starts[index]), int(starts[index + 1])
            rows = self._lines.slice(start, end - start).to_pylist()
            ids[start:end] = match_lines(rows, claim.lines)
        return ids


def _the_one(candidates: Sequence[OurClaim], row: dict[str, Any]) -> OurClaim | None:
    """The only claim with the number; of several, the only one with the same first day and charge."""
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    fitting = [
        claim
        for claim in candidates
        if claim.service_from == row["service_from"] and claim.charge_cents == row["charge_cents"]
    ]
    return fitting[0] if len(fitting) == 1 else None


def _same_name(row: dict[str, Any], claim: OurClaim) -> bool:
    """Compares letters and digits only; a first name may be cut short on either side."""
    last, first = _plain(row["patient_last"]), _plain(row["patient_first"])
    our_last, our_first = _plain(claim.patient_last), _plain(claim.patient_first)
    if not last or not our_last:
        return True
    return last == our_last and (first.startswith(our_first) or our_first.startswith(first))


def _plain(name: str | None) -> str:
    return _NOT_LETTERS.sub("", (name or "").upper())


def match_lines(rows: Sequence[dict[str, Any]], ours: Sequence[OurLine]) -> list[int]:
    """Our line for each line of one claim: by REF*6R, then by code, modifiers, day and charge.

    When the payer changed the code, SVC06 holds ours; modifiers then belong to the payer's code and are
    not compared. Each of our lines is given once, equal lines in their order.
    """
    free = {line.id: line for line in ours}
    found = [NOTHING] * len(rows)
    by_control = {line.line_control_no: line for line in ours if line.line_control_no}
    for place, row in enumerate(rows):
        line = by_control.get(row["line_control_no"] or "")
        if line is not None and free.pop(line.id, None) is not None:
            found[place] = line.id
    for place, row in enumerate(rows):
        if found[place] == NOTHING:
            line = next((line for line in free.values() if _same_procedure(row, line)), None)
            if line is not None:
                del free[line.id]
                found[place] = line.id
    return found


def _same_procedure(row: dict[str, Any], line: OurLine) -> bool:
    # A reversal (CLP02 22) states the charge of our line negated.
    if abs(row["charge_cents"]) != line.charge_cents:
        return False
    if row["service_from"] and line.service_date and row["service_from"] != line.service_date:
        return False
    if row["original_code"]:
        return bool(row["original_code"] == line.code)
    return bool(row["code"] == line.code and (row["modifiers"] or "") == line.modifiers)
