"""The drawer in which a claim of a deposit is keyed as printed on the EOB (spec deposits 6.6)."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from workbench.domain.codes.short import GROUP
from workbench.domain.deposit import DepositType
from workbench.domain.deposit_views import LineDetails
from workbench.domain.remit import REMIT_STATUSES, Group
from workbench.errors import ChangedByAnotherError
from workbench.widgets.deposit.changes import ChangesDialog
from workbench.widgets.deposit.claim_edit_model import AMOUNTS, WHOLE_CLAIM, ClaimEditModel
from workbench.widgets.deposit.rows import money, span
from workbench.widgets.kit.facts import Fact, Facts
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, actions, badge
from workbench.widgets.kit.panel import Dialog, Panel, section, stack

LINE_COLUMNS = [
    Column("line", "Line", "number", sortable=False),
    Column("code", "Code", sortable=False),
    Column("service", "Service", "date", sortable=False),
    Column("units", "Units", "number", sortable=False),
    Column("charged", "Charged", "money", sortable=False),
    *(Column(name, label, "money", sortable=False, editable=True) for name, label in AMOUNTS.items()),
    Column("others", "Other Adjustments", "money", sortable=False, help="Their sum; they are listed below"),
    Column("gap", "Gap", "money", sortable=False, help="Charged - Adjustments - (Paid - Interest)"),
    Column("received", "Paid as received", "money", sortable=False),
]
OTHER_COLUMNS = [
    Column("line", "Line", sortable=False),
    Column("group", "Group", sortable=False),
    Column("reason", "Reason", sortable=False),
    Column("amount", "Amount", "money", sortable=False, editable=True),
    Column("received", "As received", "money", sortable=False),
    Column("action", "Action", sortable=False),
]


class ClaimEditor:
    """`changed(text, tone)` runs after the claim was saved. The drawer is made when first asked for."""

    def __init__(self, desk: Any, changed: Callable[[str, str], None]) -> None:
        self.model = ClaimEditModel(desk)
        self.place: Panel = stack()
        self._changed = changed

    def edit(self, deposit_claim_id: int) -> None:
        """Opens the claim for editing."""
        self.model.open(deposit_claim_id)
        self._draw()
        self.dialog.show(f"Edit Claim {self.model.claim.row.pcn}")

    @cached_property
    def dialog(self) -> Dialog:
        made = Dialog(
            "Edit Claim",
            self.facts,
            self.head,
            section("Lines", self.lines),
            section("Other Adjustments", self.others, self.adding),
            self.bar,
            drawer=True,
        )
        self.place.add(made)
        return made

    @cached_property
    def facts(self) -> Facts:
        return Facts()

    @cached_property
    def head(self) -> Form:
        return Form(
            "Claim as Processed",
            [
                Field("remit_status", "Remit Status", "select", width="22em"),
                Field("payer_claim_no", "Payer's Claim #", max=50, width="15em"),
            ],
            events=FormEvents(on_change=self._type_head),
            arrangement="line",
        )

    @cached_property
    def lines(self) -> Grid:
        return Grid(
            "Lines to Edit",
            LINE_COLUMNS,
            GridEvents(on_edit=self._type_amount),
            Look(empty="The payer sent this claim without lines.", paged=False, key="Alt+KeyL"),
        )

    @cached_property
    def others(self) -> Grid:
        return Grid(
            "Other Adjustments",
            OTHER_COLUMNS,
            GridEvents(
                on_edit=lambda row, _, text: self._type_other(row, text),
                on_action=lambda _, row: self._clear(row),
            ),
            Look(empty="No other adjustments.", paged=False),
        )

    @cached_property
    def adding(self) -> Form:
        groups = [(group.value, f"{group.value} {GROUP.get(group.value, '')}".strip()) for group in Group]
        return Form(
            "New Adjustment",
            [
                Field("line", "Line", "select"),
                Field("group", "Group", "select", options=groups),
                Field("reason", "Reason", max=5, width="6em"),
                Field("amount", "Amount", "money", width="8em"),
            ],
            [Action("add", "Add Adjustment")],
            FormEvents(on_press=lambda _: self._add()),
            arrangement="line",
        )

    @cached_property
    def bar(self) -> Form:
        return Form(
            "Save Claim",
            [],
            [
                Action(
                    "save", "Save", tone="primary", key="Ctrl+Enter", title="Ready to post: every gap is 0.00"
                ),
                Action("draft", "Save Draft", key="Alt+KeyD", title="Keep it as it is; a gap is allowed"),
            ],
            FormEvents(on_press=lambda name: self._save(ready=name == "save")),
        )

    @cached_property
    def _changes(self) -> ChangesDialog:
        made = ChangesDialog(self._reload)
        self.place.add(made.dialog)
        return made

    def _draw(self) -> None:
        claim, sheet = self.model.claim, self.model.sheet
        self.facts.show(_facts(self.model))
        statuses = [
            ("", "Choose ..."),
            *((code, f"{code} {it.label}") for code, it in REMIT_STATUSES.items()),
        ]
        here = sheet.head["remit_status"]
        unknown = [] if here in dict(statuses) else [(here, f"{here} Not in our list")]
        self.head.set_options("remit_status", [*statuses, *unknown])
        self.head.fill(sheet.head)
        sent = "The payer's file states it; only what is keyed from paper is edited."
        self.head.block({"payer_claim_no": sent} if self.model.type is DepositType.ERA else {}, {})
        places = [(str(line.id), self.model.title(line.id)) for line in claim.lines]
        self.adding.set_options("line", [*places, (str(WHOLE_CLAIM), "Claim")])
        self._draw_amounts()

    def _draw_amounts(self) -> None:
        self.lines.show([self._line(line) for line in self.model.claim.lines], 0)
        self.others.show([self._other(*found) for found in self.model.others()], 0)
        self.bar.block({}, self.model.blockers())

    def _line(self, line: LineDetails) -> Row:
        figures = self.model.sheet.lines[line.id]
        parts = sum(figures.amount(name) or 0 for name in ("deductible", "coinsurance", "copay"))
        gap = figures.gap_cents
        cells: list[Cell] = [
            str(line.line_no + 1),
            " ".join(part for part in (line.code or line.revenue_code, line.modifiers) if part),
            span(line.service_from, line.service_to),
            line.units,
            money(line.charge_cents),
            *(money(figures.amount(name)) for name in AMOUNTS),
            money(sum(figures.adjustments.values()) - parts),
            badge(money(gap), "bad" if gap else "good"),
            money(line.paid_received_cents),
        ]
        return Row(line.id, cells)

    def _other(self, line_id: int, code: str, cents: int, received: int) -> Row:
        group, _, reason = code.partition("-")
        cells: list[Cell] = [
            self.model.title(line_id),
            f"{group} {GROUP.get(group, '')}".strip(),
            reason,
            money(cents),
            money(received),
            actions(("clear", "Clear")) if cents else "",
        ]
        return Row(f"{line_id}:{code}", cells)

    def _type_head(self, name: str, value: Any) -> None:
        self.model.type_head(name, str(value or ""))
        self.bar.block({}, self.model.blockers())

    def _type_amount(self, line_id: int, name: str, text: str) -> str | None:
        problem = self.model.type_amount(line_id, name, text)
        if problem is None:
            self._draw_amounts()
        return problem

    def _type_other(self, row: str, text: str) -> str | None:
        line_id, _, code = row.partition(":")
        return self._type_amount(int(line_id), code, text)

    def _clear(self, row: str) -> None:
        self._type_other(row, "")

    def _add(self) -> None:
        values = self.adding.values
        wrong = self.model.add_adjustment(
            int(values["line"]), str(values["group"] or ""), str(values["reason"] or ""), values["amount"]
        )
        self.adding.errors = wrong
        if wrong:
            self.adding.focus(next(iter(wrong)))
            return
        self.adding.fill({"reason": None, "amount": None})
        self._draw_amounts()

    def _save(self, *, ready: bool) -> None:
        try:
            self.model.save(ready=ready)
        except ChangedByAnotherError:
            self._changes.show(self.model.differences())
            return
        self.dialog.hide()
        pcn = self.model.claim.row.pcn
        self._changed(f"Claim {pcn} was saved{'' if ready else ' as a draft'}.", "success")

    def _reload(self, keep: bool) -> None:  # noqa: FBT001 - the answer of the dialog
        self.model.reload(keep=keep)
        self._draw()


def _facts(model: ClaimEditModel) -> list[Fact]:
    row = model.claim.row
    return [
        Fact("Claim XRef", row.pcn),
        Fact("Claim ID", str(row.claim_id) if row.claim_id is not None else "not found"),
        Fact("Patient", ", ".join(part for part in (row.patient_last, row.patient_first) if part)),
        Fact("Charged", money(row.charge_cents)),
        Fact("Paid as received", money(row.paid_stated_cents)),
        Fact("Remarks", row.remark_codes),
    ]
