"""Provider-level money across deposits, and deposits that wait to be posted by themselves."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from workbench.domain.bank import MatchState
from workbench.storage.stores.base import Store
from workbench.storage.tables.bank import bank_match_items, bank_matches
from workbench.storage.tables.deposits import deposit_claims, deposits, provider_adjustments

CARRYING = ("72", "CS", "FB", "L6", "WO")
REVERSAL = "22"


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """A PLB row of a reason that carries money from check to check; `day` of the check."""

    id: int
    deposit_id: int
    practice_id: int | None
    day: date | None
    payer: str
    provider_id: str
    reason: str
    reference: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class WaitingDeposit:
    """A New deposit from a file, with the days its delay may count from.

    `banked`: a person, or an exact trace, has matched it to a line of the bank.
    """

    id: int
    practice_id: int | None
    payer_id: int | None
    deposited_date: date | None
    received_at: datetime
    deposit_cents: int
    banked: bool


class ProviderRowStore(Store):
    """Reads `provider_adjustments` of many deposits at once."""

    def carrying(self, payer_id: int | None = None) -> list[CarriedRow]:
        """Rows in the order of the checks; removed and ignored deposits are left out."""
        plb, head = provider_adjustments.c, deposits.c
        statement = (
            sa.select(
                plb.id,
                plb.deposit_id,
                head.practice_id,
                sa.func.coalesce(head.issued_date, head.deposited_date).label("day"),
                head.payer_name.label("payer"),
                plb.provider_id,
                plb.reason,
                plb.reference,
                plb.amount_cents,
            )
            .join(deposits, head.id == plb.deposit_id)
            .where(plb.reason.in_(CARRYING), head.voided_at.is_(None), head.status != "IGNORE")
        )
        if payer_id is not None:
            statement = statement.where(head.payer_id == payer_id)
        order = (sa.func.coalesce(head.issued_date, head.deposited_date), plb.deposit_id, plb.position)
        return [CarriedRow(**row) for row in self._connection.execute(statement.order_by(*order)).mappings()]

    def has_reversal(self, deposit_id: int) -> bool:
        """Whether the deposit holds a reversal of the payer (CLP02 22)."""
        claim = deposit_claims.c
        found = sa.select(claim.id).where(claim.deposit_id == deposit_id, claim.remit_status == REVERSAL)
        return self._connection.execute(found.limit(1)).first() is not None

    def waiting_eras(self) -> list[WaitingDeposit]:
        """New ERA deposits, oldest first."""
        head, item, match = deposits.c, bank_match_items.c, bank_matches.c
        confirmed = sa.exists().where(
            item.deposit_id == head.id,
            item.live,
            item.match_id == match.id,
            match.state == MatchState.CONFIRMED.value,
        )
        columns = (head.id, head.practice_id, head.payer_id, head.deposited_date, head.received_at)
        rows = self._connection.execute(
            sa.select(*columns, head.deposit_cents, confirmed.label("banked"))
            .where(head.type == "ERA", head.status == "NEW", head.voided_at.is_(None))
            .order_by(head.received_at, head.id)
        )
        return [
            WaitingDeposit(
                row.id,
                row.practice_id,
                row.payer_id,
                row.deposited_date,
                row.received_at,
                row.deposit_cents,
                bool(row.banked),
            )
            for row in rows
        ]
