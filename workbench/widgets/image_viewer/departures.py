"""Pages on their way out: a PDF for the person's downloads, or paper. On a thread of their own, as arrivals are."""

import threading
from collections.abc import Callable, Sequence

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.services.image_export import Document
from workbench.services.image_store import Size
from workbench.services.pictures import upright
from workbench.services.scan_desk import ScanDesk
from workbench.widgets.kit.guard import Tell, guarded

# What a browser prints lies in its memory whole; beyond this a PDF is printed better.
MOST_PRINTED = 100
JPEG, PDF = "image/jpeg", "application/pdf"


class Departures:
    """`offer(document)` hands a PDF to the person, `lay_out(pictures)` sends pages to the printer's dialog."""

    def __init__(
        self,
        desk: ScanDesk,
        actor: Callable[[], Actor],
        offer: Callable[[Document], None],
        lay_out: Callable[[Sequence[bytes]], None],
    ) -> None:
        self._desk = desk
        self._actor = actor
        self._offer = offer
        self._lay_out = lay_out

    def blocker(self, pages: int) -> str | None:
        """Why nothing can be taken out, or None."""
        if Permission.EXPORT not in self._actor().permissions:
            return (
                f"You may not take images out ({Permission.EXPORT.value}). Ask your supervisor for the right."
            )
        return None if pages else "There is no page here."

    def export(self, batch_id: int, image_ids: Sequence[int], tell: Tell) -> None:
        """Starts making the PDF; `tell` hears what goes wrong."""

        def work() -> None:
            self._offer(self._desk.export.pdf(self._actor(), batch_id, image_ids))

        _start(work, tell)

    def print(self, batch_id: int, image_ids: Sequence[int], tell: Tell) -> None:
        """Starts bringing the pages, upright at screen size: about 200 dpi of a letter page."""
        if len(image_ids) > MOST_PRINTED:
            raise RefusedError(
                f"At most {MOST_PRINTED} pages are printed at once. Export a PDF and print that."
            )

        def work() -> None:
            actor = self._actor()
            images = self._desk.export.take_out(actor, batch_id, image_ids, "print")
            self._lay_out(
                [
                    upright(self._desk.files.picture(actor, each.state.image_id, Size.PREVIEW).data, each)
                    for each in images
                ]
            )

        _start(work, tell)


def _start(work: Callable[[], None], tell: Tell) -> None:
    threading.Thread(target=lambda: guarded(work, tell), daemon=True).start()
