"""How grave a kind of error is in this office: which errors stop posting can be chosen (spec deposits 3.2, 5)."""

import json
from collections.abc import Sequence
from dataclasses import replace

from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.findings import Level, Severity
from workbench.reconcile.claim_errors import FoundError
from workbench.storage import Stores

SETTING = "error_severities"
# Found against the ledger, or without which money would have no place or an amount would count as 0: always as built.
FIXED = frozenset(
    {
        *(
            "OVER_ADJUST",
            "CLAIM_ALREADY_PAID",
            "REVERSAL_NO_ORIGINAL",
            "REVERSAL_AMOUNT_DIFF",
            "SECONDARY_FIRST",
        ),
        *("MISSING_PAYMENT_TYPE", "UNMAPPED_CARC", "PROCEDURE_CODE_CONFLICT", "CLAIM_NOT_FOUND"),
        *("PROVIDER_ADJUSTMENT", "MISSING_REMIT_STATUS", "UNREADABLE_AMOUNT", "PAYEE_NOT_OURS"),
        *("DEBIT_ERA", "BAD_HANDLING_CODE", "NOT_FOR_POSTING", "ZERO_PAY_DENIAL", "CREDIT_CREATED"),
    }
)
CHOSEN = tuple(code for code in ERROR_KINDS if code not in FIXED)


def severity_choices(code: str) -> tuple[Severity, ...]:
    """Critical stops the deposit, blocking the one claim, a warning nothing. The usual one is always among them."""
    kind = ERROR_KINDS[code]
    gravest = Severity.CRITICAL if kind.level is Level.DEPOSIT else Severity.BLOCKING
    wanted = {gravest, kind.severity, Severity.WARNING}
    return tuple(severity for severity in Severity if severity in wanted)


def company_severities(stores: Stores) -> dict[str, Severity]:
    """Code -> severity of the kinds for which the office chose another than the usual one."""
    kept = json.loads(stores.office.company_setting(SETTING, "{}"))
    return {code: Severity(word) for code, word in kept.items()}


def as_chosen(stores: Stores, found: Sequence[FoundError]) -> list[FoundError]:
    """Errors as they were found, each as grave as this office wants its kind to be."""
    chosen = company_severities(stores)
    return [replace(error, severity=chosen.get(error.code, error.severity)) for error in found]
