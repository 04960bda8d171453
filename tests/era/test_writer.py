"""The writer, held against segments written by hand from the 835 TR3."""

from datetime import UTC, date, datetime

import pytest

from workbench.era.message import (
    Adjustment,
    Claim,
    Dialect,
    Interchange,
    ProviderAdjustment,
    ProviderAdjustments,
    Remittance,
    ServiceLine,
)
from workbench.era.writer import UnwritableError, write_835, x12_amount


def remittance(**changes: object) -> Remittance:
    values: dict[str, object] = {
        "amount_cents": 5600,
        "trace_number": "T100",
        "payer_name": "ACME HEALTH",
        "payee_name": "OAK CLINIC",
        "payee_npi": "1999999984",
        "effective_date": date(2026, 1, 5),
    }
    return Remittance(**(values | changes))  # type: ignore[arg-type]


def segments(data: bytes, end: str = "~\n") -> list[str]:
    return data.decode("latin-1").split(end)[:-1]


def test_one_claim_segment_by_segment() -> None:
    line = ServiceLine(
        code="99213",
        charge_cents=15000,
        paid_cents=5600,
        modifiers=("25",),
        units="1",
        service_from=date(2025, 12, 1),
        adjustments=(
            Adjustment("CO", "45", 5000),
            Adjustment("PR", "1", 3000),
            Adjustment("PR", "2", 1400, quantity="1"),
        ),
        allowed_cents=10000,
        line_control_no="L1",
        remark_codes=("N130",),
    )
    claim = Claim(
        pcn="A1",
        charge_cents=15000,
        paid_cents=5600,
        patient_responsibility_cents=4400,
        payer_claim_no="ICN1",
        patient_last="DOE",
        patient_first="JANE",
        patient_id="M1",
        lines=(line,),
    )
    file = Interchange((remittance(claims=(claim,)),), created_at=datetime(2026, 1, 5, 6, 30, tzinfo=UTC))
    assert segments(write_835(file)) == [
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*RECEIVER       *260105*0630*^*00501*000000001*0*P*:",
        "GS*HP*PAYER*RECEIVER*20260105*0630*1*X*005010X221A1",
        "ST*835*0001",
        "BPR*I*56*C*ACH*CCP*01*999999992*DA*0000000000*1999999999**01*999999992*DA*0000000000*20260105",
        "TRN*1*T100*1999999999",
        "N1*PR*ACME HEALTH",
        "N3*1 PAYER WAY",
        "N4*SPRINGFIELD*IL*62701",
        "N1*PE*OAK CLINIC*XX*1999999984",
        "LX*1",
        "CLP*A1*1*150*56*44*12*ICN1*11*1",
        "NM1*QC*1*DOE*JANE****MI*M1",
        "SVC*HC:99213:25*150*56**1",
        "DTM*472*20251201",
        "CAS*CO*45*50",
        "CAS*PR*1*30**2*14*1",
        "REF*6R*L1",
        "AMT*B6*100",
        "LQ*HE*N130",
        "SE*18*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]


def test_seven_adjustments_and_seven_provider_adjustments_take_two_segments_each() -> None:
    claim = Claim("A1", 700, 0, adjustments=tuple(Adjustment("CO", str(n), 100) for n in range(1, 8)))
    plb = ProviderAdjustments(
        "1999999984", date(2026, 12, 31), tuple(ProviderAdjustment("WO", 1, f"R{n}") for n in range(1, 8))
    )
    written = segments(
        write_835(Interchange((remittance(claims=(claim,), provider_adjustments=(plb,)),))), end="~\n"
    )
    assert [segment for segment in written if segment.startswith(("CAS", "PLB"))] == [
        "CAS*CO*1*1**2*1**3*1**4*1**5*1**6*1",
        "CAS*CO*7*1",
        "PLB*1999999984*20261231*WO:R1*0.01*WO:R2*0.01*WO:R3*0.01*WO:R4*0.01*WO:R5*0.01*WO:R6*0.01",
        "PLB*1999999984*20261231*WO:R7*0.01",
    ]


def test_dialect_changes_every_delimiter_and_the_version() -> None:
    dialect = Dialect(
        version="4010", element="|", component=">", repetition="!", segment="\x1d", line_end="\r\n"
    )
    written = segments(write_835(Interchange((remittance(),)), dialect), end="\x1d\r\n")
    assert written[0].split("|")[11:13] == ["U", "00401"]
    assert written[0][-1] == ">"
    assert written[1].endswith("|X|004010X091A1")


@pytest.mark.parametrize("pcn", ["A*1", "A:1", "A~1", "A^1", "A\n1", "A\u2603"])
def test_a_value_with_a_delimiter_is_refused_and_not_repeated(pcn: str) -> None:
    with pytest.raises(UnwritableError) as refused:
        write_835(Interchange((remittance(claims=(Claim(pcn, 1, 1),)),)))
    assert "A" not in str(refused.value).replace("Latin-1", "")


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0"), (5, "0.05"), (50, "0.5"), (12300, "123"), (-12345, "-123.45")]
)
def test_amounts_are_spelled_as_data_type_r(cents: int, text: str) -> None:
    assert x12_amount(cents) == text
