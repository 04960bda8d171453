"""`workbench demo`: the office that the issue names, made once, whatever interrupts it."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Office
from tests.cli.commands import workbench
from workbench.errors import RefusedError
from workbench.images.store import ImageStore
from workbench.services.demo.making import DemoOffice
from workbench.services.remittance_import import RemittanceImport
from workbench.services.scan_desk import furnish


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home / "workbench.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def counts(home: Path) -> dict[str, int]:
    tables = (
        *("practices", "payers", "facilities", "claims", "charge_lines", "deposits", "deposit_claims"),
        *("ledger_entries", "bank_transactions", "bank_matches", "image_batches", "image_sets", "images"),
        *("deposit_lines", "adjustments", "provider_adjustments", "deposit_errors", "import_files"),
    )
    # The names are those above, not somebody's input.
    return {table: rows(home, f"SELECT count(*) FROM {table}")[0][0] for table in tables}  # noqa: S608


def test_it_is_the_office_that_the_issue_names(demo_home: Path) -> None:
    size = counts(demo_home)
    assert (size["practices"], size["payers"], size["facilities"]) == (2, 10, 5)
    assert (size["claims"], size["deposits"]) == (50_000, 40)
    assert rows(demo_home, "SELECT count(DISTINCT payer_id) FROM plans") == [(10,)]
    assert rows(demo_home, "SELECT max(claims_count) FROM deposits") == [(10_000,)]
    assert set(rows(demo_home, "SELECT DISTINCT type FROM deposits")) == {
        ("ERA",), ("EOB",), ("IMPORT",), ("STATEMENT",),
    }  # fmt: skip
    assert {outcome for (outcome,) in rows(demo_home, "SELECT outcome FROM import_log")} == {
        "new",
        "doubtful",
    }


def test_it_holds_an_error_of_every_kind_that_a_file_can_bring(demo_home: Path) -> None:
    """Spec deposits 3.1 and 3.3, without those that need a second system or a damaged file."""
    found = {code for (code,) in rows(demo_home, "SELECT DISTINCT code FROM deposit_errors")}
    assert {
        *("DEBIT_ERA", "BAD_HANDLING_CODE", "DUPLICATE_DEPOSIT", "PAYER_MISMATCH", "PROVIDER_ADJUSTMENT"),
        *("CLAIM_NOT_FOUND", "CLAIM_LEVEL_ADJUSTMENT", "PROCEDURE_CODE_CONFLICT", "LINE_UNBALANCED"),
        *("CLAIM_UNBALANCED", "TX_UNBALANCED", "PAYEE_NOT_OURS", "REVERSAL_ALONE", "UNMAPPED_CARC"),
        *("ZERO_PAY_DENIAL", "PR_SUM_DIFF"),
    } <= found  # fmt: skip
    reasons = {reason for (reason,) in rows(demo_home, "SELECT DISTINCT reason FROM provider_adjustments")}
    assert {"WO", "FB", "L6", "72", "CS"} <= reasons
    assert rows(demo_home, "SELECT count(*) FROM deposits WHERE status = 'IGNORE'") == [(2,)]


def test_balances_of_claims_are_those_of_their_lines(demo_home: Path) -> None:
    differing = """
        SELECT count(*) FROM claims c JOIN (
            SELECT claim_id, sum(balance_cents) AS balance, sum(charge_cents) AS charge
            FROM charge_lines GROUP BY claim_id
        ) l ON l.claim_id = c.id WHERE l.balance <> c.balance_cents OR l.charge <> c.charge_cents"""
    assert rows(demo_home, differing) == [(0,)]
    assert rows(demo_home, "SELECT count(*) FROM claims WHERE status = 'Done' AND balance_cents <> 0") == [
        (0,)
    ]
    assert rows(demo_home, "SELECT count(*) FROM claims WHERE balance_cents < 0") == [(0,)]


def test_some_of_it_is_worked_already(demo_home: Path) -> None:
    """Posted, matched with the bank, scanned: no page of the demo is empty."""
    assert rows(demo_home, "SELECT count(*) FROM deposits WHERE status = 'SENT_TO_POSTING'") == [(4,)]
    unposted = (
        "SELECT count(*) FROM deposits WHERE sent_at IS NOT NULL AND posted_paid_cents <> payments_cents"
    )
    assert rows(demo_home, unposted) == [(0,)]
    states = dict(rows(demo_home, "SELECT state, count(*) FROM bank_matches GROUP BY state"))
    assert states["confirmed"] > 10
    assert states["proposed"] > 2
    batches = "SELECT batch_type, status, count(*) FROM image_batches GROUP BY batch_type, status"
    assert set(rows(demo_home, batches)) == {
        ("Charge", "Unposted", 1), ("Payment", "Posted", 1), ("Payment", "Unposted", 1),
    }  # fmt: skip
    assert rows(demo_home, "SELECT count(*) FROM image_sets") == [(7,)]


def test_the_second_call_says_that_it_is_there(demo_home: Path) -> None:
    before = counts(demo_home)
    done = workbench("demo", home=demo_home)
    assert (done.returncode, done.stdout) == (0, "The demo office is there already.\n")
    assert counts(demo_home) == before


@pytest.mark.parametrize(
    "seconds", [3.0, *(pytest.param(s, marks=pytest.mark.deep) for s in (2, 4, 5, 6, 8))]
)
def test_killed_and_called_again_it_is_the_same(demo_home: Path, home: Path, seconds: float) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "workbench", "demo"],
        env=dict(os.environ) | {"WORKBENCH_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    started.kill()
    started.wait()
    done = workbench("demo", home=home)
    assert done.returncode == 0, done.stderr
    assert counts(home) == counts(demo_home)
    # Progress is told also without a terminal (`make run` in a log): each step has its line, in order.
    parts = [int(line.split("%")[0]) for line in done.stderr.splitlines()]
    assert (parts[0], parts[-1]) == (0, 100)
    assert parts == sorted(parts)
    assert len(parts) > 20


def test_an_office_of_its_own_is_not_mixed_with_the_demo(office: Office, home: Path) -> None:
    desk = furnish(office.database, ImageStore(home / "images"))
    demo = DemoOffice(office.database, RemittanceImport(office.database), desk)
    with pytest.raises(RefusedError, match="office of its own"):
        demo.make(office.supervisor, date(2026, 3, 2), lambda *_: None)
    with office.database.reading() as stores:
        assert [practice.name for practice in stores.office.practices()] == [
            "North Anesthesia",
            "South Pain Clinic",
        ]
