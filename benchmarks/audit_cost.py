"""What the audit costs: events of an import, an event's time, the proof of a long trail.

`python benchmarks/audit_cost.py` prints one JSON object.
"""

import json
import tempfile
import time
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from tests.builders import furnish_office, remittance_claim, remittance_file
from workbench.era.message import Remittance
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import Database
from workbench.storage.tables.audit import audit_events

CLAIMS, ACTS, LONG = 10_000, 500, 100_000


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        database = Database.open(f"sqlite:///{folder / 'workbench.sqlite3'}", folder / "secrets")
        office = furnish_office(database)
        claims = tuple(remittance_claim(f"P{number}") for number in range(CLAIMS))
        payment = Remittance(
            amount_cents=5600 * CLAIMS, trace_number="T1", originator_id="1900000001", payer_name="ACME HEALTH",
            payee_name="NORTH", payee_npi="1000000004", payee_tin="100000001", claims=claims,
            effective_date=date(2026, 3, 2),
        )  # fmt: skip
        RemittanceImport(database).import_remittance(office.supervisor, "a.835", remittance_file(payment))
        with database.reading() as stores:
            of_import = stores.connection.execute(
                sa.select(sa.func.count()).select_from(audit_events)
            ).scalar()
        begun = time.perf_counter()
        for number in range(ACTS):
            with database.transaction() as stores:
                stores.office.set_user_setting(office.supervisor.user_id, "x", str(number))
        plain = time.perf_counter() - begun
        begun = time.perf_counter()
        for number in range(ACTS):
            with database.transaction() as stores:
                stores.office.set_user_setting(office.supervisor.user_id, "x", str(number))
                stores.audit.add(
                    office.supervisor, "deposit.edit", "deposit", number, practice_id=office.north
                )
        audited = time.perf_counter() - begun
        with database.transaction() as stores:
            for number in range(LONG):
                stores.audit.add(
                    office.supervisor, "deposit.edit", "deposit", number, practice_id=office.north
                )
        begun = time.perf_counter()
        with database.reading() as stores:
            proof = stores.audit_trail.prove({})
        proving = time.perf_counter() - begun
        database.close()
    print(
        json.dumps(
            {
                "claims_imported": CLAIMS,
                "events_of_the_import": of_import,
                "ms_per_commit": round(1000 * plain / ACTS, 2),
                "ms_per_commit_with_an_event": round(1000 * audited / ACTS, 2),
                "events_proven": proof.events,
                "holds": proof.holds,
                "proof_seconds": round(proving, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
