"""The 835 message as values: what a payer says, in its own order, for the writer to spell.

Counts, control numbers and envelopes are worked out by the writer. Amounts are cents.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from workbench.domain.money import Cents


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is spelled: its version, delimiters and what follows each segment terminator."""

    version: Literal["5010", "4010"] = "5010"
    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    segment: str = "~"
    line_end: str = "\n"

    @property
    def guide(self) -> str:
        """GS08, the implementation guide."""
        return "005010X221A1" if self.version == "5010" else "004010X091A1"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One CAS triplet. Positive lowers the payment."""

    group: str
    reason: str
    amount_cents: Cents
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One SVC loop (2110). Units are text: `"1"`, `"0.5"`."""

    code: str
    charge_cents: Cents
    paid_cents: Cents
    code_qualifier: str = "HC"
    modifiers: tuple[str, ...] = ()
    original_code: str = ""
    revenue_code: str = ""
    units: str = ""
    original_units: str = ""
    service_from: date | None = None
    service_to: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    allowed_cents: Cents | None = None
    line_control_no: str = ""
    remark_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One CLP loop (2100)."""

    pcn: str
    charge_cents: Cents
    paid_cents: Cents
    remit_status: str = "1"
    patient_responsibility_cents: Cents | None = None
    filing_indicator: str = "12"
    payer_claim_no: str = ""
    facility_type: str = "11"
    frequency: str = "1"
    patient_last: str = ""
    patient_first: str = ""
    patient_middle: str = ""
    patient_id: str = ""
    subscriber_last: str = ""
    subscriber_first: str = ""
    subscriber_id: str = ""
    rendering_npi: str = ""
    crossover_name: str = ""
    crossover_id: str = ""
    service_from: date | None = None
    service_to: date | None = None
    received_date: date | None = None
    coverage_expires: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[ServiceLine, ...] = ()
    allowed_cents: Cents | None = None
    interest_cents: Cents | None = None
    remark_codes: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One PLB pair. Positive lowers the check, negative raises it (spec deposits 1.7)."""

    reason: str
    amount_cents: Cents
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ProviderAdjustments:
    """The PLB segments of one provider; more than six items make more than one segment."""

    provider_id: str
    fiscal_period_end: date
    items: tuple[ProviderAdjustment, ...]


@dataclass(frozen=True, slots=True)
class Remittance:
    """One ST-SE: one check or EFT."""

    amount_cents: Cents
    trace_number: str
    payer_name: str
    payee_name: str
    effective_date: date
    claims: tuple[Claim, ...] = ()
    provider_adjustments: tuple[ProviderAdjustments, ...] = ()
    production_date: date | None = None
    handling_code: str = "I"
    credit_debit: str = "C"
    payment_method: str = "ACH"
    payment_format: str = "CCP"
    originator_id: str = "1999999999"
    payer_id: str = ""
    payer_additional_id: str = ""
    payee_npi: str = ""
    payee_tin: str = ""


@dataclass(frozen=True, slots=True)
class Interchange:
    """One ISA-IEA with one GS-GE around its remittances. `control` is ISA13 and GS06."""

    remittances: tuple[Remittance, ...]
    control: int = 1
    sender: str = "PAYER"
    receiver: str = "RECEIVER"
    created_at: datetime = datetime(2026, 1, 5, 6, 30, tzinfo=UTC)
    usage: Literal["P", "T"] = "P"
