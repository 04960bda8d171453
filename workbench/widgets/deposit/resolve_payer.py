"""The dialogs `Choose Payer` (of the deposit, by ranked proposals) and `Payer of Claims` (of single claims)."""

from collections.abc import Sequence
from functools import cached_property

from workbench.services.deposit_desk.resolving import MisplacedClaim, PlacedPayer, Proposed
from workbench.widgets.deposit.resolve_frame import ResolveDialog, Tell, WorkThroughDialog
from workbench.widgets.deposit.resolve_model import ResolveModel
from workbench.widgets.deposit.resolve_payer_model import ClaimPayerModel, PayerModel
from workbench.widgets.deposit.rows import money
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, toned
from workbench.widgets.kit.panel import Dialog, Panel

TITLE = "Choose Payer"
CLAIMS_TITLE = "Payer of Claims"
PROPOSAL_COLUMNS = [
    Column("name", "Name", sortable=False),
    Column("why", "Why it fits", sortable=False, wrap=True),
]
CLAIM_COLUMNS = [
    Column("pcn", "Claim XRef", sortable=False),
    Column("paid", "Paid", "money", sortable=False),
    Column("now", "Payer here", sortable=False),
    Column("says", "Says it paid as", sortable=False),
    Column("ours", "On our claim", sortable=False, wrap=True),
    Column("fitting", "Fitting payer", sortable=False),
    Column("corrected", "Our claim corrected", sortable=False, wrap=True),
]


class PayerDialog(ResolveDialog):
    def __init__(self, desk: DepositsDesk, place: Panel, tell: Tell) -> None:
        super().__init__(place, tell)
        self.model = PayerModel(desk)
        self._payers = ResolveModel(desk).payers

    def show(self, deposit_id: int) -> None:
        self.model.open(deposit_id)
        self._draw()
        self.dialog.show()
        if self.model.proposals:
            self.proposals.focus()

    def _make(self) -> Dialog:
        return Dialog(TITLE, self.proposals, self.form)

    @cached_property
    def proposals(self) -> Grid:
        return Grid(
            "Proposed Payers",
            PROPOSAL_COLUMNS,
            GridEvents(on_use=self._use),
            Look(empty="Nothing speaks for one of our payers: search below.", paged=False, key="Alt+KeyL"),
        )

    @cached_property
    def form(self) -> Form:
        return Form(
            TITLE,
            [
                Field("told", "", "static"),
                Field("payer_id", "Payer", "lookup", required=True, search=self._payers),
                Field("remember", "Remember the identifier for this payer", "checkbox"),
            ],
            [Action("save", "Save", tone="primary", key="Ctrl+Enter"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._press),
        )

    def _draw(self) -> None:
        model = self.model
        self.proposals.show(proposal_rows(model.proposals), 0)
        says = f"The remittance says: {model.says} ({model.identifier}). Enter takes a proposal."
        self.form.reset({"told": says})
        refused = model.why_not_remember
        self.form.block({} if refused is None else {"remember": refused}, {})

    def _use(self, payer_id: int) -> None:
        name = next(one.name for one in self.model.proposals if one.id == payer_id)
        self.form.fill({"payer_id": payer_id}, {"payer_id": name})
        self.form.focus("payer_id")

    def _press(self, name: str) -> None:
        if name == "cancel":
            self.dialog.hide()
            return
        chosen = self.form.values["payer_id"]
        if chosen is None:
            self.form.errors = {"payer_id": "Choose a payer from the list."}
            self.form.focus("payer_id")
            return
        remember = bool(self.form.values["remember"])
        self.settle(lambda: self.model.choose(int(chosen), remember=remember))

    def _reload(self, keep: bool) -> None:  # noqa: FBT001 - the answer of the dialog
        typed = {name: self.form.values[name] for name in ("payer_id", "remember")}
        text = self.form.texts.get("payer_id", "")
        self.model.open(self.model.deposit_id)
        self._draw()
        if keep:
            self.form.fill(typed, {"payer_id": text})


class ClaimPayerDialog(WorkThroughDialog[ClaimPayerModel]):
    def __init__(self, desk: DepositsDesk, place: Panel, tell: Tell) -> None:
        super().__init__(ClaimPayerModel(desk), place, tell)
        self._payers = ResolveModel(desk).payers

    def show(self, deposit_id: int) -> None:
        self.form.reset({})
        super().show(deposit_id)

    def _make(self) -> Dialog:
        return Dialog(CLAIMS_TITLE, self.claims, self.form, drawer=True)

    @cached_property
    def claims(self) -> Grid:
        return Grid(
            "Claims at Another Place",
            CLAIM_COLUMNS,
            look=Look(paged=False, selectable="multi", height="50vh", key="Alt+KeyL"),
        )

    @cached_property
    def form(self) -> Form:
        return Form(
            "Payer of the Selected Claims",
            [Field("payer_id", "Payer", "lookup", search=self._payers, width="24em")],
            [
                Action("save", "Save for Selected", tone="primary", key="Ctrl+Enter"),
                Action("fitting", "Take the Fitting Payer", key="Alt+KeyU", title="For each selected claim"),
                Action(
                    "correct",
                    "Correct Our Claims",
                    key="Alt+KeyO",
                    title="The payer is right: put it at that place on each selected claim",
                ),
            ],
            FormEvents(on_press=self._press),
            arrangement="line",
        )

    def _draw(self) -> None:
        self.claims.show([_misplaced(one) for one in self.model.waiting], 0)
        if len(self.model.waiting) == 1 or not self.claims.selection:
            self.claims.selection = [one.deposit_claim_id for one in self.model.waiting]

    def _press(self, name: str) -> None:
        chosen = list(self.claims.selection)
        payer = self.form.values["payer_id"]
        if not chosen:
            self.form.notify("Select one or more claims first.", "warning")
        elif name == "fitting":
            if self.model.fitting(chosen):
                self.work_through(lambda: self.model.choose_fitting(chosen))
            else:
                self.form.notify("Our claims have no payer at that place: choose one.", "warning")
        elif name == "correct":
            self._correct(chosen)
        elif payer is None:
            self.form.errors = {"payer_id": "Choose a payer from the list."}
            self.form.focus("payer_id")
        else:
            self.work_through(lambda: self.model.choose(chosen, int(payer)))

    def _correct(self, chosen: list[int]) -> None:
        if self.model.correctable(chosen):
            self.work_through(lambda: self.model.correct(chosen))
        else:
            self.form.notify("Our claim has no payer for the place before: choose another payer.", "warning")

    def _reload(self, keep: bool) -> None:  # noqa: FBT001 - the answer of the dialog
        if not keep:
            self.form.reset({})
        super()._reload(keep)

    def _focus(self) -> None:
        self.claims.focus()


def proposal_rows(proposals: Sequence[Proposed]) -> list[Row]:
    return [Row(one.id, [one.name, "; ".join(one.reasons)]) for one in proposals]


def _misplaced(one: MisplacedClaim) -> Row:
    fitting = one.fitting.name if one.fitting else toned("none at that place", "warn")
    corrected = _placed(one.corrected) or toned("no payer for the place before", "warn")
    cells: list[Cell] = [
        one.pcn,
        money(one.paid_cents),
        one.payer,
        one.says,
        _placed(one.payers),
        fitting,
        corrected,
    ]
    return Row(one.deposit_claim_id, cells)


def _placed(payers: Sequence[PlacedPayer]) -> str:
    return ", ".join(f"{payer.name} ({payer.level})" for payer in payers)
