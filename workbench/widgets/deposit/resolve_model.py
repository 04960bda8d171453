"""Settling what is wrong without leaving the deposit: ignore, choose the payer, decide about PLB (spec 3.1, 4.4)."""

from typing import Protocol

from workbench.domain.deposit import Disposition
from workbench.domain.identity import Actor
from workbench.services.deposit_desk.editing import HeaderEdit
from workbench.services.deposit_desk.errors import why_not_ignore
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.services.deposits import Deposits
from workbench.widgets.kit.form import Option


class Desk(Protocol):
    """What the dialogs need of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def deposits(self) -> Deposits: ...
    @property
    def deposit_desk(self) -> DepositDesk: ...


class ResolveModel:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def like(self, deposit_id: int, error_id: int) -> list[int]:
        """The open errors that one row of the panel stands for.

        An error of the deposit itself stands alone; those of claims and lines are one row a kind.
        """
        every = self._desk.deposit_desk.errors.of_deposit(self._desk.actor, deposit_id)
        told = next((error for error in every if error.id == error_id), None)
        if told is None or told.deposit_claim_id is None:
            return [] if told is None else [told.id]
        return [error.id for error in every if error.code == told.code and error.deposit_claim_id is not None]

    def ignore(self, deposit_id: int, error_ids: list[int], reason: str) -> int:
        """Raises RefusedError for a kind without which money would have no place."""
        return self._desk.deposit_desk.errors.ignore(self._desk.actor, deposit_id, error_ids, reason)

    def payers(self, text: str, limit: int) -> tuple[list[Option], int]:
        """Payers whose name contains what was typed."""
        wanted = text.casefold()
        found = [
            Option(payer.id, payer.name)
            for payer in self._desk.deposits.choices(self._desk.actor).payers
            if wanted in payer.name.casefold()
        ]
        return found[:limit], len(found)

    def choose_payer(self, deposit_id: int, seen_version: int, payer_id: int) -> None:
        """Says who paid (resolves PAYER_MISMATCH); the errors are computed anew."""
        edit = HeaderEdit(payer_id=payer_id)
        self._desk.deposit_desk.editing.edit_header(self._desk.actor, deposit_id, seen_version, edit)

    def dispose(self, deposit_id: int, provider_adjustment_id: int, to: Disposition, reason: str) -> None:
        """Decides about a provider-level amount as a whole: report it, or ignore it with a reason."""
        self._desk.deposit_desk.resolving.dispose(
            self._desk.actor, deposit_id, provider_adjustment_id, to, reason=reason
        )


def error_actions(code: str) -> list[tuple[str, str]]:
    """The buttons of an error of this kind, beside the one that shows its claims."""
    found = [] if why_not_ignore(code) else [("ignore", "Ignore")]
    return [("payer", "Choose Payer"), *found] if code == "PAYER_MISMATCH" else found


def provider_actions(disposition: str) -> list[tuple[str, str]]:
    """What may still be decided about a provider-level amount."""
    ways = {Disposition.REPORT: "Report Amount", Disposition.IGNORE: "Ignore"}
    return [(way.value, label) for way, label in ways.items() if way.value != disposition]
