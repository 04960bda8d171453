"""Deciding about a provider-level amount (PLB): apply, report, ignore, or open again (spec deposits 4.4)."""

from collections.abc import Mapping
from typing import NamedTuple

from workbench.domain.deposit import DepositAction, Disposition
from workbench.domain.deposit_work import ProviderWork
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.errors import NotFoundError, RefusedError
from workbench.services.deposit_desk.as_seen import require_as_seen
from workbench.services.deposit_desk.desk import work_on
from workbench.services.deposit_desk.refreshing import refresh
from workbench.services.deposit_desk.resolving_rows import ResolvingService, audit, open_claims
from workbench.storage import Stores


class Disposed(NamedTuple):
    """What was decided about an amount when it was shown: (deposit claim, cash amount) when it was applied."""

    disposition: Disposition
    allocations: tuple[tuple[int, int], ...] = ()


class DisposingProviderMoney(ResolvingService):
    def dispose(
        self,
        actor: Actor,
        deposit_id: int,
        provider_adjustment_id: int,
        disposition: Disposition,
        allocations: Mapping[int, int] | None = None,
        reason: str = "",
        *,
        seen: Disposed | None = None,
    ) -> None:
        """Decides about a provider-level amount (spec 4.4).

        `allocations`: deposit claim -> cash amount (minus the PLB amount), which must sum to it exactly.
        Raises RefusedError when they do not, when a claim is posted, or when Ignore has no reason.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            row = _provider_row(stores, deposit_id, provider_adjustment_id)
            parts = dict(allocations or {}) if disposition is Disposition.APPLY_TO_CLAIM else {}
            _require_row_as_seen(row, seen, disposition)
            _require_whole(row, disposition, parts, reason)
            touched = {*parts, *(claim for claim, _ in row.allocations)}
            open_claims(stores, deposit_id, touched)
            stores.deposit_edits.set_disposition(row.id, disposition)
            stores.deposit_edits.set_allocations(row.id, parts)
            refresh(stores, actor, deposit_id, touched)
            after = {"plb": row.position, "disposition": disposition, "allocations": parts}
            audit(stores, actor, deposit, "plb.dispose", after, reason)


def _provider_row(stores: Stores, deposit_id: int, provider_adjustment_id: int) -> ProviderWork:
    rows = stores.deposit_work.provider_adjustments(deposit_id)
    row = next((row for row in rows if row.id == provider_adjustment_id), None)
    if row is None:
        raise NotFoundError("The provider adjustment was not found.")
    return row


def _require_row_as_seen(row: ProviderWork, seen: Disposed | None, wanted: Disposition) -> None:
    if seen is not None:
        same = (row.disposition, sorted(row.allocations)) == (seen.disposition, sorted(seen.allocations))
        changes = {"Disposition": (row.disposition.label, wanted.label)}
        require_as_seen("The provider adjustment", same=same, changes=changes)


def _require_whole(row: ProviderWork, to: Disposition, parts: Mapping[int, int], reason: str) -> None:
    if to is Disposition.APPLY_TO_CLAIM and sum(parts.values()) != -row.amount_cents:
        text = f"The parts sum to {format_dollars(sum(parts.values()))}"
        raise RefusedError(f"{text}; they must sum to {format_dollars(-row.amount_cents)}.")
    if to is Disposition.IGNORE and not reason.strip():
        raise RefusedError("Say why (Ignore).")
