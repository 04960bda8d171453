"""Many files from the browser to a scratch folder, in acknowledged chunks; no limit of one message."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from traitlets import Unicode

from workbench.widgets.kit.base import Buffers, Content, Handler, KitWidget

MAX_FILE_BYTES = 1 << 30
MAX_FILES = 2000
SHOW_EVERY_PERCENT = 4
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way. `state` is waiting, sending or working; then the word of the outcome."""

    id: str
    name: str
    state: str = "waiting"
    progress: int = 0
    tone: str = ""
    text: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: one word (`new`, `rejected` …), its tone, a sentence, and details."""

    word: str
    tone: str
    text: str
    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class _Arriving:
    path: Path
    size: int
    received: int = 0


class Uploader(KitWidget):
    """`on_file(path, name)` is called for each whole file and says what became of it.

    The browser sends again what was not acknowledged, so each message may come twice and counts once.

    The path is in `folder()` and is removed afterwards. `on_batch(outcomes)` is called after the last.
    """

    label = Unicode().tag(sync=True)
    hint = Unicode("or drop or paste files here").tag(sync=True)
    accept = Unicode().tag(sync=True)
    key = Unicode().tag(sync=True)
    summary = Unicode().tag(sync=True)

    def __init__(
        self,
        label: str,
        folder: Callable[[], Path],
        on_file: Callable[[Path, str], Outcome],
        on_batch: Callable[[Sequence[Outcome]], None],
        *,
        accept: str = "",
        key: str = "",
    ) -> None:
        self._folder, self._on_file, self._on_batch = folder, on_file, on_batch
        self._arriving: dict[str, _Arriving] = {}
        self._uploads: dict[str, Upload] = {}
        self._outcomes: list[Outcome] = []
        self._under_way = False
        super().__init__("uploader", label=label, accept=accept, key=key)

    def events(self) -> dict[str, Handler]:
        return {
            "list": lambda _content, _buffers: [asdict(upload) for upload in self.files],
            "begin": self._begin,
            "chunk": self._chunk,
            "whole": self._whole,
            "stopped": self._stopped,
            "cancel": self._cancel,
            "batch_done": self._batch_done,
        }

    @property
    def files(self) -> tuple[Upload, ...]:
        """The files of this batch in the order in which they were added."""
        return tuple(self._uploads.values())

    def show(self, upload: Upload) -> None:
        """Puts a file's state on the screen; also for files that come another way (a folder).

        Only this file's line is sent: the whole list at each step would grow with the square of the files.
        """
        self._uploads[upload.id] = upload
        self.send({"kind": "file", "file": asdict(upload)})

    def clear(self) -> None:
        self._uploads.clear()
        self.send({"kind": "cleared"})
        self.summary = ""

    def _begin(self, content: Content, _: object) -> dict[str, Any]:
        files = content.get("files")
        if not self._under_way:
            self.clear()
            self._outcomes = []
        self._under_way = True
        wanted = [
            (str(file["file"]), file) for file in (files if isinstance(files, list) else [])[:MAX_FILES]
        ]
        for known, file in wanted:
            if known not in self._uploads:
                self._expect(known, Path(str(file["name"])).name[:200] or "file", int(file["size"]))
        return {"refused": [known for known, _ in wanted if self._uploads[known].state == REFUSED]}

    def _expect(self, known: str, name: str, size: int) -> None:
        if size > MAX_FILE_BYTES:
            self._finish(known, name, Outcome(REFUSED, "error", "Larger than 1 GB."))
            return
        folder = self._folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._arriving[known] = _Arriving(folder / f"upload-{secrets.token_hex(8)}", size)
        self.show(Upload(known, name))

    def _chunk(self, content: Content, buffers: Buffers) -> dict[str, Any]:
        known = str(content.get("file"))
        arriving = self._arriving.get(known)
        if arriving is None or not buffers:
            return {"stop": True}
        data, offset = bytes(buffers[0]), int(content.get("offset", 0))
        if offset != arriving.received:  # sent twice, or before the lost one in front of it
            return {} if offset < arriving.received else {"early": True}
        if arriving.received + len(data) > arriving.size:
            return {"stop": True}
        with arriving.path.open("ab") as file:
            file.write(data)
        arriving.received += len(data)
        percent = 100 * arriving.received // max(arriving.size, 1)
        upload = self._uploads[known]
        if upload.state != "sending" or percent - upload.progress >= SHOW_EVERY_PERCENT:
            self.show(replace(upload, state="sending", progress=percent))
        return {}

    def _whole(self, content: Content, _: object) -> None:
        known = str(content.get("file"))
        arriving = self._arriving.get(known)
        if arriving is None:
            return
        upload = self._uploads[known]
        if arriving.received != arriving.size:
            self._end(known, Outcome("stopped", "warning", "Not all of it arrived. Add it again."))
            return
        self.show(replace(upload, state="working"))
        arriving.path.touch()
        # What stands when the owner fails: the guard tells why, and no patient's file stays in the scratch folder.
        outcome = Outcome("failed", "error", "This file could not be taken. See the notice.")
        try:
            outcome = self._on_file(arriving.path, upload.name)
        finally:
            self._end(known, outcome)

    def _end(self, known: str, outcome: Outcome) -> None:
        arriving = self._arriving.pop(known)
        arriving.path.unlink(missing_ok=True)
        self._finish(known, self._uploads[known].name, outcome)
        self._outcomes.append(outcome)

    def _finish(self, known: str, name: str, outcome: Outcome) -> None:
        self.show(
            Upload(known, name, outcome.word, 100, tone=outcome.tone, text=outcome.text, lines=outcome.lines)
        )

    def _stopped(self, content: Content, _: object) -> None:
        known = str(content.get("file"))
        if known in self._arriving:
            self._end(known, Outcome("cancelled", "warning", "Nothing of it was taken."))

    def _cancel(self, content: Content, _: object) -> None:
        self._stopped(content, None)

    def _batch_done(self, _content: Content, _: object) -> None:
        if self._under_way:
            self._under_way = False
            outcomes, self._outcomes = self._outcomes, []
            self._on_batch(outcomes)
