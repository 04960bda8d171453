"""What is wrong with data, said so that a clerk knows what to do: bad data is a finding, never an exception.

Codes and severities are those of spec deposits 3; `critical` stops the deposit, `blocking` stops the
one claim, `warning` stops nothing (spec 3.2).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    CRITICAL = "critical"
    BLOCKING = "blocking"
    WARNING = "warning"


class Level(StrEnum):
    """What a finding is about. `file` findings have no deposit yet."""

    FILE = "file"
    DEPOSIT = "deposit"
    CLAIM = "claim"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a file.

    Attributes:
        code: the word from `FINDING_CODES`, e.g. `TX_UNBALANCED`.
        message: plain words with the arithmetic and what to do; never patient data (spec: no patient data in logs).
        segment: 1-based number of the segment in the file, or None when it is about the whole file.
        remittance_no, claim_no, line_no: 0-based position in the tables of the same file, or None.
        context: the figures behind the message, JSON-able, amounts in integer cents.
    """

    code: str
    severity: Severity
    level: Level
    message: str
    segment: int | None = None
    remittance_no: int | None = None
    claim_no: int | None = None
    line_no: int | None = None
    context: dict[str, Any] = field(default_factory=dict)
