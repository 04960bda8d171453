"""Bank days: what they add up to, and their close."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from workbench.domain.bank import SETTLED_STATES, BankLineState, DayState
from workbench.domain.bank_desk import BankDay
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.tables import bank as t
from workbench.storage.tables.office import users

_LINE, _CLOSE = t.bank_transactions.c, t.bank_day_closes.c
_SETTLED = [state.value for state in SETTLED_STATES]
_NOT_OURS = BankLineState.NOT_OURS.value


class BankDayStore(Store):
    """Reads the figures of a day; reads and writes `bank_day_closes`."""

    def day(self, account_id: int, day: date) -> BankDay:
        """The day as it stands now, signed or not."""
        lines = self._connection.execute(
            sa.select(
                sa.func.count().label("lines"),
                _sum(_LINE.amount_cents).label("lines_cents"),
                _count_if(_LINE.state.not_in(_SETTLED)).label("open_lines"),
                _sum_if(sa.and_(_LINE.state.in_(_SETTLED), _LINE.state != _NOT_OURS)).label("matched_cents"),
                _sum_if(_LINE.state == _NOT_OURS).label("not_ours_cents"),
            ).where(_LINE.account_id == account_id, _LINE.posted_date == day)
        ).one()
        opening, closing = self._balances(account_id, day)
        gap = None if opening is None or closing is None else closing - opening - lines.lines_cents
        close = self._connection.execute(
            sa.select(t.bank_day_closes, users.c.name.label("signed_by"))
            .join(users, users.c.id == _CLOSE.signed_by_id)
            .where(_CLOSE.account_id == account_id, _CLOSE.day == day)
        ).first()
        return BankDay(
            account_id=account_id,
            day=day,
            state=DayState.OPEN if close is None else DayState(close.state),
            lines=lines.lines,
            open_lines=lines.open_lines,
            lines_cents=lines.lines_cents,
            matched_cents=lines.matched_cents,
            not_ours_cents=lines.not_ours_cents,
            difference_cents=self._differences(account_id, day),
            opening_cents=opening,
            closing_cents=closing,
            gap_cents=gap,
            signed_by="" if close is None else close.signed_by,
            signed_at=None if close is None else close.signed_at,
            version=0 if close is None else close.version,
        )

    def _balances(self, account_id: int, day: date) -> tuple[int | None, int | None]:
        """Opening and closing of a statement of this one day; a longer one proves no single day."""
        c = t.bank_statements.c
        row = self._connection.execute(
            sa.select(c.opening_cents, c.closing_cents)
            .where(c.account_id == account_id, c.from_date == day, c.to_date == day)
            .order_by(c.id.desc())
            .limit(1)
        ).first()
        return (None, None) if row is None else (row.opening_cents, row.closing_cents)

    def _differences(self, account_id: int, day: date) -> int:
        """Differences accepted in matches whose lines were posted on this day."""
        item, match = t.bank_match_items.c, t.bank_matches.c
        mine = (
            sa.select(item.match_id)
            .join(t.bank_transactions, _LINE.id == item.transaction_id)
            .where(item.live, _LINE.account_id == account_id, _LINE.posted_date == day)
        )
        return int(
            self._connection.scalar(
                sa.select(_sum(match.difference_cents)).where(match.id.in_(mine), match.state == "confirmed")
            )
            or 0
        )

    def days(self, account_id: int, first: date, last: date) -> list[date]:
        """The days that have lines."""
        return list(
            self._connection.scalars(
                sa.select(_LINE.posted_date)
                .where(_LINE.account_id == account_id, _LINE.posted_date.between(first, last))
                .distinct()
                .order_by(_LINE.posted_date)
            )
        )

    def locked(self, account_ids: Collection[int]) -> set[tuple[int, date]]:
        """`(account, day)` that are locked."""
        rows = self._connection.execute(
            sa.select(_CLOSE.account_id, _CLOSE.day).where(
                _CLOSE.state == DayState.LOCKED.value, _CLOSE.account_id.in_(account_ids)
            )
        )
        return {(row.account_id, row.day) for row in rows}

    def lock(self, day: BankDay, values: Mapping[str, Any]) -> None:
        """Signs and locks the day. Raises ChangedByAnotherError when somebody did so meanwhile."""
        signed = {**values, "state": DayState.LOCKED.value, "signed_at": now(), "reopen_reason": ""}
        if day.version == 0:
            self._insert(t.bank_day_closes, {**signed, "account_id": day.account_id, "day": day.day})
            return
        self._change(day, signed)

    def reopen(self, day: BankDay, reason: str) -> None:
        """Opens a locked day again. Raises ChangedByAnotherError."""
        self._change(day, {"state": DayState.OPEN.value, "reopen_reason": reason})

    def _change(self, day: BankDay, values: Mapping[str, Any]) -> None:
        row_id = self._connection.scalar(
            sa.select(_CLOSE.id).where(_CLOSE.account_id == day.account_id, _CLOSE.day == day.day)
        )
        self._update_versioned(
            t.bank_day_closes, int(row_id or 0), day.version, values, what=f"The close of {day.day:%m/%d/%Y}"
        )


def _sum(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    # PostgreSQL sums bigint to numeric.
    return sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)


def _sum_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return _sum(sa.case((condition, _LINE.amount_cents), else_=0))


def _count_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return _sum(sa.case((condition, 1), else_=0))
