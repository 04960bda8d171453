"""Verify posting data, Send to Posting (spec deposits 2, 4.3, 5): the dry run and the posting share one plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workbench.domain.deposit import (
    ClaimState,
    DepositAction,
    DepositStatus,
    DifferenceReason,
)
from workbench.domain.deposit_errors import ERROR_KINDS, error_key
from workbench.domain.deposit_work import DepositWork
from workbench.domain.findings import Level
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.domain.posting import ClaimStatus, CreditSetting, TransactionKind
from workbench.domain.posting_entry import Entry
from workbench.errors import RefusedError
from workbench.reconcile.claim_errors import FoundError
from workbench.reconcile.header import Header, why_not_tied_out
from workbench.services.deposit_desk.deposit_money import missing_deposit_money
from workbench.services.deposit_desk.desk import (
    closed_through,
    header_now,
    mark_disbursed,
    open_deposit,
    posting_day,
    work_on,
)
from workbench.services.deposit_desk.large import no_search_for_cycles
from workbench.services.deposit_desk.planning import (
    CREDIT_SETTING,
    CREDIT_STATUS,
    POSTING_CODES,
    PlannedClaim,
    planned,
)
from workbench.services.deposit_desk.refreshing import keep_errors
from workbench.storage import Database, Stores
from workbench.storage.clock import now
from workbench.storage.stores.ledger import NewTransaction


class DifferenceError(RefusedError):
    """The deposit does not tie out: ask, then send with a `DifferenceReason`. `header` has the figures."""

    def __init__(self, question: str, header: Header) -> None:
        super().__init__(question)
        self.header = header


@dataclass(frozen=True, slots=True)
class DryRunClaim:
    """What one claim would post. `problems`: why it does not (code, words)."""

    deposit_claim_id: int
    claim_no: int
    claim_id: int | None
    pcn: str
    open_before_cents: int
    open_after_cents: int
    paid_cents: int
    written_off_cents: int
    next_status: str
    next_level: str
    entries: tuple[Entry, ...]
    problems: tuple[tuple[str, str], ...]
    why: Mapping[int, str]

    def why_of(self, entry: Entry) -> str:
        """The rule behind an entry that comes from an adjustment."""
        return "" if entry.adjustment_id is None else self.why.get(entry.adjustment_id, "")


@dataclass(frozen=True, slots=True)
class DryRun:
    """The whole deposit. `question`: what Send to Posting will ask, None when the deposit ties out."""

    deposit_id: int
    header: Header
    question: str | None
    claims: tuple[DryRunClaim, ...]

    @property
    def posting(self) -> int:
        return sum(not claim.problems for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of Send to Posting. `status` stays New when no claim posted (spec 2.1, DECIDED)."""

    deposit_id: int
    status: DepositStatus
    posted: int
    failed: int
    posted_on: date


class Posting:
    """Turns the claims of a deposit into ledger entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @no_search_for_cycles()
    def verify(self, actor: Actor, deposit_id: int) -> DryRun:
        """The dry run: each ledger entry, the rule, balances before and after. Nothing is written."""
        with self._database.reading() as stores:
            deposit = open_deposit(stores, actor, deposit_id)
            header = header_now(stores, deposit)
            plan = sorted(planned(stores, deposit), key=lambda one: one.claim.claim_no)
            question = why_not_tied_out(header)
            return DryRun(deposit_id, header, question, tuple(_shown(one) for one in plan))

    @no_search_for_cycles()
    def send(
        self,
        actor: Actor,
        deposit_id: int,
        *,
        difference: DifferenceReason | None = None,
        note: str = "",
        post_on: date | None = None,
    ) -> Sent:
        """Posts every claim that can be posted; sends the failed ones of a sent deposit again.

        Raises RefusedError (critical errors, nothing to post, a closed period) and DifferenceError when the
        deposit does not tie out and no `difference` says why; the rest is then booked to Unapplied.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.SEND)
            day = _day(stores, deposit, post_on)
            header = header_now(stores, deposit)
            question = why_not_tied_out(header)
            if question and difference is None and not deposit.difference_reason:
                raise DifferenceError(question, header)
            stores.deposit_work.lock_our_claims(stores.deposit_work.our_claim_ids(deposit_id))
            plan = planned(stores, deposit)
            posting = [one for one in plan if one.posts]
            reason = _reason(deposit, difference, note) if question else ""
            if posting:
                _book(stores, actor, deposit, posting, header, day, reason)
            _keep_outcome(stores, deposit, plan)
            status = _finish(stores, actor, deposit, posting, reason)
            sent = Sent(deposit_id, status, len(posting), len(plan) - len(posting), day)
            stores.audit.add(
                actor,
                "deposit.send",
                "deposit",
                deposit_id,
                practice_id=deposit.practice_id,
                before={"status": deposit.status.value},
                after={"status": status.value, "posted": sent.posted, "failed": sent.failed},
                reason=reason,
            )
        return sent


def _day(stores: Stores, deposit: DepositWork, post_on: date | None) -> date:
    closed = closed_through(stores)
    if post_on is not None and closed is not None and post_on <= closed:
        raise RefusedError(f"The books are closed through {closed}. Post on a later day.")
    return post_on or posting_day(stores, deposit.practice_id)


def _reason(deposit: DepositWork, difference: DifferenceReason | None, note: str) -> str:
    if difference is None:
        return deposit.difference_reason
    return f"{difference.value}: {note.strip()}" if note.strip() else difference.value


def _book(
    stores: Stores,
    actor: Actor,
    deposit: DepositWork,
    posting: Sequence[PlannedClaim],
    header: Header,
    day: date,
    reason: str,
) -> None:
    transactions = [
        NewTransaction(
            kind=TransactionKind.CLAIM,
            deposit_id=deposit.id,
            entries=one.posting.entries,
            deposit_claim_id=one.claim.id,
            claim_id=one.claim.claim_id,
            payer_id=one.claim.payer_id,
            payer_claim_no=one.claim.payer_claim_no,
            negates_id=one.posting.negates_transaction_id,
        )
        for one in posting
    ]
    transactions += missing_deposit_money(stores, deposit, header, reason)
    stores.ledger.book(transactions, posted_on=day, user_id=actor.user_id)
    stores.deposit_edits.set_our_claims([row for one in posting if (row := _turned(stores, one))])


def _turned(stores: Stores, one: PlannedClaim) -> dict[str, object] | None:
    """Row of our claim's new status and level."""
    if one.claim.ours is None or (one.turn.status is None and one.turn.level is None):
        return None
    status = one.turn.status.value if one.turn.status else one.claim.ours.status
    if one.turn.status is ClaimStatus.REFUND:
        status = stores.office.company_setting(CREDIT_STATUS, ClaimStatus.REFUND.value)
    level = one.turn.level.value if one.turn.level else one.claim.ours.level
    return {"id": one.claim.ours.id, "status": status, "level": level}


def _keep_outcome(stores: Stores, deposit: DepositWork, plan: Sequence[PlannedClaim]) -> None:
    """States of the claims, and the posting errors: those of posted claims are settled, the others stand."""
    stores.deposit_edits.set_state([one.claim.id for one in plan if one.posts], ClaimState.POSTED)
    stores.deposit_edits.set_state([one.claim.id for one in plan if not one.posts], ClaimState.ERROR)
    setting = CreditSetting(stores.office.company_setting(CREDIT_SETTING, CreditSetting.NONE.value))
    found = [error for one in plan for error in one.found]
    if setting.makes_error:
        found += [_credit(one) for one in plan if one.posts and one.posting.open_after_cents < 0]
    codes = POSTING_CODES | {"CREDIT_CREATED"}
    keep_errors(stores, deposit.id, found, codes, [one.claim.id for one in plan])
    stores.deposit_errors.recount(deposit.id)


def _credit(one: PlannedClaim) -> FoundError:
    return FoundError(
        code="CREDIT_CREATED",
        level=Level.CLAIM,
        severity=ERROR_KINDS["CREDIT_CREATED"].severity,
        message=f"After posting the claim has a credit of {format_dollars(-one.posting.open_after_cents)}.",
        key=error_key("CREDIT_CREATED", one.claim.claim_no, None, one.claim.segment),
        deposit_claim_id=one.claim.id,
        segment=one.claim.segment,
    )


def _finish(
    stores: Stores, actor: Actor, deposit: DepositWork, posting: Sequence[PlannedClaim], reason: str
) -> DepositStatus:
    """New until the first claim has posted; then the sender owns the deposit (spec 8 row 26)."""
    if not posting:
        return deposit.status
    values: dict[str, object] = {
        "status": DepositStatus.SENT_TO_POSTING.value,
        "sent_at": deposit.sent_at or now(),
        "owner_id": actor.user_id,
        "difference_reason": reason,
    }
    stores.deposit_edits.set_status(deposit.id, values)
    mark_disbursed(stores, deposit.id)
    return DepositStatus.SENT_TO_POSTING


def _shown(one: PlannedClaim) -> DryRunClaim:
    ours = one.claim.ours
    return DryRunClaim(
        deposit_claim_id=one.claim.id,
        claim_no=one.claim.claim_no,
        claim_id=one.claim.claim_id,
        pcn=one.claim.pcn,
        open_before_cents=one.posting.open_before_cents,
        open_after_cents=one.posting.open_after_cents,
        paid_cents=one.posting.paid_cents,
        written_off_cents=one.posting.written_off_cents,
        next_status=one.turn.status.value if one.turn.status else (ours.status if ours else ""),
        next_level=one.turn.level.value if one.turn.level else (ours.level if ours else ""),
        entries=one.posting.entries,
        problems=tuple((problem.code, problem.message) for problem in one.problems),
        why=one.why,
    )
