"""Claims from a table (CSV, XLSX): a row is a line, rows with one claim number are a claim."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.money import NotAnAmountError, parse_typed_amount
from workbench.era.claims837 import SubmittedClaim, SubmittedLine, SubmittedPayer
from workbench.errors import RefusedError

MOST_ROWS = 500_000
ROW_PROBLEM = "ROW_UNREADABLE"
_ZIP_START = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the mapping: its name for people, whether it must be mapped, headings that mean it."""

    label: str
    required: bool = False
    known_as: tuple[str, ...] = ()


CLAIM_FIELDS: Mapping[str, Field] = {
    "pcn": Field(
        "Claim number", required=True, known_as=("pcn", "claim number", "patient control number", "claim id")
    ),
    "service_date": Field("Service date", required=True, known_as=("service date", "dos", "date of service")),
    "charge": Field("Charge", required=True, known_as=("charge", "charges", "charged", "amount")),
    "code": Field("Procedure code", known_as=("code", "cpt", "procedure", "procedure code")),
    "modifiers": Field("Modifiers", known_as=("modifiers", "modifier", "mods")),
    "units": Field("Units", known_as=("units", "quantity")),
    "line_control_no": Field("Line number", known_as=("line control number", "line number", "line id")),
    "patient_last": Field("Patient last name", known_as=("patient last name", "last name", "last")),
    "patient_first": Field("Patient first name", known_as=("patient first name", "first name", "first")),
    "birth_date": Field("Birth date", known_as=("birth date", "dob", "date of birth")),
    "member_id": Field("Member id", known_as=("member id", "insured id", "subscriber id")),
    "payer": Field("Payer id", known_as=("payer", "payer id", "primary payer", "primary payer id")),
    "secondary": Field("Secondary payer id", known_as=("secondary payer", "secondary payer id")),
    "practice": Field("Practice NPI or TIN", known_as=("npi", "billing npi", "practice", "tin")),
    "rendering": Field("Rendering NPI", known_as=("rendering", "rendering npi")),
}


def read_table(name: str, data: bytes) -> list[list[str]]:
    """The cells of a CSV file or of the first sheet of an XLSX file, as text.

    Raises RefusedError when it is neither, or longer than MOST_ROWS.
    """
    rows = _xlsx(data) if data.startswith(_ZIP_START) else _csv(data)
    if len(rows) > MOST_ROWS:
        raise RefusedError(f"The table has more than {MOST_ROWS:,} rows. Cut it in parts.")
    if not rows:
        raise RefusedError(f"{name} holds no rows.")
    return rows


def _csv(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [row for row in islice(rows, MOST_ROWS + 1) if any(cell.strip() for cell in row)]
    except csv.Error as fault:
        raise RefusedError("The table cannot be read as CSV.") from fault


def _xlsx(data: bytes) -> list[list[str]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [
            [_text(cell) for cell in row] for row in islice(sheet.iter_rows(values_only=True), MOST_ROWS + 1)
        ]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError) as fault:
        raise RefusedError("The file is no readable XLSX table.") from fault
    return [row for row in rows if any(row)]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float):
        # A spreadsheet keeps 1234.50 as a binary fraction; its shortest text is what was typed.
        return repr(cell).removesuffix(".0")
    return str(cell).strip()


def proposed_mapping(headings: Sequence[str], fields: Mapping[str, Field]) -> dict[str, str]:
    """Field -> heading, where a heading says plainly what it is."""
    by_name = {" ".join(heading.lower().replace("_", " ").split()): heading for heading in headings}
    found = {}
    for name, field in fields.items():
        heading = next(
            (by_name[word] for word in (name.replace("_", " "), *field.known_as) if word in by_name), None
        )
        if heading is not None:
            found[name] = heading
    return found


def columns_of(
    headings: Sequence[str], mapping: Mapping[str, str], fields: Mapping[str, Field]
) -> dict[str, int]:
    """Field -> position of its column. Raises RefusedError naming what is not mapped."""
    places = {heading: place for place, heading in enumerate(headings)}
    unknown = [heading for heading in mapping.values() if heading not in places]
    if unknown:
        raise RefusedError(f"The table has no column {unknown[0]}.")
    missing = [field.label for name, field in fields.items() if field.required and name not in mapping]
    if missing:
        raise RefusedError(f"Choose the column for: {', '.join(missing)}.")
    return {name: places[heading] for name, heading in mapping.items()}


def typed_day(text: str) -> date | None:
    """`2026-03-02`, `03/02/2026` or `20260302`; None for an empty cell. Raises ValueError for anything else."""
    if not text:
        return None
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%m/%d/%y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a business date has no zone
        except ValueError:
            continue
    raise ValueError("not a date")


@dataclass(frozen=True, slots=True)
class _Row:
    """One readable row, 1-based as a spreadsheet counts."""

    number: int
    cells: Mapping[str, str]
    day: date | None
    born: date | None
    charge_cents: int


def claims_of_table(
    rows: Sequence[Sequence[str]], mapping: Mapping[str, str], practice: str
) -> tuple[list[SubmittedClaim], list[Finding]]:
    """Claims of the rows, and a finding for each row that cannot be read (its claim is left out whole).

    `practice`: NPI or TIN of rows that name none.
    """
    places = columns_of(rows[0], mapping, CLAIM_FIELDS)
    groups: dict[tuple[str, str], list[_Row]] = {}
    findings: list[Finding] = []
    broken: set[tuple[str, str]] = set()
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        key = (cells.get("practice") or practice, cells["pcn"])
        try:
            groups.setdefault(key, []).append(_read_row(number, cells))
        except ValueError as fault:
            broken.add(key)
            text = f"Row {number}: {fault}. The claim is left out."
            findings.append(Finding(ROW_PROBLEM, Severity.BLOCKING, Level.FILE, text))
    return [_claim(key, group) for key, group in groups.items() if key not in broken and group], findings


def _read_row(number: int, cells: Mapping[str, str]) -> _Row:
    if not cells["pcn"]:
        raise ValueError("the claim number is empty")
    try:
        charge = parse_typed_amount(cells["charge"])
    except NotAnAmountError:
        raise ValueError("the charge is no amount") from None
    try:
        day, born = typed_day(cells["service_date"]), typed_day(cells.get("birth_date", ""))
    except ValueError:
        raise ValueError("a date cannot be read") from None
    if day is None:
        raise ValueError("the service date is empty")
    return _Row(number, cells, day, born, charge)


def _claim(key: tuple[str, str], rows: Sequence[_Row]) -> SubmittedClaim:
    first = rows[0].cells
    days = [row.day for row in rows if row.day]
    payers = [
        SubmittedPayer(level, "", first[name], first.get("member_id", "") if level == "primary" else "")
        for level, name in (("primary", "payer"), ("secondary", "secondary"))
        if first.get(name)
    ]
    lines = tuple(
        SubmittedLine(
            code=row.cells.get("code", ""),
            modifiers=" ".join(row.cells.get("modifiers", "").replace(",", " ").split()),
            charge_cents=row.charge_cents,
            units=row.cells.get("units") or "1",
            service_from=row.day,
            service_to=row.day,
            line_control_no=row.cells.get("line_control_no", ""),
            revenue_code="",
            segment=row.number,
        )
        for row in rows
    )
    return SubmittedClaim(
        pcn=key[1],
        charge_cents=sum(row.charge_cents for row in rows),
        frequency="1",
        payer_claim_no="",
        patient_last=first.get("patient_last", ""),
        patient_first=first.get("patient_first", ""),
        birth_date=rows[0].born,
        billing_npi=key[0],
        billing_tin=key[0],
        rendering_npi=first.get("rendering", ""),
        service_from=min(days, default=None),
        service_to=max(days, default=None),
        payers=tuple(payers),
        lines=lines,
        kind="table",
        segment=0,
    )
