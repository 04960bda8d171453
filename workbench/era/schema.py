"""The column tables of an 835 file: names, types and what they mean. `docs/architecture.md` lists them too."""

from typing import Final

import pyarrow as pa

_NUMBER, _BYTE, _CENTS, _TEXT, _DAY = pa.int32(), pa.int64(), pa.int64(), pa.string(), pa.date32()


def _schema(**columns: str) -> pa.Schema:
    kinds = {"number": _NUMBER, "byte": _BYTE, "cents": _CENTS, "text": _TEXT, "day": _DAY}
    return pa.schema([(name, kinds[kind]) for kind, names in columns.items() for name in names.split()])


# One row per GS (or per ISA without one): the identity of an interchange is ISA06 + ISA08 + ISA13 + GS06.
INTERCHANGES: Final = _schema(
    number="interchange_no segment",
    byte="byte_start",
    text="isa_sender isa_receiver isa_control isa_usage gs_sender gs_receiver gs_control gs_version",
)
# One row per ST-SE: one check or EFT.
REMITTANCES: Final = _schema(
    number="remittance_no interchange_no segment last_segment claims service_lines",
    byte="byte_start byte_end",
    cents="amount_cents",
    day="effective_date production_date",
    text="isa_sender isa_receiver isa_control gs_control gs_version st_control handling_code credit_debit "
    "payment_method payment_format originator_id originator_code trace_number trace_originator "
    "trace_supplement payer_name payer_id_qualifier payer_id payer_additional_id payee_name "
    "payee_id_qualifier payee_id payee_npi payee_tin content_sha256",
)
# One row per CLP. `service_from`/`service_to` fall back on the lines; `statement_from`/`_to` are as sent.
CLAIMS: Final = _schema(
    number="remittance_no claim_no segment last_segment",
    byte="byte_start byte_end",
    cents="charge_cents paid_cents patient_responsibility_cents allowed_cents interest_cents",
    day="service_from service_to statement_from statement_to received_date coverage_expires",
    text="pcn remit_status filing_indicator payer_claim_no facility_type frequency patient_last patient_first "
    "patient_middle patient_id subscriber_last subscriber_first subscriber_id corrected_last "
    "corrected_first corrected_id rendering_npi crossover_name crossover_id remark_codes references",
)
# One row per SVC.
SERVICE_LINES: Final = _schema(
    number="remittance_no claim_no line_no segment",
    cents="charge_cents paid_cents allowed_cents",
    day="service_from service_to",
    text="code_qualifier code modifiers original_code revenue_code units original_units line_control_no "
    "remark_codes references",
)
# One row per CAS triplet; `position` counts the triplets of the segment from 1; `line_no` is null at claim level.
ADJUSTMENTS: Final = _schema(
    number="remittance_no claim_no line_no segment position",
    cents="amount_cents",
    text="group reason quantity",
)
# One row per PLB pair; `position` counts the pairs of the segment from 1.
PROVIDER_ADJUSTMENTS: Final = _schema(
    number="remittance_no segment position",
    cents="amount_cents",
    day="fiscal_period_end",
    text="provider_id reason reference",
)
_PLACE = "remittance_no claim_no line_no segment"
# N1 and NM1. `entity` is N101 or NM101.
NAMES: Final = _schema(number=_PLACE, text="entity entity_type last first middle suffix id_qualifier id")
REFERENCES: Final = _schema(number=_PLACE, text="qualifier value")
DATES: Final = _schema(number=_PLACE, day="value", text="qualifier")
AMOUNTS: Final = _schema(number=_PLACE, cents="amount_cents", text="qualifier")
QUANTITIES: Final = _schema(number=_PLACE, text="qualifier value")
# LQ (`qualifier` is LQ01, HE for RARC), and the codes of MIA and MOA (`qualifier` MIA or MOA).
REMARKS: Final = _schema(number=_PLACE, text="qualifier code")
# Every other segment as it stands in the file.
OTHERS: Final = _schema(number=_PLACE, text="text")

SCHEMAS: Final = {
    "remittances": REMITTANCES,
    "claims": CLAIMS,
    "service_lines": SERVICE_LINES,
    "adjustments": ADJUSTMENTS,
    "provider_adjustments": PROVIDER_ADJUSTMENTS,
    "names": NAMES,
    "references": REFERENCES,
    "dates": DATES,
    "amounts": AMOUNTS,
    "quantities": QUANTITIES,
    "remarks": REMARKS,
    "others": OTHERS,
}
