"""Patient payments from a table: oldest lines first, per-row errors, once (spec deposits 1.8, 6.3)."""

import io
from datetime import date

import openpyxl
import pytest

from tests.services.desk_office import DAY, Desk
from workbench.domain.deposit import DifferenceReason
from workbench.domain.imports import Outcome
from workbench.errors import NotFoundError, RefusedError
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.deposit_desk.patient_payments import PatientPayments, PaymentsOutcome, ReceiptState
from workbench.services.deposit_desk.posting import DifferenceError, Posting

TABLE = b"""Patient id,Statement id,Date,Amount,Type,Method,Check/trace no.,Comment
A1,S1,03/05/2026,"60.00",general payment,check,77,
A1,S1,03/06/2026,30,co-pay,cash,,
NOBODY,,03/06/2026,5.00,co-pay,cash,,
A2,,03/06/2026,ten,co-pay,cash,,
"""


def take(desk: Desk, data: bytes = TABLE) -> PaymentsOutcome:
    service = PatientPayments(desk.office.database)
    return service.import_table(
        desk.office.north_clerk, desk.office.north, "day.csv", data, deposited_date=DAY
    )


def test_rows_fall_on_the_oldest_lines_and_what_fits_nobody_stays_unreconciled(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 5000, 6000)
    outcome = take(desk)
    assert outcome.outcome is Outcome.DOUBTFUL
    assert [row.problem for row in outcome.preview.rows] == [
        "", "", "no claim of this patient is here.", "the amount cannot be read.",
    ]  # fmt: skip
    assert (outcome.preview.total_cents, outcome.preview.applied_cents) == (9500, 9000)
    deposit = outcome.deposit_id
    assert deposit is not None
    assert [row["paid_cents"] for row in desk.lines(desk.claims(deposit)[0]["id"])] == [5000, 4000]
    with pytest.raises(DifferenceError):
        Posting(desk.office.database).send(desk.office.north_clerk, deposit)
    Posting(desk.office.database).send(
        desk.office.north_clerk, deposit, difference=DifferenceReason.UNAPPLIED
    )
    desk.assert_sound()
    assert desk.our(ours) == (2000, "Submitted", "primary")
    assert desk.ledger_sum("UNAPPLIED") == -500


def test_the_same_table_comes_once(desk: Desk) -> None:
    desk.our_claim("A1", 5000, 6000)
    take(desk)
    assert take(desk).outcome is Outcome.DUPLICATE


def test_a_preview_stores_nothing_and_other_practices_are_not_seen(desk: Desk) -> None:
    desk.our_claim("A1", 5000)
    service = PatientPayments(desk.office.database)
    shown = service.preview(desk.office.north_clerk, desk.office.north, "day.csv", TABLE)
    assert [row.applied_cents for row in shown.rows] == [5000, 0, 0, 0]
    assert shown.rows[1].problem == "more was paid than is open."
    assert take(desk).outcome is Outcome.DOUBTFUL
    with pytest.raises(NotFoundError):
        service.preview(desk.office.south_clerk, desk.office.north, "day.csv", TABLE)
    with pytest.raises(RefusedError, match="Patient id"):
        take(desk, b"Name,Amount\nX,1\n")
    with pytest.raises(RefusedError, match="No row"):
        take(desk, b"Patient id,Amount\nX,none\n")


# Spec 1.8: the fields of the import sheet.
HEADINGS = [
    *("Patient id", "Statement id", "Date", "Amount", "Type", "Method", "Check/trace no.", "Comment"),
]


@pytest.mark.parametrize("notes", [False, True], ids=["basic", "full"])
def test_a_template_that_is_filled_in_comes_back_by_itself(desk: Desk, notes: bool) -> None:
    """Each field is found by its heading, and what stands beside the sheet is no payment."""
    ours = desk.our_claim("A1", 5000)
    service = PatientPayments(desk.office.database)
    name, data = service.template(notes=notes)
    headings, mapping = service.propose_mapping(desk.office.north_clerk, name, data)
    assert headings == HEADINGS
    assert sorted(mapping.values()) == sorted(HEADINGS)
    row = ["A1", "S1", "03/05/2026", "50.00", "co-pay", "cash", "", ""]
    if notes:
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet, told = book.worksheets
        assert [cell.comment is not None for cell in sheet[1]] == [True] * len(HEADINGS)
        assert [line[0] for line in told.iter_rows(min_row=2, values_only=True)] == HEADINGS
        sheet.append(row)
        out = io.BytesIO()
        book.save(out)
        data = out.getvalue()
    else:
        data += ",".join(row).encode()
    outcome = service.import_table(desk.office.north_clerk, desk.office.north, name, data, deposited_date=DAY)
    (read,) = outcome.preview.rows
    assert (read.state, read.day, read.told) == (
        ReceiptState.APPLIED,
        date(2026, 3, 5),
        {"type": "co-pay", "method": "cash", "check": ""},
    )
    Posting(desk.office.database).send(desk.office.north_clerk, outcome.deposit_id or 0)
    assert desk.balance(ours) == 0


def test_a_receipt_in_error_waits_on_its_deposit(either_desk: Desk) -> None:
    """Spec 1.8: Error when it cannot be applied, or only in part."""
    desk = either_desk
    desk.our_claim("A1", 5000)
    outcome = take(desk)
    assert [row.state for row in outcome.preview.rows] == [
        ReceiptState.IN_PART, ReceiptState.ERROR, ReceiptState.ERROR, ReceiptState.ERROR,
    ]  # fmt: skip
    assert [row.unreadable for row in outcome.preview.rows] == [False, False, False, True]
    deposit = outcome.deposit_id or 0
    errors = DepositErrors(desk.office.database)
    waiting = [
        it for it in errors.of_deposit(desk.office.north_clerk, deposit) if it.code == "RECEIPT_NOT_APPLIED"
    ]
    assert [it.message for it in waiting] == [
        "Row 2: more was paid than is open. 10.00 of 60.00 is not applied.",
        "Row 3: more was paid than is open. 30.00 of 30.00 is not applied.",
        "Row 4: no claim of this patient is here. 5.00 of 5.00 is not applied.",
        "Row 5: the amount cannot be read. Its money is not in the deposit.",
    ]
    assert desk.header(deposit)["open_errors"] == 4
    errors.recompute(desk.office.north_clerk, deposit)
    assert desk.open_codes(deposit).count("RECEIPT_NOT_APPLIED") == 4, "only a person settles them"
    errors.ignore(desk.office.north_clerk, deposit, [it.id for it in waiting], "refunded")
    assert desk.header(deposit)["open_errors"] == 0
