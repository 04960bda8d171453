"""The audit trail: written as a chain, read for the audit page and for the proof."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.domain.audit import (
    OFFICE_CHAIN,
    ChainedEvent,
    Head,
    beginning,
    chain_key,
    chain_of,
    event_mac,
    head_seal,
)
from workbench.domain.identity import Actor
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.tables.audit import audit_events, audit_heads
from workbench.storage.tables.office import users

Key = Callable[[], bytes]
_COLUMNS = tuple(ChainedEvent.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One act of a thing's history. `before` and `after` hold only what changed, amounts in cents, dates as ISO text."""

    number: int
    at: datetime
    user: str
    action: str
    subject_type: str
    subject_id: int
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


class AuditStore(Store):
    """Writes `audit_events` and their heads. `key` gives the key of the trail, which is asked for at the first event."""

    def __init__(self, connection: Connection, key: Key) -> None:
        super().__init__(connection)
        self._key = key
        self._waiting: list[ChainedEvent] = []

    def add(
        self,
        actor: Actor,
        action: str,
        subject_type: str,
        subject_id: int,
        *,
        practice_id: int | None = None,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> None:
        """Adds the event of an act to the transaction that does it."""
        self._waiting.append(
            ChainedEvent(
                chain=chain_of(practice_id),
                number=0,
                at=now(),
                user_id=actor.user_id,
                login=actor.login,
                practice_id=practice_id,
                action=action,
                subject_type=subject_type,
                subject_id=subject_id,
                before_json=json.dumps(before or {}, default=str, sort_keys=True),
                after_json=json.dumps(after or {}, default=str, sort_keys=True),
                reason=reason,
            )
        )

    def handed_over(self) -> list[ChainedEvent]:
        """What was added and is not written yet, for another transaction to write."""
        waiting, self._waiting = self._waiting, []
        return waiting

    def take_over(self, events: list[ChainedEvent]) -> None:
        """Adds what another transaction handed over."""
        self._waiting += events

    def write(self) -> None:
        """Chains what was added; the transaction does so last.

        The head of a chain is locked for the length of a commit and not for that of the work before it, and heads
        are locked by number: writers neither wait long nor for each other.
        """
        waiting = self.handed_over()
        if not waiting:
            return
        chains = {event.chain for event in waiting}
        if new := chains - {OFFICE_CHAIN} - set(self._known(chains)):
            office = self._locked(OFFICE_CHAIN)
            begun = new - set(self._known(new))
            said = [event for event in waiting if event.chain == OFFICE_CHAIN]
            self._extend(office, [*map(self._beginning_by(waiting[0]), sorted(begun)), *said])
            chains -= {OFFICE_CHAIN}
        for chain in sorted(chains):
            self._extend(self._locked(chain), [event for event in waiting if event.chain == chain])

    def _known(self, chains: set[int]) -> list[int]:
        found = sa.select(audit_heads.c.chain).where(audit_heads.c.chain.in_(chains))
        return list(self._connection.execute(found).scalars())

    @staticmethod
    def _beginning_by(first: ChainedEvent) -> Callable[[int], ChainedEvent]:
        def of(chain: int) -> ChainedEvent:
            action, subject, number = beginning(chain)
            return replace(
                first, chain=OFFICE_CHAIN, practice_id=None, action=action, subject_type=subject,
                subject_id=number, before_json="{}", after_json="{}", reason="",
            )  # fmt: skip

        return of

    def _locked(self, chain: int) -> Head:
        """The head of a chain, which nobody else moves until the transaction ends; made when there is none."""
        found = sa.select(audit_heads).where(audit_heads.c.chain == chain).with_for_update()
        row = self._connection.execute(found).first()
        if row is None:
            empty = Head(chain, 0, "")
            self._connection.execute(self._insert_or_leave(empty))
            row = self._connection.execute(found).one()
        return Head(row.chain, row.number, row.mac, row.seal)

    def _insert_or_leave(self, head: Head) -> sa.Executable:
        values = {"chain": head.chain, "number": head.number, "mac": head.mac, "seal": self._seal(head)}
        return sa.text(
            "INSERT INTO audit_heads (chain, number, mac, seal) VALUES (:chain, :number, :mac, :seal)"
            " ON CONFLICT DO NOTHING"
        ).bindparams(**values)

    def _extend(self, head: Head, events: list[ChainedEvent]) -> None:
        if not events:
            return
        key = chain_key(self._key(), head.chain)
        previous, rows = head.mac, []
        for number, event in enumerate(events, start=head.number + 1):
            numbered = replace(event, number=number)
            previous = event_mac(key, numbered, previous)
            rows.append(_row(replace(numbered, mac=previous)))
        self._connection.execute(sa.insert(audit_events), rows)
        moved = Head(head.chain, head.number + len(rows), previous)
        self._connection.execute(
            sa.update(audit_heads)
            .where(audit_heads.c.chain == head.chain)
            .values(number=moved.number, mac=moved.mac, seal=self._seal(moved))
        )

    def _seal(self, head: Head) -> str:
        return head_seal(chain_key(self._key(), head.chain), head)

    def of(self, subject_type: str, subject_id: int) -> list[AuditEvent]:
        """The history of one thing, oldest first."""
        self.write()
        rows = self._connection.execute(
            sa.select(audit_events, users.c.name)
            .join(users, users.c.id == audit_events.c.user_id)
            .where(audit_events.c.subject_type == subject_type, audit_events.c.subject_id == subject_id)
            .order_by(audit_events.c.at, audit_events.c.chain, audit_events.c.number)
        )
        return [
            AuditEvent(
                number=row.number,
                at=row.at,
                user=row.name,
                action=row.action,
                subject_type=row.subject_type,
                subject_id=row.subject_id,
                before=json.loads(row.before_json),
                after=json.loads(row.after_json),
                reason=row.reason,
            )
            for row in rows
        ]

    def seen_since(
        self, actor: Actor, action: str, subject_type: str, subject_id: int, since: datetime
    ) -> bool:
        """Whether the person has an event of this action on this thing since then."""
        wanted = (actor.user_id, action, subject_type, subject_id)
        if wanted in {
            (each.user_id, each.action, each.subject_type, each.subject_id) for each in self._waiting
        }:
            return True
        event = audit_events.c
        found = sa.select(event.number).where(
            event.subject_type == subject_type,
            event.subject_id == subject_id,
            event.user_id == actor.user_id,
            event.action == action,
            event.at >= since,
        )
        return self._connection.execute(found.limit(1)).first() is not None


def _row(event: ChainedEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in _COLUMNS}
