"""What is wrong with claims and lines, as far as the file and our own claims tell (spec deposits 3.1, 3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.codes import CodeBook
from workbench.domain.posting import Effect
from workbench.domain.remit import REVERSAL
from workbench.era import EraFile
from workbench.reconcile.effects import Settled
from workbench.services.remittance_import.errors import ErrorBook
from workbench.services.remittance_import.gaps import Gaps
from workbench.services.remittance_import.matching import Matches
from workbench.services.remittance_import.rows import EXCLUDED_STATUSES, FileRows
from workbench.services.remittance_import.words import sentence

_CODES = CodeBook()
# Statuses that pay nothing by their nature: paid 0 is no denial.
_NEVER_DENIALS = (*EXCLUDED_STATUSES, REVERSAL)


@dataclass(frozen=True, slots=True)
class Worked:
    """A file with all that was worked out about it."""

    file: EraFile
    settled: Settled
    gaps: Gaps
    matches: Matches
    rows: FileRows


def check_claims_and_lines(worked: Worked, book: ErrorBook) -> None:
    _balances(worked, book)
    _claim_level(worked, book)
    _patient_share(worked, book)
    _statuses(worked, book)
    _our_claims(worked, book)
    _unmapped(worked, book)


def _balances(worked: Worked, book: ErrorBook) -> None:
    for table, gaps, add, code in (
        (worked.file.service_lines, worked.gaps.lines, book.lines, "LINE_UNBALANCED"),
        (worked.file.claims, worked.gaps.claims, book.claims, "CLAIM_UNBALANCED"),
    ):
        rows = np.flatnonzero(gaps)
        charge, paid = _cents(table, "charge_cents")[rows], _cents(table, "paid_cents")[rows]
        gap = gaps[rows]
        message = sentence(
            "Charge {charge} - adjustments {adjusted} - paid {paid} leaves {gap}, and should leave 0.00.",
            charge=charge,
            adjusted=charge - paid - gap,
            paid=paid,
            gap=gap,
        )
        add(code, rows, message)


def _claim_level(worked: Worked, book: ErrorBook) -> None:
    """Claim-level money and the mismatch it makes are one task (spec 4.6, corollary)."""
    claim_level = worked.settled.claims["claim_level_cents"].to_numpy()
    at_claim = pc.is_null(worked.file.adjustments["line_no"]).to_numpy()
    adjusted = np.unique(worked.file.adjustments["claim_no"].to_numpy()[at_claim])
    message = sentence(
        "{amount} is adjusted on the claim as a whole: spread it over the lines.",
        amount=claim_level[adjusted],
    )
    book.claims("CLAIM_LEVEL_ADJUSTMENT", adjusted, message)
    lines = worked.settled.claims["paid_cents"].to_numpy()
    stated = _cents(worked.file.claims, "paid_cents")
    difference = lines - stated
    rows = np.flatnonzero((difference != 0) & (difference != claim_level))
    message = sentence(
        "The lines pay {lines}, the claim says {stated}: {difference} more on the lines.",
        lines=lines[rows],
        stated=stated[rows],
        difference=difference[rows],
    )
    book.claims("CARRIER_PAYMENT_MISMATCH", rows, message)


def _patient_share(worked: Worked, book: ErrorBook) -> None:
    stated = worked.file.claims["patient_responsibility_cents"]
    share = worked.settled.claims["patient_share_cents"].to_numpy()
    said = pc.fill_null(stated, 0).to_numpy()
    rows = np.flatnonzero(pc.is_valid(stated).to_numpy() & (said != share))
    message = sentence(
        "The claim states a patient's share of {said}, its adjustments make {share}.",
        said=said[rows],
        share=share[rows],
    )
    book.claims("PR_SUM_DIFF", rows, message)


def _statuses(worked: Worked, book: ErrorBook) -> None:
    claims = worked.file.claims
    status = claims["remit_status"]
    excluded = np.flatnonzero(_is_in(status, EXCLUDED_STATUSES))
    book.claims(
        "NOT_FOR_POSTING", excluded, "The payer's status says that nothing is to be posted: excluded."
    )
    unpaid = (_cents(claims, "paid_cents") == 0) & (_cents(claims, "charge_cents") > 0)
    unexplained = worked.settled.claims["patient_share_cents"].to_numpy() == 0
    denied = (unpaid & unexplained & ~_is_in(status, _NEVER_DENIALS)) | _is_in(status, ["4"])
    book.claims(
        "ZERO_PAY_DENIAL", np.flatnonzero(denied), "Nothing is paid, and no patient's share explains it."
    )
    reversed_rows = np.flatnonzero(_is_in(status, [REVERSAL]))
    if len(reversed_rows):
        numbers = claims["pcn"].to_pylist()
        others = set(claims.filter(pc.not_equal(pc.fill_null(status, ""), REVERSAL))["pcn"].to_pylist())
        alone = [row for row in reversed_rows.tolist() if numbers[row] not in others]
        book.claims(
            "REVERSAL_ALONE", np.array(alone, np.int64), "A payment is taken back, and no correction follows."
        )


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
    blocked = pc.equal(worked.settled.adjustments.effects, Effect.BLOCK.value).to_numpy(zero_copy_only=False)
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


def _cents(table: pa.Table, column: str) -> np.ndarray:
    filled: np.ndarray = pc.fill_null(table[column], 0).to_numpy()
    return filled


def _is_in(values: pa.ChunkedArray, words: Sequence[str]) -> np.ndarray:
    found: np.ndarray = pc.is_in(values, pa.array(words, pa.string())).to_numpy()
    return found
