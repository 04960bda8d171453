"""What may be done with a batch and its sets, as "why not" texts (spec 2.2 and 2.5).

Services refuse with these texts and screens show them beside the greyed control: one rule, two uses.
"""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto

from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.words import BatchStatus, BatchType, CodingStatus

PAPER = {BatchType.CHARGE: Permission.CHARGE_PAPER, BatchType.PAYMENT: Permission.PAYMENT_PAPER}


class Action(StrEnum):
    """The rows of table 2.2, finer where its cells say so."""

    VIEW = "view"
    EDIT_HEADER = "edit the header"
    EDIT_DESCRIPTION = "edit the description"
    CHANGE_TYPE = "change the batch type"
    CHANGE_PRACTICE = "change the practice"
    ADD_IMAGES = "add images"
    ROTATE = "rotate"
    CLEAN = "clean up"
    MARK = "note or classify"
    HOLD = "hold or release"
    ARRANGE = "arrange images"
    DELETE_IMAGES = "delete images"
    DELETE_BATCH = "delete the batch"
    POST = "post"
    UNPOST = "un-post"
    LINK = "link"
    CODE = "code"
    ATTACH = "attach"
    DETACH = "detach"


class Stage(Enum):
    """The columns of table 2.2."""

    UNPOSTED = auto()
    POSTED = auto()
    LINKED = auto()


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What the rules look at in one image set.

    Attributes:
        attached_to: the targets in words, e.g. `case 123`.
        settled: of these, the ones whose case is submitted, or whose payment or deposit is posted.
    """

    set_id: int
    coding_status: CodingStatus = CodingStatus.NOT_CODED
    on_hold: bool = False
    image_count: int = 0
    attached_to: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()

    @property
    def coded(self) -> bool:
        return self.coding_status is not CodingStatus.NOT_CODED


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What the rules look at in one batch.

    Attributes:
        posted_by, posted_at: who posted it and when (in the practice's time zone), for the second poster's message.
        linked: whether it is linked to at least one work batch.
        sets: all its sets that are not in the recycle bin.
        open_imports: names of files whose import is running or has failed and was not dismissed.
    """

    batch_id: int
    batch_type: BatchType
    status: BatchStatus = BatchStatus.UNPOSTED
    deleted: bool = False
    posted_by: str = ""
    posted_at: datetime | None = None
    linked: bool = False
    sets: tuple[SetFacts, ...] = ()
    open_imports: tuple[str, ...] = ()

    @property
    def image_count(self) -> int:
        return sum(each.image_count for each in self.sets)

    @property
    def stage(self) -> Stage:
        if self.status is BatchStatus.UNPOSTED:
            return Stage.UNPOSTED
        attached = any(each.attached_to for each in self.sets)
        return Stage.LINKED if self.linked or attached else Stage.POSTED

    @property
    def finished(self) -> bool:
        """Every set attached or ignored (spec 2.1); a batch without sets is not finished."""
        return bool(self.sets) and all(
            each.attached_to or each.coding_status is CodingStatus.IGNORED for each in self.sets
        )


_RIGHT = {
    Action.VIEW: Permission.BATCH_VIEW,
    Action.EDIT_HEADER: Permission.BATCH_UPDATE,
    Action.EDIT_DESCRIPTION: Permission.BATCH_UPDATE,
    Action.CHANGE_TYPE: Permission.BATCH_UPDATE,
    Action.CHANGE_PRACTICE: Permission.BATCH_UPDATE,
    Action.ADD_IMAGES: Permission.IMAGE_ADD,
    # Stored with the page, so a read-only person does not change it; who may add a page may also turn it.
    Action.ROTATE: Permission.IMAGE_ADD,
    Action.CLEAN: Permission.IMAGE_ADD,
    Action.MARK: Permission.IMAGE_ADD,
    Action.HOLD: Permission.SET_HOLD,
    Action.ARRANGE: Permission.IMAGE_ARRANGE,
    Action.DELETE_IMAGES: Permission.IMAGE_ARRANGE,
    Action.DELETE_BATCH: Permission.BATCH_DELETE,
    Action.POST: Permission.BATCH_POST,
    Action.UNPOST: Permission.BATCH_UNPOST,
    Action.LINK: Permission.SET_ATTACH,
    Action.CODE: Permission.SET_CODE,
    Action.ATTACH: Permission.SET_ATTACH,
    Action.DETACH: Permission.SET_ATTACH,
}


def right_for(action: Action, batch: BatchFacts) -> Permission:
    """The permission that `action` takes; arranging a posted batch takes the supervisor's (spec 2.5)."""
    if action in (Action.ARRANGE, Action.DELETE_IMAGES) and batch.status is BatchStatus.POSTED:
        return Permission.IMAGE_ARRANGE_POSTED
    return _RIGHT[action]


def works_on(batch_type: BatchType, permissions: AbstractSet[Permission]) -> bool:
    """Whether the person works with this kind of paper (the "charge" and "payment" cells of table 2.5)."""
    return PAPER[batch_type] in permissions


def lacks_right(action: Action, batch: BatchFacts, permissions: AbstractSet[Permission]) -> str | None:
    right = right_for(action, batch)
    if right not in permissions:
        return f"You may not {action.value} here ({right.value}). Ask your supervisor for the right."
    if not works_on(batch.batch_type, permissions):
        return f"You may not work on {batch.batch_type.value.lower()} batches. Ask your supervisor for the right."
    return None


def why_not(
    action: Action,
    batch: BatchFacts,
    permissions: AbstractSet[Permission],
    sets: Sequence[SetFacts] = (),
) -> str | None:
    """Why the person may not do `action` now, or None. `sets` are the sets that the action touches."""
    return lacks_right(action, batch, permissions) or refusal(action, batch, sets)


def refusal(action: Action, batch: BatchFacts, sets: Sequence[SetFacts] = ()) -> str | None:
    """Why the state refuses `action`, whoever asks; None when it is allowed."""
    if batch.deleted and action is not Action.VIEW:
        return f"Batch {batch.batch_id} is in the recycle bin. Restore it first."
    check = _CHECKS.get(action)
    return None if check is None else check(batch, sets)


def attached_text(each: SetFacts) -> str:
    return f"Set {each.set_id} is attached to {each.attached_to[0]}; detach it first."


def _unposted_only(text: str) -> "_Check":
    return lambda batch, _sets: None if batch.stage is Stage.UNPOSTED else text


def _description(batch: BatchFacts, _sets: Sequence[SetFacts]) -> str | None:
    if batch.stage is Stage.LINKED:
        return f"Batch {batch.batch_id} is linked: its description can no longer be changed."
    return None


def _change_type(batch: BatchFacts, _sets: Sequence[SetFacts]) -> str | None:
    if batch.stage is not Stage.UNPOSTED:
        return "Only unposted batches can be updated."
    for each in batch.sets:
        if each.attached_to:
            return attached_text(each)
        if each.coded:
            return f"Set {each.set_id} is coded; the batch type can no longer be changed."
    return None


def _change_practice(batch: BatchFacts, _sets: Sequence[SetFacts]) -> str | None:
    if batch.stage is not Stage.UNPOSTED:
        return "Only unposted batches can be updated."
    if batch.image_count:
        return f"Batch {batch.batch_id} has images; its practice can no longer be changed."
    return None


def _arrange(_batch: BatchFacts, sets: Sequence[SetFacts]) -> str | None:
    return next((attached_text(each) for each in sets if each.attached_to), None)


def _delete_images(batch: BatchFacts, sets: Sequence[SetFacts]) -> str | None:
    if attached := _arrange(batch, sets):
        return attached
    if batch.stage is Stage.LINKED:
        return f"Batch {batch.batch_id} is linked to a work batch: its images can no longer be deleted."
    return None


def _post(batch: BatchFacts, _sets: Sequence[SetFacts]) -> str | None:
    if batch.status is BatchStatus.POSTED:
        at = f" at {batch.posted_at:%m/%d/%Y %H:%M}" if batch.posted_at else ""
        return f"Batch {batch.batch_id} was already posted by {batch.posted_by}{at}."
    if batch.open_imports:
        files = ", ".join(batch.open_imports)
        return f"Batch {batch.batch_id} has imports that are running or have failed: {files}. Wait, retry or dismiss them."
    if not batch.image_count:
        return f"Batch {batch.batch_id} has no images. Add at least one before posting."
    return None


def _unpost(batch: BatchFacts, _sets: Sequence[SetFacts]) -> str | None:
    if batch.stage is Stage.UNPOSTED:
        return f"Batch {batch.batch_id} is not posted."
    if batch.linked:
        return f"Batch {batch.batch_id} is linked to a work batch; unlink it first."
    for each in batch.sets:
        if each.attached_to:
            return attached_text(each)
        if each.coded:
            return f"Set {each.set_id} is coded; the batch can no longer be un-posted."
    return None


def _posted_only(batch: BatchFacts, _sets: Sequence[SetFacts]) -> str | None:
    if batch.stage is Stage.UNPOSTED:
        return f"Batch {batch.batch_id} is not posted. Post it first."
    return None


def _code(batch: BatchFacts, sets: Sequence[SetFacts]) -> str | None:
    if batch.batch_type is not BatchType.CHARGE:
        return "Only charge sets are coded."
    if unposted := _posted_only(batch, sets):
        return unposted
    for each in sets:
        if each.settled:
            return f"Set {each.set_id} is attached to {each.settled[0]}, which is submitted; it can no longer be coded."
    return None


def _attach(batch: BatchFacts, sets: Sequence[SetFacts]) -> str | None:
    if unposted := _posted_only(batch, sets):
        return unposted
    for each in sets:
        if each.on_hold:
            return f"Set {each.set_id} is on hold; release it first."
        if not each.image_count:
            return f"Set {each.set_id} has no images."
    return None


def _detach(_batch: BatchFacts, sets: Sequence[SetFacts]) -> str | None:
    return next((f"Set {each.set_id} is not attached." for each in sets if not each.attached_to), None)


_Check = Callable[[BatchFacts, Sequence[SetFacts]], str | None]
_CHECKS: dict[Action, _Check] = {
    Action.EDIT_HEADER: _unposted_only("Only unposted batches can be updated."),
    Action.EDIT_DESCRIPTION: _description,
    Action.CHANGE_TYPE: _change_type,
    Action.CHANGE_PRACTICE: _change_practice,
    Action.ARRANGE: _arrange,
    Action.DELETE_IMAGES: _delete_images,
    Action.DELETE_BATCH: _unposted_only("Posted batches cannot be deleted."),
    Action.POST: _post,
    Action.UNPOST: _unpost,
    Action.LINK: _posted_only,
    Action.CODE: _code,
    Action.ATTACH: _attach,
    Action.DETACH: _detach,
}
