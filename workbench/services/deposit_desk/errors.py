"""The error panel: what is wrong, and closing it (spec deposits 3). Resolving in place is in `resolving.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.domain.deposit import ClaimState, DepositAction
from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.identity import Actor
from workbench.errors import NotFoundError, RefusedError
from workbench.services.deposit_desk.as_seen import require_as_seen
from workbench.services.deposit_desk.comparing import Comparing
from workbench.services.deposit_desk.desk import EVERY_STATE, open_deposit, work_on
from workbench.services.deposit_desk.duplicates import refresh_duplicates
from workbench.services.deposit_desk.like_errors import LikeErrors
from workbench.services.deposit_desk.planning import NOT_IGNORABLE
from workbench.services.deposit_desk.refreshing import refresh
from workbench.storage import Stores
from workbench.storage.stores.deposit_error_work import ErrorRow


@dataclass(frozen=True, slots=True)
class ShownError:
    """One error for the panel. `why_not_ignore`: why it cannot be ignored, None when it can."""

    id: int
    deposit_claim_id: int | None
    deposit_line_id: int | None
    code: str
    level: str
    severity: str
    state: str
    message: str
    advice: str
    segment: int | None
    context: dict[str, Any]
    close_reason: str
    why_not_ignore: str | None


class DepositErrors(LikeErrors, Comparing):
    """Lists, recomputes, ignores and opens errors again; lays duplicates side by side."""

    def of_deposit(self, actor: Actor, deposit_id: int, *, closed: bool = False) -> list[ShownError]:
        """Open errors, and with `closed` the settled ones, too; those of the deposit come first."""
        with self._database.reading() as stores:
            open_deposit(stores, actor, deposit_id)
            states = EVERY_STATE if closed else ("open",)
            return [_shown(row) for row in stores.deposit_errors.of_deposit(deposit_id, states=states)]

    def recompute(self, actor: Actor, deposit_id: int) -> list[ShownError]:
        """Computes totals and errors anew; twice gives the same set (spec 10)."""
        with self._database.transaction() as stores:
            work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            refresh(stores, actor, deposit_id)
            refresh_duplicates(stores, deposit_id)
            return [_shown(row) for row in stores.deposit_errors.of_deposit(deposit_id)]

    def ignore(self, actor: Actor, deposit_id: int, error_ids: Sequence[int], reason: str) -> int:
        """Ignores errors, many of a kind at once; gives how many. Each comes back only when its facts change.

        Ignoring CLAIM_NOT_FOUND says that the claim lives elsewhere, so the claim is excluded.
        Raises ChangedByAnotherError when one of them is not open any more.
        """
        if not reason.strip():
            raise RefusedError("Say why (Ignore).")
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            rows = _named(stores, deposit_id, error_ids)
            _require_open(rows)
            claims = {row.deposit_claim_id for row in rows if row.deposit_claim_id is not None}
            # So that what is ignored are today's facts, in the words in which they will be compared.
            refresh(stores, actor, deposit_id, claims)
            for row in rows:
                if text := why_not_ignore(row.code):
                    raise RefusedError(text)
            elsewhere = [
                row.deposit_claim_id for row in rows if row.code == "CLAIM_NOT_FOUND" and row.deposit_claim_id
            ]
            stores.deposit_errors.close([row.id for row in rows], "ignored", actor.user_id, reason.strip())
            values = {"included": False, "state": ClaimState.EXCLUDED.value}
            stores.deposit_edits.set_claims(elsewhere, values)
            refresh(stores, actor, deposit_id, elsewhere)
            stores.audit.add(
                actor,
                "error.ignore",
                "deposit",
                deposit_id,
                practice_id=deposit.practice_id,
                after={"errors": sorted({row.code for row in rows}), "count": len(rows)},
                reason=reason.strip(),
            )
            return len(rows)

    def reopen(self, actor: Actor, deposit_id: int, error_ids: Sequence[int]) -> int:
        """Takes back that errors were ignored; gives how many are open again.

        A claim that was excluded because it was said to live elsewhere is taken in again.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            rows = _named(stores, deposit_id, error_ids)
            if any(row.state != "ignored" for row in rows):
                raise RefusedError("Only an ignored error can be opened again.")
            claims = {row.deposit_claim_id for row in rows if row.deposit_claim_id is not None}
            stores.deposit_errors.reopen([row.id for row in rows])
            elsewhere = {row.deposit_claim_id for row in rows if row.code == "CLAIM_NOT_FOUND"}
            back = [
                claim.id
                for claim in stores.deposit_work.claims(deposit_id, claims)
                if claim.id in elsewhere and claim.state is ClaimState.EXCLUDED
            ]
            stores.deposit_edits.set_claims(back, {"included": True, "state": ClaimState.PENDING.value})
            refresh(stores, actor, deposit_id, claims)
            after = {"errors": sorted({row.code for row in rows}), "count": len(rows)}
            stores.audit.add(
                actor, "error.reopen", "deposit", deposit_id, practice_id=deposit.practice_id, after=after
            )
            return len(rows)


def _named(stores: Stores, deposit_id: int, error_ids: Sequence[int]) -> list[ErrorRow]:
    rows = stores.deposit_errors.named(error_ids)
    if len(rows) != len(set(error_ids)) or any(row.deposit_id != deposit_id for row in rows):
        raise NotFoundError("The error was not found.")
    return rows


def _require_open(rows: Sequence[ErrorRow]) -> None:
    settled = {
        row.code.replace("_", " ").capitalize(): (row.state.replace("_", " "), "ignored")
        for row in rows
        if row.state != "open"
    }
    require_as_seen("The error", same=not settled, changes=settled)


def why_not_ignore(code: str) -> str | None:
    """Errors without which money would have no place are resolved, never ignored."""
    if code in NOT_IGNORABLE | {"PROVIDER_ADJUSTMENT", "MISSING_REMIT_STATUS"}:
        return f"This cannot be ignored. {ERROR_KINDS[code].advice}"
    return None


def _shown(row: ErrorRow) -> ShownError:
    kind = ERROR_KINDS.get(row.code)
    return ShownError(
        id=row.id,
        deposit_claim_id=row.deposit_claim_id,
        deposit_line_id=row.deposit_line_id,
        code=row.code,
        level=row.level,
        severity=row.severity,
        state=row.state,
        message=row.message,
        advice=kind.advice if kind else "",
        segment=row.segment,
        context=row.context,
        close_reason=row.close_reason,
        why_not_ignore=why_not_ignore(row.code),
    )
