"""kill -9 during import and scan: no row without its file, no file lost that was acknowledged, orphans swept."""

import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType
from workbench.images.store import ImageStore
from workbench.services.people import People
from workbench.services.scan_batches.imports import INTERRUPTED_AFTER
from workbench.services.scan_desk import ScanDesk, furnish
from workbench.storage import Database
from workbench.storage.clock import now

ROOT = Path(__file__).parents[2]
COMMON = """
import os, sys
from pathlib import Path
from tests.images import pictures
from workbench.domain.scan_batch.words import ImageSource
from workbench.images.intake import Incoming
from workbench.images.store import ImageStore
from workbench.services.image_import import Target
from workbench.services.people import People
from workbench.services.scan_desk import furnish
from workbench.storage import Database
url, root, batch_id, seed, book = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), open(sys.argv[5], "ab", 0)
database = Database.open(url)
desk, actor = furnish(database, ImageStore(root)), People(database).at_this_desk("clerk")
def acknowledge(outcome):
    book.write(f"{outcome.name} {outcome.pages}\\n".encode())
"""
IMPORTER = (
    COMMON
    + """
files = [Incoming(f"{seed}-{number}.jpg", pictures.jpeg(1000 * seed + number)) for number in range(20)]
files[3] = Incoming(f"{seed}-3.tif", pictures.tiff((seed, seed + 1)))
print("ready", flush=True)
for outcome in desk.imports.run(actor, batch_id, files, Target.NEW_SET):
    acknowledge(outcome)
"""
)
SCANNER = (
    COMMON
    + """
from workbench.scanner.profile import Profile
from workbench.scanner.sane import Scanner
os.environ["SANE_CONFIG_DIR"] = sys.argv[6]
slow = {"--read-delay": "yes", "--read-delay-duration": "20000"}
print("ready", flush=True)
with desk.files.workspace() as folder:
    for page in Scanner().scan("test:0", Profile(dpi=75, extra=slow), folder):
        files = [Incoming(f"{seed}-{page.number}", page.path)]
        for outcome in desk.imports.run(actor, batch_id, files, Target.NEW_SET, source=ImageSource.SCANNED):
            acknowledge(outcome)
"""
)


@dataclass
class Scene:
    url: str
    root: Path
    database: Database
    desk: ScanDesk
    actor: Actor
    batch_id: int
    book: Path

    def kill(self, program: str, trial: int, after: float, *more: str) -> None:
        """Run the program and kill it some time after it has begun."""
        arguments = [self.url, str(self.root), str(self.batch_id), str(trial), str(self.book), *more]
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments], stdout=subprocess.PIPE, cwd=ROOT, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def check(self) -> None:
        """What the rows say is in the store, whole; what was acknowledged is in the rows; the rest is swept."""
        self.desk.files.sweep(self.actor)
        report = self.desk.files.verify(self.actor)
        assert (report.missing, report.damaged, report.orphaned) == ((), (), ())
        assert list((self.root / "incoming").iterdir()) == []
        rows: dict[str, int] = {}
        for image in self.desk.views.contents(self.actor, self.batch_id).images:
            rows[image.file.original_name] = rows.get(image.file.original_name, 0) + 1
        acknowledged = [line.split() for line in self.book.read_text(encoding="ascii").splitlines()]
        assert {name: int(pages) for name, pages in acknowledged if int(pages)}.items() <= rows.items()
        # A file came in with all of its pages, or not at all.
        assert {count for name, count in rows.items() if name.endswith(".tif")} <= {2}
        assert {count for name, count in rows.items() if not name.endswith(".tif")} <= {1}


@pytest.fixture
def scene(sqlite_url: str, tmp_path: Path) -> Scene:
    database = Database.open(sqlite_url)
    with database.transaction() as stores:
        practice_id = stores.office.add_practice("North Anesthesia")
    root, book = tmp_path / "images", tmp_path / "book"
    book.touch()
    actor = People(database).at_this_desk("clerk")
    desk = furnish(database, ImageStore(root))
    batch_id = desk.batches.create(actor, BatchHeader("", practice_id, BatchType.PAYMENT))
    return Scene(sqlite_url, root, database, desk, actor, batch_id, book)


def kill_imports(scene: Scene, times: int) -> None:
    rng = random.Random(11)
    for trial in range(times):
        scene.kill(IMPORTER, trial, rng.random() * 1.5)
        scene.check()


def test_killed_imports(scene: Scene) -> None:
    kill_imports(scene, 4)


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_imports_killed_two_hundred_times(scene: Scene) -> None:
    for _ in range(20):  # a fresh batch now and then: a batch holds 2,000 images
        kill_imports(scene, 10)
        header = scene.desk.batches.get(scene.actor, scene.batch_id).header
        scene.batch_id = scene.desk.batches.create(scene.actor, header)
        scene.book.write_text("")


def kill_scans(scene: Scene, times: int, sane: Path) -> None:
    sane.mkdir(exist_ok=True)
    (sane / "dll.conf").write_text("test\n", encoding="ascii")
    rng = random.Random(13)
    for trial in range(times):
        scene.kill(SCANNER, trial, 0.3 + rng.random() * 2, str(sane))
        scene.check()


def test_killed_scans(scene: Scene, tmp_path: Path) -> None:
    kill_scans(scene, 2, tmp_path / "sane")


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_scans_killed_often(scene: Scene, tmp_path: Path) -> None:
    kill_scans(scene, 50, tmp_path / "sane")


def test_what_a_killed_import_left_running_stops_nobody_for_long(scene: Scene) -> None:
    scene.kill(IMPORTER, 1, 0.3)
    assert {each.state for each in scene.desk.journal.open(scene.actor, scene.batch_id)} <= {"running"}
    with scene.database.transaction() as stores:
        stores.image_imports.fail_interrupted(now() + INTERRUPTED_AFTER)
    left = scene.desk.journal.open(scene.actor, scene.batch_id)
    assert {each.state for each in left} <= {"failed"}
    for each in left:
        scene.desk.journal.dismiss(scene.actor, each.import_id)
    assert scene.desk.journal.open(scene.actor, scene.batch_id) == []
