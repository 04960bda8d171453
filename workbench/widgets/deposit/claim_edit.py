"""The drawer in which a claim of a deposit is keyed as printed on the EOB (spec deposits 6.6)."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from workbench.domain.codes.short import GROUP
from workbench.domain.deposit import DepositType, PaymentType
from workbench.domain.posting import Effect
from workbench.domain.remit import REMIT_STATUSES, Group
from workbench.errors import ChangedByAnotherError, RefusedError
from workbench.widgets.deposit import claim_edit_rows as rows
from workbench.widgets.deposit.changes import ChangesDialog
from workbench.widgets.deposit.claim_edit_model import AdjustmentTyped, ClaimEditModel
from workbench.widgets.deposit.claim_effect import EffectDialog
from workbench.widgets.deposit.claim_leave import LeaveDialog
from workbench.widgets.deposit.claim_paper import ClaimPaper
from workbench.widgets.deposit.claim_sheet import WHOLE_CLAIM
from workbench.widgets.deposit.claim_view import SEGMENT_COLUMNS, segment_rows
from workbench.widgets.kit.facts import Facts
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Grid, GridEvents, Look
from workbench.widgets.kit.panel import Dialog, Panel, row, section, stack

BUTTONS = [
    Action("save", "Save", tone="primary", key="Ctrl+Enter", title="Ready to post: every gap is 0.00"),
    Action("save_next", "Save and Next", key="Alt+KeyN", title="Save, and go on with the next claim"),
    Action("draft", "Save Draft", key="Alt+KeyD", title="Keep it as it is; a gap is allowed"),
    Action("undo", "Undo", key="Alt+KeyZ"),
    Action("redo", "Redo", key="Alt+KeyY"),
    Action("previous", "Previous Claim", key="Alt+BracketLeft"),
    Action("next", "Next Claim", key="Alt+BracketRight"),
]
SENT = "The payer's file states it; only what is keyed from paper is edited."
GROUPS = [(group.value, f"{group.value} {GROUP.get(group.value, '')}".strip()) for group in Group]


class ClaimEditor:
    """`changed(text, tone)` runs after a claim was saved. The drawer is made when first asked for."""

    def __init__(self, desk: Any, changed: Callable[[str, str], None]) -> None:
        self.model = ClaimEditModel(desk)
        self.place: Panel = stack()
        self._desk = desk
        self._changed = changed
        # What was typed into a cell and could not be taken: told once more when Save is pressed over it.
        self._refused = ""

    def edit(self, deposit_claim_id: int) -> None:
        """Opens the claim for editing."""
        self.model.open(deposit_claim_id)
        self._refused = ""
        made = self.dialog
        self.paper.show(self.model.claim.row.deposit_id, keyed=self.model.type is DepositType.EOB)
        made.roomy = self.paper.has_pages
        self._draw()
        made.show(f"Edit Claim {self.model.claim.row.pcn}")

    @cached_property
    def dialog(self) -> Dialog:
        keyed = stack(
            self.bar,
            self.facts,
            self.head,
            section("Lines", self.lines),
            section("Adjustments", self.adjustments, self.adding),
            self.remarks_place,
            self.segments_place,
            self.paper.empty,
        )
        made = Dialog(
            "Edit Claim", row(keyed, self.paper.widget, wide=[0]), drawer=True, on_closed=self._closed
        )
        self.place.add(made)
        return made

    @cached_property
    def bar(self) -> Form:
        return Form("Edit Claim Actions", [], BUTTONS, FormEvents(on_press=self._press))

    @cached_property
    def facts(self) -> Facts:
        return Facts()

    @cached_property
    def paper(self) -> ClaimPaper:
        return ClaimPaper(self._desk)

    @cached_property
    def head(self) -> Form:
        statuses = [
            ("", "Choose ..."),
            *((code, f"{code} {it.label}") for code, it in REMIT_STATUSES.items()),
        ]
        return Form(
            "Claim as Processed",
            [
                Field("remit_status", "Remit Status", "select", options=statuses, width="20em"),
                Field("payer_id", "Payer", "lookup", search=self.model.find_payers, width="18em"),
                Field("payer_claim_no", "Payer's Claim #", max=50, width="13em"),
                Field("paid", "Paid", "money", width="8em", help="Of a claim without lines"),
            ],
            events=FormEvents(on_change=self._type_head),
            arrangement="line",
        )

    @cached_property
    def lines(self) -> Grid:
        return Grid(
            "Lines to Edit",
            rows.LINE_COLUMNS,
            GridEvents(on_edit=self._type_amount),
            Look(empty="The payer sent this claim without lines.", paged=False, key="Alt+KeyL"),
        )

    @cached_property
    def adjustments(self) -> Grid:
        return Grid(
            "Adjustments to Edit",
            rows.ADJUSTMENT_COLUMNS,
            GridEvents(on_edit=lambda at, _, text: self._type_adjustment(at, text), on_action=self._act),
            Look(empty="No adjustments.", paged=False, key="Alt+KeyJ"),
        )

    @cached_property
    def adding(self) -> Form:
        return Form(
            "New Adjustment",
            [
                Field("line", "Line", "select", key="Alt+KeyA"),
                Field("group", "Group", "select", options=GROUPS, width="16em"),
                Field("reason", "Reason", "lookup", search=self.model.find_reasons, width="9em"),
                Field("amount", "Amount", "money", width="8em"),
            ],
            [Action("add", "Add Adjustment")],
            FormEvents(on_press=lambda _: self._add()),
            arrangement="line",
        )

    @cached_property
    def remarks(self) -> Grid:
        look = Look(empty="No remark codes.", paged=False)
        return Grid(
            "Remark Codes to Edit", rows.REMARK_COLUMNS, GridEvents(on_action=self._remove_remark), look
        )

    @cached_property
    def remarks_place(self) -> Panel:
        return section("Remark Codes", self.remarks, self.remarking)

    @cached_property
    def segments(self) -> Grid:
        return Grid("Segments of the Claim", SEGMENT_COLUMNS, look=Look(paged=False, height="30vh"))

    @cached_property
    def segments_place(self) -> Panel:
        return section("As Received", self.segments)

    @cached_property
    def remarking(self) -> Form:
        return Form(
            "New Remark",
            [
                Field("line", "Line", "select", key="Alt+KeyR"),
                Field("code", "Remark", "lookup", search=self.model.find_remarks, width="9em"),
            ],
            [Action("add", "Add Remark")],
            FormEvents(on_press=lambda _: self._add_remark()),
            arrangement="line",
        )

    @cached_property
    def _changes(self) -> ChangesDialog:
        made = ChangesDialog(self._reload)
        self.place.add(made.dialog)
        return made

    @cached_property
    def _effect(self) -> EffectDialog:
        made = EffectDialog(self._choose)
        self.place.add(made.dialog)
        return made

    @cached_property
    def _leaving(self) -> LeaveDialog:
        made = LeaveDialog()
        self.place.add(made.dialog)
        return made

    # What is shown.

    def _draw(self) -> None:
        """Everything of a claim that was just opened."""
        model = self.model
        self.head.hidden = [] if model.is_keyed and not model.has_lines else ["paid"]
        self.head.block({} if model.is_keyed else {"payer_claim_no": SENT}, {})
        for form in (self.adding, self.remarking):
            form.set_options("line", rows.places(model))
        self.adding.reset({"line": rows.places(model)[0][0], "group": Group.CO.value})
        self.remarks_place.shown = model.is_keyed or any(model.sheet.remarks.values())
        self.segments_place.shown = bool(model.claim.segments)
        self.segments.show(segment_rows(model.claim), 0)
        self.remarking.block(
            {} if model.is_keyed else dict.fromkeys(("line", "code"), SENT),
            {} if model.is_keyed else {"add": SENT},
        )
        for grid in (self.lines, self.adjustments):
            grid.hide(rows.OF_A_FILE if model.is_keyed else ())
        self._draw_head()
        self._draw_typed()

    def _draw_head(self) -> None:
        head = self.model.sheet.head
        here = head["remit_status"]
        known = [("", "Choose ..."), *((code, f"{code} {it.label}") for code, it in REMIT_STATUSES.items())]
        unknown = [] if here in dict(known) else [(here, f"{here} Not in our list")]
        self.head.set_options("remit_status", [*known, *unknown])
        payer = int(head["payer_id"]) if head["payer_id"] else None
        paid = self.model.sheet.lines[WHOLE_CLAIM].paid_cents
        self.head.fill(
            {**head, "payer_id": payer, "paid": paid}, {"payer_id": self.model.payer_name(head["payer_id"])}
        )

    def _draw_typed(self) -> None:
        model = self.model
        self.dialog.unsaved = model.is_changed
        self.facts.show(rows.facts(model))
        lines = [rows.line_row(model, line) for line in model.claim.lines]
        self.lines.show(lines, 0, rows.line_totals(model) if lines else ())
        self.adjustments.show([rows.adjustment_row(model, each) for each in model.adjustments()], 0)
        self.remarks.show(rows.remark_rows(model), 0)
        self.bar.block({}, model.blockers())

    # What is typed.

    def _type_head(self, name: str, value: Any) -> None:
        if name == "paid":
            cents = "" if value is None else f"{value / 100:.2f}"
            self.model.type_amount(WHOLE_CLAIM, "paid", cents)
        else:
            self.model.type_head(name, "" if value is None else str(value))
        self._draw_typed()

    def _type_amount(self, line_id: int, name: str, text: str) -> str | None:
        problem = self.model.type_amount(line_id, name, text)
        self._refused = problem or ""
        if problem is None:
            self._draw_typed()
        return problem

    def _type_adjustment(self, at: str, text: str) -> str | None:
        line_id, _, code = at.partition(":")
        return self._type_amount(int(line_id), code, text)

    def _act(self, name: str, at: str) -> None:
        found = next(it for it in self.model.adjustments() if f"{it.line_id}:{it.code}" == at)
        if name == "clear":
            self._type_adjustment(at, "")
        else:
            self._effect.ask(found, self.model.title(found.line_id))

    def _choose(self, found: AdjustmentTyped, effect: Effect | None, kind: PaymentType | None) -> None:
        self.model.choose((found.line_id, found.code), effect, kind)
        self._draw_typed()

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
        self._draw_typed()
        self.adding.focus("reason")

    def _add_remark(self) -> None:
        if code := self.remarking.values["code"]:
            self.model.add_remark(int(self.remarking.values["line"]), str(code))
            self.remarking.fill({"code": None})
            self._draw_typed()
            self.remarking.focus("code")

    def _remove_remark(self, _: str, at: str) -> None:
        line_id, _, code = at.partition(":")
        self.model.remove_remark(int(line_id), code)
        self._draw_typed()

    # Saving and leaving.

    def _press(self, name: str) -> None:
        if name in ("undo", "redo"):
            (self.model.undo if name == "undo" else self.model.redo)()
            self._draw_head()
            self._draw_typed()
        elif name in ("previous", "next"):
            self._leave(lambda: self._step(name))
        elif name == "save_next":
            self._save(ready=True, then=lambda: self._step("next"))
        else:
            self._save(ready=name == "save", then=self.dialog.hide)

    def _step(self, name: str) -> None:
        found = self.model.around.previous_id if name == "previous" else self.model.around.next_id
        if found is None:
            self.dialog.hide()
            return
        self.edit(found)
        self.lines.focus()

    def _save(self, *, ready: bool, then: Callable[[], None]) -> None:
        if refused := self._refused:
            self._refused = ""
            raise RefusedError(refused)
        try:
            self.model.save(ready=ready)
        except ChangedByAnotherError:
            self._changes.show(self.model.differences())
            return
        pcn = self.model.claim.row.pcn
        then()
        self._changed(f"Claim {pcn} was saved{'' if ready else ' as a draft'}.", "success")

    def _leave(self, then: Callable[[], None]) -> None:
        """Goes on with `then`, after the question when something is not saved."""
        if not self.model.is_changed:
            then()
            return
        self._leaving.ask(
            self.model.claim.row.pcn, lambda save: self._save(ready=False, then=then) if save else then()
        )

    def _closed(self) -> None:
        """The browser closed the drawer (Esc, the cross): typed work comes back with the question."""
        if self.model.is_changed:
            self.dialog.show()
            self._leave(self.dialog.hide)

    def _reload(self, keep: bool) -> None:  # noqa: FBT001 - the answer of the dialog
        self.model.reload(keep=keep)
        self._draw()
