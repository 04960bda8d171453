"""A report as JSON, CSV, XLSX and PDF. Texts come from files and people: none becomes a formula or markup."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from reportlab.lib import colors
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import inch
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from workbench.domain.identity import Actor
from workbench.domain.money import format_cents, format_dollars
from workbench.domain.permissions import Permission
from workbench.domain.reports import Column, Kind, Report, Value, code_words
from workbench.services.export import guarded, text_cell
from workbench.services.reports.picture import WIDTH, draw
from workbench.storage import Database

_MARGIN = 0.5 * inch
_FONT, _SIZE = "Helvetica", 7


class ReportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"


def as_document(report: Report) -> dict[str, Any]:
    """JSON: rows as objects, amounts as strings with two decimals, days as ISO."""
    keys = [column.key for column in report.columns]

    def plain(row: tuple[Value, ...]) -> dict[str, Any]:
        return dict(zip(keys, (_plain(c, v) for c, v in zip(report.columns, row, strict=True)), strict=True))

    totals = {
        column.key: _plain(column, value)
        for column, value in zip(report.columns, report.totals, strict=True)
        if isinstance(value, int)
    }
    return {
        "report": report.name,
        "parameters": {label.lower().replace(" ", "_"): text for label, text in report.facts},
        "rows": [plain(row) for row in report.rows],
        "count": len(report.rows),
        "totals": totals,
    }


def as_json(report: Report) -> bytes:
    """`as_document` as text; ASCII only."""
    return json.dumps(as_document(report), indent=2).encode("ascii") + b"\n"


def _plain(column: Column, value: Value) -> Any:
    if column.kind is Kind.MONEY and isinstance(value, int):
        return format_cents(value)
    return value.isoformat() if isinstance(value, date) else value


def as_csv(report: Report) -> bytes:
    """The rows under their labels, then the totals; UTF-8 with its mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([guarded(column.label) for column in report.columns])
    for row in (*report.rows, report.totals):
        writer.writerow([_csv_text(c, v) for c, v in zip(report.columns, row, strict=True)])
    return out.getvalue().encode("utf-8-sig")


def _csv_text(column: Column, value: Value) -> str:
    if value is None:
        return ""
    plain = _plain(column, value)
    return guarded(plain) if isinstance(value, str) else str(plain)


def as_xlsx(report: Report) -> bytes:
    """A sheet with the rows and their totals, amounts as numbers, and one that says what was asked for."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(report.name.capitalize())
    sheet.freeze_panes = "A2"
    bold = Font(bold=True)
    heads = [text_cell(sheet, column.label) for column in report.columns]
    for head in heads:
        head.font = bold
    sheet.append(heads)
    for row in report.rows:
        sheet.append([_xlsx_cell(sheet, c, v) for c, v in zip(report.columns, row, strict=True)])
    totals = [_xlsx_cell(sheet, c, v) for c, v in zip(report.columns, report.totals, strict=True)]
    for cell in totals:
        cell.font = bold
    sheet.append(totals)
    about = book.create_sheet("About")
    for label, text in (("Report", report.title), *report.facts):
        about.append([text_cell(about, label), text_cell(about, text)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_cell(sheet: Any, column: Column, value: Value) -> WriteOnlyCell:
    if isinstance(value, str):
        return text_cell(sheet, value)
    if column.kind is Kind.MONEY and isinstance(value, int):
        cell = WriteOnlyCell(sheet, Decimal(value) / 100)
        cell.number_format = "#,##0.00"
        return cell
    return WriteOnlyCell(sheet, value)


def as_pdf(report: Report) -> bytes:
    """Landscape letter: parameters, picture, table with its heading on each page, page numbers."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(letter),
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=report.title,
    )
    style = getSampleStyleSheet()
    facts = "; ".join(f"{label}: {text}" for label, text in report.facts)
    story = [
        Paragraph(_no_markup(report.title), style["Title"]),
        Paragraph(_no_markup(facts), style["Normal"]),
        Spacer(1, 0.15 * inch),
        _fitted(draw(report), document.width, document.height * 0.7),
        Spacer(1, 0.15 * inch),
        _table(report, document.width),
    ]
    document.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return out.getvalue()


def _fitted(drawing: Any, width: float, height: float) -> Any:
    scale = min(1.0, width / WIDTH, height / drawing.height)
    drawing.scale(scale, scale)
    drawing.width, drawing.height = drawing.width * scale, drawing.height * scale
    return drawing


def _table(report: Report, width: float) -> Table:
    heads = [column.label.replace(" (", "\n(") for column in report.columns]
    body = [
        [_paper_text(c, v) for c, v in zip(report.columns, row, strict=True)]
        for row in (*report.rows, report.totals)
    ]
    widths = _widths(report, [heads, *body], width)
    cut = [heads, *([_cut(text, widths[n] - 6) for n, text in enumerate(row)] for row in body)]
    figures = [n for n, column in enumerate(report.columns) if column.kind in (Kind.MONEY, Kind.COUNT)]
    return Table(
        cut,
        colWidths=widths,
        repeatRows=1,
        style=TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), _FONT, _SIZE),
                ("LEADING", (0, 0), (-1, -1), _SIZE + 1),
                ("FONT", (0, 0), (-1, 0), f"{_FONT}-Bold", _SIZE),
                ("FONT", (0, -1), (-1, -1), f"{_FONT}-Bold", _SIZE),
                ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
                ("LINEABOVE", (0, -1), (-1, -1), 0.5, colors.black),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 1),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                *(("ALIGN", (number, 0), (number, -1), "RIGHT") for number in figures),
            ]
        ),
    )


def _widths(report: Report, lines: list[list[str]], width: float) -> list[float]:
    """As wide as the longest text; on a full page the texts give way, never the figures."""
    widths = [
        max(stringWidth(part, f"{_FONT}-Bold", _SIZE) for line in lines for part in line[number].split("\n"))
        + 7
        for number in range(len(report.columns))
    ]
    texts = [number for number, column in enumerate(report.columns) if column.kind is Kind.TEXT]
    over = sum(widths) - width
    room = sum(widths[number] for number in texts)
    if over > 0 and room > over:
        for number in texts:
            widths[number] *= 1 - over / room
    return widths


def _paper_text(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if column.kind is Kind.MONEY and isinstance(value, int):
        return format_dollars(value)
    if column.kind is Kind.CODE:
        return code_words(str(value))
    return value.strftime("%m/%d/%Y") if isinstance(value, date) else str(value)


def _cut(text: str, width: float) -> str:
    """Text that fits its column; paper cannot scroll, the CSV has it whole."""
    if stringWidth(text, _FONT, _SIZE) <= width:
        return text
    while text and stringWidth(f"{text}...", _FONT, _SIZE) > width:
        text = text[:-1]
    return f"{text}..."


def _no_markup(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _page_number(canvas: Any, document: Any) -> None:
    canvas.setFont(_FONT, _SIZE)
    canvas.drawRightString(document.pagesize[0] - _MARGIN, _MARGIN / 2, f"Page {document.page}")


class ReportExports:
    """Reports as files, for those who may take them out of the house."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def render(self, actor: Actor, report: Report, form: ReportFormat | str) -> bytes:
        """The report's bytes in the form asked for; the audit says who took it."""
        actor.require(Permission.EXPORT)
        write = {
            ReportFormat.CSV: as_csv,
            ReportFormat.XLSX: as_xlsx,
            ReportFormat.PDF: as_pdf,
            ReportFormat.JSON: as_json,
        }[ReportFormat(form)]
        data = write(report)
        self._write_down(actor, report, form)
        return data

    def document(self, actor: Actor, report: Report) -> dict[str, Any]:
        """The report as a JSON document."""
        actor.require(Permission.EXPORT)
        self._write_down(actor, report, ReportFormat.JSON)
        return as_document(report)

    def _write_down(self, actor: Actor, report: Report, form: ReportFormat | str) -> None:
        after = {"report": report.name, "format": str(form), "rows": len(report.rows), **dict(report.facts)}
        with self._database.transaction() as stores:
            stores.audit.add(actor, "export", "report", actor.user_id, after=after)
