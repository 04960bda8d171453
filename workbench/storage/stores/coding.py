"""Coding forms of charge sets, and the coding status that goes with them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from workbench.domain.scan_batch.coding import CodedProcedure, CodingForm, ProviderTime
from workbench.domain.scan_batch.words import CodingStatus
from workbench.errors import ChangedByAnotherError
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.tables.batches import coding_forms as t
from workbench.storage.tables.batches import image_sets
from workbench.storage.tables.work import cases

_PLAIN = [each.name for each in fields(CodingForm) if each.name not in ("procedures", "provider_times")]


class CodingStore(Store):
    """Reads and writes `coding_forms`."""

    def get(self, set_id: int) -> tuple[CodingForm, int]:
        """The form and its version; an empty one of version 0 when nothing is keyed yet."""
        row = self._connection.execute(sa.select(t).where(t.c.set_id == set_id)).mappings().first()
        if row is None:
            return CodingForm(), 0
        form = CodingForm(
            **{name: row[name] for name in _PLAIN},
            procedures=tuple(CodedProcedure(**each) for each in json.loads(row["procedures_json"])),
            provider_times=tuple(ProviderTime(**each) for each in json.loads(row["provider_times_json"])),
        )
        return form, row["version"]

    def save(self, set_id: int, form: CodingForm, seen_version: int, user_id: int) -> int:
        """Gives the new version. Raises ChangedByAnotherError when the form is no longer `seen_version`."""
        values: dict[str, Any] = {
            **{name: getattr(form, name) for name in _PLAIN},
            "procedures_json": _json(form.procedures),
            "provider_times_json": _json(form.provider_times),
            "updated_at": now(),
            "updated_by_id": user_id,
            "version": seen_version + 1,
        }
        if seen_version == 0 and self.get(set_id)[1] == 0:
            self._connection.execute(sa.insert(t).values(set_id=set_id, **values))
            return 1
        updated = self._connection.execute(
            sa.update(t).where(t.c.set_id == set_id, t.c.version == seen_version).values(**values)
        )
        if updated.rowcount != 1:
            raise ChangedByAnotherError(f"Set {set_id} was coded by somebody else meanwhile. Look again.")
        return seen_version + 1

    def set_status(self, set_id: int, status: CodingStatus, ignore_reason: str) -> None:
        self._connection.execute(
            sa.update(image_sets)
            .where(image_sets.c.id == set_id)
            .values(coding_status=status, ignore_reason=ignore_reason)
        )

    def imported(self, set_id: int) -> bool:
        """Whether the form has gone into a case."""
        return bool(self._connection.scalar(sa.select(sa.exists().where(cases.c.imported_set_id == set_id))))


def _json(lines: Sequence[Any]) -> str:
    return json.dumps([asdict(line) for line in lines])
