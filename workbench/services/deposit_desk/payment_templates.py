"""The tables of patient money to fill in: Full with a note on each column, Basic with the headings alone (spec 1.8)."""

import csv
import io
from collections.abc import Mapping

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

from workbench.services.claims_import.tables import Field

PAYMENT_FIELDS: Mapping[str, Field] = {
    "patient": Field(
        "Patient id", required=True, known_as=("patient id", "chart no", "chart no.", "claim number")
    ),
    "amount": Field("Amount", required=True, known_as=("amount", "payment", "paid")),
    "date": Field("Date", known_as=("date", "payment date")),
    "statement": Field("Statement id", known_as=("statement id", "statement")),
    "type": Field("Type", known_as=("type", "payment type")),
    "method": Field("Method", known_as=("method", "payment method")),
    "check": Field("Check/trace no.", known_as=("check", "check number", "check/trace no.", "trace")),
    "comment": Field("Comment", known_as=("comment", "note")),
}
# In the order of the spec: what goes into the column, and an example.
NOTES: Mapping[str, tuple[str, str]] = {
    "patient": ("The patient's chart number, or the number of a claim of the patient.", "HA10001"),
    "statement": ("The statement that the patient pays.", "S-2041"),
    "date": ("The day of the payment, MM/DD/YYYY.", "03/05/2026"),
    "amount": ("Dollars with two decimals, above 0.", "60.00"),
    "type": ("What is paid: co-pay, general payment.", "co-pay"),
    "method": ("How it is paid: check, cash, card.", "check"),
    "check": ("The number of the check, or the trace of the card payment.", "1077"),
    "comment": ("Anything else worth knowing.", ""),
}


def basic_template() -> bytes:
    """A CSV file of the headings."""
    out = io.StringIO(newline="")
    csv.writer(out).writerow(PAYMENT_FIELDS[name].label for name in NOTES)
    return out.getvalue().encode()


def full_template() -> bytes:
    """A workbook: the headings with a note on each, and a second sheet that lists the notes with an example.

    The import reads the first sheet, so what stands on the second is never taken for a payment.
    """
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Payments"
    told = book.create_sheet("Notes")
    told.append(["Column", "Required", "What it holds", "Example"])
    for column, (name, (note, example)) in enumerate(NOTES.items(), start=1):
        field = PAYMENT_FIELDS[name]
        heading = sheet.cell(1, column, field.label)
        heading.font = Font(bold=True)
        heading.comment = Comment(f"{note} {'Required.' if field.required else ''}".strip(), "Workbench")
        sheet.column_dimensions[heading.column_letter].width = 18
        told.append([field.label, "yes" if field.required else "", note, example])
    sheet.freeze_panes = "A2"
    for letter, width in (("A", 18), ("B", 10), ("C", 70), ("D", 14)):
        told.column_dimensions[letter].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
