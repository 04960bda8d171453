"""The work lists of the office (spec deposits 6.1, 7.5): what waits, how much money, since when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from workbench.domain.bank import BankLineState, MatchState
from workbench.storage.stores.base import Store
from workbench.storage.tables.bank import (
    bank_accounts,
    bank_match_items,
    bank_matches,
    bank_transactions,
)
from workbench.storage.tables.claims import claims
from workbench.storage.tables.deposits import (
    deposit_claims,
    deposit_errors,
    deposits,
    provider_adjustments,
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose work is counted: these practices, and what belongs to none yet.

    `chase_before`: money or a remittance that came before this day should have met its other half.
    """

    practice_ids: Collection[int]
    unassigned: bool
    chase_before: date


@dataclass(frozen=True, slots=True)
class Amount:
    """A tile: how many, how much, since which day."""

    count: int
    cents: int
    oldest: date | None


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One row of a list; the numbers that it has lead to where it is worked.

    `about`: the payer, the claim x-ref, or how the bank names who paid.
    """

    deposit_id: int | None
    deposit_claim_id: int | None
    claim_id: int | None
    code: str
    cents: int
    since: date | None
    about: str


class WorkListStore(Store):
    """Each list is one query; the tile counts and sums that same query."""

    def amount(self, name: str, sight: Sight) -> Amount:
        listed = _LISTS[name](sight).subquery()
        row = self._connection.execute(
            sa.select(
                sa.func.count().label("many"),
                sa.func.coalesce(sa.func.sum(listed.c.cents), 0).label("cents"),
                sa.func.min(listed.c.since).label("oldest"),
            ).select_from(listed)
        ).one()
        return Amount(int(row.many), int(row.cents), _day(row.oldest))

    def items(self, name: str, sight: Sight, *, limit: int, offset: int) -> list[WorkItem]:
        """Rows of a list, oldest first."""
        listed = _LISTS[name](sight).subquery()
        order = (listed.c.since, listed.c.deposit_id, listed.c.deposit_claim_id, listed.c.claim_id)
        rows = self._connection.execute(sa.select(listed).order_by(*order).limit(limit).offset(offset))
        return [
            WorkItem(
                row.deposit_id,
                row.deposit_claim_id,
                row.claim_id,
                row.code,
                int(row.cents),
                _day(row.since),
                row.about,
            )
            for row in rows
        ]


def _seen(column: sa.Column[Any], sight: Sight) -> sa.ColumnElement[bool]:
    mine: sa.ColumnElement[bool] = column.in_(sorted(sight.practice_ids))
    return sa.or_(mine, column.is_(None)) if sight.unassigned else mine


def _row(
    deposit_id: Any, deposit_claim_id: Any, claim_id: Any, code: Any, cents: Any, since: Any, about: Any
) -> sa.Select[Any]:
    nothing = sa.cast(sa.null(), sa.BigInteger)
    return sa.select(
        (nothing if deposit_id is None else deposit_id).label("deposit_id"),
        (nothing if deposit_claim_id is None else deposit_claim_id).label("deposit_claim_id"),
        (nothing if claim_id is None else claim_id).label("claim_id"),
        (sa.literal(code) if isinstance(code, str) else code).label("code"),
        cents.label("cents"),
        since.label("since"),
        about.label("about"),
    )


def _live(sight: Sight) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _seen(deposits.c.practice_id, sight),
        deposits.c.voided_at.is_(None),
        deposits.c.status.in_(("BUILD", "NEW", "SENT_TO_POSTING")),
    )


def _new_deposits(sight: Sight) -> sa.Select[Any]:
    rows = _row(
        deposits.c.id,
        None,
        None,
        "NEW",
        deposits.c.deposit_cents,
        deposits.c.received_at,
        deposits.c.payer_name,
    )
    return rows.where(*_live(sight), deposits.c.status == "NEW")


def _deposit_errors(sight: Sight) -> sa.Select[Any]:
    error = deposit_errors.c
    first = sa.func.min(error.created_at)
    payer = deposits.c.payer_name
    rows = _row(deposits.c.id, None, None, sa.func.min(error.code), deposits.c.deposit_cents, first, payer)
    return (
        rows.select_from(deposits.join(deposit_errors, error.deposit_id == deposits.c.id))
        .where(*_live(sight), error.level == "deposit", error.state == "open")
        .group_by(deposits.c.id, deposits.c.deposit_cents, payer)
    )


def _posting_errors(sight: Sight) -> sa.Select[Any]:
    claim, error = deposit_claims.c, deposit_errors.c
    why = sa.select(sa.func.min(error.code)).where(error.deposit_claim_id == claim.id, error.state == "open")
    code = sa.func.coalesce(why.scalar_subquery(), "")
    of_claim = (claim.deposit_id, claim.id, claim.claim_id)
    rows = _row(*of_claim, code, claim.paid_cents, deposits.c.received_at, claim.pcn)
    return rows.select_from(deposit_claims.join(deposits, deposits.c.id == claim.deposit_id)).where(
        *_live(sight), claim.state == "ERROR"
    )


def _denials(sight: Sight) -> sa.Select[Any]:
    claim, error = deposit_claims.c, deposit_errors.c
    of_claim = (claim.deposit_id, claim.id, claim.claim_id)
    rows = _row(*of_claim, error.code, claim.charge_cents, error.created_at, claim.pcn)
    joined = deposit_errors.join(deposit_claims, claim.id == error.deposit_claim_id).join(
        deposits, deposits.c.id == error.deposit_id
    )
    return rows.select_from(joined).where(
        *_live(sight), error.code == "ZERO_PAY_DENIAL", error.state == "open"
    )


def _credits(sight: Sight) -> sa.Select[Any]:
    money, day = claims.c.balance_cents, claims.c.service_from
    rows = _row(None, None, claims.c.id, "CREDIT", money, day, claims.c.pcn)
    return rows.where(_seen(claims.c.practice_id, sight), claims.c.balance_cents < 0)


def _provider(sight: Sight) -> sa.Select[Any]:
    plb = provider_adjustments.c
    received, payer = deposits.c.received_at, deposits.c.payer_name
    rows = _row(plb.deposit_id, None, None, plb.reason, plb.amount_cents, received, payer)
    return rows.select_from(provider_adjustments.join(deposits, deposits.c.id == plb.deposit_id)).where(
        *_live(sight), plb.disposition == "UNRESOLVED"
    )


def _eft_without_era(sight: Sight) -> sa.Select[Any]:
    """Money in at the bank that nothing is proposed for (spec 7.5)."""
    line, account = bank_transactions.c, bank_accounts.c
    waiting = (BankLineState.UNMATCHED.value, BankLineState.TO_CHECK.value)
    rows = _row(None, None, None, "EFT_WITHOUT_ERA", line.amount_cents, line.posted_date, line.payer_key)
    return rows.select_from(bank_transactions.join(bank_accounts, account.id == line.account_id)).where(
        _seen(account.practice_id, sight),
        line.amount_cents > 0,
        line.state.in_(waiting),
        line.posted_date < sight.chase_before,
    )


def _era_without_eft(sight: Sight) -> sa.Select[Any]:
    """Remittances that said money comes, and no line of the bank was matched to them (spec 7.5)."""
    head, item, match = deposits.c, bank_match_items.c, bank_matches.c
    confirmed = sa.exists().where(
        item.deposit_id == head.id,
        item.live,
        item.match_id == match.id,
        match.state == MatchState.CONFIRMED.value,
    )
    day = sa.func.coalesce(head.deposited_date, head.issued_date)
    rows = _row(head.id, None, None, "ERA_WITHOUT_EFT", head.deposit_cents, day, head.payer_name)
    return rows.where(
        *_live(sight), head.type == "ERA", head.deposit_cents > 0, day < sight.chase_before, ~confirmed
    )


_LISTS = {
    "new_deposits": _new_deposits,
    "deposit_errors": _deposit_errors,
    "posting_errors": _posting_errors,
    "denials": _denials,
    "credits": _credits,
    "provider_adjustments": _provider,
    "eft_without_era": _eft_without_era,
    "era_without_eft": _era_without_eft,
}
WORK_LISTS = tuple(_LISTS)


def _day(value: Any) -> date | None:
    """A moment, or SQLite's text of one, as its day."""
    if value is None or type(value) is date:
        return value
    if isinstance(value, datetime):
        return value.date()
    return date.fromisoformat(str(value)[:10])
