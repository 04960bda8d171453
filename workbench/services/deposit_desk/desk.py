"""What every service of the deposit desk does first: see, and be allowed. And the days and figures all of them ask for."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from workbench.domain.deposit import (
    ACTIONS,
    ClaimState,
    DepositAction,
    DepositFacts,
    Disposition,
    PostingStatus,
    posting_status,
    why_claim_is_read_only,
    why_not,
)
from workbench.domain.deposit_work import ClaimWork, DepositWork
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.posting_rule import Unlisted
from workbench.errors import NotFoundError, RefusedError
from workbench.reconcile.header import Header
from workbench.reconcile.rules import RuleBook
from workbench.services.looks import Look
from workbench.storage import Stores
from workbench.storage.clock import now

EVERY_STATE = ("open", "resolved", "ignored", "auto_resolved")
POSTABLE = (ClaimState.PENDING, ClaimState.ERROR, ClaimState.REVERSED)
CLOSED_THROUGH = "closed_through"


def open_deposit(stores: Stores, actor: Actor, deposit_id: int, *, lock: bool = False) -> DepositWork:
    """The deposit, or NotFoundError when it is not there or not the person's to see.

    A look is audited; to `lock` it is to act on it, and the act is.
    """
    actor.require(Permission.DEPOSIT_VIEW)
    deposit = stores.deposit_work.deposit(deposit_id, lock=lock)
    if deposit is None:
        raise NotFoundError(f"Deposit {deposit_id} was not found.")
    actor.require_sight(deposit.practice_id, f"Deposit {deposit_id}")
    if not lock:
        Look("deposit.view", "deposit", deposit_id, deposit.practice_id).add(stores, actor)
    return deposit


def work_on(
    stores: Stores, actor: Actor, deposit_id: int, action: DepositAction, reason: str = ""
) -> DepositWork:
    """The deposit, locked for this transaction, when the person may do `action` with it now.

    Raises NotFoundError, NotPermittedError, or RefusedError with the text that the disabled button shows.
    """
    deposit = open_deposit(stores, actor, deposit_id, lock=True)
    rule = ACTIONS[action]
    actor.require(rule.permission)
    if text := why_not(action, facts_of(stores, deposit)):
        raise RefusedError(text)
    if rule.needs_reason and not reason.strip():
        raise RefusedError(f"Say why ({action.value}).")
    return deposit


def work_on_claim(stores: Stores, actor: Actor, deposit_claim_id: int) -> tuple[DepositWork, ClaimWork]:
    """A deposit claim that may be edited now, with its deposit locked for this transaction."""
    deposit_id = stores.deposit_work.deposit_of_claim(deposit_claim_id)
    if deposit_id is None:
        raise NotFoundError("The claim was not found.")
    deposit = work_on(stores, actor, deposit_id, DepositAction.CHANGE_CLAIMS)
    (claim,) = stores.deposit_work.claims(deposit_id, [deposit_claim_id])
    if text := why_claim_is_read_only(deposit.status, claim.state):
        raise RefusedError(text)
    return deposit, claim


def facts_of(stores: Stores, deposit: DepositWork) -> DepositFacts:
    """What the guards of the actions look at."""
    states = stores.deposit_edits.unposted(deposit.id)
    return DepositFacts(
        status=deposit.status,
        voided=deposit.voided_at is not None,
        open_critical_errors=stores.deposit_errors.open_critical(deposit.id),
        postable_claims=sum(states.get(state.value, 0) for state in POSTABLE),
        live_entries=stores.ledger.has_live(deposit.id),
    )


def header_now(stores: Stores, deposit: DepositWork) -> Header:
    """The header figures from the rows themselves."""
    sums = stores.deposit_edits.header_sums(deposit.id)
    return Header(
        deposit_cents=deposit.deposit_cents,
        payments_cents=sums["payments_cents"],
        adjustments_cents=sums["adjustments_cents"],
        information_cents=sums["information_cents"],
        exclusions_cents=sums["exclusions_cents"],
        reported_cents=sums["reported_cents"],
    )


def rule_book(stores: Stores) -> RuleBook:
    """The office's rules before the shipped ones."""
    unlisted = stores.office.company_setting("unlisted_code", Unlisted.BLOCK.value)
    return RuleBook(stores.rules.all(), Unlisted(unlisted))


def mark_disbursed(stores: Stores, deposit_id: int) -> None:
    """Sets or clears the moment since which everything of the deposit has its place (spec 2.3)."""
    deposit = stores.deposit_work.deposit(deposit_id)
    if deposit is None:
        return
    states = stores.deposit_edits.unposted(deposit_id)
    header = header_now(stores, deposit)
    plb = stores.deposit_work.provider_adjustments(deposit_id)
    status = posting_status(
        deposit.status,
        unposted_claims=sum(states.get(state.value, 0) for state in POSTABLE),
        unreconciled_cents=header.unreconciled_cents,
        difference_accepted=bool(deposit.difference_reason),
        unresolved_provider_adjustments=sum(row.disposition is Disposition.UNRESOLVED for row in plb),
    )
    disbursed = status is PostingStatus.DISBURSED
    if disbursed != (deposit.disbursed_at is not None):
        stores.deposit_edits.set_deposit(deposit_id, {"disbursed_at": now() if disbursed else None})


def today(stores: Stores, practice_id: int | None) -> date:
    """The day in the practice's time zone; an event is a moment, a business date is a day."""
    return day_of(stores, practice_id, now())


def day_of(stores: Stores, practice_id: int | None, moment: datetime) -> date:
    """The day that a moment falls on in the practice's time zone."""
    zone = UTC if practice_id is None else ZoneInfo(stores.batch_choices.time_zone(practice_id))
    return moment.astimezone(zone).date()


def closed_through(stores: Stores) -> date | None:
    """The last day that is closed for entries, or None."""
    text = stores.office.company_setting(CLOSED_THROUGH, "")
    return date.fromisoformat(text) if text else None


def posting_day(stores: Stores, practice_id: int | None) -> date:
    """Today, or the first open day when today is closed (spec 8 row 31)."""
    day, closed = today(stores, practice_id), closed_through(stores)
    return day if closed is None or day > closed else closed + timedelta(days=1)
