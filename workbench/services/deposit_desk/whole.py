"""All services of the deposit desk behind one name, for screens and notebooks: `wb.deposit_desk.editing`."""

from functools import cached_property

from workbench.services.deposit_desk.auto_post import AutoPost
from workbench.services.deposit_desk.choices import DeskChoices
from workbench.services.deposit_desk.claim_search import ClaimSearch
from workbench.services.deposit_desk.copying import Copying
from workbench.services.deposit_desk.creating import Creating
from workbench.services.deposit_desk.editing import Editing
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.postings import Postings
from workbench.services.deposit_desk.provider_money import ProviderMoney
from workbench.services.deposit_desk.rematching import Rematching
from workbench.services.deposit_desk.resolving import Resolving
from workbench.services.deposit_desk.rules import Rules
from workbench.services.deposit_desk.settings import DeskSettings
from workbench.services.deposit_desk.undoing import Undoing
from workbench.services.deposit_desk.work_lists import WorkLists
from workbench.services.import_mappings import ImportMappings
from workbench.storage import Database


class DepositDesk:
    """Each property is one service; `patient_payments` and `claims_import` are apart: they load openpyxl."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def choices(self) -> DeskChoices:
        return DeskChoices(self._database)

    @cached_property
    def creating(self) -> Creating:
        return Creating(self._database)

    @cached_property
    def copying(self) -> Copying:
        return Copying(self._database)

    @cached_property
    def editing(self) -> Editing:
        return Editing(self._database)

    @cached_property
    def claim_search(self) -> ClaimSearch:
        return ClaimSearch(self._database)

    @cached_property
    def errors(self) -> DepositErrors:
        return DepositErrors(self._database)

    @cached_property
    def resolving(self) -> Resolving:
        return Resolving(self._database)

    @cached_property
    def rematching(self) -> Rematching:
        return Rematching(self._database)

    @cached_property
    def provider_money(self) -> ProviderMoney:
        return ProviderMoney(self._database)

    @cached_property
    def posting(self) -> Posting:
        return Posting(self._database)

    @cached_property
    def postings(self) -> Postings:
        return Postings(self._database)

    @cached_property
    def undoing(self) -> Undoing:
        return Undoing(self._database)

    @cached_property
    def auto_post(self) -> AutoPost:
        return AutoPost(self._database)

    @cached_property
    def rules(self) -> Rules:
        return Rules(self._database)

    @cached_property
    def import_mappings(self) -> ImportMappings:
        return ImportMappings(self._database)

    @cached_property
    def settings(self) -> DeskSettings:
        return DeskSettings(self._database)

    @cached_property
    def work_lists(self) -> WorkLists:
        return WorkLists(self._database)
