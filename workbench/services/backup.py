"""Backup and restore of a whole office: database and pictures of one moment, verified by hash and by totals.

Layout of a backup: `manifest.json`, written last; `database/`, the snapshot; `images/ab/abcd...`, the pictures
named after what is in them; `images.txt`, their list. The keys (`WORKBENCH_HOME/secrets`) are not in it: whoever
finds a backup must not be able to write an audit trail anew. The manifest only knows which key it was.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.config import Settings
from workbench.errors import RefusedError
from workbench.images.store import ImageStore
from workbench.services.people import database_key
from workbench.storage.secret_files import AuditKey, has_audit_key
from workbench.storage.whole.figures import Figures, as_json, from_json
from workbench.storage.whole.snapshot import put_back, take

FORMAT = 1
MANIFEST = "manifest.json"
_IMAGE_LIST = "images.txt"
_PIECE = 1 << 20
_READERS = 4

# Told the number of steps of a stage, gives what is told of each step.
Progress = Callable[[str, int], Callable[[int], None]]


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Attributes:
        images: how many pictures.
        missing: hashes of pictures that a row names and the store did not have whole.
    """

    made_at: datetime
    engine: str
    figures: Mapping[str, Figures]
    images: int
    missing: tuple[str, ...] = ()


def back_up(settings: Settings, folder: Path, progress: Progress) -> Backup:
    """Writes a backup into a new or empty folder while the office works on.

    The database comes first: a picture is in its store before a row names it, so the pictures that are
    copied afterwards are all that the rows of the snapshot name. Raises RefusedError when something is in the folder.
    """
    if folder.exists() and any(folder.iterdir()):
        raise RefusedError(f"{folder} is not empty. Name a new folder for the backup.")
    database = folder / "database"
    database.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    made_at = datetime.now(UTC)
    step = progress("Database", 1)
    snapshot = take(settings.database_url, database)
    step(1)
    kept, missing = _copy_images(ImageStore(settings.image_store), snapshot.images, folder, progress)
    files = [f"database/{name}" for name in snapshot.files] + [_IMAGE_LIST]
    manifest = {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "engine": snapshot.engine,
        "revision": snapshot.revision,
        "audit_key": _which_key(settings),
        "tables": as_json(snapshot.figures),
        "images": kept,
        "missing_images": missing,
        "files": {name: _facts(folder / name) for name in files},
    }
    _write_safely(folder / MANIFEST, json.dumps(manifest, indent=1).encode())
    return Backup(made_at, snapshot.engine, snapshot.figures, kept, tuple(missing))


def restore(settings: Settings, folder: Path, progress: Progress, *, key_is_lost: bool = False) -> Backup:
    """Puts a backup into an empty database and an empty picture store, after every file of it was read and proven.

    `key_is_lost`: take it though the key of its audit trail is not here; nobody can prove that trail any more.
    Raises RefusedError naming the file that is damaged, or what is not empty; nothing was changed then.
    """
    manifest = _manifest(folder)
    images = _verified(folder, manifest, progress)
    store = ImageStore(settings.image_store)
    if any(store.hashes()):
        raise RefusedError(
            f"{settings.image_store} holds pictures already. Restore into a new WORKBENCH_HOME."
        )
    if not key_is_lost and manifest["audit_key"] != _which_key(settings):
        raise RefusedError(
            "The audit trail of this backup was written under another key. Put the keys of that office into"
            f" {settings.secrets} first."
        )
    figures = from_json(manifest["tables"])
    settings.home.mkdir(parents=True, exist_ok=True)
    step = progress("Database", 1)
    put_back(
        settings.database_url,
        folder / "database",
        manifest["engine"],
        figures,
        database_key(settings.secrets),
    )
    step(1)
    step = progress("Pictures", len(images))
    with store.writing() as writing:
        for sha256 in images:
            writing.copy(_image(folder, sha256))
            step(1)
    made_at = datetime.fromisoformat(manifest["made_at"])
    return Backup(made_at, manifest["engine"], figures, len(images), tuple(manifest["missing_images"]))


def _copy_images(
    store: ImageStore, wanted: Iterable[str], folder: Path, progress: Progress
) -> tuple[int, list[str]]:
    """Copies the pictures, each proven by its name; gives how many, and the names of those that failed."""
    names = sorted(wanted)
    step = progress("Pictures", len(names))

    def copy(sha256: str) -> str:
        data = store.path(sha256).read_bytes() if store.holds(sha256) else b""
        whole = hashlib.sha256(data).hexdigest() == sha256
        if whole:
            _write_safely(_image(folder, sha256), data)
        step(1)
        return "" if whole else sha256

    with ThreadPoolExecutor(_READERS) as readers:
        missing = [failed for failed in readers.map(copy, names) if failed]
    kept = [name for name in names if name not in set(missing)]
    _write_safely(folder / _IMAGE_LIST, "".join(f"{name}\n" for name in kept).encode())
    return len(kept), missing


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        raise RefusedError(f"{folder} is no backup, or one that was not finished: {MANIFEST} is missing.")
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = document["format"]
    except (ValueError, KeyError, TypeError):
        raise RefusedError(f"{MANIFEST} is damaged. Use another backup.") from None
    if version != FORMAT:
        raise RefusedError(f"The backup is of format {version}; this version of Workbench reads {FORMAT}.")
    return document


def _verified(folder: Path, manifest: Mapping[str, Any], progress: Progress) -> list[str]:
    """The pictures of the backup, when every one of its files is what it was."""
    for name, facts in manifest["files"].items():
        if not (folder / name).is_file() or _facts(folder / name) != facts:
            raise _damaged(name)
    images = (folder / _IMAGE_LIST).read_text(encoding="ascii").split()
    step = progress("Verifying", len(images))
    for sha256 in images:
        path = _image(folder, sha256)
        if not path.is_file() or _facts(path)["sha256"] != sha256:
            raise _damaged(str(path.relative_to(folder)))
        step(1)
    return images


def _damaged(name: str) -> RefusedError:
    return RefusedError(f"The backup is damaged: {name} is not what was written. Use another one.")


def _image(folder: Path, sha256: str) -> Path:
    return folder / "images" / sha256[:2] / sha256


def _facts(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return {"sha256": digest.hexdigest(), "size": path.stat().st_size}


def _which_key(settings: Settings) -> str:
    """Tells one key of the audit trail from another without giving it away; empty when there is none."""
    if not has_audit_key(settings.secrets):
        return ""
    return hashlib.sha256(b"workbench backup" + AuditKey(settings.secrets)()).hexdigest()[:16]


def _write_safely(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
