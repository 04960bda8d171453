"""A plot with its words and numbers, so that nobody needs eyes to read it."""

from collections.abc import Sequence

from traitlets import Bytes, List, Unicode

from workbench.widgets.kit.base import KitWidget


class Picture(KitWidget):
    image = Bytes().tag(sync=True)
    media_type = Unicode("image/svg+xml").tag(sync=True)
    alt = Unicode().tag(sync=True)
    numbers = List(List(Unicode())).tag(sync=True)

    def __init__(self) -> None:
        super().__init__("picture")

    def show(self, image: bytes, alt: str, numbers: Sequence[Sequence[str]]) -> None:
        """`numbers` is the table behind the picture, heading row first."""
        with self.hold_sync():
            self.alt = alt
            self.numbers = [list(line) for line in numbers]
            self.image = image
