"""The kinds of deposit errors, and the key by which computing them again finds the same one (spec deposits 3)."""

from dataclasses import dataclass

from workbench.domain.findings import Level, Severity


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """One code of spec 3.1 or 3.3. `advice` says what a person can do about it."""

    code: str
    level: Level
    severity: Severity
    advice: str


_CRITICAL, _BLOCKING, _WARNING = Severity.CRITICAL, Severity.BLOCKING, Severity.WARNING
ERROR_KINDS: dict[str, ErrorKind] = {
    kind.code: kind
    for kind in (
        ErrorKind("DEBIT_ERA", Level.DEPOSIT, _CRITICAL, "Nothing: the deposit was ignored by the system."),
        ErrorKind("BAD_HANDLING_CODE", Level.DEPOSIT, _CRITICAL, "Nothing: the deposit was ignored."),
        ErrorKind(
            "DUPLICATE_DEPOSIT",
            Level.DEPOSIT,
            _CRITICAL,
            "Compare the two: remove this deposit, or ignore the error.",
        ),
        ErrorKind(
            "FILE_SEEN",
            Level.DEPOSIT,
            _CRITICAL,
            "Compare with the earlier file: remove this deposit, or ignore the error.",
        ),
        ErrorKind("PAYER_MISMATCH", Level.DEPOSIT, _CRITICAL, "Choose the payer, or ignore the error."),
        ErrorKind("PAYEE_NOT_OURS", Level.DEPOSIT, _CRITICAL, "Assign the practice, or ignore the deposit."),
        ErrorKind(
            "PROVIDER_ADJUSTMENT", Level.DEPOSIT, _CRITICAL, "Apply it to claims, report or ignore it."
        ),
        ErrorKind(
            "X12_STRUCTURE", Level.DEPOSIT, _CRITICAL, "Ask the payer for a new file, or ignore the error."
        ),
        ErrorKind(
            "TX_UNBALANCED",
            Level.DEPOSIT,
            _CRITICAL,
            "Look at Balancing for the gap, ask the payer, or ignore the error.",
        ),
        ErrorKind(
            "UNREADABLE_AMOUNT",
            Level.CLAIM,
            _BLOCKING,
            "Edit the claim: key the amount from the raw segment.",
        ),
        ErrorKind(
            "RECEIPT_NOT_APPLIED",
            Level.DEPOSIT,
            _BLOCKING,
            "Add the patient's claim and key the payment there; ignore it when that is done or it is refunded.",
        ),
        ErrorKind("NEGATIVE_DEPOSIT", Level.DEPOSIT, _CRITICAL, "Ask the payer, or ignore the error."),
        ErrorKind(
            "PAYMENT_METHOD_MISMATCH",
            Level.DEPOSIT,
            _CRITICAL,
            "Edit the details once the payer has said how it was paid, or ignore.",
        ),
        ErrorKind("CR_GROUP", Level.LINE, _WARNING, "Nothing: it counts like the group it corrects."),
        ErrorKind("UNKNOWN_GROUP", Level.LINE, _WARNING, "Say by a rule what it does, or ignore."),
        ErrorKind(
            "DUPLICATE_FUZZY", Level.DEPOSIT, _WARNING, "Compare with the deposit named, or ignore the error."
        ),
        ErrorKind(
            "CLAIM_NOT_FOUND",
            Level.CLAIM,
            _BLOCKING,
            "Attach our claim, exclude it, or ignore it when it lives elsewhere.",
        ),
        ErrorKind(
            "CARRIER_PAYMENT_MISMATCH",
            Level.CLAIM,
            _BLOCKING,
            "Edit the claim: lower the line payments; or ignore.",
        ),
        ErrorKind(
            "CLAIM_LEVEL_ADJUSTMENT",
            Level.CLAIM,
            _BLOCKING,
            "Spread the amount over the lines, report it, or ignore.",
        ),
        ErrorKind(
            "PAYER_LEVEL_MISMATCH",
            Level.CLAIM,
            _BLOCKING,
            "Choose the payer of the claim, correct the payers of our claim, or ignore.",
        ),
        ErrorKind(
            "CLAIM_UNBALANCED", Level.CLAIM, _BLOCKING, "Edit the claim: correct the amounts; or ignore."
        ),
        ErrorKind(
            "PR_SUM_DIFF",
            Level.CLAIM,
            _WARNING,
            "Edit the claim when the patient's share is wrong, or ignore.",
        ),
        ErrorKind(
            "REVERSAL_ALONE", Level.CLAIM, _WARNING, "Wait for the correction, ask the payer, or ignore."
        ),
        ErrorKind(
            "PATIENT_NAME_MISMATCH",
            Level.CLAIM,
            _WARNING,
            "Attach the right claim, or ignore when it is the same patient.",
        ),
        ErrorKind(
            "DOS_MISMATCH",
            Level.CLAIM,
            _WARNING,
            "Attach the right claim, or ignore when it is the right one.",
        ),
        ErrorKind("ZERO_PAY_DENIAL", Level.CLAIM, _WARNING, "Work the denial; ignore it when that is done."),
        ErrorKind("NOT_FOR_POSTING", Level.CLAIM, _WARNING, "Excluded by its status; include it to post it."),
        ErrorKind(
            "LINE_UNBALANCED", Level.LINE, _BLOCKING, "Edit the claim: correct the amounts; or ignore."
        ),
        ErrorKind("PROCEDURE_CODE_CONFLICT", Level.LINE, _BLOCKING, "Map it to a line of our claim."),
        ErrorKind(
            "UNMAPPED_CARC", Level.LINE, _BLOCKING, "Choose what the code does, and save it as a rule."
        ),
        ErrorKind(
            "MISSING_PAYMENT_TYPE", Level.LINE, _BLOCKING, "Choose the payment type, and save it as a rule."
        ),
        ErrorKind("MISSING_REMIT_STATUS", Level.CLAIM, _BLOCKING, "Edit the claim: choose the remit status."),
        # Found by posting, against the ledger.
        ErrorKind(
            "OVER_ADJUST", Level.LINE, _BLOCKING, "Edit the claim, or ignore to write off only what is open."
        ),
        ErrorKind(
            "CLAIM_ALREADY_PAID",
            Level.CLAIM,
            _BLOCKING,
            "Compare with the earlier posting: exclude this claim, or ignore.",
        ),
        ErrorKind(
            "REVERSAL_NO_ORIGINAL", Level.CLAIM, _BLOCKING, "Attach the claim that was posted, or ignore."
        ),
        ErrorKind(
            "REVERSAL_AMOUNT_DIFF", Level.CLAIM, _BLOCKING, "Edit the claim to what was posted, or ignore."
        ),
        ErrorKind("SECONDARY_FIRST", Level.CLAIM, _BLOCKING, "Post the primary payer first, or ignore."),
        ErrorKind("CREDIT_CREATED", Level.CLAIM, _WARNING, "Decide: credit, refund, transfer; then ignore."),
    )
}


def error_key(
    code: str, claim_no: int | None = None, line_no: int | None = None, segment: int | None = None
) -> str:
    """Identity of an error within its deposit (spec 3.2): code, claim, line and segment of the file.

    `claim_no` and `line_no` are the 0-based positions in the deposit and in the claim.
    """
    return "/".join([code, *("" if part is None else str(part) for part in (claim_no, line_no, segment))])
