"""When a unique key says that somebody else stored the same thing at the same moment."""

import psycopg
import sqlalchemy as sa

_SQLITE_UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")


class ConflictError(Exception):
    """A unique key refused a row. Whoever can decide anew what to store tries again; for all others it is a fault."""


def is_unique_violation(fault: sa.exc.IntegrityError) -> bool:
    """Whether a unique or primary key refused it, and not a foreign key or a check."""
    if isinstance(fault.orig, psycopg.Error):
        return fault.orig.sqlstate == psycopg.errors.UniqueViolation.sqlstate
    return getattr(fault.orig, "sqlite_errorname", "") in _SQLITE_UNIQUE
