"""The real server as a child process, as `workbench serve` starts it, with a data folder of its own."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

READY_WITHIN = 120.0
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Served:
    address: str
    process: subprocess.Popen[str]

    def kernels(self) -> list[psutil.Process]:
        """The kernel processes that run now, warm ones included."""
        children = psutil.Process(self.process.pid).children()
        mothers = [child for child in children if "workbench.server.mother" in _command(child)]
        forked = [kernel for mother in mothers for kernel in mother.children()]
        return [*forked, *(child for child in children if "ipykernel_launcher" in _command(child))]


@contextmanager
def serving(
    home: Path,
    *options: str,
    pool: int = 1,
    idle: int = 3600,
    pages: int = 60,
    notebooks: Path | None = None,
    database_url: str = "",
) -> Iterator[Served]:
    """Yields once the server says that it is ready. `options` as `python -m workbench.server --help` lists them."""
    environment = {**os.environ, "WORKBENCH_HOME": str(home)}
    environment.pop("WORKBENCH_DATABASE_URL", None)
    if database_url:
        environment["WORKBENCH_DATABASE_URL"] = database_url
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
    command = [
        sys.executable,
        "-m",
        "workbench.server",
        "--port",
        "0",
        "--pool",
        str(pool),
        "--idle",
        str(idle),
        "--pages",
        str(pages),
        *options,
    ]
    if notebooks is not None:
        command += ["--notebooks", str(notebooks)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield Served(_address(process), process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # it ended between the listing and the look; a zombie counts as ended
        return ""


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    alarm = threading.Timer(READY_WITHIN, process.kill)
    alarm.start()
    try:
        for line in process.stdout:
            if line.startswith("Workbench is ready at "):
                return line.split()[-1].rstrip("/")
    finally:
        alarm.cancel()
    raise AssertionError(f"the server ended ({process.wait()}) or said nothing for {READY_WITHIN:.0f} s")
