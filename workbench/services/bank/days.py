"""Closing a bank day: tie out, sign, lock; reopen with a reason."""

from datetime import date

from workbench.domain.bank import DayState
from workbench.domain.bank_desk import BankDay
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.services.bank.desk import account_of, spoken
from workbench.storage import Database


class BankDays:
    """The days of an account."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def day(self, actor: Actor, account_id: int, day: date) -> BankDay:
        """The figures of one day as they stand."""
        actor.require(Permission.BANK_VIEW)
        with self._database.reading() as stores:
            account_of(stores, actor, account_id)
            return stores.bank_days.day(account_id, day)

    def days(self, actor: Actor, account_id: int, first: date, last: date) -> list[BankDay]:
        """The days that have lines, oldest first."""
        actor.require(Permission.BANK_VIEW)
        with self._database.reading() as stores:
            account_of(stores, actor, account_id)
            return [
                stores.bank_days.day(account_id, day)
                for day in stores.bank_days.days(account_id, first, last)
            ]

    def lock(self, actor: Actor, account_id: int, day: date) -> BankDay:
        """Signs the day and locks it. Raises RefusedError while it does not tie out (`why_not_lock` says why)."""
        actor.require(Permission.PERIOD_CLOSE)
        with self._database.transaction() as stores:
            account = account_of(stores, actor, account_id)
            now = stores.bank_days.day(account_id, day)
            if reason := why_not_lock(now):
                raise RefusedError(reason)
            figures = {
                "lines": now.lines,
                "lines_cents": now.lines_cents,
                "matched_cents": now.matched_cents,
                "not_ours_cents": now.not_ours_cents,
                "difference_cents": now.difference_cents,
                "closing_cents": now.closing_cents,
            }
            stores.bank_days.lock(now, {**figures, "signed_by_id": actor.user_id})
            stores.audit.add(
                actor,
                "bank.lock_day",
                "bank_account",
                account_id,
                practice_id=account.practice_id,
                after={"day": day.isoformat(), **figures},
            )
            return stores.bank_days.day(account_id, day)

    def reopen(self, actor: Actor, account_id: int, day: date, reason: str) -> BankDay:
        """Opens a locked day again."""
        actor.require(Permission.PERIOD_CLOSE)
        if not reason.strip():
            raise RefusedError("Say why the day is reopened.")
        with self._database.transaction() as stores:
            account = account_of(stores, actor, account_id)
            now = stores.bank_days.day(account_id, day)
            if now.state is not DayState.LOCKED:
                raise RefusedError(f"{spoken(day)} is not locked.")
            stores.bank_days.reopen(now, reason)
            stores.audit.add(
                actor,
                "bank.reopen_day",
                "bank_account",
                account_id,
                practice_id=account.practice_id,
                after={"day": day.isoformat()},
                reason=reason,
            )
            return stores.bank_days.day(account_id, day)


def why_not_lock(day: BankDay) -> str:
    """Why the day cannot be signed yet, or an empty text."""
    if day.state is DayState.LOCKED:
        return f"{spoken(day.day)} is locked already."
    if day.open_lines:
        return f"{day.open_lines} bank lines of {spoken(day.day)} are not explained yet."
    if day.gap_cents:
        return f"Opening balance plus lines is {format_dollars(-day.gap_cents)} off the closing balance."
    return ""
