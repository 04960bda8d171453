"""Provider-level money (PLB): the grid, what is proposed, the running ledger of a payer (spec deposits 4.4, 4.7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.codes import CodeBook, CodeList
from workbench.domain.deposit import DepositAction, Disposition
from workbench.domain.deposit_work import DepositWork, ProviderWork
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.reconcile.forwarding import (
    Forwarded,
    ProviderRow,
    proposed_disposition,
    running_ledger,
    unpaired,
)
from workbench.services.deposit_desk.desk import open_deposit, work_on
from workbench.services.deposit_desk.provider_claims import NamingClaims
from workbench.services.deposit_desk.refreshing import refresh
from workbench.storage import Stores
from workbench.storage.stores.provider_rows import CarriedRow


@dataclass(frozen=True, slots=True)
class ShownProviderAmount:
    """One PLB row. `cash_cents` is what it does to the deposit: minus the X12 amount.

    `proposed`: what the set-up (ERA Amounts) or the shipped table says; UNRESOLVED asks a person.
    """

    id: int
    position: int
    reason: str
    meaning: str
    reference: str
    amount_cents: int
    cash_cents: int
    disposition: Disposition
    proposed: Disposition
    allocations: tuple[tuple[int, int], ...]


class ProviderMoney(NamingClaims):
    """Shows provider-level money and settles what needs nobody."""

    def of_deposit(self, actor: Actor, deposit_id: int) -> list[ShownProviderAmount]:
        with self._database.reading() as stores:
            deposit = open_deposit(stores, actor, deposit_id)
            rows = stores.deposit_work.provider_adjustments(deposit_id)
            proposals = _proposals(stores, deposit, rows)
            book = stores.codes.book()
        return [_shown(row, proposals[row.id], book) for row in rows]

    def settle_proposed(self, actor: Actor, deposit_id: int) -> int:
        """Sends to Deposit Reporting what is proposed for it and nobody has decided; gives how many rows."""
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            rows = stores.deposit_work.provider_adjustments(deposit_id)
            proposals = _proposals(stores, deposit, rows)
            settled = [
                row
                for row in rows
                if row.disposition is Disposition.UNRESOLVED and proposals[row.id] is Disposition.REPORT
            ]
            for row in settled:
                stores.deposit_edits.set_disposition(row.id, Disposition.REPORT)
            refresh(stores, actor, deposit_id, ())
            if settled:
                after = {"reported": [f"{row.reason} {row.amount_cents}" for row in settled]}
                stores.audit.add(
                    actor,
                    "plb.settle_proposed",
                    "deposit",
                    deposit_id,
                    practice_id=deposit.practice_id,
                    after=after,
                )
        return len(settled)

    def running_ledger(self, actor: Actor, payer_id: int | None = None) -> list[Forwarded]:
        """Take-backs and forwarding balances of one payer, or of all, in the order of the checks."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            rows = stores.provider_rows.carrying(payer_id)
        return running_ledger(_carried(row) for row in rows if actor.sees(row.practice_id))


def _shown(row: ProviderWork, proposed: Disposition, book: CodeBook) -> ShownProviderAmount:
    return ShownProviderAmount(
        id=row.id,
        position=row.position,
        reason=row.reason,
        meaning=book.meaning(CodeList.PLB_REASON, row.reason) or "Code not in our list",
        reference=row.reference,
        amount_cents=row.amount_cents,
        cash_cents=-row.amount_cents,
        disposition=row.disposition,
        proposed=proposed,
        allocations=row.allocations,
    )


def _proposals(stores: Stores, deposit: DepositWork, rows: Sequence[ProviderWork]) -> dict[int, Disposition]:
    """By row: the set-up of the payer, else that for all, else the shipped table of spec 4.4."""
    if not rows:
        return {}
    amounts = stores.rules.era_amounts()
    owed = _owed_before(stores, deposit)
    left = unpaired(_as_row(deposit, row) for row in rows)
    has_reversal = stores.provider_rows.has_reversal(deposit.id)
    found = {}
    for row in rows:
        set_up = amounts.get((deposit.payer_id, row.reason)) or amounts.get((None, row.reason))
        found[row.id] = set_up or proposed_disposition(
            row.reason,
            row.amount_cents,
            has_reversal=has_reversal,
            owed_cents=owed.get(row.reference, 0),
            paired=row.reason in ("WO", "72") and row.id not in left,
        )
    return found


def _owed_before(stores: Stores, deposit: DepositWork) -> dict[str, int]:
    """Debt that earlier checks of this payer carried, by reference."""
    owed: dict[str, int] = {}
    if deposit.payer_id is None:
        return owed
    for row in stores.provider_rows.carrying(deposit.payer_id):
        if row.deposit_id != deposit.id and row.reason == "WO":
            owed[row.reference] = max(owed.get(row.reference, 0) - row.amount_cents, 0)
    return owed


def _carried(row: CarriedRow) -> ProviderRow:
    return ProviderRow(
        row.id,
        row.deposit_id,
        row.day,
        row.payer,
        row.provider_id,
        row.reason,
        row.reference,
        row.amount_cents,
    )


def _as_row(deposit: DepositWork, row: ProviderWork) -> ProviderRow:
    return ProviderRow(
        row.id,
        deposit.id,
        deposit.issued_date,
        deposit.payer_name,
        row.provider_id,
        row.reason,
        row.reference,
        row.amount_cents,
    )
