"""What happened to one deposit and its claims, out of the audit trail, and the notes people left (spec 1.3)."""

import json

import sqlalchemy as sa

from workbench.domain.deposit_views import HistoryRow
from workbench.storage.stores.base import Store
from workbench.storage.tables.audit import audit_events
from workbench.storage.tables.deposits import deposit_claims
from workbench.storage.tables.office import users

# A note is an event of the trail: only ever added, with its writer and moment, and proven with the rest of it.
NOTE = "deposit.note"
_LOOKS = ("deposit.view", "claim.view")


class DepositHistoryStore(Store):
    """Reads only; events are added by `stores.audit`."""

    def notes(self, deposit_id: int) -> list[HistoryRow]:
        """The newest first."""
        event = audit_events.c
        return self._rows(
            event.subject_type == "deposit", event.subject_id == deposit_id, event.action == NOTE
        )

    def acts(self, deposit_id: int) -> list[HistoryRow]:
        """Everything that was done to the deposit and its claims, the newest first; looks and notes are not."""
        event, claim = audit_events.c, deposit_claims.c
        mine = sa.select(claim.id).where(claim.deposit_id == deposit_id)
        of_deposit = (event.subject_type == "deposit") & (event.subject_id == deposit_id)
        of_claims = (event.subject_type == "deposit_claim") & event.subject_id.in_(mine)
        return self._rows(of_deposit | of_claims, event.action.not_in((NOTE, *_LOOKS)))

    def _rows(self, *conditions: sa.ColumnElement[bool]) -> list[HistoryRow]:
        event = audit_events.c
        claim_of_event = (event.subject_type == "deposit_claim") & (deposit_claims.c.id == event.subject_id)
        found = self._connection.execute(
            sa.select(audit_events, users.c.name.label("user"), deposit_claims.c.pcn)
            .join(users, users.c.id == audit_events.c.user_id)
            .outerjoin(deposit_claims, claim_of_event)
            .where(*conditions)
            .order_by(event.at.desc(), event.number.desc())
        )
        return [
            HistoryRow(
                at=row.at,
                user=row.user,
                action=row.action,
                pcn=row.pcn or "",
                before=json.loads(row.before_json),
                after=json.loads(row.after_json),
                reason=row.reason,
            )
            for row in found
        ]
