"""The dialogs behind the buttons of Deposit Errors and Provider Adjustments."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from workbench.domain.deposit import Disposition
from workbench.widgets.deposit.resolve_model import ResolveModel
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog, Panel, stack


class Resolver:
    """`changed(text, tone)` runs after something was settled. Dialogs are made when first asked for."""

    def __init__(self, desk: Any, changed: Callable[[str, str], None]) -> None:
        self.model = ResolveModel(desk)
        self.place: Panel = stack()
        self._changed = changed
        self._deposit = (0, 0)

    def error(self, name: str, error_id: int, deposit_id: int, version: int) -> None:
        """A button of the error panel: `ignore` or `payer`."""
        self._deposit = (deposit_id, version)
        if name == "payer":
            self._payer_form.reset({})
            self._payer_dialog.show()
            return
        like = self.model.like(deposit_id, error_id)
        told = "This error" if len(like) == 1 else f"These {len(like):,} errors"
        text = f"{told} will not stop anything any more, and come back only when the facts change."
        self._ignoring.ask(text, lambda reason: self._ignore(like, reason))

    def provider(self, name: str, provider_adjustment_id: int, deposit_id: int) -> None:
        """A button of the provider adjustments: the disposition by its name."""
        self._deposit = (deposit_id, 0)
        to = Disposition(name)
        if to is Disposition.IGNORE:
            text = (
                "The amount stays in Unreconciled ($), where it must be explained when the deposit is sent."
            )
            self._ignoring.ask(text, lambda reason: self._dispose(provider_adjustment_id, to, reason))
        else:
            self._dispose(provider_adjustment_id, to, "")

    @cached_property
    def _ignoring(self) -> Confirm:
        made = Confirm("Ignore", "Ignore", reason="required")
        self.place.add(made)
        return made

    @cached_property
    def _payer_form(self) -> Form:
        return Form(
            "Choose Payer",
            [Field("payer_id", "Payer", "lookup", required=True, search=self.model.payers, width="24em")],
            [Action("save", "Save", tone="primary"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._choose_payer),
        )

    @cached_property
    def _payer_dialog(self) -> Dialog:
        made = Dialog("Choose Payer", self._payer_form)
        self.place.add(made)
        return made

    def _choose_payer(self, name: str) -> None:
        if name == "save":
            chosen = self._payer_form.values["payer_id"]
            if chosen is None:
                self._payer_form.errors = {"payer_id": "Choose a payer from the list."}
                self._payer_form.focus("payer_id")
                return
            self.model.choose_payer(*self._deposit, int(chosen))
            self._changed("The payer was saved, and the errors computed anew.", "success")
        self._payer_dialog.hide()

    def _ignore(self, error_ids: list[int], reason: str) -> None:
        count = self.model.ignore(self._deposit[0], error_ids, reason)
        self._changed("1 error ignored." if count == 1 else f"{count:,} errors ignored.", "success")

    def _dispose(self, provider_adjustment_id: int, to: Disposition, reason: str) -> None:
        self.model.dispose(self._deposit[0], provider_adjustment_id, to, reason)
        self._changed(f"Provider adjustment: {to.label}.", "success")
