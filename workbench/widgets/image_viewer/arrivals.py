"""Pages on their way into the batch, on a thread of their own: the page goes on answering meanwhile."""

import threading
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
from workbench.widgets.kit.guard import guarded

_FAILED = "failed"


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
        tell: Callable[[str, str], None],
    ) -> None:
        self._desk = desk
        self._actor = actor
        self._redraw = redraw
        self._tell = tell
        self.lock = threading.RLock()
        self.running = False
        self.model: ViewerModel | None = None

    def take_in(
        self,
        files: Sequence[Incoming],
        target: Target,
        on_progress: Callable[[Progress], None],
        on_outcome: Callable[[FileOutcome], None],
        on_end: Callable[[Sequence[FileOutcome]], None],
        cancelled: threading.Event,
    ) -> None:
        """Starts an import; the callbacks run on its thread."""
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

        self._start(work, lambda: on_end(outcomes))

    def scan(
        self,
        scanner: Scanner,
        device: str,
        profile: Profile,
        target: Target,
        on_progress: Callable[[ScanProgress], None],
        on_end: Callable[[int], None],
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
                    for outcome in self._store(model, name, page.path, set_id):
                        outcomes.append(outcome)
                        if target is not Target.SET_PER_FILE:
                            set_id = outcome.set_id or set_id

        self._start(work, lambda: on_end(sum(outcome.pages for outcome in outcomes)))

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

    def _store(self, model: ViewerModel, name: str, path: Path, set_id: int | None) -> Iterable[FileOutcome]:
        target = Target.NEW_SET if set_id is None else Target.CURRENT_SET
        for outcome in self._desk.imports.run(
            self._actor(), model.batch_id, [Incoming(name, path)], target, set_id, source=ImageSource.SCANNED
        ):
            path.unlink()
            if outcome.refused:
                self._tell(outcome.refused, "error")
            self._arrived(model, outcome)
            yield outcome

    def _begin(self) -> ViewerModel:
        if self.model is None:
            raise RuntimeError("no batch is open")
        self.running = True
        return self.model

    def _arrived(self, model: ViewerModel, outcome: FileOutcome) -> None:
        if outcome.edit is None or outcome.set_id is None:
            return
        with self.lock:
            model.arrived(outcome.edit, outcome.set_id)
            self._redraw()

    def _start(self, work: Callable[[], None], ended: Callable[[], None]) -> None:
        def run() -> None:
            try:
                guarded(work, self._tell)
            finally:
                self.running = False
                guarded(ended, self._tell)

        threading.Thread(target=run, daemon=True).start()


def _into(model: ViewerModel, target: Target) -> int | None:
    """The set that pages go to; None: a new one."""
    return model.set_id if target is Target.CURRENT_SET and not model.new_set else None
