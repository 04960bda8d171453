"""`workbench db`, `backup` and `restore`, as an administrator types them."""

import json
import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.commands import workbench
from tests.storage.test_whole import fill
from workbench.storage.engine import open_engine


def test_an_office_is_checked_backed_up_and_restored(home: Path, tmp_path: Path) -> None:
    assert "workbench db upgrade" in workbench("db", "check").stdout
    assert workbench("db", "upgrade").returncode == 0
    engine = open_engine(f"sqlite:///{home / 'workbench.sqlite3'}")
    fill(engine)
    checked = workbench("db", "check", "--json")
    assert checked.returncode == 0, checked.stderr
    document = json.loads(checked.stdout)
    assert (document["engine"], document["troubles"]) == ("sqlite", [])
    assert document["tables"]["deposits"]["rows"] == 2
    done = workbench("backup", tmp_path / "backup")
    assert done.returncode == 1, "the rows name images that the store does not have"
    assert "workbench images verify" in done.stderr
    again = workbench("restore", tmp_path / "backup", home=tmp_path / "new")
    assert again.returncode == 0, again.stderr
    assert json.loads(workbench("db", "check", "--json", home=tmp_path / "new").stdout) == document
    refused = workbench("restore", tmp_path / "backup", home=tmp_path / "new")
    assert (refused.returncode, "is not empty" in refused.stderr) == (1, True)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE deposits SET posted_paid_cents = 1 WHERE id = 1"))
    engine.dispose()
    unsound = workbench("db", "check")
    assert (unsound.returncode, "Reset them and send them again." in unsound.stdout) == (1, True)


@pytest.mark.postgres
def test_a_desk_moves_to_postgresql(home: Path, postgres_empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    workbench("db", "upgrade")
    engine = open_engine(f"sqlite:///{home / 'workbench.sqlite3'}")
    fill(engine)
    engine.dispose()
    monkeypatch.setitem(os.environ, "WORKBENCH_DATABASE_URL", postgres_empty)
    moved = workbench("db", "copy")
    assert (moved.returncode, "are the same on both sides" in moved.stdout) == (0, True), moved.stderr
    twice = workbench("db", "copy")
    assert (twice.returncode, "The target is not empty" in twice.stderr) == (1, True)
    checked = json.loads(workbench("db", "check", "--json").stdout)
    assert checked["engine"] == "postgresql"
    assert all("fsync" in trouble for trouble in checked["troubles"])  # the tests' own server
    assert checked["tables"]["deposits"]["rows"] == 2
