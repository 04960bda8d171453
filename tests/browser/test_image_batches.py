"""The Image Batches page in a real browser: the acceptance list of spec scan-batches 5.1, by accessible names.

Point 9 (Set ID list, thumbnails, scale) is the viewer's: test_image_viewer.py.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.server import serving
from tests.images import pictures
from tests.services.scan_desk import page as page_named
from tests.services.scan_desk import store_eob_deposit
from workbench.app import Workbench, open_workbench
from workbench.config import Settings
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.lists import BatchQuery
from workbench.domain.scan_batch.words import BatchStatus, BatchType, CodingStatus, PaymentBatchStatus
from workbench.images.intake import Incoming
from workbench.services.image_import import Target
from workbench.storage.tables import batches as t
from workbench.storage.tables.office import payers

pytestmark = pytest.mark.browser

Shoot = Callable[[Page, str], Path]
READER = Path(__file__).parent / "reader"
MANY_PAYERS = 5000


@dataclass
class Office:
    """A served office of one practice; `desk` sets the scene and looks what became of it."""

    address: str
    home: Path
    desk: Workbench
    practice_id: int
    facility_id: int
    acme: int
    plan_id: int

    def charge(self, description: str = "", *, pages: int = 0, posted: bool = False) -> int:
        header = BatchHeader(
            description,
            self.practice_id,
            BatchType.CHARGE,
            self.facility_id,
            date(2026, 1, 5),
            date(2026, 1, 6),
        )
        return self._batch(header, pages, posted=posted)

    def payment(self, description: str = "", *, pages: int = 0, posted: bool = False) -> int:
        header = BatchHeader(
            description, self.practice_id, BatchType.PAYMENT, payer_id=self.acme, plan_id=self.plan_id
        )
        return self._batch(header, pages, posted=posted)

    def _batch(self, header: BatchHeader, pages: int, *, posted: bool) -> int:
        scan, actor = self.desk.scan_desk, self.desk.actor
        batch_id = scan.batches.create(actor, header)
        if pages:
            scan.sets.append(actor, batch_id, [page_named(f"{batch_id}-{each}") for each in range(pages)])
        if posted:
            scan.batches.post(actor, batch_id)
        return batch_id

    def clear(self) -> None:
        """Each test begins with an empty list; what earlier tests made is out of sight in the recycle bin."""
        with self.desk.database.transaction() as stores:
            stores.connection.execute(
                sa.update(t.image_batches).values(
                    status=BatchStatus.UNPOSTED.value,
                    posted_at=None,
                    posted_by_id=None,
                    deleted_at=datetime.now(UTC),
                )
            )


def furnish(home: Path) -> tuple[Workbench, dict[str, int]]:
    desk = open_workbench(Settings(home, f"sqlite:///{home / 'workbench.sqlite3'}"))
    with desk.database.transaction() as stores:
        practice_id = stores.office.add_practice("North Anesthesia")
        facility_id = stores.office.add_facility("St. Mary", [practice_id])
        stores.office.add_facility("Valley Pain", [practice_id])
        acme = stores.office.add_payer("ACME HEALTH")
        plan_id = stores.office.add_plan(acme, "ACME Gold")
        zenith = stores.office.add_payer("ZENITH MUTUAL")
        stores.office.add_plan(zenith, "Zenith Blue")
        stores.connection.execute(
            sa.insert(payers), [{"name": f"Payer {number:04d}"} for number in range(MANY_PAYERS)]
        )
    return desk, {
        "practice_id": practice_id,
        "facility_id": facility_id,
        "acme": acme,
        "plan_id": plan_id,
    }


@pytest.fixture(scope="module")
def served_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("batches") / "home"
    desk, ids = furnish(home)
    with serving(home) as served:
        yield Office(served.address, home, desk, **ids)
    desk.close()


@pytest.fixture
def office(served_office: Office) -> Office:
    served_office.clear()
    return served_office


@dataclass
class Batches:
    """The page, by the words on it."""

    page: Page

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def grid(self, name: str = "Scan Batches") -> Locator:
        return self.page.get_by_role("grid", name=name, exact=True)

    def rows(self, name: str = "Scan Batches") -> Locator:
        """Without the heading."""
        return self.grid(name).get_by_role("row").filter(has=self.page.get_by_role("gridcell"))

    def column(self, heading: str, grid: str = "Scan Batches") -> list[str]:
        """The texts of a column from top to bottom."""
        headings = [each.inner_text() for each in self.grid(grid).get_by_role("columnheader").all()]
        place = next(at for at, text in enumerate(headings) if text.startswith(heading))
        return [row.get_by_role("gridcell").nth(place).inner_text() for row in self.rows(grid).all()]

    def select(self, wanted: int, grid: str = "Scan Batches") -> None:
        """Selects the row with this Batch ID or Set ID, and waits until the buttons know of it."""
        expect(self.grid(grid)).to_be_visible()
        number = self.column("Set ID" if grid == "Sets" else "Batch ID", grid).index(str(wanted))
        self.rows(grid).nth(number).click()
        expect(self.rows(grid).nth(number)).to_have_attribute("aria-selected", "true")
        if grid == "Sets":
            expect(self.button("Code")).to_be_enabled()  # charge sets; the payment tab has other buttons
        else:
            expect(self.button("View")).to_be_enabled()

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()
        expect(self.page.get_by_role("tabpanel", name=name, exact=True)).to_be_visible()

    def dialog(self, name: str) -> Locator:
        return self.page.get_by_role("dialog", name=name, exact=True)

    def new(self) -> Locator:
        self.page.keyboard.press("Alt+c")
        dialog = self.dialog("New Image Batch")
        expect(dialog).to_be_visible()
        return dialog


@pytest.fixture
def batches(office: Office, open_tab: OpenPage) -> Callable[[], Batches]:
    def open_page() -> Batches:
        # `t` is today where the clerk sits: in the practice's own zone, not in that of a CI machine.
        page = open_tab(f"{office.address}/image_batches", width=1440, height=900, zone="America/New_York")
        found = Batches(page)
        expect(found.button("Create")).to_be_enabled()
        return found

    return open_page


OpenBatches = Callable[[], Batches]


def field(dialog: Locator, label: str) -> Locator:
    return dialog.get_by_label(label, exact=True).and_(dialog.locator("input, select, textarea"))


def suggestions(dialog: Locator, label: str) -> Locator:
    return dialog.get_by_role("listbox", name=label, exact=True).get_by_role("option")


def choose(dialog: Locator, label: str, typed: str, option: str) -> None:
    """Types into a look-up and takes an option by keyboard."""
    field(dialog, label).fill(typed)
    expect(dialog.get_by_role("option", name=option)).to_be_visible()
    field(dialog, label).press("Enter")
    expect(field(dialog, label)).to_have_value(option)


def test_1_the_only_practice_is_filled_in(batches: OpenBatches) -> None:
    dialog = batches().new()
    chosen = field(dialog, "Practice").locator("option:checked")
    expect(chosen).to_have_text("North Anesthesia")


def test_2_fields_follow_the_type_in_the_order_of_the_seed(batches: OpenBatches, screenshot: Shoot) -> None:
    found = batches()
    dialog = found.new()
    charge = ["Facility", "Date of Service", "Charge Received"]
    payment = ["Payer", "Plan"]
    for label in charge + payment:
        expect(field(dialog, label)).to_be_hidden()
    field(dialog, "Batch Type").select_option("Charge")
    expect(field(dialog, "Facility")).to_be_visible()
    shown = [each.inner_text() for each in dialog.locator("label").all() if each.is_visible()]
    assert shown == ["Description", "Practice", "Batch Type", *charge]
    screenshot(found.page, "charge")
    field(dialog, "Batch Type").select_option("Payment")
    expect(field(dialog, "Payer")).to_be_visible()
    shown = [each.inner_text() for each in dialog.locator("label").all() if each.is_visible()]
    assert shown == ["Description", "Practice", "Batch Type", *payment]


def test_3_plans_follow_the_payer(batches: OpenBatches) -> None:
    dialog = batches().new()
    field(dialog, "Batch Type").select_option("Payment")
    choose(dialog, "Payer", "acme", "ACME HEALTH")
    choose(dialog, "Plan", "gold", "ACME Gold")
    choose(dialog, "Payer", "zen", "ZENITH MUTUAL")
    expect(field(dialog, "Plan")).to_have_value("")
    field(dialog, "Plan").press("ArrowDown")
    expect(suggestions(dialog, "Plan")).to_have_text(["Zenith Blue"])


def test_3_a_plan_brings_its_payer(batches: OpenBatches) -> None:
    dialog = batches().new()
    field(dialog, "Batch Type").select_option("Payment")
    choose(dialog, "Plan", "gold", "ACME Gold")
    expect(field(dialog, "Payer")).to_have_value("ACME HEALTH")


def test_type_ahead_stays_quick_with_five_thousand_payers(batches: OpenBatches) -> None:
    dialog = batches().new()
    field(dialog, "Batch Type").select_option("Payment")
    field(dialog, "Payer").fill("payer 49")
    expect(suggestions(dialog, "Payer")).to_have_count(20)
    expect(dialog.get_by_text("20 of 100: type on")).to_be_visible()
    field(dialog, "Payer").fill("payer 4999")
    expect(suggestions(dialog, "Payer")).to_have_text(["Payer 4999"])


def test_4_save_creates_the_batch_and_opens_the_viewer(office: Office, batches: OpenBatches) -> None:
    found = batches()
    dialog = found.new()
    field(dialog, "Description").fill("  Morning mail ")
    field(dialog, "Batch Type").focus()
    field(dialog, "Batch Type").select_option("Charge")
    choose(dialog, "Facility", "mary", "St. Mary")
    field(dialog, "Date of Service").press("t")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(found.page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Image Viewer \[\d+\]$"))
    batch_id = int(re.findall(r"\d+", found.page.get_by_role("heading", level=1).inner_text())[0])
    stored = office.desk.scan_desk.batches.get(office.desk.actor, batch_id)
    assert (stored.status, stored.header.description, stored.header.facility_id) == (
        BatchStatus.UNPOSTED,
        "Morning mail",
        office.facility_id,
    )
    found.page.go_back()
    expect(found.grid()).to_be_visible()
    assert found.column("Batch ID") == [str(batch_id)]
    assert found.column("Status") == ["Unposted"]
    assert re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d", found.column("Created")[0])


def test_errors_stand_beside_their_fields(batches: OpenBatches, screenshot: Shoot) -> None:
    found = batches()
    dialog = found.new()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_text("Choose a batch type.")).to_be_visible()
    expect(field(dialog, "Batch Type")).to_be_focused()
    field(dialog, "Batch Type").select_option("Charge")
    field(dialog, "Date of Service").fill("01/01/2199")
    field(dialog, "Date of Service").press("Tab")
    expect(dialog.get_by_text("Date of Service is in the future.")).to_be_visible()
    screenshot(found.page, "errors")


def test_leaving_with_unsaved_changes_asks(batches: OpenBatches) -> None:
    found = batches()
    dialog = found.new()
    field(dialog, "Description").fill("half typed")
    field(dialog, "Description").press("Tab")
    found.page.keyboard.press("Escape")
    question = found.dialog("Unsaved changes")
    expect(question).to_be_visible()
    question.get_by_role("button", name="No", exact=True).click()
    expect(question).to_be_hidden()
    expect(field(dialog, "Description")).to_have_value("half typed")
    found.page.keyboard.press("Escape")
    question.get_by_role("button", name="Yes", exact=True).click()
    expect(dialog).to_be_hidden()


def test_5_status_filter_and_default_sort(office: Office, batches: OpenBatches, screenshot: Shoot) -> None:
    posted, unposted = office.charge("first", pages=1, posted=True), office.payment("second")
    found = batches()
    status = found.page.get_by_label("Batch Status", exact=True)
    expect(status.locator("option:checked")).to_have_text("Any")
    assert [each.inner_text() for each in status.locator("option").all()] == ["Any", "Posted", "Unposted"]
    assert found.column("Batch ID") == [str(posted), str(unposted)]
    expect(found.grid().get_by_role("columnheader", name="Created", exact=False).first).to_have_attribute(
        "aria-sort", "ascending"
    )
    screenshot(found.page, "list")
    status.select_option("Posted")
    expect(found.rows()).to_have_count(1)
    assert found.column("Batch ID") == [str(posted)]
    status.select_option("Unposted")
    expect(found.grid().get_by_text("second")).to_be_visible()
    assert found.column("Batch ID") == [str(unposted)]


def test_6_post_stamps_and_moves_to_the_matching_tab(office: Office, batches: OpenBatches) -> None:
    batch_id = office.charge("to post", pages=2)
    found = batches()
    found.select(batch_id)
    found.page.keyboard.press("Alt+p")
    expect(found.page.get_by_text(f"Batch {batch_id} is posted.")).to_be_visible()
    expect(found.rows().get_by_text("Posted", exact=True)).to_be_visible()
    assert re.fullmatch(r"\d\d/\d\d/\d{4} \d\d:\d\d", found.column("Posted")[0])
    found.tab("Charge Batches")
    expect(found.rows("Charge Batches")).to_have_count(1)
    assert found.column("Batch ID", "Charge Batches") == [str(batch_id)]
    found.tab("Payment Batches")
    expect(found.page.get_by_text("No posted payment batch in this search.")).to_be_visible()


def test_6_a_batch_without_images_is_not_posted(office: Office, batches: OpenBatches) -> None:
    batch_id = office.charge("empty")
    found = batches()
    found.select(batch_id)
    expect(found.button("Post")).to_be_disabled()
    expect(found.button("Post")).to_have_attribute(
        "title", re.compile(f"Batch {batch_id} has no images. Add at least one before posting.")
    )


def test_7_posted_batches_are_neither_updated_nor_deleted(office: Office, batches: OpenBatches) -> None:
    batch_id = office.charge("frozen", pages=1, posted=True)
    found = batches()
    found.select(batch_id)
    for button, text in (
        ("Update", "Only unposted batches can be updated."),
        ("Delete", "Posted batches cannot be deleted."),
    ):
        expect(found.button(button)).to_be_disabled()
        expect(found.button(button)).to_have_attribute("title", re.compile(re.escape(text)))


def test_update_and_delete_of_an_unposted_batch(office: Office, batches: OpenBatches) -> None:
    batch_id = office.charge("before", pages=3)
    found = batches()
    found.select(batch_id)
    found.page.keyboard.press("Alt+u")
    dialog = found.dialog(f"Image Batch {batch_id}")
    field(dialog, "Description").fill("after")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(found.grid().get_by_text("after")).to_be_visible()
    found.select(batch_id)
    found.page.keyboard.press("Delete")
    question = found.dialog("Delete Image Batch")
    expect(question).to_contain_text(f"Batch {batch_id} (1 set, 3 images)")
    expect(question.get_by_role("button", name="No", exact=True)).to_be_focused()
    question.get_by_role("button", name="Yes", exact=True).click()
    expect(found.rows().filter(has_text="after")).to_have_count(0)
    found.page.get_by_label("Recycle bin").check()
    expect(found.grid().get_by_text("after")).to_be_visible()


def test_8_a_posted_batch_is_viewed_and_takes_a_new_set(
    office: Office, batches: OpenBatches, tmp_path: Path
) -> None:
    batch_id = office.charge("late", pages=1, posted=True)
    file = tmp_path / "late.png"
    file.write_bytes(pictures.saved(pictures.page(1, 425, 550), "PNG", dpi=(50, 50)))
    found = batches()
    found.select(batch_id)
    found.page.keyboard.press("v")
    expect(found.page.get_by_role("heading", level=1)).to_have_text(f"Image Viewer [{batch_id}]")
    found.page.keyboard.press("i")
    found.dialog("Import files").get_by_label("Add to", exact=True).select_option("New set")
    with found.page.expect_file_chooser() as chooser:
        found.button("Choose files").click()
    chooser.value.set_files(file)
    expect(found.page.get_by_role("listbox", name="Sets").get_by_role("option")).to_have_count(2)
    scan, actor = office.desk.scan_desk, office.desk.actor
    assert [each.added_after_posting for each in scan.lists.sets_of(actor, batch_id)] == [False, True]


@pytest.mark.parametrize("kind", BatchType)
def test_10_search_of_the_posted_tabs(office: Office, batches: OpenBatches, kind: BatchType) -> None:
    make = office.charge if kind is BatchType.CHARGE else office.payment
    old, held = make("old", pages=1, posted=True), make("held", pages=1, posted=True)
    scan, actor = office.desk.scan_desk, office.desk.actor
    set_id = scan.lists.sets_of(actor, held)[0].set_id
    scan.marks.hold(actor, held, set_id, "Poor scan")
    with office.desk.database.transaction() as stores:
        stores.connection.execute(
            sa.update(t.image_batches)
            .where(t.image_batches.c.id == old)
            .values(created_at=datetime.now(UTC) - timedelta(days=6))
        )
    found = batches()
    tab = f"{kind.value} Batches"
    found.tab(tab)
    panel = found.page.get_by_role("tabpanel", name=tab, exact=True)
    created = panel.get_by_role("combobox", name="Created", exact=True)
    expect(created.locator("option:checked")).to_have_text("Last 5 Days")
    expect(found.rows(tab)).to_have_count(1)
    created.select_option("Last 30 Days")
    expect(found.rows(tab)).to_have_count(2)
    panel.get_by_role("checkbox", name="Only include batches with sets on hold").check()
    expect(found.rows(tab)).to_have_count(1)
    assert found.column("Batch ID", tab) == [str(held)]


def test_11_a_new_charge_batch_inherits(office: Office, batches: OpenBatches, screenshot: Shoot) -> None:
    batch_id = office.charge("March stack", pages=2, posted=True)
    found = batches()
    found.tab("Charge Batches")
    found.select(batch_id, "Charge Batches")
    found.button("Create Charge Batch").click()
    dialog = found.dialog("New Charge Batch")
    expect(field(dialog, "Description")).to_have_value("March stack")
    expect(field(dialog, "Expected Case Count")).to_have_value("1")
    expect(field(dialog, "Date of Service")).to_have_value("01/05/2026")
    expect(field(dialog, "Charge Received")).to_have_value("01/06/2026")
    expect(dialog.get_by_text("St. Mary")).to_be_visible()
    screenshot(found.page, "new-charge-batch")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(found.page.get_by_text("was created and linked")).to_be_visible()
    (linked,) = (
        office.desk.scan_desk.lists.posted(office.desk.actor, BatchType.CHARGE, BatchQuery())
        .rows[0]
        .linked_to
    )
    made = office.desk.scan_desk.work.charge_batch(office.desk.actor, linked)
    assert (made.facility_id, made.date_of_service) == (office.facility_id, date(2026, 1, 5))


def open_charge_batch(found: Batches, office: Office, batch_id: int) -> int:
    """Creates the charge batch and selects the only set; gives the set."""
    found.tab("Charge Batches")
    found.select(batch_id, "Charge Batches")
    found.button("Create Charge Batch").click()
    found.dialog("New Charge Batch").get_by_role("button", name="Save", exact=True).click()
    expect(found.page.get_by_text("was created and linked")).to_be_visible()
    set_id = office.desk.scan_desk.lists.sets_of(office.desk.actor, batch_id)[0].set_id
    found.select(set_id, "Sets")
    return set_id


@pytest.mark.parametrize(
    ("status", "patient"), [(CodingStatus.COMPLETE, "Sample"), (CodingStatus.IN_PROGRESS, "")]
)
def test_12_and_13_coding_and_the_way_to_the_paper(
    office: Office, batches: OpenBatches, screenshot: Shoot, status: CodingStatus, patient: str
) -> None:
    batch_id = office.charge("coded", pages=1, posted=True)
    found = batches()
    set_id = open_charge_batch(found, office, batch_id)
    found.page.keyboard.press("Alt+o")
    coding = found.dialog(f"Coding [{set_id}]")
    field(coding, "Patient Last Name").fill("Sample")
    field(coding, "Patient Last Name").press("Tab")
    field(coding, "Coding Status").select_option(status.value)
    screenshot(found.page, "coding")
    coding.get_by_role("button", name="Save", exact=True).click()
    expect(found.grid("Sets").get_by_text(status.value)).to_be_visible()
    assert found.column("Coding Status", "Sets") == [status.value]
    found.button("Create Case").click()
    expect(found.page.get_by_text(f"was created from set {set_id}")).to_be_visible()
    found.button("Open Charge Batch").click()
    cases = found.grid("Cases")
    expect(cases).to_be_visible()
    assert found.column("Activity", "Cases") == ["SVCFE"]
    assert found.column("Patient", "Cases") == [patient]
    screenshot(found.page, "cases")
    cases.get_by_role("button", name="View Attachment").click()
    expect(found.page.get_by_role("heading", level=1)).to_have_text(f"Image Viewer [{batch_id}]")
    expect(found.page).to_have_url(re.compile(f"set={set_id}"))


def test_an_eob_deposit_and_its_paper(office: Office, batches: OpenBatches, screenshot: Shoot) -> None:
    """Tied from the image side, shown beside the claims, untied from the deposit's side."""
    scan, actor = office.desk.scan_desk, office.desk.actor
    batch_id = office.payment("EOB stack")
    files = [
        Incoming(f"eob{each}.png", pictures.saved(pictures.page(each, 425, 550), "PNG")) for each in (1, 2)
    ]
    list(scan.imports.run(actor, batch_id, files, Target.NEW_SET))
    scan.batches.post(actor, batch_id)
    deposit_id = store_eob_deposit(office.desk.database, office.practice_id, actor.user_id)
    found = batches()
    found.tab("Payment Batches")
    found.select(batch_id, "Payment Batches")
    found.rows("Sets").first.click()
    found.button("Tie to Deposit").click()
    dialog = found.page.get_by_role("dialog", name=re.compile("^Tie Set"))
    field(dialog, "Deposit ID").fill(str(deposit_id))
    dialog.get_by_role("button", name="Tie", exact=True).click()
    expect(found.grid("Sets").get_by_text(f"deposit {deposit_id}")).to_be_visible()
    found.page.goto(f"{office.address}/deposit?id={deposit_id}")
    paper = found.page.get_by_role("region", name="Scanned Pages")
    expect(paper.get_by_text("Page 1 of 2")).to_be_visible()
    expect(paper.get_by_role("img")).to_have_attribute("alt", re.compile("^Page 1 of 2"))
    paper.get_by_role("button", name="Next Page").click()
    expect(paper.get_by_text("Page 2 of 2")).to_be_visible()
    screenshot(found.page, "deposit")
    paper.get_by_role("button", name="Untie").click()
    reason = found.dialog("Untie Image Set")
    field(reason, "Reason").fill("wrong check")
    reason.get_by_role("button", name="Untie", exact=True).click()
    expect(paper.get_by_text("No image set is tied to this deposit.")).to_be_visible()


def test_a_payment_batch_from_paper_to_posted(
    office: Office, batches: OpenBatches, screenshot: Shoot
) -> None:
    """Create, enter, attach one paper to two payments, correct, unlink what was linked by mistake, post, delete."""
    scan, actor = office.desk.scan_desk, office.desk.actor
    batch_id = office.payment("May checks", pages=1, posted=True)
    found = batches()
    found.tab("Payment Batches")
    found.select(batch_id, "Payment Batches")
    for _ in range(2):
        found.button("Create Payment Batch").click()
        dialog = found.dialog("New Payment Batch")
        field(dialog, "Expected Count").fill("3")
        field(dialog, "Expected Count").press("Tab")
        dialog.get_by_role("button", name="Save", exact=True).click()
        expect(dialog).to_be_hidden()
    ((mistaken, kept),) = [
        row.linked_to for row in scan.lists.posted(actor, BatchType.PAYMENT, BatchQuery()).rows
    ]
    found.rows("Sets").first.click()
    for amount, check in (("10.00", "771"), ("5.00", "772")):
        found.button("Add Payment").click()
        dialog = found.page.get_by_role("dialog", name=re.compile("^Add Payment"))
        field(dialog, "Amount").fill(amount)
        field(dialog, "Check #").fill(check)
        field(dialog, "Check #").press("Control+Enter")
        expect(dialog).to_be_hidden()
    first, second = (each.payment_id for each in scan.entries.payments(actor, kept))
    expect(found.grid("Sets").get_by_text(f"payment {first}, payment {second}")).to_be_visible()
    found.button("Attach to Payment").click()
    attach = found.page.get_by_role("dialog", name=re.compile("^Attach Set"))
    expect(attach.get_by_role("button", name="Attach", exact=True)).to_be_disabled()
    attach.get_by_role("button", name="Cancel", exact=True).click()

    found.button("Open Payment Batch").click()
    drawer = found.dialog(f"Payment Batch {kept}")
    expect(drawer.get_by_role("button", name="Post Payment Batch")).to_be_disabled()
    screenshot(found.page, "payment-batch")
    drawer.get_by_role("button", name="Edit", exact=True).first.click()
    edit = found.dialog(f"Payment Batch {kept}").filter(
        has=found.page.get_by_label("Expected Count", exact=True)
    )
    field(edit, "Expected Count").fill("2")
    field(edit, "Expected Count").press("Tab")
    edit.get_by_role("button", name="Save", exact=True).click()
    expect(drawer.get_by_text("Expected 2, Current 2")).to_be_visible()
    assert violations(found.page) == []
    drawer.get_by_role("button", name="Post Payment Batch").click()
    expect(found.page.get_by_text(f"Payment batch {kept} is posted.")).to_be_visible()

    found.button("Open Payment Batch").click()
    field(drawer, "Payment Batch").select_option(str(mistaken))
    other = found.dialog(f"Payment Batch {mistaken}")
    other.get_by_role("button", name="Unlink", exact=True).click()
    expect(found.page.get_by_text(f"Payment batch {mistaken} is unlinked")).to_be_visible()
    (row,) = scan.lists.posted(actor, BatchType.PAYMENT, BatchQuery()).rows
    assert row.linked_to == (kept,)
    assert scan.work.payment_batch(actor, kept).status is PaymentBatchStatus.POSTED


def test_14_a_reader_finds_everything_grey_and_the_service_refuses(
    office: Office, open_tab: OpenPage, tmp_path: Path
) -> None:
    batch_id = office.charge("look only", pages=1)
    with serving(office.home, notebooks=READER) as served:
        page = open_tab(f"{served.address}/image_batches")
        found = Batches(page)
        expect(found.button("Create")).to_be_disabled()
        found.select(batch_id)
        for name in ("Update", "Delete", "Post", "Un-post"):
            expect(found.button(name)).to_be_disabled()
            expect(found.button(name)).to_have_attribute("title", re.compile("You may not"))
        expect(found.button("View")).to_be_enabled()
        page.keyboard.press("Alt+p")
        page.keyboard.press("Alt+c")
        expect(found.dialog("New Image Batch")).to_be_hidden()
        page.close()
    stored = office.desk.scan_desk.batches.get(office.desk.actor, batch_id)
    assert stored.status is BatchStatus.UNPOSTED


def test_keys_are_listed(batches: OpenBatches) -> None:
    found = batches()
    found.page.keyboard.press("?")
    listed = found.page.get_by_role("dialog")
    for text in ("Create", "Alt+C", "Update", "Alt+U", "Post", "Alt+P", "View"):
        expect(listed.get_by_text(text, exact=True).first).to_be_visible()


def test_the_whole_way_with_the_keyboard_alone(office: Office, batches: OpenBatches, tmp_path: Path) -> None:
    """Create, import, split, post: no mouse, no script sets a value."""
    files = []
    for number in (1, 2, 3):
        file = tmp_path / f"scan{number}.png"
        file.write_bytes(pictures.saved(pictures.page(number, 425, 550), "PNG", dpi=(50, 50)))
        files.append(file)
    found = batches()
    keys = found.page.keyboard
    found.new()
    keys.type("By keyboard")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("C")
    keys.press("Control+Enter")
    expect(found.page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Image Viewer \[\d+\]$"))
    batch_id = int(re.findall(r"\d+", found.page.get_by_role("heading", level=1).inner_text())[0])
    keys.press("i")
    expect(found.button("Choose files")).to_be_visible()
    with found.page.expect_file_chooser() as chooser:
        tab_to(found.page, "Choose files")
        keys.press("Enter")
    chooser.value.set_files(files)
    pages = found.page.get_by_role("listbox", name="Pages").get_by_role("option")
    expect(pages).to_have_count(3)
    keys.press("Escape")
    position = found.page.get_by_role("status", name="Position")
    expect(found.dialog("Import files")).to_be_hidden()
    keys.press("Home")
    expect(position).to_contain_text("Page 1/3")
    keys.press("ArrowRight")
    expect(position).to_contain_text("Page 2/3")
    keys.press("x")
    expect(found.page.get_by_role("listbox", name="Sets").get_by_role("option")).to_have_count(2)
    tab_to(found.page, "Image Batches")
    keys.press("Enter")
    expect(found.grid()).to_be_visible()
    keys.press("Alt+l")
    keys.press("ArrowDown")
    keys.press("Space")
    expect(found.button("Post")).to_be_enabled()
    keys.press("Alt+p")
    expect(found.page.get_by_text(f"Batch {batch_id} is posted.")).to_be_visible()
    (row,) = office.desk.scan_desk.lists.page(office.desk.actor, BatchQuery()).rows
    assert (row.batch_id, row.status, row.sets, row.images) == (batch_id, BatchStatus.POSTED, 2, 3)


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the control of this name has the focus."""
    for _ in range(40):
        if page.evaluate("document.activeElement?.textContent?.trim()") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")


def test_the_page_has_no_accessibility_faults(office: Office, batches: OpenBatches) -> None:
    office.charge("seen", pages=1, posted=True)
    found = batches()
    assert violations(found.page) == []
    found.new()
    assert violations(found.page) == []
