"""Exports re-read equal, and no text becomes a live formula."""

import random
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from tests.builders import Office
from workbench.domain.permissions import Permission
from workbench.errors import NotPermittedError, RefusedError
from workbench.services.export import Exports, guarded, unguarded, write_frame

STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "\u00a0=",
    "\ufeff=",
    "\u2003@",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
    "'=",
    "''",
    "%0A=",
)
BODIES = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://localhost";"x")',
    "SUM(A1:A9)",
    "A,B;C\t=1",
    'a"b',
    "x\ny=1",
    "_x0041_",
    "é",
    "",
)
LIVE = set("=+-@\uff1d\uff0b\uff0d\uff20")


def hostile(count: int) -> list[str]:
    chance = random.Random(5)
    return [
        chance.choice(STARTS)
        + chance.choice(BODIES)
        + "".join(chance.choices("=+-@'\"\t ,;|x1", k=chance.randint(0, 4)))
        for _ in range(count)
    ]


def is_live(text: str) -> bool:
    """What a spreadsheet might run: leading blanks and invisible characters do not disarm it."""
    bare = text.lstrip("\x00\t\r\n \u00a0\u2003\ufeff")
    return bool(bare) and bare[0] in LIVE


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "deposit_id": pd.array([1, 2, 3], dtype="int64[pyarrow]"),
            "paid_cents": pd.array([-12345, None, 2**60], dtype="int64[pyarrow]"),
            "payer": pd.array(["=ACME", None, ""], dtype="string[pyarrow]"),
            "day": pd.array([date(2026, 11, 2), None, date(1999, 1, 1)], dtype=pd.ArrowDtype(pa.date32())),
            "included": pd.array([True, False, None], dtype="bool[pyarrow]"),
            "share": pd.array([0.1, 1e-9, None], dtype="double[pyarrow]"),
            "at": pd.array(
                [datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC)] * 3,
                dtype=pd.ArrowDtype(pa.timestamp("us", "UTC")),
            ),
        }
    )


def read_csv(path: Path, like: pa.Schema) -> pa.Table:
    """The CSV under the types of the frame, guards taken off."""
    moments = {field.name: pa.string() for field in like if pa.types.is_timestamp(field.type)}
    options = pyarrow.csv.ConvertOptions(
        column_types={field.name: moments.get(field.name, field.type) for field in like},
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    read = pyarrow.csv.read_csv(
        path, convert_options=options, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True)
    )
    columns = []
    for field in like:
        values = read[field.name].to_pylist()
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            values = [None if value is None else unguarded(value) for value in values]
        if field.name in moments:
            values = [datetime.fromisoformat(value) for value in values]
        columns.append(pa.array(values, field.type))
    return pa.table(columns, schema=like)


def test_csv_and_parquet_read_back_equal(tmp_path: Path) -> None:
    table = pa.Table.from_pandas(frame(), preserve_index=False).replace_schema_metadata(None)
    for name in ("x.csv", "x.parquet"):
        write_frame(frame(), tmp_path / name)
    assert read_csv(tmp_path / "x.csv", table.schema).equals(table)
    assert pyarrow.parquet.read_table(tmp_path / "x.parquet").equals(table)


def test_a_workbook_reads_back_equal(tmp_path: Path) -> None:
    write_frame(frame(), tmp_path / "x.xlsx")
    rows = list(load_workbook(tmp_path / "x.xlsx").active.iter_rows(values_only=True))
    assert rows[0] == tuple(frame().columns)
    moment = "2026-11-02T03:04:05+00:00"
    first_day, last_day = datetime(2026, 11, 2), datetime(1999, 1, 1)  # noqa: DTZ001 - what openpyxl gives for a date
    assert rows[1] == (1, -12345, "=ACME", first_day, True, 0.1, moment)
    assert rows[2] == (2, None, None, None, False, 1e-9, moment)
    assert rows[3] == (3, str(2**60), None, last_day, None, None, moment)  # too large for a double: as text


def test_ten_thousand_hostile_texts_make_no_live_formula(tmp_path: Path) -> None:
    texts = hostile(10_000)
    assert sum(is_live(text) for text in texts) > 5000
    table = pa.table({"=cmd": texts})
    write_frame(table, tmp_path / "x.csv")
    raw = pyarrow.csv.read_csv(
        tmp_path / "x.csv", parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True)
    )
    cells = [*raw.column_names, *raw.column(0).to_pylist()]
    assert [cell for cell in cells if is_live(cell)] == []
    assert [unguarded(cell) for cell in cells] == ["=cmd", *texts]

    write_frame(table, tmp_path / "x.xlsx")
    sheet = load_workbook(tmp_path / "x.xlsx").active
    read = [row[0] for row in sheet.iter_rows()]
    assert {cell.data_type for cell in read} <= {"s", "n"}  # n: an empty text comes back as no value
    assert [cell for cell in read if is_live(str(cell.value)) and not cell.quotePrefix] == []
    assert [unescape(cell.value or "") for cell in read] == [
        "=cmd",
        *(text.replace("\r\n", "\n") for text in texts),
    ]
    assert b"<f>" not in zipfile.ZipFile(tmp_path / "x.xlsx").read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", hostile(300))
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not is_live(guarded(text))


def test_characters_that_xml_cannot_hold_survive(tmp_path: Path) -> None:
    texts = ["a\x00b", "\x0b", "_x0041_", "a\rb", "\ufffe"]
    write_frame(pa.table({"text": texts}), tmp_path / "x.xlsx")
    read = [
        row[0] for row in load_workbook(tmp_path / "x.xlsx").active.iter_rows(min_row=2, values_only=True)
    ]
    assert [unescape(text) for text in read] == texts


@pytest.mark.parametrize("text", ["x" * 32_768, "\x00" * 5_000])
def test_a_failed_export_leaves_the_old_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.xlsx"
    write_frame(pa.table({"a": [1]}), path)
    before = path.read_bytes()
    with pytest.raises(RefusedError, match="characters"):
        write_frame(pa.table({"a": [None, text]}), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_only_those_who_may_export_and_it_is_written_down(office: Office, tmp_path: Path) -> None:
    exports = Exports(office.database)
    nobody = replace(office.north_clerk, permissions=frozenset(Permission) - {Permission.EXPORT})
    with pytest.raises(NotPermittedError):
        exports.export(nobody, frame(), tmp_path / "x.csv")
    assert list(tmp_path.glob("x.*")) == []
    with pytest.raises(RefusedError, match=r"\.parquet"):
        exports.export(office.north_clerk, frame(), tmp_path / "x.json")
    written = exports.export(office.north_clerk, frame(), tmp_path / "x.csv")
    assert pc.sum(pyarrow.csv.read_csv(written)["deposit_id"]).as_py() == 6
    with office.database.reading() as stores:
        (event,) = stores.audit.of("frame", office.north_clerk.user_id)
    assert (event.action, event.after["rows"], event.after["file"]) == ("export", 3, "x.csv")
