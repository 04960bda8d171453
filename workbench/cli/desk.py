"""The opened workbench behind a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import workbench

if TYPE_CHECKING:
    from workbench.app import Workbench


@contextmanager
def opened() -> "Iterator[Workbench]":
    """The workbench of `WORKBENCH_HOME`, closed at the end.

    Asked for through the package's lazy door, so that `--help` and a wrong call load neither pandas nor SQLAlchemy.
    """
    desk = workbench.open_workbench()
    try:
        yield desk
    finally:
        desk.close()
