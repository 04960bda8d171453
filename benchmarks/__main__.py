"""Runs the benchmarks: all of them, or those named. Each is a module of this folder with a `main()`.

python -m benchmarks [NAME ...]
"""

import importlib
import pkgutil
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
NO_BENCHMARKS = ("generate_", "__main__", "era_contestant")  # what makes data or is run by a benchmark


def names() -> list[str]:
    """The modules that are benchmarks, in alphabetical order."""
    found = sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]))
    return [name for name in found if not name.startswith(NO_BENCHMARKS)]


def main() -> int:
    wanted = sys.argv[1:] or names()
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are {', '.join(names())}.", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"\n== {name}", flush=True)
        sys.argv = [name]
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
