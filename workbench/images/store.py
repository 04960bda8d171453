"""The image store: files named after the SHA-256 of what is in them, kept outside the database.

The rules (spec scan-batches 5 rows 28 and 29, issue B.5):

- A file is whole or absent: it is written under `incoming/`, flushed to the disk, renamed into place,
  and the folder is flushed; only then may the caller commit the row that names it.
- What is stored is never written again. Files are read-only; the same content is stored once.
- Whatever a killed process leaves behind is a temp file or an orphan, and `sweep` takes both.

Layout: `objects/ab/abcd…` (64 hexadecimal digits, no extension) and `incoming/<random>/`, one folder for
each process at work, which holds a lock on it as long as it lives.
"""

import fcntl
import hashlib
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import NotFoundError, RefusedError

READ_ONLY = 0o440
PRIVATE_FOLDER = 0o750
_PREFIX = 2  # digits of a hash that name its folder
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
# fsync waits for the disk, not for the processor, and concurrent ones share a journal commit.
_FLUSHERS = 8


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is safely in the store. `size` is in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What `sweep` removed: folders of dead processes, and hashes of files that no row names."""

    temp_folders: int
    orphans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `verify` found, as hashes in order.

    Attributes:
        checked: how many files were read and re-hashed.
        damaged: files whose content is not the one of their name, or that cannot be read.
        stray: paths, from the root of the store, of what does not belong here: no hash for a name, or in the
            folder of another one. The store never made it so, and removes none of it.
    """

    checked: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]
    orphaned: tuple[str, ...]
    stray: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether every file that is wanted is there, whole."""
        return not (self.missing or self.damaged)


class StoreBusyError(RefusedError):
    """Somebody is storing files just now; orphans cannot be told from files whose row is being written."""


class Writing:
    """One piece of storing work, from `ImageStore.writing`.

    Attributes:
        folder: for temporary files; in the file system of the store, removed at the end.
    """

    def __init__(self, store: "ImageStore", folder: Path) -> None:
        self._store = store
        self.folder = folder

    def put(self, data: bytes) -> StoredFile:
        """Store `data`; it is on the disk when this returns."""
        handle, name = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        return self.keep([Path(name)])[0]

    def copy(self, source: Path) -> StoredFile:
        """Store a copy of a file from anywhere; the source is left alone."""
        target = self.folder / secrets.token_hex(8)
        shutil.copyfile(source, target)
        return self.keep([target])[0]

    def keep(self, paths: Iterable[Path]) -> list[StoredFile]:
        """Move files of `folder` into the store, in this order; they are on the disk when this returns."""
        wanted = list(paths)
        with ThreadPoolExecutor(max_workers=min(_FLUSHERS, max(1, len(wanted)))) as flushers:
            kept = list(flushers.map(self._store.take, wanted))
            list(flushers.map(_flush_folder, {self._store.path(file.sha256).parent for file in kept}))
        return kept


class ImageStore:
    """The files under one root folder. Safe for many processes of one machine at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._objects = root / "objects"
        self._incoming = root / "incoming"

    def prepare(self) -> None:
        """Make the folders. Harmless when they are there."""
        for folder in (self.root, self._objects, self._incoming):
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        _flush_folder(self.root)

    def path(self, sha256: str) -> Path:
        """Where the file of this hash is, or would be. Raises ValueError for anything but a hash."""
        if _SHA256.fullmatch(sha256) is None:
            raise ValueError("not a SHA-256 in 64 lower-case hexadecimal digits")
        return self._objects / sha256[:_PREFIX] / sha256

    def holds(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def read(self, sha256: str) -> bytes:
        """The content. Raises NotFoundError when the file is missing (see `workbench images verify`)."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(f"The image file {sha256[:12]}… is missing from the image store.") from None

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A folder for temporary files of long work (a decode, a scan), removed at the end.

        If the process dies, the lock dies with it, and whoever opens the next workspace, or sweeps,
        removes the folder.
        """
        self.prepare()
        self._sweep_incoming()
        folder, lock = self._locked_folder()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)

    @contextmanager
    def writing(self, folder: Path | None = None) -> Iterator[Writing]:
        """Store files, then commit the rows that name them, all inside the `with`.

        As long as one is open, `sweep` removes no orphan: a file whose row is not committed yet looks
        like one. So keep it short; decode and scan in a `workspace`, whose folder is given here.
        """
        self.prepare()
        with _lock(self.root, fcntl.LOCK_SH):
            if folder is not None:
                yield Writing(self, folder)
            else:
                with self.workspace() as own:
                    yield Writing(self, own)

    def take(self, path: Path) -> StoredFile:
        """Hash, flush and move one file into place; the caller flushes the folder (see `Writing.keep`)."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
            os.fchmod(file.fileno(), READ_ONLY)
            os.fsync(file.fileno())
        target = self.path(digest)
        if not target.parent.is_dir():
            target.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            _flush_folder(self._objects)
        # Replacing a file of the same hash by this one, just flushed, also heals a damaged copy.
        path.replace(target)
        return StoredFile(digest, size)

    def hashes(self) -> Iterator[str]:
        """Of every file in the store, in order."""
        for folder in sorted(self._objects.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(entry.name for entry in folder.iterdir() if self._in_place(entry))

    def strays(self) -> Iterator[str]:
        """Paths of whatever else lies among the files: copied or moved there by hand, or by a failing disk."""
        for entry in sorted(self._objects.glob("*")):
            inside = list(entry.iterdir()) if entry.is_dir() and len(entry.name) == _PREFIX else [entry]
            for each in sorted(inside):
                if not self._in_place(each):
                    yield str(each.relative_to(self.root))

    def _in_place(self, entry: Path) -> bool:
        name = entry.name
        return _SHA256.fullmatch(name) is not None and entry.parent.name == name[:_PREFIX] and entry.is_file()

    def sweep(self, wanted: Callable[[], Collection[str]]) -> SweepReport:
        """Remove temp folders of dead processes and files that no row names.

        `wanted` gives the hashes named by rows; it is called once nobody can store any more.
        Raises StoreBusyError when somebody is storing; the temp folders are swept even then.
        """
        self.prepare()
        temps = self._sweep_incoming()
        with _lock(self.root, fcntl.LOCK_EX | fcntl.LOCK_NB):
            named = wanted()
            orphans = tuple(name for name in self.hashes() if name not in named)
            for name in orphans:
                self.path(name).unlink()
        return SweepReport(temps, orphans)

    def verify(
        self, wanted: Collection[str], on_progress: Callable[[int], None] | None = None
    ) -> VerifyReport:
        """Re-hash every file. `on_progress` gets the number of files read so far."""
        present, damaged = set(), []
        for count, name in enumerate(self.hashes(), start=1):
            try:
                sound = _hash_of(self.path(name)) == name
            except FileNotFoundError:
                continue  # an orphan, swept just now
            except OSError:
                sound = False  # the disk, or somebody's chmod
            present.add(name)
            if not sound:
                damaged.append(name)
            if on_progress is not None:
                on_progress(count)
        return VerifyReport(
            checked=len(present),
            missing=tuple(sorted(set(wanted) - present)),
            damaged=tuple(damaged),
            orphaned=tuple(sorted(present - set(wanted))),
            stray=tuple(self.strays()),
        )

    def _locked_folder(self) -> tuple[Path, int]:
        while True:
            folder = Path(tempfile.mkdtemp(dir=self._incoming))
            try:
                handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            except FileNotFoundError:
                continue  # a sweep came between making it and opening it
            fcntl.flock(handle, fcntl.LOCK_EX)
            if folder.is_dir():  # else one came between opening it and locking it
                return folder, handle
            os.close(handle)

    def _sweep_incoming(self) -> int:
        swept = 0
        for folder in self._incoming.iterdir():
            try:
                with _lock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
                    shutil.rmtree(folder)
                swept += 1
            except (StoreBusyError, FileNotFoundError):
                continue  # its owner lives, or has just removed it
        return swept


@contextmanager
def _lock(folder: Path, kind: int) -> Iterator[None]:
    """An flock on a folder; the system drops it when the process ends, however it ends."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, kind)
        except BlockingIOError:
            raise StoreBusyError("The image store is in use just now. Try again in a minute.") from None
        yield
    finally:
        os.close(handle)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
