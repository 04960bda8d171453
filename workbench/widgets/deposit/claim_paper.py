"""The scanned EOB beside the claim editor: the pages tied to the deposit, turned and enlarged by keys (issue B.4)."""

from typing import Any

from workbench.widgets.image_batches.paper import DepositPaper
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import section
from workbench.widgets.kit.picture import Picture, Plot

BUTTONS = [
    Action("earlier", "Previous Page", key="Alt+PageUp"),
    Action("later", "Next Page", key="Alt+PageDown"),
    Action("smaller", "Zoom Out", key="Alt+Minus"),
    Action("larger", "Zoom In", key="Alt+Equal"),
    Action("fit", "Fit Width", key="Alt+Digit0"),
]
FIT, STEP, LARGEST = 100, 50, 400
NOTHING = "No scanned page is tied to this deposit. Tie Image Set on the deposit's page shows the EOB here."


class ClaimPaper:
    """One deposit's pages at a time.

    Attributes:
        widget: the pages; hidden where there are none.
        empty: what is shown instead where paper is expected.
    """

    def __init__(self, desk: Any) -> None:
        self._desk = desk
        self._model = DepositPaper(desk.scan_desk, lambda: desk.actor)
        self.told = Form("Position in the EOB", [Field("position", "Position", "static")], arrangement="line")
        self.lack = Form("EOB Image", [Field("told", "", "static")], arrangement="line")
        self.lack.fill({"told": NOTHING})
        self.empty = section("EOB Image", self.lack)
        self.bar = Form("Page of the EOB", [], BUTTONS, FormEvents(on_press=self._press))
        self.picture = Picture(lambda: Plot(self._model.picture(), self._model.position(), ()))
        self.picture.media_type = "image/jpeg"
        self.widget = section("EOB Image", self.told, self.bar, self.picture)

    def show(self, deposit_id: int, *, keyed: bool) -> None:
        """The pages of the deposit, from the page that is shown. `keyed`: paper is expected, so its lack is told."""
        if deposit_id != self._model.deposit_id or not self._model.pages:
            self._model.look_at(deposit_id)
            self.picture.zoom = FIT
        self.widget.shown = self.has_pages
        self.empty.shown = keyed and not self.has_pages
        self._draw(turned=True)

    @property
    def has_pages(self) -> bool:
        return bool(self._model.pages)

    def _draw(self, *, turned: bool) -> None:
        self.told.fill({"position": self._model.position()})
        blocked = {
            name: text for name, text in self._model.blockers().items() if name in ("earlier", "later")
        }
        if self.picture.zoom <= FIT:
            blocked["smaller"] = "The page is as wide as its place."
        if self.picture.zoom >= LARGEST:
            blocked["larger"] = "The page is as large as it gets."
        self.bar.block({}, blocked)
        if turned and self.has_pages:
            self.picture.ask()

    def _press(self, name: str) -> None:
        if name in ("earlier", "later"):
            self._model.step(1 if name == "later" else -1)
        else:
            steps = {"smaller": self.picture.zoom - STEP, "larger": self.picture.zoom + STEP, "fit": FIT}
            self.picture.zoom = min(max(steps[name], FIT), LARGEST)
        self._draw(turned=name in ("earlier", "later"))
