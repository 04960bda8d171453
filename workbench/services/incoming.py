"""What lies in the files, folders and zip archives that a person hands over, one file at a time."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LARGEST_FILE = 512 * 2**20  # bytes unpacked; an 835 of a year is some tens of megabytes
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")  # an archive, an empty archive


class UnreadableError(Exception):
    """The file cannot be had from where it lies; the text says why, for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file to take in.

    Attributes:
        path: where it is, for the person: `june.zip/remit.835` for a member of an archive.
        name: its own name, without folders.
        source: the file or archive that holds it.
        member: its name in the archive, or None.
        problem: why the archive it stands for cannot be opened; empty otherwise.
    """

    path: str
    name: str
    source: Path
    member: str | None = None
    problem: str = ""

    def read(self) -> bytes:
        """The bytes.

        Raises UnreadableError when they cannot be had: no permission, a damaged or locked archive, too large.
        """
        if self.problem:
            raise UnreadableError(self.problem)
        try:
            return self._unpacked() if self.member is not None else self.source.read_bytes()
        except OSError as fault:
            raise UnreadableError(f"The file cannot be read: {fault.strerror or 'input error'}.") from fault

    def _unpacked(self) -> bytes:
        try:
            with zipfile.ZipFile(self.source) as archive, archive.open(str(self.member)) as content:
                # What the archive says about sizes may be a lie: count while unpacking.
                data = content.read(LARGEST_FILE + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as fault:
            raise UnreadableError("This part of the zip archive is damaged.") from fault
        except RuntimeError as fault:
            raise UnreadableError("The zip archive is locked with a password.") from fault
        if len(data) > LARGEST_FILE:
            raise UnreadableError(f"The file is larger than {LARGEST_FILE // 2**20} MB.")
        return data


def gather(paths: Iterable[Path]) -> list[Incoming]:
    """Every file under the paths, folders through and through and archives opened, in order of their names.

    Hidden files and folders are left out: they are notes of file managers, not mail.
    """
    return [found for path in paths for file in _files(path) for found in _contents(file)]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for entry in sorted(path.iterdir()):
        # A link to a folder may lead back to this one.
        if not entry.name.startswith(".") and not (entry.is_symlink() and entry.is_dir()):
            yield from _files(entry)


def _contents(file: Path) -> Iterator[Incoming]:
    if not _is_zip(file):
        yield Incoming(str(file), file.name, file)
        return
    try:
        with zipfile.ZipFile(file) as archive:
            members = sorted(info.filename for info in archive.infolist() if not info.is_dir())
    except (zipfile.BadZipFile, OSError):
        yield Incoming(str(file), file.name, file, problem="The zip archive is damaged.")
        return
    for member in members:
        name = Path(member).name
        if not name.startswith(".") and not member.startswith("__MACOSX/"):
            yield Incoming(f"{file}/{member}", name, file, member)


def _is_zip(file: Path) -> bool:
    try:
        with file.open("rb") as start:
            return start.read(4) in _ZIP_STARTS
    except OSError:
        return False  # reading it will say why
