"""The Image Batches page: three tabs over one desk."""

from collections.abc import Callable, Mapping
from typing import Any

from workbench.domain.scan_batch.words import BatchType
from workbench.widgets.image_batches.header import HeaderModel
from workbench.widgets.image_batches.model import ScanBatchesModel
from workbench.widgets.image_batches.posted import PostedModel
from workbench.widgets.image_batches.posted_tab import PostedTab
from workbench.widgets.image_batches.scan_tab import ScanTab
from workbench.widgets.kit.panel import Tabs, section, stack
from workbench.widgets.kit.shell import Shell
from workbench.widgets.remembered import Remembered


class ImageBatchesScreen:
    """`?tab=1` opens Charge Batches, `?tab=2` Payment Batches."""

    def __init__(self, desk: Any, shell: Shell) -> None:
        def actor() -> Any:
            return desk.actor

        scan_desk = desk.scan_desk
        self._makers: tuple[Callable[[], ScanTab | PostedTab], ...] = (
            lambda: ScanTab(
                ScanBatchesModel(scan_desk, actor),
                HeaderModel(scan_desk, actor),
                shell,
                Remembered(desk, "image_batches"),
            ),
            lambda: PostedTab(PostedModel(scan_desk, actor, BatchType.CHARGE), shell),
            lambda: PostedTab(PostedModel(scan_desk, actor, BatchType.PAYMENT), shell),
        )
        self._tabs: dict[int, ScanTab | PostedTab] = {}
        labels = ("Scan Batches", "Charge Batches", "Payment Batches")
        self._places = [stack() for _ in labels]
        self.panel = Tabs(list(zip(labels, self._places, strict=True)), self._picked)
        self.widget = section("Image Batches", self.panel)

    def enter(self, params: Mapping[str, str]) -> str:
        wanted = params.get("tab", "0")
        self.panel.active = int(wanted) if wanted in ("0", "1", "2") else 0
        self._picked(self.panel.active)
        return "Image Batches"

    def _picked(self, index: int) -> None:
        """Makes a tab when it is first looked at: most visits need one of the three."""
        if index not in self._tabs:
            self._tabs[index] = self._makers[index]()
            self._places[index].add(self._tabs[index].widget)
        self._tabs[index].enter()
