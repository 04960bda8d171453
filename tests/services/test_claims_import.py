"""Own claims come in exactly once; corrections replace and void, and what was posted stays posted."""

import io
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
import sqlalchemy as sa

from tests.builders import NORTH_NPI, Office
from tests.era.test_claims837 import PROFESSIONAL
from tests.services.desk_office import Desk, claim, line
from workbench.domain.imports import Outcome
from workbench.errors import RefusedError
from workbench.services.claims_import import ClaimsImport, ClaimsOutcome
from workbench.services.deposit_desk.posting import Posting
from workbench.storage.tables.claims import charge_lines, claim_payers, claims

TABLE = f"""Claim Number,DOS,Procedure,Charge,Last Name,First Name,NPI,Payer
A1,2026-03-02,99213,"$1,100.50",Sample,Pat,{NORTH_NPI},1900000001
A1,03/02/2026,36415,20,Sample,Pat,{NORTH_NPI},1900000001
A2,03/03/2026,99213,75,Other,Ann,{NORTH_NPI},
"""


def take(office: Office, text: str, name: str = "a.837") -> ClaimsOutcome:
    return ClaimsImport(office.database).import_file(office.supervisor, name, text.encode())


def rows(office: Office, table: sa.Table, *order: sa.Column[object]) -> list[sa.Row[tuple[object, ...]]]:
    with office.database.reading() as stores:
        return list(stores.connection.execute(sa.select(table).order_by(*(order or (table.c.id,)))))


def test_837_makes_claims_with_lines_and_payers(either_office: Office) -> None:
    outcome = take(either_office, PROFESSIONAL)
    # A2 says that it replaces a claim, which is not here: it is taken and said.
    assert (outcome.outcome, dict(outcome.counts)) == (Outcome.DOUBTFUL, {"new": 2})
    assert [finding.code for finding in outcome.findings] == ["NOTHING_TO_REPLACE"]
    first, second = rows(either_office, claims)
    assert (first.pcn, first.patient_last, first.charge_cents, first.balance_cents) == (
        "A1",
        "SAMPLE",
        15000,
        15000,
    )
    assert [line.code for line in rows(either_office, charge_lines)] == ["99213", "36415", "99213"]
    payers = rows(either_office, claim_payers, claim_payers.c.claim_id, claim_payers.c.level)
    assert [(row.claim_id, row.level, row.payer_id) for row in payers] == [
        (first.id, "primary", either_office.acme),
        (first.id, "secondary", either_office.zenith),
        (second.id, "primary", either_office.acme),
    ]


def test_the_same_file_and_the_same_claim_come_once(office: Office) -> None:
    take(office, PROFESSIONAL)
    assert take(office, PROFESSIONAL).outcome is Outcome.DUPLICATE
    rebatched = take(office, PROFESSIONAL.replace("000000001*0*P", "000000002*0*P").replace(":7*", ":1*"))
    assert (rebatched.outcome, dict(rebatched.counts)) == (Outcome.DUPLICATE, {"known": 2})
    assert len(rows(office, claims)) == 2


def test_eight_at_once_make_one_import(office: Office) -> None:
    with ThreadPoolExecutor(8) as pool:
        outcomes = [found.outcome for found in pool.map(lambda _: take(office, PROFESSIONAL), range(8))]
    assert sorted(outcomes) == [Outcome.DOUBTFUL, *[Outcome.DUPLICATE] * 7]
    assert len(rows(office, claims)) == 2


def correction(frequency: str, charge: str = "100", line_charge: str = "100") -> str:
    """A1 with one line only."""
    text = PROFESSIONAL.replace("CLM*A1*150***11:B:1", f"CLM*A1*{charge}***11:B:{frequency}")
    start, end = text.index("LX*2~"), text.index("HL*3*")
    text = text[:start] + text[end:]
    second = text.index("HL*3*")
    text = text[:second] + text[text.index("SE*40") :]
    return text.replace("SV1*HC:99213:25:59*100", f"SV1*HC:99213:25:59*{line_charge}").replace(
        "SE*40*", "SE*24*"
    )


def test_a_replacement_changes_the_charges_and_keeps_what_was_posted(office: Office) -> None:
    take(office, PROFESSIONAL)
    desk = Desk(office)
    paid = desk.remit(
        claim("A1", line(10000, 6000, ("PR-1", 4000), modifiers=("25", "59"), line_control_no="L1"),
              line(5000, 3000, ("PR-1", 2000), code="36415"))
    )  # fmt: skip
    assert Posting(office.database).send(office.supervisor, paid).posted == 1
    outcome = take(office, correction("7", "120", "120"))
    assert dict(outcome.counts) == {"replaced": 1}
    first = rows(office, claims)[0]
    assert (first.charge_cents, first.balance_cents) == (12000, 12000 - 9000)
    kept, dropped, *_ = rows(office, charge_lines)
    assert (kept.charge_cents, kept.balance_cents, kept.active) == (12000, 6000, True)
    assert (dropped.charge_cents, dropped.balance_cents, dropped.active) == (0, -3000, False)
    desk.assert_sound()


def test_a_void_takes_the_charges_away(office: Office) -> None:
    take(office, PROFESSIONAL)
    outcome = take(office, correction("8"))
    assert (outcome.outcome, dict(outcome.counts)) == (Outcome.NEW, {"voided": 1})
    first = rows(office, claims)[0]
    assert (first.charge_cents, first.balance_cents, first.status) == (0, 0, "Void")
    Desk(office).assert_sound()


def test_a_claim_and_its_replacement_in_one_file(office: Office) -> None:
    both = PROFESSIONAL.replace("CLM*A2*80", "CLM*A1*80")
    assert dict(take(office, both).counts) == {"new": 1, "replaced": 1}
    (only,) = rows(office, claims)
    assert (only.charge_cents, only.balance_cents) == (8000, 8000)
    Desk(office).assert_sound()


def test_claims_of_another_office_are_left_out_and_may_come_again(office: Office) -> None:
    foreign = PROFESSIONAL.replace("1000000004", "1000000095").replace("100000001~", "100000009~")
    for _ in range(2):
        outcome = take(office, foreign)
        assert outcome.outcome is Outcome.REJECTED
        assert {finding.code for finding in outcome.findings} == {"PRACTICE_UNKNOWN"}
    assert rows(office, claims) == []


def test_a_table_becomes_claims_by_its_headings(office: Office) -> None:
    outcome = take(office, TABLE, "claims.csv")
    assert (outcome.outcome, dict(outcome.counts)) == (Outcome.NEW, {"new": 2})
    first, second = rows(office, claims)
    assert (first.charge_cents, first.patient_last, second.charge_cents) == (112050, "SAMPLE", 7500)
    assert [row.line_no for row in rows(office, charge_lines)] == [0, 1, 0]


def test_a_spreadsheet_says_the_same_as_its_csv(office: Office) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Claim Number", "DOS", "Charge", "NPI"])
    book.active.append(["A1", "2026-03-02", 1100.5, int(NORTH_NPI)])
    stream = io.BytesIO()
    book.save(stream)
    outcome = ClaimsImport(office.database).import_file(office.supervisor, "claims.xlsx", stream.getvalue())
    assert dict(outcome.counts) == {"new": 1}
    assert rows(office, claims)[0].charge_cents == 110050


def test_a_row_that_cannot_be_read_is_said_and_its_claim_left_out(office: Office) -> None:
    outcome = take(
        office, TABLE.replace("36415,20", "36415,twenty").replace("03/03/2026", "33/03/2026"), "c.csv"
    )
    assert outcome.outcome is Outcome.REJECTED
    assert [finding.message for finding in outcome.findings] == [
        "Row 3: the charge is no amount. The claim is left out.",
        "Row 4: a date cannot be read. The claim is left out.",
    ]


def test_a_table_whose_columns_are_not_plain_needs_a_mapping(office: Office) -> None:
    odd = TABLE.replace("Claim Number", "Konto").encode()
    service = ClaimsImport(office.database)
    assert take(office, odd.decode(), "odd.csv").outcome is Outcome.REJECTED
    with pytest.raises(RefusedError, match="Claim number"):
        service.import_table(office.supervisor, "odd.csv", odd)
    headings, proposed = service.propose_mapping(office.supervisor, "odd.csv", odd)
    assert "pcn" not in proposed
    outcome = service.import_table(office.supervisor, "odd.csv", odd, {**proposed, "pcn": headings[0]})
    assert dict(outcome.counts) == {"new": 2}
