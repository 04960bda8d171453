"""Tables out of the house: Parquet, CSV and XLSX, exact and without one live formula.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@`, and text in a file may come from anybody. CSV
knows no types, so such texts get an apostrophe in front, and so do texts that begin with one: `unguarded` takes it
off again and nothing is lost. In a workbook the cell is typed as text and marked as such.
"""

import math
import os
import re
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.storage import Database

Frame: TypeAlias = pd.DataFrame | pa.Table

# What Excel, LibreOffice and Google Sheets take for the start of a formula, its wide forms included, behind any
# blanks; and the apostrophe, which marks a guarded text. The same pattern runs in Python and in RE2.
_BLANKS = "\\x00-\\x20\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000\ufeff"
_LIVE = f"^[{_BLANKS}]*[=+\\-@'\\t\\r\\n\uff1d\uff0b\uff0d\uff20]"
_LIVE_HERE = re.compile(_LIVE)
_CONTROL = re.compile(r"_x[0-9A-Fa-f]{4}_|[\x00-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff]")
_APOSTROPHE, _NOTHING = pa.scalar("'", pa.large_string()), pa.scalar("", pa.large_string())
LONGEST_CELL = 32_767
MOST_SHEET_ROWS = 1_048_575
# A workbook keeps numbers as doubles.
_EXACT_IN_A_DOUBLE = 2**53


def guarded(text: str) -> str:
    """Text that no spreadsheet runs."""
    return f"'{text}" if _LIVE_HERE.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text.removeprefix("'")


class Exports:
    """Writes DataFrames to files, for those who may."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def export(self, actor: Actor, frame: Frame, path: str | Path) -> Path:
        """Writes `frame` to a `.parquet`, `.csv` or `.xlsx` file and gives its absolute path.

        Raises NotPermittedError, and RefusedError for another kind of file or what a workbook cannot hold.
        The audit says who took how many rows of which columns; never the rows.
        """
        actor.require(Permission.EXPORT)
        target = Path(path).absolute()
        write_frame(frame, target)
        table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
        with self._database.transaction() as stores:
            after = {"file": target.name, "rows": table.num_rows, "columns": table.column_names}
            stores.audit.add(actor, "export", "frame", actor.user_id, after=after)
        return target


def write_frame(frame: Frame, path: Path) -> None:
    """Writes the file whole or not at all; an existing one is replaced."""
    table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)
    writers: dict[str, Callable[[pa.Table, Path], None]] = {
        ".parquet": _write_parquet,
        ".csv": write_csv,
        ".xlsx": _write_xlsx,
    }
    write = writers.get(path.suffix.lower())
    if write is None:
        raise RefusedError("Export to a file ending in .parquet, .csv or .xlsx.")
    handle, name = tempfile.mkstemp(suffix=path.suffix, dir=path.parent)
    os.close(handle)
    try:
        write(table, Path(name))
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _write_parquet(table: pa.Table, path: Path) -> None:
    pyarrow.parquet.write_table(table.replace_schema_metadata(None), path)


def write_csv(table: pa.Table, path: Path) -> None:
    """UTF-8 with its mark, so that Excel reads names right; every value in quotes, a missing one without."""
    columns = [_guarded_column(column) for column in table.columns]
    safe = pa.table(columns, names=[guarded(name) for name in table.column_names])
    with path.open("wb") as out:
        out.write(b"\xef\xbb\xbf")
        pyarrow.csv.write_csv(
            safe, out, pyarrow.csv.WriteOptions(quoting_style="all_valid", quoting_header="all_valid")
        )


def _guarded_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if pa.types.is_string(plain.type) or pa.types.is_large_string(plain.type):
        plain = plain.cast(pa.large_string())
        live = pc.match_substring_regex(plain, _LIVE)
        return pc.if_else(live, pc.binary_join_element_wise(_APOSTROPHE, plain, _NOTHING), plain)
    if pa.types.is_timestamp(plain.type) and plain.type.tz:
        return pc.strftime(plain.cast(pa.timestamp("us", "UTC")), "%Y-%m-%dT%H:%M:%SZ")
    return plain


def _write_xlsx(table: pa.Table, path: Path) -> None:
    if table.num_rows > MOST_SHEET_ROWS:
        raise RefusedError(f"A workbook holds {MOST_SHEET_ROWS:,} rows. Export to .csv or .parquet.")
    _refuse_long_texts(table)  # before the workbook is begun: one that is given up half way cannot be closed
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    sheet.append([text_cell(sheet, name) for name in table.column_names])
    for batch in table.to_batches(max_chunksize=10_000):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            sheet.append([_cell(sheet, value) for value in row])
    book.save(path)


def _refuse_long_texts(table: pa.Table) -> None:
    """Raises RefusedError when a text, spelled for a workbook, is longer than a cell holds."""
    for column in table.columns:
        plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        if not (pa.types.is_string(plain.type) or pa.types.is_large_string(plain.type)):
            continue
        # Only a text of a seventh of the length can grow too long: one character becomes seven at most.
        for text in plain.filter(pc.greater(pc.utf8_length(plain), LONGEST_CELL // 7)).to_pylist():
            if len(_CONTROL.sub(_escaped, text)) > LONGEST_CELL:
                raise RefusedError(
                    f"A workbook cell holds {LONGEST_CELL:,} characters. Export to .csv or .parquet."
                )


def _cell(sheet: WriteOnlyWorksheet, value: Any) -> Any:
    if value is None or isinstance(value, bool | Decimal):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _EXACT_IN_A_DOUBLE else text_cell(sheet, str(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return text_cell(sheet, value.isoformat())
    if isinstance(value, date | datetime):
        return value
    return text_cell(sheet, str(value))


def text_cell(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    """A cell that is text whatever it begins with, in the file (type) and when somebody edits it (quote prefix)."""
    cell = WriteOnlyCell(sheet, _CONTROL.sub(_escaped, text)[:LONGEST_CELL])
    cell.data_type = "s"
    if _LIVE_HERE.match(text):
        cell.quotePrefix = True
    return cell


def _escaped(match: "re.Match[str]") -> str:
    """`_xHHHH_`, as Office Open XML spells what XML cannot hold (ECMA-376 part 1, 22.9.2.19)."""
    found = match[0]
    return f"_x005F{found}" if len(found) > 1 else f"_x{ord(found):04X}_"
