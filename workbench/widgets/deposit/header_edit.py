"""The dialog `Edit Deposit`: the header's fields, audited, and never over somebody else's change (spec 1.3, 6.4)."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from workbench.domain.deposit import PayMethod, PayType
from workbench.errors import ChangedByAnotherError
from workbench.widgets.deposit.changes import ChangesDialog
from workbench.widgets.deposit.header_model import LABELS, HeaderModel
from workbench.widgets.deposit.resolve_model import ResolveModel
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog, Panel, stack


class HeaderEditor:
    """`changed(text, tone)` runs after the header was saved. The dialog is made when first asked for."""

    def __init__(self, desk: Any, changed: Callable[[str, str], None]) -> None:
        self.model = HeaderModel(desk)
        self.place: Panel = stack()
        self._payers = ResolveModel(desk).payers
        self._changed = changed

    def edit(self, deposit_id: int) -> None:
        self.model.open(deposit_id)
        self._draw()
        self._dialog.show()

    @cached_property
    def form(self) -> Form:
        methods = [("", "Choose ..."), *((method.value, method.label) for method in PayMethod)]
        types = [("", "Choose ..."), *((kind.value, kind.value) for kind in PayType)]
        return Form(
            "Edit Deposit",
            [
                Field("deposited_date", LABELS["deposited_date"], "date"),
                Field("issued_date", LABELS["issued_date"], "date"),
                Field("check_number", LABELS["check_number"], max=50),
                Field(
                    "payer_id",
                    LABELS["payer_id"],
                    "lookup",
                    search=self._payers,
                    width="24em",
                ),
                Field("pay_method", LABELS["pay_method"], "select", options=methods),
                Field("pay_type", LABELS["pay_type"], "select", options=types),
                Field("deposit_cents", LABELS["deposit_cents"], "money"),
                Field("owner_id", LABELS["owner_id"], "select"),
                Field("is_eob", LABELS["is_eob"], "checkbox"),
            ],
            [Action("save", "Save", tone="primary", key="Ctrl+Enter"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._pressed, on_change=self._typed),
        )

    @cached_property
    def _dialog(self) -> Dialog:
        made = Dialog("Edit Deposit", self.form)
        self.place.add(made)
        return made

    @cached_property
    def _changes(self) -> ChangesDialog:
        made = ChangesDialog(self._reload)
        self.place.add(made.dialog)
        return made

    def _draw(self) -> None:
        self.form.set_options("owner_id", self._owners())
        self.form.fill(self.model.values, {"payer_id": self.model.payer_text()})
        self.form.block(self.model.blockers(), {})

    def _owners(self) -> list[tuple[str, str]]:
        """Whoever owns it now may have left the office; they stay in the list until somebody else does."""
        known = self.model.owners()
        now = (self.model.values["owner_id"], self.model.details.row.owner)
        return known if now[0] in dict(known) else [now, *known]

    def _typed(self, name: str, value: Any) -> None:
        self.model.values[name] = value

    def _pressed(self, name: str) -> None:
        if name == "save":
            if self.form.errors:
                self.form.focus(next(iter(self.form.errors)))
                return
            try:
                self.model.save()
            except ChangedByAnotherError:
                self._changes.show(self.model.differences())
                return
            self._changed("The deposit details were saved.", "success")
        self._dialog.hide()

    def _reload(self, keep: bool) -> None:  # noqa: FBT001 - the answer of the dialog
        self.model.reload(keep=keep)
        self._draw()
