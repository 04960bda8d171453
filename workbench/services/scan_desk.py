"""The services of the scan desk in one hand, for the wiring, the screens and the command line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.domain.identity import Actor
from workbench.errors import RefusedError
from workbench.images.intake import Incoming
from workbench.images.separators import separator_sheet
from workbench.images.store import ImageStore
from workbench.services.image_cleaning import ImageCleaning
from workbench.services.image_export import ImageExport
from workbench.services.image_import import FileOutcome, ImageImport, Target
from workbench.services.image_store import ImageFiles
from workbench.services.scan_batches.batches import ScanBatches
from workbench.services.scan_batches.coding import Coding
from workbench.services.scan_batches.image_marks import ImageMarks
from workbench.services.scan_batches.image_sets import ImageSets
from workbench.services.scan_batches.image_views import ImageViews
from workbench.services.scan_batches.imports import ImportJournal
from workbench.services.scan_batches.lists import BatchChoices, BatchLists
from workbench.services.scan_batches.recycle_bin import RecycleBin
from workbench.services.scan_batches.set_details import SetDetails
from workbench.services.scan_inbox import ScanInbox
from workbench.services.scan_profiles import ScanProfiles
from workbench.services.work_batches.attachments import Attachments
from workbench.services.work_batches.batches import WorkBatches
from workbench.services.work_batches.entries import Entries
from workbench.storage import Database

_PLACES = {
    "new": Target.NEW_SET,
    "per-file": Target.SET_PER_FILE,
    "separators": Target.AT_SEPARATORS,
    "blanks": Target.AT_BLANK_PAGES,
}


@dataclass(frozen=True, slots=True)
class ScanDesk:
    """Each attribute is documented where it is made."""

    batches: ScanBatches
    lists: BatchLists
    choices: BatchChoices
    sets: ImageSets
    marks: ImageMarks
    cleaning: ImageCleaning
    set_details: SetDetails
    views: ImageViews
    coding: Coding
    journal: ImportJournal
    recycle_bin: RecycleBin
    imports: ImageImport
    files: ImageFiles
    export: ImageExport
    inbox: ScanInbox
    profiles: ScanProfiles
    work: WorkBatches
    ties: Attachments
    entries: Entries

    def import_paths(
        self, actor: Actor, batch_id: int, paths: Sequence[Path], place: str, *, drop_blank: bool = False
    ) -> Iterator[FileOutcome]:
        """Imports files by their paths. `place` is one of `_PLACES`, or a Set ID."""
        files = [Incoming(path.name, path) for path in paths]
        return self._import(actor, batch_id, files, place, drop_blank=drop_blank)

    def import_inbox(
        self, actor: Actor, batch_id: int, place: str, *, drop_blank: bool = False
    ) -> list[FileOutcome]:
        """Imports what waits in the scan inbox of the batch's practice; what is not done lies there again."""
        taken = self.inbox.take(actor, batch_id)
        left = dict(enumerate(taken))
        outcomes = []
        try:
            files = [Incoming(each.name, each.path) for each in taken]
            for outcome in self._import(actor, batch_id, files, place, drop_blank=drop_blank):
                self.inbox.settle(left.pop(outcome.position), imported=not outcome.refused)
                outcomes.append(outcome)
        finally:
            self.inbox.give_back(list(left.values()))
        return outcomes

    def _import(
        self, actor: Actor, batch_id: int, files: Sequence[Incoming], place: str, *, drop_blank: bool
    ) -> Iterator[FileOutcome]:
        if place not in _PLACES and not (place.isascii() and place.isdigit()):
            words = ", ".join(_PLACES)
            raise RefusedError(f"{place} is not a place for pages. Say {words} or a Set ID.")
        target = _PLACES.get(place, Target.CURRENT_SET)
        set_id = int(place) if target is Target.CURRENT_SET else None
        return self.imports.run(actor, batch_id, files, target, set_id, drop_blank=drop_blank)

    @staticmethod
    def separator_sheet() -> bytes:
        """A page to print and lay between the papers of two sets, as a PDF."""
        return separator_sheet()


def furnish(database: Database, store: ImageStore) -> ScanDesk:
    """The scan inbox is the folder `inbox` beside the image store."""
    return ScanDesk(
        batches=ScanBatches(database),
        lists=BatchLists(database),
        choices=BatchChoices(database),
        sets=ImageSets(database),
        marks=ImageMarks(database),
        cleaning=ImageCleaning(database, store),
        set_details=SetDetails(database),
        views=ImageViews(database),
        coding=Coding(database),
        journal=ImportJournal(database),
        recycle_bin=RecycleBin(database),
        imports=ImageImport(database, store),
        files=ImageFiles(database, store),
        export=ImageExport(database, store),
        inbox=ScanInbox(database, store.root.with_name("inbox")),
        profiles=ScanProfiles(database),
        work=WorkBatches(database),
        ties=Attachments(database),
        entries=Entries(database),
    )
