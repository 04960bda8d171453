"""The buttons that move money: Verify posting data, Send to Posting, Reset, Remove, and Reverse of one claim."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from workbench.domain.deposit import DifferenceReason
from workbench.services.deposit_desk.posting import Sent
from workbench.widgets.deposit.acts_model import ActsModel, told_sent, told_undone
from workbench.widgets.deposit.send_dialog import SendDialog
from workbench.widgets.deposit.verify_dialog import VerifyDialog
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action
from workbench.widgets.kit.panel import Panel, stack

BUTTONS = [
    Action("verify", "Verify posting data", key="Alt+KeyV", title="What would be booked; nothing is changed"),
    Action(
        "send", "Send to Posting", key="Alt+KeyS", tone="primary", title="Post the claims to the accounts"
    ),
    Action("reset", "Reset", key="Alt+KeyR", title="Take everything back: as received, and New again"),
    Action("remove", "Remove", title="Take this deposit out of work for good"),
]
NAMES = frozenset(button.name for button in BUTTONS)


class DepositActs:
    """`changed(text, tone)` runs after an act, so that the screen around shows what is now.

    The dialogs are made when first asked for: the first view of a deposit does not wait for them.
    """

    def __init__(self, desk: Any, changed: Callable[[str, str], None]) -> None:
        self.model = ActsModel(desk)
        self.place: Panel = stack()
        self._changed = changed
        self._deposit_id = 0

    def press(self, name: str, deposit_id: int) -> None:
        """Runs the button `name` of BUTTONS on the deposit."""
        self._deposit_id = deposit_id
        if name == "verify":
            self._verifying.show(self.model.verify(deposit_id))
        elif name == "send":
            self._tell(self.model.send(deposit_id))
        elif name == "reset":
            text = (
                f"Everything posted from deposit {deposit_id} is taken back by counter-entries dated today, "
                "payment data goes back to as received (on an EOB the amounts become 0), and it is New again."
            )
            self._resetting.ask(text, self._reset)
        elif name == "remove":
            text = f"Deposit {deposit_id} leaves every work list. It stays stored, with your name and reason."
            self._removing.ask(text, self._remove)

    def reverse(self, deposit_claim_id: int, pcn: str) -> None:
        """Asks why, then counters the posting of one claim."""
        text = f"The posting of claim {pcn} is countered. It can then be edited and sent again."
        self._reversing.ask(text, lambda reason: self._reverse(deposit_claim_id, reason))

    @cached_property
    def _verifying(self) -> VerifyDialog:
        made = VerifyDialog()
        self.place.add(made.dialog)
        return made

    @cached_property
    def _sending(self) -> SendDialog:
        made = SendDialog(self._send_with)
        self.place.add(made.dialog)
        return made

    @cached_property
    def _resetting(self) -> Confirm:
        return self._question("Reset Deposit", "Reset")

    @cached_property
    def _removing(self) -> Confirm:
        return self._question("Remove Deposit", "Remove")

    @cached_property
    def _reversing(self) -> Confirm:
        return self._question("Reverse Claim", "Reverse")

    def _question(self, title: str, button: str) -> Confirm:
        made = Confirm(title, button, reason="required")
        self.place.add(made)
        return made

    def _tell(self, outcome: Sent | str) -> None:
        if isinstance(outcome, str):
            self._sending.ask(outcome)
        else:
            self._changed(*told_sent(outcome))

    def _send_with(self, difference: DifferenceReason, note: str) -> None:
        self._tell(self.model.send(self._deposit_id, difference, note))

    def _reset(self, reason: str) -> None:
        self._changed(told_undone(self.model.reset(self._deposit_id, reason)), "success")

    def _reverse(self, deposit_claim_id: int, reason: str) -> None:
        self._changed(told_undone(self.model.reverse(deposit_claim_id, reason)), "success")

    def _remove(self, reason: str) -> None:
        self.model.remove(self._deposit_id, reason)
        self._changed(f"Deposit {self._deposit_id} was removed.", "success")
