"""837P, 837I and 837D, segment by segment."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.era.claims837 import ClaimFile, SubmittedPayer, read_claims

PROFESSIONAL = """\
ISA*00*          *00*          *ZZ*NORTH          *ZZ*CLEARING       *260301*0800*^*00501*000000001*0*P*:~
GS*HC*NORTH*CLEARING*20260301*0800*1*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*1*20260301*0800*CH~
NM1*41*2*NORTH*****46*N1~
HL*1**20*1~
NM1*85*2*NORTH ANESTHESIA*****XX*1000000004~
REF*EI*100000001~
HL*2*1*22*0~
SBR*P*18*******CI~
NM1*IL*1*SAMPLE*PAT****MI*M1~
DMG*D8*19700102*F~
NM1*PR*2*ACME HEALTH*****PI*1900000001~
CLM*A1*150***11:B:1*Y*A*Y*Y~
REF*EA*MR1~
NM1*82*1*DOC*DORA****XX*1000000020~
SBR*S*18*******CI~
OI***Y***Y~
NM1*IL*1*SAMPLE*PAT****MI*M2~
NM1*PR*2*ZENITH MUTUAL*****PI*1900000002~
LX*1~
SV1*HC:99213:25:59*100*UN*1***1~
DTP*472*D8*20260302~
REF*6R*L1~
NM1*82*1*OTHER*DOC****XX*1000000038~
LX*2~
SV1*HC:36415*50*UN*2***1~
DTP*472*RD8*20260302-20260303~
HL*3*1*22*1~
SBR*P********CI~
NM1*IL*1*PARENT*PIA****MI*M3~
NM1*PR*2*ACME HEALTH*****PI*1900000001~
HL*4*3*23*0~
PAT*19~
NM1*QC*1*CHILD*KIM~
DMG*D8*20150506*F~
CLM*A2*80***11:B:7*Y*A*Y*Y~
REF*F8*ICN9~
LX*1~
SV1*HC:99213*80*UN*1***1~
DTP*472*D8*20260304~
SE*40*0001~
GE*1*1~
IEA*1*000000001~
"""
INSTITUTIONAL = """\
ST*837*0001*005010X223A2~
HL*1**20*1~
NM1*85*2*NORTH*****XX*1000000004~
HL*2*1*22*0~
SBR*P*18*******CI~
NM1*IL*1*SAMPLE*PAT****MI*M1~
NM1*PR*2*ACME HEALTH*****PI*1900000001~
CLM*B1*1000***11:A:1~
DTP*434*RD8*20260201-20260205~
LX*1~
SV2*0300*HC:80050*400*UN*1~
DTP*472*D8*20260202~
LX*2~
SV2*0120**600*DA*4~
SE*15*0001~
"""
DENTAL = """\
ST*837*0001*005010X224A2~
HL*1**20*1~
NM1*85*2*NORTH*****XX*1000000004~
HL*2*1*22*0~
SBR*P*18*******CI~
NM1*IL*1*SAMPLE*PAT****MI*M1~
CLM*D1*90***11:B:1~
DTP*472*D8*20260210~
LX*1~
SV3*AD:D1110*90****1~
SE*11*0001~
"""


def read(text: str) -> ClaimFile:
    return read_claims(text.encode(), file_name="claims.837")


def test_professional() -> None:
    found = read(PROFESSIONAL)
    assert found.findings == ()
    first, second = found.claims
    assert (first.pcn, first.charge_cents, first.frequency, first.kind) == ("A1", 15000, "1", "professional")
    assert (first.patient_last, first.patient_first, first.birth_date) == ("SAMPLE", "PAT", date(1970, 1, 2))
    assert (first.billing_npi, first.billing_tin, first.rendering_npi) == (
        "1000000004",
        "100000001",
        "1000000020",
    )
    assert (first.service_from, first.service_to) == (date(2026, 3, 2), date(2026, 3, 3))
    assert first.payers == (
        SubmittedPayer("primary", "ACME HEALTH", "1900000001", "M1"),
        SubmittedPayer("secondary", "ZENITH MUTUAL", "1900000002", "M2"),
    )
    lines = [
        (line.code, line.modifiers, line.charge_cents, line.units, line.line_control_no)
        for line in first.lines
    ]
    assert lines == [("99213", "25 59", 10000, "1", "L1"), ("36415", "", 5000, "2", "")]
    assert (second.patient_last, second.frequency, second.payer_claim_no) == ("CHILD", "7", "ICN9")
    assert second.payers[0].member_id == "M3"


def test_institutional_takes_dates_of_the_claim_where_the_line_has_none() -> None:
    (claim,) = read(INSTITUTIONAL).claims
    lines = [
        (line.code, line.revenue_code, line.charge_cents, line.units, line.service_from)
        for line in claim.lines
    ]
    assert lines == [
        ("80050", "0300", 40000, "1", date(2026, 2, 2)),
        ("", "0120", 60000, "4", date(2026, 2, 1)),
    ]
    assert (claim.kind, claim.service_from, claim.service_to) == (
        "institutional",
        date(2026, 2, 1),
        date(2026, 2, 5),
    )


def test_dental() -> None:
    (claim,) = read(DENTAL).claims
    assert [(line.code, line.charge_cents, line.units) for line in claim.lines] == [("D1110", 9000, "1")]
    assert (claim.kind, claim.lines[0].service_from) == ("dental", date(2026, 2, 10))


@pytest.mark.parametrize(
    ("old", "new", "code", "left"),
    [
        ("CLM*A1*150*", "CLM*A1*15O*", "UNREADABLE_AMOUNT", ["A2"]),
        ("CLM*A1*150*", "CLM**150*", "NO_PCN", ["A2"]),
        ("CLM*A1*150*", "CLM*A1*151*", "CHARGES_DIFFER", ["A1", "A2"]),
        ("SE*40", "SE*41", "X12_STRUCTURE", ["A1", "A2"]),
        ("ST*837", "ST*835", "NOT_X12", []),
    ],
)
def test_what_is_wrong_is_a_finding_and_its_neighbours_are_read(
    old: str, new: str, code: str, left: list[str]
) -> None:
    found = read(PROFESSIONAL.replace(old, new))
    assert [finding.code for finding in found.findings] == [code]
    assert [claim.pcn for claim in found.claims] == left


def test_other_delimiters_and_line_ends() -> None:
    other = PROFESSIONAL.replace("\n", "").replace("*", "|").replace(":", ">").replace("~", "\n")
    assert read(other).claims == read(PROFESSIONAL).claims


@given(st.data())
def test_no_mutation_raises(data: st.DataObject) -> None:
    text = bytearray(PROFESSIONAL.encode())
    for _ in range(data.draw(st.integers(1, 20))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    found = read_claims(bytes(text), file_name="x")
    assert len(found.claims) <= 4
