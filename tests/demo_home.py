"""A home with the demo office in it, made once for a whole test run, whatever the number of workers."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.config import ENV_HOME


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's home, for tests that only read it; `workbench demo` made it."""
    base = tmp_path_factory.getbasetemp()
    # Workers of pytest-xdist have neighbouring folders below one of the run.
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    home = shared / "demo-home"
    with (shared / "demo-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment = {key: value for key, value in os.environ.items() if key != "WORKBENCH_DATABASE_URL"}
        subprocess.run(
            [sys.executable, "-m", "workbench", "demo"],
            env=environment | {ENV_HOME: str(home)},
            check=True,
            capture_output=True,
            timeout=240,
        )
    return home


@pytest.fixture
def demo_copy(demo_home: Path, home: Path) -> Path:
    """The demo in the test's own home, to be changed at will."""
    shutil.copytree(demo_home, home, dirs_exist_ok=True)
    return home
