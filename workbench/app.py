"""Where things are put together, and nowhere else: settings, store, person, services."""

import importlib
import warnings
from collections.abc import Callable
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from workbench.config import Identity, Settings, opens_ahead, read_identity, read_settings
from workbench.domain.identity import Actor
from workbench.frames import Frames
from workbench.frames.base import RowsCutWarning, arrow_frame
from workbench.images.store import ImageStore
from workbench.services.audit import AuditTrail
from workbench.services.code_lists import CodeLists
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.services.deposits import Deposits
from workbench.services.people import People
from workbench.services.pictures import Pictures
from workbench.services.remittance_import import RemittanceImport
from workbench.services.scan_desk import ScanDesk, furnish
from workbench.services.user_settings import UserSettings
from workbench.storage import Database

if TYPE_CHECKING:  # loaded when first asked for: they bring openpyxl and reportlab, which few tasks need
    from workbench.services.bank.bank_desk import BankDesk
    from workbench.services.claims_import.service import ClaimsImport
    from workbench.services.demo.making import DemoOffice
    from workbench.services.deposit_desk.patient_payments import PatientPayments
    from workbench.services.export import Exports, Frame
    from workbench.services.sql.service import SqlDesk
    from workbench.widgets.kit.shell import Shell


class Workbench:
    """An opened workbench: one store, one person. Doors and screens get everything from here.

    A new service adds one cached property.
    """

    def __init__(self, settings: Settings, database: Database, who: Callable[[], Identity]) -> None:
        """`who` says who the person is, and is not asked before something is done for them."""
        self.settings = settings
        self.database = database
        self._who = who

    @property
    def actor(self) -> Actor:
        """The person who works here, with the rights and practices of this moment."""
        identity = self._who()
        if identity.signed_in:
            return self.people.named(identity.login)
        return self.people.at_this_desk(identity.login)

    @cached_property
    def people(self) -> People:
        return People(self.database, self.settings.secrets)

    @cached_property
    def audit(self) -> AuditTrail:
        """Who did and saw what, and the proof that nobody touched the trail."""
        return AuditTrail(self.database, self.settings.secrets / "audit.heads")

    @cached_property
    def frames(self) -> Frames:
        """Every table as a DataFrame."""
        return Frames(self.database, lambda: self.actor)

    @cached_property
    def deposits(self) -> Deposits:
        return Deposits(self.database)

    @cached_property
    def deposit_desk(self) -> DepositDesk:
        """Everything that is done to deposits: create, edit, attach, resolve, post, undo, rules, settings."""
        return DepositDesk(self.database)

    @cached_property
    def user_settings(self) -> UserSettings:
        return UserSettings(self.database)

    @cached_property
    def remittance_import(self) -> RemittanceImport:
        return RemittanceImport(self.database)

    @cached_property
    def claims_import(self) -> "ClaimsImport":
        """Our own claims: 837 files and tables."""
        service = importlib.import_module("workbench.services.claims_import.service")
        claims: ClaimsImport = service.ClaimsImport(self.database)
        return claims

    @cached_property
    def patient_payments(self) -> "PatientPayments":
        """Tables of patient money: CSV and workbooks."""
        service = importlib.import_module("workbench.services.deposit_desk.patient_payments")
        payments: PatientPayments = service.PatientPayments(self.database)
        return payments

    @cached_property
    def scan_desk(self) -> ScanDesk:
        return furnish(self.database, ImageStore(self.settings.image_store))

    @cached_property
    def images(self) -> Pictures:
        """`wb.images.open(image_id)` gives the picture of a page."""
        return Pictures(self.scan_desk.files, lambda: self.actor)

    @cached_property
    def code_lists(self) -> CodeLists:
        return CodeLists(self.database)

    @cached_property
    def demo(self) -> "DemoOffice":
        """The synthetic office to try the program on."""
        making = importlib.import_module("workbench.services.demo.making")
        office: DemoOffice = making.DemoOffice(self.database, self.remittance_import, self.scan_desk)
        return office

    @cached_property
    def bank(self) -> "BankDesk":
        """Bank statements, matches, day close and the reports."""
        desk: BankDesk = importlib.import_module("workbench.services.bank.bank_desk").BankDesk(self.database)
        return desk

    @cached_property
    def _sql_desk(self) -> "SqlDesk":
        desk: SqlDesk = importlib.import_module("workbench.services.sql.service").SqlDesk(self.database)
        return desk

    def sql(self, query: str, *, rows: int = 1_000_000, seconds: float = 60) -> pd.DataFrame:
        """One SELECT over the tables of the frames: `wb.sql("select payer_name, count(*) from claims group by 1")`.

        A table is called as its frame and has its columns and the rows that the person may see. The SQL is that of
        the store (SQLite or PostgreSQL). Nothing can be changed by it. More than `rows` rows are cut with a warning
        (RowsCutWarning); a query that takes longer than `seconds` is stopped with an error. Every column is in Arrow.
        """
        answer = self._sql_desk.answer(self.actor, query, rows=rows, seconds=seconds)
        if answer.cut:
            message = f"Only the first {rows:,} rows are here; there are more. Allow more with rows=."
            warnings.warn(message, RowsCutWarning, stacklevel=2)
        return arrow_frame(answer.rows)

    def export(self, frame: "Frame", path: str | Path) -> Path:
        """Writes a frame to a `.parquet`, `.csv` or `.xlsx` file in which no text is a live formula."""
        exports: Exports = importlib.import_module("workbench.services.export").Exports(self.database)
        return exports.export(self.actor, frame, path)

    def show(self, screen: str, **params: object) -> "Shell":
        """A page of the clerks inside JupyterLab: `page = wb.show("deposit", id=7)`, then `page` as the last line.

        `page.selection()` is a DataFrame of what is selected on it.
        """
        screens = importlib.import_module("workbench.widgets.screens")
        shell: Shell = screens.office_shell(lambda: self, screen)
        selection = importlib.import_module("workbench.widgets.selection")
        shell.read_selection = partial(selection.selected_rows, self.frames)
        shell.enter(screen, {name: str(value) for name, value in params.items()})
        return shell

    def close(self) -> None:
        """Lets go of the store."""
        self.database.close()


def open_workbench(settings: Settings | None = None) -> Workbench:
    """Opens the store of `settings` (default: `WORKBENCH_HOME`, `WORKBENCH_DATABASE_URL`), made when absent.

    The person is the one our server or JupyterHub says, else the account of this process (`config.read_identity`).
    """
    chosen = settings or read_settings()
    chosen.home.mkdir(parents=True, exist_ok=True)
    # Asked once: a kernel that was handed to a person is never another's.
    who = cache(read_identity)
    url = chosen.database_url if settings or opens_ahead() else who().database_url
    return Workbench(chosen, Database.open(url, chosen.secrets), who)
