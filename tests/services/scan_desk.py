"""A furnished scan desk for tests: services over the small office, and pages made of nothing but their names."""

import hashlib
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tests.builders import Office
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.pages import Edit
from workbench.domain.scan_batch.records import NewImage, StoredPicture
from workbench.domain.scan_batch.words import BatchType
from workbench.services.scan_batches.batches import ScanBatches
from workbench.services.scan_batches.coding import Coding
from workbench.services.scan_batches.image_marks import ImageMarks
from workbench.services.scan_batches.image_sets import ImageSets
from workbench.services.scan_batches.image_views import ImageViews
from workbench.services.scan_batches.imports import ImportJournal
from workbench.services.scan_batches.lists import BatchChoices, BatchLists
from workbench.services.work_batches.attachments import Attachments
from workbench.services.work_batches.batches import WorkBatches
from workbench.services.work_batches.entries import Entries
from workbench.storage import Database
from workbench.storage.clock import now
from workbench.storage.tables.deposits import deposits

# Spec 2.5, column by column.
SCAN_CLERK = frozenset(
    {
        Permission.BATCH_VIEW,
        Permission.BATCH_CREATE,
        Permission.BATCH_UPDATE,
        Permission.BATCH_DELETE,
        Permission.BATCH_POST,
        Permission.IMAGE_VIEW,
        Permission.IMAGE_ADD,
        Permission.IMAGE_ARRANGE,
        Permission.CHARGE_PAPER,
        Permission.PAYMENT_PAPER,
    }
)
READ_ONLY = frozenset(
    {Permission.BATCH_VIEW, Permission.IMAGE_VIEW, Permission.CHARGE_PAPER, Permission.PAYMENT_PAPER}
)


def page(name: str = "page") -> NewImage:
    """A page whose file is the one named so; the same name is the same file."""
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    picture = StoredPicture(sha256, "image/jpeg")
    return NewImage(sha256, f"{name}.jpg", "image/jpeg", 1000, 1700, 2200, picture, picture, dpi=200)


def with_only(actor: Actor, permissions: frozenset[Permission]) -> Actor:
    return Actor(actor.user_id, actor.login, actor.name, actor.practice_ids, permissions)


@dataclass(frozen=True)
class Desk:
    """Every service, and shortcuts that act as the supervisor."""

    office: Office
    facility: int
    plan: int

    @property
    def database(self) -> Database:
        return self.office.database

    @property
    def batches(self) -> ScanBatches:
        return ScanBatches(self.database)

    @property
    def sets(self) -> ImageSets:
        return ImageSets(self.database)

    @property
    def marks(self) -> ImageMarks:
        return ImageMarks(self.database)

    @property
    def views(self) -> ImageViews:
        return ImageViews(self.database)

    @property
    def lists(self) -> BatchLists:
        return BatchLists(self.database)

    @property
    def choices(self) -> BatchChoices:
        return BatchChoices(self.database)

    @property
    def coding(self) -> Coding:
        return Coding(self.database)

    @property
    def journal(self) -> ImportJournal:
        return ImportJournal(self.database)

    @property
    def work(self) -> WorkBatches:
        return WorkBatches(self.database)

    @property
    def entries(self) -> Entries:
        return Entries(self.database)

    @property
    def ties(self) -> Attachments:
        return Attachments(self.database)

    @property
    def boss(self) -> Actor:
        return self.office.supervisor

    def charge_header(self, description: str = "March stack") -> BatchHeader:
        return BatchHeader(
            description,
            self.office.north,
            BatchType.CHARGE,
            facility_id=self.facility,
            date_of_service=date(2026, 1, 5),
            charge_received=date(2026, 1, 6),
        )

    def payment_header(self, description: str = "Checks") -> BatchHeader:
        return BatchHeader(
            description,
            self.office.north,
            BatchType.PAYMENT,
            payer_id=self.office.acme,
            plan_id=self.plan,
        )

    def batch(self, *sizes: int, header: BatchHeader | None = None, posted: bool = False) -> int:
        """A batch with sets of so many pages, each page a file of its own."""
        batch_id = self.batches.create(self.boss, header or self.charge_header())
        for number, size in enumerate(sizes):
            self.sets.append(
                self.boss, batch_id, [page(f"b{batch_id}s{number}p{each}") for each in range(size)]
            )
        if posted:
            self.batches.post(self.boss, batch_id)
        return batch_id

    def layout(self, batch_id: int) -> list[tuple[int, list[int]]]:
        """Sets in order with their images in order."""
        contents = self.views.contents(self.boss, batch_id)
        return [
            (each.state.set_id, [image.state.image_id for image in contents.of_set(each.state.set_id)])
            for each in contents.sets
        ]

    def undo(self, edit: Edit) -> None:
        self.sets.apply(self.boss, edit.inverse())


def furnish_desk(office: Office) -> Desk:
    with office.database.transaction() as stores:
        facility = stores.office.add_facility("St. Mary", [office.north])
        stores.office.add_facility("Valley Pain", [office.south])
        plan = stores.office.add_plan(office.acme, "ACME Gold")
        stores.office.add_plan(office.zenith, "Zenith Blue")
    return Desk(office, facility, plan)


def store_eob_deposit(database: Database, practice_id: int, user_id: int) -> int:
    """A deposit made by hand, still being built; gives its ID."""
    values = {
        "practice_id": practice_id,
        "type": "EOB",
        "status": "BUILD",
        "owner_id": user_id,
        "created_by_id": user_id,
        "received_at": now(),
        "created_at": now(),
    }
    with database.transaction() as stores:
        added = stores.connection.execute(sa.insert(deposits).values(values).returning(deposits.c.id))
        return int(added.scalar_one())


def eob_deposit(desk: Desk) -> int:
    return store_eob_deposit(desk.database, desk.office.north, desk.boss.user_id)
