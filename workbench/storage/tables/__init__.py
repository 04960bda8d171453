"""The tables, one file per group. Importing this package makes `metadata` complete."""

from workbench.storage.tables import (
    audit,
    bank,
    batches,
    claims,
    codes,
    credentials,
    deposits,
    imports,
    ledger,
    office,
    rules,
    work,
)
from workbench.storage.tables.base import metadata

__all__ = [
    "audit",
    "bank",
    "batches",
    "claims",
    "codes",
    "credentials",
    "deposits",
    "imports",
    "ledger",
    "metadata",
    "office",
    "rules",
    "work",
]
