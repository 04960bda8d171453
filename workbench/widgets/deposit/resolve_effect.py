"""The drawer `Choose Effect`: what a code does, for all adjustments alike, and whether a rule keeps it."""

from functools import cached_property
from typing import Any

from workbench.domain.deposit import PaymentType
from workbench.domain.posting import Effect
from workbench.services.deposit_desk.resolving import UndecidedCode
from workbench.widgets.deposit.resolve_effect_model import TYPES_OF, EffectModel
from workbench.widgets.deposit.resolve_frame import Tell, WorkThroughDialog
from workbench.widgets.deposit.rows import money
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row
from workbench.widgets.kit.panel import Dialog, Panel

TITLE = "Choose Effect and Payment Type"
COLUMNS = [
    Column("code", "Code", sortable=False),
    Column("meaning", "Meaning", sortable=False, wrap=True),
    Column("missing", "What is missing", sortable=False),
    Column("claims", "Claims", "number", sortable=False),
    Column("rows", "Adjustments", "number", sortable=False),
    Column("amount", "Amount", "money", sortable=False),
]


class EffectDialog(WorkThroughDialog[EffectModel]):
    def __init__(self, desk: DepositsDesk, place: Panel, tell: Tell) -> None:
        super().__init__(EffectModel(desk), place, tell)

    def _make(self) -> Dialog:
        return Dialog(TITLE, self.codes, self.form, drawer=True)

    @cached_property
    def codes(self) -> Grid:
        return Grid(
            "Undecided Codes",
            COLUMNS,
            GridEvents(on_use=self._pick),
            Look(paged=False, height="30vh", selectable="single", key="Alt+KeyL"),
        )

    @cached_property
    def form(self) -> Form:
        effects = [(effect.value, effect.label) for effect in TYPES_OF]
        return Form(
            TITLE,
            [
                Field("told", "", "static"),
                Field("effect", "Effect", "select", options=effects),
                Field("payment_type", "Payment Type", "select"),
                Field("save_rule", "Save as a rule", "checkbox"),
                Field("for_payer", "Only for this payer", "checkbox"),
            ],
            [
                Action("choose", "Choose for All Alike", tone="primary", key="Ctrl+Enter"),
                Action("cancel", "Cancel"),
            ],
            FormEvents(on_press=self._press, on_change=self._change),
        )

    def _draw(self) -> None:
        model = self.model
        if model.chosen is None:
            return
        self.codes.show([_code(one) for one in model.waiting], 0)
        self.codes.selection = [_key(model.chosen)]
        self.form.set_options("payment_type", [(kind.value, kind.value) for kind in TYPES_OF[model.effect]])
        self.form.fill(
            {
                "told": model.preview(),
                "effect": model.effect.value,
                "payment_type": model.payment_type.value,
                "save_rule": model.save_rule,
                "for_payer": model.for_payer,
            }
        )
        refused = model.why_no_rule
        blocked = {} if refused is None else {"save_rule": refused, "for_payer": refused}
        if not refused and not model.save_rule:
            blocked = {"for_payer": "It counts only with Save as a rule."}
        self.form.block(blocked, {})

    def _change(self, name: str, value: Any) -> None:
        if name == "effect":
            self.model.choose_effect(Effect(value))
        elif name == "payment_type":
            self.model.payment_type = PaymentType(value)
        elif name == "save_rule":
            self.model.save_rule = bool(value)
        else:
            self.model.for_payer = bool(value)
        self._draw()

    def _pick(self, key: str) -> None:
        effect, _, code = key.partition(" ")
        self.model.pick(code, Effect(effect))
        self._draw()
        self._focus()

    def _press(self, name: str) -> None:
        if name == "cancel":
            self.dialog.hide()
        else:
            self.work_through(self.model.choose)

    def _focus(self) -> None:
        self.form.focus("effect")


def _key(one: UndecidedCode) -> str:
    return f"{one.effect.value} {one.code}"


def _code(one: UndecidedCode) -> Row:
    missing = "What it does" if one.effect is Effect.BLOCK else f"Payment type ({one.effect.label})"
    meaning = one.meaning.removeprefix(f"{one.code} ")
    cells: list[Cell] = [
        one.code,
        meaning,
        missing,
        f"{one.claims:,}",
        f"{len(one.seen):,}",
        money(one.amount_cents),
    ]
    return Row(_key(one), cells)
