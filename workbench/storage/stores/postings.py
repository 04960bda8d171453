"""Deposit claims of every deposit, as the Posting screen lists them (spec deposits 6.7)."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from workbench.domain.deposit import ClaimState, DepositStatus, DepositType
from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.posting_views import ErrorGroup, PostingQuery, PostingRow, PostingTotals
from workbench.storage.stores.base import Store
from workbench.storage.stores.deposit_lists import DEPOSITED, Sight, contains, starts_with
from workbench.storage.tables.claims import claims
from workbench.storage.tables.deposits import deposit_claims, deposit_errors, deposits

_c, _d, _e = deposit_claims.c, deposits.c, deposit_errors.c
_OF_DEPOSIT: dict[str, Any] = {
    "deposit_status": _d.status.label("deposit_status"),
    "deposited_date": _d.deposited_date,
    "check_number": _d.check_number,
    "payer_name": _d.payer_name,
    "type": _d.type,
}
_COLUMNS: dict[str, Any] = {
    each.name: _OF_DEPOSIT.get(each.name, _c.get(each.name)) for each in fields(PostingRow)
}
_JOINED = deposit_claims.join(deposits, _d.id == _c.deposit_id)
_SHOWS: dict[str, tuple[sa.ColumnElement[bool], ...]] = {
    "failed": (_c.state == ClaimState.ERROR.value,),
    "waiting": (_c.state == ClaimState.PENDING.value,),
    "posted": (_c.state == ClaimState.POSTED.value,),
    "reversed": (_c.state == ClaimState.REVERSED.value,),
    "excluded": (_c.state == ClaimState.EXCLUDED.value,),
    "credits": (_c.claim_id.in_(sa.select(claims.c.id).where(claims.c.balance_cents < 0)),),
    "all": (),
}


class PostingStore(Store):
    """Answers `PostingQuery`."""

    def rows(self, query: PostingQuery, sight: Sight) -> list[PostingRow]:
        """One page."""
        found = self._connection.execute(
            sa.select(*_COLUMNS.values())
            .select_from(_JOINED)
            .where(*_conditions(query, sight))
            .order_by(*_order(query))
            .offset(query.offset)
            .limit(query.limit)
        )
        return [_row(row) for row in found.mappings()]

    def row(self, deposit_claim_id: int) -> PostingRow | None:
        found = self._connection.execute(
            sa.select(*_COLUMNS.values()).select_from(_JOINED).where(_c.id == deposit_claim_id)
        )
        row = found.mappings().first()
        return None if row is None else _row(row)

    def ids(self, query: PostingQuery, sight: Sight) -> list[int]:
        """Deposit claims of all that the filter finds, in its order."""
        found = sa.select(_c.id).select_from(_JOINED).where(*_conditions(query, sight))
        return list(self._connection.scalars(found.order_by(*_order(query))))

    def totals(self, query: PostingQuery, sight: Sight) -> PostingTotals:
        """Over all that the filter finds."""
        sums = [
            sa.func.coalesce(sa.func.sum(_c[each.name]), 0).label(each.name)
            for each in fields(PostingTotals)
            if each.name != "count"
        ]
        row = self._connection.execute(
            sa.select(sa.func.count().label("count"), *sums)
            .select_from(_JOINED)
            .where(*_conditions(query, sight))
        )
        return PostingTotals(**{name: int(value) for name, value in row.mappings().one().items()})

    def groups(self, query: PostingQuery, sight: Sight) -> list[ErrorGroup]:
        """Open errors of the postings found, by kind; a claim counts once in each kind."""
        of_claim = (
            sa.select(_e.code, _c.id, _c.paid_cents)
            .select_from(_JOINED.join(deposit_errors, _e.deposit_claim_id == _c.id))
            .where(*_conditions(query, sight), _e.state == "open")
            .distinct()
            .subquery()
        )
        many = sa.func.count().label("claims")
        rows = self._connection.execute(
            sa.select(of_claim.c.code, many, sa.func.sum(of_claim.c.paid_cents).label("paid"))
            .group_by(of_claim.c.code)
            .order_by(many.desc(), of_claim.c.code)
        )
        return [
            ErrorGroup(
                row.code,
                int(row.claims),
                int(row.paid),
                ERROR_KINDS[row.code].advice if row.code in ERROR_KINDS else "",
            )
            for row in rows
        ]

    def open_errors(self, query: PostingQuery, sight: Sight) -> dict[int, list[int]]:
        """Errors of `query.error_code` that are open among the postings found: deposit -> their ids."""
        rows = self._connection.execute(
            sa.select(_e.deposit_id, _e.id)
            .select_from(_JOINED.join(deposit_errors, _e.deposit_claim_id == _c.id))
            .where(*_conditions(query, sight), _e.state == "open", _e.code == query.error_code)
            .order_by(_e.deposit_id, _e.id)
        )
        found: dict[int, list[int]] = {}
        for row in rows:
            found.setdefault(row.deposit_id, []).append(row.id)
        return found


def _row(row: Any) -> PostingRow:
    values = dict(row)
    return PostingRow(
        **values
        | {
            "deposit_status": DepositStatus(values["deposit_status"]),
            "type": DepositType(values["type"]),
            "state": ClaimState(values["state"]),
        }
    )


def _order(query: PostingQuery) -> list[Any]:
    column = _COLUMNS[query.sort_key]
    column = column.element if isinstance(column, sa.Label) else column
    ordered = sa.desc(column).nulls_last() if query.descending else sa.asc(column).nulls_last()
    return [ordered, _c.deposit_id, _c.claim_no]


def _conditions(query: PostingQuery, sight: Sight) -> list[sa.ColumnElement[bool]]:
    ignored = DepositStatus.IGNORE.value
    wanted = [sight.condition(), _d.voided_at.is_(None), _d.status != ignored, *_SHOWS[query.show]]
    wanted += [
        column == value
        for column, value in (
            (_c.deposit_id, query.deposit_id),
            (_c.claim_id, query.claim_id),
            (_d.payer_id, query.payer_id),
        )
        if value is not None
    ]
    if query.deposited_from:
        wanted.append(query.deposited_from <= DEPOSITED)
    if query.deposited_to:
        wanted.append(query.deposited_to >= DEPOSITED)
    if query.error_code:
        error = sa.select(_e.id).where(
            _e.deposit_claim_id == _c.id, _e.code == query.error_code, _e.state == "open"
        )
        wanted.append(error.correlate(deposit_claims).exists())
    if text := query.search.strip():
        wanted.append(_quick(text))
    return wanted


def _quick(text: str) -> sa.ColumnElement[bool]:
    found = [starts_with(_c.pcn, text), starts_with(_d.check_number, text), contains(_d.payer_name, text)]
    # More digits than an id can have are no id.
    if text.isascii() and text.isdigit() and len(text) < 19:
        found += [_c.deposit_id == int(text), _c.claim_id == int(text)]
    return sa.or_(*found)
