"""Makes the synthetic office in the store: furniture and claims at once, then the mail, file by file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from workbench.domain.identity import Actor
from workbench.domain.imports import ImportOutcome
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.services.demo.claims import Claim, make_claims
from workbench.services.demo.correspondence import correspondence
from workbench.services.demo.desk_work import DeskWork
from workbench.services.demo.furnish import bring_in_claims, furnish_office
from workbench.services.demo.mailroom import DemoFile, Mailroom
from workbench.services.demo.office import PRACTICES
from workbench.services.demo.paper import paper_eobs, patient_money
from workbench.services.demo.paperwork import Paperwork
from workbench.services.scan_desk import ScanDesk
from workbench.storage import Database

SEED = 835
CLAIMS = 50_000
CASES = 3  # whose papers are scanned
# Company settings: the day the demo is made for, from its first transaction on, and that all of it is there.
_DAY, _COMPLETE = "demo.day", "demo.complete"

Report = Callable[[str, float], None]  # what is being done, and the part of all that is done, 0 to 1


class TakesFiles(Protocol):
    """The door through which every remittance comes in (`services.remittance_import`)."""

    def import_remittance(self, actor: Actor, name: str, data: bytes) -> ImportOutcome: ...


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """Makes the demo. Interrupted at any moment, the next call goes on where it stopped: every step is done
    once, the furniture by its mark and the mail because a file is imported exactly once.
    """

    database: Database
    remittances: TakesFiles
    scan_desk: ScanDesk

    def make(self, actor: Actor, today: date, report: Report) -> bool:
        """Makes what is not there yet; False when all of it was there already.

        Raises RefusedError when the store holds an office that is not the demo.
        """
        actor.require(Permission.SETUP)
        with self.database.reading() as stores:
            if stores.office.company_setting(_COMPLETE, ""):
                return False
            day = date.fromisoformat(stores.office.company_setting(_DAY, today.isoformat()))
        report("Inventing claims and remittances", 0.0)
        claims = make_claims(CLAIMS, seed=SEED, today=day)
        room = Mailroom.holding(claims, seed=SEED, today=day)
        eobs, money = list(paper_eobs(room)), list(patient_money(room))
        files = correspondence(room)
        report("Bringing in our claims", 0.15)
        self._furnish(actor, claims, room)
        clerk, practices = self._clerk(actor)
        self._import(clerk, files, report)
        report("Entering what came by paper", 0.9)
        paperwork = Paperwork(self.database, clerk, practices)
        for eob in eobs:
            paperwork.enter_eob(eob)
        for payment in money:
            paperwork.enter_patient_money(payment)
        work = DeskWork(self.database, self.scan_desk, clerk, practices)
        report("Posting", 0.93)
        work.post()
        report("Reading the bank's files", 0.95)
        work.bank()
        report("Scanning", 0.97)
        work.scan(eobs, _cases_of_one_day(claims))
        with self.database.transaction() as stores:
            stores.office.set_company_setting(_COMPLETE, "yes")
        report("Done", 1.0)
        return True

    def _furnish(self, actor: Actor, claims: Sequence[Claim], room: Mailroom) -> None:
        with self.database.transaction() as stores:
            if stores.office.company_setting(_DAY, ""):
                return
            if stores.office.practices():
                raise RefusedError(
                    "This store holds an office of its own; the demo would mix with it. "
                    "Choose another folder by WORKBENCH_HOME."
                )
            ids = furnish_office(stores.office)
            stores.office.assign(actor.user_id, ids.practices)
            bring_in_claims(stores, claims, room, ids)
            stores.office.set_company_setting(_DAY, room.today.isoformat())

    def _clerk(self, actor: Actor) -> tuple[Actor, list[int]]:
        """The actor as one who works for the practices of the demo, and these in the order of `PRACTICES`."""
        with self.database.reading() as stores:
            ids = {practice.name: practice.id for practice in stores.office.practices()}
        practices = [ids[practice.name] for practice in PRACTICES]
        return replace(actor, practice_ids=frozenset(practices), sees_unassigned=True), practices

    def _import(self, actor: Actor, files: Sequence[DemoFile], report: Report) -> None:
        whole = sum(len(file.data) for file in files)
        done = 0
        for file in files:
            report(f"Importing {file.name}", 0.25 + 0.65 * done / whole)
            self.remittances.import_remittance(actor, file.name, file.data)
            done += len(file.data)


def _cases_of_one_day(claims: Sequence[Claim]) -> list[Claim]:
    """The newest cases of the practice, day and facility of the newest claim."""
    newest = claims[-1]
    place = (newest.practice, newest.facility, newest.service_date)
    return [claim for claim in claims if (claim.practice, claim.facility, claim.service_date) == place][
        -CASES:
    ]
