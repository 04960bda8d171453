"""Where the data lives and how this process was asked to run; read once, from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

ENV_HOME = "WORKBENCH_HOME"
ENV_DATABASE_URL = "WORKBENCH_DATABASE_URL"
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
