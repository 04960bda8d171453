"""All errors of one kind on a deposit, those alike together, settled one by one or at once (spec 3.1, 6.7)."""

from collections.abc import Sequence

from workbench.domain.money import format_dollars
from workbench.services.deposit_desk.errors import why_not_ignore
from workbench.services.deposit_desk.like_errors import KnownError
from workbench.widgets.desk import DepositsDesk

EVERY = ""


class ErrorListModel:
    """`facts`: the message by which like errors are told from others; EVERY shows all of the kind."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.code = ""
        self.facts = EVERY
        self.errors: list[KnownError] = []

    def open(self, deposit_id: int, code: str) -> bool:
        """False when no error of the kind is open any more."""
        self.deposit_id, self.code = deposit_id, code
        self.errors = self._desk.deposit_desk.errors.of_kind(self._desk.actor, deposit_id, code)
        if self.facts not in {error.message for error in self.errors}:
            self.facts = EVERY
        return bool(self.errors)

    @property
    def groups(self) -> dict[str, list[KnownError]]:
        """Facts -> the errors that have them, the most frequent first."""
        found: dict[str, list[KnownError]] = {}
        for error in self.errors:
            found.setdefault(error.message, []).append(error)
        return dict(sorted(found.items(), key=lambda group: -len(group[1])))

    @property
    def shown(self) -> list[KnownError]:
        return [error for error in self.errors if self.facts in (EVERY, error.message)]

    def picked(self, error_ids: Sequence[int]) -> list[KnownError]:
        """Those that are selected, else all that are shown."""
        return [error for error in self.shown if not error_ids or error.id in error_ids]

    def preview(self, error_ids: Sequence[int]) -> str:
        """How many errors, claims and dollars an act on them is about."""
        picked = self.picked(error_ids)
        claims = {error.deposit_claim_id: error.paid_cents for error in picked if error.deposit_claim_id}
        errors = "1 error" if len(picked) == 1 else f"{len(picked):,} errors"
        on = "1 claim" if len(claims) == 1 else f"{len(claims):,} claims"
        return f"{errors} on {on}, paid {format_dollars(sum(claims.values()))} in all."

    def claim_of(self, error_id: int) -> tuple[int, str] | None:
        """The deposit claim of an error, and its number."""
        found = next((error for error in self.errors if error.id == error_id), None)
        return None if found is None or not found.deposit_claim_id else (found.deposit_claim_id, found.pcn)

    def blockers(self) -> dict[str, str]:
        """Why a button cannot be used now."""
        refused = why_not_ignore(self.code)
        found = {} if refused is None else {"ignore": refused}
        if not any(error.deposit_claim_id for error in self.errors):
            found["exclude"] = "These errors are not about single claims."
        return found

    def ignore(self, error_ids: Sequence[int], reason: str) -> str:
        """Raises ChangedByAnotherError when one of them is not open any more; then none is ignored."""
        ids = [error.id for error in self.picked(error_ids)]
        count = self._desk.deposit_desk.errors.ignore(self._desk.actor, self.deposit_id, ids, reason)
        return "1 error ignored." if count == 1 else f"{count:,} errors ignored."

    def exclude(self, error_ids: Sequence[int], reason: str) -> str:
        """Leaves the claims of these errors out of posting; what was paid on them stays in Exclusions."""
        claims = {error.deposit_claim_id for error in self.picked(error_ids)} - {None}
        ids = sorted(number for number in claims if number is not None)
        self._desk.deposit_desk.editing.set_included(
            self._desk.actor, self.deposit_id, ids, included=False, reason=reason
        )
        return "1 claim excluded." if len(ids) == 1 else f"{len(ids):,} claims excluded."


class SettledModel:
    """What is not open any more, and taking back that it was ignored."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.errors: list[KnownError] = []

    def open(self, deposit_id: int) -> None:
        self.deposit_id = deposit_id
        self.errors = self._desk.deposit_desk.errors.settled(self._desk.actor, deposit_id)

    def why_not_reopen(self, error_ids: Sequence[int]) -> str | None:
        """Why the selected errors cannot be opened again; None when they can."""
        picked = [error for error in self.errors if error.id in error_ids]
        if not picked:
            return "Select one or more ignored errors first."
        if any(error.state != "ignored" for error in picked):
            return "Only what somebody ignored can be opened again; the rest is settled by its facts."
        return None

    def reopen(self, error_ids: Sequence[int]) -> str:
        count = self._desk.deposit_desk.errors.reopen(self._desk.actor, self.deposit_id, list(error_ids))
        return "1 error is open again." if count == 1 else f"{count:,} errors are open again."
