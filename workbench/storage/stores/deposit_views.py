"""One deposit opened: its header, its claims page by page, one claim, its errors (spec deposits 6.4, 6.6)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from workbench.domain.codes import CodeBook, CodeList
from workbench.domain.deposit import ClaimState
from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.deposit_views import (
    AdjustmentRow,
    ClaimQuery,
    ClaimRow,
    ClaimTotals,
    DepositError,
    ErrorList,
    LineDetails,
    ProviderAdjustmentRow,
)
from workbench.domain.findings import Level, Severity
from workbench.domain.posting import Effect
from workbench.domain.remit import REVERSAL
from workbench.storage.stores.base import Store
from workbench.storage.stores.deposit_lists import starts_with
from workbench.storage.tables.deposits import (
    adjustments,
    deposit_claims,
    deposit_errors,
    deposit_lines,
    deposits,
    provider_adjustments,
)
from workbench.storage.tables.office import users

_c = deposit_claims.c
_CLAIM_COLUMNS = [_c[each.name] for each in fields(ClaimRow)]
_UNPOSTED = (ClaimState.PENDING.value, ClaimState.ERROR.value, ClaimState.REVERSED.value)


class DepositViewStore(Store):
    """Reads for the screens; nothing is changed here."""

    def header(self, deposit_id: int) -> dict[str, Any] | None:
        """All columns of the deposit, with the creator's name as `created_by`."""
        row = self._connection.execute(
            sa.select(deposits, users.c.name.label("created_by"))
            .join(users, users.c.id == deposits.c.created_by_id)
            .where(deposits.c.id == deposit_id)
        )
        found = row.mappings().first()
        return None if found is None else dict(found)

    def deposit_of_claim(self, deposit_claim_id: int) -> int | None:
        return self._connection.scalar(sa.select(_c.deposit_id).where(_c.id == deposit_claim_id))

    def claims(self, deposit_id: int, query: ClaimQuery, limit: int) -> list[ClaimRow]:
        """One page; sorted and filtered over the whole deposit."""
        column = _c[query.sort_key]
        ordered = sa.desc(column) if query.descending else sa.asc(column)
        found = self._connection.execute(
            sa.select(*_CLAIM_COLUMNS)
            .where(*_claim_conditions(deposit_id, query))
            .order_by(ordered.nulls_last(), _c.claim_no)
            .offset(query.offset)
            .limit(limit)
        )
        return [_claim(row) for row in found.mappings()]

    def claim_totals(self, deposit_id: int, query: ClaimQuery) -> ClaimTotals:
        sums = [
            sa.func.coalesce(sa.func.sum(_c[each.name]), 0).label(each.name)
            for each in fields(ClaimTotals)
            if each.name != "count"
        ]
        row = self._connection.execute(
            sa.select(sa.func.count().label("count"), *sums).where(*_claim_conditions(deposit_id, query))
        )
        return ClaimTotals(**{name: int(value) for name, value in row.mappings().one().items()})

    def claim(self, deposit_claim_id: int) -> ClaimRow | None:
        found = self._connection.execute(sa.select(*_CLAIM_COLUMNS).where(_c.id == deposit_claim_id))
        row = found.mappings().first()
        return None if row is None else _claim(row)

    def claim_names(self, deposit_id: int) -> dict[int, tuple[str, str, int]]:
        """By deposit claim: its number, the patient as `Last, First`, and what was paid."""
        rows = self._connection.execute(
            sa.select(_c.id, _c.pcn, _c.patient_last, _c.patient_first, _c.paid_cents).where(
                _c.deposit_id == deposit_id
            )
        )
        return {
            row.id: (
                row.pcn,
                ", ".join(part for part in (row.patient_last, row.patient_first) if part),
                row.paid_cents,
            )
            for row in rows
        }

    def deposits_of_file(self, import_file_id: int) -> list[int]:
        """The deposits of one file, those that were removed left out."""
        d = deposits.c
        found = sa.select(d.id).where(d.import_file_id == import_file_id, d.voided_at.is_(None))
        return list(self._connection.scalars(found.order_by(d.id)))

    def twins(self, deposit_id: int) -> list[int]:
        """Other deposits with the very same payment identity (payer, trace, amount, date)."""
        this = sa.select(deposits.c.payment_key).where(deposits.c.id == deposit_id).scalar_subquery()
        found = sa.select(deposits.c.id).where(deposits.c.payment_key == this, deposits.c.id != deposit_id)
        return list(self._connection.scalars(found.order_by(deposits.c.id)))

    def payers_chosen(
        self, payer_name: str, payer_identifier: str, practice_ids: Sequence[int]
    ) -> dict[int, int]:
        """Payer -> how many deposits of these practices have it that name their payer alike."""
        d = deposits.c
        named = [
            column == text
            for column, text in ((d.payer_name, payer_name), (d.payer_identifier, payer_identifier))
            if text
        ]
        if not named:
            return {}
        rows = self._connection.execute(
            sa.select(d.payer_id, sa.func.count().label("count"))
            .where(d.payer_id.is_not(None), d.practice_id.in_(practice_ids), sa.or_(*named))
            .group_by(d.payer_id)
        )
        return {row[0]: int(row[1]) for row in rows}

    def neighbours_of_claim(self, deposit_id: int, claim_no: int) -> tuple[int | None, int | None]:
        """Ids of the claims before and after in file order."""
        of_deposit = sa.select(_c.id).where(_c.deposit_id == deposit_id).limit(1)
        return (
            self._connection.scalar(of_deposit.where(_c.claim_no < claim_no).order_by(_c.claim_no.desc())),
            self._connection.scalar(of_deposit.where(_c.claim_no > claim_no).order_by(_c.claim_no)),
        )

    def bytes_of_claim(self, deposit_claim_id: int) -> tuple[int, int, int, int] | None:
        """(import file, start of the interchange, start and end of the claim); None when it came by hand."""
        d = deposits.c
        row = self._connection.execute(
            sa.select(d.import_file_id, d.envelope_start, _c.byte_start, _c.byte_end)
            .join(deposits, deposits.c.id == _c.deposit_id)
            .where(_c.id == deposit_claim_id)
        ).one()
        return None if None in row else tuple(row)

    def lines(self, deposit_claim_id: int, book: CodeBook) -> list[LineDetails]:
        """Lines with their adjustments, in order."""
        by_line: dict[int, list[AdjustmentRow]] = defaultdict(list)
        for line_id, row in self._adjustments(deposit_claim_id, book, deposit_line_id_known=True):
            by_line[line_id].append(row)
        l = deposit_lines.c  # noqa: E741
        names = [each.name for each in fields(LineDetails) if each.name not in ("remarks", "adjustments")]
        found = self._connection.execute(
            sa.select(*(l[name] for name in names), l.remark_codes)
            .where(l.deposit_claim_id == deposit_claim_id)
            .order_by(l.line_no)
        )
        return [
            LineDetails(
                **{name: row[name] for name in names},
                remarks=remarks(row["remark_codes"], book),
                adjustments=tuple(by_line[row["id"]]),
            )
            for row in found.mappings()
        ]

    def claim_level_adjustments(self, deposit_claim_id: int, book: CodeBook) -> list[AdjustmentRow]:
        found = self._adjustments(deposit_claim_id, book, deposit_line_id_known=False)
        return [row for _, row in found]

    def errors(
        self, deposit_id: int, *, state: str, limit: int, deposit_claim_id: int | None = None
    ) -> ErrorList:
        """Graver ones first, then in file order; `state` empty asks for all."""
        e = deposit_errors.c
        wanted = [e.deposit_id == deposit_id]
        if state:
            wanted.append(e.state == state)
        if deposit_claim_id is not None:
            wanted.append(e.deposit_claim_id == deposit_claim_id)
        gravity = sa.case((e.severity == "critical", 0), (e.severity == "blocking", 1), else_=2)
        counted = self._connection.execute(
            sa.select(e.code, sa.func.count().label("count")).where(*wanted).group_by(e.code).order_by(e.code)
        )
        counts = {row["code"]: int(row["count"]) for row in counted.mappings()}
        rows = self._connection.execute(
            sa.select(deposit_errors).where(*wanted).order_by(gravity, e.segment, e.id).limit(limit)
        )
        return ErrorList(tuple(_error(row) for row in rows), sum(counts.values()), counts)

    def provider_adjustments(self, deposit_id: int, book: CodeBook) -> list[ProviderAdjustmentRow]:
        p = provider_adjustments.c
        rows = self._connection.execute(
            sa.select(provider_adjustments).where(p.deposit_id == deposit_id).order_by(p.position)
        )
        return [
            ProviderAdjustmentRow(
                id=row.id,
                position=row.position,
                provider_id=row.provider_id,
                fiscal_period_end=row.fiscal_period_end,
                reason=row.reason,
                meaning=book.meaning(CodeList.PLB_REASON, row.reason) or "",
                reference=row.reference,
                amount_cents=row.amount_cents,
                disposition=row.disposition,
                segment=row.segment,
                unreadable=row.unreadable,
            )
            for row in rows
        ]

    def _adjustments(
        self, deposit_claim_id: int, book: CodeBook, *, deposit_line_id_known: bool
    ) -> list[tuple[int, AdjustmentRow]]:
        a = adjustments.c
        at_line = a.deposit_line_id.is_not(None) if deposit_line_id_known else a.deposit_line_id.is_(None)
        rows = self._connection.execute(
            sa.select(adjustments).where(a.deposit_claim_id == deposit_claim_id, at_line).order_by(a.id)
        )
        return [(row.deposit_line_id, _adjustment(row, book)) for row in rows]


def remarks(codes: str, book: CodeBook) -> tuple[tuple[str, str], ...]:
    """(code, meaning) of space-separated remark codes."""
    return tuple((code, book.meaning(CodeList.RARC, code) or "") for code in codes.split())


def _claim_conditions(deposit_id: int, query: ClaimQuery) -> list[sa.ColumnElement[bool]]:
    wanted = [_c.deposit_id == deposit_id, *_CLAIM_FILTERS[query.show]]
    text = query.search.strip()
    if text:
        hit = [starts_with(column, text) for column in (_c.pcn, _c.patient_last, _c.payer_claim_no)]
        if text.isascii() and text.isdigit() and len(text) < 19:
            hit.append(_c.claim_id == int(text))
        wanted.append(sa.or_(*hit))
    return wanted


# Denied: the payer says so, or pays nothing although something was charged (spec 3.3, ZERO_PAY_DENIAL).
_CLAIM_FILTERS: dict[str, list[sa.ColumnElement[bool]]] = {
    "all": [],
    "errors": [_c.open_errors > 0],
    "denied": [
        sa.or_(
            _c.remit_status == "4",
            sa.and_(
                _c.paid_stated_cents == 0,
                _c.charge_cents > 0,
                _c.deductible_cents + _c.coinsurance_cents + _c.copay_cents == 0,
                _c.included,
            ),
        )
    ],
    "reversals": [_c.remit_status == REVERSAL],
    "excluded": [~_c.included],
    "unposted": [_c.included, _c.state.in_(_UNPOSTED)],
}


def _claim(row: Any) -> ClaimRow:
    return ClaimRow(**{**row, "state": ClaimState(row["state"])})


def _adjustment(row: Any, book: CodeBook) -> AdjustmentRow:
    received = row.amount_received_cents
    return AdjustmentRow(
        id=row.id,
        group=row.group_code,
        reason=row.reason,
        amount_cents=row.amount_cents,
        amount_received_cents=row.amount_cents if received is None else received,
        quantity=row.quantity,
        effect=Effect(row.effect) if row.effect else None,
        payment_type=row.payment_type or "",
        meaning=book.adjustment(row.group_code, row.reason),
        segment=row.segment,
        unreadable=row.unreadable,
    )


def _error(row: Any) -> DepositError:
    kind = ERROR_KINDS.get(row.code)
    return DepositError(
        id=row.id,
        deposit_id=row.deposit_id,
        deposit_claim_id=row.deposit_claim_id,
        deposit_line_id=row.deposit_line_id,
        code=row.code,
        level=Level(row.level),
        severity=Severity(row.severity),
        state=row.state,
        message=row.message,
        advice=kind.advice if kind else "",
        segment=row.segment,
        created_at=row.created_at,
        closed_at=row.closed_at,
        close_reason=row.close_reason,
    )
