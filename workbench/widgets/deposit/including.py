"""Exclude and Include of the selected claims: left out of posting with a reason, or taken in again (spec 6.4)."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from workbench.errors import RefusedError
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.panel import Panel, stack


class Including:
    """`changed(text, tone)` runs after claims were excluded or included. The question is made when first asked."""

    def __init__(self, desk: Any, changed: Callable[[str, str], None]) -> None:
        self.place: Panel = stack()
        self._desk = desk
        self._changed = changed

    def press(self, name: str, deposit_id: int, deposit_claim_ids: Sequence[int]) -> None:
        """Runs the button `exclude` or `include` on the selected claims."""
        if not deposit_claim_ids:
            raise RefusedError("Select claims first: click them, or press Space on them.")
        if name == "include":
            self._set(deposit_id, deposit_claim_ids, included=True)
            return
        text = (
            f"{_claims(len(deposit_claim_ids))} left out of posting. The payment stays in the balance as an "
            "exclusion. Include takes them in again."
        )
        self._excluding.ask(
            text, lambda reason: self._set(deposit_id, deposit_claim_ids, included=False, reason=reason)
        )

    @cached_property
    def _excluding(self) -> Confirm:
        made = Confirm("Exclude Claims", "Exclude", reason="required")
        self.place.add(made)
        return made

    def _set(self, deposit_id: int, claims: Sequence[int], *, included: bool, reason: str = "") -> None:
        desk: DepositDesk = self._desk.deposit_desk
        desk.editing.set_included(self._desk.actor, deposit_id, claims, included=included, reason=reason)
        done = "included again" if included else "excluded"
        self._changed(f"{_claims(len(claims))} {done}.", "success")


def _claims(count: int) -> str:
    return f"{count:,} claim" if count == 1 else f"{count:,} claims"
