"""The journal of files being imported: a crash leaves a word about every file that was under way."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from workbench.errors import NotFoundError
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.tables.batches import image_imports as t

RUNNING, DONE, FAILED, DISMISSED = "running", "done", "failed", "dismissed"


@dataclass(frozen=True, slots=True)
class ImageImport:
    """One file on its way into a batch. `state` is running, done, failed or dismissed; `reason` says why it failed."""

    import_id: int
    batch_id: int
    file_name: str
    state: str
    reason: str
    pages: int

    @property
    def failed(self) -> bool:
        return self.state == FAILED


class ImageImportStore(Store):
    """Reads and writes `image_imports`."""

    def begin(self, batch_id: int, file_name: str, byte_count: int, user_id: int) -> int:
        return self._insert(
            t,
            {
                "batch_id": batch_id,
                "file_name": file_name,
                "byte_count": byte_count,
                "started_at": now(),
                "user_id": user_id,
            },
        )

    def batch_of(self, import_id: int) -> int:
        batch_id = self._connection.scalar(sa.select(t.c.batch_id).where(t.c.id == import_id))
        if batch_id is None:
            raise NotFoundError("The import was not found.")
        return int(batch_id)

    def end(self, import_id: int, state: str, *, reason: str = "", pages: int = 0) -> None:
        self._connection.execute(
            sa.update(t)
            .where(t.c.id == import_id)
            .values(state=state, reason=reason, pages=pages, ended_at=now())
        )

    def open(self, batch_id: int) -> list[ImageImport]:
        """Those that posting waits for: running, or failed and not dismissed."""
        rows = self._connection.execute(
            sa.select(t).where(t.c.batch_id == batch_id, t.c.state.in_((RUNNING, FAILED))).order_by(t.c.id)
        )
        return [
            ImageImport(row.id, row.batch_id, row.file_name, row.state, row.reason, row.pages) for row in rows
        ]

    def fail_interrupted(self, started_before: datetime) -> int:
        """Imports whose process must be dead by now become failed; gives how many."""
        return self._connection.execute(
            sa.update(t)
            .where(t.c.state == RUNNING, t.c.started_at < started_before)
            .values(state=FAILED, reason="The import was interrupted. Import the file again.", ended_at=now())
        ).rowcount
