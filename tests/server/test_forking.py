"""Kernels are forked from one process: they share its memory, and whatever ends, nothing is left behind."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.browser.server import Served, serving
from tests.server.visitor import Visitor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere kernels are started one by one")
WARM = 3


def eventually(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def mother_of(served: Served) -> psutil.Process:
    (kernel, *_) = served.kernels()
    mother = kernel.parent()
    assert mother is not None
    assert mother.ppid() == served.process.pid
    return mother


def is_over(process: psutil.Process) -> bool:
    """An orphan that nobody has buried yet counts as ended."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_kernels_share_what_was_loaded_before(tmp_path: Path) -> None:
    with serving(tmp_path / "home", pool=WARM) as served:
        assert eventually(lambda: len(served.kernels()) == WARM)
        kernels = served.kernels()
        assert len({kernel.parent() for kernel in kernels}) == 1
        for kernel in kernels:
            memory = kernel.memory_full_info()
            assert memory.uss < memory.rss / 2, "more than half of it is its own"


def test_a_lost_mother_is_born_again_and_pages_open_on(tmp_path: Path) -> None:
    with serving(tmp_path / "home", pool=1) as served:
        first = mother_of(served)
        orphans = served.kernels()
        first.kill()
        assert eventually(lambda: all(map(is_over, orphans))), "they end with her"
        visitor = Visitor(served)
        assert eventually(lambda: visitor.ask("/voila/render/home.ipynb").status_code == 200)
        assert mother_of(served).pid != first.pid


def test_nothing_outlives_a_killed_server(tmp_path: Path) -> None:
    with serving(tmp_path / "home", pool=WARM) as served:
        assert eventually(lambda: len(served.kernels()) == WARM)
        left = [mother_of(served), *served.kernels()]
        served.process.kill()
        assert eventually(lambda: all(map(is_over, left)))


def test_where_it_cannot_be_kernels_start_as_jupyter_starts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread in every Python process of this server, from a `sitecustomize` that somebody installed."""
    meddling = tmp_path / "meddling"
    meddling.mkdir()
    (meddling / "sitecustomize.py").write_text(
        "import sys, threading, time\nthreading.Thread(target=time.sleep, args=(300,), daemon=True).start()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(meddling))
    with serving(tmp_path / "home", pool=1) as served:
        (kernel,) = served.kernels()
        assert kernel.ppid() == served.process.pid
