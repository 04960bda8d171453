"""`python -m workbench.server`: the server alone, with the knobs that tests and benchmarks turn."""

import argparse
from pathlib import Path

from workbench.config import read_settings
from workbench.server.application import run
from workbench.server.options import LOOPBACK, Door, Limits, Way


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m workbench.server")
    parser.add_argument("--port", type=int, default=None)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--pool", type=int, default=3, help="kernels kept warm")
    parser.add_argument("--idle", type=int, default=3600, help="seconds until an unused page ends")
    parser.add_argument("--lock", type=int, default=900, help="seconds until an unused session is locked")
    parser.add_argument("--pages", type=int, default=60, help="pages that may be open at once")
    parser.add_argument("--pages-each", type=int, default=12, help="of which one person may have")
    parser.add_argument("--notebooks", type=Path, help="folder with another home.ipynb (tests, benchmarks)")
    parser.add_argument("--way", type=Way, default=Way.DESK, help="how people are known")
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--proxy", default="")
    parser.add_argument("--user-header", default="")
    arguments = parser.parse_args()
    run(
        read_settings(),
        arguments.port,
        Limits(
            warm=arguments.pool,
            pages=arguments.pages,
            pages_each=arguments.pages_each,
            idle_seconds=arguments.idle,
            lock_seconds=arguments.lock,
        ),
        Door(arguments.way, arguments.host, proxy=arguments.proxy, user_header=arguments.user_header),
        open_browser=arguments.browser,
        notebooks=arguments.notebooks,
    )


if __name__ == "__main__":
    main()
