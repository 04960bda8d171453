"""This process's end of the nursery: give it a job, wait for how it ended."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import IO, Any, Self

from workbench.images.child import Job

_NURSERY = "workbench.images.nursery"
# NumPy's linear algebra would start a thread for each processor in the server, which only forks.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
# How much longer than the job's own limit we wait before we take the nursery itself for stuck.
_GRACE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended. `exit_code` is its own; `signal` is what killed it, or 0; `fault` is for the log."""

    exit_code: int
    signal: int
    fault: str = ""


@dataclass(slots=True)
class _Pending:
    on_pages: Callable[[int], None]
    done: Future[Ending]
    nursery: subprocess.Popen[bytes] | None = None
    fault: str = ""


class Sandbox:
    """Runs jobs, each in a child process of its own. Used from several threads; `close` ends every child."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = count(1)
        self._pending: dict[int, _Pending] = {}
        self._nursery: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the nursery ahead of the first job, to import the decoders while something else is done."""
        with self._lock:
            self._running()

    def run(
        self, job: Job, on_pages: Callable[[int], None], cancelled: threading.Event | None = None
    ) -> Ending:
        """Run one job to its end. `on_pages` gets the pages done so far, on another thread."""
        pending = _Pending(on_pages, Future())
        job_id = next(self._ids)
        self._send({"id": job_id, **job.to_order()}, job_id, pending)
        return self._wait(job_id, pending, job.limits.wall_seconds + _GRACE_SECONDS, cancelled)

    def close(self) -> None:
        """End the nursery and with it the children."""
        with self._lock:
            nursery, self._nursery = self._nursery, None
        if nursery is not None:
            with suppress(ProcessLookupError):
                os.killpg(nursery.pid, signal.SIGKILL)
            nursery.wait()

    def _wait(
        self, job_id: int, pending: _Pending, seconds: float, cancelled: threading.Event | None
    ) -> Ending:
        step = seconds if cancelled is None else 0.05
        waited = 0.0
        while waited < seconds:
            try:
                return pending.done.result(timeout=step)
            except TimeoutError:
                waited += step
            if cancelled is not None and cancelled.is_set():
                self._send({"kill": job_id})
                return pending.done.result(timeout=_GRACE_SECONDS)
        self.close()
        return pending.done.result(timeout=_GRACE_SECONDS)

    def _send(self, order: dict[str, Any], job_id: int = 0, pending: _Pending | None = None) -> None:
        line = json.dumps(order).encode() + b"\n"
        with self._lock:
            nursery = self._running()
            if pending is not None:
                pending.nursery = nursery
                self._pending[job_id] = pending
            try:
                os.write(_end(nursery.stdin), line)
            except BrokenPipeError:
                return  # it died just now: the reader gives every job of it its ending

    def _running(self) -> subprocess.Popen[bytes]:
        if self._nursery is None or self._nursery.poll() is not None:
            self._nursery = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-P", "-m", _NURSERY],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | _ENVIRONMENT,
                # A group of its own, so that the children can be ended with it.
                start_new_session=True,
            )
            threading.Thread(target=self._read, args=(self._nursery,), daemon=True).start()
        return self._nursery

    def _read(self, nursery: subprocess.Popen[bytes]) -> None:
        with open(os.dup(_end(nursery.stdout)), "rb") as answers:  # noqa: PTH123  # a handle, not a path
            for line in answers:
                self._heard(_answer(line))
        nursery.wait()
        with self._lock:
            lost = [job_id for job_id, pending in self._pending.items() if pending.nursery is nursery]
            orphans = [self._pending.pop(job_id) for job_id in lost]
        for pending in orphans:
            pending.done.set_result(Ending(-1, 9, "the nursery ended"))

    def _heard(self, answer: dict[str, Any]) -> None:
        job_id = answer.get("id")
        if not isinstance(job_id, int):
            return
        with self._lock:
            pending = self._pending.pop(job_id, None) if "exit" in answer else self._pending.get(job_id)
        if pending is None:
            return
        if "pages" in answer:
            pending.on_pages(answer["pages"])
        elif "fault" in answer:
            pending.fault = answer["fault"]
        else:
            pending.done.set_result(Ending(answer["exit"], answer["signal"], pending.fault))


def _answer(line: bytes) -> dict[str, Any]:
    """What was said; a child that was taken over can say anything, and must not silence the others."""
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _end(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise RuntimeError("the nursery was started without pipes")
    return pipe.fileno()
