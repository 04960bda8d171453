"""Importing files: many at once, decoded beside the page's own work, each with its progress and outcome."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from workbench.domain.scan_batch.records import DuplicatePlace
from workbench.images.intake import Incoming, Progress
from workbench.services.image_import import FileOutcome, Target
from workbench.widgets.image_viewer.arrivals import Arrivals, BatchInbox, Placing
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog
from workbench.widgets.kit.uploader import Outcome, Upload, Uploader

ACCEPT = ".pdf,.tif,.tiff,.jpg,.jpeg,.png,.webp,.bmp,.gif"
_EMPTY_INBOX = "No file waits in the scan inbox of this practice."
_STAGED = Outcome("received", "", "Waiting for the other files.")


class ImportDialog(Dialog):
    """Import files (key I). Files wait in the scratch folder until the last one has come, then go in together."""

    def __init__(
        self, arrivals: Arrivals, scratch: Path, inbox: BatchInbox, offer_sheet: Callable[[], None]
    ) -> None:
        self._arrivals = arrivals
        self._scratch = scratch
        self._inbox = inbox
        self._offer_sheet = offer_sheet
        self._staged: list[tuple[str, Incoming]] = []
        self._cancelled = threading.Event()
        self.form = Form(
            "Import",
            [
                Field("target", "Add to", "select", options=[(each.value, each.value) for each in Target]),
                Field("drop_blank", "Drop blank pages", "checkbox"),
                Field("deskew", "Deskew pages", "checkbox"),
            ],
            [
                Action("inbox", "Take from scan inbox", title="Files that the scanner or somebody put there"),
                Action("sheet", "Separator sheet", title="A page to print and lay between two sets"),
                Action("cancel", "Cancel import"),
                Action("dismiss", "Dismiss failed"),
                Action("close", "Close"),
            ],
            FormEvents(on_press=self._pressed),
            arrangement="line",
        )
        self.uploader = Uploader("Choose files", lambda: scratch, self._stage, self._all_here, accept=ACCEPT)
        super().__init__("Import files", self.form, self.uploader)

    def ask(self, target: Target) -> None:
        """Opens the window; `target` is proposed."""
        if not self._arrivals.running:
            self.form.fill({"target": target.value})
            self.uploader.clear()
            self._block(running=False)
        self.show()

    def _stage(self, path: Path, name: str) -> Outcome:
        kept = path.with_name(f"import-{path.name}")
        path.rename(kept)
        # The uploader marks the file that it hands over as the one being worked on.
        known = next(file.id for file in self.uploader.files if file.state == "working")
        self._staged.append((known, Incoming(name, kept)))
        return _STAGED

    def _all_here(self, _outcomes: Sequence[Outcome]) -> None:
        staged, self._staged = self._staged, []
        if staged:
            files = [incoming for _, incoming in staged]
            self._take_in([known for known, _ in staged], files, _remove, lambda: _remove_all(files))

    def _take_inbox(self) -> None:
        taken = self._inbox.take()
        if not taken:
            self.form.notify(_EMPTY_INBOX, "info")
            self._block(running=False)
            return
        self.uploader.clear()
        files = [Incoming(each.name, each.path) for each in taken]
        ids = [f"inbox-{each.path.name}" for each in taken]
        for known, each in zip(ids, taken, strict=True):
            self.uploader.show(Upload(known, each.name))
        unsettled = {each.path: each for each in taken}

        def settle(file: Incoming, outcome: FileOutcome) -> None:
            cancelled = bool(outcome.refused) and self._cancelled.is_set()
            if not cancelled:
                self._inbox.settle(unsettled.pop(Path(str(file.source))), imported=not outcome.refused)

        self._take_in(ids, files, settle, lambda: self._inbox.give_back(list(unsettled.values())))

    def _take_in(
        self,
        ids: Sequence[str],
        files: Sequence[Incoming],
        settle: Callable[[Incoming, FileOutcome], None],
        tidy: Callable[[], None],
    ) -> None:
        """Imports files whose lines are on the screen; `settle` for each that is done, `tidy` after the last."""
        target = Target(str(self.form.values["target"]))
        values = self.form.values
        placing = Placing(target, drop_blank=bool(values["drop_blank"]), deskew=bool(values["deskew"]))
        self._cancelled.clear()
        self._block(running=True)
        self.uploader.summary = intro = f"Importing {_files(len(files))} …"

        def on_progress(progress: Progress) -> None:
            self.uploader.summary = f"{intro} {progress.name}: {_pages(progress.pages_done)} read."

        def on_outcome(outcome: FileOutcome) -> None:
            nonlocal intro
            intro = f"{outcome.position + 1} of {_files(len(files))} imported."
            self.uploader.summary = intro
            self.uploader.show(shown(ids[outcome.position], outcome))
            settle(files[outcome.position], outcome)

        def on_end(outcomes: Sequence[FileOutcome]) -> None:
            tidy()
            self._end(outcomes)

        self._arrivals.take_in(
            files, placing, on_progress, on_outcome, on_end, self.form.notify, self._cancelled
        )

    def _end(self, outcomes: Sequence[FileOutcome]) -> None:
        self._block(running=False)
        self.uploader.summary = summary(outcomes)
        if outcomes and not any(outcome.refused or outcome.duplicates for outcome in outcomes):
            self.hide()
            self.notify(self.uploader.summary, "success")

    def _pressed(self, name: str) -> None:
        if name == "cancel":
            self._cancelled.set()
        elif name == "inbox":
            self._take_inbox()
        elif name == "sheet":
            self._offer_sheet()
        elif name == "dismiss":
            self._arrivals.dismiss_failed()
            self._block(running=False)
        else:
            self.hide()

    def _block(self, *, running: bool) -> None:
        blocked = {}
        if not running:
            blocked["cancel"] = "No import is running."
        if running or not self._arrivals.has_failed():
            blocked["dismiss"] = "No failed import is waiting to be looked at."
        busy = dict.fromkeys(("target", "drop_blank", "deskew"), "An import is running.") if running else {}
        if running:
            blocked["inbox"] = "An import is running."
        elif not self._inbox.waiting():
            blocked["inbox"] = _EMPTY_INBOX
        self.form.block(busy, blocked)


def shown(known: str, outcome: FileOutcome) -> Upload:
    """The line of one file."""
    if outcome.refused:
        return Upload(known, outcome.name, "refused", 100, "error", outcome.refused)
    lines = tuple(_twin(twin) for twin in outcome.duplicates[:3])
    tone, text = ("warning", "The same file is already here.") if lines else ("success", "")
    where = f" into set {outcome.set_id}" if outcome.pages and outcome.set_id else ""
    left = f" {_pages(outcome.left_out)} left out." if outcome.left_out else ""
    added = f"{_pages(outcome.pages)}{where}.{left} {text}".strip()
    return Upload(known, outcome.name, "added", 100, tone, added, lines)


def summary(outcomes: Sequence[FileOutcome]) -> str:
    """One line on an import: what came in, what did not."""
    refused = [outcome for outcome in outcomes if outcome.refused]
    added = sum(outcome.pages for outcome in outcomes)
    text = f"{_pages(added)} from {_files(len(outcomes) - len(refused))} added."
    if left_out := sum(outcome.left_out for outcome in outcomes):
        text = f"{text} {_pages(left_out)} left out: separator sheets or blank."
    return f"{text} {_files(len(refused))} not imported." if refused else text


def _remove(file: Incoming, _outcome: FileOutcome) -> None:
    Path(str(file.source)).unlink(missing_ok=True)


def _remove_all(files: Sequence[Incoming]) -> None:
    for file in files:
        Path(str(file.source)).unlink(missing_ok=True)


def _twin(twin: DuplicatePlace) -> str:
    return f"Already in batch {twin.batch_id}, set {twin.set_id}, page {twin.page_no}."


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
