"""Sets and their pages as values, and what one edit changed, so that it can be undone exactly (spec 3.5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.words import DocumentType


@dataclass(frozen=True, slots=True)
class SetState:
    """What an edit can change on a set.

    Attributes:
        seq: 1-based place in the batch; the place it had when it is not live.
        live: False in the recycle bin.
        facility_id, date_of_service, charge_received, payer_id, plan_id: of this set where the batch's are not
            (spec 4.2); None: as the batch says.
    """

    set_id: int
    seq: int
    live: bool = True
    on_hold: bool = False
    hold_reason: str = ""
    follow_up_on: date | None = None
    document_type: DocumentType | None = None
    note: str = ""
    facility_id: int | None = None
    date_of_service: date | None = None
    charge_received: date | None = None
    payer_id: int | None = None
    plan_id: int | None = None

    @property
    def own_details(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in OWN_FIELDS}


OWN_FIELDS = ("facility_id", "date_of_service", "charge_received", "payer_id", "plan_id")


@dataclass(frozen=True, slots=True)
class ImageState:
    """What an edit can change on an image; the picture itself never changes.

    Attributes:
        page_no: 1-based number of the thumbnail; the one it had when it is not live.
        rotation: degrees clockwise, one of 0, 90, 180, 270.
        cleaning: the recipe that it is shown by, as text (`cleaning.Cleaning`); "": as it was scanned.
        document_type: None: that of its set.
    """

    image_id: int
    set_id: int
    page_no: int
    live: bool = True
    rotation: int = 0
    cleaning: str = ""
    document_type: DocumentType | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """Sets and images by id: all of one batch, or only those that an edit touched."""

    sets: Mapping[int, SetState]
    images: Mapping[int, ImageState]

    @staticmethod
    def of(sets: Iterable[SetState] = (), images: Iterable[ImageState] = ()) -> "Pages":
        return Pages({each.set_id: each for each in sets}, {each.image_id: each for each in images})

    def with_changed(self, sets: Iterable[SetState] = (), images: Iterable[ImageState] = ()) -> "Pages":
        return Pages(
            {**self.sets, **{each.set_id: each for each in sets}},
            {**self.images, **{each.image_id: each for each in images}},
        )

    def live_sets(self) -> list[SetState]:
        """In the order of the batch."""
        return sorted((each for each in self.sets.values() if each.live), key=lambda each: each.seq)

    def of_set(self, set_id: int) -> list[ImageState]:
        """The live images of a set, by page number."""
        found = (each for each in self.images.values() if each.live and each.set_id == set_id)
        return sorted(found, key=lambda each: each.page_no)

    def in_order(self) -> bool:
        """Whether live sets are numbered 1, 2, 3 ... and the live pages in each of them too, all in live sets."""
        sets = self.live_sets()
        if [each.seq for each in sets] != list(range(1, len(sets) + 1)):
            return False
        numbers: dict[int, list[int]] = {}
        for each in self.images.values():
            if each.live:
                numbers.setdefault(each.set_id, []).append(each.page_no)
        return set(numbers) <= {each.set_id for each in sets} and all(
            sorted(found) == list(range(1, len(found) + 1)) for found in numbers.values()
        )


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of the clerk, with what it changed before and after: applying `inverse()` undoes it.

    Attributes:
        action: the row of table 2.2 that decides who may do it.
        label: what the step was, for the Undo button and the toast: `Split set 12`.
        before, after: the same sets and images, only those that differ.
    """

    batch_id: int
    action: Action
    label: str
    before: Pages
    after: Pages

    def inverse(self) -> "Edit":
        turned = {Action.ADD_IMAGES: Action.DELETE_IMAGES, Action.DELETE_IMAGES: Action.ADD_IMAGES}
        return Edit(self.batch_id, turned.get(self.action, self.action), self.label, self.after, self.before)

    @property
    def touched_sets(self) -> frozenset[int]:
        """Sets that the edit changes, gives pages to or takes pages from; not those that only moved up or down."""
        changed = {
            set_id
            for set_id, each in self.before.sets.items()
            if replace(each, seq=self.after.sets[set_id].seq) != self.after.sets[set_id]
        }
        sides = (self.before.images, self.after.images)
        return frozenset(changed | {image.set_id for side in sides for image in side.values()})

    @property
    def is_empty(self) -> bool:
        return not self.before.sets and not self.before.images


def edit_between(batch_id: int, action: Action, label: str, before: Pages, after: Pages) -> Edit:
    """The edit that turns `before` into `after`, two states of the same whole batch."""
    sets = [key for key, each in after.sets.items() if before.sets.get(key) != each]
    images = [key for key, each in after.images.items() if before.images.get(key) != each]
    return Edit(
        batch_id,
        action,
        label,
        Pages({key: before.sets[key] for key in sets}, {key: before.images[key] for key in images}),
        Pages({key: after.sets[key] for key in sets}, {key: after.images[key] for key in images}),
    )


def applied(edit: Edit, now: Pages) -> Pages | None:
    """The batch after `edit`; None when what it touches is no longer as the edit left it (somebody else worked there)."""
    untouched = all(now.sets.get(key) == each for key, each in edit.before.sets.items()) and all(
        now.images.get(key) == each for key, each in edit.before.images.items()
    )
    if not untouched:
        return None
    result = now.with_changed(edit.after.sets.values(), edit.after.images.values())
    return result if result.in_order() else None
