"""Patient Payments Import (spec deposits 1.8, 6.3): a table of patient money becomes one Import deposit."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from workbench.domain.deposit import DepositType, PayMethod, PayType
from workbench.domain.deposit_errors import ERROR_KINDS, error_key
from workbench.domain.deposit_work import OurClaim
from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.identity import Actor
from workbench.domain.imports import Outcome
from workbench.domain.money import NotAnAmountError, format_dollars, parse_typed_amount
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.reconcile.claim_errors import FoundError
from workbench.services.claims_import.tables import (
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
from workbench.services.deposit_desk.payment_templates import PAYMENT_FIELDS, basic_template, full_template
from workbench.services.deposit_desk.refreshing import keep_errors, refresh
from workbench.services.import_mappings import TableKind, fitting
from workbench.storage import ConflictError, Database, Stores
from workbench.storage.stores.imports import PIECE_BYTES, compress

NOT_APPLIED = "RECEIPT_NOT_APPLIED"
TOLD = ("type", "method", "check")


class ReceiptState(StrEnum):
    """What becomes of a receipt (spec 1.8): applied, or Error when it cannot be applied or only in part."""

    APPLIED = "Applied"
    IN_PART = "Error, applied in part"
    ERROR = "Error"


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One row: `problem` says why its money finds no claim; the amount is in the deposit all the same.

    `told`: what else the row says of the money (`type`, `method`, `check`), as it stands there. `unreadable`: its
    amount is none; it holds 0 and is never shown as 0.00.
    """

    number: int
    patient: str
    amount_cents: int
    day: date | None
    applied_cents: int
    problem: str
    told: Mapping[str, str]
    unreadable: bool

    @property
    def state(self) -> ReceiptState:
        if not self.problem:
            return ReceiptState.APPLIED
        return ReceiptState.IN_PART if self.applied_cents else ReceiptState.ERROR


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
    told: Mapping[str, str] = field(default_factory=dict)
    unreadable: bool = False


class PatientPayments:
    """Imports tables of patient money, each exactly once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def template(self, *, notes: bool) -> tuple[str, bytes]:
        """Name and content of an empty table to fill in: a workbook with a note on each column, or headings alone."""
        if notes:
            return "patient-payments-full.xlsx", full_template()
        return "patient-payments-basic.csv", basic_template()

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
            _keep_errors(stores, deposit_id, preview.rows)
            findings = tuple(_finding(row) for row in preview.rows if row.problem)
            outcome = Outcome.DOUBTFUL if findings else Outcome.NEW
            stores.imports.log(actor, sha256, name, outcome, findings, file_id)
        return PaymentsOutcome(outcome, deposit_id, preview, findings)


def _keep_errors(stores: Stores, deposit_id: int, rows: Sequence[PaymentRow]) -> None:
    """A receipt in Error is worked on its deposit (spec 1.8). The patient's number stands in no message."""
    found = [
        FoundError(
            NOT_APPLIED,
            Level.DEPOSIT,
            ERROR_KINDS[NOT_APPLIED].severity,
            f"Row {row.number}: {row.problem} {_left(row)}",
            error_key(NOT_APPLIED, None, row.number),
            context={"row": row.number, "left_cents": row.amount_cents - row.applied_cents},
        )
        for row in rows
        if row.problem
    ]
    keep_errors(stores, deposit_id, found, {NOT_APPLIED}, None)
    stores.deposit_errors.recount(deposit_id)


def _left(row: PaymentRow) -> str:
    if row.unreadable:
        return "Its money is not in the deposit."
    left = format_dollars(row.amount_cents - row.applied_cents)
    return f"{left} of {format_dollars(row.amount_cents)} is not applied."


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
    cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
    read = _Read(number, cells["patient"], 0, None, told={name: cells.get(name, "") for name in TOLD})
    try:
        amount = parse_typed_amount(cells["amount"])
    except NotAnAmountError:
        return replace(read, problem="the amount cannot be read.", unreadable=True)
    if amount <= 0:
        return replace(read, problem="the amount is not above 0.", unreadable=True)
    try:
        return replace(read, amount_cents=amount, day=typed_day(cells.get("date", "")))
    except ValueError:
        return replace(read, amount_cents=amount, problem="the date cannot be read.")


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
        return PaymentRow(
            row.number, row.patient, row.amount_cents, row.day, applied, problem, row.told, row.unreadable
        )

    def _left(self, claim: OurClaim) -> OurClaim:
        """The claim with what earlier rows took off its lines."""
        lines = tuple(
            line._replace(open_cents=line.open_cents - taken.part_cents)
            if (taken := self._parts.get(line.id))
            else line
            for line in claim.lines
        )
        return replace(claim, lines=lines)
