"""Frames of the scan desk: image batches, image sets, images."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pandas as pd

from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.allowed import works_on
from workbench.domain.scan_batch.words import BatchType
from workbench.frames.base import FrameReader
from workbench.storage import scan_selects as selects
from workbench.storage.scan_selects import ScanFilter, ScanSight


class ScanFrames(FrameReader):
    """Every method gives a new DataFrame, limited to the practices and the kinds of paper of the person.

    Filters shared by all: `batch_id` (one or several), `since` and `until` (dates, inclusive, of creation), `status`
    (`Posted`, `Unposted`), `batch_type` (`Charge`, `Payment`). What lies in the recycle bin is left out.
    """

    def scan_batches(self, **filters: Any) -> pd.DataFrame:
        """One row per image batch. `batch_id` is `id`; sets, images, on_hold, attached ... are counts of sets."""
        return self._scans("scan_batches", selects.batches_select, Permission.BATCH_VIEW, **filters)

    def image_sets(self, **filters: Any) -> pd.DataFrame:
        """One row per image set, in the order of its batch.

        The columns `own_...` hold what is true of the set and not of its batch; missing or empty: as the batch says.
        """
        return self._scans("image_sets", selects.sets_select, Permission.BATCH_VIEW, **filters)

    def images(self, **filters: Any) -> pd.DataFrame:
        """One row per page, in reading order; `wb.images.open(image_id)` gives its picture."""
        return self._scans("images", selects.images_select, Permission.IMAGE_VIEW, **filters)

    def _scans(
        self,
        name: str,
        select: Callable[[ScanFilter, ScanSight], Any],
        permission: Permission,
        *,
        batch_id: int | Sequence[int] | None = None,
        since: date | None = None,
        until: date | None = None,
        status: str = "",
        batch_type: str = "",
    ) -> pd.DataFrame:
        actor = self._ask_actor()
        actor.require(permission)
        types = [each for each in BatchType if works_on(each, actor.permissions)]
        wanted = ScanFilter(batch_id, since, until, status, batch_type)
        return self._give(actor, name, select(wanted, ScanSight(actor.practice_ids, types)))
