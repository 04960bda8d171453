"""`wb.images`: the picture of a page for an analyst."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL.Image import Image

from workbench.domain.identity import Actor
from workbench.services.image_store import ImageFiles


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pages as Pillow images, for the person who works here; every look is audited."""

    files: ImageFiles
    actor: Callable[[], Actor]

    def open(self, image_id: int) -> Image:
        """The page at full size and upright."""
        return self.files.open(self.actor(), image_id)
