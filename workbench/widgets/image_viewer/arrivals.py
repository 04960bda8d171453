"""Pages on their way into the batch, on a thread of their own: the page goes on answering meanwhile."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.pages import Edit
from workbench.domain.scan_batch.words import ImageSource
from workbench.errors import WorkbenchError
from workbench.images.intake import Incoming, Progress
from workbench.scanner.profile import Profile
from workbench.scanner.sane import Scanner, ScanProgress
from workbench.services.image_import import CUTS, FileOutcome, Target
from workbench.services.scan_desk import ScanDesk
from workbench.services.scan_inbox import ScanInbox, Taken
from workbench.widgets.image_viewer.model import ViewerModel
from workbench.widgets.kit.guard import Tell, guarded


@dataclass(frozen=True, slots=True)
class Placing:
    """Where pages go. `drop_blank` leaves blank ones out, `deskew` straightens the others."""

    target: Target
    drop_blank: bool = False
    deskew: bool = False


_FAILED = "failed"
_REDRAW_SECONDS = 0.5


class Arrivals:
    """One import or scan at a time, into the batch in front.

    Attributes:
        lock: held while the model changes; every event from the browser takes it too.
        running: whether one is under way.
    """

    def __init__(
        self,
        desk: ScanDesk,
        actor: Callable[[], Actor],
        redraw: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._actor = actor
        self._redraw = redraw
        self.lock = threading.RLock()
        self.running = False
        self.model: ViewerModel | None = None
        self._last_set: int | None = None
        self._drawn_at = 0.0

    def take_in(
        self,
        files: Sequence[Incoming],
        placing: Placing,
        on_progress: Callable[[Progress], None],
        on_outcome: Callable[[FileOutcome], None],
        on_end: Callable[[Sequence[FileOutcome]], None],
        tell: Tell,
        cancelled: threading.Event,
    ) -> None:
        """Starts an import; the callbacks run on its thread, `tell` hears what goes wrong."""
        model, outcomes = self._begin(), list[FileOutcome]()
        set_id = _into(model, placing.target)

        def work() -> None:
            found = self._desk.imports.run(
                self._actor(),
                model.batch_id,
                files,
                placing.target,
                set_id,
                drop_blank=placing.drop_blank,
                on_progress=on_progress,
                cancelled=cancelled,
            )
            for outcome in found:
                outcomes.append(outcome)
                self._arrived(model, outcome, placing)
                on_outcome(outcome)

        self._start(model, work, lambda: on_end(outcomes), tell)

    def scan(
        self,
        scanner: Scanner,
        device: str,
        profile: Profile,
        placing: Placing,
        on_progress: Callable[[ScanProgress], None],
        on_end: Callable[[Sequence[FileOutcome]], None],
        tell: Tell,
        cancelled: threading.Event,
    ) -> None:
        """Starts a scan: each page is stored and acknowledged as it leaves the scanner."""
        model, outcomes = self._begin(), list[FileOutcome]()

        def work() -> None:
            set_id = _into(model, placing.target)
            with self._desk.files.workspace() as folder:
                pages = scanner.scan(device, profile, folder, on_progress=on_progress, cancelled=cancelled)
                for page in pages:
                    name = f"Scan page {page.number}{page.path.suffix}"
                    for outcome in self._store(model, name, page.path, placing, set_id, tell):
                        outcomes.append(outcome)
                        if placing.target in CUTS and not outcome.refused:
                            set_id = outcome.set_id
                        elif placing.target is not Target.SET_PER_FILE:
                            set_id = outcome.set_id or set_id

        self._start(model, work, lambda: on_end(outcomes), tell)

    def has_failed(self) -> bool:
        """Whether a failed import waits for somebody to look at it: posting waits too."""
        model = self.model
        return model is not None and any(
            each.state == _FAILED for each in self._desk.journal.open(self._actor(), model.batch_id)
        )

    def dismiss_failed(self) -> None:
        if self.model is None:
            return
        for each in self._desk.journal.open(self._actor(), self.model.batch_id):
            if each.state == _FAILED:
                self._desk.journal.dismiss(self._actor(), each.import_id)

    def _store(
        self,
        model: ViewerModel,
        name: str,
        path: Path,
        placing: Placing,
        set_id: int | None,
        tell: Tell,
    ) -> Iterable[FileOutcome]:
        """Each page is a file of its own; `set_id` is the set that the pages before it have come to."""
        onward = Target.NEW_SET if set_id is None else Target.CURRENT_SET
        for outcome in self._desk.imports.run(
            self._actor(),
            model.batch_id,
            [Incoming(name, path)],
            placing.target if placing.target in CUTS else onward,
            set_id,
            source=ImageSource.SCANNED,
            drop_blank=placing.drop_blank,
        ):
            path.unlink()
            if outcome.refused:
                tell(outcome.refused, "error")
            self._arrived(model, outcome, placing)
            yield outcome

    def _begin(self) -> ViewerModel:
        if self.model is None:
            raise RuntimeError("no batch is open")
        self.running = True
        return self.model

    def _arrived(self, model: ViewerModel, outcome: FileOutcome, placing: Placing) -> None:
        """The step can be undone at once; the page is drawn anew twice a second at most."""
        if outcome.edit is None or outcome.set_id is None:
            return
        steps = [outcome.edit]
        if placing.deskew:
            # A page that somebody has deleted already, say, must not end the import of the others.
            with suppress(WorkbenchError):
                steps.append(
                    self._desk.cleaning.straighten(self._actor(), model.batch_id, _added(outcome.edit))
                )
        with self.lock:
            for step in steps:
                model.history.record(step)
            self._last_set = outcome.set_id
            if time.monotonic() - self._drawn_at > _REDRAW_SECONDS:
                self._show(model)

    def _show(self, model: ViewerModel) -> None:
        if self._last_set is not None:
            model.arrived(self._last_set)
            self._redraw()
        self._last_set, self._drawn_at = None, time.monotonic()

    def _start(
        self, model: ViewerModel, work: Callable[[], None], ended: Callable[[], None], tell: Tell
    ) -> None:
        def end() -> None:
            with self.lock:
                self._show(model)
            ended()

        def run() -> None:
            try:
                guarded(work, tell)
            finally:
                self.running = False
                guarded(end, tell)

        threading.Thread(target=run, daemon=True).start()


def _added(edit: Edit) -> list[int]:
    return [
        each for each, image in edit.after.images.items() if image.live and not edit.before.images[each].live
    ]


def _into(model: ViewerModel, target: Target) -> int | None:
    """The set that pages go to; None: a new one."""
    return model.set_id if target is Target.CURRENT_SET and not model.new_set else None


class BatchInbox:
    """The scan inbox of the practice whose batch is in front."""

    def __init__(self, arrivals: Arrivals, inbox: ScanInbox, actor: Callable[[], Actor]) -> None:
        self._arrivals = arrivals
        self._inbox = inbox
        self._actor = actor

    def waiting(self) -> int:
        """How many files could be taken; none for a person who may not add pages."""
        model = self._arrivals.model
        if model is None or "import" in model.blockers():
            return 0
        return self._inbox.waiting(self._actor(), model.batch_id)

    def take(self) -> list[Taken]:
        model = self._arrivals.model
        return [] if model is None else self._inbox.take(self._actor(), model.batch_id)

    def settle(self, taken: Taken, *, imported: bool) -> None:
        self._inbox.settle(taken, imported=imported)

    def give_back(self, taken: Sequence[Taken]) -> None:
        self._inbox.give_back(taken)
