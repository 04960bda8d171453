"""Runs the command line as a person does: a process of its own, in the test's home."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
# Public 835 files with a table of truth; beside the checkout, not in it: they are other people's work.
SAMPLES = ROOT.parent / "shared" / "samples" / "era"


def workbench(*arguments: str | Path, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Exit code, stdout and stderr of `workbench ARGUMENTS`."""
    environment = dict(os.environ) | ({"WORKBENCH_HOME": str(home)} if home else {})
    return subprocess.run(
        [sys.executable, "-m", "workbench", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def imported(*paths: Path, home: Path | None = None) -> list[dict[str, Any]]:
    """The files of `workbench import --json`; the only thing on stdout is one JSON document."""
    done = workbench("import", *paths, "--json", home=home)
    assert done.returncode in (0, 1), done.stderr
    files: list[dict[str, Any]] = json.loads(done.stdout)["files"]
    return files
