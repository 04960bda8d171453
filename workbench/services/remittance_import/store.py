"""From a prepared file to the rows of one transaction: what is new, what is doubtful, what is here already."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.identity import Actor
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
    doubtful = _doubts(prepared, stores, fresh, known)
    errors = prepared.book.table()
    contents = _without(prepared, errors, seen)
    opened = _open(contents.errors)
    contents = _with_counts(contents, opened, at)
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
    open_errors, critical = _per_deposit(opened, len(every))
    new = [
        every[number]
        | {
            "import_file_id": file_id,
            "open_errors": int(open_errors[number]),
            "open_critical_errors": int(critical[number]),
        }
        for number in fresh
    ]
    ids = np.array([seen[number].id if number in seen else 0 for number in range(len(every))], np.int64)
    ids[fresh] = stores.remittances.add_deposits(new)
    stores.remittances.add_contents(contents, ids)
    stores.imports.add_interchanges(file_id, prepared.interchanges)
    return Stored(ids.tolist(), doubtful, findings_of(prepared, contents.errors) + already_here(seen))


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
        for ordinal, suspicion in enumerate(suspicions(prepared.payments[number], known)):
            prepared.book.deposit(
                suspicion.code,
                number,
                suspicion.message,
                segment=row["segment"],
                ordinal=ordinal,
                severity=suspicion.severity,
                context={"deposit_ids": list(suspicion.deposit_ids)},
            )
            doubtful = doubtful or suspicion.severity is Severity.CRITICAL
    return doubtful


def _without(prepared: Prepared, errors: pa.Table, seen: Collection[int]) -> DepositContents:
    """The rows of the transactions that are stored."""
    rows = prepared.rows
    if not seen:
        return DepositContents(rows.claims, rows.lines, rows.adjustments, rows.provider_adjustments, errors)
    kept = np.ones(len(prepared.remittances), bool)
    kept[list(seen)] = False
    claims = kept[rows.claims["remittance_no"].to_numpy()]
    lines = claims[rows.lines["claim"].to_numpy()]
    return DepositContents(
        claims=rows.claims.filter(pa.array(claims)),
        lines=_moved(rows.lines.filter(pa.array(lines)), "claim", claims),
        adjustments=_moved(
            _moved(
                rows.adjustments.filter(pa.array(claims[rows.adjustments["claim"].to_numpy()])),
                "claim",
                claims,
            ),
            "line",
            lines,
        ),
        provider_adjustments=_of(rows.provider_adjustments, kept),
        errors=_moved(_moved(_of(errors, kept), "claim", claims), "line", lines),
    )


def _of(table: pa.Table, kept: np.ndarray) -> pa.Table:
    return table.filter(pa.array(kept[table["remittance_no"].to_numpy()]))


def _moved(table: pa.Table, column: str, kept: np.ndarray) -> pa.Table:
    """Indexes into other rows, after those not kept have gone."""
    places = pa.array(np.cumsum(kept) - 1)
    return table.set_column(table.schema.get_field_index(column), column, pc.take(places, table[column]))


def _open(errors: pa.Table) -> pa.Table:
    """Errors that count as open: warnings stop nothing and are not counted."""
    return errors.filter(
        pc.and_(pc.equal(errors["state"], "open"), pc.not_equal(errors["severity"], Severity.WARNING.value))
    )


def _with_counts(contents: DepositContents, opened: pa.Table, at: datetime) -> DepositContents:
    of_claims = np.bincount(opened["claim"].drop_null().to_numpy(), minlength=len(contents.claims))
    count = len(contents.errors)
    moment = pa.repeat(pa.scalar(at, pa.timestamp("us", tz="UTC")), count)
    closed = pc.not_equal(contents.errors["state"], "open")
    errors = contents.errors.append_column("created_at", moment)
    errors = errors.append_column("closed_at", pc.if_else(closed, moment, pa.scalar(None, moment.type)))
    errors = errors.append_column("close_reason", pc.if_else(closed, "By the system.", ""))
    return DepositContents(
        claims=contents.claims.append_column("open_errors", pa.array(of_claims)),
        lines=contents.lines,
        adjustments=contents.adjustments,
        provider_adjustments=contents.provider_adjustments,
        errors=errors,
    )


def _per_deposit(opened: pa.Table, count: int) -> tuple[np.ndarray, np.ndarray]:
    owner = opened["remittance_no"].to_numpy()
    critical = pc.equal(opened["severity"], Severity.CRITICAL.value).to_numpy()
    return np.bincount(owner, minlength=count), np.bincount(owner[critical], minlength=count)


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
