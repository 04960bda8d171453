"""Posted image batches on their way into work batches: link, attach, code, import, post; on both engines."""

from dataclasses import replace
from datetime import date

import pytest

from tests.builders import Office
from tests.services.scan_desk import SCAN_CLERK, Desk, eob_deposit, furnish_desk, page, with_only
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.coding import CodedProcedure, CodingForm, ProviderTime
from workbench.domain.scan_batch.lists import BatchQuery
from workbench.domain.scan_batch.words import (
    BatchType,
    CaseStatus,
    CodingStatus,
    PaymentKind,
    TargetKind,
)
from workbench.domain.scan_batch.work import ChargeBatchDraft, PaymentBatchDraft, PaymentDraft
from workbench.errors import ChangedByAnotherError, NotFoundError, NotPermittedError, RefusedError
from workbench.services.scan_batches.desk import FormRefusedError

CODER = frozenset(
    {
        Permission.BATCH_VIEW,
        Permission.IMAGE_VIEW,
        Permission.IMAGE_ADD,
        Permission.SET_CODE,
        Permission.SET_HOLD,
        Permission.SET_ATTACH,
        Permission.CHARGE_PAPER,
    }
)


@pytest.fixture
def desk(either_office: Office) -> Desk:
    return furnish_desk(either_office)


def charge(desk: Desk, *sizes: int) -> tuple[int, int, list[int]]:
    """A posted charge batch linked to a new charge batch: Batch ID, charge batch, sets."""
    batch_id = desk.batch(*(sizes or (1,)), posted=True)
    linked = desk.work.create(desk.boss, desk.work.propose(desk.boss, batch_id), image_batch_id=batch_id)
    return batch_id, linked.work_id, [set_id for set_id, _ in desk.layout(batch_id)]


def payment(desk: Desk, *sizes: int) -> tuple[int, int, list[int]]:
    batch_id = desk.batch(*(sizes or (1,)), header=desk.payment_header(), posted=True)
    linked = desk.work.create(desk.boss, desk.work.propose(desk.boss, batch_id), image_batch_id=batch_id)
    return batch_id, linked.work_id, [set_id for set_id, _ in desk.layout(batch_id)]


def test_a_charge_batch_inherits_from_its_image_batch(desk: Desk) -> None:
    batch_id, work_id, _ = charge(desk, 1, 1)
    made = desk.work.charge_batch(desk.boss, work_id)
    header = desk.charge_header()
    assert (made.description, made.facility_id, made.date_of_service, made.charge_received) == (
        header.description,
        header.facility_id,
        header.date_of_service,
        header.charge_received,
    )
    assert (made.expected_case_count, made.cases) == (2, 0)
    (row,) = desk.lists.unattached(desk.boss)[:1]
    assert row.batch_id == batch_id


def test_new_cases_inherit_from_the_charge_batch(desk: Desk) -> None:
    _, work_id, (set_id,) = charge(desk)
    case = desk.entries.case(desk.boss, desk.entries.create_case(desk.boss, work_id, set_id=set_id))
    assert (case.facility_id, case.date_of_service, case.charge_received) == (
        desk.facility,
        date(2026, 1, 5),
        date(2026, 1, 6),
    )


def test_payments_inherit_payer_and_plan(desk: Desk) -> None:
    _, work_id, (set_id,) = payment(desk)
    desk.entries.add_payment(desk.boss, work_id, PaymentDraft(PaymentKind.INSURANCE, 100), set_id=set_id)
    (made,) = desk.entries.payments(desk.boss, work_id)
    assert (made.payer_id, made.plan_id, made.amount_cents) == (desk.office.acme, desk.plan, 100)


def test_unposted_batches_are_not_linked_and_nothing_is_left_behind(desk: Desk) -> None:
    batch_id = desk.batch(1)
    with pytest.raises(RefusedError, match="is not posted"):
        desk.work.create(desk.boss, desk.work.propose(desk.boss, batch_id), image_batch_id=batch_id)
    with pytest.raises(NotFoundError):
        desk.work.charge_batch(desk.boss, 1)


def test_links_stay_within_practice_and_type(desk: Desk) -> None:
    batch_id, _, _ = charge(desk)
    south = desk.work.create(desk.boss, ChargeBatchDraft(desk.office.south, 1)).work_id
    payments = desk.work.create(desk.boss, PaymentBatchDraft(desk.office.north)).work_id
    with pytest.raises(RefusedError, match="different practices"):
        desk.work.link(desk.boss, batch_id, BatchType.CHARGE, south)
    with pytest.raises(RefusedError, match="cannot go to payment batch"):
        desk.work.link(desk.boss, batch_id, BatchType.PAYMENT, payments)
    with pytest.raises(NotFoundError, match=f"Charge batch {south} was not found"):
        desk.work.link(desk.office.north_clerk, batch_id, BatchType.CHARGE, south)


def test_a_second_link_is_warned_about_and_a_third_to_the_same_refused(desk: Desk) -> None:
    batch_id, first, _ = charge(desk)
    second = desk.work.create(desk.boss, ChargeBatchDraft(desk.office.north, 1)).work_id
    linked = desk.work.link(desk.boss, batch_id, BatchType.CHARGE, second)
    assert linked.warning == f"Batch {batch_id} is linked to charge batch {first} as well."
    with pytest.raises(RefusedError, match="already linked"):
        desk.work.link(desk.boss, batch_id, BatchType.CHARGE, second)


def test_candidates_are_those_that_can_be_linked(desk: Desk) -> None:
    batch_id, linked, _ = charge(desk)
    desk.work.create(desk.boss, ChargeBatchDraft(desk.office.south, 1))
    free = desk.work.create(desk.boss, ChargeBatchDraft(desk.office.north, 1)).work_id
    assert [each.charge_batch_id for each in desk.work.candidates(desk.boss, batch_id)] == [free]  # type: ignore[union-attr]
    assert linked != free


def test_unlink_needs_detached_sets(desk: Desk) -> None:
    batch_id, work_id, (set_id,) = charge(desk)
    case_id = desk.entries.create_case(desk.boss, work_id, set_id=set_id)
    with pytest.raises(RefusedError, match=f"Set {set_id} is attached to case {case_id}; detach it first"):
        desk.work.unlink(desk.boss, batch_id, BatchType.CHARGE, work_id)
    desk.ties.detach(desk.boss, set_id, TargetKind.CASE, case_id)
    desk.work.unlink(desk.boss, batch_id, BatchType.CHARGE, work_id)
    with pytest.raises(RefusedError, match="is not linked"):
        desk.work.unlink(desk.boss, batch_id, BatchType.CHARGE, work_id)


def test_deleting_a_work_batch_unlinks_and_leaves_the_images(desk: Desk) -> None:
    batch_id, work_id, _ = payment(desk)
    desk.work.delete(desk.boss, BatchType.PAYMENT, work_id)
    (row,) = desk.lists.posted(desk.boss, BatchType.PAYMENT, BatchQuery()).rows
    assert (row.batch_id, row.linked_to, row.images) == (batch_id, (), 1)


def test_charge_batches_with_open_cases_are_not_deleted(desk: Desk) -> None:
    _, work_id, _ = charge(desk)
    desk.entries.create_case(desk.boss, work_id)
    with pytest.raises(RefusedError, match="unsubmitted cases"):
        desk.work.delete(desk.boss, BatchType.CHARGE, work_id)


def test_drafts_are_checked(desk: Desk) -> None:
    with pytest.raises(FormRefusedError, match="Enter Expected Case Count"):
        desk.work.create(desk.boss, ChargeBatchDraft(desk.office.north))


def test_attaching_needs_the_link(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    (set_id, _), *_ = desk.layout(batch_id)
    elsewhere = desk.work.create(desk.boss, ChargeBatchDraft(desk.office.north, 1)).work_id
    case_id = desk.entries.create_case(desk.boss, elsewhere)
    with pytest.raises(
        RefusedError, match=f"Link batch {batch_id} to the work batch of case {case_id} first"
    ):
        desk.ties.attach(desk.boss, set_id, TargetKind.CASE, case_id)


def test_a_charge_set_goes_to_one_case(desk: Desk) -> None:
    _, work_id, (set_id,) = charge(desk)
    first = desk.entries.create_case(desk.boss, work_id, set_id=set_id)
    second = desk.entries.create_case(desk.boss, work_id)
    with pytest.raises(RefusedError, match=f"Set {set_id} is attached to case {first}; detach it first"):
        desk.ties.attach(desk.boss, set_id, TargetKind.CASE, second, also=True)


def test_a_payment_set_goes_to_several_payments_when_that_is_said(desk: Desk) -> None:
    _, work_id, (set_id,) = payment(desk)
    first = desk.entries.add_payment(desk.boss, work_id, PaymentDraft(PaymentKind.INSURANCE), set_id=set_id)
    second = desk.entries.add_payment(desk.boss, work_id, PaymentDraft(PaymentKind.GUARANTOR))
    with pytest.raises(RefusedError, match="Attach also to"):
        desk.ties.attach(desk.boss, set_id, TargetKind.PAYMENT, second)
    desk.ties.attach(desk.boss, set_id, TargetKind.PAYMENT, second, also=True)
    with pytest.raises(RefusedError, match="already attached"):
        desk.ties.attach(desk.boss, set_id, TargetKind.PAYMENT, second, also=True)
    assert [each.target_id for each in desk.ties.of_set(desk.boss, set_id)] == [first, second]


def test_a_held_set_is_not_attached_until_it_is_released(desk: Desk) -> None:
    batch_id, work_id, (set_id,) = charge(desk)
    desk.marks.hold(desk.boss, batch_id, set_id, "Question")
    with pytest.raises(RefusedError, match="is on hold; release it first"):
        desk.entries.create_case(desk.boss, work_id, set_id=set_id)
    desk.marks.release(desk.boss, batch_id, set_id)
    desk.entries.create_case(desk.boss, work_id, set_id=set_id)


def test_settled_targets_are_detached_by_a_supervisor_with_a_reason(desk: Desk) -> None:
    _, work_id, (set_id,) = charge(desk)
    case_id = desk.entries.create_case(desk.boss, work_id, set_id=set_id)
    desk.entries.set_case_status(desk.boss, case_id, CaseStatus.SUBMITTED)
    coder = with_only(desk.boss, CODER)
    with pytest.raises(NotPermittedError, match="supervisor"):
        desk.ties.detach(coder, set_id, TargetKind.CASE, case_id, "wrong set")
    with pytest.raises(RefusedError, match="reason"):
        desk.ties.detach(desk.boss, set_id, TargetKind.CASE, case_id)
    desk.ties.detach(desk.boss, set_id, TargetKind.CASE, case_id, "wrong set")
    with desk.database.reading() as stores:
        assert stores.audit.of("image_set", set_id)[-1].reason == "wrong set"


FORM = CodingForm(
    patient_last="Sample",
    patient_first="Sam",
    date_of_service=date(2026, 1, 4),
    procedures=(CodedProcedure("00810", "QK", 1),),
    provider_times=(ProviderTime("A. Ames", "CRNA", "07:30", "09:05"),),
)


def test_complete_coding_flows_into_the_case(desk: Desk) -> None:
    _, work_id, (set_id,) = charge(desk)
    desk.coding.save(desk.boss, set_id, FORM, 0)
    desk.coding.set_status(desk.boss, set_id, CodingStatus.COMPLETE)
    case = desk.entries.case(desk.boss, desk.entries.create_case(desk.boss, work_id, set_id=set_id))
    assert (case.patient_last, case.patient_first, case.imported_set_id) == ("Sample", "Sam", set_id)
    assert case.date_of_service == FORM.date_of_service
    assert case.charge_received == date(2026, 1, 6), "what was not keyed keeps the default"


@pytest.mark.parametrize("status", [CodingStatus.IN_PROGRESS, CodingStatus.IGNORED])
def test_other_coding_does_not(desk: Desk, status: CodingStatus) -> None:
    _, work_id, (set_id,) = charge(desk)
    desk.coding.save(desk.boss, set_id, FORM, 0)
    if status is not CodingStatus.IN_PROGRESS:
        desk.coding.set_status(desk.boss, set_id, status, "Blank")
    case_id = desk.entries.create_case(desk.boss, work_id, set_id=set_id)
    assert desk.entries.case(desk.boss, case_id).patient_last == ""
    with pytest.raises(RefusedError, match="only Complete can be imported"):
        desk.entries.import_coding(desk.boss, case_id, set_id)


def test_coding_completed_later_is_imported_once(desk: Desk) -> None:
    _, work_id, (set_id,) = charge(desk)
    case_id = desk.entries.create_case(desk.boss, work_id, set_id=set_id)
    desk.coding.save(desk.boss, set_id, FORM, 0)
    desk.coding.set_status(desk.boss, set_id, CodingStatus.COMPLETE)
    desk.entries.import_coding(desk.boss, case_id, set_id)
    assert desk.entries.case(desk.boss, case_id).patient_last == "Sample"
    with pytest.raises(RefusedError, match="already imported"):
        desk.entries.import_coding(desk.boss, case_id, set_id)
    with pytest.raises(RefusedError, match="already imported"):
        desk.coding.set_status(desk.boss, set_id, CodingStatus.IN_PROGRESS)


def test_the_form_comes_back_as_it_was_keyed_and_the_audit_holds_no_patient(desk: Desk) -> None:
    _, _, (set_id,) = charge(desk)
    form = replace(FORM, ssn="000000000", emergency=True, box19="note")
    assert desk.coding.form(desk.boss, set_id) == (CodingForm(), 0)
    assert desk.coding.save(desk.boss, set_id, form, 0) == 1
    assert desk.coding.form(desk.boss, set_id) == (form, 1)
    with desk.database.reading() as stores:
        events = stores.audit.of("image_set", set_id)
    assert [event.action for event in events] == ["coding.view", "set.coding_status", "set.code"]
    assert "patient_last" in str(events[-1].after)
    assert "Sample" not in str([(event.before, event.after) for event in events])


def test_two_coders_do_not_overwrite_each_other(desk: Desk) -> None:
    _, _, (set_id,) = charge(desk)
    desk.coding.save(desk.boss, set_id, FORM, 0)
    for seen in (0, 7):
        with pytest.raises(ChangedByAnotherError):
            desk.coding.save(desk.boss, set_id, CodingForm(), seen)
    assert desk.coding.form(desk.boss, set_id)[0] == FORM


def test_coding_on_hold_holds_the_set(desk: Desk) -> None:
    batch_id, _, (set_id,) = charge(desk)
    desk.coding.save(desk.boss, set_id, FORM, 0)
    desk.coding.set_status(desk.boss, set_id, CodingStatus.ON_HOLD, "Missing page", date(2026, 5, 1))
    (held,) = desk.views.contents(desk.boss, batch_id).sets
    assert (held.state.on_hold, held.state.hold_reason) == (True, "Missing page")
    with pytest.raises(RefusedError, match="In Progress to change the coding"):
        desk.coding.save(desk.boss, set_id, CodingForm(), 1)
    desk.coding.set_status(desk.boss, set_id, CodingStatus.IN_PROGRESS)
    assert not desk.views.contents(desk.boss, batch_id).sets[0].state.on_hold


def test_payment_sets_and_unposted_sets_are_not_coded(desk: Desk) -> None:
    _, _, (payment_set,) = payment(desk)
    unposted = desk.layout(desk.batch(1))[0][0]
    with pytest.raises(RefusedError, match="Only charge sets are coded"):
        desk.coding.save(desk.boss, payment_set, CodingForm(), 0)
    with pytest.raises(RefusedError, match="is not posted"):
        desk.coding.save(desk.boss, unposted, CodingForm(), 0)


def test_scan_clerks_do_not_code_link_or_attach(desk: Desk) -> None:
    batch_id, work_id, (set_id,) = charge(desk)
    clerk = with_only(desk.boss, SCAN_CLERK)
    for attempt in (
        lambda: desk.coding.save(clerk, set_id, CodingForm(), 0),
        lambda: desk.work.create(clerk, ChargeBatchDraft(desk.office.north, 1)),
        lambda: desk.work.unlink(clerk, batch_id, BatchType.CHARGE, work_id),
        lambda: desk.entries.create_case(clerk, work_id, set_id=set_id),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_coders_work_on_charges_only(desk: Desk) -> None:
    _, work_id, (set_id,) = payment(desk)
    coder = with_only(desk.boss, CODER)
    for attempt in (
        lambda: desk.work.payment_batch(coder, work_id),
        lambda: desk.entries.add_payment(coder, work_id, PaymentDraft(PaymentKind.INSURANCE), set_id=set_id),
        lambda: desk.work.create(coder, PaymentBatchDraft(desk.office.north)),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_payment_batches_post_when_count_and_sum_agree(desk: Desk) -> None:
    draft = PaymentBatchDraft(desk.office.north, expected_count=2, expected_cents=150)
    work_id = desk.work.create(desk.boss, draft).work_id
    desk.entries.add_payment(desk.boss, work_id, PaymentDraft(PaymentKind.INSURANCE, 100))
    with pytest.raises(RefusedError, match="2 payments expected, 1 entered"):
        desk.entries.post_payments(desk.boss, work_id)
    desk.entries.add_payment(desk.boss, work_id, PaymentDraft(PaymentKind.INSURANCE, 49))
    with pytest.raises(RefusedError, match="do not add up"):
        desk.entries.post_payments(desk.boss, work_id)
    sound = desk.work.create(desk.boss, draft).work_id
    for cents in (100, 50):
        desk.entries.add_payment(desk.boss, sound, PaymentDraft(PaymentKind.INSURANCE, cents))
    desk.entries.post_payments(desk.boss, sound)
    with pytest.raises(RefusedError, match="already posted"):
        desk.entries.post_payments(desk.boss, sound)
    with pytest.raises(RefusedError, match="is posted; no payment can be added"):
        desk.entries.add_payment(desk.boss, sound, PaymentDraft(PaymentKind.INSURANCE, 1))


def test_a_deposit_and_a_payment_set_know_each_other(desk: Desk) -> None:
    batch_id = desk.batch(2, header=desk.payment_header(), posted=True)
    (set_id, images), *_ = desk.layout(batch_id)
    deposit_id = eob_deposit(desk)
    assert desk.ties.sets_for_deposit(desk.boss) == [set_id]
    desk.ties.attach(desk.boss, set_id, TargetKind.DEPOSIT, deposit_id)
    assert [each.words for each in desk.ties.of_set(desk.boss, set_id)] == [f"deposit {deposit_id}"]
    pages = desk.ties.pages_of(desk.boss, TargetKind.DEPOSIT, deposit_id)
    assert [each.state.image_id for each in pages] == images
    with pytest.raises(NotFoundError, match=f"Deposit {deposit_id} was not found"):
        desk.ties.pages_of(desk.office.south_clerk, TargetKind.DEPOSIT, deposit_id)
    desk.ties.detach(desk.boss, set_id, TargetKind.DEPOSIT, deposit_id)
    assert desk.ties.pages_of(desk.boss, TargetKind.DEPOSIT, deposit_id) == []


def test_charge_sets_are_not_tied_to_deposits(desk: Desk) -> None:
    batch_id = desk.batch(1, posted=True)
    with pytest.raises(RefusedError, match="charge set cannot be attached to a deposit"):
        desk.ties.attach(desk.boss, desk.layout(batch_id)[0][0], TargetKind.DEPOSIT, eob_deposit(desk))


def test_deposits_that_do_not_exist(desk: Desk) -> None:
    batch_id = desk.batch(1, header=desk.payment_header(), posted=True)
    with pytest.raises(NotFoundError, match="Deposit 999999 was not found"):
        desk.ties.attach(desk.boss, desk.layout(batch_id)[0][0], TargetKind.DEPOSIT, 999_999)


def test_adding_to_an_attached_set_is_shown_as_late(desk: Desk) -> None:
    batch_id, work_id, (set_id,) = charge(desk)
    desk.entries.create_case(desk.boss, work_id, set_id=set_id)
    desk.sets.append(desk.boss, batch_id, [page("late")], set_id=set_id)
    (row,) = desk.lists.posted(desk.boss, BatchType.CHARGE, BatchQuery()).rows
    assert row.added_after_posting == 1
