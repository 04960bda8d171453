"""What a page notebook calls."""

import logging
import time
from functools import cache
from pathlib import Path

from workbench.app import Workbench, open_workbench
from workbench.config import opens_ahead, read_settings
from workbench.widgets.kit.shell import Shell
from workbench.widgets.screens import office_shell

MADE_AHEAD = ("deposits", "deposit")


def show(screen: str) -> Shell:
    """The page, with `screen` in front unless the browser's address asks for another one.

    Runs in a warm kernel before anybody has asked for the page: the store is opened and the screens that
    are opened most are made, but no data is read. Where each person reaches the store by a role of their own,
    that waits until somebody has signed in and opened the page.
    """
    log_faults(read_settings().home / "faults.log")
    shell = office_shell(_desk, screen)
    if opens_ahead():
        shell.prepare(MADE_AHEAD)
    return shell


@cache
def _desk() -> Workbench:
    return open_workbench()


def log_faults(path: Path) -> None:
    """Faults of the pages go where those of the command line go (workbench.cli.faults)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    form = logging.Formatter("%(asctime)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S+00:00")
    form.converter = time.gmtime
    handler.setFormatter(form)
    logger = logging.getLogger("workbench.faults")
    logger.handlers[:] = [handler]
    logger.propagate = False
