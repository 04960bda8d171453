"""What the dialogs behind the error panel share: made when first asked for, and nothing typed is lost."""

from collections.abc import Callable
from functools import cached_property

from workbench.errors import ChangedByAnotherError
from workbench.widgets.deposit.changes import ChangesDialog, differences_of
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.panel import Dialog, Panel

# `tell(text, tone)` runs after something was settled, so that the page shows what is now.
Tell = Callable[[str, str], None]


class ResolveDialog:
    """One dialog of the error panel. Subclasses make `dialog` and say what a reload does."""

    def __init__(self, place: Panel, tell: Tell) -> None:
        self._place = place
        self._tell = tell

    @cached_property
    def dialog(self) -> Dialog:
        made = self._make()
        self._place.add(made)
        return made

    def settle(self, act: Callable[[], str], *, stay: Callable[[], bool] = lambda: False) -> None:
        """Runs what a person decided and tells it; shows both sides when somebody else was first.

        `stay`: asked afterwards, whether there is more to do here; else the dialog closes.
        """
        try:
            told = act()
        except ChangedByAnotherError as error:
            self._changes.show(differences_of(error))
            return
        if not stay():
            self.dialog.hide()
        self._tell(told, "success")

    def _make(self) -> Dialog:
        raise NotImplementedError

    def _reload(self, keep: bool) -> None:  # noqa: FBT001 - the answer of the dialog
        raise NotImplementedError

    def _gone(self) -> None:
        """Nothing is left to decide here: somebody else did it."""
        self.dialog.hide()
        self._tell("Somebody else has settled it meanwhile. The page shows what is now.", "info")

    @cached_property
    def _changes(self) -> ChangesDialog:
        made = ChangesDialog(self._reload)
        self._place.add(made.dialog)
        return made

    @cached_property
    def _ignoring(self) -> Confirm:
        made = Confirm("Ignore", "Ignore", reason="required")
        self._place.add(made)
        return made
