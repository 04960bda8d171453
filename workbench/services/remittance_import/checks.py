"""What is wrong with claims and lines when they are compared with our own claims and rules (spec deposits 3.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.codes import CodeBook
from workbench.domain.posting import Effect
from workbench.era import EraFile
from workbench.reconcile.balancing import Balance
from workbench.reconcile.ruling import Ruled
from workbench.services.remittance_import.errors import ErrorBook
from workbench.services.remittance_import.matching import Matches
from workbench.services.remittance_import.rows import EXCLUDED_STATUSES, FileRows

_CODES = CodeBook()


@dataclass(frozen=True, slots=True)
class Worked:
    """A file with all that was worked out about it."""

    file: EraFile
    ruled: Ruled
    balance: Balance
    matches: Matches
    rows: FileRows


def check_claims_and_lines(worked: Worked, book: ErrorBook) -> None:
    """What only our own claims and rules tell; the rest is in `reconcile.balancing` and `reconcile.file_checks`."""
    _our_claims(worked, book)
    _unmapped(worked, book)
    _unreadable(worked, book)


def _our_claims(worked: Worked, book: ErrorBook) -> None:
    matches = worked.matches
    excluded = _is_in(worked.file.claims["remit_status"], EXCLUDED_STATUSES)
    for rows, message in (
        (matches.unknown, "No claim of the practice has this patient control number."),
        (matches.ambiguous, "Several claims have this number, and none fits by day and charge alone."),
    ):
        book.claims("CLAIM_NOT_FOUND", rows[~excluded[rows]], message)
    book.claims(
        "PATIENT_NAME_MISMATCH", matches.other_name, "The patient's name is another than on our claim."
    )
    book.claims("DOS_MISMATCH", matches.other_date, "The first day of service is another than on our claim.")
    book.claims(
        "PAYER_LEVEL_MISMATCH", matches.other_level, "The payer has another place on our claim than it says."
    )
    book.lines("PROCEDURE_CODE_CONFLICT", matches.unmatched_lines, "No open line of our claim fits this one.")


def _unmapped(worked: Worked, book: ErrorBook) -> None:
    """A code without a rule, once for each line or claim that has one."""
    blocked = pc.equal(worked.ruled.effects, Effect.BLOCK.value).to_numpy(zero_copy_only=False)
    if not blocked.any():
        return
    rows = worked.file.adjustments.filter(pa.array(blocked))
    at_line = pc.is_valid(rows["line_no"])
    for owner, add, chosen in (
        ("line_no", book.lines, rows.filter(at_line)),
        ("claim_no", book.claims, rows.filter(pc.invert(at_line))),
    ):
        codes: dict[int, list[str]] = {}
        for row in chosen.select([owner, "group", "reason"]).to_pylist():
            codes.setdefault(row[owner], []).append(
                _CODES.adjustment(row["group"] or "", row["reason"] or "")
            )
        messages = [
            f"No rule says what to do with {', '.join(sorted(set(each)))}." for each in codes.values()
        ]
        add("UNMAPPED_CARC", np.fromiter(codes, np.int64, len(codes)), pa.array(messages, pa.string()))


def _unreadable(worked: Worked, book: ErrorBook) -> None:
    """Every line and claim with an amount that could not be read, however many: the reader spells out only some.

    Such an amount counts as 0, so nothing of its claim may be posted before a person has keyed it.
    """
    file = worked.file
    codes = file.adjustments.filter(pc.is_null(file.adjustments["amount_cents"]))
    at_line = pc.is_valid(codes["line_no"])
    for add, table, elements, owner, rows in (
        (book.claims, file.claims, ("CLP03", "CLP04"), "claim_no", codes.filter(pc.invert(at_line))),
        (book.lines, file.service_lines, ("SVC02", "SVC03"), "line_no", codes.filter(at_line)),
    ):
        names: dict[int, list[str]] = {}
        for column, element in zip(("charge_cents", "paid_cents"), elements, strict=True):
            missing = pc.is_null(table[column]).to_numpy(zero_copy_only=False)
            for at in np.flatnonzero(missing).tolist():
                names.setdefault(at, []).append(element)
        for row in rows.select([owner, "group", "reason"]).to_pylist():
            names.setdefault(row[owner], []).append(f"{row['group'] or ''}-{row['reason'] or ''}")
        names = dict(sorted(names.items()))
        messages = [f"No amount could be read from {', '.join(each)}." for each in names.values()]
        add("UNREADABLE_AMOUNT", np.fromiter(names, np.int64, len(names)), pa.array(messages, pa.string()))


def _is_in(values: pa.ChunkedArray, words: Sequence[str]) -> np.ndarray:
    found: np.ndarray = pc.is_in(values, pa.array(words, pa.string())).to_numpy()
    return found
