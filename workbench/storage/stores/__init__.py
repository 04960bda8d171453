"""The stores of one transaction, under one roof: `stores.deposits`, `stores.audit`, ..."""

from collections.abc import Callable
from functools import cached_property

from sqlalchemy.engine import Connection

from workbench.storage.stores.audit import AuditStore
from workbench.storage.stores.audit_trail import AuditTrailStore
from workbench.storage.stores.bank import BankStore
from workbench.storage.stores.bank_days import BankDayStore
from workbench.storage.stores.bank_files import BankFileStore
from workbench.storage.stores.bank_lists import BankListStore
from workbench.storage.stores.bank_matches import BankMatchStore
from workbench.storage.stores.batch_choices import BatchChoiceStore
from workbench.storage.stores.batch_lists import BatchListStore
from workbench.storage.stores.batches import BatchStore
from workbench.storage.stores.claim_intake import ClaimIntakeStore
from workbench.storage.stores.claim_search import ClaimSearchStore
from workbench.storage.stores.codes import CodeStore
from workbench.storage.stores.coding import CodingStore
from workbench.storage.stores.deposit_edits import DepositEditStore
from workbench.storage.stores.deposit_error_work import DepositErrorStore
from workbench.storage.stores.deposit_history import DepositHistoryStore
from workbench.storage.stores.deposit_lists import DepositListStore
from workbench.storage.stores.deposit_views import DepositViewStore
from workbench.storage.stores.deposit_work import DepositWorkStore
from workbench.storage.stores.image_imports import ImageImportStore
from workbench.storage.stores.image_sets import ImageSetStore
from workbench.storage.stores.import_mappings import ImportMappingStore
from workbench.storage.stores.imports import ImportStore
from workbench.storage.stores.ledger import LedgerStore
from workbench.storage.stores.office import OfficeStore
from workbench.storage.stores.people import PeopleStore
from workbench.storage.stores.postings import PostingStore
from workbench.storage.stores.provider_rows import ProviderRowStore
from workbench.storage.stores.recycle_bin import RecycleBinStore
from workbench.storage.stores.remittances import RemittanceStore
from workbench.storage.stores.renditions import RenditionStore
from workbench.storage.stores.reports import ReportStore
from workbench.storage.stores.rules import RuleStore
from workbench.storage.stores.set_links import SetLinkStore
from workbench.storage.stores.work_batches import WorkBatchStore
from workbench.storage.stores.work_lists import WorkListStore


class Stores:
    """Made by `Database.transaction()` and `Database.reading()`; dies with the transaction.

    A new group of tables adds its store here, as one cached property.
    """

    def __init__(self, connection: Connection, audit_key: Callable[[], bytes]) -> None:
        self.connection = connection
        self._audit_key = audit_key

    def finish(self) -> None:
        """What a transaction does last: the audit events that were added join their chains."""
        if "audit" in self.__dict__:
            self.audit.write()

    @cached_property
    def audit(self) -> AuditStore:
        return AuditStore(self.connection, self._audit_key)

    @cached_property
    def audit_trail(self) -> AuditTrailStore:
        return AuditTrailStore(self.connection, self._audit_key)

    @cached_property
    def office(self) -> OfficeStore:
        return OfficeStore(self.connection)

    @cached_property
    def people(self) -> PeopleStore:
        return PeopleStore(self.connection)

    @cached_property
    def bank(self) -> BankStore:
        return BankStore(self.connection)

    @cached_property
    def bank_days(self) -> BankDayStore:
        return BankDayStore(self.connection)

    @cached_property
    def bank_files(self) -> BankFileStore:
        return BankFileStore(self.connection)

    @cached_property
    def bank_lists(self) -> BankListStore:
        return BankListStore(self.connection)

    @cached_property
    def bank_matches(self) -> BankMatchStore:
        return BankMatchStore(self.connection)

    @cached_property
    def batch_choices(self) -> BatchChoiceStore:
        return BatchChoiceStore(self.connection)

    @cached_property
    def batch_lists(self) -> BatchListStore:
        return BatchListStore(self.connection)

    @cached_property
    def batches(self) -> BatchStore:
        return BatchStore(self.connection)

    @cached_property
    def codes(self) -> CodeStore:
        return CodeStore(self.connection)

    @cached_property
    def coding(self) -> CodingStore:
        return CodingStore(self.connection)

    @cached_property
    def image_imports(self) -> ImageImportStore:
        return ImageImportStore(self.connection)

    @cached_property
    def image_sets(self) -> ImageSetStore:
        return ImageSetStore(self.connection)

    @cached_property
    def renditions(self) -> RenditionStore:
        return RenditionStore(self.connection)

    @cached_property
    def deposit_history(self) -> DepositHistoryStore:
        return DepositHistoryStore(self.connection)

    @cached_property
    def deposit_lists(self) -> DepositListStore:
        return DepositListStore(self.connection)

    @cached_property
    def deposit_views(self) -> DepositViewStore:
        return DepositViewStore(self.connection)

    @cached_property
    def import_mappings(self) -> ImportMappingStore:
        return ImportMappingStore(self.connection)

    @cached_property
    def imports(self) -> ImportStore:
        return ImportStore(self.connection)

    @cached_property
    def remittances(self) -> RemittanceStore:
        return RemittanceStore(self.connection)

    @cached_property
    def recycle_bin(self) -> RecycleBinStore:
        return RecycleBinStore(self.connection)

    @cached_property
    def claim_intake(self) -> ClaimIntakeStore:
        return ClaimIntakeStore(self.connection)

    @cached_property
    def claim_search(self) -> ClaimSearchStore:
        return ClaimSearchStore(self.connection)

    @cached_property
    def deposit_edits(self) -> DepositEditStore:
        return DepositEditStore(self.connection)

    @cached_property
    def deposit_errors(self) -> DepositErrorStore:
        return DepositErrorStore(self.connection)

    @cached_property
    def deposit_work(self) -> DepositWorkStore:
        return DepositWorkStore(self.connection)

    @cached_property
    def ledger(self) -> LedgerStore:
        return LedgerStore(self.connection)

    @cached_property
    def reports(self) -> ReportStore:
        return ReportStore(self.connection)

    @cached_property
    def rules(self) -> RuleStore:
        return RuleStore(self.connection)

    @cached_property
    def set_links(self) -> SetLinkStore:
        return SetLinkStore(self.connection)

    @cached_property
    def work_batches(self) -> WorkBatchStore:
        return WorkBatchStore(self.connection)

    @cached_property
    def postings(self) -> PostingStore:
        return PostingStore(self.connection)

    @cached_property
    def provider_rows(self) -> ProviderRowStore:
        return ProviderRowStore(self.connection)

    @cached_property
    def work_lists(self) -> WorkListStore:
        return WorkListStore(self.connection)


__all__ = ["Stores"]
