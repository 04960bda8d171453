"""The errors of deposits as rows that are computed again and again, and closed by people."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workbench.storage.clock import now
from workbench.storage.lists import among
from workbench.storage.stores.base import Store
from workbench.storage.tables.deposits import deposit_claims, deposit_errors, deposits


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One error as stored (spec 3.2)."""

    id: int
    deposit_id: int
    deposit_claim_id: int | None
    deposit_line_id: int | None
    code: str
    level: str
    severity: str
    state: str
    message: str
    context: dict[str, Any]
    segment: int | None
    key: str
    created_at: datetime
    closed_by_id: int | None
    closed_at: datetime | None
    close_reason: str


class DepositErrorStore(Store):
    """Reads and writes `deposit_errors` and keeps the counters of open ones beside them."""

    def of_deposit(
        self, deposit_id: int, *, states: Collection[str] = ("open",), codes: Collection[str] | None = None
    ) -> list[ErrorRow]:
        """Errors of a deposit, those of the deposit first, then by claim and line."""
        column = deposit_errors.c
        statement = sa.select(deposit_errors).where(
            column.deposit_id == deposit_id, column.state.in_(sorted(states))
        )
        if codes is not None:
            statement = statement.where(column.code.in_(sorted(codes)))
        order = (column.deposit_claim_id.is_not(None), column.deposit_claim_id, column.id)
        return [_row(row) for row in self._connection.execute(statement.order_by(*order))]

    def get(self, error_id: int) -> ErrorRow | None:
        row = self._connection.execute(
            sa.select(deposit_errors).where(deposit_errors.c.id == error_id)
        ).first()
        return None if row is None else _row(row)

    def named(self, error_ids: Collection[int]) -> list[ErrorRow]:
        """These errors, of whatever deposit and in whatever state, in the order of their numbers."""
        ordered = sorted(set(error_ids))
        return [
            _row(row)
            for start in range(0, len(ordered), 10_000)
            for row in self._connection.execute(
                sa.select(deposit_errors)
                .where(deposit_errors.c.id.in_(ordered[start : start + 10_000]))
                .order_by(deposit_errors.c.id)
            )
        ]

    def by_key(self, deposit_id: int, only: Collection[int] | None = None) -> dict[str, ErrorRow]:
        """The errors of these deposit claims, or of the deposit itself (None), whatever their state."""
        claim = deposit_errors.c.deposit_claim_id
        mine = claim.is_(None) if only is None else among(self._connection, claim, only)
        statement = sa.select(deposit_errors).where(deposit_errors.c.deposit_id == deposit_id, mine)
        return {row.key: _row(row) for row in self._connection.execute(statement)}

    def open_critical(self, deposit_id: int) -> int:
        """How many open errors stop the whole deposit."""
        column = deposit_errors.c
        found = sa.select(sa.func.count()).where(
            column.deposit_id == deposit_id, column.state == "open", column.severity == "critical"
        )
        return int(self._connection.execute(found).scalar_one())

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            moment = now()
            self._connection.execute(
                sa.insert(deposit_errors), [{**row, "created_at": moment, "state": "open"} for row in rows]
            )

    def set(self, error_ids: Collection[int], values: Mapping[str, Any]) -> None:
        ordered = sorted(error_ids)
        for start in range(0, len(ordered), 10_000):
            part = ordered[start : start + 10_000]
            self._connection.execute(
                sa.update(deposit_errors).where(deposit_errors.c.id.in_(part)).values(**values)
            )

    def reword(self, facts: Mapping[int, tuple[str, Mapping[str, Any]]]) -> None:
        """New message and context, by error: its facts as they are now."""
        if facts:
            column = deposit_errors.c
            statement = sa.update(deposit_errors).where(column.id == sa.bindparam("row"))
            self._connection.execute(
                statement.values(message=sa.bindparam("told"), context_json=sa.bindparam("facts")),
                [
                    {"row": number, "told": message, "facts": json.dumps(context)}
                    for number, (message, context) in sorted(facts.items())
                ],
            )

    def regrade(self, severities: Mapping[int, str]) -> None:
        """How grave each of these errors is now; its facts stay what they are."""
        for severity in sorted(set(severities.values())):
            mine = [number for number, grade in severities.items() if grade == severity]
            changed = sa.update(deposit_errors).where(among(self._connection, deposit_errors.c.id, mine))
            self._connection.execute(changed.values(severity=severity))

    def regrade_kind(self, code: str, severity: str) -> list[int]:
        """How grave all open errors of a kind are now; gives their deposits."""
        column = deposit_errors.c
        mine = (column.code == code, column.state == "open")
        found = self._connection.scalars(sa.select(column.deposit_id).where(*mine).distinct())
        deposit_ids = sorted(found)
        self._connection.execute(sa.update(deposit_errors).where(*mine).values(severity=severity))
        return deposit_ids

    def close(self, error_ids: Collection[int], state: str, user_id: int | None, reason: str) -> None:
        """`state`: resolved, ignored or auto_resolved."""
        self.set(
            error_ids, {"state": state, "closed_by_id": user_id, "closed_at": now(), "close_reason": reason}
        )

    def reopen(self, error_ids: Collection[int]) -> None:
        self.set(error_ids, {"state": "open", "closed_by_id": None, "closed_at": None, "close_reason": ""})

    def recount(self, deposit_id: int) -> None:
        """Sets the counters of open errors on the deposit and its claims from the rows themselves.

        Warnings stop nothing and are not counted, as at the import.
        """
        error = deposit_errors.c
        counts = (error.deposit_id == deposit_id, error.state == "open", error.severity != "warning")
        found = self._connection.execute(
            sa.select(error.deposit_claim_id, sa.func.count()).where(*counts).group_by(error.deposit_claim_id)
        )
        now_open: dict[int | None, int] = {row[0]: int(row[1]) for row in found}
        every = sum(now_open.values())
        now_open.pop(None, None)
        self._count_on_claims(deposit_id, now_open)
        self._connection.execute(
            sa.update(deposits)
            .where(deposits.c.id == deposit_id)
            .values(open_errors=every, open_critical_errors=self.open_critical(deposit_id))
        )

    def _count_on_claims(self, deposit_id: int, now_open: Mapping[int | None, int]) -> None:
        """Writes the counters that differ: counting each claim by itself would take a minute for 10,000."""
        claim = deposit_claims.c
        rows = self._connection.execute(
            sa.select(claim.id, claim.open_errors).where(claim.deposit_id == deposit_id)
        )
        changed = [
            {"row": row.id, "count": now_open.get(row.id, 0)}
            for row in rows
            if row.open_errors != now_open.get(row.id, 0)
        ]
        if changed:
            statement = sa.update(deposit_claims).where(claim.id == sa.bindparam("row"))
            self._connection.execute(statement.values(open_errors=sa.bindparam("count")), changed)


def _row(row: Any) -> ErrorRow:
    return ErrorRow(
        id=row.id,
        deposit_id=row.deposit_id,
        deposit_claim_id=row.deposit_claim_id,
        deposit_line_id=row.deposit_line_id,
        code=row.code,
        level=row.level,
        severity=row.severity,
        state=row.state,
        message=row.message,
        context=json.loads(row.context_json),
        segment=row.segment,
        key=row.key,
        created_at=row.created_at,
        closed_by_id=row.closed_by_id,
        closed_at=row.closed_at,
        close_reason=row.close_reason,
    )
