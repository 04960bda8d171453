"""Arranging pages: every image stays exactly once, and undo restores exactly (spec scan-batches 3.5)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.scan_batch import arrange
from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.history import History
from workbench.domain.scan_batch.pages import Edit, ImageState, Pages, SetState, applied, edit_between
from workbench.errors import NotFoundError, RefusedError

SPARE_SETS = range(100, 200)


def pages_of(*sizes: int) -> Pages:
    """Sets 1, 2, ... of so many images; images are numbered through from 1. Spare sets wait to be born."""
    sets = [SetState(set_id, seq=set_id) for set_id in range(1, len(sizes) + 1)]
    spare = [SetState(set_id, seq=0, live=False) for set_id in SPARE_SETS]
    homes = [set_id for set_id, size in enumerate(sizes, start=1) for _ in range(size)]
    numbers = [page_no for size in sizes for page_no in range(1, size + 1)]
    images = [
        ImageState(image_id, set_id, page_no)
        for image_id, (set_id, page_no) in enumerate(zip(homes, numbers, strict=True), start=1)
    ]
    return Pages.of([*sets, *spare], images)


def layout(pages: Pages) -> list[tuple[int, list[int]]]:
    return [
        (each.set_id, [image.image_id for image in pages.of_set(each.set_id)]) for each in pages.live_sets()
    ]


def test_split_puts_the_rest_in_a_set_right_after() -> None:
    assert layout(arrange.split(pages_of(4, 1), 3, 100)) == [(1, [1, 2]), (100, [3, 4]), (2, [5])]


def test_split_at_the_first_page_is_refused() -> None:
    with pytest.raises(RefusedError, match="first page"):
        arrange.split(pages_of(2), 1, 100)


def test_merge_appends_to_the_set_before() -> None:
    assert layout(arrange.merge(pages_of(2, 2, 1), 2)) == [(1, [1, 2, 3, 4]), (3, [5])]


def test_merge_can_keep_the_later_set_at_the_earlier_place() -> None:
    assert layout(arrange.merge(pages_of(2, 2, 1), 2, keep_this=True)) == [(2, [1, 2, 3, 4]), (3, [5])]


def test_merge_keeps_a_hold() -> None:
    held = arrange.held(pages_of(1, 1), 2, "Poor scan", None)
    assert arrange.merge(held, 2).sets[1].hold_reason == "Poor scan"


def test_the_first_set_has_none_to_merge_with() -> None:
    with pytest.raises(RefusedError, match="first set"):
        arrange.merge(pages_of(1, 1), 1)


def test_move_keeps_reading_order_and_place() -> None:
    assert layout(arrange.move(pages_of(3, 2), [3, 1], 2, position=2)) == [(1, [2]), (2, [4, 1, 3, 5])]
    assert layout(arrange.move(pages_of(3), [1], 1, position=4)) == [(1, [2, 3, 1])]
    assert layout(arrange.move(pages_of(3), [3], 1, position=1)) == [(1, [3, 1, 2])]


def test_move_into_a_new_set() -> None:
    assert layout(arrange.move(pages_of(3, 1), [2], 100)) == [(1, [1, 3]), (100, [2]), (2, [4])]


def test_reorder_needs_every_page_once() -> None:
    assert layout(arrange.reorder(pages_of(3), 1, [3, 1, 2])) == [(1, [3, 1, 2])]
    for wrong in ([1, 2], [1, 2, 2], [1, 2, 4]):
        with pytest.raises(RefusedError, match="have changed"):
            arrange.reorder(pages_of(3, 1), 1, wrong)


def test_move_set() -> None:
    assert [set_id for set_id, _ in layout(arrange.move_set(pages_of(1, 1, 1), 3, 1))] == [3, 1, 2]
    assert [set_id for set_id, _ in layout(arrange.move_set(pages_of(1, 1, 1), 1, 99))] == [2, 3, 1]


def test_deleted_pages_leave_no_gap_and_their_set_stays() -> None:
    after = arrange.delete_images(pages_of(3, 1), [2, 4])
    assert layout(after) == [(1, [1, 3]), (2, [])]
    assert arrange.empty_sets(after) == [2]
    assert layout(arrange.restore_images(after, [2])) == [(1, [1, 3, 2]), (2, [])]


def test_restoring_brings_a_deleted_set_back() -> None:
    after = arrange.delete_sets(pages_of(2, 1), [1])
    assert layout(after) == [(2, [3])]
    assert layout(arrange.restore_images(after, [2, 1])) == [(2, [3]), (1, [1, 2])]


@pytest.mark.parametrize("degrees", [45, 1, -30])
def test_quarter_turns_only(degrees: int) -> None:
    with pytest.raises(RefusedError):
        arrange.rotated(ImageState(1, 1, 1), degrees)


@pytest.mark.parametrize(("start", "by", "end"), [(0, -90, 270), (270, 90, 0), (90, 180, 270), (0, 450, 90)])
def test_rotation_adds_up(start: int, by: int, end: int) -> None:
    assert arrange.rotated(ImageState(1, 1, 1, rotation=start), by).rotation == end


def test_what_is_gone_is_not_found() -> None:
    after = arrange.delete_images(pages_of(2), [1])
    with pytest.raises(NotFoundError):
        arrange.split(after, 1, 100)
    with pytest.raises(NotFoundError):
        arrange.merge(after, 55)
    with pytest.raises(RefusedError, match="Select at least one"):
        arrange.move(after, [], 1)


@pytest.mark.parametrize(
    "broken",
    [
        Pages.of([SetState(1, 1)], [ImageState(1, 1, 2)]),
        Pages.of([SetState(1, 2)]),
        Pages.of([SetState(1, 1), SetState(2, 1)]),
        Pages.of([SetState(1, 1, live=False)], [ImageState(1, 1, 1)]),
        Pages.of([SetState(1, 1)], [ImageState(1, 1, 1), ImageState(2, 1, 1)]),
    ],
)
def test_disorder_is_seen(broken: Pages) -> None:
    assert not broken.in_order()


def test_undo_is_refused_once_somebody_else_worked_there() -> None:
    before = pages_of(3)
    edit = edit_between(1, Action.DELETE_IMAGES, "Delete", before, arrange.delete_images(before, [2]))
    now = arrange.append(
        pages_of(3)
        .with_changed(edit.after.sets.values(), edit.after.images.values())
        .with_changed(images=[ImageState(9, 1, 1, live=False)]),
        1,
        [9],
    )
    assert applied(edit.inverse(), now) is None


def test_an_added_page_is_undone_by_whom_may_delete() -> None:
    edit = Edit(1, Action.ADD_IMAGES, "Add", Pages.of(), Pages.of())
    assert edit.inverse().action is Action.DELETE_IMAGES
    assert edit.inverse().inverse() == edit


def test_sets_that_only_moved_up_are_not_touched() -> None:
    before = pages_of(2, 1)
    edit = edit_between(1, Action.ARRANGE, "Split", before, arrange.split(before, 2, 100))
    assert edit.touched_sets == {1, 100}
    assert set(edit.after.sets) == {100, 2}


def random_step(data: Any, pages: Pages) -> Pages:
    """One step that a clerk could do now; steps that the rules refuse leave everything as it is."""
    live = [image.image_id for each in pages.live_sets() for image in pages.of_set(each.set_id)]
    sets = [each.set_id for each in pages.live_sets()]
    unborn = next(each for each in SPARE_SETS if not pages.sets[each].live and not pages.sets[each].seq)
    image = data.draw(st.sampled_from(live or [0]))
    some = data.draw(st.lists(st.sampled_from(live or [0]), max_size=4))
    target = data.draw(st.sampled_from([*sets, unborn]))
    number = data.draw(st.integers(1, 6))
    gone = [each.image_id for each in pages.images.values() if not each.live]
    home = arrange.live_image(pages, image).set_id if live else 0
    steps = [
        lambda: arrange.split(pages, image, unborn),
        lambda: arrange.merge(pages, target, keep_this=number > 3),
        lambda: arrange.move(pages, some, target, number if number < 6 else None),
        lambda: arrange.reorder(
            pages, home, data.draw(st.permutations([each.image_id for each in pages.of_set(home)]))
        ),
        lambda: arrange.move_set(pages, target, number),
        lambda: arrange.delete_images(pages, some),
        lambda: arrange.delete_sets(pages, [target]),
        lambda: arrange.restore_images(pages, gone[:number]),
        lambda: arrange.change_images(pages, some, lambda each: arrange.rotated(each, 90)),
    ]
    try:
        return data.draw(st.sampled_from(steps))()
    except (RefusedError, NotFoundError):
        return pages


@settings(max_examples=200, deadline=None)
@given(sizes=st.lists(st.integers(1, 5), min_size=1, max_size=4), data=st.data())
def test_any_sequence_keeps_every_image_once_and_undoes_exactly(sizes: list[int], data: Any) -> None:
    start = now = pages_of(*sizes)
    history = History()
    states = [start]
    for _ in range(data.draw(st.integers(1, 60))):
        following = random_step(data, now)
        assert following.in_order()
        assert following.images.keys() == start.images.keys()
        listed = [each for _, images in layout(following) for each in images]
        assert sorted(listed) == sorted(each.image_id for each in following.images.values() if each.live)
        edit = edit_between(1, Action.ARRANGE, "step", now, following)
        history.record(edit)
        if not edit.is_empty:
            states.append(following)
        now = following
    for earlier in reversed(states[:-1]):
        undo = history.next_undo
        assert undo is not None
        now = applied(undo, now) or pytest.fail("an own step can always be undone")
        history.undone()
        assert now == earlier
    assert history.next_undo is None
    for later in states[1:]:
        redo = history.next_redo
        assert redo is not None
        now = applied(redo, now) or pytest.fail("an undone step can be redone")
        history.redone()
        assert now == later


def test_history_forgets_what_was_undone_when_a_new_step_comes() -> None:
    history = History()
    before, after = pages_of(2), arrange.delete_images(pages_of(2), [1])
    step = edit_between(1, Action.DELETE_IMAGES, "Delete", before, after)
    history.record(step)
    history.undone()
    assert history.next_redo == step
    history.record(step)
    assert history.next_redo is None


def test_history_keeps_at_least_fifty_steps_and_no_empty_ones() -> None:
    history = History()
    for degrees in range(60):
        side = ImageState(1, 1, 1, rotation=degrees)
        history.record(
            Edit(1, Action.ROTATE, "Turn", Pages.of(images=[side]), Pages.of(images=[ImageState(1, 1, 1)]))
        )
    history.record(Edit(1, Action.ROTATE, "Nothing", Pages.of(), Pages.of()))
    steps = 0
    while history.next_undo:
        history.undone()
        steps += 1
    assert steps == 60


def test_merging_keeps_details_as_a_whole() -> None:
    blue = SetState(2, 2, payer_id=7, plan_id=70)
    for before, payer, plan in ((SetState(1, 1), 7, 70), (SetState(1, 1, payer_id=3), 3, None)):
        pages = Pages.of([before, blue], [ImageState(11, 1, 1), ImageState(21, 2, 1)])
        (kept,) = arrange.merge(pages, 2).live_sets()
        assert (kept.set_id, kept.payer_id, kept.plan_id) == (1, payer, plan)
