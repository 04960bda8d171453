"""Patient Payments Import (spec deposits 1.8, 6.3): a table of patient money becomes one Import deposit."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workbench.domain.deposit import DepositType, PayMethod, PayType
from workbench.domain.deposit_work import OurClaim
from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.identity import Actor
from workbench.domain.imports import Outcome
from workbench.domain.money import NotAnAmountError, parse_typed_amount
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.services.claims_import.tables import (
    Field,
    columns_of,
    proposed_mapping,
    read_table,
    typed_day,
)
from workbench.services.deposit_desk.creating import (
    NewDeposit,
    StatementPart,
    add_header,
    add_patient_parts,
    split_over,
)
from workbench.services.deposit_desk.refreshing import refresh
from workbench.services.import_mappings import TableKind, fitting
from workbench.storage import ConflictError, Database, Stores
from workbench.storage.stores.imports import PIECE_BYTES, compress

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


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One row: `problem` says why its money finds no claim; the amount is in the deposit all the same."""

    number: int
    patient: str
    amount_cents: int
    day: date | None
    applied_cents: int
    problem: str


@dataclass(frozen=True, slots=True)
class PaymentsPreview:
    """What the table would make. `total_cents` is the deposit; what is not applied stays unreconciled."""

    rows: tuple[PaymentRow, ...]
    total_cents: int
    applied_cents: int


@dataclass(frozen=True, slots=True)
class PaymentsOutcome:
    """The answer for one table."""

    outcome: Outcome
    deposit_id: int | None
    preview: PaymentsPreview
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    number: int
    patient: str
    amount_cents: int
    day: date | None
    problem: str = ""


class PatientPayments:
    """Imports tables of patient money, each exactly once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def propose_mapping(self, actor: Actor, name: str, data: bytes) -> tuple[list[str], dict[str, str]]:
        """The headings of a table, and field -> heading: a saved mapping that fits, else what the names say."""
        actor.require(Permission.DEPOSIT_IMPORT)
        headings = [cell.strip() for cell in read_table(name, data)[0]]
        with self._database.reading() as stores:
            saved = stores.import_mappings.all(TableKind.PAYMENTS.value)
        return headings, saved.get(fitting(saved, headings)) or proposed_mapping(headings, PAYMENT_FIELDS)

    def preview(
        self, actor: Actor, practice_id: int, name: str, data: bytes, mapping: Mapping[str, str] | None = None
    ) -> PaymentsPreview:
        """Rows, errors and totals before anything is stored."""
        actor.require(Permission.DEPOSIT_IMPORT)
        actor.require_sight(practice_id, "The practice")
        rows = _read(name, data, mapping)
        with self._database.reading() as stores:
            return _Applying(stores, practice_id).apply(rows)

    def import_table(
        self,
        actor: Actor,
        practice_id: int,
        name: str,
        data: bytes,
        *,
        deposited_date: date | None,
        mapping: Mapping[str, str] | None = None,
    ) -> PaymentsOutcome:
        """Makes the deposit: each row's money over the patient's open lines, oldest first.

        A row that cannot be read or finds no claim is a finding; doubtful when there is one. Raises
        RefusedError when a required column is missing or no row holds an amount.
        """
        actor.require(Permission.DEPOSIT_IMPORT)
        actor.require_sight(practice_id, "The practice")
        rows = _read(name, data, mapping)
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            return self._store(actor, practice_id, name, data, sha256, rows, deposited_date)
        except ConflictError:
            with self._database.transaction() as stores:
                stores.imports.log(actor, sha256, name, Outcome.DUPLICATE)
            return PaymentsOutcome(Outcome.DUPLICATE, None, PaymentsPreview((), 0, 0), ())

    def _store(
        self,
        actor: Actor,
        practice_id: int,
        name: str,
        data: bytes,
        sha256: str,
        rows: Sequence[_Read],
        deposited_date: date | None,
    ) -> PaymentsOutcome:
        with self._database.transaction() as stores:
            if stores.imports.file(sha256) is not None:
                raise ConflictError("the file is here")
            pieces = (compress(data[at : at + PIECE_BYTES]) for at in range(0, len(data), PIECE_BYTES))
            file_id = stores.imports.add_file(sha256, name, len(data), "patient payments", pieces)
            applying = _Applying(stores, practice_id)
            preview = applying.apply(rows)
            new = NewDeposit(
                practice_id=practice_id,
                deposit_cents=preview.total_cents,
                check_number=name,
                payer_id=None,
                deposited_date=deposited_date,
                pay_method=PayMethod.CASH,
                pay_type=PayType.PATIENT,
                is_eob=False,
            )
            more = {"payer_name": "Patients", "import_file_id": file_id, "content_sha256": sha256}
            deposit_id = add_header(stores, actor, DepositType.IMPORT, new, more)
            add_patient_parts(stores, deposit_id, applying.claims, applying.parts)
            refresh(stores, actor, deposit_id)
            findings = tuple(_finding(row) for row in preview.rows if row.problem)
            outcome = Outcome.DOUBTFUL if findings else Outcome.NEW
            stores.imports.log(actor, sha256, name, outcome, findings, file_id)
        return PaymentsOutcome(outcome, deposit_id, preview, findings)


def _finding(row: PaymentRow) -> Finding:
    return Finding(
        "ROW_NOT_APPLIED", Severity.WARNING, Level.FILE, f"Row {row.number}: {row.problem}", row.number
    )


def _read(name: str, data: bytes, mapping: Mapping[str, str] | None) -> list[_Read]:
    table = read_table(name, data)
    headings = [cell.strip() for cell in table[0]]
    places = columns_of(headings, mapping or proposed_mapping(headings, PAYMENT_FIELDS), PAYMENT_FIELDS)
    rows = [_read_row(number, row, places) for number, row in enumerate(table[1:], start=2)]
    if not any(row.amount_cents for row in rows):
        raise RefusedError("No row of the table holds an amount.")
    return rows


def _read_row(number: int, row: Sequence[str], places: Mapping[str, int]) -> _Read:
    cells = {field: row[place].strip() if place < len(row) else "" for field, place in places.items()}
    try:
        amount = parse_typed_amount(cells["amount"])
    except NotAnAmountError:
        return _Read(number, cells["patient"], 0, None, "the amount cannot be read.")
    if amount <= 0:
        return _Read(number, cells["patient"], 0, None, "the amount is not above 0.")
    try:
        day = typed_day(cells.get("date", ""))
    except ValueError:
        return _Read(number, cells["patient"], amount, None, "the date cannot be read.")
    return _Read(number, cells["patient"], amount, day)


class _Applying:
    """Spreads row after row; each sees what those before it left open. `claims` and `parts` are the result."""

    def __init__(self, stores: Stores, practice_id: int) -> None:
        self._stores, self._practice_id = stores, practice_id
        self.claims: list[OurClaim] = []
        self._parts: dict[int, StatementPart] = {}

    @property
    def parts(self) -> list[StatementPart]:
        return list(self._parts.values())

    def apply(self, rows: Sequence[_Read]) -> PaymentsPreview:
        of_patient = self._stores.claim_intake.of_patients(
            self._practice_id, {row.patient for row in rows if row.patient}
        )
        ours = self._stores.deposit_work.our_claims({number for ids in of_patient.values() for number in ids})
        self.claims = [ours[number] for number in sorted(ours)]
        shown = [self._row(row, [ours[number] for number in of_patient.get(row.patient, ())]) for row in rows]
        return PaymentsPreview(
            tuple(shown), sum(row.amount_cents for row in rows), sum(row.applied_cents for row in shown)
        )

    def _row(self, row: _Read, claims: Sequence[OurClaim]) -> PaymentRow:
        problem, applied = row.problem, 0
        if not problem and not claims:
            problem = "no claim of this patient is here."
        elif not problem:
            split = split_over([self._left(claim) for claim in claims], row.amount_cents)
            for part in split.parts:
                before = self._parts.get(part.charge_line_id)
                whole = part.part_cents + (before.part_cents if before else 0)
                self._parts[part.charge_line_id] = replace(part, part_cents=whole)
            applied = row.amount_cents - split.unapplied_cents
            problem = "more was paid than is open." if split.unapplied_cents else ""
        return PaymentRow(row.number, row.patient, row.amount_cents, row.day, applied, problem)

    def _left(self, claim: OurClaim) -> OurClaim:
        """The claim with what earlier rows took off its lines."""
        lines = tuple(
            line._replace(open_cents=line.open_cents - taken.part_cents)
            if (taken := self._parts.get(line.id))
            else line
            for line in claim.lines
        )
        return replace(claim, lines=lines)
