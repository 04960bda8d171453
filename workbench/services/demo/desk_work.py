"""What the clerks of the synthetic office have done by today: posted, banked, scanned. Each step is done once."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.deposit import DepositStatus
from workbench.domain.deposit_views import DepositQuery, DepositRow
from workbench.domain.identity import Actor
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.lists import BatchQuery
from workbench.domain.scan_batch.words import BatchType
from workbench.images.intake import Incoming
from workbench.services.bank.bank_desk import BankDesk
from workbench.services.demo.bank_mail import account_number, bank_file
from workbench.services.demo.claims import Claim
from workbench.services.demo.office import FACILITIES, PRACTICES
from workbench.services.demo.paper import PaperEob
from workbench.services.demo.scans import eob_scan, record_scan
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposits import Deposits
from workbench.services.image_import import Target
from workbench.services.scan_desk import ScanDesk
from workbench.storage import Database

# Remittances that nobody has to look at any more. A later one takes back claims of the last.
POSTED = ("hif-version-4010.835", "bmhp-checks.835", "nwm-both-practices.835")
EVERY_DEPOSIT = 250


@dataclass(frozen=True, slots=True)
class DeskWork:
    """A clerk at work; `practices` are the database's ids in the order of `office.PRACTICES`."""

    database: Database
    scan_desk: ScanDesk
    actor: Actor
    practices: Sequence[int]

    def post(self) -> None:
        """Sends the unquestionable remittances to posting."""
        for name in POSTED:
            query = DepositQuery(import_file=name, statuses=(DepositStatus.NEW,), needs_work=False)
            for row in self._deposits(query):
                Posting(self.database).send(self.actor, row.id)

    def bank(self) -> None:
        """Imports what the bank says and lets the exact traces match themselves."""
        desk = BankDesk(self.database)
        for number, practice_id in enumerate(self.practices):
            query = DepositQuery(practice_id=practice_id, needs_work=False, limit=EVERY_DEPOSIT)
            data = bank_file(number, self._deposits(query))
            desk.imports.import_file(self.actor, f"bank-{PRACTICES[number].prefix.lower()}.bai", data)
        for account in desk.imports.accounts(self.actor):
            number = [account_number(each) for each in range(len(PRACTICES))].index(account.number)
            practice_id = self.practices[number]
            desk.imports.assign_account(self.actor, account.id, PRACTICES[number].name, practice_id)
        desk.matching.run(self.actor)

    def scan(self, eobs: Sequence[PaperEob], cases: Sequence[Claim]) -> None:
        """A payment batch per practice with its explanations of benefits, and a charge batch of one day's cases."""
        for number in range(len(PRACTICES)):
            mine = [eob for eob in eobs if eob.practice == number]
            files = [Incoming(f"eob-{eob.check_number}.tif", eob_scan(eob)) for eob in mine]
            header = BatchHeader(
                f"EOBs of {PRACTICES[number].name}", self.practices[number], BatchType.PAYMENT
            )
            batch_id = self._batch(header, files)
            if number:
                self._post_batch(batch_id)
        records = [Incoming(f"case-{claim.pcn}.tif", record_scan(claim)) for claim in cases]
        self._batch(self._charge_header(cases[0]), records)

    def _charge_header(self, case: Claim) -> BatchHeader:
        practice_id = self.practices[case.practice]
        facilities = self.scan_desk.choices.facilities(self.actor, practice_id)
        name = FACILITIES[case.facility].name
        return BatchHeader(
            description=f"{name}, operating room 3",
            practice_id=practice_id,
            batch_type=BatchType.CHARGE,
            facility_id=next(entry.id for entry in facilities if entry.name == name),
            date_of_service=case.service_date,
            charge_received=case.service_date,
        )

    def _batch(self, header: BatchHeader, files: Sequence[Incoming]) -> int:
        """The batch of that description with one set per file, made when it is not there."""
        query = BatchQuery(text=header.description)
        found = [
            row.batch_id
            for row in self.scan_desk.lists.page(self.actor, query).rows
            if row.description == header.description
        ]
        batch_id = found[0] if found else self.scan_desk.batches.create(self.actor, header)
        there = self.scan_desk.views.contents(self.actor, batch_id)
        if not there.images:
            list(self.scan_desk.imports.run(self.actor, batch_id, files, Target.SET_PER_FILE))
        return batch_id

    def _post_batch(self, batch_id: int) -> None:
        if self.scan_desk.batches.get(self.actor, batch_id).posted_at is None:
            self.scan_desk.batches.post(self.actor, batch_id)

    def _deposits(self, query: DepositQuery) -> tuple[DepositRow, ...]:
        return Deposits(self.database).page(self.actor, query).rows
