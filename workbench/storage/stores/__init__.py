"""The stores of one transaction, under one roof: `stores.deposits`, `stores.audit`, ..."""

from functools import cached_property

from sqlalchemy.engine import Connection

from workbench.storage.stores.audit import AuditStore
from workbench.storage.stores.office import OfficeStore


class Stores:
    """Made by `Database.transaction()` and `Database.reading()`; dies with the transaction.

    A new group of tables adds its store here, as one cached property.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def audit(self) -> AuditStore:
        return AuditStore(self.connection)

    @cached_property
    def office(self) -> OfficeStore:
        return OfficeStore(self.connection)


__all__ = ["Stores"]
