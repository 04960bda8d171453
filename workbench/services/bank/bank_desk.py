"""The bank desk in one hand, as the wiring gives it out."""

from functools import cached_property

from workbench.services.bank.days import BankDays
from workbench.services.bank.decisions import BankDecisions
from workbench.services.bank.importing import BankImport
from workbench.services.bank.lists import BankLists
from workbench.services.bank.matching import BankMatching
from workbench.services.reports.figures import Reports
from workbench.services.reports.rendering import ReportExports
from workbench.storage import Database


class BankDesk:
    """`imports`, `matching`, `decisions`, `days`, `lists`, `reports`, `report_exports` over one store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def imports(self) -> BankImport:
        return BankImport(self._database)

    @cached_property
    def matching(self) -> BankMatching:
        return BankMatching(self._database)

    @cached_property
    def decisions(self) -> BankDecisions:
        return BankDecisions(self._database)

    @cached_property
    def days(self) -> BankDays:
        return BankDays(self._database)

    @cached_property
    def lists(self) -> BankLists:
        return BankLists(self._database)

    @cached_property
    def reports(self) -> Reports:
        return Reports(self._database)

    @cached_property
    def report_exports(self) -> ReportExports:
        return ReportExports(self._database)
