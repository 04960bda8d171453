"""A room full of clerks on one server, each signed in: nobody's work is lost, mixed up or, unloaded machine given, slow."""

import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.browser.server import ROOT, Served, serving
from tests.server.people import PASSWORD
from workbench.domain.roles import Role
from workbench.services.demo.office import PRACTICES
from workbench.services.passwords import hash_password
from workbench.services.people import People
from workbench.storage import Database

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Figures:
    """Seconds by action; megabytes of each kernel when together they were largest."""

    took: dict[str, list[float]]
    wrong: list[str]
    megabytes: list[float]

    def p95(self) -> float:
        """Of all actions but the first, which starts a page."""
        every = [
            seconds for name, values in self.took.items() if "page open" not in name for seconds in values
        ]
        return statistics.quantiles(every, n=20)[-1]


@contextmanager
def office_of(count: int, home: Path, *, warm: int) -> Iterator[Served]:
    database = Database.open(f"sqlite:///{home / 'workbench.sqlite3'}", home / "secrets")
    people = People(database, home / "secrets")
    owner = people.at_this_desk(owner_of(home))
    hashed = hash_password("somebody", PASSWORD)
    for number in range(count):
        login = f"clerk{number:02d}"
        people.add(
            owner, login, login.capitalize(), roles=[Role.PAYMENT_POSTER], practices=[PRACTICES[0].name]
        )
        with database.transaction() as stores:  # one hash for all: twenty take seconds
            stores.people.set_password_hash(people.named(login).user_id, hashed)
    database.close()
    with serving(home, "--way", "password", pool=warm) as served:
        yield served


def owner_of(home: Path) -> str:
    with closing(sqlite3.connect(home / "workbench.sqlite3")) as connection:
        found = connection.execute(
            "SELECT login FROM users JOIN user_roles ON user_id = users.id WHERE role = 'administrator' ORDER BY users.id"
        ).fetchone()
    return str(found[0])


def put_to_work(served: Served, count: int, rounds: int) -> Figures:
    """Runs the clerks; memory is looked at when their pages are open."""
    command = [sys.executable, "-m", "tests.browser.clerks", served.address, str(count), str(rounds)]
    largest: list[float] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        while running.poll() is None:
            largest = max(largest, [megabytes(process) for process in served.kernels()], key=sum)
            psutil.wait_procs([psutil.Process(running.pid)], timeout=5)
        assert running.stdout is not None
        told: dict[str, Any] = json.loads(running.stdout.read())
    return Figures(told["took"], told["wrong"], largest)


def megabytes(process: psutil.Process) -> float:
    """Proportional set size: what is shared with other kernels is divided among them."""
    try:
        return float(process.memory_full_info().pss) / 1e6
    except psutil.Error:
        return 0.0


def check_books(home: Path, count: int, rounds: int) -> None:
    """Each clerk's batches and deposits are there, once, and theirs."""
    with closing(sqlite3.connect(home / "workbench.sqlite3")) as connection:
        batches = connection.execute(
            "SELECT login, description FROM image_batches JOIN users ON users.id = created_by_id "
            "WHERE login LIKE 'clerk%' ORDER BY 1, 2"
        ).fetchall()
        deposits = connection.execute(
            "SELECT login, check_number FROM deposits JOIN users ON users.id = created_by_id "
            "WHERE login LIKE 'clerk%' ORDER BY 1, 2"
        ).fetchall()
    clerks = [(f"clerk{number:02d}", each) for number in range(count) for each in range(rounds)]
    assert batches == [(login, f"{login} mail {each}") for login, each in clerks]
    assert deposits == [(login, f"{login}-{each}") for login, each in clerks]


def test_three_clerks_work_side_by_side(demo_copy: Path) -> None:
    with office_of(3, demo_copy, warm=2) as served:
        figures = put_to_work(served, 3, 1)
    assert figures.wrong == []
    check_books(demo_copy, 3, 1)


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_twenty_clerks_are_served_as_one(demo_copy: Path, tmp_path: Path) -> None:
    """Issue E: no error, and the p95 of an action at most 1 s beyond the unloaded one."""
    before = psutil.getloadavg()[0]
    alone_home = tmp_path / "alone"
    shutil.copytree(demo_copy, alone_home)
    with office_of(1, alone_home, warm=2) as served:
        alone = put_to_work(served, 1, 4)
    with office_of(20, demo_copy, warm=4) as served:
        together = put_to_work(served, 20, 4)
    report = {
        "wrong": alone.wrong + together.wrong,
        "p95 alone": alone.p95(),
        "p95 of 20": together.p95(),
        "MB of a kernel, median and largest": (
            statistics.median(together.megabytes),
            max(together.megabytes),
        ),
        "load before and after": (before, psutil.getloadavg()[0]),
        "medians": {
            name: (statistics.median(alone.took[name]), statistics.median(values))
            for name, values in together.took.items()
        },
    }
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    (folder / "twenty-clerks.json").write_text(json.dumps(report, indent=2), encoding="utf-8")
    assert alone.wrong == together.wrong == []
    check_books(demo_copy, 20, 4)
    assert together.p95() <= alone.p95() + 1.0, report
