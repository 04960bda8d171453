"""The tables, one file per group. Importing this package makes `metadata` complete."""

from workbench.storage.tables import audit, claims, deposits, imports, office
from workbench.storage.tables.base import metadata

__all__ = ["audit", "claims", "deposits", "imports", "metadata", "office"]
