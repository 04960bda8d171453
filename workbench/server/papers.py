"""What a kernel is told of the person it works for: a file that it alone is pointed to, gone when it ends."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from workbench.config import ENV_SESSION


class Papers:
    """`WORKBENCH_HOME/sessions/<kernel id>.json`, readable by its owner alone."""

    def __init__(self, folder: Path, database_url: Callable[[str], str]) -> None:
        """`database_url` gives the address at which a person of this login reaches the database."""
        self._folder = folder
        self._database_url = database_url
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self._sweep()

    def environment(self, kernel_id: str) -> dict[str, str]:
        """What a kernel is started with, long before anybody asks for its page."""
        return {ENV_SESSION: str(self._file(kernel_id))}

    def hand(self, kernel_id: str, login: str) -> None:
        """From now on the kernel works for this person. Raises FileExistsError when it has another already."""
        document = {"login": login, "database_url": self._database_url(login), "server": os.getpid()}
        draft = self._file(kernel_id).with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(document, file)
        try:
            os.link(draft, self._file(kernel_id))  # unlike a rename, refuses to replace
        finally:
            draft.unlink()

    def take_back(self, kernel_id: str) -> None:
        self._file(kernel_id).unlink(missing_ok=True)

    def _file(self, kernel_id: str) -> Path:
        return self._folder / f"{kernel_id}.json"

    def _sweep(self) -> None:
        """Removes what a killed server left; another server of the same home keeps its own."""
        for path in [*self._folder.glob("*.json"), *self._folder.glob("*.new")]:
            try:
                server = int(json.loads(path.read_text(encoding="utf-8"))["server"])
            except (ValueError, KeyError, OSError):
                server = 0
            if server == os.getpid() or not _runs(server):
                path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, so it runs
        return True
    return process > 0
