"""What the reader makes of one small file, in every spelling, whole and damaged."""

import hashlib
import mmap
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.era.made import DIALECTS, interchanges, small_interchange
from workbench.domain.findings import Level, Severity
from workbench.era import EraFile, raw_segments, read_remittances
from workbench.era.message import Dialect, Interchange
from workbench.era.schema import SCHEMAS
from workbench.era.writer import write_835

# The tables in which a segment of the file can land; remittances repeat what `others` holds raw.
LANDING = [name for name in SCHEMAS if name != "remittances"]


def read(data: bytes, **options: Any) -> EraFile:
    return read_remittances(data, file_name="test.835", **options)


def small(dialect: Dialect | None = None) -> bytes:
    return write_835(small_interchange(), dialect)


def tables(file: EraFile) -> dict[str, list[dict[str, Any]]]:
    return {name: getattr(file, name).to_pylist() for name in ("interchanges", *SCHEMAS)}


def facts(file: EraFile) -> dict[str, list[dict[str, Any]]]:
    """The tables without what depends on the spelling: bytes, raw texts and the version."""
    spelled = {"byte_start", "byte_end", "text", "gs_version", "content_sha256"}
    return {
        name: [{key: value for key, value in row.items() if key not in spelled} for row in rows]
        for name, rows in tables(file).items()
    }


def landed(file: EraFile) -> set[int]:
    return {number for name in LANDING for number in getattr(file, name)["segment"].to_pylist()}


def codes(file: EraFile) -> list[str]:
    return [finding.code for finding in file.findings]


def test_remittance_row() -> None:
    row = read(small()).remittances.to_pylist()[1]
    assert row | {"byte_start": 0, "byte_end": 0, "content_sha256": ""} == {
        "remittance_no": 1,
        "interchange_no": 0,
        "segment": 25,
        "last_segment": 36,
        "claims": 1,
        "service_lines": 0,
        "byte_start": 0,
        "byte_end": 0,
        "amount_cents": 87625,
        "effective_date": date(2026, 1, 5),
        "production_date": None,
        "isa_sender": "PAYER",
        "isa_receiver": "RECEIVER",
        "isa_control": "000000001",
        "gs_control": "1",
        "gs_version": "005010X221A1",
        "st_control": "0002",
        "handling_code": "I",
        "credit_debit": "C",
        "payment_method": "ACH",
        "payment_format": "CCP",
        "originator_id": "1999999999",
        "originator_code": None,
        "trace_number": "T2",
        "trace_originator": "1999999999",
        "trace_supplement": None,
        "payer_name": "ACME HEALTH",
        "payer_id_qualifier": None,
        "payer_id": None,
        "payer_additional_id": None,
        "payee_name": "OAK CLINIC",
        "payee_id_qualifier": "XX",
        "payee_id": "1999999984",
        "payee_npi": "1999999984",
        "payee_tin": None,
        "content_sha256": "",
    }


def test_claim_row() -> None:
    data = small()
    row = read(data).claims.to_pylist()[0]
    said = {name: value for name, value in row.items() if value is not None}
    assert said == {
        "remittance_no": 0,
        "claim_no": 0,
        "segment": 11,
        "last_segment": 23,
        "byte_start": data.index(b"CLP*A1"),
        "byte_end": data.index(b"SE*22*0001") - len("\n"),
        "pcn": "A1",
        "remit_status": "1",
        "charge_cents": 15000,
        "paid_cents": 5100,
        "patient_responsibility_cents": 4400,
        "filing_indicator": "12",
        "payer_claim_no": "ICN1",
        "facility_type": "11",
        "frequency": "1",
        "patient_last": "DOE",
        "patient_first": "JANE",
        "patient_id": "M1",
        "service_from": date(2025, 12, 1),  # of the line: the claim has no dates
        "service_to": date(2025, 12, 1),
        "references": "1L=G1;EA=R2",
    }


def test_line_and_its_adjustments() -> None:
    file = read(small())
    line = file.service_lines.to_pylist()[0]
    assert {name: value for name, value in line.items() if value is not None} == {
        "remittance_no": 0,
        "claim_no": 0,
        "line_no": 0,
        "segment": 16,
        "code_qualifier": "HC",
        "code": "99213",
        "modifiers": "25 59",
        "charge_cents": 15000,
        "paid_cents": 5600,
        "units": "1",
        "service_from": date(2025, 12, 1),
        "service_to": date(2025, 12, 1),
        "allowed_cents": 10000,
        "line_control_no": "L1",
        "remark_codes": "N130 M15",
        "references": "6R=L1",
    }
    keys = ("claim_no", "line_no", "segment", "position", "group", "reason", "amount_cents")
    assert [tuple(row[key] for key in keys) for row in file.adjustments.to_pylist()] == [
        (0, None, 12, 1, "OA", "23", 500),
        (0, 0, 18, 1, "CO", "45", 5000),
        (0, 0, 19, 1, "PR", "1", 3000),
        (0, 0, 19, 2, "PR", "2", 1400),
    ]


def test_each_plb_pair_has_its_own_reference() -> None:
    keys = (
        "remittance_no",
        "position",
        "provider_id",
        "fiscal_period_end",
        "reason",
        "reference",
        "amount_cents",
    )
    assert [tuple(row[key] for key in keys) for row in read(small()).provider_adjustments.to_pylist()] == [
        (1, 1, "1999999984", date(2026, 12, 31), "WO", "OLD1", 2500),
        (1, 2, "1999999984", date(2026, 12, 31), "L6", "INT", -125),
    ]


@pytest.mark.parametrize("dialect", DIALECTS, ids=repr)
def test_every_spelling_says_the_same(dialect: Dialect) -> None:
    file = read(small(dialect))
    assert file.findings == ()
    assert facts(file) == facts(read(small()))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(interchanges, st.sampled_from(DIALECTS), st.integers(1, 5_000))
def test_any_chunk_size_gives_the_same(interchange: Interchange, dialect: Dialect, chunk_bytes: int) -> None:
    data = write_835(interchange, dialect)
    whole, in_pieces = read(data), read(data, chunk_bytes=chunk_bytes)
    assert tables(in_pieces) == tables(whole)
    assert in_pieces.findings == whole.findings


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(interchanges, st.sampled_from(DIALECTS))
def test_every_segment_lands_in_a_table(interchange: Interchange, dialect: Dialect) -> None:
    data = write_835(interchange, dialect)
    file = read(data)
    assert file.segments == data.count(dialect.segment.encode())
    assert landed(file) == set(range(1, file.segments + 1))


@pytest.mark.parametrize("kind", ["bytes", "memoryview", "mmap"])
def test_kinds_of_data(kind: str, tmp_path: Path) -> None:
    expected = tables(read(small()))
    if kind == "mmap":
        path = tmp_path / "file.835"
        path.write_bytes(small())
        with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert tables(read_remittances(mapped, file_name="m")) == expected
    else:
        assert tables(read(small() if kind == "bytes" else memoryview(small()))) == expected


def test_the_line_end_as_terminator_with_carriage_return() -> None:
    unix = small(Dialect(element="+", component=">", repetition="^", segment="\n", line_end=""))
    file = read(unix.replace(b"\n", b"\r\n"))
    assert file.findings == ()
    assert facts(file) == facts(read(unix))
    assert file.segments == unix.count(b"\n")


def test_byte_order_mark_and_blank_lines_are_no_matter() -> None:
    data = b"\xef\xbb\xbf\r\n  " + small() + b"\r\n\r\n\x1a"
    file = read(data)
    assert file.findings == ()
    assert facts(file) == facts(read(small()))


@pytest.mark.parametrize("first", ["GS", "ST"])
@pytest.mark.parametrize("dialect", DIALECTS[:6], ids=repr)
def test_a_file_without_an_isa(first: str, dialect: Dialect) -> None:
    data = small(dialect)
    data = data[data.index(f"{first}{dialect.element}".encode()) :]
    file = read(data)
    assert file.findings[0].code == "X12_STRUCTURE"
    assert "no ISA" in file.findings[0].message
    whole = read(small(dialect))
    for column in ("pcn", "charge_cents", "paid_cents", "patient_last"):
        assert file.claims[column].to_pylist() == whole.claims[column].to_pylist()
    for column in ("code", "modifiers"):
        assert file.service_lines[column].to_pylist() == whole.service_lines[column].to_pylist()
    assert file.provider_adjustments["reference"].to_pylist() == ["OLD1", "INT"]


def test_interchanges_of_different_spelling_in_one_file() -> None:
    spellings = DIALECTS[:8]
    data = b"".join(small(dialect) for dialect in spellings)
    file = read(data)
    assert file.findings == ()
    assert file.claims["pcn"].to_pylist() == ["A1", "B2"] * len(spellings)
    assert file.interchanges["interchange_no"].to_pylist() == list(range(len(spellings)))
    assert file.remittances["interchange_no"].to_pylist() == [
        no for no in range(len(spellings)) for _ in range(2)
    ]
    assert file.remittances["remittance_no"].to_pylist() == list(range(2 * len(spellings)))
    assert len(set(file.remittances["content_sha256"].to_pylist())) == 2  # spelling is no content


def test_many_interchanges_of_one_spelling() -> None:
    file = read(small() * 300, chunk_bytes=10_000)
    assert file.findings == ()
    assert len(file.interchanges) == 300
    assert file.remittances["interchange_no"].to_pylist() == [no for no in range(300) for _ in range(2)]


def test_an_interchange_whose_predecessor_lost_its_end() -> None:
    file = read(small().removesuffix(b"~\n") + small())
    assert file.findings == ()
    assert len(file.claims) == 4


def test_a_file_that_changes_its_delimiters_without_end_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.era.delimiters.MOST_SPANS", 30)
    pair = small(DIALECTS[1]) + small(DIALECTS[3])
    file = read(pair * 20)
    assert [finding.code for finding in file.findings] == ["NOT_X12"]
    assert "the delimiters change more than" in file.findings[0].message
    assert len(file.claims) == 2 * 30


def test_a_file_beyond_a_gigabyte_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.era.reader.LONGEST_FILE", 900)
    file = read(small())
    assert len(file.remittances) == 0
    assert "longer than one gigabyte" in file.findings[0].message


def test_the_first_findings_of_a_code_are_the_same_at_any_chunk_size() -> None:
    bad = small().replace(b"*150*51*", b"*150*x*").replace(b"*150*56**1", b"*150*y**1")
    data = bad * 150
    whole = read(data)
    assert [finding.segment for finding in whole.findings[:4]] == [11, 16, 49, 54]
    assert len(whole.findings) == 101
    assert read(data, chunk_bytes=2_000).findings == whole.findings


def test_a_name_that_ends_in_isa_begins_no_interchange() -> None:
    data = small().replace(b"*JANE*", b"*LISA*").replace(b"*DOE*", b"*ISA*")
    claim = read(data).claims.to_pylist()[0]
    assert (claim["patient_last"], claim["patient_first"]) == ("ISA", "LISA")


def test_an_isa_of_the_wrong_width() -> None:
    """In the wild the padding is lost; the delimiters are found by counting elements."""
    data = small().replace(b"          ", b"").replace(b"PAYER          *", b"PAYER*", 1)
    file = read(data)
    assert file.findings == ()
    assert facts(file) == facts(read(small()))


def test_an_isa_that_lost_an_element() -> None:
    data = small().replace(b"*0*P*:", b"*P*:", 1)
    file = read(data)
    assert "ISA" in file.findings[0].message
    assert file.claims["pcn"].to_pylist() == ["A1", "B2"]


@pytest.mark.parametrize("name", ["bpr", "Clp", "svC"])
def test_lower_case_ids_are_read_and_noted(name: str) -> None:
    data = small().replace(name.upper().encode() + b"*", name.encode() + b"*")
    file = read(data)
    assert facts(file) == facts(read(small()))
    assert {finding.severity for finding in file.findings} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("old", "new", "code", "level"),
    [
        (b"BPR*I*51*", b"BPR*I*5x*", "UNREADABLE_AMOUNT", Level.DEPOSIT),
        (b"CLP*A1*1*150*51*", b"CLP*A1*1*150*NaN*", "UNREADABLE_AMOUNT", Level.CLAIM),
        (b"*150*56**1", b"*150*1_0**1", "UNREADABLE_AMOUNT", Level.LINE),
        (b"*150*56**1", b"*150*56.123**1", "UNREADABLE_AMOUNT", Level.LINE),
        (b"*150*56**1", b"*150***1", "UNREADABLE_AMOUNT", Level.LINE),
        (b"CAS*CO*45*50", b"CAS*CO*45*1e2", "UNREADABLE_AMOUNT", Level.LINE),
        (b"CAS*OA*23*5", b"CAS*OA*23", "UNREADABLE_AMOUNT", Level.CLAIM),
        (b"WO:OLD1*25", b"WO:OLD1*two", "UNREADABLE_AMOUNT", Level.DEPOSIT),
        (b"DTM*472*20251201", b"DTM*472*20251301", "UNREADABLE_DATE", Level.LINE),
        (b"*20260105~\nTRN", b"*20260230~\nTRN", "UNREADABLE_DATE", Level.DEPOSIT),
    ],
)
def test_what_is_no_amount_or_date_is_null_and_found(old: bytes, new: bytes, code: str, level: Level) -> None:
    data = small()
    assert old in data
    damaged = data.replace(old, new, 1)
    file = read(damaged)
    segment = damaged[: damaged.index(new)].count(b"~") + 1
    assert [(finding.code, finding.level, finding.segment) for finding in file.findings] == [
        (code, level, segment)
    ]
    before, after = facts(read(data)), facts(file)
    changed = [
        new_row[key]
        for name, rows in before.items()
        for old_row, new_row in zip(rows, after[name], strict=True)
        for key in old_row
        if old_row[key] != new_row[key]
    ]
    assert changed
    assert set(changed) == {None}
    written = new.rsplit(b"*", 1)[-1].decode()
    assert written == "" or written not in file.findings[0].message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"SE*22*0001", b"SE*21*0001", "SE01 says 21, but there are 22 segments in the transaction."),
        (b"SE*22*0001", b"SE*x*0001", "SE01 says no number, but there are 22 segments in the transaction."),
        (b"SE*22*0001", b"SE*22*0009", "SE02 is not the control number of ST02."),
        (b"GE*2*1", b"GE*3*1", "GE01 says 3, but there are 2 transactions in the group."),
        (b"GE*2*1", b"GE*2*7", "GE02 is not the control number of GS06."),
        (b"IEA*1*000000001", b"IEA*2*000000001", "IEA01 says 2, but there are 1 groups in the interchange."),
        (b"IEA*1*000000001", b"IEA*1*000000002", "IEA02 is not the control number of ISA13."),
        (b"SE*22*0001~\n", b"", "An ST without its SE."),
        (b"GE*2*1~\n", b"", "A GS without its GE."),
        (b"IEA*1*000000001~\n", b"", "An ISA without its IEA."),
        (b"IEA*1*000000001~\n", b"IEA*1*000000001~\nIEA*1*1~\n", "An IEA without its ISA."),
        (b"TRN*1*T1*", b"NTE*1*T1*", "The transaction has no TRN."),
        (b"LX*1~", b"BPR*I*9*C*NON~\nLX*1~", "A second BPR in the transaction"),
        (b"SVC*", b"PLB*1*20261231*CS*1~\nSVC*", "The segment stands where an 835 cannot have it"),
    ],
)
def test_structure(old: bytes, new: bytes, message: str) -> None:
    assert old in small()
    file = read(small().replace(old, new, 1))
    found = [finding for finding in file.findings if finding.message.startswith(message)]
    assert found
    assert found[0].code == "X12_STRUCTURE"
    assert found[0].severity is Severity.CRITICAL
    assert landed(file) == set(range(1, file.segments + 1))


def test_an_unknown_segment_is_kept_and_found() -> None:
    data = small().replace(b"LX*1~", b"XYZ*SECRET~\nLX*1~", 1)
    file = read(data)
    (unknown,) = [finding for finding in file.findings if finding.code == "UNKNOWN_SEGMENT"]
    assert (unknown.segment, unknown.severity, unknown.remittance_no) == (10, Severity.WARNING, 0)
    assert "SECRET" not in unknown.message
    assert "XYZ*SECRET" in file.others["text"].to_pylist()


def test_another_transaction_set_is_passed_over_and_its_neighbours_are_read() -> None:
    other = b"ST*837*0099~\nBHT*0019*00~\nCLM*X*1~\nCLP*FOREIGN*1*1*1~\nSE*5*0099~\n"
    data = small().replace(b"ST*835*0002", other + b"ST*835*0002").replace(b"GE*2*", b"GE*3*")
    file = read(data)
    assert codes(file) == ["NOT_835"]
    assert file.claims["pcn"].to_pylist() == ["A1", "B2"]
    assert landed(file) == set(range(1, file.segments + 1))


def test_a_claim_outside_every_transaction_is_not_read_as_one_at_any_chunk_size() -> None:
    data = small().replace(b"GE*2*", b"CLP*STRAY*1*1*1~\nSVC*HC:1*1*1~\nGE*2*")
    for chunk_bytes in (1, 50, 4 << 20):
        file = read(data, chunk_bytes=chunk_bytes)
        assert file.claims["pcn"].to_pylist() == ["A1", "B2"]
        assert [finding.segment for finding in file.findings] == [37, 38]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n \r\n",
        b"Dear Sir or Madam",
        bytes(range(256)) * 20,
        b"%PDF-1.7 stream ISA\x00\x00",
        b"ISA",
        b"ISA*",
    ],
    ids=["empty", "blank", "letter", "binary", "pdf", "isa", "isa-star"],
)
def test_what_is_no_835_is_refused_with_a_reason(data: bytes) -> None:
    file = read(data)
    assert len(file.remittances) == len(file.claims) == 0
    assert any(
        finding.code == "NOT_X12" and finding.severity is Severity.CRITICAL for finding in file.findings
    )


def test_text_before_and_after_does_not_hurt() -> None:
    data = b"Here is your file, as promised.\n\n" + small() + b"Kind regards~"
    file = read(data)
    assert file.claims["pcn"].to_pylist() == ["A1", "B2"]
    assert codes(file) == ["NOT_X12", "UNKNOWN_SEGMENT"]


def test_findings_are_capped_and_counted() -> None:
    data = small().replace(b"LX*1~", b"QQQ*1~\n" * 5_000 + b"LX*1~", 1)
    file = read(data, chunk_bytes=2_000)
    unknown = [finding for finding in file.findings if finding.code == "UNKNOWN_SEGMENT"]
    assert len(unknown) == 101
    assert unknown[-1].context == {"not_listed": 4_900, "all": 5_000}


def test_more_triplets_than_x12_allows_are_all_read() -> None:
    many = b"CAS*CO" + b"".join(b"*%d*1*" % number for number in range(1, 9))
    file = read(small().replace(b"CAS*CO*45*50", many, 1))
    assert len(file.adjustments) == 4 - 1 + 8
    assert "six triplets" in file.findings[0].message


def test_an_empty_triplet_between_two_is_no_adjustment() -> None:
    file = read(small().replace(b"CAS*PR*1*30**2*14", b"CAS*PR*1*30*****2*14", 1))
    rows = [(row["position"], row["reason"]) for row in file.adjustments.to_pylist()[-2:]]
    assert rows == [(1, "1"), (3, "2")]
    assert file.findings == ()


def test_bytes_that_are_not_utf_8_are_read_as_latin_1() -> None:
    file = read(small().replace(b"*JANE*", b"*JOS\xc9*").replace(b"OAK CLINIC", "CLÍNICA".encode(), 1))
    assert file.claims["patient_first"].to_pylist()[0] == "JOSÉ"
    assert file.remittances["payee_name"].to_pylist()[0] == "CLÍNICA"


def test_the_content_hash_is_of_the_content_alone() -> None:
    data = small()
    again = data.replace(b"ST*835*0001", b"ST*835*0777").replace(b"SE*22*0001", b"SE*22*0777")
    first, second = read(data).remittances["content_sha256"].to_pylist()
    assert first != second
    assert read(again.replace(b"\n", b"\r\n")).remittances["content_sha256"].to_pylist() == [first, second]
    assert read(data.replace(b"*56**1", b"*55**1")).remittances["content_sha256"].to_pylist()[0] != first


@pytest.mark.parametrize("between", [b"", b"X*1~", b"NTE*ADD*" + b"LONG " * 1000 + b"~"])
def test_the_content_hash_of_nothing_of_little_and_of_much(between: bytes) -> None:
    (found,) = read(b"ST*835*0001~" + between + b"\nSE*3*0001~").remittances["content_sha256"].to_pylist()
    assert found == hashlib.sha256(between).hexdigest()


def test_very_many_transactions_each_have_their_own_envelope() -> None:
    """Hostile, but read as it stands: each pair is a remittance, of the GS it stands in or of none."""
    pair, many = b"ST*835*%04d~SE*2*%04d~", 3000
    pairs = b"".join(pair % (number, number) for number in range(many))
    group = b"GS*HP*S*%s*20260101*1200*%d*X*005010X221A1~%sGE*3000*%d~"
    file = read(group % (b"R1", 1, pairs, 1) + pairs + group % (b"R2", 2, pairs, 2), chunk_bytes=1000)
    rows = file.remittances.to_pylist()
    assert [row["st_control"] for row in rows] == [f"{number:04}" for number in range(many)] * 3
    assert [row["gs_control"] for row in rows] == ["1"] * many + [None] * many + ["2"] * many
    assert [row["interchange_no"] for row in rows] == [0] * many + [None] * many + [1] * many
    assert [row["last_segment"] - row["segment"] for row in rows] == [1] * 3 * many
    assert [row["gs_receiver"] for row in file.interchanges.to_pylist()] == ["R1", "R2"]


def test_raw_segments_of_a_claim() -> None:
    data = small(Dialect(line_end="\r\n"))
    claim = read(data).claims.to_pylist()[0]
    segments = raw_segments(data, claim["byte_start"], claim["byte_end"])
    assert len(segments) == claim["last_segment"] - claim["segment"] + 1
    assert segments[0] == "CLP*A1*1*150*51*44*12*ICN1*11*1"
    assert segments[-1] == "LQ*HE*M15"
    assert raw_segments(b"no file", 0, 5) == []
