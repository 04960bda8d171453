"""Clean up (key C): deskew, despeckle, invert and crop, on a thread of their own; a stack of pages takes a while."""

import re
import threading
from collections.abc import Callable
from decimal import Decimal

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.cleaning import PARTS, Cleaning, Cut, Step
from workbench.domain.scan_batch.pages import Edit
from workbench.domain.scan_batch.records import Image
from workbench.errors import NotFoundError, RefusedError
from workbench.services.scan_desk import ScanDesk
from workbench.widgets.image_viewer.model import ViewerModel
from workbench.widgets.kit.base import Content
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.guard import Tell, guarded
from workbench.widgets.kit.panel import Dialog

CLEANING = {"clean", "crop", "ask_crop"}
_SIDES = {
    "left": "Cut off left (%)",
    "top": "Cut off top (%)",
    "right": "Cut off right (%)",
    "bottom": "Cut off bottom (%)",
}
_TYPED = re.compile(r"-?\d{0,2}(\.\d{0,2})?", re.ASCII)


class CleanUp:
    """`done(edit)` is told after each act, on the act's thread.

    Attributes:
        cropping: the window that asks for numbers.
        running: whether pages are being cleaned up.
    """

    def __init__(self, desk: ScanDesk, actor: Callable[[], Actor], done: Callable[[Edit], None]) -> None:
        self._desk = desk
        self._actor = actor
        self._done = done
        self.cropping = CropDialog()
        self.running = False

    def act(self, model: ViewerModel, images: list[int], content: Content, tell: Tell) -> None:
        """What the browser asked for: one of `CLEANING`.

        `clean` does `step`, a `Step`, to the pages, or takes everything back when it is empty; `crop` leaves of the
        page in front what the mouse framed, and `ask_crop` asks for numbers.
        """
        batch_id, front = model.batch_id, model.front
        if front is None:
            raise NotFoundError("There is no page here.")
        if content["name"] == "ask_crop":
            self.cropping.ask(
                images, front, lambda turn, cut: self._by_hand(batch_id, images, turn, cut, tell)
            )
        elif content["name"] == "crop":
            turn, cut = as_seen(front)
            self._by_hand(batch_id, [front.state.image_id], turn, cut.then(_cut(content.get("cut"))), tell)
        elif not content.get("step"):
            self._start(lambda: self._desk.cleaning.as_scanned(self._actor(), batch_id, images), tell)
        else:
            step = Step(str(content["step"]))
            self._start(lambda: self._desk.cleaning.toggle(self._actor(), batch_id, images, step), tell)

    def _by_hand(self, batch_id: int, images: list[int], turn: int, cut: Cut, tell: Tell) -> None:
        self._start(lambda: self._desk.cleaning.by_hand(self._actor(), batch_id, images, turn, cut), tell)

    def _start(self, change: Callable[[], Edit], tell: Tell) -> None:
        if self.running:
            raise RefusedError("Pages are being cleaned up just now. Wait for them.")
        self.running = True

        def work() -> None:
            edit = change()
            self._done(edit)
            tell(f"{edit.label}. Undo with Ctrl+Z.", "info")

        def run() -> None:
            try:
                guarded(work, tell)
            finally:
                self.running = False

        threading.Thread(target=run, daemon=True).start()


class CropDialog(Dialog):
    """Crop and straighten by numbers: what the mouse does, for the keyboard and for a whole stack alike."""

    def __init__(self) -> None:
        self._wanted: Callable[[int, Cut], None] = lambda _turn, _cut: None
        self.form = Form(
            "Crop and straighten",
            [
                Field("turn", "Turn clockwise (degrees)", help="Up to 15, such as 1.5 or -0.75"),
                *(Field(name, label) for name, label in _SIDES.items()),
            ],
            [Action("apply", "Apply", tone="primary"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._pressed),
        )
        super().__init__("Crop and straighten", self.form)

    def ask(self, images: list[int], front: Image, wanted: Callable[[int, Cut], None]) -> None:
        """`front` is the page whose present numbers are shown. `wanted(turn, cut)`: hundredths of a degree clockwise,
        and the sides as the person sees them.
        """
        self._wanted = wanted
        turn, cut = as_seen(front)
        self.form.errors = {}
        self.form.fill({"turn": _words(turn)} | dict(zip(_SIDES, map(_words, cut.sides), strict=True)))
        self.show(
            "Crop and straighten 1 page" if len(images) == 1 else f"Crop and straighten {len(images)} pages"
        )

    def _pressed(self, name: str) -> None:
        if name == "apply":
            typed = {field: _hundredths(str(self.form.values[field] or "")) for field in ("turn", *_SIDES)}
            wrong = {field: "Type a number such as 1.5." for field, number in typed.items() if number is None}
            if wrong:
                self.form.errors = wrong
                self.form.focus(next(iter(wrong)))
                return
            turn, *sides = (number or 0 for number in typed.values())
            cut = Cut(*sides)
            try:
                Cleaning(turn=turn, cut=cut).checked()
            except RefusedError as refused:
                self.form.errors = {"turn" if Cleaning(cut=cut) == Cleaning() else "left": str(refused)}
                return
            self._wanted(turn, cut)
        self.hide()


def _cut(value: object) -> Cut:
    """Four sides from the browser, as parts of 1."""
    sides = value if isinstance(value, list) else []
    numbers = [min(1.0, max(0.0, each)) for each in sides if isinstance(each, int | float)]
    return Cut(*(int(each * PARTS) for each in numbers[:4]))


def as_seen(image: Image) -> tuple[int, Cut]:
    """How a page is turned and cut now, as a person sees it."""
    recipe, mirrored = Cleaning.read(image.state.cleaning), image.file.mirrored
    turn = -recipe.turn if mirrored else recipe.turn
    return turn, recipe.cut.stored_as_seen(image.state.rotation, mirrored=mirrored)


def _words(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}" if hundredths else ""


def _hundredths(text: str) -> int | None:
    """0 for nothing typed, None for what is no number."""
    word = text.strip().removesuffix("%").rstrip()
    if not word:
        return 0
    if not _TYPED.fullmatch(word) or not any(each.isdigit() for each in word):
        return None
    return int(Decimal(word) * 100)
