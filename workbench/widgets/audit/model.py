"""What the audit page shows: the filter, one page of what it finds, one event's before and after; nothing is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from workbench.config import Settings
from workbench.domain.audit_views import AuditChoices, AuditPage, AuditQuery, AuditRow
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.services.audit import AuditTrail
from workbench.services.scan_desk import ScanDesk

FORMS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
NUMBERS = ("user_id", "practice_id", "subject_id")
LONGEST_SUMMARY = 120


class Desk(Protocol):
    """What the page needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def audit(self) -> AuditTrail: ...
    @property
    def scan_desk(self) -> ScanDesk: ...
    @property
    def settings(self) -> Settings: ...
    def export(self, frame: Any, path: Path) -> Path: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an event, as text."""

    field: str
    before: str
    after: str


class AuditModel:
    """Days of the filter and times on the screen are those of the person's first practice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.query = AuditQuery()
        self.days: dict[str, date | None] = {"since": None, "until": None}

    def why_not_look(self) -> str:
        """Why the person may not see the trail; empty when they may."""
        if Permission.AUDIT_VIEW in self._desk.actor.permissions:
            return ""
        return "You may not look at the audit trail. Ask your supervisor for the right."

    def blockers(self) -> dict[str, str]:
        """Why a button cannot be pressed."""
        if text := self.why_not_look():
            return dict.fromkeys(("refresh", "clear", *FORMS), text)
        if Permission.EXPORT not in self._desk.actor.permissions:
            return dict.fromkeys(FORMS, "You may not export. Ask your supervisor for the right.")
        return {}

    def choices(self) -> AuditChoices:
        """What the filters offer."""
        return AuditChoices() if self.why_not_look() else self._desk.audit.choices(self._desk.actor)

    def page(self, sort_key: str, descending: bool, offset: int, limit: int) -> AuditPage:  # noqa: FBT001
        """The events at `offset` of everything that the filter finds; newest first unless said otherwise."""
        if self.why_not_look():
            return AuditPage((), 0)
        self.query = replace(
            self.query, sort_key=sort_key or "at", descending=descending, offset=offset, limit=limit
        )
        return self._desk.audit.page(self._desk.actor, self.query)

    def narrow(self, name: str, value: Any) -> bool:
        """Sets one field of the filter; whether that changes what is found."""
        before = self.query
        if name in self.days:
            self.days[name] = value
            self.query = replace(before, since=self._moment("since", 0), until=self._moment("until", 1))
        else:
            empty: Any = None if name in NUMBERS else ""
            wanted: Any = int(value) if value and name in NUMBERS else value or empty
            self.query = replace(before, **{name: wanted})
        return self.query != before

    def _moment(self, name: str, later: int) -> datetime | None:
        day = self.days[name]
        return None if day is None else datetime.combine(day + timedelta(days=later), time(), self.zone)

    def clear(self) -> None:
        self.query = AuditQuery()
        self.days = {"since": None, "until": None}

    @property
    def is_narrowed(self) -> bool:
        kept = self.query
        plain = AuditQuery(
            sort_key=kept.sort_key, descending=kept.descending, offset=kept.offset, limit=kept.limit
        )
        return kept != plain

    def empty_text(self) -> str:
        """What to do when nothing is found."""
        if text := self.why_not_look():
            return text
        if self.is_narrowed:
            return "No event fits this filter. Clear Filter shows all of them."
        return "Nothing was done here yet."

    @property
    def zone(self) -> ZoneInfo:
        return self._desk.scan_desk.lists.clock(self._desk.actor)

    def event(self, name: str) -> AuditRow:
        """An event by its name, `3-17`."""
        chain, _, number = name.partition("-")
        return self._desk.audit.event(self._desk.actor, int(chain), int(number))

    def export(self, form: str) -> tuple[str, bytes]:
        """Name and content of a file with everything that the filter finds."""
        table = self._desk.audit.table(self._desk.actor, self.query)
        self._desk.settings.scratch.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._desk.settings.scratch) as folder:
            path = self._desk.export(table, Path(folder) / f"audit.{form}")
            return path.name, path.read_bytes()


def differences(event: AuditRow) -> list[Difference]:
    """Before and after of an event, field by field, in the order of their names."""
    names = sorted({*event.before, *event.after})
    return [Difference(name, _text(event.before.get(name)), _text(event.after.get(name))) for name in names]


def summary(event: AuditRow) -> str:
    """The event in one line: `status NEW > IGNORE, claims 3`."""
    parts = [
        " ".join(
            part for part in (_words(each.field), each.before, ">" if each.before else "", each.after) if part
        )
        for each in differences(event)
    ]
    line = ", ".join(parts)
    return line if len(line) <= LONGEST_SUMMARY else f"{line[: LONGEST_SUMMARY - 1]}…"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return ", ".join(f"{_words(str(key))}: {_text(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")
