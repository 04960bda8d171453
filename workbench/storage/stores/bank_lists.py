"""The bank page's lists: a page at a time, searched and sorted by the database."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from workbench.domain.bank import BankLineState, MatchState
from workbench.domain.bank_desk import BankDeposit, ListPage, StoredLine
from workbench.storage.lists import among
from workbench.storage.stores.bank import (
    DAY,
    alive,
    bank_deposit,
    deposit_query,
    deposit_state,
    line_query,
    stored_line,
)
from workbench.storage.stores.base import Store
from workbench.storage.stores.deposit_lists import Sight, contains
from workbench.storage.tables import bank as t
from workbench.storage.tables.deposits import deposits

_LINE, _MATCH, _ITEM = t.bank_transactions.c, t.bank_matches.c, t.bank_match_items.c
_LINE_SORTS: Mapping[str, Any] = {
    "posted_date": _LINE.posted_date,
    "amount_cents": _LINE.amount_cents,
    "description": sa.func.lower(_LINE.description),
    "state": _LINE.state,
}
_DEPOSIT_SORTS: Mapping[str, Any] = {
    "id": deposits.c.id,
    "day": DAY,
    "amount_cents": deposits.c.deposit_cents,
    "payer_name": sa.func.lower(deposits.c.payer_name),
    "check_number": deposits.c.check_number,
    "state": deposit_state(),
}
_MATCH_SORTS: Mapping[str, Any] = {
    "score": _MATCH.score,
    "line_cents": _MATCH.line_cents,
    "difference_cents": _MATCH.difference_cents,
}


class BankListStore(Store):
    """Each list answers with the rows of the page and with how many there are in all."""

    def lines(
        self,
        account_ids: Collection[int],
        states: Iterable[BankLineState],
        first: date | None,
        last: date | None,
        page: ListPage,
    ) -> tuple[list[StoredLine], int]:
        """Bank lines in these states; without a sort, oldest first."""
        wanted: list[sa.ColumnElement[bool]] = [
            among(self._connection, _LINE.account_id, account_ids),
            _LINE.state.in_([state.value for state in states]),
        ]
        if first is not None:
            wanted.append(_LINE.posted_date >= first)
        if last is not None:
            wanted.append(_LINE.posted_date <= last)
        if page.search:
            texts = (_LINE.description, _LINE.bank_reference, _LINE.customer_reference, _LINE.trace)
            wanted.append(_found(page.search, texts, _LINE.amount_cents))
        rows, total = self._page(
            line_query().where(*wanted), _LINE_SORTS, (_LINE.posted_date, _LINE.id), page
        )
        return [stored_line(row) for row in rows], total

    def deposits(
        self, sight: Sight, *, matched: bool | None, page: ListPage
    ) -> tuple[list[BankDeposit], int]:
        """Deposits with a confirmed match, without one, or (None) all; without a sort, by day."""
        wanted = [sight.condition(), alive()]
        if matched is not None:
            confirmed = sa.func.coalesce(_MATCH.state, "") == MatchState.CONFIRMED.value
            wanted.append(confirmed if matched else ~confirmed)
        if page.search:
            texts = (sa.cast(deposits.c.id, sa.Text), deposits.c.check_number, deposits.c.payer_name)
            wanted.append(_found(page.search, texts, deposits.c.deposit_cents))
        rows, total = self._page(deposit_query().where(*wanted), _DEPOSIT_SORTS, (DAY, deposits.c.id), page)
        return [bank_deposit(row) for row in rows], total

    def match_ids(
        self, account_ids: Collection[int], state: MatchState, page: ListPage
    ) -> tuple[list[int], int]:
        """Live matches that hold a line of these accounts; without a sort, the surest first."""
        held = (
            sa.select(_ITEM.match_id)
            .join(t.bank_transactions, _LINE.id == _ITEM.transaction_id)
            .where(_ITEM.live, among(self._connection, _LINE.account_id, account_ids))
        )
        query = sa.select(_MATCH.id).where(_MATCH.state == state.value, _MATCH.id.in_(held))
        rows, total = self._page(query, _MATCH_SORTS, (_MATCH.score.desc(), _MATCH.id), page)
        return [row.id for row in rows], total

    def _page(
        self, query: sa.Select[Any], sorts: Mapping[str, Any], usual: tuple[Any, ...], page: ListPage
    ) -> tuple[list[Any], int]:
        column = sorts.get(page.sort_key)
        order = () if column is None else ((sa.desc if page.descending else sa.asc)(column).nulls_last(),)
        found = self._connection.execute(
            query.order_by(*order, *usual).offset(page.offset).limit(page.limit)
        ).all()
        if page.limit is None:
            return list(found), len(found)
        counted = self._connection.scalar(sa.select(sa.func.count()).select_from(query.subquery("listed")))
        return list(found), counted or 0


def _found(text: str, columns: Iterable[Any], amount: sa.Column[int]) -> sa.ColumnElement[bool]:
    """Words of a text column, or digits of the amount as it is typed: 1,234.50, 1234.5."""
    digits = text.replace(",", "").replace(".", "")
    found = [contains(column, text) for column in columns]
    if digits.lstrip("-").isascii() and digits.lstrip("-").isdigit():
        found.append(contains(sa.cast(amount, sa.Text), digits))
    return sa.or_(*found)
