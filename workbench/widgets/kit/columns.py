"""Which columns of a grid are shown: a dialog with a box for each."""

from collections.abc import Callable

from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Grid
from workbench.widgets.kit.panel import Dialog


class ColumnsDialog:
    """`keep(hidden)` runs after the choice was made; the grid shows it already."""

    def __init__(self, grid: Grid, keep: Callable[[frozenset[str]], None]) -> None:
        self._grid, self._keep = grid, keep
        self._keys = [key for key, _ in grid.every_column[1:]]
        fields = [Field(key, label, "checkbox") for key, label in grid.every_column[1:]]
        self.form = Form(
            "Columns",
            fields,
            [
                Action("save", "Save", tone="primary", key="Ctrl+Enter"),
                Action("all", "Show All"),
                Action("cancel", "Cancel"),
            ],
            FormEvents(on_press=self._pressed),
        )
        self.dialog = Dialog("Columns", self.form, drawer=True)

    def show(self) -> None:
        self.form.fill({key: key not in self._grid.hidden for key in self._keys})
        self.dialog.show()

    def _pressed(self, name: str) -> None:
        if name != "cancel":
            shown = self._keys if name == "all" else [key for key in self._keys if self.form.values[key]]
            hidden = frozenset(self._keys) - frozenset(shown)
            self._grid.hide(hidden)
            self._keep(hidden)
        self.dialog.hide()
