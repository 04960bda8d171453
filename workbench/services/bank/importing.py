"""Bank files in: exactly once, in one transaction, with what does not add up said."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.bank.identity import line_keys
from workbench.bank.profile import ColumnProfile
from workbench.bank.reader import UnknownColumnsError, read_bank_file
from workbench.bank.statement import BankFile, BankFileError, Statement, finding, prove
from workbench.domain.bank import BankLine, BankLineState, names_card, payer_key, read_traces
from workbench.domain.bank_desk import BankAccount, BankImportOutcome
from workbench.domain.findings import Finding, Severity
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.domain.permissions import Permission
from workbench.errors import NotFoundError
from workbench.services.bank.desk import account_of, accounts_of, spoken
from workbench.storage import ConflictError, Database, Stores
from workbench.storage.stores.office import Named

# Each attempt fails only when somebody else's import of the same lines got in between.
ATTEMPTS = 5
_NOT_THEIRS = "The account of this file is not one of your practices'. Give the file to your supervisor."


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A file as read, before it meets what is stored."""

    name: str
    sha256: str
    size: int
    file: BankFile
    keys: list[str]
    twins: list[Finding]


class BankImport:
    """Takes bank files in. The same content, or the same lines in other files, are stored once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def import_file(self, actor: Actor, name: str, data: bytes) -> BankImportOutcome:
        """Reads a BAI2, CAMT, OFX, CSV or XLSX file and stores its new lines.

        new: at least one line was new. duplicate: all was here. doubtful: stored, but something critical does
        not add up. rejected: nothing can be read. Nothing in a file raises an exception.

        Raises NotPermittedError, and NotFoundError for an account of a practice that is not the person's.
        """
        actor.require(Permission.BANK_IMPORT)
        sha256 = hashlib.sha256(data).hexdigest()
        with self._database.reading() as stores:
            profiles = [ColumnProfile.from_json(values) for values in stores.bank_files.profiles()]
            if stores.bank_files.file_id(sha256) is not None:
                return _again(name, sha256)
        try:
            file = read_bank_file(data, profiles=profiles)
        except BankFileError as problem:
            return _rejected(name, sha256, problem)
        incoming = _Incoming(name, sha256, len(data), file, *line_keys(file.lines))
        for _ in range(ATTEMPTS - 1):
            try:
                return self._store(actor, incoming)
            except ConflictError:
                continue
        try:
            return self._store(actor, incoming)
        except ConflictError:  # five times over: it is not a race, but something that the person does not see
            raise NotFoundError(_NOT_THEIRS) from None

    def _store(self, actor: Actor, incoming: _Incoming) -> BankImportOutcome:
        with self._database.transaction() as stores:
            if stores.bank_files.file_id(incoming.sha256) is not None:
                return _again(incoming.name, incoming.sha256)
            findings = [*incoming.file.findings, *incoming.twins]
            accounts = _accounts(stores, actor, incoming.file, findings)
            proven = [
                _proof(stores, accounts, incoming.file, number, findings) for number in range(len(accounts))
            ]
            known = stores.bank_files.known_keys(incoming.keys)
            fresh = [
                (line, key)
                for line, key in zip(incoming.file.lines, incoming.keys, strict=True)
                if key not in known
            ]
            findings.extend(_about_known(stores, accounts, incoming.file, len(fresh)))
            file_id = stores.bank_files.add_file(_file_row(incoming, actor, len(fresh), findings))
            _add_statements(stores, accounts, incoming.file, proven, file_id)
            rows = [_line_row(line, key, accounts[line.statement_no], file_id) for line, key in fresh]
            findings.extend(_hold_late_lines(stores, rows))
            stores.bank_files.add_lines(rows)
            outcome = _outcome(incoming, len(fresh), file_id, findings, accounts)
            after = {"outcome": outcome.outcome, "lines": outcome.lines, "new_lines": outcome.new_lines}
            stores.audit.add(actor, "bank.import", "bank_file", file_id, after=after)
        return outcome

    @staticmethod
    def suggested_profile(data: bytes) -> ColumnProfile | None:
        """What the columns of a new CSV or XLSX seem to mean, for a person to look over; None for anything else."""
        try:
            read_bank_file(data)
        except UnknownColumnsError as unknown:
            return unknown.suggestion
        except BankFileError:
            return None
        return None

    def profiles(self, actor: Actor) -> list[ColumnProfile]:
        """The saved column profiles."""
        actor.require(Permission.BANK_VIEW)
        with self._database.reading() as stores:
            return [ColumnProfile.from_json(values) for values in stores.bank_files.profiles()]

    def save_profile(self, actor: Actor, profile: ColumnProfile) -> None:
        """Saves what the columns of a bank's table mean, for every later file with these headings."""
        actor.require(Permission.BANK_IMPORT)
        with self._database.transaction() as stores:
            row_id = stores.bank_files.save_profile(profile.name, profile.as_json())
            stores.audit.add(actor, "bank.profile", "bank_column_profile", row_id, after=profile.as_json())

    def accounts(self, actor: Actor) -> list[BankAccount]:
        """The bank accounts that the person sees."""
        actor.require(Permission.BANK_VIEW)
        with self._database.reading() as stores:
            return accounts_of(stores, actor)

    def practices(self, actor: Actor) -> list[Named]:
        """The practices that an account may be given to."""
        actor.require(Permission.BANK_VIEW)
        with self._database.reading() as stores:
            return [practice for practice in stores.office.practices() if actor.sees(practice.id)]

    def assign_account(self, actor: Actor, account_id: int, name: str, practice_id: int | None) -> None:
        """Names an account, and says whose it is; None when practices share it."""
        actor.require(Permission.SETUP)
        with self._database.transaction() as stores:
            before = account_of(stores, actor, account_id)
            actor.require_sight(practice_id, "The practice")
            stores.bank_files.assign_account(account_id, name, practice_id)
            stores.audit.add(
                actor,
                "bank.account",
                "bank_account",
                account_id,
                practice_id=practice_id,
                before={"name": before.name, "practice_id": before.practice_id},
                after={"name": name, "practice_id": practice_id},
            )


def _again(name: str, sha256: str) -> BankImportOutcome:
    seen = finding("BANK_FILE_SEEN", Severity.WARNING, "This file was imported before. Nothing was stored.")
    return BankImportOutcome(name, sha256, "duplicate", "", (seen,))


def _rejected(name: str, sha256: str, problem: BankFileError) -> BankImportOutcome:
    context: dict[str, Any] = {}
    if isinstance(problem, UnknownColumnsError):
        context["headings"] = list(problem.headings)
        context["suggestion"] = problem.suggestion.as_json() if problem.suggestion else None
    refused = finding("BANK_FILE_UNREADABLE", Severity.CRITICAL, str(problem), **context)
    return BankImportOutcome(name, sha256, "rejected", "", (refused,))


def _accounts(stores: Stores, actor: Actor, file: BankFile, findings: list[Finding]) -> list[BankAccount]:
    """The account of each statement; one that is new here is added, for somebody to say whose it is."""
    found = []
    for statement in file.statements:
        account = stores.bank_files.account(statement.account)
        if account is None:
            only = next(iter(actor.practice_ids)) if len(actor.practice_ids) == 1 else None
            if not actor.sees(only):
                raise NotFoundError(_NOT_THEIRS)
            account_id = stores.bank_files.add_account(statement.account, statement.bank, only)
            account = BankAccount(account_id, statement.account, statement.bank, only)
            findings.append(
                finding(
                    "BANK_ACCOUNT_NEW",
                    Severity.WARNING,
                    f"Account {statement.account} is new here. Say which practice it belongs to.",
                )
            )
        else:
            actor.require_sight(account.practice_id, "The account of this file")
        found.append(account)
    return found


def _proof(
    stores: Stores, accounts: Sequence[BankAccount], file: BankFile, number: int, findings: list[Finding]
) -> bool:
    """Whether the balances of a statement and its lines agree, and follow on the statement before."""
    statement = file.statements[number]
    lines = [line for line in file.lines if line.statement_no == number]
    if statement.from_date is None:
        return prove(statement, lines) is None
    before = stores.bank_files.closing_before(accounts[number].id, statement.from_date)
    if before is None:
        return prove(statement, lines) is None
    expected = before[1] + stores.bank_files.moved_between(
        accounts[number].id, before[0], statement.from_date
    )
    if statement.opening_cents is None and statement.closing_cents is not None:
        return _proof_by_the_last(statement, expected, lines, findings)
    if statement.opening_cents not in (None, expected):
        findings.append(
            finding(
                "BANK_BALANCE_GAP",
                Severity.CRITICAL,
                f"Account {statement.account} opens with {format_dollars(statement.opening_cents or 0)}, but stood at "
                f"{format_dollars(expected)} after {spoken(before[0])}: a statement between them is missing.",
                opening_cents=statement.opening_cents,
                expected_cents=expected,
            )
        )
        return False
    return prove(statement, lines) is None


def _proof_by_the_last(
    statement: Statement, opening_cents: int, lines: list[BankLine], findings: list[Finding]
) -> bool:
    """A file without opening balance (OFX): the closing of the statement before takes its place."""
    moved = sum(line.amount_cents for line in lines)
    difference = (statement.closing_cents or 0) - opening_cents - moved
    if difference:
        findings.append(
            finding(
                "BANK_BALANCE",
                Severity.CRITICAL,
                f"Account {statement.account}: {format_dollars(opening_cents)} before plus lines {format_dollars(moved)} "
                f"is not closing {format_dollars(statement.closing_cents or 0)}.",
                difference_cents=difference,
            )
        )
    return difference == 0


def _about_known(
    stores: Stores, accounts: Sequence[BankAccount], file: BankFile, fresh: int
) -> list[Finding]:
    said = []
    if known := len(file.lines) - fresh:
        said.append(
            finding(
                "BANK_LINE_SEEN",
                Severity.WARNING,
                f"{known} of {len(file.lines)} lines came in an earlier file; they were not stored again.",
                known=known,
            )
        )
    for number, account in enumerate(accounts):
        days = [line.posted_date for line in file.lines if line.statement_no == number]
        if days and fresh and stores.bank_files.kinds_of_days(account.id, days) - {file.kind}:
            said.append(
                finding(
                    "BANK_OTHER_FORMAT",
                    Severity.WARNING,
                    f"Lines of account {account.number} for these days also came in another file format: "
                    "look for the same movement stored under two references.",
                )
            )
    return said


def _file_row(incoming: _Incoming, actor: Actor, fresh: int, findings: list[Finding]) -> dict[str, Any]:
    said = [{"code": each.code, "severity": each.severity, "message": each.message} for each in findings]
    return {
        "sha256": incoming.sha256,
        "name": incoming.name,
        "kind": incoming.file.kind,
        "size": incoming.size,
        "lines": len(incoming.file.lines),
        "new_lines": fresh,
        "findings_json": json.dumps(said),
        "user_id": actor.user_id,
    }


def _add_statements(
    stores: Stores, accounts: Sequence[BankAccount], file: BankFile, proven: list[bool], file_id: int
) -> None:
    for number, statement in enumerate(file.statements):
        stores.bank_files.add_statement(
            {
                "bank_file_id": file_id,
                "account_id": accounts[number].id,
                "from_date": statement.from_date,
                "to_date": statement.to_date,
                "opening_cents": statement.opening_cents,
                "closing_cents": statement.closing_cents,
                "proven": proven[number],
            }
        )


def _line_row(line: BankLine, key: str, account: BankAccount, file_id: int) -> dict[str, Any]:
    traces = read_traces(line.description)
    # Several traces in one line are several payments: none of them stands for the whole amount.
    trace = traces[0] if len(set(traces)) == 1 else None
    originator = trace.originator if trace else ""
    card = names_card(line.type_code, line.description)
    return {
        "account_id": account.id,
        "bank_file_id": file_id,
        "record": line.record,
        "posted_date": line.posted_date,
        "value_date": line.value_date,
        "amount_cents": line.amount_cents,
        "currency": line.currency,
        "type_code": line.type_code,
        "bank_reference": line.bank_reference,
        "customer_reference": line.customer_reference,
        "description": line.description,
        "trace": trace.number if trace else "",
        "trace_originator": originator,
        "payer_key": "" if card else payer_key(line.description, originator),
        "is_card": card,
        "line_key": key,
        "state": BankLineState.UNMATCHED.value,
        "reason": "",
    }


def _hold_late_lines(stores: Stores, rows: list[dict[str, Any]]) -> list[Finding]:
    """Lines of a locked day are kept, but somebody must look: the signed figures no longer hold."""
    locked = stores.bank_days.locked({row["account_id"] for row in rows})
    late = [row for row in rows if (row["account_id"], row["posted_date"]) in locked]
    for row in late:
        row["state"] = BankLineState.TO_CHECK.value
        row["reason"] = "Came after its day was locked."
    if not late:
        return []
    days = ", ".join(sorted({spoken(row["posted_date"]) for row in late}))
    return [
        finding(
            "BANK_DAY_LOCKED",
            Severity.CRITICAL,
            f"{len(late)} new lines belong to days that are locked ({days}). Reopen them and tie out again.",
        )
    ]


def _outcome(
    incoming: _Incoming, fresh: int, file_id: int, findings: list[Finding], accounts: Sequence[BankAccount]
) -> BankImportOutcome:
    lines = incoming.file.lines
    doubtful = any(each.severity is Severity.CRITICAL for each in findings)
    seen_before = bool(lines) and not fresh
    return BankImportOutcome(
        file_name=incoming.name,
        sha256=incoming.sha256,
        outcome="duplicate" if seen_before else "doubtful" if doubtful else "new",
        kind=incoming.file.kind,
        findings=tuple(findings),
        file_id=file_id,
        lines=len(lines),
        new_lines=fresh,
        accounts=tuple(dict.fromkeys(account.number for account in accounts)),
        credits_cents=sum(line.amount_cents for line in lines if line.amount_cents > 0),
        debits_cents=sum(line.amount_cents for line in lines if line.amount_cents < 0),
    )
