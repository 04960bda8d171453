"""docs/analyst.md names every frame with every column and its type, and nothing that is not there."""

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.builders import Office
from workbench.frames import Frames
from workbench.services.sql.tables import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "analyst.md").read_text(encoding="utf-8")
ARROW = {
    "int64[pyarrow]": "int64, may be missing",
    "bool[pyarrow]": "bool, may be missing",
    "string[pyarrow]": "string",
    "string": "string",
    "date32[day][pyarrow]": "date32",
    "timestamp[us, tz=UTC][pyarrow]": "timestamp",
}


def documented(name: str) -> dict[str, str]:
    """Column -> type, as the page has it."""
    found = re.search(rf"^### `wb\.frames\.{name}\(\)`\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"the page has no {name}"
    lines = re.findall(r"^- \*\*(.+?)\*\*: (.+)$", found.group(1), re.MULTILINE)
    return {column: kind for kind, columns in lines for column in re.findall(r"`(\w+)`", columns)}


def test_the_page_names_every_frame() -> None:
    named = re.findall(r"^### `wb\.frames\.(\w+)\(\)`", PAGE, re.MULTILINE)
    assert sorted(named) == sorted(name for name in dir(Frames) if not name.startswith("_"))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_page_names_every_column_with_its_type(office: Office, name: str) -> None:
    frame: pd.DataFrame = getattr(Frames(office.database, lambda: office.supervisor), name)()
    types = {str(column): ARROW.get(str(dtype), str(dtype)) for column, dtype in frame.dtypes.items()}
    assert documented(name) == types
