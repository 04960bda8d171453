"""Table 2.2 of spec scan-batches, typed off cell by cell, and the role matrix 2.5."""

from datetime import UTC, datetime

import pytest

from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.allowed import Action, BatchFacts, SetFacts, refusal, why_not
from workbench.domain.scan_batch.words import BatchStatus, BatchType, CodingStatus

EVERYTHING = frozenset(Permission)
FREE = SetFacts(7, image_count=2)
ATTACHED = SetFacts(8, image_count=1, attached_to=("case 123",))
CODED = SetFacts(9, image_count=1, coding_status=CodingStatus.COMPLETE)


def batch(
    status: BatchStatus = BatchStatus.UNPOSTED,
    *sets: SetFacts,
    linked: bool = False,
    kind: BatchType = BatchType.CHARGE,
) -> BatchFacts:
    return BatchFacts(1234, kind, status, linked=linked, sets=sets or (FREE,))


STATES = {
    "unposted": batch(),
    "posted": batch(BatchStatus.POSTED),
    "linked": batch(BatchStatus.POSTED, FREE, linked=True),
    "attached": batch(BatchStatus.POSTED, ATTACHED, linked=True),
}
# One row per action: allowed when unposted, posted with nothing linked, linked, attached (acting on the batch's
# one set). "Supervisor" cells count as allowed here: the actor has every permission.
TABLE = {
    Action.VIEW: (True, True, True, True),
    Action.EDIT_HEADER: (True, False, False, False),
    Action.EDIT_DESCRIPTION: (True, True, False, False),
    Action.CHANGE_TYPE: (True, False, False, False),
    Action.ADD_IMAGES: (True, True, True, True),
    Action.ROTATE: (True, True, True, True),
    Action.CLEAN: (True, True, True, True),
    Action.MARK: (True, True, True, True),
    Action.HOLD: (True, True, True, True),
    Action.ARRANGE: (True, True, True, False),
    Action.DELETE_IMAGES: (True, True, False, False),
    Action.DELETE_BATCH: (True, False, False, False),
    Action.POST: (True, False, False, False),
    Action.UNPOST: (False, True, False, False),
    Action.LINK: (False, True, True, True),
    Action.CODE: (False, True, True, True),
    Action.ATTACH: (False, True, True, True),
    Action.DETACH: (False, False, False, True),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", TABLE)
def test_table_of_what_is_allowed(action: Action, state: str) -> None:
    facts = STATES[state]
    allowed = TABLE[action][list(STATES).index(state)]
    assert (why_not(action, facts, EVERYTHING, facts.sets) is None) == allowed


def test_every_action_is_in_the_table() -> None:
    assert set(TABLE) | {Action.CHANGE_PRACTICE} == set(Action)


@pytest.mark.parametrize(
    ("action", "facts", "text"),
    [
        (Action.EDIT_HEADER, STATES["posted"], "Only unposted batches can be updated."),
        (Action.DELETE_BATCH, STATES["posted"], "Posted batches cannot be deleted."),
        (Action.ARRANGE, STATES["attached"], "Set 8 is attached to case 123; detach it first."),
        (
            Action.POST,
            BatchFacts(1234, BatchType.CHARGE),
            "Batch 1234 has no images. Add at least one before posting.",
        ),
    ],
)
def test_words_of_the_spec(action: Action, facts: BatchFacts, text: str) -> None:
    assert refusal(action, facts, facts.sets) == text


def test_second_poster_is_told_who_and_when() -> None:
    posted = BatchFacts(
        5,
        BatchType.PAYMENT,
        BatchStatus.POSTED,
        posted_by="Ann Lee",
        posted_at=datetime(2026, 3, 4, 13, 5, tzinfo=UTC),
    )
    assert refusal(Action.POST, posted) == "Batch 5 was already posted by Ann Lee at 03/04/2026 13:05."


def test_post_waits_for_imports_and_names_the_files() -> None:
    facts = BatchFacts(5, BatchType.PAYMENT, sets=(FREE,), open_imports=("a.pdf", "b.tif"))
    assert "a.pdf, b.tif" in str(refusal(Action.POST, facts))


def test_practice_is_fixed_by_the_first_image() -> None:
    assert refusal(Action.CHANGE_PRACTICE, BatchFacts(1, BatchType.CHARGE)) is None
    assert refusal(Action.CHANGE_PRACTICE, batch()) is not None


def test_type_is_fixed_by_coding() -> None:
    assert refusal(Action.CHANGE_TYPE, batch(BatchStatus.UNPOSTED, CODED)) is not None


def test_unposting_needs_untouched_sets() -> None:
    assert refusal(Action.UNPOST, batch(BatchStatus.POSTED, CODED)) is not None


def test_set_on_hold_is_not_attached() -> None:
    held = SetFacts(3, image_count=1, on_hold=True)
    facts = batch(BatchStatus.POSTED, held)
    assert refusal(Action.ATTACH, facts, [held]) == "Set 3 is on hold; release it first."


def test_coding_ends_when_the_case_is_submitted() -> None:
    done = SetFacts(3, image_count=1, attached_to=("case 9",), settled=("case 9",))
    facts = batch(BatchStatus.POSTED, done, linked=True)
    assert "submitted" in str(refusal(Action.CODE, facts, [done]))
    assert refusal(Action.CODE, batch(BatchStatus.POSTED, kind=BatchType.PAYMENT)) is not None


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.VIEW}))
def test_nothing_is_done_in_the_recycle_bin(action: Action) -> None:
    facts = BatchFacts(4, BatchType.CHARGE, deleted=True, sets=(FREE,))
    assert refusal(action, facts, facts.sets) == "Batch 4 is in the recycle bin. Restore it first."


def test_finished_when_every_set_is_attached_or_ignored() -> None:
    ignored = SetFacts(2, coding_status=CodingStatus.IGNORED, image_count=1)
    assert batch(BatchStatus.POSTED, ATTACHED, ignored).finished
    assert not batch(BatchStatus.POSTED, ATTACHED, FREE).finished
    assert not BatchFacts(1, BatchType.CHARGE).finished


CLERK = {
    Permission.BATCH_VIEW,
    Permission.BATCH_POST,
    Permission.BATCH_UPDATE,
    Permission.IMAGE_ADD,
    Permission.IMAGE_ARRANGE,
}


def test_posted_batches_are_arranged_by_supervisors_only() -> None:
    clerk = CLERK | {Permission.CHARGE_PAPER}
    assert why_not(Action.ARRANGE, batch(), clerk, [FREE]) is None
    assert "image.arrange_posted" in str(why_not(Action.ARRANGE, batch(BatchStatus.POSTED), clerk, [FREE]))


@pytest.mark.parametrize("kind", BatchType)
def test_a_verb_counts_for_the_persons_kind_of_paper_only(kind: BatchType) -> None:
    poster = CLERK | {Permission.PAYMENT_PAPER}
    assert (why_not(Action.POST, batch(kind=kind), poster) is None) == (kind is BatchType.PAYMENT)


@pytest.mark.parametrize("action", Action)
def test_nobody_acts_without_a_right(action: Action) -> None:
    assert "You may not" in str(why_not(action, batch(), frozenset(), [FREE]))
