"""Writes what people change on deposits: headers, claims, lines, adjustments, provider-level money."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from workbench.domain.deposit import ClaimState, Disposition
from workbench.storage.lists import among
from workbench.storage.stores.base import Store
from workbench.storage.tables.claims import charge_lines, claims
from workbench.storage.tables.deposits import (
    adjustments,
    deposit_claims,
    deposit_errors,
    deposit_lines,
    deposits,
    provider_adjustments,
)
from workbench.storage.tables.ledger import provider_allocations

Values = Mapping[str, Any]
_PAID_RECEIVED = "paid_received_cents"


class DepositEditStore(Store):
    """Small writes; each names the rows it changes. Versions guard headers and claims."""

    def add_deposit(self, values: Values) -> int:
        return self._insert(deposits, values)

    def change_deposit(self, deposit_id: int, seen_version: int, values: Values) -> int:
        """Changes the header when nobody else did meanwhile; gives the new version."""
        return self._update_versioned(deposits, deposit_id, seen_version, values, what="The deposit")

    def set_deposit(self, deposit_id: int, values: Values) -> None:
        """Writes computed columns; what a person edits at the same moment is not touched by that."""
        self._connection.execute(sa.update(deposits).where(deposits.c.id == deposit_id).values(**values))

    def set_status(self, deposit_id: int, values: Values) -> None:
        """Changes the state of a deposit that this transaction has locked; editors of the header are told."""
        self.set_deposit(deposit_id, {**values, "version": deposits.c.version + 1})

    def add_claim(self, values: Values) -> int:
        """Adds a claim at the end of the deposit."""
        last = sa.select(sa.func.max(deposit_claims.c.claim_no)).where(
            deposit_claims.c.deposit_id == values["deposit_id"]
        )
        highest = self._connection.execute(last).scalar()
        return self._insert(deposit_claims, {**values, "claim_no": 0 if highest is None else highest + 1})

    def change_claim(self, deposit_claim_id: int, seen_version: int, values: Values) -> int:
        """Changes a deposit claim when nobody else did meanwhile; gives the new version."""
        return self._update_versioned(
            deposit_claims, deposit_claim_id, seen_version, values, what="The claim"
        )

    def set_claims(self, deposit_claim_ids: Collection[int], values: Values) -> None:
        """The same values for many claims."""
        for part in _parts(deposit_claim_ids):
            self._connection.execute(
                sa.update(deposit_claims)
                .where(deposit_claims.c.id.in_(part))
                .values(**values, version=deposit_claims.c.version + 1)
            )

    def set_claims_of(self, deposit_id: int, values: Values) -> None:
        """The same values for every claim of a deposit."""
        self._connection.execute(
            sa.update(deposit_claims)
            .where(deposit_claims.c.deposit_id == deposit_id)
            .values(**values, version=deposit_claims.c.version + 1)
        )

    def change_payer(self, deposit_id: int, before: int | None, after: int) -> None:
        """Gives the claims that had the deposit's payer its new one; others keep theirs."""
        column = deposit_claims.c.payer_id
        self._connection.execute(
            sa.update(deposit_claims)
            .where(
                deposit_claims.c.deposit_id == deposit_id,
                column.is_(None) if before is None else column == before,
            )
            .values(payer_id=after, version=deposit_claims.c.version + 1)
        )

    def set_state(self, deposit_claim_ids: Collection[int], state: ClaimState) -> None:
        self.set_claims(deposit_claim_ids, {"state": state.value})

    def save_totals(self, totals: Mapping[int, Values]) -> None:
        """Money columns per deposit claim."""
        rows = [{"row": key, **values} for key, values in sorted(totals.items())]
        if rows:
            names = [name for name in rows[0] if name != "row"]
            statement = sa.update(deposit_claims).where(deposit_claims.c.id == sa.bindparam("row"))
            self._connection.execute(statement.values({name: sa.bindparam(name) for name in names}), rows)

    def save_line_gaps(self, deposit_claim_ids: Collection[int]) -> None:
        """The gap of each line of these claims (spec 4.6), from its figures and adjustments as they are now."""
        line = deposit_lines.c
        # The claim is named too, because adjustments are indexed by it.
        adjusted = (
            sa.select(sa.func.coalesce(sa.func.sum(adjustments.c.amount_cents), 0))
            .where(adjustments.c.deposit_claim_id == line.deposit_claim_id)
            .where(adjustments.c.deposit_line_id == line.id)
            .scalar_subquery()
        )
        gap = line.charge_cents - adjusted - (line.paid_cents - line.interest_cents)
        for part in _parts(deposit_claim_ids):
            mine = line.deposit_claim_id.in_(part)
            self._connection.execute(sa.update(deposit_lines).where(mine).values(gap_cents=gap))

    def add_line(self, values: Values) -> int:
        return self._insert(deposit_lines, values)

    def set_line(self, deposit_line_id: int, values: Values) -> None:
        self._connection.execute(
            sa.update(deposit_lines).where(deposit_lines.c.id == deposit_line_id).values(**values)
        )

    def remove_line(self, deposit_line_id: int) -> None:
        """Takes away a line that a person added; one of a file stays for ever."""
        self._connection.execute(
            sa.delete(adjustments).where(adjustments.c.deposit_line_id == deposit_line_id)
        )
        self._connection.execute(
            sa.delete(deposit_errors).where(deposit_errors.c.deposit_line_id == deposit_line_id)
        )
        self._connection.execute(sa.delete(deposit_lines).where(deposit_lines.c.id == deposit_line_id))

    def add_adjustment(self, values: Values) -> int:
        return self._insert(adjustments, values)

    def set_adjustments(self, rows: Sequence[Values]) -> None:
        """Each row names its `id`; the rest are new values, the same columns in every row."""
        if rows:
            names = [name for name in rows[0] if name != "id"]
            bound = [{f"v_{name}": value for name, value in row.items()} for row in rows]
            statement = sa.update(adjustments).where(adjustments.c.id == sa.bindparam("v_id"))
            self._connection.execute(
                statement.values({name: sa.bindparam(f"v_{name}") for name in names}), bound
            )

    def remove_adjustments(self, adjustment_ids: Collection[int]) -> None:
        for part in _parts(adjustment_ids):
            self._connection.execute(sa.delete(adjustments).where(adjustments.c.id.in_(part)))

    def set_disposition(self, provider_adjustment_id: int, disposition: Disposition) -> None:
        self._connection.execute(
            sa.update(provider_adjustments)
            .where(provider_adjustments.c.id == provider_adjustment_id)
            .values(disposition=disposition.value)
        )

    def set_allocations(self, provider_adjustment_id: int, parts: Mapping[int, int]) -> None:
        """Replaces what the amount is applied to: deposit claim -> cash amount."""
        self._connection.execute(
            sa.delete(provider_allocations).where(
                provider_allocations.c.provider_adjustment_id == provider_adjustment_id
            )
        )
        rows = [
            {
                "provider_adjustment_id": provider_adjustment_id,
                "deposit_claim_id": claim,
                "amount_cents": cents,
            }
            for claim, cents in sorted(parts.items())
            if cents
        ]
        if rows:
            self._connection.execute(sa.insert(provider_allocations), rows)

    def key_unreadable(self, line_ids: Collection[int], adjustment_ids: Collection[int]) -> None:
        """A person keyed what was paid on these lines, and these adjustments; what was received stays unreadable."""
        line, row = deposit_lines.c, adjustments.c
        keyed = sa.func.replace(line.unreadable, " paid_cents", "")
        for part in _parts(line_ids):
            mine = sa.and_(line.id.in_(part), line.unreadable != "")
            self._connection.execute(sa.update(deposit_lines).where(mine).values(unreadable=keyed))
        for part in _parts(adjustment_ids):
            mine = sa.and_(row.id.in_(part), row.unreadable != "")
            self._connection.execute(
                sa.update(adjustments).where(mine).values(unreadable="amount_received_cents")
            )

    def is_unreadable(self, deposit_claim_id: int) -> bool:
        """Whether an amount that posting needs is still unreadable: a charge, a payment, an adjustment."""
        claim, line, row = deposit_claims.c, deposit_lines.c, adjustments.c
        whole = sa.and_(claim.unreadable != "", ~sa.exists().where(line.deposit_claim_id == claim.id))
        needed = sa.or_(line.unreadable.like("charge%"), line.unreadable.like("% paid%"))
        found = sa.select(
            sa.or_(
                sa.exists().where(claim.id == deposit_claim_id, whole),
                sa.exists().where(line.deposit_claim_id == deposit_claim_id, needed),
                sa.exists().where(row.deposit_claim_id == deposit_claim_id, row.unreadable == "amount_cents"),
            )
        )
        return bool(self._connection.scalar(found))

    def reset_to_received(self, deposit_id: int, *, zero: bool) -> None:
        """Payment data as received; on an EOB (`zero`) the lines stay but every amount becomes 0 (spec 2.1)."""
        of_deposit = sa.select(deposit_claims.c.id).where(deposit_claims.c.deposit_id == deposit_id)
        line = deposit_lines.c
        self._connection.execute(
            sa.update(deposit_lines)
            .where(line.deposit_claim_id.in_(of_deposit))
            .values(
                paid_cents=0 if zero else line.paid_received_cents,
                interest_cents=0,
                # Keyed or not, it is unreadable again.
                unreadable=sa.func.replace(
                    sa.func.replace(line.unreadable, " paid_cents", ""),
                    _PAID_RECEIVED,
                    f"{_PAID_RECEIVED} paid_cents",
                ),
                **({"allowed_cents": None} if zero else {}),
            )
        )
        row = adjustments.c
        mine = row.deposit_claim_id.in_(of_deposit)
        if zero:
            self._connection.execute(sa.update(adjustments).where(mine).values(amount_cents=0))
            self.set_claims_of(deposit_id, {"paid_stated_cents": 0, "patient_responsibility_cents": 0})
            return
        # A row that a person added was never received.
        self._connection.execute(
            sa.delete(adjustments).where(mine, row.segment.is_(None), row.amount_received_cents == 0)
        )
        self._connection.execute(
            sa.update(adjustments)
            .where(mine, row.amount_received_cents.is_not(None))
            .values(amount_cents=row.amount_received_cents, amount_received_cents=None)
        )
        keyed = sa.and_(mine, row.unreadable != "")
        self._connection.execute(sa.update(adjustments).where(keyed).values(unreadable="amount_cents"))

    def set_our_claims(self, rows: Sequence[Values]) -> None:
        """Status and level of our own claims, as posting decides them: rows of `id`, `status`, `level`."""
        moved: dict[tuple[Any, Any], list[int]] = defaultdict(list)
        for row in rows:
            moved[row["status"], row["level"]].append(row["id"])
        for (status, level), ids in moved.items():
            self._connection.execute(
                sa.update(claims)
                .where(among(self._connection, claims.c.id, ids))
                .values(status=status, level=level, version=claims.c.version + 1)
            )

    def activate_charge_line(self, charge_line_id: int) -> None:
        """Mapping to an inactive line makes it active (spec 3.1, PROCEDURE_CODE_CONFLICT)."""
        self._connection.execute(
            sa.update(charge_lines).where(charge_lines.c.id == charge_line_id).values(active=True)
        )

    def header_sums(self, deposit_id: int) -> dict[str, int]:
        """Sums over the claims and provider-level amounts, for `reconcile.header`."""
        row = self._connection.execute(_HEADER_SUMS, {"deposit": deposit_id}).mappings().one()
        return {name: int(value) for name, value in row.items()}

    def unposted(self, deposit_id: int) -> dict[str, int]:
        """How many included claims are in each state."""
        claim = deposit_claims.c
        rows = self._connection.execute(
            sa.select(claim.state, sa.func.count().label("many"))
            .where(claim.deposit_id == deposit_id, claim.included.is_(True))
            .group_by(claim.state)
        )
        return {row.state: int(row.many) for row in rows}


def _sum_if(condition: sa.ColumnElement[bool], column: sa.Column[Any]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, column), else_=0)), 0)


def _header_sums() -> sa.Select[Any]:
    """The statement behind `header_sums`: made once, as every act at the desk asks for it."""
    claim, plb, adjustment = deposit_claims.c, provider_adjustments.c, adjustments.c
    included = claim.included.is_(True)
    deposit: sa.BindParameter[int] = sa.bindparam("deposit")
    by_plb = sa.select(sa.func.coalesce(sa.func.sum(-plb.amount_cents), 0)).where(
        plb.deposit_id == deposit, plb.disposition == Disposition.REPORT.value
    )
    by_claims = (
        sa.select(sa.func.coalesce(sa.func.sum(-adjustment.amount_cents), 0))
        .join(deposit_claims, claim.id == adjustment.deposit_claim_id)
        .where(claim.deposit_id == deposit, included)
        .where(adjustment.deposit_line_id.is_(None), adjustment.effect == "REPORT")
    )
    return sa.select(
        _sum_if(included, claim.paid_cents).label("payments_cents"),
        _sum_if(included, claim.adjustments_cents).label("adjustments_cents"),
        _sum_if(included, claim.information_cents).label("information_cents"),
        _sum_if(~included, claim.paid_stated_cents).label("exclusions_cents"),
        sa.func.coalesce(sa.func.sum(claim.charge_cents), 0).label("charged_cents"),
        sa.func.count().label("claims_count"),
        (by_plb.scalar_subquery() + by_claims.correlate(None).scalar_subquery()).label("reported_cents"),
    ).where(claim.deposit_id == deposit)


_HEADER_SUMS = _header_sums()


def _parts(ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[start : start + 10_000] for start in range(0, len(ordered), 10_000)]
