"""Where the data lives and how this process was asked to run; read once, from the environment."""

import getpass
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from workbench.errors import SetUpError

ENV_HOME = "WORKBENCH_HOME"
ENV_DATABASE_URL = "WORKBENCH_DATABASE_URL"
ENV_SESSION = "WORKBENCH_SESSION"
ENV_HUB_USER = "JUPYTERHUB_USER"
ENV_AUDIT_KEY = "WORKBENCH_AUDIT_KEY"


@dataclass(frozen=True, slots=True)
class Settings:
    """Attributes:
    home: folder of everything the program writes; outside every served folder.
    database_url: SQLAlchemy URL; by default the SQLite file in `home`.
    """

    home: Path
    database_url: str

    @property
    def image_store(self) -> Path:
        """Folder of the content-addressed scans."""
        return self.home / "images"

    @property
    def secrets(self) -> Path:
        """Folder of the keys, which are never in the database."""
        return self.home / "secrets"

    @property
    def scratch(self) -> Path:
        """Folder for files that live for one task (uploads, scans in progress); swept at start."""
        return self.home / "scratch"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `WORKBENCH_HOME` (default: the platform's user data folder) and `WORKBENCH_DATABASE_URL`."""
    env = os.environ if environ is None else environ
    home = (
        Path(env.get(ENV_HOME) or platformdirs.user_data_dir("workbench", appauthor=False))
        .expanduser()
        .absolute()
    )
    url = env.get(ENV_DATABASE_URL) or f"sqlite:///{home / 'workbench.sqlite3'}"
    return Settings(home=home, database_url=url)


@dataclass(frozen=True, slots=True)
class Identity:
    """Attributes:
    login: who this process works for.
    database_url: how that person reaches the database; empty: as the settings say.
    signed_in: whether somebody vouches for the login; else it is the account, and may be an office of one desk.
    """

    login: str
    database_url: str = ""
    signed_in: bool = True


def read_identity(environ: Mapping[str, str] | None = None) -> Identity:
    """Who works here: in a kernel of our server, whom the server says; behind JupyterHub its user; else the account.

    The server hands a kernel out after it has been started (a warm one waits for anybody), so its word lies in a
    file that `WORKBENCH_SESSION` names. Raises SetUpError when the kernel is nobody's.
    """
    env = os.environ if environ is None else environ
    if ENV_SESSION not in env:
        hub_user = env.get(ENV_HUB_USER, "")
        return Identity(hub_user or getpass.getuser(), signed_in=bool(hub_user))
    try:
        told = json.loads(Path(env[ENV_SESSION]).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SetUpError("This page belongs to nobody. Open it anew.") from None
    return Identity(told["login"], told["database_url"])


def opens_ahead(environ: Mapping[str, str] | None = None) -> bool:
    """Whether the database can be opened before it is known for whom: not where each person has an own way into it."""
    env = os.environ if environ is None else environ
    return ENV_SESSION not in env or bool(env.get(ENV_DATABASE_URL))
