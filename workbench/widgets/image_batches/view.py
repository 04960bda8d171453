"""The Image Batches page: three tabs over one desk."""

from collections.abc import Mapping
from typing import Any

from workbench.domain.scan_batch.words import BatchType
from workbench.widgets.image_batches.header import HeaderModel
from workbench.widgets.image_batches.model import ScanBatchesModel
from workbench.widgets.image_batches.posted import PostedModel
from workbench.widgets.image_batches.posted_tab import PostedTab
from workbench.widgets.image_batches.scan_tab import ScanTab
from workbench.widgets.kit.base import KitWidget
from workbench.widgets.kit.panel import Tabs, section
from workbench.widgets.kit.shell import Shell


class ImageBatchesScreen:
    """`?tab=1` opens Charge Batches, `?tab=2` Payment Batches."""

    def __init__(self, desk: Any, shell: Shell) -> None:
        def actor() -> Any:
            return desk.actor

        scan_desk = desk.scan_desk
        self.tabs: tuple[ScanTab | PostedTab, ...] = (
            ScanTab(ScanBatchesModel(scan_desk, actor), HeaderModel(scan_desk, actor), shell),
            PostedTab(PostedModel(scan_desk, actor, BatchType.CHARGE), shell),
            PostedTab(PostedModel(scan_desk, actor, BatchType.PAYMENT), shell),
        )
        labels = ("Scan Batches", "Charge Batches", "Payment Batches")
        widgets: list[KitWidget] = [tab.widget for tab in self.tabs]
        pages = list(zip(labels, widgets, strict=True))
        self.panel = Tabs(pages, self._picked)
        self.widget = section("Image Batches", self.panel)

    def enter(self, params: Mapping[str, str]) -> str:
        wanted = params.get("tab", "0")
        self.panel.active = int(wanted) if wanted in ("0", "1", "2") else 0
        self.tabs[self.panel.active].enter()
        return "Image Batches"

    def _picked(self, index: int) -> None:
        self.tabs[index].enter()
