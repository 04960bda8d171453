"""The SELECT behind the audit page, its export and the analysts' frame."""

from typing import Any

import sqlalchemy as sa

from workbench.domain.audit_views import AuditQuery
from workbench.storage.stores.deposit_lists import Sight
from workbench.storage.tables.audit import audit_events
from workbench.storage.tables.office import practices, users

_e = audit_events.c
USER = users.c.name.label("user")
PRACTICE = sa.func.coalesce(practices.c.name, "").label("practice")
JOINED = audit_events.join(users, users.c.id == _e.user_id).outerjoin(
    practices, practices.c.id == _e.practice_id
)
COLUMNS: list[Any] = [
    _e.chain, _e.number, _e.at, USER, _e.login, _e.practice_id, PRACTICE, _e.action, _e.subject_type,
    _e.subject_id, _e.before_json, _e.after_json, _e.reason,
]  # fmt: skip
_SEARCHED = (_e.action, _e.subject_type, users.c.name, _e.login, _e.reason, _e.before_json, _e.after_json)


def conditions(wanted: AuditQuery, sight: Sight) -> list[sa.ColumnElement[bool]]:
    """What a row must meet; the office's own events are for those who see what belongs to no practice."""
    equal = {
        _e.user_id: wanted.user_id,
        _e.practice_id: wanted.practice_id,
        _e.action: wanted.action or None,
        _e.subject_type: wanted.subject_type or None,
        _e.subject_id: wanted.subject_id,
    }
    found = [sight.condition(_e.practice_id)]
    found += [column == value for column, value in equal.items() if value is not None]
    if wanted.since is not None:
        found.append(_e.at >= wanted.since)
    if wanted.until is not None:
        found.append(_e.at < wanted.until)
    if words := wanted.text.strip().lower():
        found.append(
            sa.or_(*(sa.func.lower(column).contains(words, autoescape=True) for column in _SEARCHED))
        )
    return found


def audit_select(wanted: AuditQuery, sight: Sight) -> sa.Select[Any]:
    """One row per event, oldest first, everything that the filter finds."""
    return (
        sa.select(*COLUMNS)
        .select_from(JOINED)
        .where(*conditions(wanted, sight))
        .order_by(_e.at, _e.chain, _e.number)
    )
