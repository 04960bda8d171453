"""The tables, one file per group. Importing this package makes `metadata` complete."""

from workbench.storage.tables import audit, batches, claims, deposits, imports, office, work
from workbench.storage.tables.base import metadata

__all__ = ["audit", "batches", "claims", "deposits", "imports", "metadata", "office", "work"]
