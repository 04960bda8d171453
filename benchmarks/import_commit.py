"""From an 835 file to committed deposits, against reading the same file to tables, in the same run.

    python -m benchmarks import_commit [megabytes]

The goals: at most 3 times the time to tables on SQLite, peak memory at most 12 times the file. Each import goes into a
new store, in a process of its own, with synchronous=FULL; everything is in it: claims, lines, adjustments, errors, the
bytes of the file. The best of several runs counts for both, since whatever else the machine does only adds time.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.generate_835 import one_interchange

RUNS = 5
MEGABYTES = 20
TIME_GOAL, MEMORY_GOAL = 3.0, 12.0
ONE_RUN = """
import json, resource, sys, time
from pathlib import Path
from workbench.domain.identity import Actor
from workbench.era import read_remittances
from workbench.services.people import People
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import Database
path, what = Path(sys.argv[1]), sys.argv[2]
database = Database.open(f"sqlite:///{sys.argv[3]}/workbench.sqlite3")
actor = People(database).at_this_desk("bench")
data = path.read_bytes()
warm = data[: data.index(b"IEA*") if len(data) < 100_000 else 100_000]
read_remittances(warm, file_name="warm")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.perf_counter()
if what == "tables":
    rows = len(read_remittances(data, file_name=path.name).claims)
else:
    rows = sum(deposit.claims for deposit in RemittanceImport(database).import_remittance(actor, path.name, data).deposits)
seconds = time.perf_counter() - started
peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
print(json.dumps({"seconds": seconds, "claims": rows, "peak": peak + len(data)}))
"""


def run(path: Path, what: str) -> dict[str, float]:
    """One measurement in a fresh process and a fresh store."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", ONE_RUN, str(path), what, home], capture_output=True, check=True, text=True
        )
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "remittances.835"
        path.write_bytes(one_interchange(megabytes * 1_000_000))
        size = path.stat().st_size
        runs: dict[str, list[dict[str, float]]] = {"tables": [], "committed": []}
        for _ in range(RUNS):
            for what, done in runs.items():
                done.append(run(path, what))
    best = {what: min(done, key=lambda each: each["seconds"]) for what, done in runs.items()}
    tables, committed = best["tables"]["seconds"], best["committed"]["seconds"]
    peak = max(each["peak"] for each in runs["committed"]) / size
    print(f"{size / 1e6:.0f} MB, {best['committed']['claims']:,.0f} claims; load {os.getloadavg()[0]:.1f}")
    print(f"to tables     {tables:6.3f} s  {size / 1e6 / tables:6.1f} MB/s")
    print(f"to committed  {committed:6.3f} s  {size / 1e6 / committed:6.1f} MB/s")
    print(
        f"ratio {committed / tables:.2f} (goal {TIME_GOAL}); peak memory {peak:.1f} x the file (goal {MEMORY_GOAL})"
    )


if __name__ == "__main__":
    main()
