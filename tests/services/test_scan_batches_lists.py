"""The lists of the Image Batches page: filters, order, pages, who sees what; on both engines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import Office
from tests.services.scan_desk import Desk, furnish_desk, page, with_only
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.lists import BatchQuery, BatchSort, CreatedRange
from workbench.domain.scan_batch.words import BatchStatus, BatchType, CodingStatus, TargetKind
from workbench.errors import NotFoundError
from workbench.services.scan_batches.lists import SearchDefaults
from workbench.storage.tables import batches as t


@pytest.fixture
def desk(either_office: Office) -> Desk:
    return furnish_desk(either_office)


def ids(desk: Desk, query: BatchQuery) -> list[int]:
    return [row.batch_id for row in desk.lists.page(desk.boss, query).rows]


def made_on(desk: Desk, batch_id: int, moment: datetime) -> None:
    with desk.database.transaction() as stores:
        stores.connection.execute(
            sa.update(t.image_batches).where(t.image_batches.c.id == batch_id).values(created_at=moment)
        )


def test_default_is_everything_oldest_first_ties_by_batch_id(desk: Desk) -> None:
    a, b, c = desk.batch(), desk.batch(), desk.batch()
    same = datetime(2026, 1, 5, tzinfo=UTC)
    made_on(desk, a, same)
    made_on(desk, b, same)
    made_on(desk, c, same - timedelta(days=1))
    assert ids(desk, BatchQuery()) == [c, a, b]
    assert ids(desk, BatchQuery(descending=True)) == [a, b, c]


@pytest.mark.parametrize(
    ("status", "expected"), [(None, 2), (BatchStatus.POSTED, 1), (BatchStatus.UNPOSTED, 1)]
)
def test_batch_status(desk: Desk, status: BatchStatus | None, expected: int) -> None:
    desk.batch(1, posted=True)
    desk.batch()
    page_of_rows = desk.lists.page(desk.boss, BatchQuery(status=status))
    assert page_of_rows.total == len(page_of_rows.rows) == expected
    assert all(row.status is status for row in page_of_rows.rows if status)


def test_a_row_counts_what_is_in_the_batch(desk: Desk) -> None:
    batch_id = desk.batch(3, 1, 1, posted=True)
    (first, _), (second, _), (third, images) = desk.layout(batch_id)
    desk.marks.hold(desk.boss, batch_id, first, "Illegible")
    desk.sets.delete_images(desk.boss, batch_id, images)
    desk.sets.append(desk.boss, batch_id, [page("late")], set_id=second)
    (row,) = desk.lists.page(desk.boss, BatchQuery()).rows
    assert (row.sets, row.images, row.on_hold, row.empty_sets, row.added_after_posting) == (3, 5, 1, 1, 1)
    assert (row.practice, row.facility, row.payer, row.created_by) == (
        "North Anesthesia",
        "St. Mary",
        "",
        "Supervisor",
    )
    assert (row.finished, row.linked_to, third) == (False, (), third)


def test_finished_rows_leave_the_open_list(desk: Desk) -> None:
    batch_id = desk.batch(1, 1, header=desk.payment_header(), posted=True)
    (first, _), (second, _) = desk.layout(batch_id)
    linked = desk.work.create(desk.boss, desk.work.propose(desk.boss, batch_id), image_batch_id=batch_id)
    from workbench.domain.scan_batch.words import PaymentKind
    from workbench.domain.scan_batch.work import PaymentDraft

    desk.entries.add_payment(
        desk.boss, linked.work_id, PaymentDraft(PaymentKind.INSURANCE, 12_50), set_id=first
    )
    assert ids(desk, BatchQuery(finished=False)) == [batch_id]
    desk.entries.add_payment(
        desk.boss, linked.work_id, PaymentDraft(PaymentKind.GUARANTOR, 7_25), set_id=second
    )
    assert ids(desk, BatchQuery(finished=False)) == []
    (row,) = desk.lists.page(desk.boss, BatchQuery(finished=True)).rows
    assert (row.finished, row.attached, row.linked_to, row.amount_cents) == (
        True,
        2,
        (linked.work_id,),
        19_75,
    )


def test_text_finds_words_and_batch_ids(desk: Desk) -> None:
    a = desk.batch(header=desk.charge_header("Monday 100% stack"))
    b = desk.batch(header=desk.charge_header("Tuesday"))
    assert ids(desk, BatchQuery(text="STACK")) == [a]
    assert ids(desk, BatchQuery(text=str(b))) == [b]
    assert ids(desk, BatchQuery(text="0% s")) == [a]
    assert ids(desk, BatchQuery(text="%")) == [a]
    assert ids(desk, BatchQuery(text="nothing")) == []


def test_created_days_are_the_practices_days(desk: Desk) -> None:
    late = desk.batch()
    made_on(desk, late, datetime(2026, 1, 6, 3, 0, tzinfo=UTC))  # 22:00 on the 5th in New York
    on = BatchQuery(created_from=date(2026, 1, 5), created_to=date(2026, 1, 5))
    assert ids(desk, replace(on, time_zone="America/New_York")) == [late]
    assert ids(desk, on) == []


def test_pages_of_the_list(desk: Desk) -> None:
    made = [desk.batch() for _ in range(5)]
    second = desk.lists.page(desk.boss, BatchQuery(sort=BatchSort.BATCH_ID, offset=2, limit=2))
    assert ([row.batch_id for row in second.rows], second.total) == (made[2:4], 5)


@pytest.mark.parametrize("sort", BatchSort)
def test_every_column_sorts(desk: Desk, sort: BatchSort) -> None:
    small = desk.batch(1, header=desk.charge_header("a"))
    large = desk.batch(2, 1, header=desk.payment_header("b"), posted=True)
    expected = [small, large]
    if sort is BatchSort.STATUS:
        expected.reverse()  # Posted, Unposted
    if sort is BatchSort.FOR:
        expected.reverse()  # ACME HEALTH, St. Mary
    rows = ids(desk, BatchQuery(sort=sort))
    if sort in (BatchSort.DATE_OF_SERVICE, BatchSort.POSTED):  # engines differ on where nothing sorts
        assert sorted(rows) == [small, large]
    else:
        assert rows == expected


def test_only_batches_with_sets_on_hold(desk: Desk) -> None:
    desk.batch(1, posted=True)
    held = desk.batch(1, posted=True)
    desk.marks.hold(desk.boss, held, desk.layout(held)[0][0], "Poor scan")
    assert ids(desk, BatchQuery(on_hold_only=True)) == [held]


def test_posted_batches_are_on_the_tab_of_their_type_only(desk: Desk) -> None:
    charge = desk.batch(1, posted=True)
    payment = desk.batch(1, header=desk.payment_header(), posted=True)
    desk.batch(1)

    def tab(kind: BatchType) -> list[int]:
        return [row.batch_id for row in desk.lists.posted(desk.boss, kind, BatchQuery()).rows]

    assert tab(BatchType.CHARGE) == [charge]
    assert tab(BatchType.PAYMENT) == [payment]


def test_nobody_sees_other_practices_or_other_paper(desk: Desk) -> None:
    desk.batch(1)
    south = desk.batches.create(desk.boss, BatchHeader("", desk.office.south, BatchType.PAYMENT))
    assert [row.batch_id for row in desk.lists.page(desk.office.south_clerk, BatchQuery()).rows] == [south]
    coder = with_only(desk.boss, frozenset({Permission.BATCH_VIEW, Permission.CHARGE_PAPER}))
    assert [row.batch_type for row in desk.lists.page(coder, BatchQuery()).rows] == [BatchType.CHARGE]


def test_recycle_bin_is_a_list_of_its_own(desk: Desk) -> None:
    kept, binned = desk.batch(), desk.batch()
    desk.batches.delete(desk.boss, binned)
    assert ids(desk, BatchQuery()) == [kept]
    assert ids(desk, BatchQuery(recycled=True)) == [binned]


def test_unattached_sets_wait_in_order(desk: Desk) -> None:
    unposted = desk.batch(1)
    later = desk.batch(1, posted=True)
    earlier = desk.batch(1, 1, 1, header=desk.payment_header(), posted=True)
    with desk.database.transaction() as stores:
        stores.connection.execute(
            sa.update(t.image_batches)
            .where(t.image_batches.c.id == earlier)
            .values(posted_at=datetime(2026, 1, 1, tzinfo=UTC))
        )
    (a, _), (held, _), (c, _) = desk.layout(earlier)
    desk.marks.hold(desk.boss, earlier, held, "Question")
    (d, _), *_ = desk.layout(later)
    assert [row.set_id for row in desk.lists.unattached(desk.boss)] == [a, c, d]
    assert unposted not in [row.batch_id for row in desk.lists.unattached(desk.boss)]


def test_ignored_sets_leave_the_queue(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    (set_id, _), *_ = desk.layout(batch_id)
    desk.coding.set_status(desk.boss, set_id, CodingStatus.IN_PROGRESS)
    desk.coding.set_status(desk.boss, set_id, CodingStatus.IGNORED, "Duplicate")
    assert desk.lists.unattached(desk.boss) == []
    (row,) = desk.lists.page(desk.boss, BatchQuery()).rows
    assert (row.ignored, row.finished) == (1, True)


def test_search_defaults_are_per_user_and_tab(desk: Desk) -> None:
    assert desk.lists.search_defaults(desk.boss, BatchType.CHARGE) == SearchDefaults(
        CreatedRange.LAST_5_DAYS, hold_only=False
    )
    chosen = SearchDefaults(CreatedRange.ALL_OPEN, hold_only=True)
    desk.lists.set_search_defaults(desk.boss, BatchType.CHARGE, chosen)
    assert desk.lists.search_defaults(desk.boss, BatchType.CHARGE) == chosen
    assert desk.lists.search_defaults(desk.boss, BatchType.PAYMENT) == SearchDefaults()
    assert desk.lists.search_defaults(desk.office.north_clerk, BatchType.CHARGE) == SearchDefaults()


def test_drop_downs(desk: Desk) -> None:
    assert [each.name for each in desk.choices.practices(desk.office.north_clerk)] == ["North Anesthesia"]
    assert [each.name for each in desk.choices.facilities(desk.boss, desk.office.north)] == ["St. Mary"]
    assert desk.choices.facilities(desk.boss, None) == []
    with pytest.raises(NotFoundError):
        desk.choices.facilities(desk.office.south_clerk, desk.office.north)
    assert [each.name for each in desk.choices.payers("zen").entries] == ["ZENITH MUTUAL"]
    assert [each.name for each in desk.choices.payers("mut").entries] == ["ZENITH MUTUAL"]
    assert [each.name for each in desk.choices.payers("").entries] == ["ACME HEALTH", "ZENITH MUTUAL"]
    assert desk.choices.payers("%").total == 0
    assert (len(desk.choices.payers("", limit=1).entries), desk.choices.payers("", limit=1).total) == (1, 2)
    assert [each.name for each in desk.choices.plans("", desk.office.acme).entries] == ["ACME Gold"]
    assert [each.name for each in desk.choices.plans("", None).entries] == ["ACME Gold", "Zenith Blue"]
    payer = desk.choices.plan_payer(desk.plan)
    assert payer is not None
    assert (payer.id, payer.name) == (desk.office.acme, "ACME HEALTH")
    assert desk.choices.names(desk.payment_header()) == {
        "practice_id": "North Anesthesia",
        "payer_id": "ACME HEALTH",
        "plan_id": "ACME Gold",
    }


def test_sets_say_what_they_are_attached_to(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    (set_id, _), *_ = desk.layout(batch_id)
    linked = desk.work.create(desk.boss, desk.work.propose(desk.boss, batch_id), image_batch_id=batch_id)
    case_id = desk.entries.create_case(desk.boss, linked.work_id, set_id=set_id)
    (row,) = desk.lists.sets_of(desk.boss, batch_id)
    assert row.attached_to == (f"{TargetKind.CASE.value} {case_id}",)
