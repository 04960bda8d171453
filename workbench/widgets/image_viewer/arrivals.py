"""Pages on their way into the batch, on a thread of their own: the page goes on answering meanwhile."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.words import ImageSource
from workbench.images.intake import Incoming, Progress
from workbench.scanner.profile import Profile
from workbench.scanner.sane import Scanner, ScanProgress
from workbench.services.image_import import FileOutcome, Target
from workbench.services.scan_desk import ScanDesk
from workbench.widgets.image_viewer.model import ViewerModel
from workbench.widgets.kit.guard import Tell, guarded

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
        target: Target,
        on_progress: Callable[[Progress], None],
        on_outcome: Callable[[FileOutcome], None],
        on_end: Callable[[Sequence[FileOutcome]], None],
        tell: Tell,
        cancelled: threading.Event,
    ) -> None:
        """Starts an import; the callbacks run on its thread, `tell` hears what goes wrong."""
        model, outcomes = self._begin(), list[FileOutcome]()
        set_id = _into(model, target)

        def work() -> None:
            found = self._desk.imports.run(
                self._actor(),
                model.batch_id,
                files,
                target,
                set_id,
                on_progress=on_progress,
                cancelled=cancelled,
            )
            for outcome in found:
                outcomes.append(outcome)
                self._arrived(model, outcome)
                on_outcome(outcome)

        self._start(model, work, lambda: on_end(outcomes), tell)

    def scan(
        self,
        scanner: Scanner,
        device: str,
        profile: Profile,
        target: Target,
        on_progress: Callable[[ScanProgress], None],
        on_end: Callable[[int], None],
        tell: Tell,
        cancelled: threading.Event,
    ) -> None:
        """Starts a scan: each page is stored and acknowledged as it leaves the scanner."""
        model, outcomes = self._begin(), list[FileOutcome]()

        def work() -> None:
            set_id = _into(model, target)
            with self._desk.files.workspace() as folder:
                pages = scanner.scan(device, profile, folder, on_progress=on_progress, cancelled=cancelled)
                for page in pages:
                    name = f"Scan page {page.number}{page.path.suffix}"
                    for outcome in self._store(model, name, page.path, set_id, tell):
                        outcomes.append(outcome)
                        if target is not Target.SET_PER_FILE:
                            set_id = outcome.set_id or set_id

        self._start(model, work, lambda: on_end(sum(outcome.pages for outcome in outcomes)), tell)

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
        self, model: ViewerModel, name: str, path: Path, set_id: int | None, tell: Tell
    ) -> Iterable[FileOutcome]:
        target = Target.NEW_SET if set_id is None else Target.CURRENT_SET
        for outcome in self._desk.imports.run(
            self._actor(), model.batch_id, [Incoming(name, path)], target, set_id, source=ImageSource.SCANNED
        ):
            path.unlink()
            if outcome.refused:
                tell(outcome.refused, "error")
            self._arrived(model, outcome)
            yield outcome

    def _begin(self) -> ViewerModel:
        if self.model is None:
            raise RuntimeError("no batch is open")
        self.running = True
        return self.model

    def _arrived(self, model: ViewerModel, outcome: FileOutcome) -> None:
        """The step can be undone at once; the page is drawn anew twice a second at most."""
        if outcome.edit is None or outcome.set_id is None:
            return
        with self.lock:
            model.history.record(outcome.edit)
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


def _into(model: ViewerModel, target: Target) -> int | None:
    """The set that pages go to; None: a new one."""
    return model.set_id if target is Target.CURRENT_SET and not model.new_set else None
