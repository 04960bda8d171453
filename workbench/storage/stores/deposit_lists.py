"""The list of deposits: filter, sort, page and totals, all in the database (spec deposits 6.2)."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from workbench.domain.bank import DepositBankState
from workbench.domain.deposit import DepositStatus, DepositType, PostingStatus
from workbench.domain.deposit_views import Choice, DepositQuery, DepositRow, DepositTotals
from workbench.storage.clock import now
from workbench.storage.stores.bank import alive, deposit_state, with_match
from workbench.storage.stores.base import Store
from workbench.storage.tables.deposits import (
    deposit_claims,
    deposit_errors,
    deposits,
    provider_adjustments,
)
from workbench.storage.tables.imports import import_files
from workbench.storage.tables.office import payers, practices, users

# Spec 6.2: quick search starts after three characters.
SEARCH_FROM = 3
_c = deposits.c
BALANCE = (_c.deposit_cents - _c.payments_cents - _c.adjustments_cents).label("balance_cents")
UNRECONCILED = (_c.deposit_cents - _c.payments_cents - _c.exclusions_cents - _c.reported_cents).label(
    "unreconciled_cents"
)
DEPOSITED = sa.func.coalesce(_c.deposited_date, _c.issued_date)
# The desk sets disbursed_at when spec 2.3 holds, and takes it away when it no longer does.
POSTING_STATUS = sa.case(
    (_c.status == DepositStatus.IGNORE.value, None),
    (_c.disbursed_at.is_not(None), PostingStatus.DISBURSED.value),
    else_=PostingStatus.NOT_DISBURSED.value,
).label("posting_status")
# Nobody looks in the bank for the money of a deposit that was ignored.
BANK_STATE = sa.case((alive(), deposit_state()), else_=None).label("bank_state")
_practice = sa.func.coalesce(practices.c.name, "").label("practice")
_file = sa.func.coalesce(import_files.c.name, "").label("import_file")
_JOINED = (
    deposits.outerjoin(practices, practices.c.id == _c.practice_id)
    .join(users, users.c.id == _c.owner_id)
    .outerjoin(import_files, import_files.c.id == _c.import_file_id)
)
_WITH_BANK = with_match(_JOINED)
_COMPUTED: dict[str, Any] = {
    "practice": _practice,
    "owner": users.c.name.label("owner"),
    "import_file": _file,
    "balance_cents": BALANCE,
    "unreconciled_cents": UNRECONCILED,
    "posting_status": POSTING_STATUS,
    "bank_state": BANK_STATE,
}
_COLUMNS: list[Any] = [
    _COMPUTED.get(each.name, _c.get(each.name)) for each in fields(DepositRow) if each.name != "age_days"
]
# The age grows as the day of receipt goes back.
_SORTS: dict[str, Any] = {
    each.name: _COMPUTED.get(each.name, _c.get(each.name)) for each in fields(DepositRow)
} | {"deposited": DEPOSITED, "age_days": -sa.extract("epoch", _c.received_at)}


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose deposits may be seen: those of `practice_ids`, and those of no practice when `unassigned`."""

    practice_ids: Collection[int]
    unassigned: bool

    def condition(self, column: sa.Column[int] = _c.practice_id) -> sa.ColumnElement[bool]:
        mine = column.in_(self.practice_ids)
        return sa.or_(mine, column.is_(None)) if self.unassigned else mine


class DepositListStore(Store):
    """Answers `DepositQuery`."""

    def rows(self, query: DepositQuery, sight: Sight) -> list[DepositRow]:
        """One page. Only its own deposits are looked up in the bank's matches, unless the question is about these."""
        page = self._found(query, sight).offset(query.offset).limit(query.limit)
        found = self._connection.execute(
            sa.select(*_COLUMNS).select_from(_WITH_BANK).where(_c.id.in_(page)).order_by(*_order(query))
        )
        return [deposit_row(row) for row in found.mappings()]

    def totals(self, query: DepositQuery, sight: Sight) -> DepositTotals:
        """Over all that the filter finds."""
        sums = {
            each.name: sa.func.coalesce(sa.func.sum(_COMPUTED.get(each.name, _c.get(each.name))), 0)
            for each in fields(DepositTotals)
            if each.name != "count"
        }
        row = self._connection.execute(
            sa.select(sa.func.count().label("count"), *(value.label(name) for name, value in sums.items()))
            .select_from(_source(query))
            .where(*_conditions(query, sight))
        )
        return DepositTotals(**{name: int(value) for name, value in row.mappings().one().items()})

    def ids(self, query: DepositQuery, sight: Sight) -> list[int]:
        """Of all that the filter finds, in its order."""
        return list(self._connection.scalars(self._found(query, sight)))

    def row(self, deposit_id: int) -> DepositRow | None:
        found = self._connection.execute(
            sa.select(*_COLUMNS).select_from(_WITH_BANK).where(_c.id == deposit_id)
        )
        row = found.mappings().first()
        return None if row is None else deposit_row(row)

    def payers(self, sight: Sight) -> list[Choice]:
        """Our payers that have deposits here."""
        return self._choices(payers, _c.payer_id, sight)

    def owners(self, sight: Sight) -> list[Choice]:
        return self._choices(users, _c.owner_id, sight)

    def _found(self, query: DepositQuery, sight: Sight) -> sa.Select[tuple[int]]:
        statement = sa.select(_c.id).select_from(_source(query)).where(*_conditions(query, sight))
        return statement.order_by(*_order(query))

    def _choices(self, table: sa.Table, column: sa.Column[int], sight: Sight) -> list[Choice]:
        used = sa.select(column).where(sight.condition())
        rows = self._connection.execute(
            sa.select(table.c.id, table.c.name).where(table.c.id.in_(used)).order_by(table.c.name)
        )
        return [Choice(row.id, row.name) for row in rows]


def deposit_row(row: Any) -> DepositRow:
    values = dict(row)
    posting, bank = values["posting_status"], values["bank_state"]
    return DepositRow(
        **values
        | {
            "type": DepositType(values["type"]),
            "status": DepositStatus(values["status"]),
            "posting_status": None if posting is None else PostingStatus(posting),
            "bank_state": None if bank is None else DepositBankState(bank),
            "age_days": (now() - values["received_at"]).days,
        }
    )


def _source(query: DepositQuery) -> sa.Join:
    return _WITH_BANK if query.bank_state is not None or query.sort_key == "bank_state" else _JOINED


def _order(query: DepositQuery) -> list[Any]:
    column = _SORTS[query.sort_key]
    ordered = sa.desc(column).nulls_last() if query.descending else sa.asc(column).nulls_last()
    return [ordered, _c.id]


def contains(column: Any, text: str) -> sa.ColumnElement[bool]:
    """`text` anywhere in the column, whatever the case; no character of it is a wildcard."""
    return sa.func.lower(column).contains(text.lower(), autoescape=True)


def starts_with(column: Any, text: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(column).startswith(text.lower(), autoescape=True)


def _conditions(query: DepositQuery, sight: Sight) -> list[sa.ColumnElement[bool]]:
    wanted = [sight.condition(), _c.voided_at.is_(None)]
    if query.needs_work:
        wanted.append(_needs_work())
    if query.search:
        wanted.append(_quick(query.search.strip()))
    wanted += _equal(query) + _ranges(query) + _texts(query) + _errors(query)
    return wanted


def _needs_work() -> sa.ColumnElement[bool]:
    """Spec 6.2, default filter. `open_errors` counts no warnings."""
    sent = DepositStatus.SENT_TO_POSTING.value
    return sa.or_(
        _c.status.in_((DepositStatus.BUILD.value, DepositStatus.NEW.value)),
        sa.and_(_c.status == sent, sa.or_(_c.open_errors > 0, _c.disbursed_at.is_(None))),
    )


def _quick(text: str) -> sa.ColumnElement[bool]:
    found = []
    # More digits than an id can have are no id.
    if text.isascii() and text.isdigit() and len(text) < 19:
        found.append(_c.id == int(text))
    if len(text) >= SEARCH_FROM:
        found += [contains(_c.check_number, text), contains(_c.payer_name, text)]
    return sa.or_(*found) if found else sa.true()


def _equal(query: DepositQuery) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if query.statuses:
        wanted.append(_c.status.in_([status.value for status in query.statuses]))
    if query.types:
        wanted.append(_c.type.in_([kind.value for kind in query.types]))
    if query.posting_status is not None:
        wanted.append(POSTING_STATUS.element == query.posting_status.value)
    if query.bank_state is not None:
        wanted.append(BANK_STATE.element == query.bank_state.value)
    for column, value in (
        (_c.practice_id, query.practice_id),
        (_c.payer_id, query.payer_id),
        (_c.owner_id, query.owner_id),
    ):
        if value is not None:
            wanted.append(column == value)
    for text_column, text in ((_c.pay_method, query.pay_method), (_c.pay_type, query.pay_type)):
        if text:
            wanted.append(text_column == text)
    return wanted


def _ranges(query: DepositQuery) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if query.deposited_from:
        wanted.append(query.deposited_from <= DEPOSITED)
    if query.deposited_to:
        wanted.append(query.deposited_to >= DEPOSITED)
    if query.amount_from_cents is not None:
        wanted.append(_c.deposit_cents >= query.amount_from_cents)
    if query.amount_to_cents is not None:
        wanted.append(_c.deposit_cents <= query.amount_to_cents)
    return wanted


def _texts(query: DepositQuery) -> list[sa.ColumnElement[bool]]:
    wanted = [
        contains(column, text)
        for column, text in (
            (_c.payer_name, query.payer),
            (_c.check_number, query.check_number),
            (import_files.c.name, query.import_file),
        )
        if text
    ]
    if query.inside:
        inside = deposit_claims.c
        hit = sa.or_(
            inside.pcn == query.inside,
            inside.payer_claim_no == query.inside,
            starts_with(inside.patient_last, query.inside),
        )
        wanted.append(sa.exists().where(inside.deposit_id == _c.id, hit))
    return wanted


def _errors(query: DepositQuery) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if query.with_errors:
        wanted.append(_c.open_errors > 0)
    if query.with_deposit_errors:
        e = deposit_errors.c
        wanted.append(sa.exists().where(e.deposit_id == _c.id, e.level == "deposit", e.state == "open"))
    if query.unreconciled:
        wanted.append(UNRECONCILED.element != 0)
    if query.error_code:
        e = deposit_errors.c
        wanted.append(sa.exists().where(e.deposit_id == _c.id, e.code == query.error_code, e.state == "open"))
    if query.has_provider_adjustments is not None:
        has = sa.exists().where(provider_adjustments.c.deposit_id == _c.id)
        wanted.append(has if query.has_provider_adjustments else ~has)
    if query.has_exclusions is not None:
        has = sa.exists().where(deposit_claims.c.deposit_id == _c.id, ~deposit_claims.c.included)
        wanted.append(has if query.has_exclusions else ~has)
    return wanted
