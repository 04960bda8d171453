"""The tables that SQL of an analyst knows: those of the frames, with the same columns, the same rights, the same rows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from workbench.domain.audit_views import AuditQuery
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.allowed import works_on
from workbench.domain.scan_batch.words import BatchType
from workbench.services.deposits.base import sight_of
from workbench.storage import bank_selects, frame_selects, ledger_selects, scan_selects
from workbench.storage.audit_selects import audit_select
from workbench.storage.bank_selects import BankFilter
from workbench.storage.frame_selects import DepositFilter
from workbench.storage.ledger_selects import LedgerFilter
from workbench.storage.scan_selects import ScanFilter, ScanSight

Select: TypeAlias = Any  # of SQLAlchemy, which only the storage knows


@dataclass(frozen=True, slots=True)
class AnalystTable:
    """`select` gives the rows that an actor may see; asking for them needs `permission`."""

    permission: Permission
    select: Callable[[Actor], Select]


def _remittances(select: Callable[..., Select]) -> AnalystTable:
    return AnalystTable(Permission.DEPOSIT_VIEW, lambda actor: select(DepositFilter(), sight_of(actor)))


def _bank(select: Callable[..., Select]) -> AnalystTable:
    return AnalystTable(Permission.BANK_VIEW, lambda actor: select(BankFilter(), sight_of(actor)))


def _scans(select: Callable[..., Select], permission: Permission) -> AnalystTable:
    return AnalystTable(permission, partial(_of_scans, select))


def _of_scans(select: Callable[..., Select], actor: Actor) -> Select:
    types = [each for each in BatchType if works_on(each, actor.permissions)]
    return select(ScanFilter(), ScanSight(actor.practice_ids, types))


def _of_imports(actor: Actor) -> Select:
    return frame_selects.imports_select(sight_of(actor), user_id=actor.user_id)


def _of_ledger(actor: Actor) -> Select:
    return ledger_selects.ledger_select(LedgerFilter(), sight_of(actor))


def _of_posting_errors(actor: Actor) -> Select:
    return ledger_selects.posting_errors_select(sight_of(actor))


def _of_rules(_: Actor) -> Select:
    return ledger_selects.rules_select()


def _of_audit(actor: Actor) -> Select:
    return audit_select(AuditQuery(), sight_of(actor))


TABLES: dict[str, AnalystTable] = {
    "audit": AnalystTable(Permission.AUDIT_VIEW, _of_audit),
    "deposits": _remittances(frame_selects.deposits_select),
    "claims": _remittances(frame_selects.claims_select),
    "service_lines": _remittances(frame_selects.service_lines_select),
    "adjustments": _remittances(frame_selects.adjustments_select),
    "provider_adjustments": _remittances(frame_selects.provider_adjustments_select),
    "findings": _remittances(frame_selects.findings_select),
    "imports": AnalystTable(Permission.DEPOSIT_VIEW, _of_imports),
    "ledger": AnalystTable(Permission.DEPOSIT_VIEW, _of_ledger),
    "posting_errors": AnalystTable(Permission.DEPOSIT_VIEW, _of_posting_errors),
    "rules": AnalystTable(Permission.DEPOSIT_VIEW, _of_rules),
    "scan_batches": _scans(scan_selects.batches_select, Permission.BATCH_VIEW),
    "image_sets": _scans(scan_selects.sets_select, Permission.BATCH_VIEW),
    "images": _scans(scan_selects.images_select, Permission.IMAGE_VIEW),
    "bank_lines": _bank(bank_selects.lines_select),
    "bank_matches": _bank(bank_selects.matches_select),
}
