"""Copy to new posting: which deposit gets the copy of a claim that is posted or ignored (spec 6.6)."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from workbench.errors import RefusedError
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog, Panel, stack

TITLE = "Copy to new posting"


class CopyDialog:
    """`changed(text, tone)` runs after the copy was made. The dialog is made when first asked for."""

    def __init__(self, desk: Any, changed: Callable[[str, str], None]) -> None:
        self._desk = desk
        self._changed = changed
        self._deposit_claim_id = 0
        self.place: Panel = stack()

    def ask(self, deposit_claim_id: int, pcn: str, deposit_id: int) -> None:
        """Asks for the deposit; the one that the claim is on stands there already."""
        self._deposit_claim_id = deposit_claim_id
        told = f"The amounts of claim {pcn} become a new posting that can be edited and sent."
        self.form.reset({"told": told, "to": deposit_id})
        self.dialog.show()

    @cached_property
    def form(self) -> Form:
        return Form(
            TITLE,
            [
                Field("told", "", "static"),
                Field(
                    "to",
                    "To Deposit",
                    "number",
                    required=True,
                    help="The ID of the deposit that gets the copy.",
                ),
            ],
            [Action("copy", "Copy", tone="primary", key="Ctrl+Enter"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._pressed),
        )

    @cached_property
    def dialog(self) -> Dialog:
        made = Dialog(TITLE, self.form)
        self.place.add(made)
        return made

    def _pressed(self, name: str) -> None:
        if name == "copy":
            if self.form.errors:
                self.form.focus("to")
                return
            self._copy(self.form.values["to"])
        self.dialog.hide()

    def _copy(self, to: int | None) -> None:
        if to is None:
            raise RefusedError("Type the ID of the deposit that gets the copy.")
        desk: DepositDesk = self._desk.deposit_desk
        desk.copying.copy(self._desk.actor, self._deposit_claim_id, to)
        self._changed(f"The claim was copied to deposit {to}: it waits there for posting.", "success")
