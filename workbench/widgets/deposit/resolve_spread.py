"""The drawer `Spread Over Lines`: what each line is paid before and after, and other ways to settle the amount."""

from functools import cached_property

from workbench.services.deposit_desk.resolving import SpreadLine, SpreadProposal
from workbench.widgets.deposit.resolve_frame import Tell, WorkThroughDialog
from workbench.widgets.deposit.resolve_spread_model import SpreadModel
from workbench.widgets.deposit.rows import money
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.facts import Fact, Facts
from workbench.widgets.kit.form import Action, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, badge, toned
from workbench.widgets.kit.panel import Dialog, Panel, section

TITLE = "Spread Over Lines"
AMOUNT_COLUMNS = [
    Column("pcn", "Claim XRef", sortable=False),
    Column("code", "Adjustment", sortable=False),
    Column("amount", "Amount", "money", sortable=False),
    Column("fits", "As proposed", sortable=False),
]
LINE_COLUMNS = [
    Column("line", "Line", sortable=False),
    Column("open", "Open balance", "money", sortable=False, help="Still owed on our line"),
    Column("before", "Paid before", "money", sortable=False),
    Column("part", "Part", "money", sortable=False, editable=True, help="F2 or a digit edits it"),
    Column("after", "Paid after", "money", sortable=False),
]
BUTTONS = [
    Action(
        "spread",
        "Spread",
        tone="primary",
        key="Ctrl+Enter",
        title="Each line takes its part as an adjustment, and is paid less by it",
    ),
    Action("propose", "Propose Again", key="Alt+KeyP", title="By open balance, to the cent, never below 0"),
    Action("report", "Report Amount", key="Alt+KeyT", title="To Deposit Reporting: the lines stay as paid"),
    Action("all", "Spread All as Proposed", key="Alt+KeyU"),
]


class SpreadDialog(WorkThroughDialog[SpreadModel]):
    def __init__(self, desk: DepositsDesk, place: Panel, tell: Tell) -> None:
        super().__init__(SpreadModel(desk), place, tell)

    def _make(self) -> Dialog:
        return Dialog(TITLE, self._list, self.facts, self.lines, self.bar, drawer=True)

    @cached_property
    def amounts(self) -> Grid:
        return Grid(
            "Amounts for the Whole Claim",
            AMOUNT_COLUMNS,
            GridEvents(on_use=self._pick),
            Look(paged=False, height="30vh", selectable="single", key="Alt+KeyL"),
        )

    @cached_property
    def _list(self) -> Panel:
        return section("Amounts for the whole claim (Enter takes one)", self.amounts)

    @cached_property
    def facts(self) -> Facts:
        return Facts()

    @cached_property
    def lines(self) -> Grid:
        return Grid(
            TITLE,
            LINE_COLUMNS,
            GridEvents(on_edit=self._type),
            Look(empty="The payer sent this claim without lines.", paged=False, key="Alt+KeyK"),
        )

    @cached_property
    def bar(self) -> Form:
        return Form("Spread Actions", [], BUTTONS, FormEvents(on_press=self._press))

    @cached_property
    def _confirm_all(self) -> Confirm:
        return self._question("Spread All as Proposed", "Spread All")

    def _draw(self) -> None:
        model = self.model
        chosen = model.chosen
        self._list.shown = len(model.waiting) > 1
        self.amounts.show([_amount(one) for one in model.waiting], 0)
        if chosen is None:
            return
        self.amounts.selection = [chosen.adjustment_id]
        rest = model.rest_cents
        self.facts.show(
            [
                Fact("Claim XRef", chosen.pcn),
                Fact("Adjustment", chosen.code),
                Fact("Amount", money(chosen.amount_cents), kind="money"),
                Fact("On the lines", money(chosen.amount_cents - rest), kind="money"),
                Fact(
                    "Rest",
                    money(rest),
                    ["What no line takes stays on the claim, and the error with it."],
                    "bad" if rest else "good",
                    "money",
                ),
            ]
        )
        rows = [self._line(line) for line in chosen.lines]
        paid = sum(line.paid_cents for line in chosen.lines)
        parts = sum(model.parts.values())
        totals = ["Total", "", money(paid), money(parts), money(paid - parts)]
        self.lines.show(rows, 0, totals if rows else [])
        self.bar.block({}, model.blockers())

    def _line(self, line: SpreadLine) -> Row:
        after = self.model.after_cents(line)
        cells: list[Cell] = [
            line.title,
            money(line.open_cents),
            money(line.paid_cents),
            money(self.model.parts.get(line.deposit_line_id, 0)),
            toned(money(after), "bad", "Below 0.00: the line would owe money") if after < 0 else money(after),
        ]
        return Row(line.deposit_line_id, cells)

    def _pick(self, adjustment_id: int) -> None:
        self.model.pick(adjustment_id)
        self._draw()
        self._focus()

    def _type(self, line_id: int, _: str, text: str) -> str | None:
        problem = self.model.type_part(line_id, text)
        if problem is None:
            self._draw()
        return problem

    def _press(self, name: str) -> None:
        if name == "propose":
            self.model.propose()
            self._draw()
        elif name == "all":
            self._confirm_all.ask(self.model.preview(), lambda _: self.work_through(self.model.spread_all))
        else:
            self.work_through(self.model.spread if name == "spread" else self.model.report)

    def _focus(self) -> None:
        self.lines.focus()


def _amount(one: SpreadProposal) -> Row:
    fits = (
        badge("Fits", "good")
        if not one.rest_cents
        else badge(f"{money(one.rest_cents)} finds no place", "warn")
    )
    return Row(one.adjustment_id, [one.pcn, one.code, money(one.amount_cents), fits])
