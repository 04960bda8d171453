"""Files, folders and archives: everything in them is found, and what cannot be read says why."""

import io
import zipfile
from pathlib import Path

import pytest

from workbench.services import incoming
from workbench.services.incoming import UnreadableError, gather


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


def test_folders_are_gone_through_in_order_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "june" / "late").mkdir(parents=True)
    (tmp_path / ".cache").mkdir()
    for name in ("b.835", "june/a.835", "june/late/c.835", ".DS_Store", ".cache/d.835"):
        (tmp_path / name).write_bytes(name.encode())
    found = gather([tmp_path])
    assert [file.path for file in found] == [
        str(tmp_path / "b.835"),
        str(tmp_path / "june/a.835"),
        str(tmp_path / "june/late/c.835"),
    ]
    assert [file.read() for file in found] == [b"b.835", b"june/a.835", b"june/late/c.835"]


def test_a_link_back_to_the_folder_does_not_go_round(tmp_path: Path) -> None:
    (tmp_path / "a.835").write_bytes(b"a")
    (tmp_path / "again").symlink_to(tmp_path)
    assert [file.name for file in gather([tmp_path])] == ["a.835"]


def test_archives_are_opened_whatever_they_are_called(tmp_path: Path) -> None:
    archive = tmp_path / "june.dat"
    archive.write_bytes(zipped(**{"b.835": b"b", "in__a.835": b"a", "__MACOSX/._b.835": b"x"}))
    found = gather([archive])
    assert [(file.path, file.name, file.read()) for file in found] == [
        (f"{archive}/b.835", "b.835", b"b"),
        (f"{archive}/in/a.835", "a.835", b"a"),
    ]


@pytest.mark.parametrize("kept", [4, 60, -1])
def test_a_damaged_archive_says_so(tmp_path: Path, kept: int) -> None:
    whole = zipped(**{"a.835": b"ISA" * 100})
    (tmp_path / "cut.zip").write_bytes(whole[:kept])
    (found,) = gather([tmp_path])
    with pytest.raises(UnreadableError, match="zip archive is damaged"):
        found.read()


def test_a_damaged_member_leaves_its_neighbour(tmp_path: Path) -> None:
    whole = bytearray(zipped(**{"a.835": bytes(range(256)) * 20, "b.835": b"b"}))
    whole[60] ^= 0xFF  # within the packed bytes of the first
    (tmp_path / "some.zip").write_bytes(whole)
    damaged, good = gather([tmp_path])
    with pytest.raises(UnreadableError, match="damaged"):
        damaged.read()
    assert good.read() == b"b"


def test_an_archive_that_unpacks_without_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "LARGEST_FILE", 2 * 2**20)
    (tmp_path / "bomb.zip").write_bytes(zipped(**{"a.835": bytes(2 * 2**20 + 1)}))
    (found,) = gather([tmp_path])
    with pytest.raises(UnreadableError, match="larger than 2 MB"):
        found.read()


def test_a_file_that_has_gone_meanwhile_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.835"
    path.write_bytes(b"a")
    (found,) = gather([path])
    path.unlink()
    with pytest.raises(UnreadableError, match="No such file"):
        found.read()
