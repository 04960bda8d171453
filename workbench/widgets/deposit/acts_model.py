"""What may be done with the whole deposit and its money: verify, send, reset, remove, reverse (spec 2.4, 4.3)."""

from workbench.domain.deposit import DifferenceReason
from workbench.domain.money import format_dollars
from workbench.services.deposit_desk.posting import DifferenceError, DryRun, Sent
from workbench.services.deposit_desk.undoing import Undone
from workbench.widgets.desk import MoneyDesk


class ActsModel:
    """The actions of one deposit. Each raises RefusedError in words when a rule forbids it."""

    def __init__(self, desk: MoneyDesk) -> None:
        self._desk = desk

    def verify(self, deposit_id: int) -> DryRun:
        return self._desk.deposit_desk.posting.verify(self._desk.actor, deposit_id)

    def send(self, deposit_id: int, difference: DifferenceReason | None = None, note: str = "") -> Sent | str:
        """What came of it, or the question to ask first because the deposit does not tie out."""
        try:
            return self._desk.deposit_desk.posting.send(
                self._desk.actor, deposit_id, difference=difference, note=note
            )
        except DifferenceError as question:
            return str(question)

    def reset(self, deposit_id: int, reason: str) -> Undone:
        return self._desk.deposit_desk.undoing.reset(self._desk.actor, deposit_id, reason)

    def reverse(self, deposit_claim_id: int, reason: str) -> Undone:
        return self._desk.deposit_desk.undoing.reverse(self._desk.actor, deposit_claim_id, reason)

    def remove(self, deposit_id: int, reason: str) -> None:
        self._desk.deposit_desk.undoing.void(self._desk.actor, deposit_id, reason)


def told_sent(sent: Sent) -> tuple[str, str]:
    """The outcome of Send to Posting in words, and the tone of the notice."""
    if not sent.posted:
        return "No claim could be posted, so the deposit stays New. See the errors.", "error"
    done = f"{_claims(sent.posted)} posted on {sent.posted_on:%m/%d/%Y}."
    if sent.failed:
        return f"{done} {_claims(sent.failed)} not posted: see the errors.", "warning"
    return done, "success"


def told_undone(undone: Undone) -> str:
    """The summary of a Reset or Reverse (spec 2.1)."""
    paid, written = format_dollars(undone.paid_cents), format_dollars(undone.written_off_cents)
    return f"{_claims(undone.claims)} taken back: payments {paid}, write-offs {written}."


def _claims(count: int) -> str:
    return f"{count:,} claim" if count == 1 else f"{count:,} claims"
