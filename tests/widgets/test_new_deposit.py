"""The New Deposit dialog and Patient Payments Import without a browser, on the real services."""

from datetime import date
from pathlib import Path

import pytest

from tests.builders import furnish_office
from tests.services.desk_office import DAY, Desk
from tests.widgets.messages import Line
from workbench.app import Workbench
from workbench.domain.deposit import DepositType
from workbench.errors import RefusedError
from workbench.storage import Database
from workbench.widgets.deposits.new_deposit import After, NewDepositDialog
from workbench.widgets.deposits.new_deposit_model import EOB, STATEMENT, NewDepositModel
from workbench.widgets.deposits.payments_dialog import PaymentsDialog

TODAY = date(2026, 3, 9)


@pytest.fixture
def desk(wb: Workbench) -> Desk:
    return Desk(furnish_office(wb.database))


class Screen:
    """The dialog with a note of where it led."""

    def __init__(self, wb: Workbench) -> None:
        self.led: list[object] = []
        self.model = NewDepositModel(wb, lambda: TODAY)
        after = After(
            self.led.append,
            lambda: self.led.append("refreshed"),
            lambda: self.led.append("import era"),
            lambda: self.led.append("import payments"),
        )
        self.dialog = NewDepositDialog(self.model, after, lambda: TODAY)
        self.form = Line(self.dialog.form)
        self.claims = Line(self.dialog.claims)
        self.dialog.show()

    def type(self, **texts: object) -> None:
        for name, value in texts.items():
            self.form.say("change", name=name, value=value)

    def press(self, name: str) -> None:
        self.form.say("press", name=name)


@pytest.fixture
def screen(wb: Workbench, desk: Desk) -> Screen:
    return Screen(wb)


def stored(database: Database, desk: Desk) -> list[dict[str, object]]:
    with database.reading() as stores:
        ids = stores.connection.exec_driver_sql("SELECT id FROM deposits ORDER BY id").scalars().all()
    return [desk.header(number) for number in ids]


def test_defaults_are_today_me_and_a_check(screen: Screen, wb: Workbench, desk: Desk) -> None:
    values = screen.dialog.form.values
    assert (values["kind"], values["pay_method"], values["deposited_date"]) == (EOB, "CHECK", TODAY)
    assert values["owner_id"] == str(wb.actor.user_id)
    assert values["practice_id"] == "", "two practices: one chooses"
    assert screen.dialog.form.hidden == ["patient"]


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_stored(
    screen: Screen, wb: Workbench, desk: Desk
) -> None:
    screen.type(deposit_cents="twelve")
    screen.press("open")
    assert screen.dialog.form.errors == {
        "practice_id": "Choose the practice.",
        "deposit_cents": "Type an amount such as 1234.50.",
        "check_number": "Type the number of the check or trace.",
        "payer_id": "Choose the payer.",
    }
    screen.type(
        deposit_cents="-5", practice_id=str(desk.office.north), check_number="7", payer_id=desk.office.acme
    )
    screen.press("open")
    assert screen.dialog.form.errors == {"deposit_cents": "The amount of a deposit cannot be negative."}
    screen.type(deposit_cents="5")
    screen.press("open")
    assert screen.dialog.form.errors == {}
    assert len(stored(wb.database, desk)) == 1


def test_an_eob_is_stored_as_typed_and_opened(screen: Screen, wb: Workbench, desk: Desk) -> None:
    screen.type(
        practice_id=str(desk.office.north),
        deposit_cents="1,234.50",
        check_number="CK 9",
        payer_id=desk.office.acme,
        deposited_date="t",
        issued_date="03/01/2026",
        is_eob=False,
    )
    screen.press("default")
    (header,) = stored(wb.database, desk)
    assert screen.led == ["refreshed", header["id"]]
    assert not screen.dialog.dialog.shown
    wanted = {
        "type": DepositType.EOB.value, "practice_id": desk.office.north, "deposit_cents": 123450,
        "check_number": "CK 9", "payer_id": desk.office.acme, "payer_name": "ACME HEALTH", "pay_method": "CHECK",
        "deposited_date": TODAY, "issued_date": date(2026, 3, 1), "is_eob": False, "owner_id": wb.actor.user_id,
    }  # fmt: skip
    assert {name: header[name] for name in wanted} == wanted


@pytest.mark.parametrize(("press", "shown"), [("another", True), ("list", False)])
def test_after_saving_another_or_back_to_the_list(
    screen: Screen, desk: Desk, press: str, shown: bool
) -> None:
    screen.type(
        practice_id=str(desk.office.north), deposit_cents="5", check_number="1", payer_id=desk.office.acme
    )
    screen.press(press)
    assert screen.led == ["refreshed"]
    assert screen.dialog.dialog.shown is shown
    assert any("was saved" in text for text in screen.form.notices)
    if shown:
        assert screen.dialog.form.values["deposit_cents"] is None
        assert screen.dialog.form.texts["payer_id"] == ""


def test_a_statement_shows_its_split_before_it_is_stored(screen: Screen, wb: Workbench, desk: Desk) -> None:
    ours = desk.our_claim("A1", 5000, 6000)
    desk.our_claim("B1", 900, last="OTHER")
    screen.type(kind=STATEMENT, practice_id=str(desk.office.north), deposit_cents="70")
    screen.press("open")
    assert list(screen.dialog.form.errors) == ["patient"], "no check number is needed"
    screen.type(patient="sample")
    assert [claim.id for claim in screen.model.claims] == [ours]
    screen.claims.say("select", ids=[ours])
    # 70.00 over 50.00 and 60.00 of the same day, by line number: 50.00 and 20.00.
    assert [row["cells"][3] for row in screen.dialog.parts.rows] == ["50.00", "20.00"]
    assert screen.dialog.parts.totals[2:] == ["110.00", "70.00", "40.00"]
    screen.type(deposit_cents="120")
    assert screen.dialog.parts.totals[1] == "Unapplied: 10.00"
    screen.type(deposit_cents="70")
    screen.press("open")
    (header,) = stored(wb.database, desk)
    assert (header["type"], header["deposit_cents"], header["payments_cents"]) == ("STATEMENT", 7000, 7000)
    desk.assert_sound()


@pytest.mark.parametrize("typed", ["A1", "SAMPLE", "sample, pat", "{id}"])
def test_a_patient_is_found_by_name_number_and_id(screen: Screen, desk: Desk, typed: str) -> None:
    ours = desk.our_claim("A1", 5000)
    found = screen.model.find(str(desk.office.north), typed.format(id=ours))
    assert [claim.id for claim in found] == [ours]
    assert not screen.model.find(str(desk.office.south), typed.format(id=ours))
    assert not screen.model.find(str(desk.office.north), "NOBODY")


def test_types_that_come_as_files_lead_to_their_dialogs(screen: Screen) -> None:
    screen.type(kind="import_era")
    screen.type(kind="patient_payments")
    assert screen.led == ["import era", "import payments"]
    assert not screen.dialog.dialog.shown
    assert screen.dialog.form.values["kind"] == EOB


TABLE = b"Who,How much,Day\nA1,60.00,03/05/2026\nNOBODY,5.00,03/06/2026\n"


def test_a_table_of_payments_is_mapped_seen_and_stored_once(
    wb: Workbench, desk: Desk, tmp_path: Path
) -> None:
    desk.our_claim("A1", 5000, 6000)
    opened: list[int] = []
    dialog = PaymentsDialog(wb, lambda: None, opened.append, lambda: DAY)
    header, columns = Line(dialog.header), Line(dialog.columns)
    dialog.show()
    path = tmp_path / "day.csv"
    path.write_bytes(TABLE)
    header.say("change", name="practice_id", value=str(desk.office.north))
    assert dialog.model.blocked(str(desk.office.north)) == "Choose a table first."
    dialog._take(path, "day.csv")
    assert dialog.model.blocked(str(desk.office.north)) == "Say which column is: Patient id, Amount."
    columns.say("change", name="patient", value="Who")
    columns.say("change", name="amount", value="How much")
    assert [row["cells"][8] for row in dialog.grid.rows] == ["60.00", "0.00"]
    assert dialog.grid.totals[7:9] == ["65.00", "60.00"]
    columns.say("press", name="import")
    (deposit,) = opened
    assert desk.header(deposit)["deposit_cents"] == 6500
    assert any("5.00 of it found no open claim" in text for text in header.notices)
    assert "RECEIPT_NOT_APPLIED" in desk.open_codes(deposit)
    columns.say("press", name="import")
    assert opened == [deposit], "the same table comes once"
    with pytest.raises(RefusedError, match="Choose the practice"):
        dialog.model.store("", DAY)
