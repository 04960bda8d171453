"""The Scan Batches tab without a screen: filters, rows, what may be done with the selected batches (spec 3.2)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.allowed import Action, why_not
from workbench.domain.scan_batch.lists import BatchPage, BatchQuery, BatchSort
from workbench.domain.scan_batch.records import BatchRow
from workbench.domain.scan_batch.words import BatchStatus, BatchType
from workbench.errors import RefusedError
from workbench.services.scan_desk import ScanDesk
from workbench.storage.clock import now

# Buttons that act on selected rows -> the row of table 2.2 that decides.
ON_SELECTION = {
    "view": Action.VIEW,
    "update": Action.EDIT_HEADER,
    "delete": Action.DELETE_BATCH,
    "post": Action.POST,
    "unpost": Action.UNPOST,
}
# Posted batches that nobody linked for so long are marked (spec 3.2); the tabs look back five days at first.
WAITING_DAYS = 5
ONE_AT_A_TIME = {"view", "update", "unpost", "restore"}


class ScanBatchesModel:
    """The list and its buttons.

    Attributes:
        query: the filters as they stand; sorting and paging come from the grid.
        rows: the page of rows that is shown.
        selection: Batch IDs.
    """

    def __init__(self, desk: ScanDesk, actor: Callable[[], Actor]) -> None:
        self._desk = desk
        self._actor = actor
        self.query = BatchQuery()
        self.rows: tuple[BatchRow, ...] = ()
        self.selection: list[int] = []

    def practices(self) -> list[tuple[str, str]]:
        """Choices of the practice filter."""
        return [(str(each.id), each.name) for each in self._desk.choices.practices(self._actor())]

    def narrow(self, name: str, value: Any) -> None:
        """Takes one filter from the form; None is no filter."""
        changes: dict[str, Any]
        if name == "status":
            changes = {"status": BatchStatus(value) if value else None}
        elif name == "batch_type":
            changes = {"batch_type": BatchType(value) if value else None}
        elif name == "practice_id":
            changes = {"practice_id": int(value) if value else None}
        elif name == "mine":
            changes = {"created_by_id": self._actor().user_id if value else None}
        elif name == "text":
            changes = {"text": value or ""}
        else:
            changes = {name: value}
        self.query = replace(self.query, **changes)

    def clear(self) -> None:
        self.query = BatchQuery()

    def page(self, sort: str, *, descending: bool, offset: int, limit: int) -> BatchPage:
        """One page of rows; the selection keeps what is still there."""
        order = BatchSort(sort) if sort in list(BatchSort) else BatchSort.CREATED
        zone = self._desk.lists.clock(self._actor(), self.query.practice_id)
        query = replace(
            self.query,
            sort=order,
            descending=descending,
            offset=offset,
            limit=limit,
            time_zone=str(zone),
        )
        page = self._desk.lists.page(self._actor(), query)
        self.rows = page.rows
        shown = {row.batch_id for row in page.rows}
        self.selection = [each for each in self.selection if each in shown]
        return page

    def empty_text(self) -> str:
        """Why the list is empty, and what to do."""
        if self.query == BatchQuery():
            return "No image batch yet. Create one with Create (Alt+C)."
        if self.query.recycled:
            return "The recycle bin is empty."
        return "No batch fits the filter."

    def select(self, batch_ids: Sequence[int]) -> None:
        shown = {row.batch_id for row in self.rows}
        self.selection = [each for each in batch_ids if each in shown]

    def blockers(self) -> dict[str, str]:
        """Button -> why it cannot be pressed now; buttons that can be are left out."""
        actor = self._actor()
        found: dict[str, str] = {}
        if Permission.BATCH_CREATE not in actor.permissions:
            found["create"] = "You may not create batches (batch.create). Ask your supervisor for the right."
        facts = [self._desk.batches.facts(actor, batch_id) for batch_id in self.selection]
        for name, action in ON_SELECTION.items():
            if not facts:
                found[name] = "Select a batch."
            elif name in ONE_AT_A_TIME and len(facts) > 1:
                found[name] = "Select one batch only."
            elif text := next(
                filter(None, (why_not(action, each, actor.permissions) for each in facts)), None
            ):
                found[name] = text
        found |= self._restore_blocker(actor)
        return found

    def _restore_blocker(self, actor: Actor) -> dict[str, str]:
        if not self.query.recycled:
            return {"restore": "Show the recycle bin to restore a batch from it."}
        if len(self.selection) != 1:
            return {"restore": "Select one batch."}
        if Permission.BATCH_DELETE not in actor.permissions:
            return {"restore": "You may not restore batches (batch.delete)."}
        return {}

    def delete_question(self) -> str:
        """Names Batch ID, sets and images of what is about to go (spec 5 row 16)."""
        rows = [row for row in self.rows if row.batch_id in self.selection]
        parts = [
            f"Batch {row.batch_id} ({_count(row.sets, 'set')}, {_count(row.images, 'image')})" for row in rows
        ]
        return f"Delete {' and '.join(parts)}? Deleted batches stay in the recycle bin for 30 days."

    def delete(self) -> None:
        for batch_id in self.selection:
            self._desk.batches.delete(self._actor(), batch_id)

    def restore(self) -> None:
        for batch_id in self.selection:
            self._desk.batches.restore(self._actor(), batch_id)

    def unpost(self, reason: str) -> None:
        for batch_id in self.selection:
            self._desk.batches.unpost(self._actor(), batch_id, reason)

    def empty_sets_question(self) -> str:
        """What to ask before posting, or "": which of the selected batches have empty sets (spec 5 row 12)."""
        rows = [row for row in self.rows if row.batch_id in self.selection and row.empty_sets and row.images]
        return " ".join(
            f"Batch {row.batch_id} has {_count(row.empty_sets, 'empty set')}." for row in rows
        ) + (" Drop them and post?" if rows else "")

    def post(self, *, drop_empty_sets: bool = False) -> list[str]:
        """Posts the selected batches, each for itself; gives a line per batch. Selects the next unposted one."""
        lines = []
        chosen = list(self.selection)
        for batch_id in chosen:
            try:
                self._desk.batches.post(self._actor(), batch_id, drop_empty_sets=drop_empty_sets)
            except RefusedError as refusal:
                lines.append(str(refusal))
            else:
                kind = next(row.batch_type for row in self.rows if row.batch_id == batch_id)
                lines.append(
                    f"Batch {batch_id} is posted. Create its {kind.value.lower()} batch on the "
                    f"{kind.value} Batches tab."
                )
        self.selection = self._next_unposted(chosen)
        return lines

    def _next_unposted(self, after: list[int]) -> list[int]:
        order = [row.batch_id for row in self.rows]
        place = max((order.index(each) for each in after if each in order), default=-1)
        following = [
            row.batch_id
            for row in (*self.rows[place + 1 :], *self.rows[: place + 1])
            if row.status is BatchStatus.UNPOSTED and row.batch_id not in after
        ]
        return following[:1]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def flags(row: BatchRow) -> str:
    """The badges of a row in words (spec 3.2)."""
    notes = []
    waited = 0 if row.posted_at is None or row.linked_to else (now() - row.posted_at).days
    if waited >= WAITING_DAYS and not row.finished:
        notes.append(f"not linked for {_count(waited, 'day')}")
    if row.on_hold:
        notes.append(f"{row.on_hold} on hold")
    if not row.images:
        notes.append("empty")
    elif row.empty_sets:
        notes.append(_count(row.empty_sets, "empty set"))
    if row.added_after_posting:
        notes.append(f"{_count(row.added_after_posting, 'image')} added after posting")
    if row.finished:
        notes.append("finished")
    return " · ".join(notes)
