"""The section Scanned Pages of the Deposit Management page: the paper beside the claims (issue B.4)."""

from collections.abc import Callable
from typing import Any

from workbench.widgets.image_batches.paper import DepositPaper
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog, Panel, section
from workbench.widgets.kit.picture import Picture, Plot
from workbench.widgets.kit.shell import Shell

BUTTONS = [
    Action("earlier", "Previous Page", key="Shift+BracketLeft"),
    Action("later", "Next Page", key="Shift+BracketRight"),
    Action("view", "View", title="Open the set in the Image Viewer"),
    Action("tie", "Tie Image Set"),
    Action("untie", "Untie"),
]


class PaperSection:
    """`open_set(batch_id, set_id)` opens the Image Viewer.

    Attributes:
        widget: a section that hides itself for deposits without paper.
    """

    def __init__(self, model: DepositPaper, open_set: Callable[[int, int], None]) -> None:
        self.model = model
        self._open_set = open_set
        self.bar = Form(
            "Scanned Pages",
            [Field("position", "Position", "static")],
            BUTTONS,
            FormEvents(on_press=self._press),
        )
        self.picture = Picture(self._draw)
        self.picture.media_type = "image/jpeg"
        self.choice = Form(
            "Tie Image Set",
            [Field("set", "Image Set", "select", required=True)],
            [Action("save", "Tie", tone="primary"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._tie),
        )
        self.dialog = Dialog("Tie Image Set", self.choice)
        self.reason = Confirm("Untie Image Set", "Untie", reason="required")
        self.widget: Panel = section("Scanned Pages")
        self.widget.shown = False

    def show(self, deposit_id: int, *, eob: bool) -> None:
        """Shows the paper of a deposit. A deposit that is no EOB and has no paper shows no section."""
        self.model.look_at(deposit_id)
        self.widget.shown = eob or bool(self.model.pages)
        if self.widget.shown:
            # Most deposits have no paper: their page does without these widgets.
            if not self.widget.children:
                for part in (self.bar, self.picture, self.dialog, self.reason):
                    self.widget.add(part)
            self._redraw()

    def _redraw(self) -> None:
        self.bar.fill({"position": self.model.position()})
        self.bar.block({}, self.model.blockers())
        if self.model.pages:
            self.picture.ask()
        else:
            self.picture.image, self.picture.alt = b"", ""

    def _draw(self) -> Plot:
        return Plot(self.model.picture(), self.model.position(), ())

    def _press(self, name: str) -> None:
        page = self.model.page
        if name in ("earlier", "later"):
            self.model.step(1 if name == "later" else -1)
            self._redraw()
        elif name == "view" and page is not None:
            self._open_set(page.batch_id, page.state.set_id)
        elif name == "tie":
            self._ask_which()
        elif name == "untie":
            self.reason.ask("The pages stay in their image batch.", self._untie)

    def _ask_which(self) -> None:
        candidates = self.model.candidates()
        self.choice.set_options("set", candidates)
        if candidates:
            self.choice.fill({"set": candidates[0][0]})
        nothing = "No payment set is posted and free. Post its image batch first."
        self.choice.block({}, {} if candidates else {"save": nothing})
        self.dialog.show()

    def _tie(self, name: str) -> None:
        if name == "save":
            self.model.tie(int(self.choice.values["set"]))
            self._redraw()
        self.dialog.hide()

    def _untie(self, reason: str) -> None:
        self.model.untie(reason)
        self._redraw()


def paper_section(desk: Any, shell: Shell) -> PaperSection:
    """The section of a page; `desk` is the opened workbench."""
    return PaperSection(
        DepositPaper(desk.scan_desk, lambda: desk.actor),
        lambda batch, image_set: shell.go("image_viewer", batch=batch, set=image_set),
    )
