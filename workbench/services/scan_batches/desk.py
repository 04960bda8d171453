"""What every service of the scan desk does first: find the batch, see it, be allowed to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from workbench.domain.identity import Actor
from workbench.domain.scan_batch.allowed import Action, BatchFacts, SetFacts, lacks_right, refusal
from workbench.domain.scan_batch.header import FieldProblem
from workbench.domain.scan_batch.pages import Edit, Pages
from workbench.domain.scan_batch.records import ScanBatch
from workbench.errors import NotFoundError, NotPermittedError, RefusedError
from workbench.storage import Stores
from workbench.storage.clock import now


class FormRefusedError(RefusedError):
    """What was filled in cannot be saved; `problems` say it field by field."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A batch that the person may see, with what the rules look at."""

    batch: ScanBatch
    facts: BatchFacts

    def sets(self, set_ids: Iterable[int]) -> list[SetFacts]:
        """Facts of these live sets; those that are not live yet have none."""
        wanted = set(set_ids)
        return [each for each in self.facts.sets if each.set_id in wanted]

    def one_set(self, set_id: int) -> SetFacts:
        """Raises NotFoundError."""
        for each in self.facts.sets:
            if each.set_id == set_id:
                return each
        raise NotFoundError(f"Set {set_id} was not found.")

    def require(self, actor: Actor, action: Action, set_ids: Iterable[int] = ()) -> None:
        """Raises NotPermittedError or RefusedError with the rule's own words."""
        self.require_right(actor, action)
        if text := refusal(action, self.facts, self.sets(set_ids)):
            raise RefusedError(text)

    def require_right(self, actor: Actor, action: Action) -> None:
        """The first half of `require`, for when the sets that the action touches are not known yet."""
        if text := lacks_right(action, self.facts, actor.permissions):
            raise NotPermittedError(text)


def work_on_batch(stores: Stores, actor: Actor, batch_id: int) -> OpenBatch:
    """As `open_batch`, and nobody else changes the batch until the transaction ends."""
    stores.batches.lock(batch_id)
    return open_batch(stores, actor, batch_id)


def open_batch(stores: Stores, actor: Actor, batch_id: int) -> OpenBatch:
    """The batch as it is now.

    Raises NotFoundError for a batch of another practice as for one that does not exist, and
    NotPermittedError when the person does not work with this kind of paper.
    """
    batch = stores.batches.get(batch_id)
    actor.require_sight(batch.practice_id, f"Batch {batch_id}")
    posted_at = local(stores, batch.practice_id, batch.posted_at) if batch.posted_at else None
    opened = OpenBatch(batch, stores.batches.facts(batch, posted_at))
    opened.require(actor, Action.VIEW)
    return opened


def local(stores: Stores, practice_id: int, moment: datetime) -> datetime:
    """The moment on the practice's clock (spec 5 row 35)."""
    return moment.astimezone(ZoneInfo(stores.batch_choices.time_zone(practice_id)))


def today(stores: Stores, practice_id: int) -> date:
    """The practice's own date."""
    return local(stores, practice_id, now()).date()


def commit(stores: Stores, actor: Actor, opened: OpenBatch, edit: Edit, reason: str = "") -> None:
    """Writes an allowed edit with its audit row."""
    if edit.is_empty:
        return
    stores.image_sets.write(edit, actor.user_id)
    stores.batches.touch(edit.batch_id, actor.user_id)
    stores.audit.add(
        actor,
        f"batch.{edit.action.name.lower()}",
        "image_batch",
        edit.batch_id,
        practice_id=opened.batch.practice_id,
        before=_differences(edit.before, edit.after),
        after=_differences(edit.after, edit.before),
        reason=reason or edit.label,
    )


def _differences(side: Pages, other: Pages) -> dict[str, dict[str, object]]:
    """`set 7` or `image 12` -> the fields of `side` that are not the same in `other`."""
    found: dict[str, dict[str, object]] = {}
    for word, mine, theirs in (("set", side.sets, other.sets), ("image", side.images, other.images)):
        for key, each in mine.items():
            found[f"{word} {key}"] = {
                name: getattr(each, name)
                for name in each.__dataclass_fields__
                if getattr(each, name) != getattr(theirs[key], name)
            }
    return found
