"""A small server that forks one child for each file: `python -m workbench.images.nursery`.

Starting Python and importing the decoders takes a third of a second; forking a process that has done so
takes some milliseconds. So every file gets a child of its own, thrown away after it, at the price of a
fork, and nothing that a hostile file does to its process meets another file. The server has one thread
and opens no file, so that a fork is safe.

It reads jobs as JSON lines from standard input and answers on standard output: `{"id": 7, "pages": 3}`
from the child as pages get done, then `{"id": 7, "exit": 0, "signal": 0}`. A line `{"kill": 7}` ends a
job. At the end of its input it ends the children and itself.
"""

import gc
import json
import os
import select
import signal
import sys
from pathlib import Path

from workbench.images.child import Job, confine, run
from workbench.images.raster import load_decoders

_INPUT, _OUTPUT = 0, 1


def serve() -> None:
    """Run until the input ends."""
    children: dict[int, int] = {}  # process id to job id
    wake_reading, wake_writing = os.pipe()
    os.set_blocking(wake_writing, False)
    signal.set_wakeup_fd(wake_writing)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    load_decoders()
    gc.freeze()  # what is loaded now is never collected, so children do not copy its pages
    held = b""
    while True:
        ready, _, _ = select.select([_INPUT, wake_reading], [], [])
        if wake_reading in ready:
            os.read(wake_reading, 4096)
            _bury(children)
        if _INPUT in ready:
            data = os.read(_INPUT, 1 << 16)
            if not data:
                break
            *lines, held = (held + data).split(b"\n")
            for line in lines:
                _obey(json.loads(line), children)
    for process in children:
        os.kill(process, signal.SIGKILL)


def _obey(order: dict[str, object], children: dict[int, int]) -> None:
    if "kill" in order:
        for process, job_id in children.items():
            if job_id == order["kill"]:
                os.kill(process, signal.SIGKILL)
        return
    process = os.fork()
    if process == 0:
        _live(order)
    children[process] = int(str(order["id"]))


def _live(order: dict[str, object]) -> None:
    """The whole life of a child."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        os.close(_INPUT)
        gc.disable()
        job = Job.from_order(order)
        confine(job.limits)
        run(job, lambda pages: _say({"id": order["id"], "pages": pages}))
        code = 0
    finally:
        fault = sys.exc_info()
        if fault[0] is not None and fault[2] is not None:
            trace = fault[2]
            while trace.tb_next is not None:
                trace = trace.tb_next
            place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
            _say({"id": order["id"], "fault": f"{fault[0].__name__} at {place}"})
        # Without a word to the caller's frames: they are the server's, not this child's.
        os._exit(code)


def _bury(children: dict[int, int]) -> None:
    while children:
        process, status = os.waitpid(-1, os.WNOHANG)
        if process == 0:
            return
        job_id = children.pop(process)
        code = os.waitstatus_to_exitcode(status)
        _say({"id": job_id, "exit": max(code, 0), "signal": max(-code, 0)})


def _say(answer: dict[str, object]) -> None:
    # One write of less than PIPE_BUF bytes: lines of several processes do not mix.
    os.write(_OUTPUT, json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    serve()
