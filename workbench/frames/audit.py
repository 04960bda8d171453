"""The frame of the audit trail."""

from datetime import UTC, date, datetime, time, timedelta

import pandas as pd

from workbench.domain.audit_views import AuditQuery
from workbench.domain.permissions import Permission
from workbench.frames.base import FrameReader
from workbench.services.deposits.base import sight_of
from workbench.storage.audit_selects import audit_select


class AuditFrames(FrameReader):
    """Limited to the practices of the person; the office's own events are for who sees what belongs to no practice."""

    def audit(
        self,
        *,
        since: date | None = None,
        until: date | None = None,
        action: str = "",
        subject_type: str = "",
        subject_id: int | None = None,
    ) -> pd.DataFrame:
        """One row per event of the audit trail, oldest first. `since`, `until`: inclusive days in UTC.

        int64: chain number subject_id. int64 that may be missing: practice_id. string: user login practice action
        subject_type before_json after_json reason. timestamp: at.
        """
        actor = self._ask_actor()
        actor.require(Permission.AUDIT_VIEW)
        query = AuditQuery(
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            since=None if since is None else _midnight(since),
            until=None if until is None else _midnight(until + timedelta(days=1)),
        )
        return self._give(actor, "audit", audit_select(query, sight_of(actor)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
