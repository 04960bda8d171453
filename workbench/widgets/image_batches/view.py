"""The Image Batches page: three tabs over one desk."""

from collections.abc import Mapping
from typing import Any

from workbench.widgets.image_batches.header import HeaderModel
from workbench.widgets.image_batches.model import ScanBatchesModel
from workbench.widgets.image_batches.scan_tab import ScanTab
from workbench.widgets.kit.panel import Tabs, section
from workbench.widgets.kit.shell import Shell


class ImageBatchesScreen:
    """`?tab=1` opens Charge Batches, `?tab=2` Payment Batches."""

    def __init__(self, desk: Any, shell: Shell) -> None:
        def actor() -> Any:
            return desk.actor

        scan_desk = desk.scan_desk
        self.tabs = [
            ScanTab(ScanBatchesModel(scan_desk, actor), HeaderModel(scan_desk, actor), shell),
        ]
        self.panel = Tabs(
            [("Scan Batches", self.tabs[0].widget)],
            self._picked,
        )
        self.widget = section("Image Batches", self.panel)

    def enter(self, params: Mapping[str, str]) -> str:
        wanted = params.get("tab", "0")
        self.panel.active = int(wanted) if wanted in ("0", "1", "2") else 0
        self.tabs[self.panel.active].enter()
        return "Image Batches"

    def _picked(self, index: int) -> None:
        self.tabs[index].enter()
