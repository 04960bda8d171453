"""Saved columns of tables that come again and again: patient payments, claims (spec deposits 6.3)."""

import json
from collections.abc import Mapping

import sqlalchemy as sa

from workbench.storage.stores.base import Store
from workbench.storage.tables.imports import import_mappings


class ImportMappingStore(Store):
    """Reads and keeps `import_mappings`; a kind of table has its own names."""

    def all(self, kind: str) -> dict[str, dict[str, str]]:
        """Name -> (field -> heading), by name."""
        c = import_mappings.c
        rows = self._connection.execute(
            sa.select(c.name, c.mapping_json).where(c.kind == kind).order_by(sa.func.lower(c.name))
        )
        return {row.name: json.loads(row.mapping_json) for row in rows}

    def save(self, kind: str, name: str, mapping: Mapping[str, str]) -> int:
        """Adds a mapping or replaces the one of this name; gives its id."""
        c, text = import_mappings.c, json.dumps(mapping, sort_keys=True)
        changed = self._connection.execute(
            sa.update(import_mappings)
            .where(c.kind == kind, c.name == name)
            .values(mapping_json=text)
            .returning(c.id)
        ).scalar()
        if changed is not None:
            return int(changed)
        return self._insert(import_mappings, {"kind": kind, "name": name, "mapping_json": text})

    def remove(self, kind: str, name: str) -> None:
        c = import_mappings.c
        self._connection.execute(sa.delete(import_mappings).where(c.kind == kind, c.name == name))
