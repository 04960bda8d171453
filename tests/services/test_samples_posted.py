"""Every shared 835 sample, imported, resolved and posted against claims made from it: to the cent (issue C)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.builders import Office, furnish_office
from tests.services.desk_money import assert_money
from workbench.domain.deposit import DepositStatus, DifferenceReason, Disposition, PaymentType
from workbench.domain.deposit_work import ClaimWork
from workbench.domain.posting import Effect
from workbench.errors import RefusedError
from workbench.services.deposit_desk.editing import Editing, HeaderEdit
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.provider_money import ProviderMoney
from workbench.services.deposit_desk.resolving import Resolving
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import Database
from workbench.storage.stores.claim_intake import NewClaim
from workbench.storage.tables.deposits import deposits
from workbench.storage.tables.ledger import ledger_entries

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples" / "era"
FILES = sorted(path for path in SAMPLES.rglob("*") if path.is_file() and path.suffix != ".tsv")


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    return furnish_office(database)


def make_ours(office: Office, deposit_id: int) -> None:
    """Claims as we would have sent them, out of what the payer says of them; reversals name the same claims."""
    with office.database.transaction() as stores:
        stores.connection.execute(
            sa.update(deposits).where(deposits.c.id == deposit_id).values(practice_id=office.north)
        )
        known = {
            pcn
            for _, pcn in stores.claim_intake.known(
                {claim.pcn for claim in stores.deposit_work.claims(deposit_id)}
            )
        }
        new = {
            claim.pcn: _ours(office, claim)
            for claim in stores.deposit_work.claims(deposit_id)
            if claim.pcn not in known
        }
        stores.claim_intake.add(list(new.values()))


def _ours(office: Office, claim: ClaimWork) -> NewClaim:
    charge = abs(claim.charge_cents)
    lines = [
        {
            "line_no": line.line_no,
            "code": line.original_code or line.code,
            "modifiers": "" if line.original_code else line.modifiers,
            "service_date": line.service_from,
            "line_control_no": line.line_control_no,
            "charge_cents": abs(line.charge_cents),
            "balance_cents": abs(line.charge_cents),
        }
        for line in claim.lines
    ]
    rest = charge - sum(int(str(line["charge_cents"])) for line in lines)
    if rest or not lines:
        whole = {
            "line_no": len(lines),
            "code": "",
            "modifiers": "",
            "service_date": None,
            "line_control_no": "",
        }
        lines.append({**whole, "charge_cents": rest, "balance_cents": rest})
    values = {
        "practice_id": office.north, "pcn": claim.pcn, "patient_last": claim.patient_last,
        "patient_first": claim.patient_first, "service_from": claim.service_from,
        "charge_cents": charge, "balance_cents": charge,
    }  # fmt: skip
    return NewClaim(values, [], lines)


def resolve(office: Office, deposit_id: int) -> None:
    """What a poster does: payer, claims, lines, codes, spreads, provider-level money; the rest is looked at and ignored."""
    boss, database = office.supervisor, office.database
    with database.reading() as stores:
        head = stores.deposit_work.deposit(deposit_id)
        assert head is not None
        claims = stores.deposit_work.claims(deposit_id)
        ours = stores.claim_intake.known({claim.pcn for claim in claims})
    if head.payer_id is None:
        Editing(database).edit_header(boss, deposit_id, head.version, HeaderEdit(payer_id=office.acme))
    for claim in claims:
        if claim.claim_id is None:
            Editing(database).attach(boss, claim.id, ours[office.north, claim.pcn][-1].id)
        for proposal in Resolving(database).propose_spread(boss, claim.id):
            if proposal.lines and not proposal.rest_cents:
                parts = {part.deposit_line_id: part.part_cents for part in proposal.lines}
                Resolving(database).spread(boss, claim.id, proposal.adjustment_id, parts)
            elif proposal.lines:
                Resolving(database).report_claim_level(boss, claim.id, proposal.adjustment_id)
    choose(office, deposit_id)
    map_lines(office, deposit_id)
    for row in ProviderMoney(database).of_deposit(boss, deposit_id):
        Resolving(database).dispose(boss, deposit_id, row.id, Disposition.REPORT)
    errors = [
        error for error in DepositErrors(database).recompute(boss, deposit_id) if not error.why_not_ignore
    ]
    if errors:
        DepositErrors(database).ignore(boss, deposit_id, [error.id for error in errors], "looked at it")


def choose(office: Office, deposit_id: int) -> None:
    with office.database.reading() as stores:
        rows = [
            row.id
            for claim in stores.deposit_work.claims(deposit_id)
            for row in claim.every_adjustment
            if row.effect is Effect.BLOCK
        ]
    if rows:
        Resolving(office.database).choose_effect(
            office.supervisor, rows, deposit_id, Effect.INFO, PaymentType.DENIAL
        )


def map_lines(office: Office, deposit_id: int) -> None:
    """Lines that the import could not tell apart go to our line of the same place."""
    with office.database.reading() as stores:
        claims = stores.deposit_work.claims(deposit_id)
    for claim in claims:
        if claim.ours is None or not claim.ours.lines:
            continue
        last = len(claim.ours.lines) - 1
        parts = {
            line.id: claim.ours.lines[min(line.line_no, last)].id
            for line in claim.lines
            if line.charge_line_id is None
        }
        if parts:
            Resolving(office.database).map_line(office.supervisor, claim.id, parts)


def post(office: Office, deposit_id: int) -> None:
    posting, boss = Posting(office.database), office.supervisor
    # In an anonymised file every claim has one number: each posting changes the facts of the next.
    for _ in range(30):
        try:
            posting.send(boss, deposit_id, difference=DifferenceReason.OTHER_SYSTEM)
        except RefusedError:
            return
        # Errors that only the ledger shows are looked at in their turn.
        errors = DepositErrors(office.database).of_deposit(boss, deposit_id)
        left = [error.id for error in errors if error.why_not_ignore is None]
        if not left:
            return
        DepositErrors(office.database).ignore(boss, deposit_id, left, "looked at it")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_sample_ties_out_to_the_cent(office: Office, path: Path) -> None:
    outcome = RemittanceImport(office.database).import_remittance(
        office.supervisor, path.name, path.read_bytes()
    )
    for imported in outcome.deposits:
        with office.database.reading() as stores:
            head = stores.deposit_work.deposit(imported.id)
        assert head is not None
        if head.status is DepositStatus.IGNORE:
            continue
        make_ours(office, imported.id)
        resolve(office, imported.id)
        post(office, imported.id)
        _assert_tied_out(office, imported.id)


def _assert_tied_out(office: Office, deposit_id: int) -> None:
    with office.database.reading() as stores:
        assert_money(stores.connection)
        (row,) = stores.connection.execute(sa.select(deposits).where(deposits.c.id == deposit_id))
        waiting = [
            claim
            for claim in stores.deposit_work.claims(deposit_id)
            if claim.included and claim.state != "POSTED"
        ]
        assert waiting == [], [
            (error.code, error.message) for error in stores.deposit_errors.of_deposit(deposit_id)
        ]
        unreconciled = row.deposit_cents - row.payments_cents - row.exclusions_cents - row.reported_cents
        booked = dict(
            stores.connection.execute(
                sa.select(ledger_entries.c.account, sa.func.sum(ledger_entries.c.amount_cents)).group_by(
                    ledger_entries.c.account
                )
            ).all()  # type: ignore[arg-type]
        )
        assert row.posted_paid_cents == row.payments_cents
        if row.claims_count:
            assert (
                booked.get("UNAPPLIED", 0) == -unreconciled
                or len(stores.connection.execute(sa.select(deposits)).all()) > 1
            )
