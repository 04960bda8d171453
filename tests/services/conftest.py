"""The deposit desk's office, on SQLite and on either engine."""

import pytest

from tests.builders import Office
from tests.services.desk_office import Desk


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


@pytest.fixture
def either_desk(either_office: Office) -> Desk:
    return Desk(either_office)
