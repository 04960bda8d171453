"""Patient payments from a table: oldest lines first, per-row errors, once (spec deposits 1.8, 6.3)."""

import pytest

from tests.services.desk_office import DAY, Desk
from workbench.domain.deposit import DifferenceReason
from workbench.domain.imports import Outcome
from workbench.errors import NotFoundError, RefusedError
from workbench.services.deposit_desk.patient_payments import PatientPayments, PaymentsOutcome
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
