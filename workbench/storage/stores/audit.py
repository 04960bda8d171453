"""The audit trail: only ever added to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workbench.domain.identity import Actor
from workbench.storage.clock import now
from workbench.storage.stores.base import Store
from workbench.storage.tables.audit import audit_events
from workbench.storage.tables.office import users


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One act. `before` and `after` hold only what changed, amounts in cents, dates as ISO text."""

    id: int
    at: datetime
    user: str
    action: str
    subject_type: str
    subject_id: int
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


class AuditStore(Store):
    """Writes and reads `audit_events`."""

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
        """Adds the row of an act to the transaction that does it."""
        self._insert(
            audit_events,
            {
                "at": now(),
                "user_id": actor.user_id,
                "practice_id": practice_id,
                "action": action,
                "subject_type": subject_type,
                "subject_id": subject_id,
                "before_json": json.dumps(before or {}, default=str, sort_keys=True),
                "after_json": json.dumps(after or {}, default=str, sort_keys=True),
                "reason": reason,
            },
        )

    def of(self, subject_type: str, subject_id: int) -> list[AuditEvent]:
        """The history of one thing, oldest first."""
        rows = self._connection.execute(
            sa.select(audit_events, users.c.name)
            .join(users, users.c.id == audit_events.c.user_id)
            .where(audit_events.c.subject_type == subject_type, audit_events.c.subject_id == subject_id)
            .order_by(audit_events.c.id)
        )
        return [
            AuditEvent(
                id=row.id,
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
