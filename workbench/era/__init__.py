"""X12 835 remittance files: bytes to column tables and findings, and a writer for tests and demo data.

`read_remittances` is the door; `docs/architecture.md` lists the tables.
"""

from workbench.era.reader import EraFile, raw_segments, read_remittances

__all__ = ["EraFile", "raw_segments", "read_remittances"]
