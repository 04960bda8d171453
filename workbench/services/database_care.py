"""What an administrator does to the database as a whole: look after its version, its soundness, its engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workbench.config import Settings
from workbench.services.people import database_key
from workbench.storage import Database
from workbench.storage.engine import open_engine
from workbench.storage.migrations.upgrade import head_revision
from workbench.storage.whole.copying import Arrived, copy_database
from workbench.storage.whole.figures import Figures
from workbench.storage.whole.health import readable_figures, troubles


@dataclass(frozen=True, slots=True)
class Health:
    """Attributes:
    troubles: what is wrong and what to do, in plain words.
    figures: rows and money of each table; empty when they cannot be read.
    """

    engine: str
    troubles: tuple[str, ...]
    figures: Mapping[str, Figures]


def upgraded(settings: Settings) -> str:
    """Brings the database to this program's version; gives that version."""
    Database.open(settings.database_url, settings.secrets).close()
    return head_revision()


def checked(settings: Settings) -> Health:
    """Looks, and changes nothing."""
    engine = open_engine(settings.database_url)
    try:
        return Health(engine.dialect.name, tuple(troubles(engine)), readable_figures(engine))
    finally:
        engine.dispose()


def copied(settings: Settings, source_url: str, begin: Callable[[int], Arrived]) -> dict[str, Figures]:
    """Copies a whole SQLite database into the empty PostgreSQL database of the settings.

    Both sides add up to the figures it gives. Raises RefusedError when the target holds rows.
    """
    return copy_database(source_url, settings.database_url, database_key(settings.secrets), begin)
