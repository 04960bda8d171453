"""Two practices with the same things in every state; nothing of the second may reach a person of the first.

Every name, number and text of the second practice holds OTHER, so that a leak shows in whatever is answered.
"""

import hashlib
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from PIL import Image as Pillow

from tests.builders import ACME_ID, NORTH_NPI, NORTH_TIN, SOUTH_NPI, SOUTH_TIN, Office, actor, furnish_office
from tests.services.test_bank import bai2
from workbench.app import Workbench
from workbench.config import Identity, Settings
from workbench.domain.deposit import DifferenceReason
from workbench.domain.identity import Actor
from workbench.domain.reports import ReconciliationQuery, Report
from workbench.domain.roles import ROLES, Role
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.pages import Edit
from workbench.domain.scan_batch.records import NewImage, StoredPicture
from workbench.domain.scan_batch.words import BatchType, PaymentKind, TargetKind
from workbench.domain.scan_batch.work import ChargeBatchDraft, PaymentBatchDraft, PaymentDraft
from workbench.era.message import (
    Adjustment,
    Claim,
    Interchange,
    ProviderAdjustment,
    ProviderAdjustments,
    Remittance,
    ServiceLine,
)
from workbench.era.writer import write_835
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.services.export import Exports
from workbench.services.pictures import Pictures
from workbench.services.scan_desk import ScanDesk
from workbench.storage import Database
from workbench.storage.stores import Stores
from workbench.storage.tables.claims import charge_lines, claim_payers, claims
from workbench.storage.tables.office import practices

DAY = date(2026, 3, 2)
OTHER = "ZSOUTH"
DEPOSIT_STATES = ("New", "Sent to Posting", "Ignore")
BATCH_STATES = tuple((kind, stage) for kind in BatchType for stage in ("unposted", "posted", "linked"))


@dataclass(frozen=True)
class Place:
    """The things of one practice, one of each; `replace` puts a deposit or batch of the wanted state in."""

    practice: int
    mark: str
    facility: int = 0
    plan: int = 0
    ours: int = 0
    deposit: int = 0
    version: int = 1
    claim: int = 0
    error: int = 0
    adjustment: int = 0
    line: int = 0
    provider: int = 0
    waiting_claim: int = 0
    waiting: int = 0
    kind: BatchType = BatchType.CHARGE
    batch: int = 0
    sets: tuple[int, ...] = ()
    images: tuple[int, ...] = ()
    edit: Edit | None = None
    entry: int = 0
    charge_work: int = 0
    payment_work: int = 0
    case: int = 0
    payment: int = 0
    account: int = 0
    bank_line: int = 0
    bank_version: int = 1
    match: int = 0
    event: int = 0


@dataclass
class Scene:
    """The opened office; `restore` takes everything back that a call did."""

    wb: Workbench
    office: Office
    file: Path
    snapshot: Path
    people: dict[Role, Actor]
    deposits: dict[tuple[int, str], Place] = field(default_factory=dict)
    batches: dict[tuple[int, BatchType, str], Place] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)

    @property
    def desk(self) -> DepositDesk:
        return self.wb.deposit_desk

    @property
    def scan(self) -> ScanDesk:
        return self.wb.scan_desk

    @property
    def exports(self) -> Exports:
        return Exports(self.office.database)

    def pictures(self, who: Actor) -> Pictures:
        return Pictures(self.scan.files, lambda: who)

    def report(self) -> Report:
        """Of the first practice, made for somebody who may."""
        query = ReconciliationQuery(date(2026, 1, 1), date(2026, 12, 31))
        return self.wb.bank.reports.reconciliation(self.people[Role.ADMINISTRATOR], query)

    def every_sha256(self) -> set[str]:
        with self.office.database.reading() as stores:
            return stores.image_sets.known_hashes()

    def keep(self) -> None:
        with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(self.snapshot)) as target:
            source.backup(target)

    def restore(self) -> None:
        with closing(sqlite3.connect(self.snapshot)) as source, closing(sqlite3.connect(self.file)) as target:
            source.backup(target)

    @contextmanager
    def watched(self) -> Iterator["Watch"]:
        """Sees whether anything was committed."""
        with closing(sqlite3.connect(self.file)) as observer:
            yield Watch(observer, _seen(observer), _events(observer))


@dataclass
class Watch:
    observer: sqlite3.Connection
    before: int
    events: int

    @property
    def changed(self) -> bool:
        return _seen(self.observer) != self.before

    @property
    def audited(self) -> bool:
        return _events(self.observer) > self.events


def _events(observer: sqlite3.Connection) -> int:
    return int(observer.execute("SELECT count(*) FROM audit_events").fetchone()[0])


def _seen(observer: sqlite3.Connection) -> int:
    return int(observer.execute("PRAGMA data_version").fetchone()[0])


def built(home: Path, url: str = "") -> Scene:
    """The whole office, in an SQLite store of its own, or in the database of the URL."""
    settings = Settings(home, url or f"sqlite:///{home / 'workbench.sqlite3'}")
    office = furnish_office(Database.open(settings.database_url, settings.secrets))
    scene = Scene(
        Workbench(settings, office.database, lambda: Identity("super")), office, home / "workbench.sqlite3",
        home / "snapshot.sqlite3", {},
    )  # fmt: skip
    with office.database.transaction() as stores:
        named = sa.update(practices).where(practices.c.id == office.south).values(name=f"{OTHER} CLINIC")
        stores.connection.execute(named)
        for role in Role:
            user = stores.office.add_user(
                role.value, role.label, roles=[role.value], practice_ids=[office.north]
            )
            scene.people[role] = actor(user, office.north, login=role.value, permissions=ROLES[role])
    for practice, mark, npi, tin in (
        (office.north, "NORTH", NORTH_NPI, NORTH_TIN),
        (office.south, OTHER, SOUTH_NPI, SOUTH_TIN),
    ):
        _furnish(scene, Place(practice, mark), npi, tin)
    if not url:
        scene.keep()
    return scene


def _furnish(scene: Scene, place: Place, npi: str, tin: str) -> None:
    with scene.office.database.transaction() as stores:
        facility = stores.office.add_facility(f"{place.mark} HOSPITAL", [place.practice])
        plan = stores.office.add_plan(scene.office.acme, f"{place.mark} GOLD") if place.mark != OTHER else 1
    place = replace(place, facility=facility, plan=plan)
    for state in DEPOSIT_STATES:
        scene.deposits[place.practice, state] = _deposit(scene, place, state, npi, tin)
    place = scene.deposits[place.practice, "New"]
    for kind, stage in BATCH_STATES:
        scene.batches[place.practice, kind, stage] = _batch(scene, place, kind, stage)
    place = scene.batches[place.practice, BatchType.CHARGE, "linked"]
    payment = scene.batches[place.practice, BatchType.PAYMENT, "linked"]
    place = replace(place, payment_work=payment.payment_work, payment=payment.payment)
    scene.places[place.practice] = _bank(scene, place)


def _deposit(scene: Scene, place: Place, state: str, npi: str, tin: str) -> Place:
    """One claim of ours, one that nobody knows (an error), and a provider-level amount."""
    boss, pcn = scene.office.supervisor, f"{place.mark}{state[0]}"
    with scene.office.database.transaction() as stores:
        ours = _our_claim(stores, place, pcn, scene.office.acme)
    waiting = replace(
        _claim(f"{pcn}W", place.mark), paid_cents=9900, adjustments=(Adjustment("CO", "94", 100),)
    )
    paid = (_claim(pcn, place.mark), _claim(f"{pcn}X", place.mark), waiting)
    item = ProviderAdjustment("L6", -100, f"{place.mark}REF")
    remittance = Remittance(
        amount_cents=sum(each.paid_cents for each in paid) + 100,
        trace_number=f"{pcn}TRACE", originator_id=ACME_ID, payer_name="ACME HEALTH",
        payee_name=f"{place.mark} PAYEE", payee_npi=npi, payee_tin=tin, claims=paid,
        provider_adjustments=(ProviderAdjustments(npi, date(2026, 12, 31), (item,)),), effective_date=DAY,
    )  # fmt: skip
    data = write_835(
        Interchange((remittance,), place.practice * 10 + DEPOSIT_STATES.index(state), sender=ACME_ID)
    )
    outcome = scene.wb.remittance_import.import_remittance(boss, f"{pcn}.835", data)
    deposit = outcome.deposits[0].id
    if state == "Sent to Posting":
        scene.wb.deposit_desk.provider_money.settle_proposed(boss, deposit)
        scene.wb.deposit_desk.posting.send(boss, deposit, difference=DifferenceReason.INTEREST)
    elif state == "Ignore":
        version = scene.wb.deposits.get(boss, deposit).row.version
        scene.wb.deposits.ignore(boss, deposit, "elsewhere", version)
    with scene.office.database.reading() as stores:
        claim, _, waits = stores.deposit_work.claims(deposit)
        error = stores.deposit_errors.of_deposit(deposit)[0].id
        provider = stores.deposit_work.provider_adjustments(deposit)[0].id
    return replace(
        place, ours=ours, deposit=deposit, version=scene.wb.deposits.get(boss, deposit).row.version, claim=claim.id,
        error=error, adjustment=claim.lines[0].adjustments[0].id, line=claim.lines[0].id, provider=provider, waiting_claim=waits.id,
        waiting=waits.adjustments[0].id,
    )  # fmt: skip


def _claim(pcn: str, mark: str) -> Claim:
    line = ServiceLine("99213", 15000, 10000, adjustments=(Adjustment("CO", "45", 5000),), service_from=DAY)
    return Claim(
        pcn, 15000, 10000, payer_claim_no=f"ICN{pcn}", patient_last=f"{mark}LAST", patient_first=f"{mark}FIRST",
        patient_id=f"{mark}ID", lines=(line,), service_from=DAY,
    )  # fmt: skip


def _our_claim(stores: Stores, place: Place, pcn: str, payer: int) -> int:
    run = stores.connection.execute
    values = {
        "practice_id": place.practice, "pcn": pcn, "patient_last": f"{place.mark}LAST", "patient_first": "PAT",
        "service_from": DAY, "charge_cents": 15000, "balance_cents": 15000,
    }  # fmt: skip
    number = int(run(sa.insert(claims).values(values).returning(claims.c.id)).scalar_one())
    line = {"claim_id": number, "line_no": 0, "code": "99213", "service_date": DAY}
    run(sa.insert(charge_lines).values(line | {"charge_cents": 15000, "balance_cents": 15000}))
    run(sa.insert(claim_payers).values(claim_id=number, level="primary", payer_id=payer))
    return number


def picture(scene: Scene, name: str) -> NewImage:
    """A page whose one small picture is in the image store."""
    target = io.BytesIO()
    Pillow.new("RGB", (8, 8), f"#{hashlib.sha256(name.encode()).hexdigest()[:6]}").save(target, "JPEG")
    data = target.getvalue() + name.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    path = scene.wb.scan_desk.files._store.path(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    stored = StoredPicture(sha256, "image/jpeg")
    return NewImage(
        sha256, f"{name}.jpg", "image/jpeg", len(data), 8, 8, stored, stored, full=stored, dpi=200
    )


def _batch(scene: Scene, place: Place, kind: BatchType, stage: str) -> Place:
    """Two sets of two pages; linked ones hang on a work batch with a case or a payment."""
    desk, boss, name = scene.wb.scan_desk, scene.office.supervisor, f"{place.mark}{kind.value}{stage}"
    batch = desk.batches.create(boss, header(place, kind, name))
    for number in (1, 2):
        pages = [picture(scene, f"{name}{number}{page}") for page in (1, 2)]
        edit = desk.sets.append(boss, batch, pages)
    entry = desk.journal.begin(boss, batch, f"{name}.pdf", 1)
    desk.journal.finish(boss, entry, 1)
    if stage != "unposted":
        desk.batches.post(boss, batch)
    contents = desk.views.contents(boss, batch)
    place = replace(
        place, kind=kind, batch=batch, sets=tuple(each.state.set_id for each in contents.sets), entry=entry,
        images=tuple(each.state.image_id for each in contents.images), edit=edit,
    )  # fmt: skip
    return _linked(scene, place) if stage == "linked" else place


def _linked(scene: Scene, place: Place) -> Place:
    desk, boss = scene.wb.scan_desk, scene.office.supervisor
    if place.kind is BatchType.CHARGE:
        draft = ChargeBatchDraft(
            place.practice, expected_case_count=1, date_of_service=DAY, facility_id=place.facility
        )
        work = desk.work.create(boss, draft, image_batch_id=place.batch).work_id
        case = desk.entries.create_case(boss, work, set_id=place.sets[0])
        return replace(place, charge_work=work, case=case)
    drafted = PaymentBatchDraft(
        place.practice, expected_count=1, payer_id=scene.office.acme, description=f"{place.mark} work"
    )
    work = desk.work.create(boss, drafted, image_batch_id=place.batch).work_id
    money = PaymentDraft(PaymentKind.INSURANCE, 100, check_number=f"{place.mark}CHECK")
    return replace(
        place, payment_work=work, payment=desk.entries.add_payment(boss, work, money, set_id=place.sets[0])
    )


def header(place: Place, kind: BatchType, description: str) -> BatchHeader:
    if kind is BatchType.PAYMENT:
        return BatchHeader(description, place.practice, kind, payer_id=1)
    return BatchHeader(
        description, place.practice, kind, facility_id=place.facility, date_of_service=date(2026, 1, 5),
        charge_received=date(2026, 1, 6),
    )  # fmt: skip


def _bank(scene: Scene, place: Place) -> Place:
    """An account of the practice, with one line that is matched with the sent deposit."""
    bank, boss = scene.wb.bank, scene.office.supervisor
    number = f"00{place.practice}{place.mark}"
    lines = (f"20100,R{place.practice},,{place.mark} ONE", f"700,S{place.practice},,{place.mark} TWO")
    bank.imports.import_file(boss, f"{place.mark}.bai", bai2(*lines, account=number))
    account = next(each.id for each in bank.imports.accounts(boss) if each.number == number)
    bank.imports.assign_account(boss, account, f"{place.mark} account", place.practice)
    (first, second) = sorted(bank.lists.lines(boss, account_id=account), key=lambda line: -line.amount_cents)
    sent = scene.deposits[place.practice, "Sent to Posting"].deposit
    match = bank.decisions.match(boss, [first.id], [sent], "by hand")
    return replace(
        place, account=account, bank_line=second.id, bank_version=second.version, match=match, event=1
    )


TARGETS: dict[BatchType, tuple[TargetKind, str]] = {
    BatchType.CHARGE: (TargetKind.CASE, "case"),
    BatchType.PAYMENT: (TargetKind.PAYMENT, "payment"),
}
