"""A file from Python to the person's downloads, over the widget's own wire: no address that others could ask for."""

from workbench.widgets.kit.base import KitWidget


class Download(KitWidget):
    """Draws nothing; `offer` makes the browser save a file."""

    def __init__(self) -> None:
        super().__init__("download")

    def offer(self, name: str, data: bytes, media_type: str) -> None:
        self.send({"kind": "file", "name": name, "media_type": media_type}, buffers=[data])
