"""The drop-downs of the batch windows, and what the header rules ask about a chosen entry."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from workbench.domain.scan_batch.header import BatchHeader, Choice, HeaderFacts
from workbench.storage.stores.base import Store
from workbench.storage.tables import office as t


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a drop-down. `active` False: shown greyed, because it is already stored."""

    id: int
    name: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """Attributes:
    entries: the best ones.
    total: how many there are in all.
    """

    entries: tuple[Entry, ...]
    total: int


class BatchChoiceStore(Store):
    """Reads the office's lists as the batch windows need them."""

    def practices(self, practice_ids: Collection[int]) -> list[Entry]:
        """The active ones of these, by name."""
        return self._entries(t.practices, t.practices.c.id.in_(practice_ids), t.practices.c.active)

    def facilities(self, practice_id: int) -> list[Entry]:
        """Active and affiliated to the practice, by name (spec 5 row 2)."""
        affiliated = sa.exists().where(
            t.practice_facilities.c.facility_id == t.facilities.c.id,
            t.practice_facilities.c.practice_id == practice_id,
        )
        return self._entries(t.facilities, affiliated, t.facilities.c.active)

    def payers(self, typed: str, limit: int) -> Found:
        """Active payers whose name has a word beginning with what was typed, those that begin with it first."""
        return self._search(t.payers, typed, limit)

    def plans(self, typed: str, limit: int, payer_id: int | None) -> Found:
        """Active plans, of the payer when one is chosen."""
        chosen = [] if payer_id is None else [t.plans.c.payer_id == payer_id]
        return self._search(t.plans, typed, limit, *chosen)

    def name(self, table: str, entry_id: int) -> str:
        """The name of an entry of `practices`, `facilities`, `payers` or `plans`."""
        chosen = {"practices": t.practices, "facilities": t.facilities, "payers": t.payers, "plans": t.plans}
        entry = self._choice(chosen[table], entry_id)
        return entry.name if entry else ""

    def plan_payer(self, plan_id: int) -> int | None:
        payer_id = self._connection.scalar(sa.select(t.plans.c.payer_id).where(t.plans.c.id == plan_id))
        return None if payer_id is None else int(payer_id)

    def time_zone(self, practice_id: int) -> str:
        return str(
            self._connection.execute(
                sa.select(t.practices.c.time_zone).where(t.practices.c.id == practice_id)
            ).scalar_one()
        )

    def header_facts(self, header: BatchHeader, stored: BatchHeader | None = None) -> HeaderFacts:
        """What `check_header` asks about the chosen entries."""
        affiliated = (
            header.practice_id is not None
            and header.facility_id is not None
            and self._connection.scalar(
                sa.select(
                    sa.exists().where(
                        t.practice_facilities.c.practice_id == header.practice_id,
                        t.practice_facilities.c.facility_id == header.facility_id,
                    )
                )
            )
        )
        return HeaderFacts(
            practice=self._choice(t.practices, header.practice_id),
            facility=self._choice(t.facilities, header.facility_id),
            facility_affiliated=bool(affiliated),
            payer=self._choice(t.payers, header.payer_id),
            plan=self._choice(t.plans, header.plan_id),
            plan_payer_id=None if header.plan_id is None else self.plan_payer(header.plan_id),
            stored=stored or BatchHeader(),
        )

    def _choice(self, table: sa.Table, entry_id: int | None) -> Choice | None:
        if entry_id is None:
            return None
        row = self._connection.execute(
            sa.select(table.c.name, table.c.active).where(table.c.id == entry_id)
        ).first()
        return None if row is None else Choice(row.name, bool(row.active))

    def _entries(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[Entry]:
        rows = self._connection.execute(
            sa.select(table.c.id, table.c.name).where(*where).order_by(table.c.name, table.c.id)
        )
        return [Entry(row.id, row.name) for row in rows]

    def _search(self, table: sa.Table, typed: str, limit: int, *where: Any) -> Found:
        name = sa.func.lower(table.c.name)
        wanted = typed.strip().lower()
        begins = name.startswith(wanted, autoescape=True)
        fits = (table.c.active, begins | name.contains(" " + wanted, autoescape=True), *where)
        rows = self._connection.execute(
            sa.select(table.c.id, table.c.name)
            .where(*fits)
            .order_by(sa.case((begins, 0), else_=1), name, table.c.id)
            .limit(limit)
        )
        total = self._connection.execute(sa.select(sa.func.count()).select_from(table).where(*fits))
        return Found(tuple(Entry(row.id, row.name) for row in rows), int(total.scalar_one()))
