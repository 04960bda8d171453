"""Fixtures shared by all tests: a home of its own, an opened store, a small office."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.browser.chromium import browser, watch
from tests.builders import Office, furnish_office
from tests.demo_home import demo_copy, demo_home
from tests.postgres import (
    either_empty,
    either_url,
    postgres_empty,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_empty,
    sqlite_template,
    sqlite_url,
)
from workbench.config import ENV_DATABASE_URL, ENV_HOME
from workbench.storage import Database

__all__ = [
    "browser",
    "demo_copy",
    "demo_home",
    "either_empty",
    "either_url",
    "postgres_empty",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_empty",
    "sqlite_template",
    "sqlite_url",
    "watch",
]


# `make test` draws the same cases each time: what was green yesterday is red today for a reason in the code.
# `make deep` draws anew (`--hypothesis-profile=anew`). How quick a case is, is measured in benchmarks/.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("anew", derandomize=False, deadline=None)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test in a browser may have a second try, which the report names (R).

    Four browsers on four processors: now and then a key is pressed before the page has heard of the one before.
    What is wrong with a page is wrong both times.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A WORKBENCH_HOME of the test's own: no test reads or writes the data of the person who runs it."""
    folder = tmp_path / "home"
    monkeypatch.setenv(ENV_HOME, str(folder))
    monkeypatch.delenv(ENV_DATABASE_URL, raising=False)
    return folder


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
