"""Files and scans into a batch: decoded in children, kept in the store, then acknowledged by their rows."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.pages import Edit
from workbench.domain.scan_batch.records import DuplicatePlace, NewImage, StoredPicture
from workbench.domain.scan_batch.separation import Cut, Mark, separate
from workbench.domain.scan_batch.words import ImageSource
from workbench.errors import WorkbenchError
from workbench.images.groups import groups, in_order
from workbench.images.intake import Incoming, Intake, Progress
from workbench.images.keeping import KeptFile, keep_all
from workbench.images.limits import Limits
from workbench.images.outcome import DecodedFile, Refused
from workbench.images.store import ImageStore
from workbench.services.scan_batches.image_sets import ImageSets
from workbench.services.scan_batches.image_views import ImageViews
from workbench.services.scan_batches.imports import ImportJournal
from workbench.storage import Database

# Files that get ready within a moment share a flush and a commit; not more, or progress would stand still.
MOST_AT_ONCE, GATHERING_SECONDS = 32, 0.3

_ENDED_EARLY = "The import ended before this file was in. Import it again."

_Decoded = tuple[int, DecodedFile | Refused]


class Target(StrEnum):
    """Where the pages go (spec 3.5)."""

    CURRENT_SET = "Current set"
    NEW_SET = "New set"
    SET_PER_FILE = "One set per file"
    AT_SEPARATORS = "New set at separator sheets"
    AT_BLANK_PAGES = "New set at blank pages"


# The targets that look at the pages to know where sets begin.
CUTS = {Target.AT_SEPARATORS: Cut.SEPARATOR, Target.AT_BLANK_PAGES: Cut.BLANK_PAGE}


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file.

    Attributes:
        position: 0-based place among the files given.
        pages: how many were added; 0 when the file was refused.
        set_id: where the last of them went; None: whatever comes next begins a new set.
        left_out: separator sheets and blank pages, which were not added as they were told not to be.
        edit: the step that added them, for undo; files that came in with another one's step have none.
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
    left_out: int = 0


@dataclass(slots=True)
class _Run:
    """One import: who, where to, and what was said about each file so far."""

    actor: Actor
    batch_id: int
    target: Target
    set_id: int | None
    source: ImageSource
    journal_ids: list[int]
    drop_blank: bool
    waiting: set[int] = field(default_factory=set)  # positions of files whose fate is not in the journal yet


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
        drop_blank: bool = False,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Iterator[FileOutcome]:
        """Imports files into a batch; yields what became of each, in the order given.

        A file is whole in the batch, or not at all, once its outcome is yielded. `set_id` is the current
        set; without one, the first file opens a new set. `drop_blank` leaves blank pages out, as a feeder
        that scans both sides delivers them. `on_progress` is called from other threads.
        Raises RefusedError or NotPermittedError when no file could be added at all.
        """
        stop = cancelled or threading.Event()
        with self._store.workspace() as folder, Intake(folder, limits=self._limits) as intake:
            sizes = [(file.name, _size(file.source)) for file in files]
            journal_ids = self._journal.begin_all(actor, batch_id, sizes)
            current = set_id if target is Target.CURRENT_SET or target in CUTS else None
            everything = set(range(len(files)))
            run = _Run(actor, batch_id, target, current, source, journal_ids, drop_blank, everything)
            marks = drop_blank or target in CUTS
            decoded = intake.decode_all(files, on_progress=on_progress, cancelled=stop, marks=marks)
            try:
                for ready in groups(in_order(decoded), MOST_AT_ONCE, GATHERING_SECONDS):
                    yield from self._add(run, folder, ready)
            finally:
                stop.set()  # whoever stops listening stops the import
                self._give_up(run)

    def _add(self, run: _Run, folder: Path, ready: Sequence[_Decoded]) -> list[FileOutcome]:
        """The files that are ready now, in one go when they go into one set: one flush, one commit."""
        good = [(position, file) for position, file in ready if isinstance(file, DecodedFile)]
        together = run.target in (Target.CURRENT_SET, Target.NEW_SET) and not run.drop_blank
        done = [self._refuse(run, position, file) for position, file in ready if isinstance(file, Refused)]
        for some in [good] if together and good else [[each] for each in good]:
            done += self._add_together(run, folder, some)
        return sorted(done, key=lambda outcome: outcome.position)

    def _add_together(
        self, run: _Run, folder: Path, files: Sequence[tuple[int, DecodedFile]]
    ) -> list[FileOutcome]:
        with self._store.writing(folder) as writing:
            kept = keep_all(writing, [file for _, file in files])
            pages = [new_images(file, each, run.source) for (_, file), each in zip(files, kept, strict=True)]
            twins = self._views.duplicates(run.actor, {each.original.sha256 for each in kept})
            try:
                edits, left_out = self._append(run, [file for _, file in files], pages)
            except WorkbenchError as refused:
                return [self._refuse(run, position, file, str(refused)) for position, file in files]
        self._journal.finish_all(
            run.actor,
            [(run.journal_ids[position], len(new)) for (position, _), new in zip(files, pages, strict=True)],
        )
        run.waiting.difference_update(position for position, _ in files)
        return [
            FileOutcome(
                position, file.name, len(new) - left_out, run.set_id, edit,
                duplicates=tuple(twin for twin in twins if twin.sha256 == each.original.sha256),
                left_out=left_out,
            )
            for (position, file), each, new, edit in zip(files, kept, pages, edits, strict=True)
        ]  # fmt: skip

    def _append(
        self, run: _Run, files: Sequence[DecodedFile], pages: Sequence[Sequence[NewImage]]
    ) -> tuple[list[Edit | None], int]:
        """One step for all of the files, which comes with the first of them; and how many pages were left out.

        Files come one by one when their pages are looked at, so that each is whole in one step.
        """
        new = [page for of_file in pages for page in of_file]
        parts, left_out, ended = [new], 0, False
        into = None if run.target is Target.SET_PER_FILE else run.set_id
        if run.drop_blank or run.target in CUTS:
            marks = [Mark(page.separator, page.blank) for file in files for page in file.pages]
            found = separate(marks, CUTS.get(run.target), drop_blank=run.drop_blank)
            parts = [[new[index] for index in part] for part in found.parts]
            left_out, ended = len(new) - sum(map(len, parts)), found.ended
            into = into if found.continues else None
        edits: list[Edit | None] = [None] * len(pages)
        if parts:
            edits[0] = edit = self._sets.append_parts(run.actor, run.batch_id, parts, set_id=into)
            run.set_id = edit.after.images[max(edit.after.images)].set_id
        if ended:
            run.set_id = None
        return edits, left_out

    def _refuse(self, run: _Run, position: int, file: DecodedFile | Refused, text: str = "") -> FileOutcome:
        reason = file.text if isinstance(file, Refused) else text
        self._journal.fail(run.actor, run.journal_ids[position], reason)
        run.waiting.discard(position)
        return FileOutcome(position, file.name, refused=reason)

    def _give_up(self, run: _Run) -> None:
        """An import that ends early says so of every file it has not dealt with: posting does not wait for it."""
        if run.waiting:
            self._journal.fail_all(
                run.actor, [run.journal_ids[position] for position in sorted(run.waiting)], _ENDED_EARLY
            )


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
