"""Image Batches as a person sees it who may only look at batches. The services are the real ones."""

from dataclasses import replace
from typing import Any

from tests.services.scan_desk import READ_ONLY
from workbench.app import Workbench, open_workbench
from workbench.domain.identity import Actor
from workbench.widgets.kit.shell import Shell
from workbench.widgets.screens import office_shell


class ReaderDesk:
    """The opened workbench in the hands of a reader."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    @property
    def actor(self) -> Actor:
        return replace(self._workbench.actor, permissions=READ_ONLY)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._workbench, name)


def page() -> Shell:
    """The page."""
    return office_shell(lambda: ReaderDesk(open_workbench()), "image_batches")
