"""The drawer `Map Procedure`: a remitted line on top, the lines of our claim below it with what speaks for them."""

from functools import cached_property

from workbench.services.deposit_desk.resolving import LineCandidate, UnmappedLine
from workbench.widgets.deposit.resolve_frame import Tell, WorkThroughDialog
from workbench.widgets.deposit.resolve_map_model import MapModel
from workbench.widgets.deposit.rows import money
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, badge, toned
from workbench.widgets.kit.panel import Dialog, Panel, section

TITLE = "Map Procedure"
REMITTED_COLUMNS = [
    Column("pcn", "Claim XRef", sortable=False),
    Column("line", "Remitted line", sortable=False),
    Column("charged", "Charged", "money", sortable=False),
    Column("paid", "Paid", "money", sortable=False),
]
OUR_COLUMNS = [
    Column("line", "Line of our claim", sortable=False),
    Column("charged", "Charged", "money", sortable=False),
    Column("open", "Open balance", "money", sortable=False),
    Column("state", "State", sortable=False),
    Column("why", "Why it fits", sortable=False, wrap=True),
]
BUTTONS = [
    Action("map", "Map", tone="primary", key="Ctrl+Enter", title="The remitted line is the selected one"),
    Action("all", "Map All Like It", key="Alt+KeyU", title="The same code, the same line of ours"),
]


class MapDialog(WorkThroughDialog[MapModel]):
    def __init__(self, desk: DepositsDesk, place: Panel, tell: Tell) -> None:
        super().__init__(MapModel(desk), place, tell)

    def _make(self) -> Dialog:
        return Dialog(
            TITLE,
            section("Remitted lines that are not on our claim (Enter takes one)", self.remitted),
            section("Lines of our claim (Enter maps)", self.ours),
            self.bar,
            drawer=True,
        )

    @cached_property
    def remitted(self) -> Grid:
        return Grid(
            "Remitted Lines",
            REMITTED_COLUMNS,
            GridEvents(on_use=self._pick),
            Look(paged=False, height="30vh", selectable="single", key="Alt+KeyL"),
        )

    @cached_property
    def ours(self) -> Grid:
        made = Grid(
            "Lines of Our Claim",
            OUR_COLUMNS,
            GridEvents(on_use=self._use),
            Look(
                empty="Our claim has no lines: attach the right claim.",
                paged=False,
                selectable="single",
                key="Alt+KeyK",
            ),
        )
        made.observe(lambda _: self._selected(), "selection")
        return made

    @cached_property
    def bar(self) -> Form:
        return Form("Map Actions", [], BUTTONS, FormEvents(on_press=self._press))

    @cached_property
    def _confirm_all(self) -> Confirm:
        return self._question("Map All Like It", "Map All")

    def _draw(self) -> None:
        chosen = self.model.chosen
        if chosen is None:
            return
        self.remitted.show([_remitted(line) for line in self.model.waiting], 0)
        self.remitted.selection = [chosen.deposit_line_id]
        wanted = self.model.candidate_id
        self.ours.show([_candidate(one) for one in chosen.candidates], 0)
        self.ours.selection = [] if wanted is None else [wanted]
        self.bar.block({}, self.model.blockers())

    def _selected(self) -> None:
        self.model.choose(next(iter(self.ours.selection), None))
        self.bar.block({}, self.model.blockers())

    def _pick(self, deposit_line_id: int) -> None:
        self.model.pick(deposit_line_id)
        self._draw()
        self._focus()

    def _use(self, charge_line_id: int) -> None:
        self.model.choose(charge_line_id)
        self.work_through(self.model.map)

    def _press(self, name: str) -> None:
        if name == "all":
            self._confirm_all.ask(self.model.preview(), lambda _: self.work_through(self.model.map_all))
        else:
            self.work_through(self.model.map)

    def _focus(self) -> None:
        self.ours.focus()


def _remitted(line: UnmappedLine) -> Row:
    return Row(line.deposit_line_id, [line.pcn, line.title, money(line.charge_cents), money(line.paid_cents)])


def _candidate(one: LineCandidate) -> Row:
    state: Cell = badge("Open", "good")
    if one.taken_by:
        state = toned(f"{one.taken_by} is mapped to it", "warn")
    elif not one.active:
        state = toned("Dropped: mapping makes it active", "warn")
    cells: list[Cell] = [
        one.title,
        money(one.charge_cents),
        money(one.open_cents),
        state,
        "; ".join(one.reasons),
    ]
    return Row(one.charge_line_id, cells)
