"""Files and scans into a batch: decoded in children, kept in the store, then acknowledged by their rows."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.pages import Edit
from workbench.domain.scan_batch.records import DuplicatePlace, NewImage, StoredPicture
from workbench.domain.scan_batch.words import ImageSource
from workbench.errors import RefusedError
from workbench.images.intake import Incoming, Intake, Progress
from workbench.images.keeping import KeptFile, keep
from workbench.images.limits import Limits
from workbench.images.outcome import DecodedFile, Refused
from workbench.images.store import ImageStore
from workbench.services.scan_batches.image_sets import ImageSets
from workbench.services.scan_batches.image_views import ImageViews
from workbench.services.scan_batches.imports import ImportJournal
from workbench.storage import Database


class Target(StrEnum):
    """Where the pages go (spec 3.5)."""

    CURRENT_SET = "Current set"
    NEW_SET = "New set"
    SET_PER_FILE = "One set per file"


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file.

    Attributes:
        position: 0-based place among the files given.
        pages: how many were added; 0 when the file was refused.
        edit: the step that added them, for undo.
        refused: why nothing was added, for the person; "" when it was.
        duplicates: where pages of the very same file already were; it was added all the same (spec 5 row 30).
    """

    position: int
    name: str
    pages: int = 0
    set_id: int | None = None
    edit: Edit | None = None
    refused: str = ""
    duplicates: tuple[DuplicatePlace, ...] = ()


@dataclass(slots=True)
class _Run:
    """One import: who, where to, and what was said about each file so far."""

    actor: Actor
    batch_id: int
    target: Target
    set_id: int | None
    source: ImageSource
    journal_ids: list[int]


class ImageImport:
    """The one way in for pages, behind every entrance (spec 6.1)."""

    def __init__(self, database: Database, store: ImageStore, limits: Limits | None = None) -> None:
        self._sets = ImageSets(database)
        self._views = ImageViews(database)
        self._journal = ImportJournal(database)
        self._store = store
        self._limits = limits

    def run(
        self,
        actor: Actor,
        batch_id: int,
        files: Sequence[Incoming],
        target: Target = Target.NEW_SET,
        set_id: int | None = None,
        *,
        source: ImageSource = ImageSource.IMPORTED,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Iterator[FileOutcome]:
        """Imports files into a batch; yields what became of each, in the order given.

        A file is whole in the batch, or not at all, once its outcome is yielded. `set_id` is the current
        set; without one, the first file opens a new set. `on_progress` is called from other threads.
        Raises RefusedError or NotPermittedError when no file could be added at all.
        """
        sizes = [(file.name, _size(file.source)) for file in files]
        journal_ids = self._journal.begin_all(actor, batch_id, sizes)
        run = _Run(
            actor, batch_id, target, set_id if target is Target.CURRENT_SET else None, source, journal_ids
        )
        with self._store.workspace() as folder, Intake(folder, limits=self._limits) as intake:
            decoded = intake.decode_all(files, on_progress=on_progress, cancelled=cancelled)
            for position, outcome in _in_order(decoded):
                yield self._add(run, folder, position, outcome)

    def _add(self, run: _Run, folder: Path, position: int, outcome: DecodedFile | Refused) -> FileOutcome:
        journal_id = run.journal_ids[position]
        if isinstance(outcome, Refused):
            self._journal.fail(run.actor, journal_id, outcome.text)
            return FileOutcome(position, outcome.name, refused=outcome.text)
        try:
            with self._store.writing(folder) as writing:
                kept = keep(writing, outcome)
                pages = new_images(outcome, kept, run.source)
                twins = self._views.duplicates(run.actor, {kept.original.sha256})
                edit = self._sets.append(run.actor, run.batch_id, pages, set_id=run.set_id)
        except RefusedError as refused:
            self._journal.fail(run.actor, journal_id, str(refused))
            return FileOutcome(position, outcome.name, refused=str(refused))
        self._journal.finish(run.actor, journal_id, len(pages))
        [added_to] = {image.set_id for image in edit.after.images.values()}
        if run.target is not Target.SET_PER_FILE:
            run.set_id = added_to
        return FileOutcome(position, outcome.name, len(pages), added_to, edit, duplicates=tuple(twins))


def new_images(decoded: DecodedFile, kept: KeptFile, source: ImageSource) -> list[NewImage]:
    """The rows of a file that is safe in the store."""
    return [
        NewImage(
            sha256=kept.original.sha256,
            original_name=decoded.name,
            mime=decoded.kind.value,
            byte_count=kept.original.size,
            page_in_file=each.page.page_in_file,
            width=each.page.width,
            height=each.page.height,
            dpi=each.page.dpi,
            rotation=each.page.rotation,
            mirrored=each.page.mirrored,
            preview=StoredPicture(each.preview_sha256, each.page.preview.mime),
            thumbnail=StoredPicture(each.thumbnail_sha256, each.page.thumbnail.mime),
            full=_picture(each.image_sha256, each.image_mime),
            source=source,
        )
        for each in kept.pages
    ]


def _picture(sha256: str | None, mime: str | None) -> StoredPicture | None:
    return None if sha256 is None or mime is None else StoredPicture(sha256, mime)


def _size(source: Path | bytes) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def _in_order(
    outcomes: Iterable[tuple[int, DecodedFile | Refused]],
) -> Iterator[tuple[int, DecodedFile | Refused]]:
    """As they were given: pages of a set follow the order in which a person chose the files."""
    waiting: dict[int, DecodedFile | Refused] = {}
    following = 0
    for position, outcome in outcomes:
        waiting[position] = outcome
        while following in waiting:
            yield following, waiting.pop(following)
            following += 1
