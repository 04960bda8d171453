"""The door of the room: which format a file is, and its reader."""

from collections.abc import Sequence

from workbench.bank.bai2 import read_bai2
from workbench.bank.camt import read_camt
from workbench.bank.ofx import read_ofx
from workbench.bank.profile import ColumnProfile, suggest_profile
from workbench.bank.statement import BankFile, BankFileError
from workbench.bank.table import Row, csv_rows, headings_of, read_table, xlsx_rows
from workbench.bank.text import decode

LARGEST_FILE = 200_000_000


def read_bank_file(data: bytes, *, profiles: Sequence[ColumnProfile] = ()) -> BankFile:
    """Statements, lines and findings of a BAI2, CAMT.053/054, OFX, CSV or XLSX file, known by its content.

    `profiles`: the saved column profiles; a table is read with the first whose headings it has.

    Raises:
        BankFileError: the file is of no kind we read, or damaged beyond reading.
        UnknownColumnsError: a table for which no profile is saved yet; it carries a suggestion.
    """
    if len(data) > LARGEST_FILE:
        raise BankFileError("The file is too large to be a bank statement.")
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise BankFileError("The file is empty.")
    if start.startswith(b"01,"):
        return read_bai2(decode(data))
    if b"<OFX>" in data[:8192].upper() or start.upper().startswith(b"OFXHEADER"):
        return read_ofx(data)
    if start.startswith(b"<"):
        return read_camt(data)
    if start.startswith(b"PK\x03\x04"):
        return _read_with_profile("XLSX", xlsx_rows(data), profiles)
    return _read_with_profile("CSV", csv_rows(data), profiles)


class UnknownColumnsError(BankFileError):
    """No saved profile has these headings. `suggestion` is ours, for a person to look over and save."""

    def __init__(self, headings: tuple[str, ...], suggestion: ColumnProfile | None) -> None:
        super().__init__("No column profile fits this file: say which column is what, and save it.")
        self.headings = headings
        self.suggestion = suggestion


def _read_with_profile(kind: str, rows: list[Row], profiles: Sequence[ColumnProfile]) -> BankFile:
    index, headings = headings_of(rows)
    for profile in profiles:
        if profile.fits(headings):
            return read_table(kind, rows, profile)
    first = rows[index + 1] if len(rows) > index + 1 else []
    suggestion = suggest_profile("", headings)
    if suggestion is not None:
        sample = dict(zip(headings, (str(cell) for cell in first), strict=False)).get(suggestion.date, "")
        suggestion = suggest_profile("", headings, sample)
    raise UnknownColumnsError(headings, suggestion)
