"""The checks of spec deposits 3.1 and 3.3 that need nothing but the file, beside the balance itself.

Like `balancing`, they take the tables of `docs/architecture.md` and never change them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.money import format_cents
from workbench.domain.remit import REMIT_STATUSES, REVERSAL, Group
from workbench.reconcile.balancing import LIMIT
from workbench.reconcile.frames import Bools, Ints, equals, known, numbers

HANDLED_BY_HAND = ("D", "P", "X")  # BPR01: make payment only, prenotification, remittance to follow elsewhere
DENIED = tuple(code for code, status in REMIT_STATUSES.items() if status.denied)
EXCLUDED = tuple(code for code, status in REMIT_STATUSES.items() if status.excluded_by_default)
_PLACE = ("remittance_no", "claim_no", "line_no", "segment")


@dataclass(frozen=True, slots=True)
class _Check:
    code: str
    severity: Severity
    level: Level
    message: str


def check_file(
    remittances: pa.Table, claims: pa.Table, adjustments: pa.Table, claim_sums: pa.Table, limit: int = LIMIT
) -> tuple[Finding, ...]:
    """Findings on deposits, claims and adjustments. `claim_sums` is `Balance.claims` of the same file."""
    return (
        *_remittance_checks(remittances, limit),
        *_excluded(claims, limit),
        *_reversals_alone(claims, limit),
        *_claim_level_money(claims, claim_sums, limit),
        *_patient_share(claims, claim_sums, limit),
        *_zero_payments(claims, claim_sums, limit),
        *_groups(adjustments, limit),
    )


def _found(check: _Check, table: pa.Table, chosen: Bools, limit: int) -> Iterator[Finding]:
    """One finding for each chosen row, `limit` of them, and one that counts the rest."""
    rows = np.flatnonzero(chosen)
    names = [name for name in _PLACE if name in table.column_names]
    for place in table.select(names).take(rows[:limit]).to_pylist():
        yield Finding(check.code, check.severity, check.level, check.message, **place)
    yield from _rest(check.code, check.severity, len(rows), limit)


def _rest(code: str, severity: Severity, count: int, limit: int) -> Iterator[Finding]:
    if count > limit:
        message = f"{count - limit} more findings of this kind are not listed."
        yield Finding(code, severity, Level.FILE, message, context={"not_listed": count - limit})


def _remittance_checks(remittances: pa.Table, limit: int) -> Iterator[Finding]:
    amount, no_payment = numbers(remittances, "amount_cents"), equals(remittances, "payment_method", "NON")
    checks = (
        (
            equals(remittances, "credit_debit", "D"),
            "DEBIT_ERA",
            "The payer takes money back (BPR03 is D): the deposit is set to Ignore.",
        ),
        (
            equals(remittances, "handling_code", *HANDLED_BY_HAND),
            "BAD_HANDLING_CODE",
            "The handling code (BPR01) is D, P or X, so this is no remittance to post: it is set to Ignore.",
        ),
        (
            amount < 0,
            "NEGATIVE_DEPOSIT",
            "The deposit (BPR02) is below zero; a debt is sent as a provider adjustment, so ask the payer.",
        ),
        (
            no_payment & (amount != 0),
            "PAYMENT_METHOD_MISMATCH",
            "The payment method (BPR04) is NON, no payment, but the deposit is not 0.00.",
        ),
    )
    for chosen, code, message in checks:
        check = _Check(code, Severity.CRITICAL, Level.DEPOSIT, message)
        yield from _found(check, remittances, chosen, limit)


def _excluded(claims: pa.Table, limit: int) -> Iterator[Finding]:
    """Predeterminations and claims that are not this payer's (spec 8 row 24)."""
    message = "By its status (CLP02) the claim is not for posting: it is excluded unless you include it."
    check = _Check("NOT_FOR_POSTING", Severity.WARNING, Level.CLAIM, message)
    yield from _found(check, claims, equals(claims, "remit_status", *EXCLUDED), limit)


def _reversals_alone(claims: pa.Table, limit: int) -> Iterator[Finding]:
    """A reversal (CLP02 22) whose correction, a claim of the same number, is not in the file."""
    reversal = equals(claims, "remit_status", REVERSAL)
    if not reversal.any():
        return
    corrected = claims.filter(pa.array(~reversal))["pcn"].combine_chunks().drop_null()
    alone = reversal & ~equals(claims, "pcn", *corrected.to_pylist())
    message = "A reversal without its correction in the same file: the correction may follow in a later one."
    check = _Check("REVERSAL_ALONE", Severity.WARNING, Level.CLAIM, message)
    yield from _found(check, claims, alone, limit)


def _claim_level_money(claims: pa.Table, claim_sums: pa.Table, limit: int) -> Iterator[Finding]:
    """CLAIM_LEVEL_ADJUSTMENT, and CARRIER_PAYMENT_MISMATCH where no such adjustment tells the reason.

    The two have one cause whenever the line charges sum to the claim charge (spec 4.6, corollary), so
    they are one task: the mismatch then stands in the context of the first.
    """
    level, lines = numbers(claim_sums, "claim_level_cents"), numbers(claim_sums, "lines")
    paid, lines_paid = numbers(claims, "paid_cents"), numbers(claim_sums, "lines_paid_cents")
    mismatch = np.where(lines > 0, lines_paid - paid, 0)
    mismatch[~known(claims, "paid_cents")] = 0
    rows = np.flatnonzero((level != 0) | (mismatch != 0))
    for row, place in zip(rows.tolist(), _places(claims, rows[:limit]), strict=False):
        facts = {
            "claim_level_cents": int(level[row]),
            "lines_paid_cents": int(lines_paid[row]),
            "paid_cents": int(paid[row]),
            "mismatch_cents": int(mismatch[row]),
        }
        told = f"the lines pay {format_cents(lines_paid[row])}, the claim {format_cents(paid[row])}"
        if level[row]:
            code = "CLAIM_LEVEL_ADJUSTMENT"
            message = f"{format_cents(level[row])} is adjusted on the claim itself: spread it over the lines."
            message += f" That is why {told}." if mismatch[row] else ""
        else:
            code = "CARRIER_PAYMENT_MISMATCH"
            message = f"The payments differ: {told}; no claim-level adjustment tells why."
        yield Finding(code, Severity.BLOCKING, Level.CLAIM, message, context=facts, **place)
    yield from _rest("CLAIM_LEVEL_ADJUSTMENT", Severity.BLOCKING, len(rows), limit)


def _places(table: pa.Table, rows: Ints) -> list[dict[str, int]]:
    places: list[dict[str, int]] = (
        table.select([name for name in _PLACE if name in table.column_names]).take(rows).to_pylist()
    )
    return places


def _patient_share(claims: pa.Table, claim_sums: pa.Table, limit: int) -> Iterator[Finding]:
    """PR_SUM_DIFF: CLP05 is a memo of the payer; the PR rows are what counts."""
    stated, rows = numbers(claims, "patient_responsibility_cents"), _patient_rows(claim_sums)
    differ = known(claims, "patient_responsibility_cents") & (stated != rows)
    found = np.flatnonzero(differ)
    for row, place in zip(found.tolist(), _places(claims, found[:limit]), strict=False):
        message = (
            f"The patient's share (CLP05) is {format_cents(stated[row])}, but the PR adjustments sum to"
            f" {format_cents(rows[row])}."
        )
        facts = {"stated_cents": int(stated[row]), "rows_cents": int(rows[row])}
        yield Finding("PR_SUM_DIFF", Severity.WARNING, Level.CLAIM, message, context=facts, **place)
    yield from _rest("PR_SUM_DIFF", Severity.WARNING, len(found), limit)


def _zero_payments(claims: pa.Table, claim_sums: pa.Table, limit: int) -> Iterator[Finding]:
    """ZERO_PAY_DENIAL: denied, or paid nothing of a charge without a PR row that explains it."""
    nothing = known(claims, "paid_cents") & (numbers(claims, "paid_cents") == 0)
    nothing &= (numbers(claims, "charge_cents") != 0) & (_patient_rows(claim_sums) == 0)
    chosen = (nothing | equals(claims, "remit_status", *DENIED)) & ~equals(claims, "remit_status", *EXCLUDED)
    message = "The claim is denied, or paid 0.00 without a patient's share that explains it."
    check = _Check("ZERO_PAY_DENIAL", Severity.WARNING, Level.CLAIM, message)
    yield from _found(check, claims, chosen, limit)


def _patient_rows(claim_sums: pa.Table) -> Ints:
    return numbers(claim_sums, "patient_responsibility_cents")


def _groups(adjustments: pa.Table, limit: int) -> Iterator[Finding]:
    """Group CR is of version 4010 and is treated like the original pair (spec 8 row 25); others do not exist."""
    checks = (
        (
            equals(adjustments, "group", Group.CR),
            "CR_GROUP",
            "Adjustment group CR (correction) is of an old version: it counts like the group it corrects.",
        ),
        (
            ~equals(adjustments, "group", *Group),
            "UNKNOWN_GROUP",
            "The adjustment group is none of CO, PR, OA, PI and CR: say by a rule what it does.",
        ),
    )
    lines = known(adjustments, "line_no")
    for chosen, code, message in checks:
        for level, at_level in ((Level.LINE, lines), (Level.CLAIM, ~lines)):
            check = _Check(code, Severity.WARNING, level, message)
            yield from _found(check, adjustments, chosen & at_level, limit)
