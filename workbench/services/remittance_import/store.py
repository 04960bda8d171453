"""From a prepared file to the rows of one transaction: what is new, what is doubtful, what is here already."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.identity import Actor
from workbench.services.deposit_desk.severities import company_severities
from workbench.services.remittance_import.duplicates import same_transaction, suspicions
from workbench.services.remittance_import.headers import headers, totals
from workbench.services.remittance_import.prepare import Prepared
from workbench.storage import Stores
from workbench.storage.stores.imports import Interchange
from workbench.storage.stores.remittances import DepositContents, KnownDeposit

LISTED = 100  # findings of one code in the import's answer; the errors of the deposit are all stored


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a file. `deposit_ids` has one id per transaction, new or known."""

    deposit_ids: list[int]
    doubtful: bool
    findings: tuple[Finding, ...]


def known_transactions(
    prepared: Prepared, stores: Stores
) -> tuple[dict[int, KnownDeposit], list[KnownDeposit]]:
    """Transactions that are here already, by number, and all deposits that came into question."""
    payments = prepared.payments
    known = stores.remittances.known_deposits(
        {payment.identity.payment_key for payment in payments},
        {payment.amount_cents for payment in payments},
        {payment.check_number for payment in payments},
    )
    same = {number: same_transaction(payment, known) for number, payment in enumerate(payments)}
    return {number: deposit for number, deposit in same.items() if deposit is not None}, known


def store(
    prepared: Prepared,
    stores: Stores,
    *,
    actor: Actor,
    file_id: int,
    at: datetime,
    seen: dict[int, KnownDeposit],
    known: Sequence[KnownDeposit],
) -> Stored:
    """Writes every transaction that is not in `seen`."""
    fresh = [number for number in range(len(prepared.remittances)) if number not in seen]
    ids = np.array([seen[number].id if number in seen else 0 for number in range(len(prepared.remittances))])
    ids[fresh] = stores.remittances.new_deposit_ids(len(fresh))
    kept = _Kept(prepared, seen)
    with stores.remittances.filing(kept.contents(), ids) as filing:
        doubtful = _doubts(prepared, stores, fresh, known)
        errors = _as_chosen(kept.errors(), company_severities(stores))
        opened = _open(errors)
        new = _headers(prepared, fresh, opened, actor, at)
        stores.remittances.add_deposits(
            [{"id": int(ids[number]), "import_file_id": file_id, **new[number]} for number in fresh]
        )
        of_claims = np.bincount(opened["claim"].drop_null().to_numpy(), minlength=kept.claims_count)
        filing.add_claims_and_errors(of_claims, _timed(errors, at))
    stores.imports.add_interchanges(file_id, prepared.interchanges)
    return Stored(ids.tolist(), doubtful, findings_of(prepared, errors) + already_here(seen))


def _headers(
    prepared: Prepared, fresh: Sequence[int], opened: pa.Table, actor: Actor, at: datetime
) -> dict[int, dict[str, Any]]:
    every = headers(
        prepared.remittances,
        [payment.identity for payment in prepared.payments],
        prepared.practices,
        prepared.payers,
        totals(prepared.file, prepared.rows, prepared.worked.balance),
        prepared.file.interchanges["byte_start"].to_pylist(),
        actor=actor,
        at=at,
    )
    owner = opened["remittance_no"].to_numpy()
    critical = pc.equal(opened["severity"], Severity.CRITICAL.value).to_numpy()
    all_open = np.bincount(owner, minlength=len(every))
    all_critical = np.bincount(owner[critical], minlength=len(every))
    return {
        number: every[number]
        | {
            "open_errors": int(all_open[number]),
            "open_critical_errors": int(all_critical[number]),
        }
        for number in fresh
    }


def already_here(seen: dict[int, KnownDeposit]) -> tuple[Finding, ...]:
    """For transactions that came before in another file."""
    message = "This transaction is here already, from another file, and is not stored again."
    return tuple(
        Finding("FILE_SEEN", Severity.WARNING, Level.DEPOSIT, message, remittance_no=number)
        for number in seen
    )


def _doubts(prepared: Prepared, stores: Stores, fresh: Sequence[int], known: Sequence[KnownDeposit]) -> bool:
    """Puts the errors of duplicates on the deposits; says whether any is grave."""
    repeated = stores.imports.seen_interchanges(prepared.interchanges)
    doubtful = False
    for number in fresh:
        row = prepared.remittances[number]
        numbers = ("isa_sender", "isa_receiver", "isa_control", "gs_control")
        sent = Interchange(*((row[column] or "").strip() for column in numbers))
        if sent in repeated:
            message = f"Interchange {sent.isa_control} came before, in a file with other content."
            prepared.book.deposit("FILE_SEEN", number, message, context={"import_file_id": repeated[sent]})
            doubtful = True
        for suspicion in suspicions(prepared.payments[number], known):
            prepared.book.deposit(
                suspicion.code,
                number,
                suspicion.message,
                ordinal=suspicion.ordinal,
                severity=suspicion.severity,
                context=suspicion.context,
            )
            doubtful = doubtful or suspicion.severity is Severity.CRITICAL
    return doubtful


class _Kept:
    """The rows of the transactions that are stored, when others of the file are here already."""

    def __init__(self, prepared: Prepared, seen: Collection[int]) -> None:
        self._prepared, self._rows = prepared, prepared.rows
        self._all = not seen
        self._remittances = np.ones(len(prepared.remittances), bool)
        self._remittances[list(seen)] = False
        self._claims = self._remittances[self._rows.claims["remittance_no"].to_numpy()]
        self._lines = self._claims[self._rows.lines["claim"].to_numpy()]

    @property
    def claims_count(self) -> int:
        return int(self._claims.sum())

    def contents(self) -> DepositContents:
        rows = self._rows
        if self._all:
            return DepositContents(rows.claims, rows.lines, rows.adjustments, rows.provider_adjustments)
        of_claims = pa.array(self._claims[rows.adjustments["claim"].to_numpy()])
        return DepositContents(
            claims=rows.claims.filter(pa.array(self._claims)),
            lines=_moved(rows.lines.filter(pa.array(self._lines)), "claim", self._claims),
            adjustments=self._placed(rows.adjustments.filter(of_claims)),
            provider_adjustments=self._of_kept(rows.provider_adjustments),
        )

    def errors(self) -> pa.Table:
        """All errors collected so far."""
        errors = self._prepared.book.table()
        return errors if self._all else self._placed(self._of_kept(errors))

    def _of_kept(self, table: pa.Table) -> pa.Table:
        return table.filter(pa.array(self._remittances[table["remittance_no"].to_numpy()]))

    def _placed(self, table: pa.Table) -> pa.Table:
        return _moved(_moved(table, "claim", self._claims), "line", self._lines)


def _moved(table: pa.Table, column: str, kept: np.ndarray) -> pa.Table:
    """Indexes into other rows, after those not kept have gone."""
    places = pa.array(np.cumsum(kept) - 1)
    return table.set_column(table.schema.get_field_index(column), column, pc.take(places, table[column]))


def _as_chosen(errors: pa.Table, chosen: Mapping[str, Severity]) -> pa.Table:
    """Each error as grave as this office wants its kind to be."""
    severity = errors["severity"]
    for code, wanted in chosen.items():
        severity = pc.if_else(pc.equal(errors["code"], code), wanted.value, severity)
    return errors.set_column(errors.column_names.index("severity"), "severity", severity)


def _open(errors: pa.Table) -> pa.Table:
    """Errors that count as open: warnings stop nothing and are not counted."""
    return errors.filter(
        pc.and_(pc.equal(errors["state"], "open"), pc.not_equal(errors["severity"], Severity.WARNING.value))
    )


def _timed(errors: pa.Table, at: datetime) -> pa.Table:
    """With the moment they were made, and closed where the system did so at once."""
    moment = pa.repeat(pa.scalar(at, pa.timestamp("us", tz="UTC")), len(errors))
    closed = pc.not_equal(errors["state"], "open")
    return (
        errors.append_column("created_at", moment)
        .append_column("closed_at", pc.if_else(closed, moment, pa.scalar(None, moment.type)))
        .append_column("close_reason", pc.if_else(closed, "By the system.", ""))
    )


def findings_of(prepared: Prepared, errors: pa.Table) -> tuple[Finding, ...]:
    """The import's answer: what is about the whole file, then the first errors of each code, then their count."""
    about_file = [finding for finding in prepared.file.findings if finding.remittance_no is None]
    codes = Counter(dict(_counted(errors)))
    listed = [
        _finding(row)
        for code in codes
        for row in errors.filter(pc.equal(errors["code"], code)).slice(0, LISTED).to_pylist()
    ]
    listed.sort(key=lambda finding: finding.segment or 0)
    more = [
        Finding(code, Severity.WARNING, Level.FILE, f"{count - LISTED} more of this kind are not listed.",
                context={"all": count})
        for code, count in codes.items()
        if count > LISTED
    ]  # fmt: skip
    return (*about_file, *listed, *more)


def _counted(errors: pa.Table) -> list[tuple[str, int]]:
    return [(each["values"], each["counts"]) for each in pc.value_counts(errors["code"]).to_pylist()]


def _finding(row: dict[str, Any]) -> Finding:
    return Finding(
        code=row["code"],
        severity=Severity(row["severity"]),
        level=Level(row["level"]),
        message=row["message"],
        segment=row["segment"],
        remittance_no=row["remittance_no"],
        claim_no=row["claim"],
        line_no=row["line"],
        context=json.loads(row["context_json"]),
    )
