"""Reads a deposit as work: a few queries for any number of claims, never one per claim."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from workbench.domain.deposit import ClaimState, DepositStatus, DepositType, Disposition
from workbench.domain.deposit_work import (
    AdjustmentWork,
    ClaimWork,
    DepositWork,
    LineWork,
    OurClaim,
    OurLine,
    ProviderWork,
)
from workbench.domain.posting import Effect
from workbench.storage.stores.base import Store
from workbench.storage.tables.claims import charge_lines, claim_payers, claims
from workbench.storage.tables.deposits import (
    adjustments,
    deposit_claims,
    deposit_lines,
    deposits,
    provider_adjustments,
)
from workbench.storage.tables.ledger import provider_allocations

# SQLite takes 32,766 bound values in a statement; PostgreSQL 65,535.
_MANY = 10_000


class DepositWorkStore(Store):
    """Deposits, deposit claims and our claims as values of `domain.deposit_work`."""

    def deposit(self, deposit_id: int, *, lock: bool = False) -> DepositWork | None:
        """The header; `lock` keeps every other writer from it until this transaction ends."""
        statement = sa.select(deposits).where(deposits.c.id == deposit_id)
        row = self._connection.execute(statement.with_for_update() if lock else statement).first()
        return None if row is None else _deposit(row)

    def deposit_of_claim(self, deposit_claim_id: int) -> int | None:
        found = sa.select(deposit_claims.c.deposit_id).where(deposit_claims.c.id == deposit_claim_id)
        return self._connection.execute(found).scalar()

    def unattached(self, deposit_id: int) -> list[int]:
        """Claims of a deposit that are none of ours yet and not posted."""
        column = deposit_claims.c
        found = sa.select(column.id).where(
            column.deposit_id == deposit_id,
            column.claim_id.is_(None),
            column.state != ClaimState.POSTED.value,
        )
        return list(self._connection.execute(found).scalars())

    def neighbours(
        self, deposit_id: int, claim_no: int, states: Collection[str]
    ) -> tuple[int | None, int | None]:
        """The claims before and after in file order that are in one of these states."""
        column = deposit_claims.c
        found = sa.select(column.id).where(column.deposit_id == deposit_id, column.state.in_(states)).limit(1)
        before = found.where(column.claim_no < claim_no).order_by(column.claim_no.desc())
        after = found.where(column.claim_no > claim_no).order_by(column.claim_no)
        return self._connection.scalar(before), self._connection.scalar(after)

    def claims(self, deposit_id: int, only: Collection[int] | None = None) -> list[ClaimWork]:
        """The claims of a deposit in file order, all of them or those named."""
        rows = [
            row
            for condition in _in(deposit_claims.c.id, only)
            for row in self._connection.execute(
                sa.select(*_CLAIM_COLUMNS)
                .where(deposit_claims.c.deposit_id == deposit_id, condition)
                .order_by(deposit_claims.c.claim_no)
            ).all()
        ]
        ids = None if only is None else [row.id for row in rows]
        at_line, at_claim = self._adjustments(deposit_id, ids)
        lines = self._lines(deposit_id, ids, at_line)
        applied = self._applied(deposit_id)
        ours = self.our_claims({row.claim_id for row in rows if row.claim_id is not None})
        return [
            _claim(row, lines.get(row[0], ()), at_claim.get(row[0], ()), applied.get(row[0], 0), ours)
            for row in rows
        ]

    def claims_of_adjustments(self, deposit_id: int, adjustment_ids: Collection[int]) -> set[int]:
        """Deposit claims that these adjustments are on, of this deposit only."""
        # Two plain look-ups: a join makes SQLite go through the list of ids once for every claim.
        owners = {
            int(number)
            for part in _parts(adjustment_ids)
            for number in self._connection.execute(
                sa.select(adjustments.c.deposit_claim_id).where(adjustments.c.id.in_(part))
            ).scalars()
        }
        mine = sa.select(deposit_claims.c.id).where(deposit_claims.c.deposit_id == deposit_id)
        return owners.intersection(self._connection.execute(mine).scalars())

    def our_claim_ids(self, deposit_id: int) -> set[int]:
        """Our claims that are attached to a deposit."""
        column = deposit_claims.c
        found = sa.select(column.claim_id).where(
            column.deposit_id == deposit_id, column.claim_id.is_not(None)
        )
        return {int(number) for number in self._connection.execute(found).scalars() if number is not None}

    def lock_our_claims(self, claim_ids: Collection[int]) -> None:
        """Keeps other postings from these claims; in the order of ids, so that two never wait in a ring."""
        for part in _parts(claim_ids):
            self._connection.execute(
                sa.select(claims.c.id).where(claims.c.id.in_(part)).order_by(claims.c.id).with_for_update()
            )

    def our_claims(self, claim_ids: Collection[int]) -> dict[int, OurClaim]:
        """Our own claims with their payers and lines."""
        payers: dict[int, dict[str, int]] = defaultdict(dict)
        lines: dict[int, list[OurLine]] = defaultdict(list)
        found: dict[int, OurClaim] = {}
        for part in _parts(claim_ids):
            paid_by = sa.select(claim_payers.c.claim_id, claim_payers.c.level, claim_payers.c.payer_id)
            for claim_id, level, payer_id in self._connection.execute(
                paid_by.where(claim_payers.c.claim_id.in_(part))
            ):
                payers[claim_id][level] = payer_id
            statement = sa.select(*_OUR_LINE_COLUMNS).where(charge_lines.c.claim_id.in_(part))
            for claim_id, *rest in self._connection.execute(
                statement.order_by(charge_lines.c.claim_id, charge_lines.c.line_no)
            ).all():
                lines[claim_id].append(OurLine(*rest))
            ours = sa.select(*_OUR_CLAIM_COLUMNS).where(claims.c.id.in_(part))
            for row in self._connection.execute(ours).all():
                values: list[Any] = [*row, payers.get(row[0], {}), tuple(lines.get(row[0], ()))]
                found[row[0]] = OurClaim(*values)
        return found

    def provider_adjustments(self, deposit_id: int) -> list[ProviderWork]:
        """The PLB amounts of a deposit in file order."""
        allocations: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row in self._connection.execute(
            sa.select(provider_allocations)
            .join(provider_adjustments)
            .where(provider_adjustments.c.deposit_id == deposit_id)
            .order_by(provider_allocations.c.id)
        ):
            allocations[row.provider_adjustment_id].append((row.deposit_claim_id, row.amount_cents))
        rows = self._connection.execute(
            sa.select(provider_adjustments)
            .where(provider_adjustments.c.deposit_id == deposit_id)
            .order_by(provider_adjustments.c.position)
        )
        return [
            ProviderWork(
                id=row.id,
                position=row.position,
                provider_id=row.provider_id,
                reason=row.reason,
                reference=row.reference,
                amount_cents=row.amount_cents,
                disposition=Disposition(row.disposition),
                segment=row.segment,
                allocations=tuple(allocations[row.id]),
            )
            for row in rows
        ]

    def _adjustments(
        self, deposit_id: int, only: Collection[int] | None
    ) -> tuple[dict[int, list[AdjustmentWork]], dict[int, list[AdjustmentWork]]]:
        by_line: dict[int, list[AdjustmentWork]] = defaultdict(list)
        by_claim: dict[int, list[AdjustmentWork]] = defaultdict(list)
        for row in self._of_claims(_ADJUSTMENT_COLUMNS, deposit_id, only, adjustments.c.id):
            claim_id, line_id, effect, kind = row[:4]
            made = AdjustmentWork(*(*row[4:8], _EFFECTS[effect], kind or None, *row[8:]))
            if line_id is None:
                by_claim[claim_id].append(made)
            else:
                by_line[line_id].append(made)
        return by_line, by_claim

    def _lines(
        self, deposit_id: int, only: Collection[int] | None, at_line: dict[int, list[AdjustmentWork]]
    ) -> dict[int, list[LineWork]]:
        found: dict[int, list[LineWork]] = defaultdict(list)
        for row in self._of_claims(_LINE_COLUMNS, deposit_id, only, deposit_lines.c.line_no):
            found[row[0]].append(LineWork(*(*row[1:], tuple(at_line.get(row[1], ())))))
        return found

    def _applied(self, deposit_id: int) -> dict[int, int]:
        """Provider-level money per deposit claim."""
        total = sa.func.sum(provider_allocations.c.amount_cents)
        rows = self._connection.execute(
            sa.select(provider_allocations.c.deposit_claim_id, total.label("cents"))
            .join(provider_adjustments)
            .where(provider_adjustments.c.deposit_id == deposit_id)
            .group_by(provider_allocations.c.deposit_claim_id)
        )
        return {row.deposit_claim_id: int(row.cents) for row in rows}

    def _of_claims(
        self,
        columns: Sequence[sa.Column[Any]],
        deposit_id: int,
        only: Collection[int] | None,
        order: sa.Column[Any],
    ) -> Iterator[Sequence[Any]]:
        """Columns of a table that hangs on deposit claims, in order within each claim."""
        table = order.table
        for condition in _in(table.c.deposit_claim_id, only):
            statement = sa.select(*columns).where(condition)
            if only is None:
                statement = statement.join(
                    deposit_claims, deposit_claims.c.id == table.c.deposit_claim_id
                ).where(deposit_claims.c.deposit_id == deposit_id)
            yield from self._connection.execute(statement.order_by(order)).all()


# In the order of the values they become; of adjustments, what they hang on and what is translated comes first.
_CLAIM_COLUMNS = tuple(
    deposit_claims.c[each.name]
    for each in fields(ClaimWork)
    if each.name not in ("lines", "adjustments", "applied_cents", "ours")
)
_STATE_AT = [column.name for column in _CLAIM_COLUMNS].index("state")
_OUR_CLAIM_COLUMNS = tuple(
    claims.c["balance_cents" if each.name == "open_cents" else each.name]
    for each in fields(OurClaim)
    if each.name not in ("payers", "lines")
)
_ADJUSTMENT_COLUMNS = (
    adjustments.c.deposit_claim_id,
    adjustments.c.deposit_line_id,
    adjustments.c.effect,
    adjustments.c.payment_type,
    adjustments.c.id,
    adjustments.c.group_code,
    adjustments.c.reason,
    adjustments.c.amount_cents,
    adjustments.c.amount_received_cents,
    adjustments.c.rule_id,
    adjustments.c.segment,
)
_LINE_COLUMNS = (
    deposit_lines.c.deposit_claim_id,
    deposit_lines.c.id,
    deposit_lines.c.line_no,
    deposit_lines.c.charge_line_id,
    deposit_lines.c.code,
    deposit_lines.c.modifiers,
    deposit_lines.c.original_code,
    deposit_lines.c.service_from,
    deposit_lines.c.line_control_no,
    deposit_lines.c.charge_cents,
    deposit_lines.c.paid_received_cents,
    deposit_lines.c.paid_cents,
    deposit_lines.c.allowed_cents,
    deposit_lines.c.interest_cents,
    deposit_lines.c.remark_codes,
    deposit_lines.c.segment,
)
_OUR_LINE_COLUMNS = (
    charge_lines.c.claim_id,
    charge_lines.c.id,
    charge_lines.c.line_no,
    charge_lines.c.line_control_no,
    charge_lines.c.code,
    charge_lines.c.modifiers,
    charge_lines.c.service_date,
    charge_lines.c.charge_cents,
    charge_lines.c.balance_cents,
    charge_lines.c.active,
)
_STATES = {state.value: state for state in ClaimState}
_EFFECTS = {"": Effect.BLOCK, **{effect.value: effect for effect in Effect}}


def _in(column: sa.Column[Any], only: Collection[int] | None) -> Iterator[sa.ColumnElement[bool]]:
    """One condition per statement: any row, or a part of the ids."""
    if only is None:
        yield sa.true()
    else:
        yield from (column.in_(part) for part in _parts(only))


def _parts(ids: Collection[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _MANY):
        yield ordered[start : start + _MANY]


def _deposit(row: Any) -> DepositWork:
    return DepositWork(
        id=row.id,
        practice_id=row.practice_id,
        type=DepositType(row.type),
        status=DepositStatus(row.status),
        owner_id=row.owner_id,
        payer_id=row.payer_id,
        payer_name=row.payer_name,
        payer_identifier=row.payer_identifier,
        check_number=row.check_number,
        deposited_date=row.deposited_date,
        issued_date=row.issued_date,
        received_at=row.received_at,
        pay_method=row.pay_method,
        pay_type=row.pay_type,
        deposit_cents=row.deposit_cents,
        unreadable=row.unreadable,
        is_eob=row.is_eob,
        difference_reason=row.difference_reason,
        voided_at=row.voided_at,
        sent_at=row.sent_at,
        disbursed_at=row.disbursed_at,
        version=row.version,
    )


def _claim(
    row: Any,
    lines: Sequence[LineWork],
    at_claim: Sequence[AdjustmentWork],
    applied_cents: int,
    ours: dict[int, OurClaim],
) -> ClaimWork:
    claim_id = row.claim_id
    stored = (*row[:_STATE_AT], _STATES[row[_STATE_AT]], *row[_STATE_AT + 1 :])
    ours_here = None if claim_id is None else ours.get(claim_id)
    return ClaimWork(*(*stored, tuple(lines), tuple(at_claim), applied_cents, ours_here))
