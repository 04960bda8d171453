"""Scanners through SANE's `scanimage`, run as a process of its own.

Never python-sane inside our process: it crashes on an error in a callback and returns a short image on
cancel without an error. What `scanimage` says is taken at its word only where it was tried out:

- Only a page reported with status 5 (end of page) is whole.
- A feeder that ran empty is exit code 0, or 7 when a page count was given; with no page, it was empty
  from the start. A jam or an open cover is its SANE status as exit code.
- After a jam a child of the driver may keep standard error open, so its end is not waited for.
- After an error it may never end: now and then `scanimage` and the driver's reading thread wait for each
  other for ever (1 in 500 errors of the `test` backend). What it said by then is the answer.
"""

import os
import re
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from workbench.errors import SetUpError
from workbench.scanner.errors import (
    CANCELLED,
    FEEDER_EMPTY,
    NO_ANSWER,
    STATUS_CANCELLED,
    STATUS_END_OF_PAGE,
    STATUS_GOOD,
    STATUS_NO_DOCUMENTS,
    ScannerError,
    scanner_error,
    status_said,
)
from workbench.scanner.options import Capabilities, parse_options
from workbench.scanner.profile import Profile, arguments

_LIST_SECONDS = 60  # network scanners are looked for
_CANCEL_SECONDS, _PAGE_SECONDS = 10, 1
_LAST_WORD_SECONDS = 2  # from naming its trouble to its end, which usually follows at once
_TICK = 0.1
_FIELD = "\x1f"
_PAGE_BEGINS = re.compile(r"Scanning page (\d+)")
_PAGE_ENDED = re.compile(r"Scanned page (\d+)\. \(scanner status = (\d+)\)")
_TROUBLE = re.compile(r"scanimage: sane_(?:start|read): ")
_NOT_ACCEPTED = 4
_PERCENT = re.compile(r"Progress: ([\d.]+)%")


@dataclass(frozen=True, slots=True)
class Device:
    """`name` is what SANE calls it; `label` is for people."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A whole page. `number` is 1-based within this scan."""

    number: int
    path: Path


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """Attributes:
    page: the page that is being scanned, 1-based.
    percent: of this page.
    """

    page: int
    percent: float


@dataclass(slots=True)
class _Talk:
    """What the scanner has said so far on standard error.

    Attributes:
        trouble: the SANE status that ended the scan, as it was said; 0: nothing so far.
    """

    held: str = ""
    page: int = 0
    whole: int = 0
    trouble: int = STATUS_GOOD
    lines: list[str] = field(default_factory=list)

    def hear(self, data: bytes) -> None:
        *done, self.held = re.split(r"[\r\n]", self.held + data.decode("utf-8", "replace"))
        self.lines += done


class Scanner:
    """The scanners that this computer can reach.

    Attributes:
        idle_seconds: how long a scanner may say nothing at all before it is taken for dead.
    """

    def __init__(
        self,
        program: str = "scanimage",
        environment: Mapping[str, str] | None = None,
        idle_seconds: float = 120,
    ) -> None:
        self._program = program
        self._environment = {**os.environ, **(environment or {}), "LC_ALL": "C"}
        self.idle_seconds = idle_seconds

    def devices(self) -> list[Device]:
        """Every scanner that SANE finds; this may take some seconds. Raises SetUpError without SANE."""
        layout = _FIELD.join(("%d", "%v", "%m", "%t")) + "%n"
        found = []
        for line in self._ask("-f", layout).splitlines():
            name, vendor, model, kind = line.split(_FIELD)
            found.append(Device(name, f"{vendor} {model} ({kind})".strip()))
        return found

    def capabilities(self, device: str) -> Capabilities:
        """What a device can do just now. Raises ScannerError when it cannot be reached."""
        return parse_options(self._ask(f"--device-name={device}", "--all-options"))

    def scan(
        self,
        device: str,
        profile: Profile,
        folder: Path,
        *,
        most_pages: int = 500,
        on_progress: Callable[[ScanProgress], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> Iterator[ScannedPage]:
        """Scan into `folder`; yields each page once it is whole.

        Raises ScannerError at the end when the scan ended otherwise than well, was cancelled, or found
        no paper; the pages that were yielded are whole all the same.
        """
        settings = arguments(profile, self.capabilities(device))
        suffix = {"jpeg": "jpg"}.get(profile.file_format, profile.file_format)
        command = [
            self._program,
            f"--device-name={device}",
            *settings,
            f"--format={profile.file_format}",
            # The name is a format of C's printf, so a percent sign in the folder is doubled.
            f"--batch={str(folder).replace('%', '%%')}/page%05d.{suffix}",
            f"--batch-count={most_pages if profile.uses_feeder else 1}",
            "--progress",
        ]

        def path_of(number: int) -> Path:
            return folder / f"page{number:05d}.{suffix}"

        talk = _Talk()
        process = self._start(command)
        try:
            yield from self._pages(process, talk, path_of, on_progress, cancelled)
        finally:
            _stop(process, _LAST_WORD_SECONDS if talk.trouble else _CANCEL_SECONDS)
        self._judge(talk.trouble or process.returncode, talk, cancelled)

    def _pages(
        self,
        process: subprocess.Popen[bytes],
        talk: _Talk,
        path_of: Callable[[int], Path],
        on_progress: Callable[[ScanProgress], None] | None,
        cancelled: threading.Event | None,
    ) -> Iterator[ScannedPage]:
        if process.stderr is None:
            raise RuntimeError("scanimage was started without pipes")
        heard_at, handle = time.monotonic(), process.stderr.fileno()
        while True:
            ended = process.poll() is not None
            if select.select([handle], [], [], 0 if ended else _TICK)[0] and (
                data := os.read(handle, 1 << 16)
            ):
                heard_at = time.monotonic()
                talk.hear(data)
                yield from _understand(talk, path_of, on_progress)
            elif ended:
                return
            if cancelled is not None and cancelled.is_set():
                return
            silent = time.monotonic() - heard_at
            if talk.trouble and silent > _LAST_WORD_SECONDS:
                return
            if silent > self.idle_seconds:
                raise ScannerError(NO_ANSWER)

    def _judge(self, code: int, talk: _Talk, cancelled: threading.Event | None) -> None:
        if cancelled is not None and cancelled.is_set():
            raise ScannerError(CANCELLED, STATUS_CANCELLED)
        if code not in (STATUS_GOOD, STATUS_NO_DOCUMENTS):
            raise scanner_error(code, talk.whole)
        if talk.whole == 0:
            raise ScannerError(FEEDER_EMPTY, STATUS_NO_DOCUMENTS)

    def _ask(self, *options: str) -> str:
        try:
            answer = subprocess.run(  # noqa: S603  # our own arguments, no shell
                [self._program, *options],
                env=self._environment,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_LIST_SECONDS,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except FileNotFoundError:
            raise SetUpError("Scanning needs SANE. Install it: apt-get install sane-utils") from None
        except subprocess.TimeoutExpired:
            raise ScannerError(NO_ANSWER) from None
        if answer.returncode:
            raise scanner_error(_open_status(answer.stderr, answer.returncode), 0)
        return answer.stdout

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603  # our own arguments, no shell
            command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            # Its own group: a Ctrl+C at our terminal is ours to handle, and children die with it.
            start_new_session=True,
        )


def _understand(
    talk: _Talk, path_of: Callable[[int], Path], on_progress: Callable[[ScanProgress], None] | None
) -> Iterator[ScannedPage]:
    lines, talk.lines = talk.lines, []
    for line in lines:
        if begins := _PAGE_BEGINS.search(line):
            talk.page = int(begins[1])
        elif (percent := _PERCENT.search(line)) and on_progress is not None:
            on_progress(ScanProgress(talk.page, float(percent[1])))
        elif _TROUBLE.search(line):
            talk.trouble = status_said(line) or talk.trouble
        elif (ended := _PAGE_ENDED.search(line)) and int(ended[2]) == STATUS_END_OF_PAGE:
            talk.whole += 1
            yield ScannedPage(int(ended[1]), path_of(int(ended[1])))


def _open_status(said: str, code: int) -> int:
    """`scanimage` exits with 1 when it cannot open a device, and only says why."""
    return code if code != 1 else status_said(said) or _NOT_ACCEPTED


def _stop(process: subprocess.Popen[bytes], seconds: float) -> None:
    """SIGINT, so that the scanner lets go of the paper; what does not end in so many seconds is killed.

    One SIGINT cancels the page in work; between two pages it is lost, so a second one follows, at which
    scanimage gives up.
    """
    for patience in (_PAGE_SECONDS, seconds - _PAGE_SECONDS):
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(patience)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stderr is not None:
        process.stderr.close()
