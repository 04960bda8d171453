"""Opening a deposit of 10,000 claims: the server's own time for header, errors and first page.

    python -m benchmarks deposit_open [claims]

Goal: at most 150 ms. The floor beside it is one SELECT of the deposit's row by its id.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from workbench.domain.deposit_views import ClaimQuery, DepositQuery
from workbench.era.message import Adjustment, Claim, Interchange, Remittance, ServiceLine
from workbench.era.writer import write_835
from workbench.services.deposits import Deposits
from workbench.services.people import People
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import Database

RUNS = 30
GOAL_MS = 150


def large_payment(claims: int) -> bytes:
    """One check for many claims, none of which we know: as many errors as claims."""
    line = ServiceLine("99213", 15000, 10000, adjustments=(Adjustment("CO", "45", 5000),))
    made = tuple(
        Claim(f"P{number:06d}", 15000, 10000, patient_last=f"NAME{number % 997}", lines=(line,))
        for number in range(claims)
    )
    payment = Remittance(
        10000 * claims, "EFT-LARGE", "ACME HEALTH", "Practice", date(2026, 3, 2), claims=made
    )
    return write_835(Interchange((payment,)))


def median_ms(task: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        task()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def main() -> None:
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as home:
        database = Database.open(f"sqlite:///{Path(home) / 'workbench.sqlite3'}")
        actor = People(database).at_this_desk("bench")
        done = RemittanceImport(database).import_remittance(actor, "large.835", large_payment(claims))
        deposit_id, service = done.deposits[0].id, Deposits(database)

        def row_by_id() -> None:
            with database.reading() as stores:
                stores.deposit_lists.row(deposit_id)

        def opened(query: ClaimQuery) -> Callable[[], object]:
            return lambda: (
                service.get(actor, deposit_id),
                service.errors(actor, deposit_id),
                service.claims(actor, deposit_id, query),
                service.provider_adjustments(actor, deposit_id),
                service.money(actor, deposit_id),
            )

        cases = {
            "floor: its row by id": row_by_id,
            "open": opened(ClaimQuery()),
            "sort by paid, last page": opened(
                ClaimQuery(sort_key="paid_cents", descending=True, offset=claims - 50)
            ),
            "search patient": opened(ClaimQuery(search="name99")),
            "list": lambda: service.page(actor, DepositQuery()),
        }
        print(f"{claims:,} claims; load {os.getloadavg()[0]:.1f}; median of {RUNS}; goal {GOAL_MS} ms")
        for name, task in cases.items():
            print(f"{name:<24}{median_ms(task):8.1f} ms")
        database.close()


if __name__ == "__main__":
    main()
