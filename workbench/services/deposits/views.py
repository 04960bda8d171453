"""One deposit and what is in it, as the screens show it."""

from dataclasses import fields
from typing import Any

from workbench.domain.codes import CodeBook
from workbench.domain.deposit_views import (
    ClaimDetails,
    ClaimPage,
    ClaimQuery,
    DepositDetails,
    ErrorList,
    ProviderAdjustmentRow,
)
from workbench.domain.identity import Actor
from workbench.domain.money_flow import MoneyFlow
from workbench.domain.permissions import Permission
from workbench.era import raw_segments
from workbench.errors import NotFoundError
from workbench.reconcile.header import Header
from workbench.services.deposits.base import DepositService, seen_header
from workbench.services.looks import Look
from workbench.services.user_settings import MAX_CLAIMS, number_setting
from workbench.storage import Stores
from workbench.storage.stores.deposit_views import remarks

# The ISA, from which the delimiters of the segments are read.
_ENVELOPE_BYTES = 512
SHOWN_ERRORS = 200


class DepositViews(DepositService):
    """Looking at one deposit (spec deposits 6.4, 6.6)."""

    def get(self, actor: Actor, deposit_id: int) -> DepositDetails:
        """The header. Raises NotFoundError when there is none that the actor may see."""
        with self._database.reading() as stores:
            header = seen_header(stores, actor, deposit_id)
            row = stores.deposit_lists.row(deposit_id)
        if row is None:
            raise NotFoundError(f"Deposit {deposit_id} was not found.")
        figures = figures_of(header)
        plain = {each.name: header[each.name] for each in fields(DepositDetails) if each.name in header}
        return DepositDetails(
            row=row,
            balance_explained="" if row.unreadable else figures.balance_explained,
            unreconciled_explained="" if row.unreadable else figures.unreconciled_explained,
            **plain,
        )

    def claims(self, actor: Actor, deposit_id: int, query: ClaimQuery) -> ClaimPage:
        """One page of the deposit's claims; sorted and filtered over the whole deposit."""
        with self._database.reading() as stores:
            seen_header(stores, actor, deposit_id)
            limit = query.limit or number_setting(stores, actor, MAX_CLAIMS)
            rows = stores.deposit_views.claims(deposit_id, query, limit)
            totals = stores.deposit_views.claim_totals(deposit_id, query)
        return ClaimPage(tuple(rows), totals.count, totals)

    def claim(self, actor: Actor, deposit_claim_id: int) -> ClaimDetails:
        """One claim with its lines, adjustments, remarks, errors and raw segments."""
        with self._database.reading() as stores:
            deposit_id = stores.deposit_views.deposit_of_claim(deposit_claim_id)
            if deposit_id is None:
                raise NotFoundError("The claim was not found.")
            header = seen_header(stores, actor, deposit_id)
            row = stores.deposit_views.claim(deposit_claim_id)
            if row is None:
                raise NotFoundError("The claim was not found.")
            look = Look("claim.view", "deposit_claim", deposit_claim_id, header["practice_id"])
            look.add(stores, actor)
            book = stores.codes.book()
            previous_id, next_id = stores.deposit_views.neighbours_of_claim(deposit_id, row.claim_no)
            errors = stores.deposit_views.errors(
                deposit_id, state="", limit=SHOWN_ERRORS, deposit_claim_id=deposit_claim_id
            )
            return ClaimDetails(
                row=row,
                lines=tuple(stores.deposit_views.lines(deposit_claim_id, book)),
                adjustments=tuple(stores.deposit_views.claim_level_adjustments(deposit_claim_id, book)),
                remarks=remarks(row.remark_codes, book),
                errors=errors.rows,
                segments=_segments(stores, actor, deposit_claim_id),
                previous_id=previous_id,
                next_id=next_id,
            )

    def errors(
        self, actor: Actor, deposit_id: int, *, state: str = "open", limit: int = SHOWN_ERRORS
    ) -> ErrorList:
        """The error panel: the gravest first; `state` open, resolved, ignored, auto_resolved, or empty for all."""
        with self._database.reading() as stores:
            seen_header(stores, actor, deposit_id)
            return stores.deposit_views.errors(deposit_id, state=state, limit=limit)

    def provider_adjustments(self, actor: Actor, deposit_id: int) -> tuple[ProviderAdjustmentRow, ...]:
        """The provider-level amounts (PLB), in file order."""
        with self._database.reading() as stores:
            seen_header(stores, actor, deposit_id)
            return tuple(stores.deposit_views.provider_adjustments(deposit_id, stores.codes.book()))

    def money(self, actor: Actor, deposit_id: int) -> MoneyFlow:
        """Where the money went (spec 4.2): the parts sum to the deposit, always."""
        with self._database.reading() as stores:
            header = seen_header(stores, actor, deposit_id)
            provider = stores.deposit_views.provider_adjustments(deposit_id, CodeBook())
        figures = figures_of(header)
        by_reason: dict[str, int] = {}
        for row in provider:
            by_reason[row.reason] = by_reason.get(row.reason, 0) - row.amount_cents
        return MoneyFlow(
            deposit_cents=figures.deposit_cents,
            payments_cents=figures.payments_cents,
            exclusions_cents=figures.exclusions_cents,
            reported_cents=figures.reported_cents,
            unreconciled_cents=figures.unreconciled_cents,
            provider_adjustments_cents=sum(by_reason.values()),
            provider_adjustments=by_reason,
            unreadable=header["unreadable"],
        )


def figures_of(header: dict[str, Any]) -> Header:
    """The header's totals, which know their arithmetic."""
    return Header(**{each.name: header[each.name] for each in fields(Header)})


def _segments(stores: Stores, actor: Actor, deposit_claim_id: int) -> tuple[str, ...]:
    """The claim's segments as received; none without the right to see the 835, or when it came by hand."""
    place = stores.deposit_views.bytes_of_claim(deposit_claim_id)
    if place is None or Permission.ERA_DISPLAY not in actor.permissions:
        return ()
    file_id, envelope, start, end = place
    head = stores.imports.read(file_id, envelope, min(envelope + _ENVELOPE_BYTES, start))
    body = stores.imports.read(file_id, start, end)
    return tuple(raw_segments(head + body, len(head), len(head) + len(body)))
