"""The store: SQLAlchemy, SQLite, PostgreSQL and ADBC are known here and nowhere else."""

from workbench.storage.conflict import ConflictError
from workbench.storage.database import Database
from workbench.storage.stores import Stores

__all__ = ["ConflictError", "Database", "Stores"]
