"""Somebody else saved first: what they changed beside what is typed here, and nothing typed is lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.errors import ChangedByAnotherError
from workbench.widgets.kit.form import Action, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, Look, Row
from workbench.widgets.kit.panel import Dialog

COLUMNS = [
    Column("field", "Field", sortable=False, wrap=True),
    Column("theirs", "Saved meanwhile", sortable=False),
    Column("yours", "Here", sortable=False),
]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed: what they saved, and what stands here."""

    label: str
    theirs: str
    yours: str


def differences_of(error: ChangedByAnotherError) -> list[Difference]:
    """What a service says that somebody else changed."""
    return [Difference(label, str(theirs), str(yours)) for label, (theirs, yours) in error.changes.items()]


class ChangesDialog:
    """`reload(keep)` runs when the person chose to go on with or without what was typed here."""

    def __init__(self, reload: Callable[[bool], None]) -> None:
        self._reload = reload
        self.grid = Grid(
            "Changes of Somebody Else",
            COLUMNS,
            look=Look(empty="The same was saved. Reload, and save again.", paged=False),
        )
        self.bar = Form(
            "Reload",
            [],
            [
                Action("keep", "Reload and Keep What I Typed", tone="primary", key="Ctrl+Enter"),
                Action("discard", "Reload"),
                Action("cancel", "Cancel"),
            ],
            FormEvents(on_press=self._pressed),
        )
        self.dialog = Dialog("Changed by somebody else", self.grid, self.bar)

    def show(self, found: Sequence[Difference]) -> None:
        rows = [Row(at, [it.label, it.theirs, it.yours]) for at, it in enumerate(found)]
        self.grid.show(rows, len(rows))
        self.dialog.show()

    def _pressed(self, name: str) -> None:
        self.dialog.hide()
        if name != "cancel":
            self._reload(name == "keep")
