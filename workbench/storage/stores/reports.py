"""The figures of the reports, in one query each: deposits with live ledger sums, and what the bank paid on them."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from workbench.domain.bank import MatchState
from workbench.domain.posting import Account
from workbench.domain.reports import DepositFigures, ReconciliationQuery, ReportDate
from workbench.storage.stores.base import Store
from workbench.storage.tables import bank as b
from workbench.storage.tables.deposits import deposits
from workbench.storage.tables.imports import import_files
from workbench.storage.tables.ledger import ledger_entries, ledger_transactions
from workbench.storage.tables.office import practices, users

_D = deposits.c
_DEPOSITED = sa.func.coalesce(_D.deposited_date, _D.issued_date)
_DAYS: dict[ReportDate, Any] = {
    ReportDate.DEPOSIT: _DEPOSITED,
    ReportDate.CREATED: sa.func.date(_D.created_at),
    ReportDate.DISBURSED: sa.func.date(_D.disbursed_at),
    ReportDate.SENT: sa.func.date(_D.sent_at),
}


class ReportStore(Store):
    """Reads for spec deposits 6.8 and 6.9."""

    def deposits(
        self, query: ReconciliationQuery, practice_ids: Collection[int], *, unassigned: bool
    ) -> list[DepositFigures]:
        """Deposits of the period in the order of their day; removed ones are gone from the reports."""
        posted, banked = self._posted(), self._banked()
        rows = self._connection.execute(
            sa.select(
                *(_D[name] for name in _STORED),
                _DEPOSITED.label("day"),
                users.c.name.label("owner"),
                sa.func.coalesce(practices.c.name, "").label("practice"),
                sa.func.coalesce(import_files.c.name, "").label("import_file"),
                sa.func.coalesce(posted.c.paid, 0).label("ledger_paid_cents"),
                sa.func.coalesce(posted.c.adjusted, 0).label("ledger_adjustments_cents"),
                sa.func.coalesce(banked.c.cents, 0).label("banked_cents"),
            )
            .join(users, users.c.id == _D.owner_id)
            .outerjoin(practices, practices.c.id == _D.practice_id)
            .outerjoin(import_files, import_files.c.id == _D.import_file_id)
            .outerjoin(posted, posted.c.deposit_id == _D.id)
            .outerjoin(banked, banked.c.deposit_id == _D.id)
            .where(_D.voided_at.is_(None), _seen(practice_ids, unassigned=unassigned), *self._filters(query))
            .order_by(_DEPOSITED, _D.id)
        )
        return [_figures(row) for row in rows]

    def _filters(self, query: ReconciliationQuery) -> list[sa.ColumnElement[bool]]:
        day = _DAYS[query.by]
        first, last = (self._as_day(query.by, edge) for edge in (query.first, query.last))
        wanted = [day >= first, day <= last]
        if query.owner_id is not None:
            wanted.append(_D.owner_id == query.owner_id)
        if query.statuses:
            wanted.append(_D.status.in_(sorted(query.statuses)))
        if query.types:
            wanted.append(_D.type.in_(sorted(query.types)))
        if query.payer_ids:
            wanted.append(_D.payer_id.in_(sorted(query.payer_ids)))
        if query.import_file:
            wanted.append(
                sa.func.lower(import_files.c.name).contains(query.import_file.lower(), autoescape=True)
            )
        return wanted

    def _as_day(self, by: ReportDate, day: date) -> Any:
        """SQLite's `date()` gives text."""
        text = self._connection.dialect.name == "sqlite" and by is not ReportDate.DEPOSIT
        return day.isoformat() if text else day

    @staticmethod
    def _posted() -> sa.Subquery:
        """Live ledger sums: entries and their counter-entries cancel out, so the sum over all is what stands."""
        entry, booked = ledger_entries.c, ledger_transactions.c
        paid = sa.and_(
            entry.account == Account.DEPOSIT.value,
            booked.claim_id.is_not(None),
            entry.adjustment_id.is_(None),
        )
        return (
            sa.select(
                booked.deposit_id,
                _whole(sa.case((paid, entry.amount_cents), else_=0)).label("paid"),
                _whole(
                    sa.case((entry.account == Account.WRITE_OFF.value, entry.amount_cents), else_=0)
                ).label("adjusted"),
            )
            .join(ledger_transactions, booked.id == entry.transaction_id)
            .group_by(booked.deposit_id)
            .subquery("posted")
        )

    @staticmethod
    def _banked() -> sa.Subquery:
        """What bank lines brought, by confirmed matches."""
        part = b.bank_match_parts.c
        return (
            sa.select(part.deposit_id, _whole(part.amount_cents).label("cents"))
            .join(b.bank_matches, b.bank_matches.c.id == part.match_id)
            .where(b.bank_matches.c.state == MatchState.CONFIRMED.value)
            .group_by(part.deposit_id)
            .subquery("banked")
        )


_STORED = (
    "id", "practice_id", "check_number", "payer_name", "status", "type", "pay_method", "pay_type", "disbursed_at",
    "deposit_cents", "payments_cents", "adjustments_cents", "exclusions_cents", "reported_cents",
)  # fmt: skip


def _whole(column: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    # PostgreSQL sums bigint to numeric.
    return sa.cast(sa.func.sum(column), sa.BigInteger)


def _seen(practice_ids: Collection[int], *, unassigned: bool) -> sa.ColumnElement[bool]:
    mine = _D.practice_id.in_(practice_ids)
    return sa.or_(mine, _D.practice_id.is_(None)) if unassigned else mine


def _figures(row: Any) -> DepositFigures:
    return DepositFigures(
        id=row.id,
        day=row.day,
        check_number=row.check_number,
        payer=row.payer_name,
        practice=row.practice,
        status=row.status,
        type=row.type,
        pay_method=row.pay_method,
        pay_type=row.pay_type,
        owner=row.owner,
        import_file=row.import_file,
        disbursed=row.disbursed_at is not None,
        deposit_cents=row.deposit_cents,
        payments_cents=row.payments_cents,
        adjustments_cents=row.adjustments_cents,
        exclusions_cents=row.exclusions_cents,
        reported_cents=row.reported_cents,
        posted_paid_cents=row.ledger_paid_cents,
        posted_adjustments_cents=row.ledger_adjustments_cents,
        banked_cents=row.banked_cents,
    )
