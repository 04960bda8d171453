"""`python -m workbench.server`: the server alone, with the knobs that tests and benchmarks turn."""

import argparse

from workbench.config import read_settings
from workbench.server.application import run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m workbench.server")
    parser.add_argument("--port", type=int, default=None)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--pool", type=int, default=3, help="kernels kept warm")
    parser.add_argument("--idle", type=int, default=3600, help="seconds until an unused page ends")
    arguments = parser.parse_args()
    run(
        read_settings(),
        arguments.port,
        arguments.browser,
        pool_size=arguments.pool,
        idle_seconds=arguments.idle,
    )


if __name__ == "__main__":
    main()
