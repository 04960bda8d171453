"""Reset, Reverse one claim, Remove (spec deposits 2.1, 2.2, our changes): counter-entries, never deletion."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.deposit import (
    ClaimState,
    DepositAction,
    DepositStatus,
    DepositType,
    Disposition,
    why_not_reverse,
)
from workbench.domain.deposit_work import ClaimWork, DepositWork
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.posting import ClaimStatus, TransactionKind
from workbench.errors import NotFoundError, RefusedError
from workbench.reconcile.entries import negated
from workbench.services.deposit_desk.desk import mark_disbursed, open_deposit, posting_day, work_on
from workbench.services.deposit_desk.duplicates import refresh_duplicates
from workbench.services.deposit_desk.large import no_search_for_cycles
from workbench.services.deposit_desk.refreshing import refresh
from workbench.storage import Database, Stores
from workbench.storage.clock import now
from workbench.storage.stores.ledger import NewTransaction


@dataclass(frozen=True, slots=True)
class Undone:
    """What a Reset or Reverse took back, in cents as it had been booked."""

    claims: int
    paid_cents: int
    written_off_cents: int


class Undoing:
    """Takes back what was posted. Each act has a reason and stands in the audit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @no_search_for_cycles()
    def reset(self, actor: Actor, deposit_id: int, reason: str) -> Undone:
        """Everything posted is countered, payment data goes back to as received, the deposit is New again.

        On an EOB the lines stay and their amounts become 0. Attached claims, mapped lines and exclusions stay.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESET, reason)
            claims = [
                claim
                for claim in stores.deposit_work.claims(deposit_id)
                if claim.state not in (ClaimState.EXCLUDED, ClaimState.PENDING)
            ]
            live = stores.ledger.live_transactions(deposit_id)
            undone = _counter(stores, actor, deposit, live, reason)
            _open_again(stores, [claim for claim in claims if claim.state is ClaimState.POSTED])
            stores.deposit_edits.set_state([claim.id for claim in claims], ClaimState.PENDING)
            stores.deposit_edits.reset_to_received(deposit_id, zero=deposit.type is DepositType.EOB)
            for row in stores.deposit_work.provider_adjustments(deposit_id):
                stores.deposit_edits.set_allocations(row.id, {})
                stores.deposit_edits.set_disposition(row.id, Disposition.UNRESOLVED)
            values = {"status": DepositStatus.NEW.value, "sent_at": None, "difference_reason": ""}
            stores.deposit_edits.set_status(deposit_id, values)
            _ask_again_for_unreadable(stores, deposit_id)
            refresh(stores, actor, deposit_id)
            _audit(stores, actor, deposit, "deposit.reset", "deposit", deposit_id, undone, reason)
        return undone

    def reverse(self, actor: Actor, deposit_claim_id: int, reason: str) -> Undone:
        """Counters the posting of one claim, which may then be edited and sent again."""
        actor.require(Permission.DEPOSIT_REVERSE)
        if not reason.strip():
            raise RefusedError("Say why (Reverse).")
        with self._database.transaction() as stores:
            deposit_id = stores.deposit_work.deposit_of_claim(deposit_claim_id)
            if deposit_id is None:
                raise NotFoundError("The claim was not found.")
            deposit = open_deposit(stores, actor, deposit_id, lock=True)
            (claim,) = stores.deposit_work.claims(deposit_id, [deposit_claim_id])
            if text := why_not_reverse(claim.state):
                raise RefusedError(text)
            live = stores.ledger.live_transactions(deposit_id, [deposit_claim_id])
            undone = _counter(stores, actor, deposit, live, reason)
            _open_again(stores, [claim])
            stores.deposit_edits.set_state([deposit_claim_id], ClaimState.REVERSED)
            mark_disbursed(stores, deposit_id)
            _audit(stores, actor, deposit, "claim.reverse", "deposit_claim", deposit_claim_id, undone, reason)
        return undone

    def void(self, actor: Actor, deposit_id: int, reason: str) -> None:
        """Removes a deposit from work: it stays stored, with who, when and why (spec 2, our change (a))."""
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.VOID, reason)
            stores.deposit_edits.set_status(deposit_id, {"voided_at": now(), "void_reason": reason.strip()})
            refresh_duplicates(stores, deposit_id)
            _audit(stores, actor, deposit, "deposit.void", "deposit", deposit_id, Undone(0, 0, 0), reason)


def _counter(stores: Stores, actor: Actor, deposit: DepositWork, live: Sequence[int], reason: str) -> Undone:
    """Books the counter-entries of live transactions, today or on the first open day.

    Raises RefusedError when a reversal of the payer in another deposit builds on one of them.
    """
    taken_back = stores.ledger.negated_live(live)
    others = sorted(set(taken_back.values()) - {deposit.id})
    if others:
        numbers = ", ".join(map(str, others))
        raise RefusedError(
            f"Deposit {numbers} holds the payer's reversal of a payment of this one. Reset it first."
        )
    own = [number for number, by in taken_back.items() if by == deposit.id]
    if own and not _reversals_included(stores, live, own):
        raise RefusedError("This deposit holds the payer's reversal of this payment. Reverse that one first.")
    booked = stores.ledger.transactions(live)
    stores.deposit_work.lock_our_claims({one.claim_id for one in booked if one.claim_id is not None})
    counters = [
        NewTransaction(
            kind=TransactionKind.COUNTER,
            deposit_id=one.deposit_id,
            entries=negated(one.entries),
            deposit_claim_id=one.deposit_claim_id,
            claim_id=one.claim_id,
            payer_id=one.payer_id,
            payer_claim_no=one.payer_claim_no,
            reverses_id=number,
            reason=reason.strip(),
        )
        for number, one in zip(sorted(live), booked, strict=True)
    ]
    stores.ledger.book(counters, posted_on=posting_day(stores, deposit.practice_id), user_id=actor.user_id)
    return _summary(booked)


def _reversals_included(stores: Stores, live: Sequence[int], negated_ids: Sequence[int]) -> bool:
    """Whether the reversals that build on these postings are undone in the same act."""
    undoing = {one.negates_id for one in stores.ledger.transactions(live)}
    return set(negated_ids) <= undoing


def _summary(booked: Sequence[NewTransaction]) -> Undone:
    of_claims = [one for one in booked if one.kind is TransactionKind.CLAIM]
    amounts = [(entry.account.value, entry.amount_cents) for one in of_claims for entry in one.entries]
    return Undone(
        claims=len(of_claims),
        paid_cents=sum(cents for account, cents in amounts if account == "DEPOSIT"),
        written_off_cents=sum(cents for account, cents in amounts if account == "WRITE_OFF"),
    )


def _ask_again_for_unreadable(stores: Stores, deposit_id: int) -> None:
    """What a person had keyed for an amount that nobody could read is gone: its claim is stopped again."""
    rows = stores.deposit_errors.of_deposit(deposit_id, states=("resolved",), codes={"UNREADABLE_AMOUNT"})
    stores.deposit_errors.reopen([row.id for row in rows])


def _open_again(stores: Stores, claims: Sequence[ClaimWork]) -> None:
    """Our claims are no longer done: they wait on the payer whose posting was taken back."""
    rows = []
    for claim in claims:
        if claim.ours is None:
            continue
        level = next(
            (name for name, payer in claim.ours.payers.items() if payer == claim.payer_id), claim.ours.level
        )
        rows.append({"id": claim.ours.id, "status": ClaimStatus.WAITING_ON_PAYER.value, "level": level})
    stores.deposit_edits.set_our_claims(rows)


def _audit(
    stores: Stores,
    actor: Actor,
    deposit: DepositWork,
    action: str,
    subject: str,
    subject_id: int,
    undone: Undone,
    reason: str,
) -> None:
    stores.audit.add(
        actor,
        action,
        subject,
        subject_id,
        practice_id=deposit.practice_id,
        before={"status": deposit.status.value},
        after={
            "claims": undone.claims,
            "paid_cents": undone.paid_cents,
            "written_off_cents": undone.written_off_cents,
        },
        reason=reason.strip(),
    )
