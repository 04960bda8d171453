"""One reader reads one 835 file, in a process of its own: prints its time, memory and what it found as JSON.

    python era_contestant.py READER FILE RUNS

Run by `era_read` with the interpreter in which the reader is installed, so it needs nothing of ours
but for the reader `workbench`. The time is from the file on disk to the reader's own tables.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Found = tuple[int, int]  # claims, service lines
Reader = Callable[[Path], Found]


def workbench() -> Reader:
    from workbench.era import read_remittances

    def read(path: Path) -> Found:
        file = read_remittances(path.read_bytes(), file_name=path.name)
        return len(file.claims), len(file.service_lines)

    return read


def oxedi() -> Reader:
    import oxedi

    def read(path: Path) -> Found:
        tables = oxedi.parse(path.read_bytes()).tables
        return len(tables["claims"]), len(tables["services"])

    return read


def edi_835_parser() -> Reader:
    import edi_835_parser

    def read(path: Path) -> Found:
        """It gives one row a service line, and none of a claim without lines."""
        frame = edi_835_parser.parse(str(path)).to_dataframe()
        return frame["marker"].nunique(), len(frame)

    return read


def openx12() -> Reader:
    from openx12 import x835

    def read(path: Path) -> Found:
        parsed = x835.parse(path.read_text())
        parsed.table()
        return len(parsed.claims), sum(len(claim.get("services", ())) for claim in parsed.claims)

    return read


def pyx12() -> Reader:
    from pyx12.error_handler import errh_null
    from pyx12.params import params
    from pyx12.x12context import X12ContextReader

    def read(path: Path) -> Found:
        """It makes trees, not tables: each claim's tree is walked to its lines."""
        claims = lines = 0
        with path.open() as file:
            for tree in X12ContextReader(params(), errh_null(), file).iter_segments("2100"):
                if tree.id == "2100":
                    claims += 1
                    lines += sum(1 for _ in tree.select("2110"))
        return claims, lines

    return read


def floor() -> Reader:
    """Reading the file and counting its segment terminators: nobody can know what it says in less."""

    def read(path: Path) -> Found:
        path.read_bytes().count(b"~")
        return 0, 0

    return read


READERS: dict[str, Callable[[], Reader]] = {
    "workbench": workbench,
    "oxedi": oxedi,
    "edi-835-parser": edi_835_parser,
    "openx12": openx12,
    "pyx12": pyx12,
    "floor": floor,
}


def peak_megabytes() -> float:
    """The most memory this process has had, the interpreter and its libraries included.

    Of the kernel's own account: `ru_maxrss` also remembers the process that started this one.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1_000_000


def main() -> None:
    read, path, runs = READERS[sys.argv[1]](), Path(sys.argv[2]), int(sys.argv[3])
    before, seconds = peak_megabytes(), []
    found, peak = (0, 0), 0.0
    for number in range(runs):
        start = time.perf_counter()
        found = read(path)
        seconds.append(time.perf_counter() - start)
        peak = peak if number else peak_megabytes()
    result = {"seconds": seconds, "before": before, "peak": peak, "claims": found[0], "lines": found[1]}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
