"""Exactly once, whoever imports at the same moment and whenever a process is killed."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.builders import ACME_ID, NORTH_NPI, furnish_office, remittance_claim, remittance_file
from workbench.era.message import Remittance
from workbench.storage import Database
from workbench.storage.tables.deposits import (
    adjustments,
    deposit_claims,
    deposit_errors,
    deposit_lines,
    deposits,
)
from workbench.storage.tables.imports import import_contents, import_files, import_log

PROCESSES = 8
# Says when it is ready, waits for the word, imports, and tells the outcome.
IMPORTER = """
import json, sys
from pathlib import Path
from workbench.services.people import People
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import Database
database = Database.open(sys.argv[1])
actor = People(database).at_this_desk("super")
print("ready", flush=True)
sys.stdin.readline()
outcome = RemittanceImport(database).import_remittance(actor, "day.835", Path(sys.argv[2]).read_bytes())
print(json.dumps([outcome.outcome, [deposit.id for deposit in outcome.deposits]]), flush=True)
"""
CLAIMS = 1500  # enough rows for the bulk way, and for a kill to hit the middle of it


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A file of two payments."""
    payments = []
    for number in (1, 2):
        claims = tuple(remittance_claim(f"P{number}-{each}") for each in range(CLAIMS))
        payments.append(
            Remittance(
                amount_cents=5600 * CLAIMS,
                trace_number=f"EFT-{number}",
                payer_name="ACME HEALTH",
                payee_name="North Anesthesia",
                effective_date=date(2026, 3, 2),
                claims=claims,
                originator_id=ACME_ID,
                payee_npi=NORTH_NPI,
            )
        )
    path = tmp_path / "day.835"
    path.write_bytes(remittance_file(*payments))
    return path


def start(url: str, path: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORTER, url, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def counts(database: Database) -> dict[str, int]:
    tables = (import_files, deposits, deposit_claims, deposit_lines, adjustments, deposit_errors)
    with database.reading() as stores:
        return {
            table.name: stores.connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in tables
        }


WHOLE = {
    "import_files": 1,
    "deposits": 2,
    "deposit_claims": 2 * CLAIMS,
    "deposit_lines": 2 * CLAIMS,
    "adjustments": 6 * CLAIMS,
    "deposit_errors": 2 * CLAIMS,  # CLAIM_NOT_FOUND for each
}
NOTHING = dict.fromkeys(WHOLE, 0)


def race(url: str, path: Path) -> None:
    database = Database.open(url)
    furnish_office(database)
    processes = [start(url, path) for _ in range(PROCESSES)]
    for process in processes:
        go(process)
    answers = [json.loads(process.communicate(timeout=120)[0]) for process in processes]
    assert sorted(outcome for outcome, _ in answers) == ["duplicate"] * (PROCESSES - 1) + ["new"]
    assert len({tuple(ids) for _, ids in answers}) == 1
    assert counts(database) == WHOLE
    with database.reading() as stores:
        logged = stores.connection.scalar(sa.select(sa.func.count()).select_from(import_log))
    assert logged == PROCESSES
    database.close()


def fresh(url: str, trial: int) -> str:
    """Another SQLite file, or the same PostgreSQL emptied."""
    if url.startswith("sqlite"):
        return f"{url}-{trial}"
    engine = sa.create_engine(sa.engine.make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.mark.parametrize("trials", [1, pytest.param(25, marks=[pytest.mark.deep, pytest.mark.timeout(3600)])])
def test_eight_processes_make_one_import(either_url: str, day: Path, trials: int) -> None:
    for trial in range(trials):
        race(fresh(either_url, trial), day)


def test_two_files_with_one_payment_make_one_deposit(either_url: str, tmp_path: Path) -> None:
    database = Database.open(either_url)
    furnish_office(database)
    payment = Remittance(
        amount_cents=5600,
        trace_number="EFT-1",
        payer_name="ACME HEALTH",
        payee_name="North Anesthesia",
        effective_date=date(2026, 3, 2),
        claims=(remittance_claim(),),
    )
    paths = []
    for control in range(1, PROCESSES + 1):
        path = tmp_path / f"{control}.835"
        path.write_bytes(
            remittance_file(payment, replace(payment, trace_number=f"OWN-{control}"), control=control)
        )
        paths.append(path)
    processes = [start(either_url, path) for path in paths]
    for process in processes:
        go(process)
    answers = [json.loads(process.communicate(timeout=120)[0]) for process in processes]
    assert {outcome for outcome, _ in answers} == {"new"}
    with database.reading() as stores:
        traces = sorted(stores.connection.scalars(sa.select(deposits.c.check_number)))
    assert traces == ["EFT-1", *(f"OWN-{control}" for control in range(1, PROCESSES + 1))]
    database.close()


def kill_and_retry(url: str, path: Path, after_seconds: float) -> bool:
    """Kills an import; all or nothing of it is there; then imports again. Whether the kill came before the end."""
    database = Database.open(url)
    furnish_office(database)
    process = start(url, path)
    go(process)
    time.sleep(after_seconds)
    process.send_signal(signal.SIGKILL)
    told = process.communicate()[0]
    wait_for_the_server(database)
    found = counts(database)
    assert found == WHOLE or (found == NOTHING and not told)
    retry = start(url, path)
    go(retry)
    outcome, ids = json.loads(retry.communicate(timeout=120)[0])
    assert outcome == ("duplicate" if found == WHOLE else "new")
    assert len(ids) == 2
    assert counts(database) == WHOLE
    with database.reading() as stores:
        (file_id,) = stores.connection.scalars(sa.select(import_files.c.id))
        assert stores.imports.read(file_id, 0, path.stat().st_size) == path.read_bytes()
        pieces = stores.connection.scalar(sa.select(sa.func.count()).select_from(import_contents))
        if database.dialect == "sqlite":
            assert stores.connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert stores.connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    assert pieces == -(-path.stat().st_size // 2**18)
    database.close()
    Database.open(url).close()  # sweeps what the killed process left
    if url.startswith("sqlite"):
        assert not list(Path(str(sa.engine.make_url(url).database)).parent.glob("staging-*"))
    return found == NOTHING


def wait_for_the_server(database: Database) -> None:
    """PostgreSQL notices a dead client only after what it was doing, a COMMIT perhaps."""
    if database.dialect == "sqlite":
        return
    others = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with database.reading() as stores:
            if stores.connection.scalar(others) == 0:
                return
        time.sleep(0.01)
    raise AssertionError("a backend of the killed process lives on")


def seconds_of_an_import(url: str, path: Path) -> float:
    """From the word to the answer."""
    process = start(url, path)
    started = time.monotonic()
    go(process)
    assert process.stdout
    assert process.stdout.readline()
    took = time.monotonic() - started
    process.communicate(timeout=120)
    return took


@pytest.mark.parametrize(
    "trials", [4, pytest.param(100, marks=[pytest.mark.deep, pytest.mark.timeout(3600)])]
)
def test_a_killed_import_is_all_there_or_not_at_all(
    either_url: str, day: Path, trials: int, record_property: Callable[[str, object], None]
) -> None:
    """In the deep version 200 kills, half of them on each engine: the n-th in the n-th slice of an import."""
    seconds_of_an_import(fresh(either_url, -1), day)  # warms the disk and the server
    length = seconds_of_an_import(fresh(either_url, -2), day)
    chance = random.Random(835)
    moments = [length * (trial + chance.random()) / trials for trial in range(trials)]
    early = [kill_and_retry(fresh(either_url, trial), day, moment) for trial, moment in enumerate(moments)]
    # On a machine that has become quicker since the measurement kills come late: then earlier and earlier ones.
    moment = length
    while sum(early) <= trials // 5:
        moment /= 2
        early.append(kill_and_retry(fresh(either_url, len(early)), day, moment))
    record_property("kills", f"{sum(early)} of {len(early)} before the end of an import of {length:.2f} s")
