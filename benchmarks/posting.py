"""A deposit of 10,000 claims that are ours: dry run, posting, reset, on SQLite.

    python -m benchmarks posting [claims]

Goals: dry run at most 2 s, posting at most 5 s. The floor beside them is reading the same rows (claims, lines,
adjustments, our claims) as tuples. Wall time, and the processor's own time for a machine that is busy.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from workbench.era.message import Adjustment, Claim, Interchange, Remittance, ServiceLine
from workbench.era.writer import write_835
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.undoing import Undoing
from workbench.services.people import People
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import Database
from workbench.storage.stores.claim_intake import NewClaim
from workbench.storage.tables.claims import charge_lines, claims
from workbench.storage.tables.deposits import adjustments, deposit_claims, deposit_lines

DAY = date(2026, 3, 2)
LINES = 3
GOALS = {"dry run": 2.0, "post": 5.0}


def payment(how_many: int) -> bytes:
    """One check: every line of 100.00 paid 50.00, 30.00 written off, 20.00 the patient's."""
    rows = (Adjustment("CO", "45", 3000), Adjustment("PR", "1", 2000))
    lines = tuple(
        ServiceLine(f"9921{at}", 10000, 5000, service_from=DAY, adjustments=rows) for at in range(LINES)
    )
    made = tuple(
        Claim(
            f"P{number:06d}",
            10000 * LINES,
            5000 * LINES,
            patient_last="SAMPLE",
            service_from=DAY,
            lines=lines,
        )
        for number in range(how_many)
    )
    remittance = Remittance(
        5000 * LINES * how_many, "EFT-LARGE", "ACME HEALTH", "Practice", DAY, claims=made,
        originator_id="1900000001", payee_npi="1000000004",
    )  # fmt: skip
    return write_835(Interchange((remittance,)))


def our_claims(database: Database, how_many: int) -> None:
    with database.transaction() as stores:
        practice = stores.office.add_practice("North", npis=["1000000004"])
        stores.office.add_payer("ACME HEALTH", identifiers=[("TRN03", "1900000001")])
        lines = [
            {
                "line_no": at,
                "code": f"9921{at}",
                "service_date": DAY,
                "charge_cents": 10000,
                "balance_cents": 10000,
            }
            for at in range(LINES)
        ]
        stores.claim_intake.add(
            [
                NewClaim(
                    {
                        "practice_id": practice, "pcn": f"P{number:06d}", "patient_last": "SAMPLE",
                        "service_from": DAY, "charge_cents": 10000 * LINES, "balance_cents": 10000 * LINES,
                    },
                    [],
                    lines,
                )
                for number in range(how_many)
            ]
        )  # fmt: skip


def read_rows(database: Database) -> int:
    """The floor: every row that a plan needs, once, as it comes."""
    with database.reading() as stores:
        tables = (deposit_claims, deposit_lines, adjustments, claims, charge_lines)
        return sum(len(stores.connection.execute(sa.select(table)).all()) for table in tables)


def timed(name: str, task: Callable[[], object]) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    task()
    goal = f"   goal {GOALS[name]:.1f} s" if name in GOALS else ""
    print(f"{name:<12}{time.perf_counter() - wall:8.2f} s wall{time.process_time() - cpu:8.2f} s cpu{goal}")


def main() -> None:
    how_many = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as home:
        database = Database.open(f"sqlite:///{Path(home) / 'workbench.sqlite3'}")
        our_claims(database, how_many)
        actor = People(database).at_this_desk("bench")
        done = RemittanceImport(database).import_remittance(actor, "large.835", payment(how_many))
        deposit_id, posting = done.deposits[0].id, Posting(database)
        print(f"{how_many:,} claims, {how_many * LINES:,} lines; load {os.getloadavg()[0]:.1f}")
        timed("floor: read", lambda: read_rows(database))
        timed("dry run", lambda: posting.verify(actor, deposit_id))
        timed("post", lambda: posting.send(actor, deposit_id))
        timed("reset", lambda: Undoing(database).reset(actor, deposit_id, "bench"))
        database.close()


if __name__ == "__main__":
    main()
