"""kill -9 in the middle of `workbench batch import`: no row without its file, and what is left over is swept."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.commands import workbench
from tests.images import pictures
from workbench.app import Workbench, open_workbench

FILES = 6
PAGES_EACH = 2
# From before the first file is decoded until after the last is stored.
MOMENTS = (0.4, 3.5)


def kill_imports(folder: Path, times: int) -> int:
    """Kills an import at a random moment, again and again; gives how many pages got in."""
    rng = random.Random(835)
    desk = open_workbench()
    with desk.database.transaction() as stores:
        stores.office.add_practice("North Anesthesia")
    made = workbench("batch", "create", "--type", "charge", "--json")
    batch_id = int(json.loads(made.stdout)["batch_id"])
    files = []
    for number in range(FILES):
        file = folder / f"fax{number}.tif"
        file.write_bytes(pictures.tiff((2 * number, 2 * number + 1)))
        files.append(str(file))
    command = [
        sys.executable,
        "-m",
        "workbench",
        "batch",
        "import",
        str(batch_id),
        *files,
        "--set",
        "per-file",
    ]
    for _ in range(times):
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
        ) as running:
            time.sleep(rng.uniform(*MOMENTS))
            running.send_signal(signal.SIGKILL)
        check(desk, batch_id)
    pages = len(desk.scan_desk.views.contents(desk.actor, batch_id).images)
    desk.close()
    return pages


def check(desk: Workbench, batch_id: int) -> None:
    """Every file is in whole or not at all, and every row has its files."""
    scan, actor = desk.scan_desk, desk.actor
    report = scan.files.verify(actor)
    assert (report.missing, report.damaged) == ((), ())
    contents = scan.views.contents(actor, batch_id)
    assert {each.image_count for each in contents.sets} <= {PAGES_EACH}


def sweep_leaves_nothing(home: Path) -> None:
    swept = workbench("images", "sweep", "--json")
    assert swept.returncode == 0, swept.stderr
    verified = json.loads(workbench("images", "verify", "--json").stdout)
    assert (verified["missing"], verified["damaged"], verified["orphaned"]) == ([], [], [])
    assert list((home / "images" / "incoming").iterdir()) == []


def test_killed_imports_lose_nothing(tmp_path: Path, home: Path) -> None:
    kill_imports(tmp_path, 5)
    sweep_leaves_nothing(home)


@pytest.mark.deep
def test_two_hundred_killed_imports(tmp_path: Path, home: Path) -> None:
    assert kill_imports(tmp_path, 200) > 0
    sweep_leaves_nothing(home)
