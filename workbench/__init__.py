"""Workbench turns paper and electronic remittances into posted, reconciled money.

The analyst's way in::

    from workbench import open_workbench
    wb = open_workbench()
    wb.frames.deposits()
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.app import Workbench, open_workbench

__all__ = ["Workbench", "open_workbench"]


def __getattr__(name: str) -> Any:
    # Loaded when first asked for: the child processes that decode scans import `workbench.images`
    # alone, and must not pay for pandas and SQLAlchemy.
    if name in __all__:
        return getattr(importlib.import_module("workbench.app"), name)
    raise AttributeError(f"module 'workbench' has no attribute {name!r}")
