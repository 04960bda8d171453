"""The analyst's door: every table as a DataFrame. `wb.frames.deposits(since=date(2026, 1, 1))`."""

from workbench.frames.audit import AuditFrames
from workbench.frames.bank import BankFrames
from workbench.frames.ledger import LedgerFrames
from workbench.frames.remittances import RemittanceFrames
from workbench.frames.scans import ScanFrames


class Frames(RemittanceFrames, LedgerFrames, ScanFrames, BankFrames, AuditFrames):
    """All frames. A new group of tables adds a class of frames here."""


__all__ = ["Frames"]
