"""Our tables against those of oxedi, an independent reader in Rust, cell by cell where both have the column."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import oxedi
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.era.made import DIALECTS, interchanges
from workbench.domain.money import parse_x12_amount
from workbench.era import EraFile, read_remittances
from workbench.era.message import Dialect, Interchange
from workbench.era.writer import write_835

SAMPLES = Path(__file__).parents[3] / "shared/samples/era"
# (our table, theirs): our column -> theirs. What stands in one of ours and not in theirs, and the other
# way round, is not compared; neither are their columns that merge elements (payer_identifier, receiver_id).
COLUMNS = {
    ("remittances", "payments"): {
        "handling_code": "handling_code",
        "amount_cents": "total_payment_amount",
        "credit_debit": "credit_debit_flag",
        "payment_method": "payment_method",
        "payment_format": "payment_format",
        "effective_date": "payment_date",
        "production_date": "production_date",
        "trace_number": "trace_number",
        "payer_name": "payer_name",
        "payer_id": "payer_id",
        "payer_id_qualifier": "payer_id_qualifier",
        "payee_name": "payee_name",
        "payee_id": "payee_id",
        "payee_id_qualifier": "payee_id_qualifier",
        "remittance_no": "row",
    },
    ("claims", "claims"): {
        "pcn": "claim_id",
        "remit_status": "claim_status",
        "charge_cents": "charge_amount",
        "paid_cents": "payment_amount",
        "patient_responsibility_cents": "patient_responsibility",
        "filing_indicator": "filing_indicator",
        "payer_claim_no": "payer_control_number",
        "facility_type": "facility_type",
        "frequency": "frequency_code",
        "patient_last": "patient_last_name",
        "patient_first": "patient_first_name",
        "patient_id": "patient_id",
        "rendering_npi": "rendering_provider_id",
        "allowed_cents": "coverage_amount",
        "statement_from": "statement_from",
        "statement_to": "statement_to",
        "remittance_no": "payment",
        "claim_no": "row",
        "segment": "segment",
    },
    ("service_lines", "services"): {
        "code_qualifier": "procedure_qualifier",
        "code": "procedure_code",
        "charge_cents": "charge_amount",
        "paid_cents": "payment_amount",
        "allowed_cents": "allowed_amount",
        "line_control_no": "line_item_control_number",
        "units": "units_paid",
        "original_units": "original_units",
        "remittance_no": "payment",
        "claim_no": "claim",
        "line_no": "row",
        "segment": "segment",
    },
    ("adjustments", "adjustments"): {
        "group": "group_code",
        "reason": "reason_code",
        "amount_cents": "amount",
        "quantity": "quantity",
        "remittance_no": "payment",
        "claim_no": "claim",
        "line_no": "service",
        "segment": "segment",
    },
    ("provider_adjustments", "provider_adjustments"): {
        "provider_id": "provider_id",
        "fiscal_period_end": "fiscal_period_date",
        "reason": "reason_code",
        "reference": "reference_id",
        "amount_cents": "amount",
        "remittance_no": "payment",
        "segment": "segment",
    },
}
NUMBERS_AS_TEXT = {"units", "original_units", "quantity"}


def ours(file: EraFile, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = getattr(file, table).to_pylist()
    for row in rows:
        row["segment"] -= 1  # they count segments from 0
        for column in NUMBERS_AS_TEXT & row.keys():
            row[column] = None if row[column] is None else Decimal(row[column])
    return rows


def theirs(value: Any) -> str | int | date | Decimal | None:
    """Their cell in our types: an empty text is nothing said."""
    if isinstance(value, bytes):
        return value.decode("latin-1") or None
    return value


def assert_equal(data: bytes, file: EraFile) -> None:
    tables = oxedi.parse(data).tables
    for (our_name, their_name), columns in COLUMNS.items():
        mine = ours(file, our_name)
        their_table = pa.record_batch(tables[their_name])
        other = their_table.to_pylist()
        assert len(mine) == len(other), our_name
        for our_row, their_row in zip(mine, other, strict=True):
            for our_column, their_column in columns.items():
                expected = theirs(their_row[their_column])
                if our_column.endswith("_cents") and expected is not None:
                    expected = parse_x12_amount(str(expected))
                assert our_row[our_column] == expected, (our_name, our_column, our_row["segment"] + 1)


# Where the two may differ, and why.
NOT_COMPARED = {
    "ExampleFromNth.txt": "units with three decimals are null in theirs",
    "sample_835.txt": "the word `quantity` stands in place of a number",
    "sample_835_with_interests.txt": "the word `quantity` stands in place of a number",
    "x12testdata_bad_header_looping_source.txt": "its DTM*405 is in the year 1111, which we refuse",
    "x12testdata_mult_isa_source.txt": "other transaction sets stand in the file, which theirs reads as 835",
    "x12testdata_multiple_trn_source.txt": "other transaction sets stand in the file, which theirs reads as 835",
}


def compared_samples() -> list[Path]:
    """Every sample that begins with an ISA (theirs needs one)."""
    files = [path for path in sorted(SAMPLES.rglob("*")) if path.is_file() and path.suffix != ".tsv"]
    begins = [path for path in files if path.read_bytes().removeprefix(b"\xef\xbb\xbf").startswith(b"ISA")]
    return [path for path in begins if path.name not in NOT_COMPARED]


@pytest.mark.parametrize("path", compared_samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("chunk_bytes", [64, 3_000, 4 << 20])
def test_samples(path: Path, chunk_bytes: int) -> None:
    data = path.read_bytes()
    assert_equal(data, read_remittances(data, file_name=path.name, chunk_bytes=chunk_bytes))


def test_most_samples_are_compared() -> None:
    assert not SAMPLES.exists() or len(compared_samples()) >= 34


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(interchanges, st.sampled_from(DIALECTS), st.sampled_from([100, 3_000, 4 << 20]))
def test_made_files(interchange: Interchange, dialect: Dialect, chunk_bytes: int) -> None:
    data = write_835(interchange, dialect)
    assert_equal(data, read_remittances(data, file_name="made", chunk_bytes=chunk_bytes))
