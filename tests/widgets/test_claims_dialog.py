"""Import Claims and saved mappings without a browser, on the real services."""

from datetime import date
from pathlib import Path

import pytest

from tests.builders import NORTH_NPI, Office, furnish_office
from tests.widgets.messages import Line
from workbench.app import Workbench
from workbench.services.import_mappings import TableKind
from workbench.widgets.deposits.claims_dialog import ClaimsDialog
from workbench.widgets.deposits.payments_dialog import PaymentsDialog

TABLE = b"Fall,Tag,Wert\nX1,2026-03-02,90.00\nX2,2026-03-02,nothing\n"
PAYMENTS = b"Who,How much\nX1,15.00\n"


@pytest.fixture(autouse=True)
def office(wb: Workbench) -> Office:
    return furnish_office(wb.database)


@pytest.fixture
def refreshed() -> list[str]:
    return []


@pytest.fixture
def claims(wb: Workbench, refreshed: list[str]) -> ClaimsDialog:
    made = ClaimsDialog(wb, lambda: refreshed.append("refreshed"))
    made.show()
    return made


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def blocked(dialog: ClaimsDialog) -> str:
    return next(action["blocked"] for action in dialog.columns.actions)


def test_a_table_waits_for_its_columns_and_the_mapping_is_kept(
    claims: ClaimsDialog, wb: Workbench, tmp_path: Path, refreshed: list[str]
) -> None:
    assert blocked(claims).startswith("Choose a table first.")
    told = claims._take(written(tmp_path, "t.csv", TABLE), "t.csv")
    assert told.word == "read"
    claims._finished()
    assert blocked(claims) == "Say which column is: Claim number, Service date, Charge."
    columns = Line(claims.columns)
    for field, heading in {"pcn": "Fall", "service_date": "Tag", "charge": "Wert"}.items():
        columns.say("change", name=field, value=heading)
    assert blocked(claims) == ""
    bar = Line(claims.mappings.form)
    bar.say("press", name="save")
    assert bar.notices == ["Type a name for the mapping, such as the sender of these tables."]
    bar.say("change", name="name", value="billing system")
    bar.say("press", name="save")
    assert list(wb.deposit_desk.import_mappings.all(wb.actor, TableKind.CLAIMS)) == ["billing system"]

    columns.say("change", name="all_of", value=NORTH_NPI)
    columns.say("press", name="import")
    assert columns.notices == ["Claims: 1 new. Row 3: the charge is no amount. The claim is left out."]
    assert len(refreshed) == 2
    assert blocked(claims).startswith("Choose a table first."), "the table is done"


def test_a_saved_mapping_is_picked_by_itself_and_by_hand(
    claims: ClaimsDialog, wb: Workbench, tmp_path: Path
) -> None:
    kept = wb.deposit_desk.import_mappings
    mapping = {"pcn": "Fall", "service_date": "Tag", "charge": "Wert"}
    kept.save(wb.actor, TableKind.CLAIMS, "fits", mapping)
    kept.save(wb.actor, TableKind.CLAIMS, "partly", {"pcn": "Tag", "charge": "Nowhere"})
    claims._take(written(tmp_path, "t.csv", TABLE), "t.csv")
    claims._finished()
    assert claims.mappings.form.values["picked"] == "fits"
    assert blocked(claims) == ""
    bar = Line(claims.mappings.form)
    bar.say("change", name="picked", value="partly")
    assert claims.model.table.mapping == {"pcn": "Tag"}, "a heading that is not there maps nothing"
    assert blocked(claims) == "Say which column is: Service date, Charge."
    bar.say("press", name="remove")
    assert list(kept.all(wb.actor, TableKind.CLAIMS)) == ["fits"]


def test_an_837_file_is_taken_as_it_comes_and_once(claims: ClaimsDialog, tmp_path: Path) -> None:
    path = written(tmp_path, "no.837", b"ISA*not a claim file~")
    assert claims._take(path, "no.837").word == "rejected"


def test_patient_payments_have_saved_mappings_of_their_own(wb: Workbench, tmp_path: Path) -> None:
    kept = wb.deposit_desk.import_mappings
    kept.save(wb.actor, TableKind.PAYMENTS, "portal", {"patient": "Who", "amount": "How much"})
    kept.save(wb.actor, TableKind.CLAIMS, "billing", {"pcn": "Who"})
    dialog = PaymentsDialog(wb, lambda: None, lambda _: None, lambda: date(2026, 3, 9))
    dialog.show()
    dialog._take(written(tmp_path, "p.csv", PAYMENTS), "p.csv")
    assert dialog.mappings.form.values["picked"] == "portal"
    offered = next(field for field in dialog.mappings.form.fields if field["name"] == "picked")
    assert [value for value, _ in offered["options"]] == ["", "portal"]
    assert dialog.columns.values["amount"] == "How much"
    Line(dialog.columns).say("change", name="amount", value="")
    Line(dialog.mappings.form).say("change", name="picked", value="portal")
    assert dialog.columns.values["amount"] == "How much"
