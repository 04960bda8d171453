"""What an adjustment does to a patient's account (spec deposits 1.6 and 4.1)."""

from enum import StrEnum


class Effect(StrEnum):
    """Only WRITE_OFF changes the balance of a claim; the others are told, kept and worked, not booked.

    BLOCK stops the claim: no rule says what the code does.
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
        return _LABELS[self]


_LABELS = {
    Effect.WRITE_OFF: "Write-off",
    Effect.INFO: "Information",
    Effect.DENIAL: "Denial",
    Effect.PATIENT_RESP: "Patient's share",
    Effect.PRIOR_PAYER: "Prior payer",
    Effect.INTEREST: "Interest",
    Effect.REPORT: "Deposit Reporting",
    Effect.BLOCK: "No rule: stops the claim",
}
