"""What every change at the deposit desk ends with: totals, header, errors and, of a sent deposit, the booked money."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from workbench.domain.deposit import DepositStatus, DepositType, Disposition
from workbench.domain.deposit_errors import ERROR_KINDS, error_key
from workbench.domain.deposit_work import DepositWork
from workbench.domain.findings import Level
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.reconcile.claim_errors import CLAIM_CODES, FoundError, errors_of_claim
from workbench.reconcile.claim_totals import claim_totals
from workbench.reconcile.error_merge import StoredError, merge_errors
from workbench.services.deposit_desk.deposit_money import missing_deposit_money
from workbench.services.deposit_desk.desk import EVERY_STATE, header_now, mark_disbursed, posting_day
from workbench.services.deposit_desk.severities import as_chosen
from workbench.storage import Stores

DEPOSIT_CODES = frozenset({"PROVIDER_ADJUSTMENT", "PAYER_MISMATCH", "PAYEE_NOT_OURS"})


def refresh(stores: Stores, actor: Actor, deposit_id: int, only: Collection[int] | None = None) -> None:
    """Brings totals, header, errors and the books up to date after an edit of some (`only`) or all claims.

    Idempotent: doing it twice gives the same rows.
    """
    deposit = stores.deposit_work.deposit(deposit_id)
    if deposit is None:
        return
    claims = stores.deposit_work.claims(deposit_id, only)
    stores.deposit_edits.save_line_gaps([claim.id for claim in claims])
    stores.deposit_edits.save_totals({claim.id: asdict(claim_totals(claim)) for claim in claims})
    stores.deposit_edits.set_deposit(deposit_id, stores.deposit_edits.header_sums(deposit_id))
    found = [error for claim in claims for error in errors_of_claim(claim, deposit.type)]
    keep_errors(stores, deposit_id, found, CLAIM_CODES, [claim.id for claim in claims])
    keep_errors(stores, deposit_id, list(_deposit_errors(stores, deposit)), DEPOSIT_CODES, None)
    stores.deposit_errors.recount(deposit_id)
    if deposit.status is DepositStatus.SENT_TO_POSTING:
        _book_deposit_money(stores, actor, deposit)
    mark_disbursed(stores, deposit_id)


def _book_deposit_money(stores: Stores, actor: Actor, deposit: DepositWork) -> None:
    """What an edit after sending did to the money that goes to no claim."""
    missing = missing_deposit_money(stores, deposit, header_now(stores, deposit), deposit.difference_reason)
    day = posting_day(stores, deposit.practice_id)
    stores.ledger.book(missing, posted_on=day, user_id=actor.user_id)


def keep_errors(
    stores: Stores,
    deposit_id: int,
    found: Sequence[FoundError],
    codes: Collection[str],
    only: Collection[int] | None,
) -> None:
    """Merges computed errors with the stored ones. `only`: the claims they are of; None: the deposit's own."""
    found = as_chosen(stores, found)
    rows = stores.deposit_errors.by_key(deposit_id, only)
    stored = {
        key: StoredError(row.id, row.code, row.state, row.message, row.context) for key, row in rows.items()
    }
    merge = merge_errors(stored, found, codes)
    stores.deposit_errors.add([_error_row(deposit_id, error) for error in merge.add])
    stores.deposit_errors.reopen([number for number, _ in merge.reopen])
    facts = {number: (error.message, error.context) for number, error in (*merge.reopen, *merge.reword)}
    stores.deposit_errors.reword(facts)
    known = ((rows[error.key], error.severity.value) for error in found if error.key in rows)
    stores.deposit_errors.regrade({row.id: grade for row, grade in known if row.severity != grade})
    stores.deposit_errors.close(merge.settle, "auto_resolved", None, "no longer so")


def _error_row(deposit_id: int, error: FoundError) -> dict[str, object]:
    return {
        "deposit_id": deposit_id,
        "deposit_claim_id": error.deposit_claim_id,
        "deposit_line_id": error.deposit_line_id,
        "code": error.code,
        "level": error.level.value,
        "severity": error.severity.value,
        "message": error.message,
        "context_json": json.dumps(error.context),
        "segment": error.segment,
        "key": error.key,
    }


def _deposit_errors(stores: Stores, deposit: DepositWork) -> Iterator[FoundError]:
    whose = ("PAYER_MISMATCH", "PAYEE_NOT_OURS")
    known = stores.deposit_errors.of_deposit(deposit.id, states=EVERY_STATE, codes=whose)
    keys = {row.code: row.key for row in known}
    if deposit.payer_id is None and deposit.type in (DepositType.ERA, DepositType.EOB):
        text = "None of our payers has the identifiers of this remittance."
        yield _of_deposit("PAYER_MISMATCH", text, keys.get("PAYER_MISMATCH"))
    if deposit.practice_id is None:
        text = "The payee of this remittance is none of our practices."
        yield _of_deposit("PAYEE_NOT_OURS", text, keys.get("PAYEE_NOT_OURS"))
    for row in stores.deposit_work.provider_adjustments(deposit.id):
        if row.disposition is Disposition.UNRESOLVED:
            text = f"PLB {row.reason} {row.reference} of {format_dollars(row.amount_cents)}: say what to do with it."
            key = error_key("PROVIDER_ADJUSTMENT", None, row.position, row.segment)
            place = {"position": row.position, "amount_cents": row.amount_cents}
            yield _of_deposit("PROVIDER_ADJUSTMENT", text, key, row.segment, place)


def _of_deposit(
    code: str,
    message: str,
    key: str | None = None,
    segment: int | None = None,
    context: Mapping[str, Any] | None = None,
) -> FoundError:
    return FoundError(
        code,
        Level.DEPOSIT,
        ERROR_KINDS[code].severity,
        message,
        key or error_key(code),
        segment=segment,
        context=dict(context or {}),
    )
