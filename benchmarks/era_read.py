"""From a 20 MB 835 file to tables: ours against oxedi, edi-835-parser, openx12 and pyx12, and against the floor.

Each reader runs in a process of its own; the peers in an environment of their own under `results/`, made
on the first run. The fast ones take the whole file in turns, the slow ones a smaller file of the same kind;
edi-835-parser cannot read more than one ST in a file. What counts is megabytes a second, and the ratio to
the fastest peer. Goals: no slower than the fastest peer, twice as fast wanted; peak memory at most 12 times
the file, the interpreter and its libraries included.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.generate_835 import MEGABYTE, one_interchange

RESULTS = Path(__file__).parent / "results"
PEERS = RESULTS / ".peers"
PEER_PACKAGES = ("oxedi==0.6.0", "edi-835-parser==1.8.0", "openx12==0.2.1", "pyx12==4.0.0")
CONTESTANT = Path(__file__).parent / "era_contestant.py"
WHOLE, SLICE, ONE_CHECK = 20 * MEGABYTE, 2 * MEGABYTE, 1
ROUNDS = 5


@dataclass(frozen=True)
class Result:
    """Attributes:
    seconds: the best run. `peak` and `before` are megabytes of the process, before and at most.
    """

    reader: str
    size: int
    seconds: float
    before: float
    peak: float
    claims: int
    lines: int

    @property
    def speed(self) -> float:
        """Megabytes a second."""
        return self.size / MEGABYTE / self.seconds


def file_of(size: int) -> Path:
    """The generated file of about this size, made when it is not there."""
    path = RESULTS / f"era_{size}.835"
    if not path.exists():
        RESULTS.mkdir(exist_ok=True)
        path.write_bytes(one_interchange(size))
    return path


def peer_python() -> Path:
    """The interpreter of the peers' environment, made when it is not there."""
    python = PEERS / "bin" / "python"
    if not (PEERS / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER_PACKAGES], check=True)
        (PEERS / "complete").touch()
    return python


def run(reader: str, path: Path, runs: int = 1) -> Result:
    """One process; the best of its runs."""
    python = Path(sys.executable) if reader in ("workbench", "floor") else peer_python()
    done = subprocess.run(
        [python, CONTESTANT, reader, path, str(runs)],
        check=True,
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(CONTESTANT.parent.parent)} if reader == "workbench" else None,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Result(
        reader,
        path.stat().st_size,
        min(found["seconds"]),
        found["before"],
        found["peak"],
        found["claims"],
        found["lines"],
    )


def best(results: list[Result]) -> Result:
    """The fastest."""
    return min(results, key=lambda result: result.seconds / result.size)


def in_turns(readers: tuple[str, ...], path: Path) -> list[Result]:
    """The best of several rounds each, taken in turns so that a busy moment hits all of them."""
    rounds = [[run(reader, path, runs=3) for reader in readers] for _ in range(ROUNDS)]
    return [best([each[number] for each in rounds]) for number in range(len(readers))]


def report(results: list[Result]) -> None:
    """One line a reader, and the goals."""
    ours, *others = results
    peers = [result for result in others if result.reader != "floor"]
    print(
        f"{'reader':16} {'MB':>6} {'seconds':>9} {'MB/s':>8} {'peak MB':>8} {'claims':>8} {'lines':>8}  ours is"
    )
    for result in results:
        ratio = ours.speed / result.speed
        print(
            f"{result.reader:16} {result.size / MEGABYTE:6.1f} {result.seconds:9.3f} {result.speed:8.1f}"
            f" {result.peak:8.0f} {result.claims:8} {result.lines:8}  {ratio:.2f} x as fast"
        )
    fastest = max(peers, key=lambda result: result.speed)
    size = ours.size / MEGABYTE
    print(
        f"fastest peer: {fastest.reader}; ours is {ours.speed / fastest.speed:.2f} times as fast (goal 1, wanted 2)"
    )
    print(
        f"peak memory: {ours.peak / size:.1f} times the file (goal 12),"
        f" {(ours.peak - ours.before) / size:.1f} times above the idle process"
    )


def main() -> None:
    fast = in_turns(("workbench", "oxedi", "floor"), file_of(WHOLE))
    slow = [
        run("openx12", file_of(SLICE)),
        *(run(name, file_of(ONE_CHECK)) for name in ("edi-835-parser", "pyx12")),
    ]
    ours, oxedi, floor = fast
    if (ours.claims, ours.lines) != (oxedi.claims, oxedi.lines):
        print(f"THE READERS DISAGREE: {ours.claims} and {oxedi.claims} claims")
    print("load average", *(f"{load:.1f}" for load in os.getloadavg()), "on", os.cpu_count(), "cores")
    report([ours, oxedi, *slow, floor])


if __name__ == "__main__":
    main()
