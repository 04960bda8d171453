"""The tracked samples are what the program writes, so that they can be made anew after a change of the writer."""

from pathlib import Path

import pytest

from workbench.services.demo.samples import samples

FOLDER = Path(__file__).parents[2] / "data" / "samples"


@pytest.mark.parametrize("name", sorted(samples()))
def test_the_tracked_file_is_the_written_one(name: str) -> None:
    assert (FOLDER / name).read_bytes() == samples()[name]


def test_nothing_else_lies_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(samples())
