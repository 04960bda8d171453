"""What an adjustment does to a patient's account, and where the claim goes next (spec deposits 1.6, 2.5, 4.1)."""

from enum import StrEnum


class Effect(StrEnum):
    """Only WRITE_OFF changes the balance of a claim; the others are told, kept and worked, not booked.

    INTEREST is booked apart from the account, so that a payment which contains it does not overstate
    what was paid on the charge (spec 4.4). BLOCK stops the claim: no rule says what the code does.
    """

    WRITE_OFF = "WRITE_OFF"
    INFO = "INFO"
    DENIAL = "DENIAL"
    PATIENT_RESP = "PATIENT_RESP"
    PRIOR_PAYER = "PRIOR_PAYER"
    INTEREST = "INTEREST"
    REPORT = "REPORT"
    BLOCK = "BLOCK"

    @property
    def changes_balance(self) -> bool:
        """Whether the amount goes to the total Adjustments; if not, it goes to Information."""
        return self is Effect.WRITE_OFF

    @property
    def label(self) -> str:
        return _EFFECT_LABELS[self]


_EFFECT_LABELS = {
    Effect.WRITE_OFF: "Write-off",
    Effect.INFO: "Information",
    Effect.DENIAL: "Denial",
    Effect.PATIENT_RESP: "Patient's share",
    Effect.PRIOR_PAYER: "Prior payer",
    Effect.INTEREST: "Interest",
    Effect.REPORT: "Deposit Reporting",
    Effect.BLOCK: "No rule: stops the claim",
}


class ClaimStatus(StrEnum):
    """Work state of our own claim (spec 2.5); posting changes it. DONE only with a zero balance."""

    SUBMITTED = "Submitted"
    READY_TO_SEND = "Ready to Send"
    READY_SECONDARY = "Ready to Send Secondary"
    READY_TERTIARY = "Ready to Send Tertiary"
    WAITING_ON_PAYER = "Waiting on Payer"
    WAITING_ON_NEXT_PAYER = "Waiting on Next Payer"
    DENIED = "Denied"
    REFUND = "Refund"
    DONE = "Done"
    VOID = "Void"


class CreditSetting(StrEnum):
    """Company setting "Create Deposit Credit Error" (spec 3.1); 3 is the default."""

    INSURANCE_WITH_ERROR = "1"
    INSURANCE = "2"
    NONE = "3"
    PATIENT_WITH_ERROR = "4"
    PATIENT = "5"
    STATUS_ONLY = "6"

    @property
    def makes_error(self) -> bool:
        return self in (CreditSetting.INSURANCE_WITH_ERROR, CreditSetting.PATIENT_WITH_ERROR)

    @property
    def changes_status(self) -> bool:
        return self is not CreditSetting.NONE


class Account(StrEnum):
    """Accounts of the double-entry ledger. A positive amount is a debit.

    DEPOSIT is the money of the deposit being spread; RECEIVABLE is what a claim still owes, always
    with claim and, where the line is known, charge line.
    """

    DEPOSIT = "DEPOSIT"
    RECEIVABLE = "RECEIVABLE"
    WRITE_OFF = "WRITE_OFF"
    INTEREST = "INTEREST"
    REPORTED = "REPORTED"
    UNAPPLIED = "UNAPPLIED"


class TransactionKind(StrEnum):
    """Why ledger entries were written."""

    CLAIM = "claim"
    PROVIDER_ADJUSTMENT = "provider adjustment"
    DIFFERENCE = "difference"
    COUNTER = "counter-entry"
