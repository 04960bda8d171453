"""Everything about a file that can be worked out before the store is locked for it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.domain.codes import CodeBook, CodeList
from workbench.domain.deposit import Disposition
from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.money import format_cents
from workbench.domain.posting_rule import Unlisted
from workbench.era import EraFile
from workbench.era.findings import UNREADABLE_AMOUNT
from workbench.reconcile.balancing import balance
from workbench.reconcile.effects import settle
from workbench.reconcile.file_checks import check_file
from workbench.reconcile.rules import RuleBook
from workbench.reconcile.ruling import rule_on
from workbench.services.remittance_import import identity
from workbench.services.remittance_import.checks import Worked, check_claims_and_lines
from workbench.services.remittance_import.duplicates import Payment
from workbench.services.remittance_import.errors import ErrorBook
from workbench.services.remittance_import.matching import OurClaim, OurLine, match
from workbench.services.remittance_import.parties import Parties
from workbench.services.remittance_import.rows import FileRows, file_rows, places
from workbench.storage import Stores
from workbench.storage.stores.imports import Interchange

_CODES = CodeBook()
# Each error becomes a row that a person closes: none is only counted.
EVERY_ONE = sys.maxsize


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file ready to be stored: one entry per transaction in each sequence."""

    file: EraFile
    remittances: Sequence[dict[str, Any]]
    practices: Sequence[int | None]
    payers: Sequence[int | None]
    payments: Sequence[Payment]
    interchanges: Sequence[Interchange]
    worked: Worked
    book: ErrorBook

    @property
    def rows(self) -> FileRows:
        return self.worked.rows


def prepare(file: EraFile, stores: Stores) -> Prepared:
    """Matches with what the office knows, totals, and finds all errors but those of duplicates."""
    remittances = file.remittances.to_pylist()
    parties = Parties(stores.office.practice_identifiers(), stores.office.payer_identifiers())
    practices = [parties.practice_of(row) for row in remittances]
    payers = [parties.payer_of(row) for row in remittances]
    ours = our_claims(file, practices, stores)
    matches = match(file.claims, file.service_lines, practices, payers, ours)
    ruled = rule_on(_rule_book(stores), file.claims, file.service_lines, file.adjustments, payers)
    settled = settle(file.claims, file.service_lines, file.adjustments, ruled.effects)
    balanced = balance(
        file.remittances,
        file.claims,
        file.service_lines,
        file.adjustments,
        file.provider_adjustments,
        limit=EVERY_ONE,
    )
    at = places(file)
    rows = file_rows(file, ruled, settled, balanced, matches, payers, stores.rules.era_amounts(), at)
    worked = Worked(file, ruled, balanced, matches, rows)
    book = ErrorBook(at)
    check_claims_and_lines(worked, book)
    _check_headers(worked, remittances, practices, payers, book)
    book.findings(_of_transactions(file))
    book.findings(balanced.findings)
    book.findings(
        check_file(file.remittances, file.claims, file.adjustments, balanced.claims, limit=EVERY_ONE)
    )
    payments = [
        Payment(each, practice, payer, identity.payer_identifier(row), row["trace_number"] or "",
                row["amount_cents"] or 0, _days(row))
        for each, row, practice, payer in zip(
            identity.identities(remittances), remittances, practices, payers, strict=True
        )
    ]  # fmt: skip
    return Prepared(file, remittances, practices, payers, payments, identity.interchanges(file), worked, book)


def _days(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple({day for day in (row["production_date"], row["effective_date"]) if day})


def _rule_book(stores: Stores) -> RuleBook:
    """The office's rules before the shipped ones."""
    unlisted = Unlisted(stores.office.company_setting("unlisted_code", Unlisted.BLOCK.value))
    return RuleBook(stores.rules.all(), unlisted)


def our_claims(
    file: EraFile, practices: Sequence[int | None], stores: Stores
) -> dict[tuple[int, str], list[OurClaim]]:
    """Our claims that the file may speak of, by practice and patient control number, with lines and payers."""
    found: dict[tuple[int, str], list[OurClaim]] = {}
    by_id: dict[int, OurClaim] = {}
    for practice in {practice for practice in practices if practice is not None}:
        if not stores.remittances.has_claims(practice):
            continue
        pcns = file.claims["pcn"].drop_null().unique().to_pylist()
        for row in stores.remittances.claims_numbered(practice, pcns):
            claim = OurClaim(**row)
            by_id[claim.id] = claim
            found.setdefault((practice, claim.pcn), []).append(claim)
    if by_id:
        for line in stores.remittances.lines_of_claims(by_id.keys()):
            by_id[line.pop("claim_id")].lines.append(OurLine(**line))
        for claim_id, payer_id, level in stores.remittances.payers_of_claims(by_id.keys()):
            by_id[claim_id].payer_levels[payer_id] = level
    return found


def _of_transactions(file: EraFile) -> list[Finding]:
    """The reader's findings, those about the envelope given to each transaction of the file."""
    findings = [finding for finding in file.findings if not _is_said_of_every_one(finding)]
    everywhere = [
        finding
        for finding in findings
        if finding.remittance_no is None and finding.severity is Severity.CRITICAL
    ]
    return [finding for finding in findings if finding.remittance_no is not None] + [
        Finding(
            each.code, each.severity, Level.DEPOSIT, each.message, each.segment, number, context=each.context
        )
        for each in everywhere
        for number in range(len(file.remittances))
    ]


def _is_said_of_every_one(finding: Finding) -> bool:
    """The reader spells out the first of its findings; which amounts of claims are missing, `checks` says of all."""
    of_claim = finding.code == UNREADABLE_AMOUNT and finding.claim_no is not None
    return of_claim and finding.severity is Severity.BLOCKING


def _check_headers(
    worked: Worked,
    remittances: Sequence[dict[str, Any]],
    practices: Sequence[int | None],
    payers: Sequence[int | None],
    book: ErrorBook,
) -> None:
    for number, row in enumerate(remittances):
        segment = row["segment"]
        if practices[number] is None:
            message = "The payee's NPI and tax id are none of ours."
            book.deposit("PAYEE_NOT_OURS", number, message, segment=segment)
        if payers[number] is None:
            message = "None of the payer's identifiers is one of our payers."
            book.deposit("PAYER_MISMATCH", number, message, segment=segment)
    for row in worked.rows.provider_adjustments.to_pylist():
        meaning = _CODES.meaning(CodeList.PLB_REASON, row["reason"]) or "a reason we do not know"
        message = (
            f"{row['reason']} ({meaning}): {format_cents(row['amount_cents'])} is to be applied or reported."
        )
        book.deposit(
            "PROVIDER_ADJUSTMENT",
            row["remittance_no"],
            message,
            segment=row["segment"],
            ordinal=row["position"],
            state="auto_resolved" if row["disposition"] == Disposition.REPORT else "open",
            context={"position": row["position"], "amount_cents": row["amount_cents"]},
        )
