"""The scan inbox: a folder for each practice, where scanners that scan to a folder and people put files (spec 3.10).

A file is taken once it has lain still for a while: a scanner that writes into the folder takes its time. Whoever
takes it moves it aside first, so that two clerks never import the same one. What was imported is removed, since
the image store has it; what was refused goes to `refused/`, for somebody to look at.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.allowed import Action
from workbench.services.scan_batches.desk import open_batch
from workbench.storage import Database

STILL_SECONDS = 10.0
MOST_AT_ONCE = 200
# Longer than any import of so many files: whoever took them was killed, and they are back.
_LOST_SECONDS = 3600.0
_TAKING, _REFUSED = ".taking", "refused"
_TOKEN_BYTES = 4


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was moved aside to be imported. `name` is the one it had."""

    name: str
    path: Path


class ScanInbox:
    """`root` holds one folder per practice, named by its id; somebody else makes them, where scanners reach them."""

    def __init__(self, database: Database, root: Path, still_seconds: float = STILL_SECONDS) -> None:
        self._database = database
        self._root = root
        self._still = still_seconds

    def folder(self, actor: Actor, batch_id: int) -> Path:
        """The folder of the batch's practice. Raises when the person may not add pages to the batch."""
        with self._database.reading() as stores:
            opened = open_batch(stores, actor, batch_id)
            opened.require(actor, Action.ADD_IMAGES)
        return self._root / str(opened.batch.practice_id)

    def waiting(self, actor: Actor, batch_id: int) -> int:
        """How many files could be taken now."""
        return len(self._still_files(self.folder(actor, batch_id)))

    def take(self, actor: Actor, batch_id: int) -> list[Taken]:
        """Moves what lies still aside, oldest first, at most `MOST_AT_ONCE`; call `settle` for each."""
        folder = self.folder(actor, batch_id)
        taken = []
        for path in self._still_files(folder)[:MOST_AT_ONCE]:
            aside = folder / _TAKING / f"{token_hex(_TOKEN_BYTES)}-{path.name}"
            aside.parent.mkdir(exist_ok=True)
            with suppress(FileNotFoundError):  # somebody else was quicker
                path.rename(aside)
                aside.touch()
                taken.append(Taken(path.name, aside))
        return taken

    @staticmethod
    def settle(taken: Taken, *, imported: bool) -> None:
        """After the import of the file: gone when its pages are in the store, else put where somebody sees it."""
        if imported:
            taken.path.unlink(missing_ok=True)
            return
        refused = taken.path.parent.parent / _REFUSED
        refused.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            taken.path.rename(refused / taken.path.name)

    @staticmethod
    def give_back(taken: Sequence[Taken]) -> None:
        """Of an import that ended early: what was not settled lies in the inbox again."""
        for each in taken:
            back = each.path.parent.parent / each.name
            with suppress(FileNotFoundError):
                # Another file of that name may have come meanwhile; the name with the token is nobody's.
                each.path.rename(back.with_name(each.path.name) if back.exists() else back)

    def _still_files(self, folder: Path) -> list[Path]:
        """Oldest first. Links are not followed: they could lead anywhere."""
        if not folder.is_dir():
            return []
        now = time.time()
        aside = folder / _TAKING
        lost = (
            [path for path in aside.iterdir() if now - path.stat().st_mtime > _LOST_SECONDS]
            if aside.is_dir()
            else []
        )
        self.give_back([Taken(path.name.partition("-")[2], path) for path in lost])
        found = []
        for path in folder.iterdir():
            if not path.name.startswith(".") and not path.is_symlink() and path.is_file():
                with suppress(FileNotFoundError):
                    changed = path.stat().st_mtime
                    if now - changed >= self._still:
                        found.append((changed, path.name, path))
        return [path for _, _, path in sorted(found)]
