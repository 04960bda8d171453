"""Sets and images through the services: arranging, marking, undo, duplicates, audit; on both engines."""

import random
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import Office
from tests.services.scan_desk import SCAN_CLERK, Desk, furnish_desk, page, with_only
from workbench.domain.scan_batch.history import History
from workbench.domain.scan_batch.pages import Edit, Pages
from workbench.domain.scan_batch.words import IMAGES_PER_BATCH, CodingStatus, DocumentType
from workbench.errors import NotFoundError, NotPermittedError, RefusedError
from workbench.storage.conflict import ConflictError
from workbench.storage.tables import batches as t


@pytest.fixture
def desk(either_office: Office) -> Desk:
    return furnish_desk(either_office)


def stored(desk: Desk, batch_id: int) -> Pages:
    with desk.database.reading() as stores:
        return stores.image_sets.pages(batch_id)


def test_a_set_is_stored_with_its_first_image(desk: Desk) -> None:
    batch_id = desk.batch()
    assert desk.views.contents(desk.boss, batch_id).sets == ()
    desk.sets.append(desk.boss, batch_id, [page("a"), page("b")])
    (only,) = desk.views.contents(desk.boss, batch_id).sets
    assert (only.image_count, only.state.seq, only.coding_status) == (2, 1, CodingStatus.NOT_CODED)


def test_images_come_back_as_they_were_handed_over(desk: Desk) -> None:
    batch_id = desk.batch()
    desk.sets.append(desk.boss, batch_id, [page("a")])
    (image,) = desk.views.contents(desk.boss, batch_id).images
    assert image.file == page("a")
    assert (image.state.page_no, image.state.rotation, image.added_after_posting) == (1, 0, False)


def test_append_goes_to_the_end_of_the_chosen_set(desk: Desk) -> None:
    batch_id = desk.batch(1, 1)
    first = desk.layout(batch_id)[0][0]
    desk.sets.append(desk.boss, batch_id, [page("x")], set_id=first)
    assert [len(images) for _, images in desk.layout(batch_id)] == [2, 1]
    with pytest.raises(NotFoundError):
        desk.sets.append(desk.boss, batch_id, [page("x")], set_id=999_999)


def test_a_batch_takes_two_thousand_images(desk: Desk) -> None:
    batch_id = desk.batch()
    desk.sets.append(desk.boss, batch_id, [page("same")] * IMAGES_PER_BATCH)
    with pytest.raises(RefusedError, match=r"more than 2,000 images"):
        desk.sets.append(desk.boss, batch_id, [page("one more")])


def test_what_comes_after_posting_is_flagged(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    desk.sets.append(desk.boss, batch_id, [page("late")])
    old, new = desk.views.contents(desk.boss, batch_id).sets
    assert (old.added_after_posting, new.added_after_posting) == (False, True)
    assert [each.added_after_posting for each in desk.lists.sets_of(desk.boss, batch_id)] == [False, True]


def test_split_merge_move_reorder(desk: Desk) -> None:
    batch_id = desk.batch(4)
    (first, (a, b, c, d)), *_ = desk.layout(batch_id)
    desk.sets.split(desk.boss, batch_id, c)
    second = desk.layout(batch_id)[1][0]
    assert desk.layout(batch_id) == [(first, [a, b]), (second, [c, d])]
    desk.sets.move(desk.boss, batch_id, [a], second, position=2)
    assert desk.layout(batch_id) == [(first, [b]), (second, [c, a, d])]
    desk.sets.reorder(desk.boss, batch_id, second, [d, c, a])
    desk.sets.move(desk.boss, batch_id, [c], None)
    third = desk.layout(batch_id)[2][0]
    assert desk.layout(batch_id) == [(first, [b]), (second, [d, a]), (third, [c])]
    desk.sets.move_set(desk.boss, batch_id, third, 1)
    desk.sets.merge(desk.boss, batch_id, second)
    assert desk.layout(batch_id) == [(third, [c]), (first, [b, d, a])]
    desk.sets.delete_sets(desk.boss, batch_id, [third])
    assert desk.layout(batch_id) == [(first, [b, d, a])]


def test_merging_keeps_the_coded_set(desk: Desk) -> None:
    batch_id = desk.batch(1, 1, 1, posted=True)
    (first, _), (second, _), (third, _) = desk.layout(batch_id)
    desk.coding.set_status(desk.boss, second, CodingStatus.IN_PROGRESS)
    desk.sets.merge(desk.boss, batch_id, second)
    assert [set_id for set_id, _ in desk.layout(batch_id)] == [second, third]
    desk.coding.set_status(desk.boss, third, CodingStatus.IN_PROGRESS)
    with pytest.raises(RefusedError, match="both coded"):
        desk.sets.merge(desk.boss, batch_id, third)
    assert first not in dict(desk.layout(batch_id))


def test_marks(desk: Desk) -> None:
    batch_id = desk.batch(2)
    (set_id, (a, b)), *_ = desk.layout(batch_id)
    desk.marks.rotate(desk.boss, batch_id, [a, b], 90)
    desk.marks.rotate(desk.boss, batch_id, [a], -180)
    desk.marks.classify(desk.boss, batch_id, [b], DocumentType.FACE_SHEET)
    desk.marks.classify_set(desk.boss, batch_id, set_id, DocumentType.ENCOUNTER_FORM)
    desk.marks.note_image(desk.boss, batch_id, a, " blurred ")
    desk.marks.note_set(desk.boss, batch_id, set_id, "ask")
    now = stored(desk, batch_id)
    assert (now.images[a].rotation, now.images[b].rotation) == (270, 90)
    assert (now.images[a].document_type, now.images[b].document_type) == (None, DocumentType.FACE_SHEET)
    assert (now.images[a].note, now.sets[set_id].note) == ("blurred", "ask")
    assert now.sets[set_id].document_type is DocumentType.ENCOUNTER_FORM


def test_document_types_fit_the_batch(desk: Desk) -> None:
    batch_id = desk.batch(1)
    image_id = desk.layout(batch_id)[0][1][0]
    with pytest.raises(RefusedError, match="EOB is not a document of a Charge batch"):
        desk.marks.classify(desk.boss, batch_id, [image_id], DocumentType.EOB)


def test_hold_needs_a_reason_and_shows_who_holds(desk: Desk) -> None:
    batch_id = desk.batch(1)
    set_id = desk.layout(batch_id)[0][0]
    with pytest.raises(RefusedError, match="reason"):
        desk.marks.hold(desk.boss, batch_id, set_id, "  ")
    desk.marks.hold(desk.boss, batch_id, set_id, "Missing page", date(2026, 4, 1))
    (held,) = desk.views.contents(desk.boss, batch_id).sets
    assert (held.state.hold_reason, held.state.follow_up_on, held.held_by) == (
        "Missing page",
        date(2026, 4, 1),
        "Supervisor",
    )
    desk.marks.release(desk.boss, batch_id, set_id)
    (free,) = desk.views.contents(desk.boss, batch_id).sets
    assert (free.state.on_hold, free.state.hold_reason, free.held_by, free.held_at) == (False, "", "", None)


def test_undo_restores_exactly_and_redo_repeats(desk: Desk) -> None:
    batch_id = desk.batch(3, 2)
    before = stored(desk, batch_id)
    a = desk.layout(batch_id)[0][1][1]
    edit = desk.sets.split(desk.boss, batch_id, a)
    after = stored(desk, batch_id)
    desk.undo(edit)
    assert {
        key: each for key, each in stored(desk, batch_id).sets.items() if key in before.sets
    } == before.sets
    assert stored(desk, batch_id).images == before.images
    desk.sets.apply(desk.boss, edit)
    assert stored(desk, batch_id) == after


def test_undo_of_an_import_takes_its_set_back(desk: Desk) -> None:
    batch_id = desk.batch(1)
    edit = desk.sets.append(desk.boss, batch_id, [page("x"), page("y")])
    desk.undo(edit)
    assert [len(images) for _, images in desk.layout(batch_id)] == [1]
    desk.sets.apply(desk.boss, edit)
    assert [len(images) for _, images in desk.layout(batch_id)] == [1, 2]


def test_undo_is_refused_once_a_colleague_worked_there(desk: Desk) -> None:
    batch_id = desk.batch(3)
    set_id, images = desk.layout(batch_id)[0]
    edit = desk.sets.delete_images(desk.boss, batch_id, [images[0]])
    desk.sets.append(desk.office.north_clerk, batch_id, [page("x")], set_id=set_id)
    with pytest.raises(RefusedError, match="can no longer be changed"):
        desk.undo(edit)
    assert [len(found) for _, found in desk.layout(batch_id)] == [3]


def test_sixty_random_steps_undone_and_redone(desk: Desk) -> None:
    rng = random.Random(20260321)
    batch_id = desk.batch(6, 3, 2)
    start = desk.layout(batch_id)
    every = sorted(image for _, images in start for image in images)
    history, layouts = History(), [start]
    while len(layouts) <= 60:
        edit = random_edit(desk, batch_id, rng)
        if edit is None or edit.is_empty:
            continue
        history.record(edit)
        layouts.append(desk.layout(batch_id))
        live = sorted(image for _, images in layouts[-1] for image in images)
        binned = [key for key, each in stored(desk, batch_id).images.items() if not each.live]
        assert sorted([*live, *binned]) == every
    for earlier in reversed(layouts[:-1]):
        desk.sets.apply(desk.boss, history.next_undo)  # type: ignore[arg-type]
        history.undone()
        assert desk.layout(batch_id) == earlier
    for later in layouts[1:]:
        desk.sets.apply(desk.boss, history.next_redo)  # type: ignore[arg-type]
        history.redone()
        assert desk.layout(batch_id) == later


def random_edit(desk: Desk, batch_id: int, rng: random.Random) -> Edit | None:
    layout = desk.layout(batch_id)
    sets = [set_id for set_id, _ in layout]
    images = [image for _, found in layout for image in found]
    if not images:
        gone = [key for key, each in stored(desk, batch_id).images.items() if not each.live]
        return desk.sets.restore_images(desk.boss, batch_id, gone)
    set_id, some = rng.choice(sets), rng.sample(images, k=rng.randint(1, min(3, len(images))))
    members = dict(layout)[set_id]
    steps = [
        lambda: desk.sets.split(desk.boss, batch_id, some[0]),
        lambda: desk.sets.merge(desk.boss, batch_id, set_id),
        lambda: desk.sets.move(desk.boss, batch_id, some, rng.choice([None, set_id]), rng.randint(1, 4)),
        lambda: desk.sets.reorder(desk.boss, batch_id, set_id, rng.sample(members, k=len(members))),
        lambda: desk.sets.move_set(desk.boss, batch_id, set_id, rng.randint(1, 5)),
        lambda: desk.sets.delete_images(desk.boss, batch_id, some[:1]),
        lambda: desk.marks.rotate(desk.boss, batch_id, some, 90),
    ]
    try:
        return rng.choice(steps)()
    except RefusedError:
        return None


def test_attached_sets_are_left_alone(desk: Desk) -> None:
    batch_id = desk.batch(2, 1, posted=True)
    (attached, (a, b)), (free, _) = desk.layout(batch_id)
    linked = desk.work.create(desk.boss, desk.work.propose(desk.boss, batch_id), image_batch_id=batch_id)
    case_id = desk.entries.create_case(desk.boss, linked.work_id, set_id=attached)
    refusal = f"Set {attached} is attached to case {case_id}; detach it first."
    for attempt in (
        lambda: desk.sets.split(desk.boss, batch_id, b),
        lambda: desk.sets.merge(desk.boss, batch_id, free),
        lambda: desk.sets.move(desk.boss, batch_id, [a], free),
        lambda: desk.sets.reorder(desk.boss, batch_id, attached, [b, a]),
        lambda: desk.sets.delete_images(desk.boss, batch_id, [a]),
        lambda: desk.sets.delete_sets(desk.boss, batch_id, [attached]),
    ):
        with pytest.raises(RefusedError) as refused:
            attempt()
        assert str(refused.value) == refusal
    desk.marks.rotate(desk.boss, batch_id, [a], 90)
    desk.sets.append(desk.boss, batch_id, [page("more")], set_id=attached)


def test_clerks_do_not_arrange_posted_batches(desk: Desk) -> None:
    batch_id = desk.batch(2, posted=True)
    clerk = with_only(desk.boss, SCAN_CLERK)
    with pytest.raises(NotPermittedError):
        desk.sets.split(clerk, batch_id, desk.layout(batch_id)[0][1][1])
    added = desk.sets.append(clerk, batch_id, [page("late")])
    with pytest.raises(NotPermittedError):
        desk.sets.apply(clerk, added.inverse())


def test_duplicates_say_where_the_page_already_is_but_only_to_whom_may_see(desk: Desk) -> None:
    batch_id = desk.batch()
    desk.sets.append(desk.boss, batch_id, [page("other"), page("twin")])
    (set_id, (_, image_id)), *_ = desk.layout(batch_id)
    (place,) = desk.views.duplicates(desk.office.north_clerk, [page("twin").sha256, page("new").sha256])
    assert (place.batch_id, place.set_id, place.image_id, place.page_no) == (batch_id, set_id, image_id, 2)
    assert desk.views.duplicates(desk.office.south_clerk, [page("twin").sha256]) == []
    desk.batches.delete(desk.boss, batch_id)
    assert desk.views.duplicates(desk.boss, [page("twin").sha256]) == []


def test_every_look_at_an_image_is_audited(desk: Desk) -> None:
    batch_id = desk.batch(2)
    (set_id, (a, _)), *_ = desk.layout(batch_id)
    desk.views.view(desk.office.north_clerk, a)
    desk.views.view_set(desk.boss, set_id)
    with desk.database.reading() as stores:
        (looked,) = stores.audit.of("image", a)
        (listed,) = stores.audit.of("image_set", set_id)
    assert (looked.action, looked.user, looked.after) == (
        "image.view",
        "North Clerk",
        {"batch": batch_id, "set": set_id},
    )
    assert (listed.action, listed.after) == ("set.view", {"batch": batch_id, "images": 2})


def test_every_change_is_audited_with_before_and_after(desk: Desk) -> None:
    batch_id = desk.batch(2)
    (set_id, (a, b)), *_ = desk.layout(batch_id)
    desk.sets.reorder(desk.boss, batch_id, set_id, [b, a])
    with desk.database.reading() as stores:
        event = stores.audit.of("image_batch", batch_id)[-1]
    assert event.action == "batch.arrange"
    assert event.before == {f"image {a}": {"page_no": 1}, f"image {b}": {"page_no": 2}}
    assert event.after == {f"image {a}": {"page_no": 2}, f"image {b}": {"page_no": 1}}


def test_the_store_knows_which_files_are_wanted(desk: Desk) -> None:
    batch_id = desk.batch()
    edit = desk.sets.append(desk.boss, batch_id, [page("kept"), page("binned")])
    desk.sets.delete_images(desk.boss, batch_id, [desk.layout(batch_id)[0][1][1]])
    with desk.database.reading() as stores:
        assert stores.image_sets.known_hashes() == {page("kept").sha256, page("binned").sha256}
    assert edit.batch_id == batch_id


def test_the_database_refuses_two_pages_at_one_place(desk: Desk) -> None:
    batch_id = desk.batch(2)
    with pytest.raises(ConflictError), desk.database.transaction() as stores:
        stores.connection.execute(sa.update(t.images).values(page_no=1))
    assert [len(images) for _, images in desk.layout(batch_id)] == [2]


def test_a_failed_import_leaves_no_row(desk: Desk) -> None:
    batch_id = desk.batch()
    broken = page("broken")
    with pytest.raises(sa.exc.IntegrityError):
        desk.sets.append(desk.boss, batch_id, [page("fine"), type(broken)(**{**fields(broken), "width": 0})])
    assert stored(desk, batch_id) == Pages.of()


def fields(image: object) -> dict[str, object]:
    return {name: getattr(image, name) for name in image.__dataclass_fields__}  # type: ignore[attr-defined]
