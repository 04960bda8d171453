"""The rules: the office's own and the shipped ones, why one wins, adding and changing (spec deposits 5)."""

from collections.abc import Sequence
from typing import Any

from workbench.domain.deposit import PaymentType
from workbench.domain.posting import ClaimStatus, Effect
from workbench.domain.posting_rule import Rule
from workbench.domain.remit import REMIT_STATUSES, ClaimLevel, Group, PayerLevel
from workbench.widgets.kit.form import Action, Field, Form, FormEvents, Option
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row, View, badge
from workbench.widgets.kit.panel import Dialog, section, stack
from workbench.widgets.settings.model import SettingsModel, rule_code, rule_conditions

COLUMNS = [
    Column("source", "Source", sortable=False),
    Column("code", "Code", sortable=False),
    Column("payer", "Payer", sortable=False, width="16em"),
    Column("conditions", "Conditions", sortable=False, wrap=True),
    Column("effect", "Effect", sortable=False),
    Column("type", "Payment type", sortable=False),
    Column("status", "Claim status", sortable=False),
    Column("note", "Note", sortable=False, wrap=True),
]
_GROUPS = [("", "Any"), *((group.value, group.value) for group in Group)]
_LEVELS = [("", "Any"), *((level.value, level.value.capitalize()) for level in PayerLevel)]
_STATUSES = [("", "Any"), *((code, f"{code} {status.label}") for code, status in REMIT_STATUSES.items())]
_CLAIM_LEVELS = [
    ("", "As the next rule says"),
    *((level.value, level.value.capitalize()) for level in ClaimLevel),
]


class RulesTab:
    def __init__(self, model: SettingsModel) -> None:
        self.model = model
        self._rule: Rule | None = None
        self.filter = Form(
            "Rule Filter",
            [Field("search", "Find Rule", "search", live=True, width="16em")],
            [Action("new", "New Rule", key="Alt+KeyN", tone="primary")],
            FormEvents(lambda _, __: self._restart(), lambda _: self._show(None)),
            arrangement="line",
        )
        self.grid = Grid(
            "Rules",
            COLUMNS,
            GridEvents(on_view=lambda _: self.refresh(), on_use=self._use),
            Look(empty="No rule fits.", selectable="single", height="44vh", key="Alt+KeyL"),
        )
        self.why = Form(
            "Why",
            [
                Field("group", "Group", "select", options=_GROUPS),
                Field("carc", "Reason", width="6em", max=5),
                Field("payer_id", "Payer", "lookup", search=self._payers, width="16em"),
                Field("payer_level", "Payer level", "select", options=_LEVELS),
                Field("remit_status", "Remit Status", "select", options=_STATUSES, width="12em"),
                Field("rarc", "Remarks", width="8em", max=50),
                Field("cpt", "Procedure", width="7em", max=12),
                Field("amount_cents", "Amount", "money", width="8em"),
                Field("told", "Decision", "static", width="100%"),
            ],
            [Action("explain", "Which Rule Wins")],
            FormEvents(on_press=lambda _: self._explain()),
            arrangement="line",
        )
        self.form = Form(
            "Rule",
            _rule_fields(self._payers),
            [Action("save", "Save Rule", tone="primary", key="Ctrl+Enter")],
            FormEvents(on_press=lambda _: self._save()),
        )
        self.dialog = Dialog("Rule", self.form, drawer=True)
        self.widget = stack(self.filter, self.grid, section("Why", self.why), self.dialog)

    def refresh(self) -> None:
        view, names = self.grid.view, self.model.payer_names()
        found = self.model.rules(str(self.filter.values["search"] or ""))
        page = found[view.offset : view.offset + view.page_size]
        self.grid.show([_row(rule, names) for rule in page], len(found))
        blocker = self.model.rules_blocker()
        self.filter.block({}, {"new": blocker} if blocker else {})
        self.form.block({}, {"save": blocker} if blocker else {})

    def _restart(self) -> None:
        self.grid.set_view(View(page_size=self.grid.view.page_size))
        self.refresh()

    def _payers(self, text: str, limit: int) -> tuple[Sequence[Option], int]:
        found, total = self.model.find_payers(text, limit)
        return [Option(payer.id, payer.name) for payer in found], total

    def _explain(self) -> None:
        self.why.fill({"told": self.model.explain(self.why.values)})

    def _use(self, rule_id: Any) -> None:
        self._show(next(rule for rule in self.model.rules() if rule.id == rule_id))

    def _show(self, rule: Rule | None) -> None:
        """A shipped rule opens as the start of an own one that stands in front of it."""
        self._rule = rule
        shown = rule or Rule(0, Effect.WRITE_OFF, PaymentType.CONTRACTUAL)
        payer = self.model.payer_names().get(shown.payer_id or 0, "")
        values = {
            "active": shown.active,
            "payer_id": shown.payer_id,
            "group": shown.group or "",
            "carc": shown.carc,
            "payer_level": shown.payer_level or "",
            "remit_status": shown.remit_status or "",
            "rarc": shown.rarc,
            "cpt": shown.cpt,
            "minimum_cents": shown.minimum_cents,
            "maximum_cents": shown.maximum_cents,
            "priority": shown.priority,
            "claim_level": shown.claim_level.value if shown.claim_level else "",
            "denial": shown.denial,
            "block": shown.block,
            "effect": shown.effect.value,
            "payment_type": shown.payment_type.value if shown.payment_type else "",
            "claim_status": shown.claim_status.value if shown.claim_status else "",
            "note": shown.note if shown.id >= 0 else None,
        }
        self.form.fill(values, {"payer_id": payer})
        own = rule is not None and rule.id > 0
        self.dialog.show(f"Rule {rule.id}" if own and rule else "New Rule")

    def _save(self) -> None:
        if self.form.errors:
            self.form.focus(next(iter(self.form.errors)))
            return
        saved = self.model.save_rule(self._rule, self.form.values)
        self.dialog.hide()
        self.refresh()
        self.form.notify(f"Rule {saved.id} ({rule_code(saved)}) is saved. It counts from now on.", "success")


def _rule_fields(payers: Any) -> list[Field]:
    return [
        Field("payer_id", "Payer", "lookup", search=payers, help="Empty: every payer."),
        Field("group", "Group", "select", options=_GROUPS),
        Field("carc", "Reason", help="The claim adjustment reason code, such as 45", max=5),
        Field("payer_level", "Payer level", "select", options=_LEVELS),
        Field("remit_status", "Remit Status", "select", options=_STATUSES),
        Field("rarc", "Remark", help="A remark code of the line or claim, such as N130", max=10),
        Field("cpt", "Procedure", help="Of the line, such as 99213", max=12),
        Field("minimum_cents", "Amount from", "money"),
        Field("maximum_cents", "Amount to", "money"),
        Field(
            "priority",
            "Priority",
            "number",
            help="Decides between rules that are equally specific; the highest wins.",
        ),
        Field("effect", "Effect", "select", options=[(effect.value, effect.label) for effect in Effect]),
        Field(
            "payment_type",
            "Payment type",
            "select",
            options=[("", "None"), *((kind.value, kind.value) for kind in PaymentType)],
        ),
        Field(
            "claim_status",
            "Claim status",
            "select",
            options=[
                ("", "As the next rule says"),
                *((status.value, status.value) for status in ClaimStatus),
            ],
        ),
        Field("claim_level", "Claim level", "select", options=_CLAIM_LEVELS),
        Field("denial", "Denial: work list", "checkbox"),
        Field("block", "Stop the claim for a person", "checkbox"),
        Field("active", "Active", "checkbox"),
        Field("note", "Note", max=200),
    ]


def _row(rule: Rule, names: dict[int, str]) -> Row:
    source = "Shipped" if rule.id < 0 else f"Own {rule.id} v{rule.version}"
    cells = [
        badge(source, "" if rule.id < 0 else "accent") if rule.active else badge(f"{source}, off", "warn"),
        rule_code(rule),
        names.get(rule.payer_id, "") if rule.payer_id is not None else "Every payer",
        rule_conditions(rule),
        rule.effect.label,
        rule.payment_type.value if rule.payment_type else "",
        " ".join(part.value for part in (rule.claim_status, rule.claim_level) if part),
        "" if rule.id < 0 else rule.note,
    ]
    return Row(rule.id, cells, "" if rule.active else "muted")
