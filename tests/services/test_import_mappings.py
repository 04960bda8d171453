"""Saved column mappings: kept by name, used where they fit, for patient payments and for claims (spec 6.3)."""

import pytest

from tests.builders import NORTH_NPI, actor
from tests.services.desk_office import Desk
from workbench.domain.permissions import Permission
from workbench.errors import NotPermittedError, RefusedError
from workbench.services.claims_import.service import ClaimsImport
from workbench.services.deposit_desk.patient_payments import PatientPayments
from workbench.services.import_mappings import ImportMappings, TableKind, fitting

PORTAL = {"patient": "Who", "amount": "How much", "date": "On"}
PAYMENTS = b"Who,How much,On\nA1,15.00,03/02/2026\n"
CLAIMS = b"Fall,Tag,Wert,NPI\nX1,2026-03-02,90.00," + NORTH_NPI.encode() + b"\n"
CLAIM_COLUMNS = {"pcn": "Fall", "service_date": "Tag", "charge": "Wert", "practice": "NPI"}


def mappings(desk: Desk) -> ImportMappings:
    return ImportMappings(desk.office.database)


def test_a_mapping_is_kept_replaced_and_removed_by_name(either_desk: Desk) -> None:
    desk, boss = either_desk, either_desk.office.supervisor
    keep = mappings(desk)
    keep.save(boss, TableKind.PAYMENTS, "  the   portal ", PORTAL)
    keep.save(boss, TableKind.PAYMENTS, "the portal", {**PORTAL, "comment": "Why"})
    keep.save(boss, TableKind.CLAIMS, "the portal", CLAIM_COLUMNS)
    assert keep.all(boss, TableKind.PAYMENTS) == {"the portal": {**PORTAL, "comment": "Why"}}
    assert keep.all(desk.office.south_clerk, TableKind.CLAIMS) == {"the portal": CLAIM_COLUMNS}
    keep.remove(boss, TableKind.PAYMENTS, "the portal")
    assert keep.all(boss, TableKind.PAYMENTS) == {}
    with pytest.raises(RefusedError, match="There is no mapping"):
        keep.remove(boss, TableKind.PAYMENTS, "the portal")


@pytest.mark.parametrize(
    ("name", "columns", "told"),
    [
        (" ", PORTAL, "Type a name"),
        ("x" * 61, PORTAL, "up to 60 letters"),
        ("empty", {}, "Say which columns"),
    ],
)
def test_what_is_no_mapping_is_refused(desk: Desk, name: str, columns: dict[str, str], told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        mappings(desk).save(desk.office.supervisor, TableKind.PAYMENTS, name, columns)


def test_only_who_imports_has_mappings(desk: Desk) -> None:
    looker = actor(
        desk.office.supervisor.user_id, desk.office.north, permissions=frozenset({Permission.DEPOSIT_VIEW})
    )
    with pytest.raises(NotPermittedError):
        mappings(desk).all(looker, TableKind.PAYMENTS)
    with pytest.raises(NotPermittedError):
        mappings(desk).save(looker, TableKind.PAYMENTS, "mine", PORTAL)


def test_the_fullest_mapping_whose_headings_are_there_fits() -> None:
    saved = {"short": {"amount": "A"}, "long": {"amount": "A", "date": "D"}, "other": {"amount": "X"}}
    assert fitting(saved, ["A", "D", "E"]) == "long"
    assert fitting(saved, ["A"]) == "short"
    assert fitting(saved, ["B"]) == ""


def test_a_table_of_patient_money_is_read_with_the_mapping_that_fits(desk: Desk) -> None:
    boss, payments = desk.office.supervisor, PatientPayments(desk.office.database)
    assert payments.propose_mapping(boss, "p.csv", PAYMENTS)[1] == {}, "no heading says what it is"
    mappings(desk).save(boss, TableKind.PAYMENTS, "portal", PORTAL)
    assert payments.propose_mapping(boss, "p.csv", PAYMENTS)[1] == PORTAL
    assert payments.propose_mapping(boss, "q.csv", b"Amount,Patient id\n1.00,A1\n")[1] == {
        "amount": "Amount", "patient": "Patient id",
    }  # fmt: skip


def test_a_table_of_claims_is_read_with_the_mapping_that_fits(desk: Desk) -> None:
    boss, claims = desk.office.supervisor, ClaimsImport(desk.office.database)
    assert claims.import_file(boss, "c.csv", CLAIMS).outcome == "rejected"
    mappings(desk).save(boss, TableKind.CLAIMS, "billing system", CLAIM_COLUMNS)
    assert claims.import_file(boss, "c.csv", CLAIMS).counts["new"] == 1
