"""How a payer says it processed a claim: CLP02 and CAS01 of the 835 (spec deposits 1.6 and 1.10)."""

from dataclasses import dataclass
from enum import StrEnum


class PayerLevel(StrEnum):
    """Whose turn it was, or is (spec 1.1: claim level)."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


class ClaimLevel(StrEnum):
    """Whose turn our own claim is at: a payer's, the patient's, or nobody's."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"
    STATEMENT = "statement"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class RemitStatus:
    """One value of CLP02.

    Attributes:
        level: the payer's place, None where the code does not tell it.
        forwarded: the payer handed the claim to the next payer (crossover): do not bill it again.
        excluded_by_default: nothing of it is posted unless a person includes it (spec 8 row 24).
    """

    code: str
    label: str
    level: PayerLevel | None = None
    denied: bool = False
    forwarded: bool = False
    reversal: bool = False
    excluded_by_default: bool = False


_PRIMARY, _SECONDARY, _TERTIARY = PayerLevel.PRIMARY, PayerLevel.SECONDARY, PayerLevel.TERTIARY
REMIT_STATUSES: dict[str, RemitStatus] = {
    status.code: status
    for status in (
        RemitStatus("1", "Processed as primary", _PRIMARY),
        RemitStatus("2", "Processed as secondary", _SECONDARY),
        RemitStatus("3", "Processed as tertiary", _TERTIARY),
        RemitStatus("4", "Denied", denied=True),
        RemitStatus("19", "Processed as primary, forwarded", _PRIMARY, forwarded=True),
        RemitStatus("20", "Processed as secondary, forwarded", _SECONDARY, forwarded=True),
        RemitStatus("21", "Processed as tertiary, forwarded", _TERTIARY, forwarded=True),
        RemitStatus("22", "Reversal of an earlier payment", reversal=True),
        RemitStatus("23", "Not our claim, forwarded", forwarded=True, excluded_by_default=True),
        RemitStatus("25", "Predetermination only, no payment", excluded_by_default=True),
    )
}
REVERSAL = "22"


def remit_status(code: str | None) -> RemitStatus:
    """The status of a CLP02 code; one we do not know keeps its code and steers nothing."""
    text = code or ""
    return REMIT_STATUSES.get(text) or RemitStatus(text, f"Unknown status {text}" if text else "No status")


class Group(StrEnum):
    """CAS01: who bears the amount. CR is of version 4010; 5010 dropped it (spec 8 row 25)."""

    CO = "CO"
    PR = "PR"
    OA = "OA"
    PI = "PI"
    CR = "CR"
