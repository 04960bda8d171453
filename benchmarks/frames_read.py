"""A million claims into a DataFrame: `wb.frames.claims()` beside the bare driver and beside pandas through SQLAlchemy.

    python -m benchmarks.frames_read [claims]

Goals (issue D): at most 1.3 times the bare ADBC fetch of the same rows, at least 4 times faster than
`pandas.read_sql`. Each way runs in a process of its own on the same SQLite file, alternating, best of three. The bare
fetch has the same SELECT and ends with an Arrow table, no DataFrame yet.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import adbc_driver_sqlite.dbapi
import pandas as pd
import sqlalchemy as sa

from workbench.domain.identity import Actor
from workbench.frames import Frames
from workbench.services.deposits.base import sight_of
from workbench.services.people import People
from workbench.storage import Database
from workbench.storage.arrow import compiled
from workbench.storage.arrow_worker import BATCH_ROWS
from workbench.storage.engine import open_engine
from workbench.storage.frame_selects import DepositFilter, claims_select
from workbench.storage.tables.deposits import deposit_claims, deposits

ROUNDS = 3
MOST_TIMES_ADBC, LEAST_TIMES_FASTER = 1.3, 4.0
CLAIMS_PER_DEPOSIT = 1_000
# What is not constant over the rows, as SQL of the row's number n.
VARIED = {
    "id": "n",
    "deposit_id": f"1 + (n - 1) / {CLAIMS_PER_DEPOSIT}",
    "claim_no": f"(n - 1) % {CLAIMS_PER_DEPOSIT}",
    "pcn": "'P' || n",
    "payer_claim_no": "'C' || (n * 7919)",
    "patient_last": "'NAME' || (n % 9973)",
    "member_id": "'M' || (n % 99991)",
    "charge_cents": "10000 + n % 90000",
    "paid_cents": "5000 + n % 40000",
    "paid_stated_cents": "5000 + n % 40000",
    "service_from": "date('2026-01-01', (n % 300) || ' days')",
    "service_to": "date('2026-01-01', (n % 300) || ' days')",
    "remit_status": "CASE n % 3 WHEN 0 THEN '1' WHEN 1 THEN '19' ELSE '4' END",
    "allowed_cents": "CASE n % 5 WHEN 0 THEN NULL ELSE 6000 + n % 40000 END",
}


def fill(url: str, claims: int) -> None:
    """An office with so many claims, a thousand to a deposit, written by one SQL statement."""
    database = Database.open(url)
    actor = People(database).at_this_desk("bench")
    with database.transaction() as stores:
        practice = next(iter(actor.practice_ids), None) or stores.office.add_practice("Practice")
        moment = datetime(2026, 1, 2, tzinfo=UTC)
        common = {
            "practice_id": practice, "type": "ERA", "status": "NEW", "owner_id": actor.user_id,
            "created_by_id": actor.user_id, "deposited_date": date(2026, 1, 2), "received_at": moment,
            "created_at": moment, "payer_name": "ACME HEALTH",
        }  # fmt: skip
        stores.connection.execute(
            sa.insert(deposits), [common | {"check_number": f"EFT{n}"} for n in range(-(-claims // CLAIMS_PER_DEPOSIT))]
        )  # fmt: skip
        columns = {
            name: VARIED.get(name) or _plain(deposit_claims.c[name])
            for name in deposit_claims.columns.keys()  # noqa: SIM118 not a mapping
        }
        stores.connection.exec_driver_sql(
            f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {claims}) "
            f"INSERT INTO deposit_claims ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM numbers"
        )
    database.close()


def _plain(column: sa.Column[object]) -> str:
    if column.nullable:
        return "NULL"
    if column.name == "state":
        return "'PENDING'"
    return "1" if isinstance(column.type, sa.Integer | sa.Boolean) else "''"


def by_frames(url: str) -> tuple[float, int]:
    database = Database.open(url)
    people = People(database)
    frames = Frames(database, lambda: people.at_this_desk("bench"))
    frames.claims(deposit_id=-1)  # the reading process is up, as in a notebook that asked before
    return timed(lambda: len(frames.claims()))


def by_adbc(url: str) -> tuple[float, int]:
    sql, file = select_text(url), url.removeprefix("sqlite:///")
    with adbc_driver_sqlite.dbapi.connect(file, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.fetchall()
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": BATCH_ROWS})

        def fetch() -> int:
            cursor.execute(sql)
            return int(cursor.fetch_arrow_table().num_rows)

        return timed(fetch)


def by_pandas(url: str) -> tuple[float, int]:
    with open_engine(url).connect() as connection:
        statement = claims_select(DepositFilter(), sight_of(_actor(url)))
        return timed(lambda: len(pd.read_sql(statement, connection)))


def select_text(url: str) -> str:
    return compiled(claims_select(DepositFilter(), sight_of(_actor(url))), open_engine(url))


def _actor(url: str) -> Actor:
    database = Database.open(url)
    actor = People(database).at_this_desk("bench")
    database.close()
    return actor


def timed(task: Callable[[], int]) -> tuple[float, int]:
    started = time.perf_counter()
    rows = task()
    return time.perf_counter() - started, rows


WAYS = {"frames": by_frames, "adbc": by_adbc, "pandas": by_pandas}


def measured(way: str, url: str) -> tuple[float, int]:
    """In a process of its own: no way inherits the memory or the caches of another."""
    command = [sys.executable, "-m", "benchmarks.frames_read", way, url]
    seconds, rows = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), int(rows)


def main() -> None:
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite:///{Path(home) / 'workbench.sqlite3'}"
        fill(url, claims)
        best = dict.fromkeys(WAYS, float("inf"))
        for number in range(ROUNDS):
            for way in WAYS:
                if way == "pandas" and number:
                    continue  # far from the goal's edge; once is enough
                seconds, rows = measured(way, url)
                if rows != claims:
                    raise AssertionError(f"{way}: {rows:,} rows")
                best[way] = min(best[way], seconds)
    print(f"{claims:,} claims; load {os.getloadavg()[0]:.1f}; best of {ROUNDS}, pandas once")
    for way, seconds in best.items():
        print(f"{way:<8}{seconds:8.2f} s")
    print(f"frames / adbc    {best['frames'] / best['adbc']:.2f}   goal: at most {MOST_TIMES_ADBC}")
    print(f"pandas / frames  {best['pandas'] / best['frames']:.2f}   goal: at least {LEAST_TIMES_FASTER}")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        print(*WAYS[sys.argv[1]](sys.argv[2]))
        sys.exit()
    main()
