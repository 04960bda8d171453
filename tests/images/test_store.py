"""A file is whole or absent, whatever happens; nothing acknowledged is lost; what is left over is swept."""

import hashlib
import os
import random
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.images import pictures
from workbench.errors import NotFoundError
from workbench.images.intake import Incoming, Intake
from workbench.images.keeping import keep
from workbench.images.outcome import DecodedFile
from workbench.images.store import ImageStore, StoreBusyError


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    store = ImageStore(tmp_path / "images")
    store.prepare()
    return store


def put(store: ImageStore, data: bytes) -> str:
    with store.writing() as writing:
        return writing.put(data).sha256


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_named_after_its_content(store: ImageStore) -> None:
    name = put(store, b"a page")
    assert name == hashlib.sha256(b"a page").hexdigest()
    assert store.read(name) == b"a page"
    assert store.holds(name)
    assert list(store.hashes()) == [name]


def test_the_same_content_is_stored_once(store: ImageStore) -> None:
    assert put(store, b"a page") == put(store, b"a page")
    assert len(everything(store.root)) == 1


def test_a_stored_file_is_read_only_and_its_folder_private(store: ImageStore) -> None:
    path = store.path(put(store, b"a page"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o440
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o007 == 0


def test_a_copy_leaves_the_source_alone(store: ImageStore, tmp_path: Path) -> None:
    source = tmp_path / "scan.png"
    source.write_bytes(b"mine")
    with store.writing() as writing:
        kept = writing.copy(source)
    assert source.read_bytes() == store.read(kept.sha256) == b"mine"
    assert os.access(source, os.W_OK)


def test_a_missing_file_says_so(store: ImageStore) -> None:
    with pytest.raises(NotFoundError, match="missing from the image store"):
        store.read("0" * 64)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_only_a_hash_is_a_name(store: ImageStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.path(name)


def test_storing_again_heals_a_damaged_file(store: ImageStore) -> None:
    name = put(store, b"a page")
    damage(store.path(name))
    assert store.verify([name]).damaged == (name,)
    put(store, b"a page")
    assert store.verify([name]).sound


def damage(path: Path) -> None:
    path.chmod(0o640)
    path.write_bytes(b"a p\0ge")


def test_verify_tells_missing_damaged_and_orphaned(store: ImageStore) -> None:
    good, bad, orphan = put(store, b"good"), put(store, b"bad"), put(store, b"orphan")
    damage(store.path(bad))
    missing = "f" * 64
    seen: list[int] = []
    report = store.verify({good, bad, missing}, seen.append)
    assert (report.checked, report.missing, report.damaged, report.orphaned) == (
        3,
        (missing,),
        (bad,),
        (orphan,),
    )
    assert not report.sound
    assert seen == [1, 2, 3]


def test_sweep_removes_what_no_row_names(store: ImageStore) -> None:
    wanted, orphan = put(store, b"wanted"), put(store, b"orphan")
    report = store.sweep(lambda: {wanted})
    assert report.orphans == (orphan,)
    assert list(store.hashes()) == [wanted]


def test_sweep_waits_for_who_is_storing(store: ImageStore) -> None:
    with store.writing() as writing:
        name = writing.put(b"its row is not committed yet").sha256
        with pytest.raises(StoreBusyError):
            store.sweep(set)
        assert store.holds(name)
        assert writing.folder.is_dir()


def test_sweep_takes_the_folder_of_the_dead_and_leaves_that_of_the_living(store: ImageStore) -> None:
    with store.workspace() as living:
        (living / "scan").write_bytes(b"in progress")
        dead = store.root / "incoming" / "dead"
        dead.mkdir()
        (dead / "half a page").write_bytes(b"half")
        report = store.sweep(set)
        assert (living / "scan").read_bytes() == b"in progress"
    assert report.temp_folders == 1
    assert everything(store.root) == []


def test_the_next_workspace_takes_what_the_dead_left(store: ImageStore) -> None:
    dead = store.root / "incoming" / "dead"
    dead.mkdir()
    with store.workspace() as mine, store.workspace() as another:
        assert sorted((store.root / "incoming").iterdir()) == sorted([mine, another])


def test_many_workspaces_at_once(store: ImageStore) -> None:
    """Everybody sweeps while everybody opens: nobody's folder is taken."""

    def work(number: int) -> bool:
        with store.workspace() as folder:
            (folder / str(number)).write_bytes(b"mine")
            return (folder / str(number)).read_bytes() == b"mine"

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))
    assert list((store.root / "incoming").iterdir()) == []


def test_what_does_not_belong_is_named_and_neither_counted_nor_removed(store: ImageStore) -> None:
    with store.writing() as writing:
        good = writing.put(b"good").sha256
    objects = store.root / "objects"
    elsewhere = objects / ("00" if not good.startswith("00") else "11")
    elsewhere.mkdir()
    (elsewhere / good).write_bytes(b"good")
    (elsewhere / "thumbs.db").write_bytes(b"")
    (objects / "note.txt").write_bytes(b"moved")
    (objects / good[:2] / ("f" * 64)).mkdir()
    strays = (
        f"objects/{elsewhere.name}/{good}",
        f"objects/{elsewhere.name}/thumbs.db",
        f"objects/{good[:2]}/{'f' * 64}",
        "objects/note.txt",
    )
    report = store.verify({good})
    assert (report.checked, report.sound, report.orphaned) == (1, True, ())
    assert set(report.stray) == set(strays)
    assert store.sweep(lambda: {good}).orphans == ()
    assert all((store.root / stray).exists() for stray in strays)


def test_a_file_that_cannot_be_read_is_damaged(store: ImageStore) -> None:
    with store.writing() as writing:
        good = writing.put(b"good").sha256
    path = store.path(good)
    path.unlink()
    path.symlink_to("/proc/self/mem")  # a file that opens, and whose first byte cannot be read
    assert store.verify({good}).damaged == (good,)


def test_a_fault_while_storing_leaves_no_temp_file(store: ImageStore) -> None:
    with pytest.raises(FileNotFoundError):
        store_half_and_fail(store)
    assert everything(store.root / "incoming") == []
    store.sweep(set)
    assert everything(store.root) == []


def store_half_and_fail(store: ImageStore) -> None:
    with store.writing() as writing:
        (writing.folder / "half").write_bytes(b"half")
        writing.keep([writing.folder / "half", writing.folder / "never written"])


def test_a_decoded_file_is_kept_with_its_renditions(store: ImageStore) -> None:
    scan, fax = pictures.jpeg(1), pictures.tiff((1, 2))
    files = [
        Incoming("scan.jpg", scan),
        Incoming("fax.tif", fax),
        Incoming("s.pdf", pictures.scanned_pdf([scan])),
    ]
    with store.workspace() as folder, Intake(folder) as intake:
        outcomes = [intake.decode(incoming) for incoming in files]
        with store.writing(folder) as writing:
            kept = [keep(writing, outcome) for outcome in outcomes if isinstance(outcome, DecodedFile)]
    of_scan, of_fax, of_pdf = kept
    assert store.read(of_scan.original.sha256) == scan
    assert of_scan.pages[0].image_sha256 == of_scan.original.sha256
    assert of_scan.pages[0].image_mime == "image/jpeg"
    assert store.read(of_fax.original.sha256) == fax
    assert [page.image_sha256 for page in of_fax.pages] == [None, None]
    # The page of the PDF is the very JPEG that was imported before: stored once.
    assert of_pdf.pages[0].image_sha256 == of_scan.original.sha256
    wanted = {file.original.sha256 for file in kept}
    wanted |= {page.preview_sha256 for file in kept for page in file.pages}
    wanted |= {page.thumbnail_sha256 for file in kept for page in file.pages}
    assert store.verify(wanted).sound
    assert store.verify(wanted).orphaned == ()
    assert list((store.root / "incoming").iterdir()) == []


# Stores random files, and writes down the name of each one, durably, only after the store has it:
# as a database does that commits the row.
WRITER = """
import os, random, sys
from pathlib import Path
from workbench.images.store import ImageStore
store, rows, rng = ImageStore(Path(sys.argv[1])), Path(sys.argv[2]), random.Random(int(sys.argv[3]))
with rows.open("ab", buffering=0) as book:
    while True:
        with store.writing() as writing:
            paths = []
            for number in range(rng.randint(1, 4)):
                paths.append(writing.folder / str(number))
                paths[-1].write_bytes(rng.randbytes(rng.randint(1, 300_000)))
            for kept in writing.keep(paths):
                book.write(kept.sha256.encode() + b"\\n")
            os.fsync(book.fileno())
"""


def kill_writers(store: ImageStore, rows: Path, times: int) -> int:
    """Start a writer and kill it at some moment, again and again; returns how many orphans were swept."""
    rng, swept = random.Random(7), 0
    for trial in range(times):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(store.root), str(rows), str(trial)])
        started = rows.stat().st_size if rows.exists() else 0
        while not rows.exists() or rows.stat().st_size == started:
            time.sleep(0.002)
        time.sleep(rng.random() * 0.05)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        acknowledged = set(rows.read_text(encoding="ascii").split())
        swept += len(store.sweep(lambda: acknowledged).orphans)  # noqa: B023  # called at once
        report = store.verify(acknowledged)
        assert report.sound, f"trial {trial}: a file that was acknowledged is gone"
        assert report.orphaned == ()
        assert list((store.root / "incoming").iterdir()) == []
        # Start afresh now and then: re-hashing everything after each kill is the price of this test.
        if trial % 20 == 19:
            rows.unlink()
            store.sweep(set)
    return swept


def test_kill_while_storing_loses_nothing_acknowledged(store: ImageStore, tmp_path: Path) -> None:
    kill_writers(store, tmp_path / "rows", 10)


@pytest.mark.deep
def test_two_hundred_kills_while_storing(store: ImageStore, tmp_path: Path) -> None:
    assert kill_writers(store, tmp_path / "rows", 200) > 0


def test_killing_an_import_ends_its_children_and_leaves_only_what_sweep_takes(store: ImageStore) -> None:
    importer = """
import sys
from pathlib import Path
from tests.images import pictures
from workbench.images.intake import Incoming, Intake
from workbench.images.store import ImageStore
with ImageStore(Path(sys.argv[1])).workspace() as folder, Intake(folder) as intake:
    files = [Incoming(f"{number}.pdf", pictures.text_pdf(40)) for number in range(20)]
    for _ in intake.decode_all(files, on_progress=lambda progress: print(progress, flush=True)):
        pass
"""
    process = subprocess.Popen(
        [sys.executable, "-c", importer, str(store.root)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    # The children hold the pipe's other end no longer than they live.
    assert process.stdout.read() is not None
    report = store.sweep(set)
    assert report.temp_folders == 1
    assert everything(store.root) == []
