"""What the dialogs behind the error panel share: like errors, ignoring, payers, and PLB as a whole (spec 3.1, 4.4)."""

from collections.abc import Sequence

from workbench.domain.deposit import Disposition
from workbench.services.deposit_desk.like_errors import KnownError
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.form import Option


class ResolveModel:
    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk

    def like(self, deposit_id: int, error_id: int) -> list[KnownError]:
        """The open errors that one row of the panel stands for; none when it is open no more.

        An error of the deposit itself stands alone; those of claims and lines are one row a kind.
        """
        shown = self._desk.deposit_desk.errors.of_deposit(self._desk.actor, deposit_id)
        told = next((error for error in shown if error.id == error_id), None)
        if told is None:
            return []
        alike = self._desk.deposit_desk.errors.of_kind(self._desk.actor, deposit_id, told.code)
        if told.deposit_claim_id is None:
            return [error for error in alike if error.id == error_id]
        return [error for error in alike if error.deposit_claim_id is not None]

    def ignore(self, deposit_id: int, error_ids: Sequence[int], reason: str) -> int:
        """Raises RefusedError for a kind without which money would have no place."""
        return self._desk.deposit_desk.errors.ignore(self._desk.actor, deposit_id, error_ids, reason)

    def position(self, deposit_id: int, error_id: int) -> int | None:
        """Which provider-level amount of the deposit an error is about."""
        every = self._desk.deposit_desk.errors.of_deposit(self._desk.actor, deposit_id)
        found = next((error.context.get("position") for error in every if error.id == error_id), None)
        return int(found) if isinstance(found, int) else None

    def payers(self, text: str, limit: int) -> tuple[list[Option], int]:
        """Payers whose name contains what was typed."""
        found, total = self._desk.deposit_desk.choices.payers(self._desk.actor, text, limit)
        return [Option(payer.id, payer.name) for payer in found], total

    def rematch(self, deposit_id: int) -> str:
        """Looks again for claims of ours that came after the remittance."""
        found = self._desk.deposit_desk.rematching.rematch(self._desk.actor, deposit_id)
        return f"{found:,} more claims of ours were found." if found else "No more claims of ours were found."

    def apply_rules(self, deposit_id: int) -> str:
        """Decides anew, with today's rules, what nobody chose by hand."""
        changed = self._desk.deposit_desk.resolving.apply_rules(self._desk.actor, deposit_id)
        return f"{changed:,} adjustments are decided anew." if changed else "The rules decide as before."


def provider_actions(disposition: str) -> list[tuple[str, str]]:
    """What may still be decided about a provider-level amount."""
    ways = {
        Disposition.APPLY_TO_CLAIM: "Apply",
        Disposition.REPORT: "Report Amount",
        Disposition.IGNORE: "Ignore",
    }
    # What was applied stays open for other claims; what is reported or ignored is not so twice.
    again = Disposition.APPLY_TO_CLAIM.value
    return [
        (way.value, label) for way, label in ways.items() if way.value != disposition or disposition == again
    ]
