"""Our own claims come in: 837 files, and tables with a column mapping; exactly once, corrections applied."""

from workbench.services.claims_import.service import ClaimsImport, ClaimsOutcome

__all__ = ["ClaimsImport", "ClaimsOutcome"]
