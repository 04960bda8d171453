"""What the Image Viewer knows and does, without drawing: sets, pages, edits with undo, and why not."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.allowed import Action, BatchFacts, SetFacts, why_not
from workbench.domain.scan_batch.header import LABELS, BatchHeader
from workbench.domain.scan_batch.history import History
from workbench.domain.scan_batch.pages import Edit
from workbench.domain.scan_batch.records import Image, ImageSet, ScanBatch
from workbench.domain.scan_batch.words import DOCUMENT_TYPES, DocumentType
from workbench.errors import NotFoundError, RefusedError
from workbench.services.image_store import Picture, Size
from workbench.services.scan_batches.image_views import BatchContents
from workbench.services.scan_desk import ScanDesk
from workbench.storage.stores.recycle_bin import DeletedPage

# The controls that a state may grey, by the action of table 2.2 that decides.
_CONTROLS: dict[str, Action] = {
    "import": Action.ADD_IMAGES,
    "scan": Action.ADD_IMAGES,
    "rotate": Action.ROTATE,
    "clean": Action.CLEAN,
    "split": Action.ARRANGE,
    "merge": Action.ARRANGE,
    "move": Action.ARRANGE,
    "reorder": Action.ARRANGE,
    "delete": Action.DELETE_IMAGES,
    "delete_set": Action.DELETE_IMAGES,
    "shift_set": Action.ARRANGE,
    "set_type": Action.MARK,
    "set_details": Action.MARK,
    "type": Action.MARK,
    "note": Action.MARK,
    "hold": Action.HOLD,
    "ask_restore": Action.ADD_IMAGES,
}
_OF_THE_BATCH = {"import", "scan", "ask_restore"}
_OF_A_SET = {"hold", "merge", "delete_set", "shift_set", "set_type", "set_details"}
_OF_A_PAGE = {"rotate", "clean", "split", "move", "reorder", "delete", "type"}


class ViewerModel:
    """One batch in front of one person. Everything is checked again by the services.

    Attributes:
        clock: of the practice, for stamps (spec 5 row 35).
        new_set: the next pages open a new set (key N); it is stored when its first page comes.
    """

    def __init__(self, desk: ScanDesk, actor: Callable[[], Actor], batch_id: int) -> None:
        self._desk = desk
        self._actor = actor
        self.batch_id = batch_id
        self.history = History()
        self.new_set = False
        self.set_id: int | None = None
        self.image_id: int | None = None
        self._contents: BatchContents = desk.views.contents(actor(), batch_id)
        self._facts: BatchFacts = desk.batches.facts(actor(), batch_id)
        self.clock = desk.lists.clock(actor(), self.batch.practice_id)
        if self.sets:
            self.open_set(self.sets[0].state.set_id)

    @property
    def batch(self) -> ScanBatch:
        return self._contents.batch

    @property
    def sets(self) -> tuple[ImageSet, ...]:
        return self._contents.sets

    @property
    def images(self) -> tuple[Image, ...]:
        """The pages of the set in front."""
        return () if self.set_id is None else self._contents.of_set(self.set_id)

    def images_of(self, set_id: int) -> tuple[Image, ...]:
        return self._contents.of_set(set_id)

    def attached_to(self, set_id: int) -> str:
        """What the set is attached to, in words."""
        return ", ".join(
            word for each in self._facts.sets if each.set_id == set_id for word in each.attached_to
        )

    @property
    def image_count(self) -> int:
        return len(self._contents.images)

    @property
    def documents(self) -> tuple[DocumentType, ...]:
        return DOCUMENT_TYPES[self.batch.batch_type]

    @property
    def current_set(self) -> ImageSet | None:
        return next((each for each in self.sets if each.state.set_id == self.set_id), None)

    def refresh(self) -> None:
        """Read the batch again; what is in front stays there if it is still there."""
        place = self._place()
        self._contents = self._desk.views.contents(self._actor(), self.batch_id)
        self._facts = self._desk.batches.facts(self._actor(), self.batch_id)
        if self.current_set is None:
            self.set_id = self._neighbour(place[0], [each.state.set_id for each in self.sets])
            if self.set_id is not None:
                self.open_set(self.set_id)
        ids = [image.state.image_id for image in self.images]
        if self.image_id not in ids:
            self.image_id = self._neighbour(place[1], ids)

    def open_set(self, set_id: int, *, at_end: bool = False) -> None:
        """Bring a set to the front, at its first or last page. The look at its thumbnails is audited."""
        if all(each.state.set_id != set_id for each in self.sets):
            raise NotFoundError(f"Set {set_id} was not found.")
        self._desk.views.view_set(self._actor(), set_id)
        self.set_id, self.new_set = set_id, False
        images = self.images
        self.image_id = images[-1 if at_end else 0].state.image_id if images else None

    def step_set(self, step: int, *, at_end: bool = False) -> None:
        """The next (1) or previous (-1) set; at the end of the batch nothing moves."""
        ids = [each.state.set_id for each in self.sets]
        if self.set_id in ids and 0 <= ids.index(self.set_id) + step < len(ids):
            self.open_set(ids[ids.index(self.set_id) + step], at_end=at_end)

    def look(self, image_id: int) -> None:
        """A page comes to the front; the look is audited."""
        if all(image.state.image_id != image_id for image in self.images):
            raise NotFoundError("The page was not found. It may have been deleted or moved.")
        self._desk.views.view(self._actor(), image_id)
        self.image_id = image_id

    def picture(self, image_id: int, size: Size) -> Picture:
        return self._desk.files.picture(self._actor(), image_id, size)

    def begin_set(self) -> None:
        """The next pages go into a new set, which is stored when its first page arrives."""
        self._require("import")
        self.new_set = True

    def rotate(self, image_ids: Collection[int], degrees: int) -> None:
        self._do(self._desk.marks.rotate(self._actor(), self.batch_id, image_ids, degrees))

    def split(self) -> None:
        """The page in front becomes the first of a new set after this one."""
        image_id = self.image_id
        if image_id is not None:
            self._do(self._desk.sets.split(self._actor(), self.batch_id, image_id))
            self._follow(image_id)

    def merge(self) -> None:
        """The set in front joins the one before it."""
        if self.set_id is not None:
            image_id = self.image_id
            before = self.sets[max(0, self._place()[0] - 1)].state.set_id
            self._do(self._desk.sets.merge(self._actor(), self.batch_id, self.set_id))
            self._follow(image_id, before)

    def move(self, image_ids: Collection[int], set_id: int | None, before_page: int | None = None) -> None:
        """Pages into another set (None: a new one), before its page number given or at its end."""
        self._do(self._desk.sets.move(self._actor(), self.batch_id, image_ids, set_id, before_page))

    def shift(self, image_ids: Collection[int], step: int) -> None:
        """Moves the chosen pages one place towards the start (-1) or the end (1) of their set."""
        order = [image.state.image_id for image in self.images]
        chosen = [each for each in order if each in set(image_ids)]
        places = [order.index(each) for each in chosen]
        if not chosen or min(places) + step < 0 or max(places) + step >= len(order):
            return
        for place in sorted(places, reverse=step > 0):
            order[place], order[place + step] = order[place + step], order[place]
        self.reorder(order)

    def reorder(self, image_ids: Sequence[int]) -> None:
        if self.set_id is not None:
            self._do(self._desk.sets.reorder(self._actor(), self.batch_id, self.set_id, image_ids))

    def move_set(self, set_id: int, seq: int) -> None:
        self._do(self._desk.sets.move_set(self._actor(), self.batch_id, set_id, seq))

    def shift_set(self, step: int) -> None:
        """The set in front goes one place towards the start (-1) or the end (1) of the batch."""
        current = self.current_set
        if current is not None and 1 <= current.state.seq + step <= len(self.sets):
            self.move_set(current.state.set_id, current.state.seq + step)

    def delete(self, image_ids: Collection[int]) -> str:
        """Into the recycle bin; gives what was done, for the undo notice."""
        edit = self._desk.sets.delete_images(self._actor(), self.batch_id, image_ids)
        self._do(edit)
        return edit.label

    def delete_set(self, set_id: int) -> str:
        edit = self._desk.sets.delete_sets(self._actor(), self.batch_id, [set_id])
        self._do(edit)
        return edit.label

    def deleted_pages(self) -> list[DeletedPage]:
        """What lies in the recycle bin of this batch, those that went last first."""
        return self._desk.recycle_bin.pages(self._actor(), self.batch_id)

    def restore(self, image_ids: Collection[int]) -> None:
        """Pages back from the recycle bin, each to the end of the set it was in; the first one comes to the front."""
        edit = self._desk.sets.restore_images(self._actor(), self.batch_id, image_ids)
        self._do(edit)
        self._follow(min(image_ids))

    def outgoing(self, image_ids: Sequence[int]) -> list[int]:
        """Which pages are exported or printed: those chosen, when they are several; else the set in front."""
        return list(image_ids) if len(image_ids) > 1 else [image.state.image_id for image in self.images]

    def classify(self, image_ids: Collection[int], document: DocumentType | None) -> None:
        self._do(self._desk.marks.classify(self._actor(), self.batch_id, image_ids, document))

    def classify_set(self, document: DocumentType | None) -> None:
        if self.set_id is not None:
            self._do(self._desk.marks.classify_set(self._actor(), self.batch_id, self.set_id, document))

    def hold(self, reason: str, follow_up_on: date | None = None) -> None:
        if self.set_id is not None:
            self._do(self._desk.marks.hold(self._actor(), self.batch_id, self.set_id, reason, follow_up_on))

    def release(self) -> None:
        if self.set_id is not None:
            self._do(self._desk.marks.release(self._actor(), self.batch_id, self.set_id))

    def note_image(self, note: str) -> None:
        if self.image_id is not None:
            self._do(self._desk.marks.note_image(self._actor(), self.batch_id, self.image_id, note))

    def note_set(self, note: str) -> None:
        if self.set_id is not None:
            self._do(self._desk.marks.note_set(self._actor(), self.batch_id, self.set_id, note))

    def take(self, edit: Edit) -> None:
        """A step that a window of its own did."""
        self._do(edit)

    def own_details(self) -> list[tuple[str, str]]:
        """What the set in front says of itself, as label and text."""
        if self.current_set is None:
            return []
        own = BatchHeader(**self.current_set.state.own_details)
        names = self._desk.choices.names(own)
        return [
            (f"{LABELS[name]} of set", names.get(name) or f"{value:%m/%d/%Y}")
            for name, value in self.current_set.state.own_details.items()
            if value is not None
        ]

    @property
    def front(self) -> Image | None:
        """The page in front."""
        return next((image for image in self.images if image.state.image_id == self.image_id), None)

    def note_of_image(self) -> str:
        """The note on the page in front."""
        return self.front.state.note if self.front else ""

    def undo(self) -> str | None:
        """Takes the last step back; gives its label, or None when there is none."""
        edit = self.history.next_undo
        if edit is None:
            return None
        self._desk.sets.apply(self._actor(), edit)
        self.history.undone()
        self._show_touched(edit)
        return edit.label

    def redo(self) -> str | None:
        edit = self.history.next_redo
        if edit is None:
            return None
        self._desk.sets.apply(self._actor(), edit)
        self.history.redone()
        self._show_touched(edit)
        return edit.label

    def arrived(self, set_id: int) -> None:
        """Pages came in by an import or a scan: their set comes to the front."""
        self.new_set = False
        self.refresh()
        if self.set_id != set_id:
            self.open_set(set_id)
        elif self.image_id is None and self.images:
            self.image_id = self.images[0].state.image_id

    def blockers(self) -> dict[str, str]:
        """Why a control cannot be used on the set in front, by its name; what can be used is not named.

        What depends on the page (the first one cannot be split off) is for the browser to grey: it turns
        pages without waiting for us.
        """
        sets = self._set_facts()
        found = {}
        for name, action in _CONTROLS.items():
            text = why_not(
                action, self._facts, self._actor().permissions, [] if name in _OF_THE_BATCH else sets
            )
            if text is None and name in _OF_A_PAGE and self.image_id is None:
                text = "There is no page here."
            if text is None and name in _OF_A_SET and self.set_id is None:
                text = "There is no set yet."
            if text is not None:
                found[name] = text
        if "merge" not in found and self._place()[0] == 0:
            found["merge"] = "This is the first set; there is none before it."
        for name, edit in (("undo", self.history.next_undo), ("redo", self.history.next_redo)):
            if edit is None:
                found[name] = f"There is nothing to {name}."
        return found

    def _do(self, edit: Edit) -> None:
        self.history.record(edit)
        self.refresh()

    def _follow(self, image_id: int | None, set_id: int | None = None) -> None:
        """Go where a page went, or to the set when there is no page."""
        target = next(
            (image.state.set_id for image in self._contents.images if image.state.image_id == image_id),
            set_id,
        )
        if target is not None and target != self.set_id:
            self.open_set(target)
        if image_id is not None and any(image.state.image_id == image_id for image in self.images):
            self.image_id = image_id

    def _show_touched(self, edit: Edit) -> None:
        """After undo or redo the page or set that changed comes to the front."""
        self.refresh()
        live = [image.image_id for image in edit.after.images.values() if image.live]
        back = [image_id for image_id in live if not edit.before.images[image_id].live]
        if live:
            self._follow(min(back) if back else self.image_id if self.image_id in live else min(live))
            return
        for set_id, state in edit.after.sets.items():
            if state.live and set_id != self.set_id:
                self.open_set(set_id)
                return

    def _place(self) -> tuple[int, int]:
        """0-based place of the set in the batch and of the page in the set; 0 where there is none."""
        sets = [each.state.set_id for each in self.sets]
        images = [image.state.image_id for image in self.images]
        return (
            sets.index(self.set_id) if self.set_id in sets else 0,
            images.index(self.image_id) if self.image_id in images else 0,
        )

    @staticmethod
    def _neighbour(place: int, ids: Sequence[int]) -> int | None:
        return ids[min(place, len(ids) - 1)] if ids else None

    def _set_facts(self) -> list[SetFacts]:
        return [each for each in self._facts.sets if each.set_id == self.set_id]

    def _require(self, name: str) -> None:
        if text := self.blockers().get(name):
            raise RefusedError(text)
