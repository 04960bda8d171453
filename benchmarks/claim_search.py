"""Find a claim among 1,000,000, on SQLite: practice, window of 365 days, and one thing a person knows.

    python -m benchmarks claim_search [claims]

Goal: p99 at most 100 ms, for each box of Attach/Find a Claim. The floor beside it is one claim by its id.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from workbench.storage import Database, Stores
from workbench.storage.bulk import insert
from workbench.storage.stores.claim_search import ClaimQuery
from workbench.storage.tables.claims import claim_payers, claims

RUNS = 300
PAYERS = 200
GOAL_MS = 100
TODAY = date(2026, 3, 2)
LETTERS = "ABCDEFGHIJKLMNOPRSTVWZ"


def fill(database: Database, how_many: int, rng: random.Random) -> list[int]:
    """Claims of two practices over three years; names of made-up syllables, some far commoner than others."""
    names = [
        "".join(rng.choice(LETTERS) + rng.choice("AEIOU") for _ in range(rng.randint(2, 4)))
        for _ in range(20_000)
    ]
    weights = 1 / np.arange(1, len(names) + 1)
    picked = np.random.default_rng(1).choice(len(names), how_many, p=weights / weights.sum())
    with database.transaction() as stores:
        practices = [stores.office.add_practice(name, npis=[]) for name in ("North", "South")]
        days = [TODAY - timedelta(days=rng.randrange(1095)) for _ in range(how_many)]
        charge = pa.array(np.random.default_rng(2).integers(1_000, 100_000, how_many))
        rows = {
            "id": pa.array(np.arange(1, how_many + 1)),
            "practice_id": pa.array(np.where(np.arange(how_many) % 3 == 0, practices[1], practices[0])),
            "pcn": [f"P{number:08d}" for number in range(how_many)],
            "patient_last": pa.array([names[at] for at in picked]),
            "patient_first": pa.array([names[at % 1_000] for at in picked[::-1]]),
            "service_from": pa.array(days, pa.date32()),
            "charge_cents": charge,
            "balance_cents": charge,
        }
        insert(stores.connection, {claims: pa.table(rows), claim_payers: _payers(stores, how_many)})
    return practices


def _payers(stores: Stores, how_many: int) -> pa.Table:
    """The primary payer of each claim; the hundredth payer has a five-hundredth of the claims."""
    payers = [stores.office.add_payer(f"PAYER {number}") for number in range(PAYERS)]
    weights = 1 / np.arange(1, PAYERS + 1)
    picked = np.random.default_rng(3).choice(payers, how_many, p=weights / weights.sum())
    columns = {"claim_id": np.arange(1, how_many + 1), "payer_id": picked, "level": ["primary"] * how_many}
    return pa.table(columns)


def timed(tasks: list[Callable[[], object]]) -> list[float]:
    times = []
    for task in tasks:
        started = time.perf_counter()
        task()
        times.append((time.perf_counter() - started) * 1000)
    return sorted(times)


def main() -> None:
    how_many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as home:
        database = Database.open(f"sqlite:///{Path(home) / 'workbench.sqlite3'}")
        practices = fill(database, how_many, rng)
        since = TODAY - timedelta(days=365)

        def search(**criteria: object) -> Callable[[], object]:
            query = ClaimQuery([rng.choice(practices)], **criteria)  # type: ignore[arg-type]

            def task() -> object:
                with database.reading() as stores:
                    return stores.claim_search.search(query)

            return task

        def days() -> list[date]:
            return [TODAY - timedelta(days=rng.randrange(365)) for _ in range(RUNS)]

        def prefix() -> str:
            return rng.choice(LETTERS) + rng.choice("AEIOU") + rng.choice(LETTERS)

        cases = {
            "floor: by id": [search(claim_id=rng.randint(1, how_many)) for _ in range(RUNS)],
            "name prefix": [search(last=prefix(), since=since) for _ in range(RUNS)],
            "claim number": [search(pcn=f"P{rng.randrange(how_many):08d}", since=since) for _ in range(RUNS)],
            "amount": [search(charge_cents=rng.randint(1_000, 100_000), since=since) for _ in range(RUNS)],
            "service date": [search(service_from=day, service_to=day, since=since) for day in days()],
            "payer": [search(payer_id=rng.randint(1, PAYERS), since=since) for _ in range(RUNS)],
            "first name": [search(first=prefix(), since=since) for _ in range(RUNS)],
            "last and first": [
                search(last=prefix(), first=rng.choice(LETTERS), since=since) for _ in range(RUNS)
            ],
        }
        print(f"{how_many:,} claims; load {os.getloadavg()[0]:.1f}; goal p99 {GOAL_MS} ms")
        for name, tasks in cases.items():
            times = timed(tasks)
            p99 = times[min(int(len(times) * 0.99), len(times) - 1)]
            print(f"{name:<16} median {statistics.median(times):8.1f} ms   p99 {p99:8.1f} ms")
        database.close()


if __name__ == "__main__":
    main()
