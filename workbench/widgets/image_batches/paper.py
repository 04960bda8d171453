"""The scanned pages of a deposit, without a screen: image sets tied to it, from the deposit's side (issue B.4)."""

from collections.abc import Callable

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.records import Image
from workbench.domain.scan_batch.words import TargetKind
from workbench.services.pictures import upright_preview
from workbench.services.scan_desk import ScanDesk


class DepositPaper:
    """Pages of the sets that are tied to one deposit.

    Attributes:
        pages: in the order of the sets; every `look_at` is audited.
        at: 0-based place of the page that is shown.
    """

    def __init__(self, desk: ScanDesk, actor: Callable[[], Actor]) -> None:
        self._desk = desk
        self._actor = actor
        self.deposit_id = 0
        self.pages: list[Image] = []
        self.at = 0

    def look_at(self, deposit_id: int) -> None:
        """Reads the tied pages; none for a person who may not see images."""
        actor = self._actor()
        self.deposit_id, self.at = deposit_id, 0
        may = Permission.IMAGE_VIEW in actor.permissions
        self.pages = self._desk.ties.pages_of(actor, TargetKind.DEPOSIT, deposit_id) if may else []

    @property
    def page(self) -> Image | None:
        return self.pages[self.at] if self.pages else None

    def step(self, by: int) -> None:
        """To another page, stopping at both ends."""
        self.at = max(0, min(self.at + by, len(self.pages) - 1))

    def position(self) -> str:
        page = self.page
        if page is None:
            return "No image set is tied to this deposit."
        return (
            f"Page {self.at + 1} of {len(self.pages)}: set {page.state.set_id}, page {page.state.page_no}, "
            f"batch {page.batch_id}"
        )

    def picture(self) -> bytes:
        """The page that is shown, upright; empty without pages."""
        page = self.page
        if page is None:
            return b""
        return upright_preview(self._desk.files, self._desk.views, self._actor(), page.state.image_id)

    def blockers(self) -> dict[str, str]:
        """Button -> why it cannot be pressed now."""
        found = {}
        if not self.pages:
            found = dict.fromkeys(
                ("earlier", "later", "view", "untie"), "No image set is tied to this deposit."
            )
        elif self.at == 0:
            found["earlier"] = "This is the first page."
        if self.pages and self.at == len(self.pages) - 1:
            found["later"] = "This is the last page."
        if Permission.SET_ATTACH not in self._actor().permissions:
            found["tie"] = found["untie"] = "You may not tie image sets (set.attach)."
        return found

    def candidates(self) -> list[tuple[str, str]]:
        """Payment sets that can be tied, newest batch first, as choices."""
        actor = self._actor()
        tied = {page.state.set_id for page in self.pages}
        found = self._desk.ties.sets_for_deposit(actor)
        return [(str(each), f"Set {each}") for each in found if each not in tied]

    def tie(self, set_id: int) -> None:
        self._desk.ties.attach(self._actor(), set_id, TargetKind.DEPOSIT, self.deposit_id, also=True)
        self.look_at(self.deposit_id)

    def untie(self, reason: str = "") -> None:
        """Unties the set of the page that is shown."""
        if self.page is not None:
            set_id = self.page.state.set_id
            self._desk.ties.detach(self._actor(), set_id, TargetKind.DEPOSIT, self.deposit_id, reason)
            self.look_at(self.deposit_id)
