"""Files in, pages out: every file is checked and decoded in a child process of its own."""

import json
import secrets
import shutil
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from workbench.domain.scan_batch.cleaning import Cleaning
from workbench.errors import RefusedError
from workbench.images.child import FULL_PAGE, MANIFEST, Job, Task
from workbench.images.limits import Limits
from workbench.images.outcome import (
    Cleaned,
    DecodedFile,
    Reason,
    Refused,
    Rendition,
    Sheet,
    Unclean,
    page_from_record,
    refusal,
)
from workbench.images.sandbox import Ending, Sandbox
from workbench.images.sniff import Kind

WORKERS = 4
_TOO_SLOW = {signal.SIGXCPU, signal.SIGALRM}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as somebody gave it. `source` is left alone: we keep what we checked, which is a copy."""

    name: str
    source: Path | bytes


@dataclass(frozen=True, slots=True)
class Progress:
    """Attributes:
    position: 0-based place of the file among those given.
    pages_done: of this file.
    """

    position: int
    name: str
    pages_done: int


@dataclass(frozen=True, slots=True)
class FullPage:
    """A page as a browser can show it, at full size."""

    mime: str
    width: int
    height: int
    data: bytes


class Intake:
    """Decodes files into a folder, several at once.

    Attributes:
        folder: where copies and renditions go, best an `ImageStore.workspace`; the caller removes it.
    """

    def __init__(self, folder: Path, *, limits: Limits | None = None, workers: int = WORKERS) -> None:
        self.folder = folder
        self._limits = limits or Limits()
        self._workers = workers
        self._sandbox = Sandbox()

    def __enter__(self) -> Self:
        self._sandbox.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sandbox.close()

    def decode(
        self,
        incoming: Incoming,
        on_pages: Callable[[int], None] | None = None,
        cancelled: threading.Event | None = None,
        *,
        marks: bool = False,
    ) -> DecodedFile | Refused:
        """Check one file to its last byte and make its previews; all of its pages or none.

        `marks`: look for separator sheets and blank pages as well.
        """
        if cancelled is not None and cancelled.is_set():
            return self._refuse(incoming, Reason.CANCELLED)
        size = len(incoming.source) if isinstance(incoming.source, bytes) else incoming.source.stat().st_size
        if size == 0:
            return self._refuse(incoming, Reason.EMPTY)
        if size > self._limits.file_bytes:
            return self._refuse(incoming, Reason.TOO_LARGE)
        folder = self._spare()
        folder.mkdir()
        source = folder / "original"
        if isinstance(incoming.source, bytes):
            source.write_bytes(incoming.source)
        else:
            shutil.copyfile(incoming.source, source)
        job = Job(source, folder, self._limits, options={"marks": marks})
        outcome = self._outcome(incoming, job, size, on_pages, cancelled)
        if isinstance(outcome, Refused):
            shutil.rmtree(folder)
        return outcome

    def decode_all(
        self,
        files: Iterable[Incoming],
        *,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: threading.Event | None = None,
        marks: bool = False,
    ) -> Iterator[tuple[int, DecodedFile | Refused]]:
        """Decode many files; yields each with its 0-based position, as they get done.

        `on_progress` is called from other threads. Once `cancelled` is set, what is not done yet comes
        back as refused, running children are killed.
        """

        def one(position: int, incoming: Incoming) -> tuple[int, DecodedFile | Refused]:
            def on_pages(done: int) -> None:
                if on_progress is not None:
                    on_progress(Progress(position, incoming.name, done))

            return position, self.decode(incoming, on_pages, cancelled, marks=marks)

        with ThreadPoolExecutor(max_workers=self._workers) as workers:
            running: list[Future[tuple[int, DecodedFile | Refused]]] = [
                workers.submit(one, position, incoming) for position, incoming in enumerate(files)
            ]
            try:
                for done in as_completed(running):
                    yield done.result()
            finally:
                for future in running:
                    future.cancel()

    def full_page(self, path: Path, page_in_file: int) -> FullPage:
        """Draw a page of a file from the store at full size. Raises RefusedError when it cannot be read."""
        with self._done(path, Task.FULL_PAGE, page=page_in_file) as (folder, manifest):
            return FullPage(**manifest["full"], data=(folder / FULL_PAGE).read_bytes())

    def pdf(self, sheets: Sequence[Sheet], title: str) -> bytes:
        """Pages as one PDF, upright, in this order. Raises RefusedError when one cannot be read."""
        own = self._spare()
        own.mkdir()

        def make(numbered: tuple[int, Sheet]) -> None:
            number, sheet = numbered
            how = {name: value for name, value in asdict(sheet).items() if name != "path"}
            with self._done(sheet.path, Task.SHEET, **how) as (folder, _):
                (folder / FULL_PAGE).rename(own / f"{number}.pdf")

        try:
            with ThreadPoolExecutor(max_workers=self._workers) as workers:
                list(workers.map(make, enumerate(sheets, start=1)))
            with self._done(own, Task.BIND, sheets=len(sheets), title=title) as (folder, _):
                return (folder / FULL_PAGE).read_bytes()
        finally:
            shutil.rmtree(own)

    def clean(self, pages: Sequence[Unclean]) -> list[Cleaned]:
        """Pages cleaned up, in this order; their pictures lie in `folder`. Raises RefusedError when one cannot be read."""

        def one(page: Unclean) -> Cleaned:
            how = {
                "page": page.page_in_file,
                "recipe": str(page.recipe),
                "measure": page.measure or "",
                "dpi": page.dpi,
            }
            with self._done(page.path, Task.CLEAN, **how) as (folder, manifest):
                pictures = [
                    Rendition(**record | {"path": (folder / Path(record["path"]).name).rename(self._spare())})
                    for record in manifest["pictures"]
                ]
            recipe = Cleaning.read(manifest["recipe"])
            return Cleaned(recipe, (pictures[0], pictures[1], pictures[2]) if pictures else None)

        with ThreadPoolExecutor(max_workers=self._workers) as workers:
            return list(workers.map(one, pages))

    def _spare(self) -> Path:
        return self.folder / secrets.token_hex(8)

    @contextmanager
    def _done(self, source: Path, task: Task, **options: object) -> Iterator[tuple[Path, dict[str, Any]]]:
        """One job on a file of the store: its folder, until the `with` ends, and its manifest."""
        folder = self._spare()
        folder.mkdir()
        try:
            ending = self._sandbox.run(Job(source, folder, self._limits, task, options), lambda _: None)
            manifest = _manifest(folder)
            if ending.exit_code or ending.signal or manifest is None or "refused" in manifest:
                raise RefusedError("This page cannot be read any more. Run: workbench images verify")
            yield folder, manifest
        finally:
            shutil.rmtree(folder)

    def _outcome(
        self,
        incoming: Incoming,
        job: Job,
        size: int,
        on_pages: Callable[[int], None] | None,
        cancelled: threading.Event | None,
    ) -> DecodedFile | Refused:
        ending = self._sandbox.run(job, on_pages or (lambda _: None), cancelled)
        manifest = _manifest(job.folder)
        if ending.exit_code or ending.signal or manifest is None:
            was_cancelled = cancelled is not None and cancelled.is_set()
            return self._refuse(
                incoming, Reason.CANCELLED if was_cancelled else _why(ending), detail=ending.fault
            )
        if "refused" in manifest:
            return self._refuse(incoming, Reason(manifest["refused"]), page=manifest["page"])
        return DecodedFile(
            name=incoming.name,
            kind=Kind(manifest["kind"]),
            size=size,
            path=job.source,
            pages=tuple(page_from_record(record, job.folder) for record in manifest["pages"]),
            shown_as_is=manifest["shown_as_is"],
        )

    def _refuse(
        self, incoming: Incoming, reason: Reason, *, page: int | None = None, detail: str = ""
    ) -> Refused:
        return refusal(incoming.name, reason, self._limits, page=page, detail=detail)


def decode_file(
    source: Path | bytes, name: str, folder: Path, limits: Limits | None = None
) -> DecodedFile | Refused:
    """Decode one file on its own. For several, an `Intake` saves the start of a nursery for each."""
    with Intake(folder, limits=limits, workers=1) as intake:
        return intake.decode(Incoming(name, source))


def _manifest(folder: Path) -> dict[str, Any] | None:
    path = folder / MANIFEST
    if not path.is_file():
        return None
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _why(ending: Ending) -> Reason:
    if ending.signal in _TOO_SLOW:
        return Reason.TOO_SLOW
    if ending.fault.startswith("MemoryError"):
        return Reason.TOO_MUCH_MEMORY
    return Reason.CRASHED
