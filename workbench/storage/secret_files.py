"""Keys that lie beside the data and never in the database: made at first need, readable by their owner alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from workbench.config import ENV_AUDIT_KEY

KEY_BYTES = 32
AUDIT_KEY_FILE = "audit.key"


def secret(path: Path) -> bytes:
    """The key in the file, made when there is none; processes that come at once get the same."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(made, path)  # whole or not at all, and never over another process's
    made.unlink()
    return path.read_bytes()


def has_audit_key(secrets_folder: Path) -> bool:
    """Whether there is a key already; to ask for it would make one."""
    return bool(os.environ.get(ENV_AUDIT_KEY)) or (secrets_folder / AUDIT_KEY_FILE).is_file()


class AuditKey:
    """The key of the audit trail: `WORKBENCH_AUDIT_KEY`, else the file `audit.key` among the secrets; read once."""

    def __init__(self, secrets_folder: Path) -> None:
        self._folder = secrets_folder
        self._key = b""

    def __call__(self) -> bytes:
        if not self._key:
            given = os.environ.get(ENV_AUDIT_KEY, "")
            self._key = given.encode() if given else secret(self._folder / AUDIT_KEY_FILE)
        return self._key
