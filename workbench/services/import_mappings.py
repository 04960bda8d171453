"""Saved column mappings of imported tables, for everybody who imports (spec deposits 6.3, 8)."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.storage import Database

NAME_LENGTH = 60


class TableKind(StrEnum):
    """What a table holds."""

    PAYMENTS = "patient payments"
    CLAIMS = "claims"


class ImportMappings:
    """A mapping says which heading of a table is which field of the import."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, actor: Actor, kind: TableKind) -> dict[str, dict[str, str]]:
        """Name -> (field -> heading), by name."""
        actor.require(Permission.DEPOSIT_IMPORT)
        with self._database.reading() as stores:
            return stores.import_mappings.all(kind.value)

    def save(self, actor: Actor, kind: TableKind, name: str, mapping: Mapping[str, str]) -> None:
        """Adds a mapping, or replaces the one of this name."""
        actor.require(Permission.DEPOSIT_IMPORT)
        word = " ".join(name.split())
        if not word:
            raise RefusedError("Type a name for the mapping, such as the sender of these tables.")
        if len(word) > NAME_LENGTH:
            raise RefusedError(f"The name has up to {NAME_LENGTH} letters.")
        if not mapping:
            raise RefusedError("Say which columns are what before you save them.")
        with self._database.transaction() as stores:
            before = stores.import_mappings.all(kind.value).get(word, {})
            number = stores.import_mappings.save(kind.value, word, mapping)
            stores.audit.add(
                actor,
                "mapping.save",
                "import_mapping",
                number,
                before=before,
                after={"name": word, **mapping},
            )

    def remove(self, actor: Actor, kind: TableKind, name: str) -> None:
        """Forgets a mapping; what was imported with it stays."""
        actor.require(Permission.DEPOSIT_IMPORT)
        with self._database.transaction() as stores:
            before = stores.import_mappings.all(kind.value).get(name)
            if before is None:
                raise RefusedError(f"There is no mapping {name}.")
            stores.import_mappings.remove(kind.value, name)
            stores.audit.add(actor, "mapping.remove", "import_mapping", 0, before={"name": name, **before})


def fitting(saved: Mapping[str, Mapping[str, str]], headings: Collection[str]) -> str:
    """The saved mapping whose headings are all in the table, the one with the most of them; "" for none."""
    known = set(headings)
    fit = [name for name, mapping in saved.items() if known.issuperset(mapping.values())]
    return max(fit, key=lambda name: len(saved[name]), default="")
