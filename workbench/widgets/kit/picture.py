"""A plot with its words and numbers, so that nobody needs eyes to read it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from traitlets import Bytes, Int, List, Unicode

from workbench.widgets.kit.base import Content, Handler, KitWidget


@dataclass(frozen=True, slots=True)
class Plot:
    """Attributes:
    image: SVG or PNG.
    alt: the picture in a sentence.
    numbers: the table behind it, heading row first.
    """

    image: bytes
    alt: str
    numbers: Sequence[Sequence[str]]


class Picture(KitWidget):
    """Drawn when the browser is idle: `ask()` says that `draw` has something new, the page asks for it."""

    image = Bytes().tag(sync=True)
    media_type = Unicode("image/svg+xml").tag(sync=True)
    alt = Unicode().tag(sync=True)
    numbers = List(List(Unicode())).tag(sync=True)
    stale = Unicode().tag(sync=True)
    # In percent of the room it has; 0 for a plot, which is never larger than itself.
    zoom = Int(0).tag(sync=True)

    def __init__(self, draw: Callable[[], Plot]) -> None:
        self._draw = draw
        self._asked = 0
        super().__init__("picture")

    def events(self) -> dict[str, Handler]:
        return {"draw": self._drawn}

    def ask(self) -> None:
        self._asked += 1
        self.stale = str(self._asked)

    def _drawn(self, _content: Content, _: object) -> None:
        plot = self._draw()
        with self.hold_sync():
            self.alt = plot.alt
            self.numbers = [list(line) for line in plot.numbers]
            self.image = plot.image
