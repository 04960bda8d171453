"""Image batches from creation to the recycle bin, on both engines."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import Office
from tests.services.scan_desk import READ_ONLY, SCAN_CLERK, Desk, furnish_desk, page, with_only
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.allowed import Action
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchStatus, BatchType, CodingStatus
from workbench.errors import ChangedByAnotherError, NotFoundError, NotPermittedError, RefusedError
from workbench.services.scan_batches.batches import EmptySetsError
from workbench.services.scan_batches.desk import FormRefusedError
from workbench.services.scan_batches.recycle_bin import RecycleBin
from workbench.storage.tables import batches as t


@pytest.fixture
def desk(either_office: Office) -> Desk:
    return furnish_desk(either_office)


def actions(desk: Desk, subject: str, subject_id: int) -> list[str]:
    with desk.database.reading() as stores:
        return [event.action for event in stores.audit.of(subject, subject_id)]


def test_create_stores_an_unposted_batch_with_its_stamps(desk: Desk) -> None:
    before = datetime.now(UTC)
    batch_id = desk.batches.create(desk.office.north_clerk, desk.charge_header("  two \n lines "))
    batch = desk.batches.get(desk.office.north_clerk, batch_id)
    assert batch.status is BatchStatus.UNPOSTED
    assert batch.header == desk.charge_header("two lines")
    assert before <= batch.created_at <= datetime.now(UTC)
    assert (batch.created_by, batch.version, batch.updated_at, batch.posted_at) == (
        "North Clerk",
        1,
        None,
        None,
    )
    assert actions(desk, "image_batch", batch_id) == ["batch.create"]


def test_batch_ids_are_one_sequence_for_both_types(desk: Desk) -> None:
    first = desk.batches.create(desk.boss, desk.charge_header())
    second = desk.batches.create(desk.boss, desk.payment_header())
    assert second == first + 1


def test_unused_fields_are_stored_null(desk: Desk) -> None:
    mixed = replace(desk.charge_header(), payer_id=desk.office.acme, plan_id=desk.plan)
    assert desk.batches.get(desk.boss, desk.batches.create(desk.boss, mixed)).header == desk.charge_header()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"practice_id": None}, "practice_id"),
        ({"batch_type": None}, "batch_type"),
        ({"practice_id": 999_999}, "practice_id"),
        ({"date_of_service": date(2200, 1, 1)}, "date_of_service"),
        ({"facility_id": 999_999}, "facility_id"),
    ],
)
def test_create_refuses_with_the_field(desk: Desk, change: dict[str, object], field: str) -> None:
    with pytest.raises(FormRefusedError) as refused:
        desk.batches.create(desk.boss, replace(desk.charge_header(), **change))  # type: ignore[arg-type]
    assert field in [problem.field for problem in refused.value.problems]


def test_a_practice_of_others_is_as_good_as_none(desk: Desk) -> None:
    header = replace(desk.charge_header(), practice_id=desk.office.south, facility_id=None)
    with pytest.raises(FormRefusedError, match=r"^Choose a practice\.$"):
        desk.batches.create(desk.office.north_clerk, header)


def test_plan_of_another_payer(desk: Desk) -> None:
    header = replace(desk.payment_header(), payer_id=desk.office.zenith)
    with pytest.raises(FormRefusedError, match="Plan ACME Gold does not belong to payer ZENITH MUTUAL"):
        desk.batches.create(desk.boss, header)


def test_batches_of_another_practice_do_not_exist(desk: Desk) -> None:
    batch_id = desk.batch(1)
    stranger = desk.office.south_clerk
    image_id = desk.layout(batch_id)[0][1][0]
    set_id = desk.layout(batch_id)[0][0]
    for attempt in (
        lambda: desk.batches.get(stranger, batch_id),
        lambda: desk.batches.post(stranger, batch_id),
        lambda: desk.batches.delete(stranger, batch_id),
        lambda: desk.views.contents(stranger, batch_id),
        lambda: desk.sets.append(stranger, batch_id, [page()]),
        lambda: desk.lists.sets_of(stranger, batch_id),
    ):
        with pytest.raises(NotFoundError, match=f"Batch {batch_id} was not found"):
            attempt()
    with pytest.raises(NotFoundError, match=r"^The page was not found\.$"):
        desk.views.view(stranger, image_id)
    with pytest.raises(NotFoundError, match=f"^Set {set_id} was not found"):
        desk.views.view_set(stranger, set_id)
    with pytest.raises(NotFoundError, match="Batch 999999 was not found"):
        desk.batches.get(stranger, 999_999)


def test_update_saves_and_tells_the_audit_what_changed(desk: Desk) -> None:
    batch_id = desk.batch()
    header = replace(desk.charge_header(), description="April", date_of_service=None)
    assert desk.batches.update(desk.boss, batch_id, header, 1) == 2
    batch = desk.batches.get(desk.boss, batch_id)
    assert (batch.header, batch.updated_by) == (header, "Supervisor")
    with desk.database.reading() as stores:
        event = stores.audit.of("image_batch", batch_id)[-1]
    assert event.before == {"description": "March stack", "date_of_service": "2026-01-05"}
    assert event.after == {"description": "April", "date_of_service": None}


def test_the_second_of_two_editors_sees_what_changed(desk: Desk) -> None:
    batch_id = desk.batch()
    desk.batches.update(desk.office.north_clerk, batch_id, desk.charge_header("first"), 1)
    with pytest.raises(ChangedByAnotherError, match="North Clerk") as conflict:
        desk.batches.update(desk.boss, batch_id, desk.charge_header("second"), 1)
    assert conflict.value.changes == {"description": ("first", "second")}
    assert desk.batches.get(desk.boss, batch_id).header.description == "first"


def test_posted_headers_are_frozen_but_for_the_description(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    version = desk.batches.get(desk.boss, batch_id).version
    with pytest.raises(RefusedError, match=r"^Only unposted batches can be updated\.$"):
        desk.batches.update(desk.boss, batch_id, replace(desk.charge_header(), facility_id=None), version)
    desk.batches.update(desk.boss, batch_id, desk.charge_header("better"), version)
    assert desk.batches.get(desk.boss, batch_id).header.description == "better"


def test_changing_the_type_clears_the_other_group(desk: Desk) -> None:
    batch_id = desk.batch(1)
    header = replace(desk.charge_header(), batch_type=BatchType.PAYMENT)
    desk.batches.update(desk.boss, batch_id, header, 1)
    assert desk.batches.get(desk.boss, batch_id).header == BatchHeader(
        "March stack", desk.office.north, BatchType.PAYMENT
    )


def test_practice_is_fixed_by_the_first_image(desk: Desk) -> None:
    elsewhere = replace(desk.charge_header(), practice_id=desk.office.south, facility_id=None)
    empty, full = desk.batch(), desk.batch(1)
    desk.batches.update(desk.boss, empty, elsewhere, 1)
    with pytest.raises(RefusedError, match="practice can no longer be changed"):
        desk.batches.update(desk.boss, full, elsewhere, 1)


def test_post_stamps_who_and_when(desk: Desk) -> None:
    batch_id = desk.batch(2, 1)
    desk.batches.post(desk.office.north_clerk, batch_id)
    batch = desk.batches.get(desk.boss, batch_id)
    assert (batch.status, batch.posted_by) == (BatchStatus.POSTED, "North Clerk")
    assert batch.posted_at is not None
    assert actions(desk, "image_batch", batch_id)[-1] == "batch.post"


def test_post_without_images(desk: Desk) -> None:
    batch_id = desk.batch()
    expected = rf"^Batch {batch_id} has no images\. Add at least one before posting\.$"
    with pytest.raises(RefusedError, match=expected):
        desk.batches.post(desk.boss, batch_id)


def test_post_offers_to_drop_empty_sets(desk: Desk) -> None:
    batch_id = desk.batch(1, 1)
    (kept, _), (emptied, images) = desk.layout(batch_id)
    desk.sets.delete_images(desk.boss, batch_id, images)
    with pytest.raises(EmptySetsError, match="has an empty set") as offer:
        desk.batches.post(desk.boss, batch_id)
    assert offer.value.set_ids == (emptied,)
    desk.batches.post(desk.boss, batch_id, drop_empty_sets=True)
    assert [set_id for set_id, _ in desk.layout(batch_id)] == [kept]


def test_post_waits_for_imports(desk: Desk) -> None:
    batch_id = desk.batch(1)
    running = desk.journal.begin(desk.boss, batch_id, "eob.pdf", 100)
    with pytest.raises(RefusedError, match=r"eob\.pdf"):
        desk.batches.post(desk.boss, batch_id)
    desk.journal.fail(desk.boss, running, "eob.pdf is password-protected and was not imported.")
    assert [each.state for each in desk.journal.open(desk.boss, batch_id)] == ["failed"]
    with pytest.raises(RefusedError, match=r"eob\.pdf"):
        desk.batches.post(desk.boss, batch_id)
    desk.journal.dismiss(desk.boss, running)
    done = desk.journal.begin(desk.boss, batch_id, "other.pdf", 100)
    desk.journal.finish(desk.boss, done, 3)
    desk.batches.post(desk.boss, batch_id)


def test_what_a_killed_import_left_running_becomes_failed(desk: Desk) -> None:
    batch_id = desk.batch(1)
    desk.journal.begin(desk.boss, batch_id, "old.pdf", 100)
    desk.journal.begin(desk.boss, batch_id, "new.pdf", 100)
    with desk.database.transaction() as stores:
        stores.connection.execute(
            sa.update(t.image_imports)
            .where(t.image_imports.c.file_name == "old.pdf")
            .values(started_at=datetime.now(UTC) - timedelta(hours=1))
        )
    assert desk.journal.fail_interrupted() == 1
    states = {each.file_name: each.state for each in desk.journal.open(desk.boss, batch_id)}
    assert states == {"old.pdf": "failed", "new.pdf": "running"}


def test_of_eight_posters_one_posts_and_seven_are_told(desk: Desk) -> None:
    batch_id = desk.batch(1)
    start = threading.Barrier(8)
    answers: list[str] = []

    def post() -> None:
        start.wait()
        try:
            desk.batches.post(desk.boss, batch_id)
            answers.append("posted")
        except RefusedError as refused:
            answers.append(str(refused))

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count("posted") == 1
    told = f"Batch {batch_id} was already posted by Supervisor at "
    assert sum(answer.startswith(told) for answer in answers) == 7
    assert actions(desk, "image_batch", batch_id).count("batch.post") == 1


def test_the_already_posted_message_is_on_the_practices_clock(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    with desk.database.transaction() as stores:
        stores.connection.execute(
            sa.update(t.image_batches).values(posted_at=datetime(2026, 1, 5, 15, 30, tzinfo=UTC))
        )
    with pytest.raises(RefusedError, match="by Supervisor at 01/05/2026 10:30"):
        desk.batches.post(desk.boss, batch_id)


def test_unpost_is_a_supervisors_and_takes_a_reason(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    with pytest.raises(NotPermittedError):
        desk.batches.unpost(with_only(desk.boss, SCAN_CLERK), batch_id, "mistake")
    with pytest.raises(RefusedError, match="reason"):
        desk.batches.unpost(desk.boss, batch_id, " ")
    desk.batches.unpost(desk.boss, batch_id, "mistake")
    assert desk.batches.get(desk.boss, batch_id).status is BatchStatus.UNPOSTED


def test_unpost_is_refused_once_a_set_is_coded(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    set_id = desk.layout(batch_id)[0][0]
    desk.coding.set_status(desk.boss, set_id, CodingStatus.IN_PROGRESS)
    with pytest.raises(RefusedError, match="is coded"):
        desk.batches.unpost(desk.boss, batch_id, "mistake")


def test_delete_and_restore(desk: Desk) -> None:
    batch_id = desk.batch(2)
    desk.batches.delete(desk.boss, batch_id)
    with pytest.raises(RefusedError, match="recycle bin"):
        desk.sets.append(desk.boss, batch_id, [page()])
    desk.batches.restore(desk.boss, batch_id)
    assert [len(images) for _, images in desk.layout(batch_id)] == [2]
    with pytest.raises(RefusedError, match="not in the recycle bin"):
        desk.batches.restore(desk.boss, batch_id)


def test_posted_batches_are_not_deleted(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    with pytest.raises(RefusedError, match=r"^Posted batches cannot be deleted\.$"):
        desk.batches.delete(desk.boss, batch_id)


def test_the_database_itself_refuses_to_delete_a_posted_batch(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    with pytest.raises(sa.exc.IntegrityError), desk.database.transaction() as stores:
        stores.batches.delete(batch_id, desk.boss.user_id)


def test_the_recycle_bin_is_emptied_after_thirty_days_and_ids_are_not_used_again(desk: Desk) -> None:
    old, young = desk.batch(2), desk.batch(1)
    for batch_id in (old, young):
        desk.batches.delete(desk.boss, batch_id)
    with desk.database.transaction() as stores:
        stores.connection.execute(
            sa.update(t.image_batches)
            .where(t.image_batches.c.id == old)
            .values(deleted_at=datetime.now(UTC) - timedelta(days=31))
        )
    purged = RecycleBin(desk.database).purge(desk.boss)
    assert (purged.batches, purged.sets, purged.images) == (((old, desk.office.north),), 1, 2)
    with pytest.raises(NotFoundError):
        desk.batches.get(desk.boss, old)
    desk.batches.restore(desk.boss, young)
    RecycleBin(desk.database).purge(desk.boss, days=0)
    assert desk.batches.get(desk.boss, young).batch_id == young
    assert desk.batch() > young


def test_deleted_pages_of_posted_batches_are_never_purged(desk: Desk) -> None:
    batch_id = desk.batch(2, posted=True)
    image_id = desk.layout(batch_id)[0][1][0]
    desk.sets.delete_images(desk.boss, batch_id, [image_id])
    assert RecycleBin(desk.database).purge(desk.boss, days=0).images == 0
    desk.sets.restore_images(desk.boss, batch_id, [image_id])


@pytest.mark.parametrize(
    ("permissions", "refused"),
    [
        (READ_ONLY, {"create", "append", "post", "delete", "update", "rotate", "split", "hold"}),
        (SCAN_CLERK, {"hold"}),
        (
            frozenset(SCAN_CLERK | {Permission.SET_HOLD}) - {Permission.CHARGE_PAPER},
            {"create", "append", "post", "delete", "update", "rotate", "split", "hold"},
        ),
        (frozenset(Permission), set()),
    ],
    ids=["read-only", "scan clerk", "payment paper only", "supervisor"],
)
def test_the_services_refuse_what_the_role_does_not_grant(
    desk: Desk, permissions: frozenset[Permission], refused: set[str]
) -> None:
    actor = with_only(desk.boss, permissions)
    batch_id = desk.batch(2)
    (set_id, (first, second)), *_ = desk.layout(batch_id)
    attempts = {
        "create": lambda: desk.batches.create(actor, desk.charge_header()),
        "append": lambda: desk.sets.append(actor, batch_id, [page("new")]),
        "update": lambda: desk.batches.update(actor, batch_id, desk.charge_header("new"), 1),
        "rotate": lambda: desk.marks.rotate(actor, batch_id, [first], 90),
        "hold": lambda: desk.marks.hold(actor, batch_id, set_id, "Poor scan"),
        "split": lambda: desk.sets.split(actor, batch_id, second),
        "post": lambda: desk.batches.post(actor, batch_id),
        "delete": lambda: desk.batches.delete(actor, desk.batch(1)),
    }
    found = set()
    for name, attempt in attempts.items():
        try:
            attempt()
        except NotPermittedError:
            found.add(name)
    assert found == refused


def test_why_not_is_the_text_the_service_would_refuse_with(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    assert (
        desk.batches.why_not(desk.boss, batch_id, Action.DELETE_BATCH) == "Posted batches cannot be deleted."
    )
    assert desk.batches.why_not(desk.boss, batch_id, Action.LINK) is None
