"""What the reader found wrong: collected per stretch, capped per code, numbered at the end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from workbench.domain.findings import Finding, Level, Severity
from workbench.era.segments import CLAIM, LINE, NOWHERE, Rows
from workbench.era.tokens import Bools, Bounds, Ints

CAP: Final = 100  # findings of one code and file that are spelled out; the rest is counted

NOT_X12: Final = "NOT_X12"  # text or bytes that are no X12 at all
NOT_835: Final = "NOT_835"  # another transaction set (837, 278 ...) in the file
X12_STRUCTURE: Final = "X12_STRUCTURE"  # envelopes, counts, control numbers, segments out of place (spec 3.3)
UNKNOWN_SEGMENT: Final = "UNKNOWN_SEGMENT"  # an id that an 835 does not have
UNREADABLE_AMOUNT: Final = "UNREADABLE_AMOUNT"
UNREADABLE_DATE: Final = "UNREADABLE_DATE"


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding whose numbers still count from the beginning of its stretch."""

    code: str
    severity: Severity
    level: Level
    message: str
    row: int
    context: dict[str, Any] = field(default_factory=dict)


class Notes:
    """The problems of one stretch: the first `CAP` of each kind; all are counted."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.problems: list[Problem] = []
        self.counts: Counter[str] = Counter()

    def add(self, code: str, severity: Severity, message: str, rows: Ints, **context: Any) -> None:
        """One problem for each of `rows`, which rise.

        What is left out here could not be among the first `CAP` of its code in the file.
        """
        self.counts[code] += len(rows)
        self.problems += (
            Problem(code, severity, self._level(row), message, row, dict(context))
            for row in rows[:CAP].tolist()
        )

    def amounts(self, name: str, rows: Ints, bounds: Bounds, readable: Bools, *, required: bool) -> None:
        """Unreadable amounts, and missing ones where the guide requires one. A memo amount only warns."""
        starts, ends = bounds
        missing = starts == ends
        bad = rows[~readable & ~missing]
        self._amount(
            f"{name} is not an amount in whole cents: it is left empty.", bad, name, memo=not required
        )
        if required:
            self._amount(f"{name} is missing: the amount is left empty.", rows[missing], name, memo=False)

    def _amount(self, message: str, rows: Ints, name: str, *, memo: bool) -> None:
        if not len(rows):
            return
        in_claim = self._rows.claim[rows] != NOWHERE
        for chosen, severity in ((in_claim, Severity.BLOCKING), (~in_claim, Severity.CRITICAL)):
            if chosen.any():
                self.add(
                    UNREADABLE_AMOUNT,
                    Severity.WARNING if memo else severity,
                    message,
                    rows[chosen],
                    element=name,
                )

    def dates(self, name: str, rows: Ints, bounds: Bounds, readable: Bools) -> None:
        """Dates that are there and are none."""
        starts, ends = bounds
        bad = rows[~readable & (starts < ends)]
        if len(bad):
            message = f"{name} is not a date (CCYYMMDD): it is left empty."
            self.add(UNREADABLE_DATE, Severity.WARNING, message, bad, element=name)

    def _level(self, row: int) -> Level:
        if self._rows.remittance[row] == NOWHERE:
            return Level.FILE
        return {CLAIM: Level.CLAIM, LINE: Level.LINE}.get(int(self._rows.scope[row]), Level.DEPOSIT)


def capped(findings: Iterable[Finding], counts: Counter[str]) -> tuple[Finding, ...]:
    """The first `CAP` of each code, in file order, and one closing finding for each code that has more."""
    kept: list[Finding] = []
    seen: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda each: (each.segment is None, each.segment)):
        seen[finding.code] += 1
        if seen[finding.code] <= CAP:
            kept.append(finding)
    closing = (
        Finding(
            code,
            Severity.CRITICAL if code == X12_STRUCTURE else Severity.WARNING,
            Level.FILE,
            f"{count - CAP} more findings of this kind are not listed.",
            context={"not_listed": count - CAP, "all": count},
        )
        for code, count in sorted(counts.items())
        if count > CAP
    )
    return (*kept, *closing)


def number_at(values: np.ndarray[Any, Any], row: int) -> int | None:
    """A loop number, None where there is none."""
    number = int(values[row])
    return None if number == NOWHERE else number
