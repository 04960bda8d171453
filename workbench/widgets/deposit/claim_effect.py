"""The dialog in which a person says what one adjustment does: its effect and payment type (spec 1.6, 5)."""

from collections.abc import Callable

from workbench.domain.deposit import PaymentType
from workbench.domain.posting import Effect
from workbench.widgets.deposit.claim_edit_model import AdjustmentTyped
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog

BY_RULES = ("", "As the rules say")
# BLOCK is what the rules say of a code that nobody knows; no person chooses it.
EFFECTS = [BY_RULES, *((effect.value, effect.label) for effect in Effect if effect is not Effect.BLOCK)]
PAYMENT_TYPES = [("", "None"), *((kind.value, kind.value) for kind in PaymentType)]
# An amount that is only told, or goes outside A/R, is posted under no payment type.
NEEDS_NO_TYPE = (Effect.REPORT,)


class EffectDialog:
    """`chosen(row, effect, payment type)` runs when the person decided; effect None: as the rules say."""

    def __init__(self, chosen: Callable[[AdjustmentTyped, Effect | None, PaymentType | None], None]) -> None:
        self._chosen = chosen
        self._row: AdjustmentTyped | None = None
        self.form = Form(
            "Effect",
            [
                Field("told", "", "static"),
                Field("effect", "Effect", "select", options=EFFECTS),
                Field("payment_type", "Payment Type", "select", options=PAYMENT_TYPES),
            ],
            [Action("choose", "Choose", tone="primary", key="Ctrl+Enter"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._pressed, on_change=self._changed),
        )
        self.dialog = Dialog("Effect of an Adjustment", self.form)

    def ask(self, row: AdjustmentTyped, title: str) -> None:
        self._row = row
        treatment = row.treatment
        self.form.fill(
            {
                "told": f"{title}: {row.code}. {treatment.why}",
                "effect": treatment.effect.value if treatment.by_hand else "",
                "payment_type": treatment.payment_type if treatment.by_hand else "",
            }
        )
        self._block()
        self.dialog.show()

    def _changed(self, _name: str, _value: object) -> None:
        self._block()

    def _block(self) -> None:
        by_rules = not self.form.values["effect"]
        self.form.block({"payment_type": "The rules say it."} if by_rules else {}, {})

    def _pressed(self, name: str) -> None:
        if name == "choose" and self._row is not None:
            effect = Effect(self.form.values["effect"]) if self.form.values["effect"] else None
            kind = PaymentType(self.form.values["payment_type"]) if self.form.values["payment_type"] else None
            if effect is not None and kind is None and effect not in NEEDS_NO_TYPE:
                self.form.errors = {"payment_type": "Choose a payment type."}
                self.form.focus("payment_type")
                return
            self._chosen(self._row, effect, kind)
        self.dialog.hide()
