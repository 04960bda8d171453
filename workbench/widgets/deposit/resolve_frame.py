"""What the dialogs behind the error panel share: made when first asked for, and nothing typed is lost."""

from collections.abc import Callable
from functools import cached_property
from typing import Generic, Literal, Protocol, TypeVar

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
        return self._question("Ignore", "Ignore", reason="required")

    def _question(self, title: str, button: str, *, reason: Literal["none", "required"] = "none") -> Confirm:
        made = Confirm(title, button, reason=reason)
        self._place.add(made)
        return made


class Waiting(Protocol):
    """What waits in a deposit to be decided, one after the other."""

    deposit_id: int

    def open(self, deposit_id: int) -> bool:
        """Looks for what waits and takes the first; False when nothing does."""
        ...

    def reload(self, *, keep: bool) -> bool:
        """Shows what is now; `keep`: with what was typed here. False when it waits no more."""
        ...


Model = TypeVar("Model", bound=Waiting)


class WorkThroughDialog(ResolveDialog, Generic[Model]):
    """Decides what waits, one after the other, until nothing does.

    Subclasses draw the model and say with `_focus` where the cursor goes.
    """

    def __init__(self, model: Model, place: Panel, tell: Tell) -> None:
        super().__init__(place, tell)
        self.model = model

    def show(self, deposit_id: int) -> None:
        if not self.model.open(deposit_id):
            self._gone()
            return
        self._draw()
        self.dialog.show()
        self._focus()

    def work_through(self, act: Callable[[], str]) -> None:
        """Settles one, then shows the next that waits."""
        self.settle(act, stay=self._next)

    def _next(self) -> bool:
        more = self.model.open(self.model.deposit_id)
        self._draw()
        if more:
            self._focus()
        return more

    def _reload(self, keep: bool) -> None:  # noqa: FBT001 - the answer of the dialog
        if self.model.reload(keep=keep):
            self._draw()
        else:
            self._gone()

    def _draw(self) -> None:
        raise NotImplementedError

    def _focus(self) -> None:
        raise NotImplementedError
