"""The Image Batches page without a browser: what buttons say, which fields show, what follows from a choice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.builders import Office
from tests.images import pictures
from tests.services.scan_desk import READ_ONLY, Desk, eob_deposit, furnish_desk, with_only
from workbench.domain.identity import Actor
from workbench.domain.scan_batch.lists import CreatedRange
from workbench.domain.scan_batch.words import BatchStatus, BatchType, CodingStatus, PaymentKind
from workbench.errors import ChangedByAnotherError, RefusedError
from workbench.images.intake import Incoming
from workbench.images.store import ImageStore
from workbench.services.image_import import Target
from workbench.services.scan_batches.desk import FormRefusedError
from workbench.services.scan_desk import ScanDesk, furnish
from workbench.widgets.image_batches.coding import (
    LABELS,
    CodingModel,
    parse_procedures,
    parse_times,
    procedures_text,
    times_text,
)
from workbench.widgets.image_batches.header import HeaderModel
from workbench.widgets.image_batches.model import ScanBatchesModel, flags
from workbench.widgets.image_batches.paper import DepositPaper
from workbench.widgets.image_batches.posted import PostedModel
from workbench.widgets.image_batches.work import WorkModel


@pytest.fixture
def desk(office: Office) -> Desk:
    return furnish_desk(office)


@pytest.fixture
def services(desk: Desk, home: Path) -> ScanDesk:
    return furnish(desk.database, ImageStore(home / "images"))


@pytest.fixture
def listing(desk: Desk, services: ScanDesk) -> ScanBatchesModel:
    return ScanBatchesModel(services, lambda: desk.boss)


def show(model: ScanBatchesModel) -> list[int]:
    return [row.batch_id for row in model.page("Created", descending=False, offset=0, limit=50).rows]


def test_buttons_say_why_they_are_grey(desk: Desk, listing: ScanBatchesModel) -> None:
    unposted, posted, empty = desk.batch(1), desk.batch(1, posted=True), desk.batch()
    show(listing)
    assert listing.blockers()["post"] == "Select a batch."
    listing.select([unposted])
    assert set(listing.blockers()) == {"unpost", "restore"}
    listing.select([posted])
    assert listing.blockers()["update"] == "Only unposted batches can be updated."
    assert listing.blockers()["delete"] == "Posted batches cannot be deleted."
    assert listing.blockers()["post"].startswith(f"Batch {posted} was already posted by Supervisor at ")
    assert "view" not in listing.blockers()
    listing.select([empty])
    assert listing.blockers()["post"] == f"Batch {empty} has no images. Add at least one before posting."
    listing.select([unposted, empty])
    assert listing.blockers()["update"] == "Select one batch only."
    assert "delete" not in listing.blockers()


def test_without_a_right_everything_but_looking_is_grey(desk: Desk, services: ScanDesk) -> None:
    batch_id = desk.batch(1)
    reader = with_only(desk.boss, READ_ONLY)
    model = ScanBatchesModel(services, lambda: reader)
    show(model)
    model.select([batch_id])
    assert set(model.blockers()) == {"create", "update", "delete", "post", "unpost", "restore"}


def test_what_is_not_shown_cannot_be_selected(desk: Desk, listing: ScanBatchesModel) -> None:
    desk.batch(1)
    show(listing)
    listing.select([999])
    assert listing.selection == []


def test_filters(desk: Desk, listing: ScanBatchesModel) -> None:
    charge = desk.batch(1, posted=True)
    payment = desk.batches.create(desk.office.north_clerk, desk.payment_header("Checks of May"))
    for name, value, expected in (
        ("status", "Posted", [charge]),
        ("status", "Unposted", [payment]),
        ("status", None, [charge, payment]),
        ("batch_type", "Payment", [payment]),
        ("batch_type", None, [charge, payment]),
        ("text", "may", [payment]),
        ("text", None, [charge, payment]),
        ("mine", True, [charge]),
        ("mine", False, [charge, payment]),
        ("practice_id", str(desk.office.south), []),
    ):
        listing.narrow(name, value)
        assert show(listing) == expected, name
    assert listing.empty_text() == "No batch fits the filter."
    listing.clear()
    assert show(listing) == [charge, payment]


def test_posting_many_tells_about_each_and_selects_the_next(desk: Desk, listing: ScanBatchesModel) -> None:
    first, empty, second, third = desk.batch(1), desk.batch(), desk.batch(1), desk.batch(1)
    show(listing)
    listing.select([first, empty, second])
    assert listing.post() == [
        f"Batch {first} is posted. Create its charge batch on the Charge Batches tab.",
        f"Batch {empty} has no images. Add at least one before posting.",
        f"Batch {second} is posted. Create its charge batch on the Charge Batches tab.",
    ]
    assert listing.selection == [third]


def test_empty_sets_are_asked_about_before_posting(desk: Desk, listing: ScanBatchesModel) -> None:
    batch_id = desk.batch(1, 1)
    desk.sets.delete_images(desk.boss, batch_id, desk.layout(batch_id)[1][1])
    show(listing)
    listing.select([batch_id])
    assert listing.empty_sets_question() == f"Batch {batch_id} has 1 empty set. Drop them and post?"
    listing.post(drop_empty_sets=True)
    assert desk.batches.get(desk.boss, batch_id).status is BatchStatus.POSTED


def test_delete_names_what_goes_and_the_bin_gives_it_back(desk: Desk, listing: ScanBatchesModel) -> None:
    batch_id = desk.batch(2, 1)
    show(listing)
    listing.select([batch_id])
    assert listing.delete_question().startswith(f"Delete Batch {batch_id} (2 sets, 3 images)?")
    listing.delete()
    assert show(listing) == []
    listing.narrow("recycled", True)
    assert show(listing) == [batch_id]
    listing.select([batch_id])
    assert "restore" not in listing.blockers()
    listing.restore()
    listing.narrow("recycled", False)
    assert show(listing) == [batch_id]


def test_flags_of_a_row(desk: Desk, listing: ScanBatchesModel) -> None:
    batch_id = desk.batch(1, 1, posted=True)
    (first, _), _ = desk.layout(batch_id)
    desk.marks.hold(desk.boss, batch_id, first, "Poor scan")
    desk.batch()
    show(listing)
    assert [flags(row) for row in listing.rows] == ["1 on hold", "empty"]


def test_a_posted_batch_that_nobody_links_is_marked(desk: Desk, listing: ScanBatchesModel) -> None:
    waiting, fresh = desk.batch(1, posted=True), desk.batch(1, posted=True)
    show(listing)
    first, second = listing.rows
    assert (first.batch_id, second.batch_id) == (waiting, fresh)
    assert first.posted_at is not None
    old = replace(first, posted_at=first.posted_at - timedelta(days=9))
    assert [flags(old), flags(second)] == ["not linked for 9 days", ""]
    assert flags(replace(old, linked_to=(3,))) == ""


@pytest.fixture
def header(desk: Desk, services: ScanDesk) -> HeaderModel:
    model = HeaderModel(services, lambda: desk.boss)
    model.start_new()
    return model


def one_practice(desk: Desk) -> Callable[[], Actor]:
    return lambda: desk.office.north_clerk


def test_the_only_practice_is_filled_in(desk: Desk, services: ScanDesk, header: HeaderModel) -> None:
    assert header.header.practice_id is None, "of two practices none is guessed"
    model = HeaderModel(services, one_practice(desk))
    model.start_new()
    assert model.header.practice_id == desk.office.north
    assert not model.changed


@pytest.mark.parametrize(
    ("kind", "hidden"),
    [
        (None, {"facility_id", "date_of_service", "charge_received", "payer_id", "plan_id"}),
        (BatchType.CHARGE, {"payer_id", "plan_id"}),
        (BatchType.PAYMENT, {"facility_id", "date_of_service", "charge_received"}),
    ],
)
def test_fields_follow_the_type(header: HeaderModel, kind: BatchType | None, hidden: set[str]) -> None:
    header.change("batch_type", kind)
    assert set(header.hidden()) == hidden


def test_payer_and_plan_follow_each_other(desk: Desk, header: HeaderModel) -> None:
    assert [each.name for each in header.plans("", 20).entries] == ["ACME Gold", "Zenith Blue"]
    header.change("plan_id", desk.plan)
    assert header.header.payer_id == desk.office.acme
    header.change("payer_id", desk.office.zenith)
    assert header.header.plan_id is None
    assert [each.name for each in header.plans("", 20).entries] == ["Zenith Blue"]


def test_facilities_follow_the_practice(desk: Desk, header: HeaderModel) -> None:
    header.change("practice_id", desk.office.north)
    assert [each.name for each in header.facilities("mary", 20).entries] == ["St. Mary"]
    header.change("facility_id", desk.facility)
    header.change("practice_id", desk.office.south)
    assert header.header.facility_id is None
    assert [each.name for each in header.facilities("", 20).entries] == ["Valley Pain"]


def test_save_creates_and_update_shows_what_is_stored(desk: Desk, header: HeaderModel) -> None:
    header.change("practice_id", desk.office.north)
    header.change("batch_type", BatchType.CHARGE)
    header.change("description", "New one")
    assert header.changed
    batch_id = header.save()
    assert not header.changed
    header.start_update(batch_id)
    assert header.header.description == "New one"
    assert header.blocked() == {}
    assert [label for label, _ in header.stamps()] == ["Created"]


def test_posted_headers_show_why_they_are_closed(desk: Desk, header: HeaderModel) -> None:
    header.start_update(desk.batch(1, posted=True))
    blocked = header.blocked()
    assert blocked["facility_id"] == "Only unposted batches can be updated."
    assert "description" not in blocked
    assert [label for label, _ in header.stamps()] == ["Created", "Updated", "Posted"]


def test_changing_the_type_says_what_is_lost(desk: Desk, header: HeaderModel) -> None:
    header.start_update(desk.batch(1))
    assert header.lost_by(BatchType.PAYMENT) == ["facility_id", "date_of_service", "charge_received"]
    assert header.lost_by(BatchType.CHARGE) == []


def posted(desk: Desk, services: ScanDesk, kind: BatchType = BatchType.CHARGE) -> PostedModel:
    model = PostedModel(services, lambda: desk.boss, kind)
    model.start()
    model.page("Created", descending=False, offset=0, limit=50)
    return model


def test_the_tabs_start_with_the_last_five_days(desk: Desk, services: ScanDesk) -> None:
    model = posted(desk, services)
    assert model.search.created is CreatedRange.LAST_5_DAYS
    model.narrow("created", "All open work")
    model.narrow("hold_only", True)
    model.keep_search()
    again = posted(desk, services)
    assert (again.search.created, again.search.hold_only) == (CreatedRange.ALL_OPEN, True)


def test_from_posted_batch_to_case(desk: Desk, services: ScanDesk) -> None:
    batch_id = desk.batch(1, 1, posted=True)
    model = posted(desk, services)
    assert model.blockers()["create"] == "Select a batch."
    model.select_batch(batch_id)
    set_id = model.sets[0].set_id
    assert model.blockers()["code"] == "Select a set."
    model.select_set(set_id)
    assert model.blockers()["enter"] == "Create or link a charge batch first."
    work = WorkModel(services, lambda: desk.boss, BatchType.CHARGE)
    work.start(batch_id)
    work.change("expected_case_count", 2)
    linked = work.create()
    model.page("Created", descending=False, offset=0, limit=50)
    assert set(model.blockers()) == {"detach", "import_coding"}
    assert model.create_case().endswith("nothing is imported until its coding is Complete.")
    assert model.blockers()["enter"].startswith(f"Set {set_id} is attached to case ")
    (entry,) = work.entries(linked.work_id)
    assert (entry.code, entry.set_ids) == ("SVCFE", (set_id,))
    assert work.balance(linked.work_id).startswith("Expected Case Count 2, Current Case Count 1")
    assert model.detach("wrong set") == f"Set {set_id} is detached from case {entry.entry_id}."
    assert model.blockers()["detach"] == f"Set {set_id} is not attached."


def test_payments_carry_their_activity_code(desk: Desk, services: ScanDesk) -> None:
    batch_id = desk.batch(1, header=desk.payment_header(), posted=True)
    model = posted(desk, services, BatchType.PAYMENT)
    model.select_batch(batch_id)
    work = WorkModel(services, lambda: desk.boss, BatchType.PAYMENT)
    work.start(batch_id)
    assert work.names() == {"payer_id": "ACME HEALTH", "plan_id": "ACME Gold"}
    work_id = work.create().work_id
    work.add_payment(work_id, model.sets[0].set_id, PaymentKind.COLLECTIONS, 12_34, "771")
    (entry,) = work.entries(work_id)
    assert (entry.code, entry.amount_cents, entry.who) == ("EPYMT", 12_34, "771")


def test_one_paper_shows_several_payments_and_the_batch_posts_when_all_are_in(
    desk: Desk, services: ScanDesk
) -> None:
    batch_id = desk.batch(1, 1, header=desk.payment_header(), posted=True)
    model = posted(desk, services, BatchType.PAYMENT)
    model.select_batch(batch_id)
    first, second = (each.set_id for each in model.sets)
    work = WorkModel(services, lambda: desk.boss, BatchType.PAYMENT)
    work.start(batch_id)
    work_id = work.create().work_id
    assert work.blockers(work_id) == {"post": f"Payment batch {work_id} has no payments."}
    paid = [work.add_payment(work_id, first, PaymentKind.INSURANCE, 10_00, "1")]
    assert work.blockers(work_id) == {
        "post": f"Payment batch {work_id}: 2 payments expected, 1 entered.",
        "unlink": f"Set {first} is attached to payment {paid[0]}; detach it first.",
        "delete": f"Payment batch {work_id} holds payments; it cannot be deleted.",
    }
    paid.append(work.add_payment(work_id, second, PaymentKind.GUARANTOR, 5_00, "2"))
    model.page("Created", descending=False, offset=0, limit=50)
    model.select_set(first)
    assert model.targets() == [(str(paid[1]), f"Payment {paid[1]} Guarantor 2")]
    assert model.attach(paid[1]) == f"Set {first} is attached to payment {paid[1]}."
    assert model.targets() == []
    assert work.entries(work_id)[1].set_ids == (second, first)
    assert work.post(work_id) == f"Payment batch {work_id} is posted."
    assert work.blockers(work_id)["post"] == f"Payment batch {work_id} was already posted."


def test_what_was_expected_wrongly_is_corrected_before_posting(desk: Desk, services: ScanDesk) -> None:
    """Spec 1.5: "start with 1 and correct later"; a payment keyed wrongly does not block its batch for ever."""
    batch_id = desk.batch(1, 1, header=desk.payment_header(), posted=True)
    work = WorkModel(services, lambda: desk.boss, BatchType.PAYMENT)
    work.start(batch_id)
    work.change("expected_cents", 99_00)
    work_id = work.create().work_id
    set_id = desk.layout(batch_id)[0][0]
    first = work.add_payment(work_id, set_id, PaymentKind.INSURANCE, None, "1")
    second = work.add_payment(work_id, set_id, PaymentKind.INSURANCE, 5_00, "2")
    assert work.blockers(work_id)["post"] == f"Payment batch {work_id} has payments without an amount."
    seen = work.payment(work_id, first)
    work.change_payment(seen, PaymentKind.GUARANTOR, 10_00, "1a")
    with pytest.raises(ChangedByAnotherError):
        work.change_payment(seen, PaymentKind.GUARANTOR, 11_00, "1a")
    work.delete_payment(work.payment(work_id, second))
    assert work.balance(work_id) == ("Expected 2, Current 1, Expected Amount 99.00, Total 10.00, Status Open")
    (entry,) = work.entries(work_id)
    assert (entry.code, entry.amount_cents, entry.who) == ("GPYMT", 10_00, "1a")
    work.start_edit(work_id)
    work.change("expected_count", 1)
    work.change("expected_cents", 10_00)
    stale = WorkModel(services, lambda: desk.boss, BatchType.PAYMENT)
    stale.start_edit(work_id)
    assert work.save() == f"Payment batch {work_id} is saved."
    with pytest.raises(ChangedByAnotherError):
        stale.save()
    work.post(work_id)
    posted_payment = work.payment(work_id, first)
    for change in (
        lambda: work.delete_payment(posted_payment),
        lambda: (work.start_edit(work_id), work.save()),
    ):
        with pytest.raises(RefusedError, match="can no longer be changed"):
            change()
    assert work.blockers(work_id)["edit"].endswith("can no longer be changed.")


def test_a_charge_batch_is_corrected(desk: Desk, services: ScanDesk) -> None:
    batch_id = desk.batch(1, posted=True)
    work = WorkModel(services, lambda: desk.boss, BatchType.CHARGE)
    work.start(batch_id)
    work_id = work.create().work_id
    work.start_edit(work_id)
    work.change("expected_case_count", 7)
    work.change("date_of_service", date(2199, 1, 1))
    with pytest.raises(FormRefusedError, match="in the future"):
        work.save()
    work.change("date_of_service", date(2026, 1, 4))
    work.save()
    assert work.balance(work_id).startswith("Expected Case Count 7,")
    with desk.database.reading() as stores:
        event = stores.audit.of("charge_batch", work_id)[-1]
    assert (event.action, event.before, event.after) == (
        "charge_batch.update",
        {"expected_case_count": 1, "date_of_service": "2026-01-05"},
        {"expected_case_count": 7, "date_of_service": "2026-01-04"},
    )


def test_coding_that_is_complete_after_the_case_was_made_is_imported(desk: Desk, services: ScanDesk) -> None:
    batch_id = desk.batch(1, posted=True)
    work = WorkModel(services, lambda: desk.boss, BatchType.CHARGE)
    work.start(batch_id)
    work_id = work.create().work_id
    model = posted(desk, services)
    model.select_batch(batch_id)
    set_id = model.sets[0].set_id
    model.select_set(set_id)
    assert model.blockers()["import_coding"] == "Attach the set to a case first."
    case_id = services.entries.create_case(desk.boss, work_id)
    assert model.targets() == [(str(case_id), f"Case {case_id}")]
    model.attach(case_id)
    assert model.blockers()["import_coding"] == f"Set {set_id} is Not Coded; only Complete can be imported."
    coding = CodingModel(services, lambda: desk.boss)
    coding.start(set_id, CodingStatus.NOT_CODED)
    empty = dict.fromkeys((*LABELS, "procedures", "provider_times"))
    coding.save(empty | {"patient_last": "Sample", "emergency": False}, CodingStatus.COMPLETE, "")
    assert model.import_coding() == f"The coding of set {set_id} was imported into case {case_id}."
    assert services.entries.case(desk.boss, case_id).patient_last == "Sample"


def test_a_work_batch_is_unlinked_or_deleted_while_it_is_empty(desk: Desk, services: ScanDesk) -> None:
    batch_id = desk.batch(1, posted=True)
    work = WorkModel(services, lambda: desk.boss, BatchType.CHARGE)
    work.start(batch_id)
    first, second = work.create().work_id, work.create().work_id
    assert work.blockers(first) == {}
    work.unlink(first)
    work.delete(second)
    (row,) = posted(desk, services).rows
    assert row.linked_to == ()
    assert work.candidates() == [(str(first), f"{first} March stack")]
    reader = with_only(desk.boss, READ_ONLY)
    refused = WorkModel(services, lambda: reader, BatchType.CHARGE)
    refused.image_batch_id = batch_id
    assert {name: text.split(" (")[0] for name, text in refused.blockers(first).items()} == {
        "unlink": "You may not link here",
        "delete": "You may not link here",
        "edit": "You may not change work batches",
    }


def test_linking_offers_open_batches(desk: Desk, services: ScanDesk) -> None:
    first, second = desk.batch(1, posted=True), desk.batch(1, posted=True)
    work = WorkModel(services, lambda: desk.boss, BatchType.CHARGE)
    work.start(first)
    work_id = work.create().work_id
    work.start(second)
    assert work.candidates() == [(str(work_id), f"{work_id} March stack")]
    work.link(work_id)
    assert work.candidates() == []


def test_coding_goes_from_not_coded_to_complete_in_one_save(desk: Desk, services: ScanDesk) -> None:
    batch_id = desk.batch(1, posted=True)
    set_id = desk.layout(batch_id)[0][0]
    model = CodingModel(services, lambda: desk.boss)
    model.start(set_id, CodingStatus.NOT_CODED)
    values = dict.fromkeys(LABELS) | {"patient_last": "Sample", "emergency": True}
    values |= {"procedures": "00810 QK,P2 2\n01996", "provider_times": "A. Ames; CRNA; 07:30; 09:05"}
    model.save(values, CodingStatus.COMPLETE, "")
    form, _ = desk.coding.form(desk.boss, set_id)
    assert (form.patient_last, form.emergency, form.patient_first) == ("Sample", True, "")
    assert [(each.code, each.modifiers, each.units) for each in form.procedures] == [
        ("00810", "QK,P2", 2),
        ("01996", "", 1),
    ]
    assert desk.lists.sets_of(desk.boss, batch_id)[0].coding_status is CodingStatus.COMPLETE
    assert parse_procedures(procedures_text(form)) == form.procedures
    assert parse_times(times_text(form)) == form.provider_times


@pytest.mark.parametrize("text", ["00810 QK two", "00810 QK 1 more"])
def test_procedures_that_cannot_be_read(text: str) -> None:
    with pytest.raises(RefusedError, match="One per line"):
        parse_procedures(text)


def test_the_queue_holds_sets_of_its_own_type_until_they_are_tied(desk: Desk, services: ScanDesk) -> None:
    charge = desk.batch(1, posted=True)
    payment = desk.batch(1, header=desk.payment_header(), posted=True)
    model = posted(desk, services, BatchType.PAYMENT)
    assert [each.batch_id for each in model.waiting()] == [payment]
    assert [each.batch_id for each in posted(desk, services).waiting()] == [charge]
    model.select_batch(payment)
    model.select_set(model.sets[0].set_id)
    deposit_id = eob_deposit(desk)
    assert model.tie_deposit(deposit_id) == f"Set {model.set_id} is tied to deposit {deposit_id}."
    assert model.waiting() == []


def test_the_paper_of_a_deposit(desk: Desk, services: ScanDesk) -> None:
    batch_id = desk.batches.create(desk.boss, desk.payment_header())
    wide = Incoming("eob.png", pictures.saved(pictures.page(1, 300, 200), "PNG"))
    tall = Incoming("check.png", pictures.saved(pictures.page(2, 200, 300), "PNG"))
    list(services.imports.run(desk.boss, batch_id, [wide, tall], Target.NEW_SET))
    (set_id, (first, _)), *_ = desk.layout(batch_id)
    desk.marks.rotate(desk.boss, batch_id, [first], 90)
    desk.batches.post(desk.boss, batch_id)
    paper = DepositPaper(services, lambda: desk.boss)
    paper.look_at(eob_deposit(desk))
    assert (paper.picture(), paper.blockers()["view"]) == (b"", "No image set is tied to this deposit.")
    assert paper.candidates() == [(str(set_id), f"Set {set_id}")]
    paper.tie(set_id)
    assert paper.position() == f"Page 1 of 2: set {set_id}, page 1, batch {batch_id}"
    assert paper.candidates() == []
    with Image.open(BytesIO(paper.picture())) as shown:
        assert shown.width < shown.height, "turned as its row says"
    assert paper.blockers() == {"earlier": "This is the first page."}
    paper.step(5)
    assert paper.blockers() == {"later": "This is the last page."}
    paper.untie("wrong check")
    assert paper.pages == []


def test_no_paper_for_whom_may_not_see_images(desk: Desk, services: ScanDesk) -> None:
    nobody = with_only(desk.boss, frozenset())
    paper = DepositPaper(services, lambda: nobody)
    paper.look_at(eob_deposit(desk))
    assert (paper.pages, paper.blockers()["tie"]) == ([], "You may not tie image sets (set.attach).")
