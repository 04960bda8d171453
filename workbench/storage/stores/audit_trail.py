"""Reading the audit trail: a page of it for people, all of it for the proof."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.domain.audit import (
    BEGIN,
    OFFICE_CHAIN,
    Break,
    ChainedEvent,
    Fault,
    Head,
    broken_in_chain,
)
from workbench.domain.audit_views import AuditChoices, AuditPage, AuditQuery, AuditRow, Proof
from workbench.storage.audit_selects import COLUMNS, JOINED, PRACTICE, USER, conditions
from workbench.storage.stores.base import Store
from workbench.storage.stores.deposit_lists import Sight
from workbench.storage.tables.audit import audit_events, audit_heads
from workbench.storage.tables.office import practices, users

_e = audit_events.c
_SORTS: dict[str, list[Any]] = {
    "at": [],
    "user": [USER],
    "practice": [PRACTICE],
    "action": [_e.action],
    "subject": [_e.subject_type, _e.subject_id],
}
_STORED = [_e[name] for name in ChainedEvent.__dataclass_fields__]


class AuditTrailStore(Store):
    """`key` gives the key of the trail; only the proof asks for it."""

    def __init__(self, connection: Connection, key: Callable[[], bytes]) -> None:
        super().__init__(connection)
        self._key = key

    def page(self, query: AuditQuery, sight: Sight) -> AuditPage:
        """One page, newest first unless said otherwise, and the count of all that the filter finds."""
        where = conditions(query, sight)
        total = self._connection.execute(
            sa.select(sa.func.count()).select_from(JOINED).where(*where)
        ).scalar()
        keys = [*_SORTS.get(query.sort_key, []), _e.at, _e.chain, _e.number]
        ordered = [key.desc() if query.descending else key.asc() for key in keys]
        found = sa.select(*COLUMNS).select_from(JOINED).where(*where).order_by(*ordered)
        rows = self._connection.execute(found.offset(query.offset).limit(query.limit))
        return AuditPage(tuple(map(_shown, rows)), int(total or 0))

    def event(self, chain: int, number: int, sight: Sight) -> AuditRow | None:
        """One event, when the person may see it."""
        found = sa.select(*COLUMNS).select_from(JOINED)
        row = self._connection.execute(
            found.where(_e.chain == chain, _e.number == number, *conditions(AuditQuery(), sight))
        ).first()
        return None if row is None else _shown(row)

    def choices(self, sight: Sight) -> AuditChoices:
        """What the filters offer."""
        seen = conditions(AuditQuery(), sight)

        def different(*columns: Any) -> list[Any]:
            found = sa.select(*columns).select_from(JOINED).where(*seen).distinct().order_by(columns[-1])
            return list(self._connection.execute(found))

        return AuditChoices(
            users=tuple((row.id, row.name) for row in different(users.c.id, users.c.name)),
            practices=tuple(
                (row.id, row.name)
                for row in different(practices.c.id, practices.c.name)
                if row.id is not None
            ),
            actions=tuple(row.action for row in different(_e.action)),
            subject_types=tuple(row.subject_type for row in different(_e.subject_type)),
        )

    def heads(self) -> dict[int, Head]:
        """Every chain's head, by chain."""
        rows = self._connection.execute(sa.select(audit_heads))
        return {row.chain: Head(row.chain, row.number, row.mac, row.seal) for row in rows}

    def prove(self, witnesses: Mapping[int, Head]) -> Proof:
        """Whether every event of every chain is as it was written, and none is lost. Others may write meanwhile."""
        begun = sa.select(_e.subject_id).where(_e.chain == OFFICE_CHAIN, _e.action == BEGIN)
        chains = {*self.heads(), *self._numbers(), *witnesses, *self._connection.execute(begun).scalars()}
        if chains:
            chains.add(OFFICE_CHAIN)
        events, breaks = 0, []
        for chain in sorted(chains):
            held, broken = self._prove_chain(chain, witnesses.get(chain))
            events += held
            breaks += [broken] if broken else []
        if breaks and events == 0 and {each.fault for each in breaks} == {Fault.CHANGED}:
            text = "No event fits this key. Is it the key that the trail was written with?"
            breaks = [Break(OFFICE_CHAIN, 0, Fault.OTHER_KEY, text)]
        return Proof(events, len(chains), tuple(breaks))

    def _prove_chain(self, chain: int, witness: Head | None) -> tuple[int, Break | None]:
        # In this order: an event that is written now comes with a head that is read later.
        last = self._numbers().get(chain, 0)
        head = self.heads().get(chain)
        if head is None and last == 0:
            return 0, Break(chain, 0, Fault.CHAIN_LOST, "There was a chain here; all of it is gone.")
        through = max(last, head.number if head else 0)
        return broken_in_chain(self._key(), chain, self._events(chain, through), head, witness)

    def _numbers(self) -> dict[int, int]:
        found = sa.select(_e.chain, sa.func.max(_e.number).label("last")).group_by(_e.chain)
        return {row.chain: row.last for row in self._connection.execute(found)}

    def _events(self, chain: int, through: int) -> Iterator[ChainedEvent]:
        """By number, without holding all of them."""
        found = sa.select(*_STORED).where(_e.chain == chain, _e.number <= through).order_by(_e.number)
        for row in self._connection.execute(found.execution_options(yield_per=1000)):
            yield ChainedEvent(*row)


def _shown(row: Any) -> AuditRow:
    return AuditRow(
        chain=row.chain,
        number=row.number,
        at=row.at,
        user=row.user,
        login=row.login,
        practice=row.practice,
        action=row.action,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        before=json.loads(row.before_json),
        after=json.loads(row.after_json),
        reason=row.reason,
    )
