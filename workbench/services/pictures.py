"""`wb.images`: the picture of a page for an analyst."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image as Pillow
from PIL import ImageOps
from PIL.Image import Image

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.records import Image as Stored
from workbench.services.image_store import ImageFiles, Size
from workbench.services.scan_batches.image_views import ImageViews

JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pages as Pillow images, for the person who works here; every look is audited."""

    files: ImageFiles
    actor: Callable[[], Actor]

    def open(self, image_id: int, *, as_scanned: bool = False) -> Image:
        """The page at full size and upright. `as_scanned`: without deskew, crop and the like."""
        return self.files.open(self.actor(), image_id, as_scanned=as_scanned)


def upright_preview(files: ImageFiles, views: ImageViews, actor: Actor, image_id: int) -> bytes:
    """A page as a JPEG of screen size, mirrored and turned as its row says, for places without a viewer; audited."""
    image = views.view(actor, image_id)
    return upright(files.picture(actor, image_id, Size.PREVIEW).data, image)


def upright(preview: bytes, image: Stored) -> bytes:
    """A rendition of ours, mirrored and turned as the image's row says."""
    if not image.file.mirrored and not image.state.rotation:
        return preview
    with Pillow.open(io.BytesIO(preview), formats=["JPEG"]) as stored:
        mirrored = ImageOps.mirror(stored) if image.file.mirrored else stored
        turned = mirrored.rotate(-image.state.rotation, expand=True)
        target = io.BytesIO()
        turned.save(target, "JPEG", quality=JPEG_QUALITY)
    return target.getvalue()
