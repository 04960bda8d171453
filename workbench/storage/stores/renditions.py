"""What recipes made of images; the images themselves are read with the rendition that they are shown by."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from workbench.domain.scan_batch.records import Rendition
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.tables.batches import image_renditions as table


class RenditionStore(Store):
    """Reads and writes `image_renditions`, which only grows until the recycle bin is emptied."""

    def known(self, image_ids: Collection[int]) -> set[tuple[int, str]]:
        """Of which of these images, and by which recipe, there is a rendition."""
        rows = self._connection.execute(
            sa.select(table.c.image_id, table.c.cleaning).where(table.c.image_id.in_(image_ids))
        )
        return {(row.image_id, row.cleaning) for row in rows}

    def add(self, image_id: int, made: Rendition, user_id: int) -> None:
        """Its files are safe in the image store; there is none of this recipe yet."""
        values: dict[str, Any] = {
            "image_id": image_id,
            "cleaning": made.cleaning,
            "width": made.width,
            "height": made.height,
            "created_at": now(),
            "created_by_id": user_id,
        }
        pictures = {"full": made.full, "preview": made.preview, "thumbnail": made.thumbnail}
        for name, picture in pictures.items():
            values |= {f"{name}_sha256": picture.sha256, f"{name}_mime": picture.mime}
        self._connection.execute(sa.insert(table).values(values))
