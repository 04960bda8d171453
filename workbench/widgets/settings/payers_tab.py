"""Auto Post Deposit of each payer, changed in the grid (spec deposits 2.6)."""

from typing import Any

from workbench.widgets.kit.form import Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row, View
from workbench.widgets.kit.panel import stack
from workbench.widgets.settings.model import SettingsModel

COLUMNS = [
    Column("payer", "Payer", sortable=False, width="30em"),
    Column(
        "auto_post",
        "Auto Post Deposit",
        "number",
        sortable=False,
        editable=True,
        help="-1 never, 0 at creation, n days after the deposit date; empty: the company's Auto Post ERA Delay",
    ),
]


class PayersTab:
    def __init__(self, model: SettingsModel) -> None:
        self.model = model
        self.filter = Form(
            "Payer Filter",
            [Field("search", "Find Payer", "search", live=True, width="20em")],
            events=FormEvents(on_change=lambda _, __: self._restart()),
            arrangement="line",
        )
        self.grid = Grid(
            "Payer Settings",
            COLUMNS,
            GridEvents(on_view=lambda _: self.refresh(), on_edit=self._edit),
            Look(empty="No payer fits.", selectable="single", height="56vh"),
        )
        self.widget = stack(self.filter, self.grid)

    def refresh(self) -> None:
        view = self.grid.view
        found, total = self.model.payers(str(self.filter.values["search"] or ""), view.offset, view.page_size)
        locked = bool(self.model.setup_blocker())
        rows = [Row(payer.id, [payer.name, payer.auto_post], locked=locked) for payer in found]
        self.grid.show(rows, total)

    def _restart(self) -> None:
        self.grid.set_view(View(page_size=self.grid.view.page_size))
        self.refresh()

    def _edit(self, payer_id: Any, _key: str, text: str) -> str | None:
        wrong = self.model.set_auto_post(payer_id, text)
        if wrong is None:
            self.refresh()
        return wrong
