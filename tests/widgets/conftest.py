"""The workbench that the pages' tests sit at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.app import Workbench, open_workbench
from workbench.widgets.deposits.model import ImportModel

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "balanced.835"


@pytest.fixture
def wb(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    """An empty store; whoever furnishes it with `furnish_office` has its supervisor sitting here."""
    monkeypatch.setenv("LOGNAME", "super")
    opened = open_workbench()
    yield opened
    opened.close()


@pytest.fixture
def desk(home: Path) -> Iterator[Workbench]:
    """A desk with the one deposit of the balanced sample file."""
    opened = open_workbench()
    ImportModel(opened).take(SAMPLE, SAMPLE.name)
    yield opened
    opened.close()
