"""The scan inbox: which files are taken, that nobody takes one twice, and where they end."""

import os
import time
from pathlib import Path

import pytest

from tests.builders import Office
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType
from workbench.errors import NotFoundError
from workbench.services.scan_batches.batches import ScanBatches
from workbench.services.scan_inbox import ScanInbox


@pytest.fixture
def batch_id(office: Office) -> int:
    header = BatchHeader("Mail", office.north, BatchType.PAYMENT)
    return ScanBatches(office.database).create(office.north_clerk, header)


@pytest.fixture
def inbox(office: Office, tmp_path: Path) -> ScanInbox:
    return ScanInbox(office.database, tmp_path / "inbox")


@pytest.fixture
def folder(office: Office, tmp_path: Path) -> Path:
    made = tmp_path / "inbox" / str(office.north)
    made.mkdir(parents=True)
    return made


def lay(folder: Path, name: str, seconds_ago: float) -> Path:
    path = folder / name
    path.write_bytes(name.encode())
    at = time.time() - seconds_ago
    os.utime(path, (at, at))
    return path


def test_what_lies_still_is_taken_oldest_first(
    office: Office, inbox: ScanInbox, folder: Path, batch_id: int
) -> None:
    lay(folder, "second.pdf", 60)
    lay(folder, "first.pdf", 90)
    lay(folder, "still being written.pdf", 1)
    lay(folder, ".hidden", 60)
    (folder / "sub").mkdir()
    (folder / "link.pdf").symlink_to("/etc/hostname")
    assert inbox.waiting(office.north_clerk, batch_id) == 2
    first, second = inbox.take(office.north_clerk, batch_id)
    assert [first.name, second.name] == ["first.pdf", "second.pdf"]
    assert first.path.read_bytes() == b"first.pdf"
    assert inbox.take(office.north_clerk, batch_id) == [], "nobody else gets them"
    inbox.settle(first, imported=True)
    inbox.settle(second, imported=False)
    left = {path.name.split("-")[-1] for path in folder.rglob("*.pdf")}
    assert left == {"second.pdf", "still being written.pdf", "link.pdf"}
    assert [path.name.split("-")[-1] for path in (folder / "refused").iterdir()] == ["second.pdf"]


def test_what_a_killed_import_took_comes_back(
    office: Office, inbox: ScanInbox, folder: Path, batch_id: int
) -> None:
    lay(folder, "a.pdf", 60)
    (taken,) = inbox.take(office.north_clerk, batch_id)
    at = time.time() - 2 * 3600
    os.utime(taken.path, (at, at))
    (again,) = inbox.take(office.north_clerk, batch_id)
    assert again.path.read_bytes() == b"a.pdf"
    inbox.give_back([again])
    assert inbox.waiting(office.north_clerk, batch_id) == 0, "it has to lie still again"
    assert (folder / "a.pdf").read_bytes() == b"a.pdf"


def test_each_practice_has_its_own(office: Office, inbox: ScanInbox, folder: Path, batch_id: int) -> None:
    lay(folder, "a.pdf", 60)
    with pytest.raises(NotFoundError):
        inbox.take(office.south_clerk, batch_id)
    south = ScanBatches(office.database).create(
        office.south_clerk, BatchHeader("", office.south, BatchType.PAYMENT)
    )
    assert inbox.waiting(office.south_clerk, south) == 0
