"""`workbench worklist`, `post` and `reset`, on a copy of the demo: what is posted is taken back to the cent."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import workbench

pytestmark = pytest.mark.usefixtures("demo_copy")


def answer(*arguments: str) -> Any:
    done = workbench(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def deposit_of(file: str) -> int:
    found = [row["id"] for row in answer("deposits")["deposits"] if row["import_file"] == file]
    return int(found[0])


def test_a_deposit_is_posted_and_taken_back() -> None:
    number = str(deposit_of("llh-own-delimiters.835"))
    before = answer("deposit", number)
    dry = answer("post", number, "--dry-run")
    assert (dry["question"], dry["posting"], len(dry["claims"])) == (None, 45, 45)
    for claim in dry["claims"]:
        # Double entry: every claim's entries sum to nothing.
        assert sum(round(float(entry["amount"]) * 100) for entry in claim["entries"]) == 0
    assert answer("deposit", number) == before

    sent = answer("post", number)
    assert (sent["status"], sent["posted"], sent["failed"]) == ("SENT_TO_POSTING", 45, 0)
    assert answer("deposit", number)["deposit"]["posting_status"] == "DISBURSED"

    undone = answer("reset", number, "--reason", "posted by mistake")
    assert undone["claims"] == 45
    assert undone["paid"] == before["deposit"]["payments"]
    after = answer("deposit", number)
    assert after["deposit"]["status"] == "NEW"
    assert [claim["paid"] for claim in after["claims"]] == [claim["paid"] for claim in before["claims"]]


def test_what_does_not_tie_out_is_refused_with_the_reason() -> None:
    number = str(deposit_of("bmhp-does-not-add-up.835"))
    done = workbench("post", number)
    assert (done.returncode, done.stdout) == (1, "")
    assert "critical" in done.stderr
    assert answer("deposit", number)["deposit"]["status"] == "NEW"


def test_a_reset_needs_a_reason() -> None:
    number = str(deposit_of("bmhp-checks.835"))
    assert workbench("reset", number).returncode == 2
    assert workbench("reset", number, "--reason", " ").returncode == 1
    assert answer("deposit", number)["deposit"]["status"] == "SENT_TO_POSTING"


def test_work_lists_count_what_their_rows_show(demo_copy: Path) -> None:
    tiles = {tile["name"]: tile for tile in answer("worklist")["worklists"]}
    assert tiles["new_deposits"]["count"] > 20
    for name in ("new_deposits", "deposit_errors", "provider_adjustments"):
        items = answer("worklist", name)["items"]
        assert len(items) == tiles[name]["count"], name
    assert workbench("worklist", "no-such-list").returncode == 1
    table = workbench("worklist").stdout.splitlines()
    assert len(table) == len(tiles) + 1


def test_what_is_due_is_posted_by_itself(demo_copy: Path) -> None:
    assert answer("post", "--due", "--dry-run") == {"due": []}, "off as shipped"
    assert workbench("post").returncode == 2
    assert workbench("post", "7", "--due").returncode == 2
    with closing(sqlite3.connect(demo_copy / "workbench.sqlite3")) as connection, connection:
        connection.execute("INSERT INTO company_settings VALUES ('auto_post_era_delay', '0')")
        waiting = connection.execute(
            "SELECT id FROM deposits WHERE type = 'ERA' AND status = 'NEW' AND voided_at IS NULL ORDER BY 1"
        ).fetchall()
    assert sorted(answer("post", "--due", "--dry-run")["due"]) == [number for (number,) in waiting]
    done = workbench("post", "--due", "--json")
    outcome = {one["deposit"]: one for one in json.loads(done.stdout)["deposits"]}
    assert sorted(outcome) == [number for (number,) in waiting]
    assert done.returncode == (1 if any(one["refusal"] for one in outcome.values()) else 0)
    with closing(sqlite3.connect(demo_copy / "workbench.sqlite3")) as connection:
        states = dict(connection.execute("SELECT id, status FROM deposits").fetchall())
    assert {number: states[number] for number in outcome} == {
        number: "SENT_TO_POSTING" if one["posted"] else "NEW" for number, one in outcome.items()
    }
