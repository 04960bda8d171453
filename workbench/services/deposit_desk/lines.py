"""Mapping remitted lines to lines of our claim, by the same rule as the import (spec deposits 8 row 23)."""

from collections.abc import Sequence

from workbench.domain.deposit_work import LineWork, OurLine
from workbench.services.remittance_import import matching


def match_lines(lines: Sequence[LineWork], ours: Sequence[OurLine]) -> dict[int, int | None]:
    """Deposit line -> charge line, or None where nothing fits for sure."""
    rows = [
        {
            "line_control_no": line.line_control_no,
            "code": line.code,
            "original_code": line.original_code,
            "modifiers": line.modifiers,
            "service_from": line.service_from,
            "charge_cents": line.charge_cents,
        }
        for line in lines
    ]
    candidates = [
        matching.OurLine(
            line.id, line.line_control_no, line.code, line.modifiers, line.service_date, line.charge_cents
        )
        for line in ours
    ]
    found = matching.match_lines(rows, candidates)
    return {
        line.id: None if number == matching.NOTHING else number
        for line, number in zip(lines, found, strict=True)
    }
