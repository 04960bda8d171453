"""The services work on SQLite and on PostgreSQL: whatever asks for a database here runs once on each."""

import pytest

from tests.builders import Office
from tests.services.desk_office import Desk
from workbench.storage import Database


@pytest.fixture
def database(either_database: Database) -> Database:
    """Takes the place of the SQLite store that other tests get."""
    return either_database


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


@pytest.fixture
def either_desk(either_office: Office) -> Desk:
    return Desk(either_office)
