"""What is asked of the audit trail, and what is answered."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workbench.domain.audit import Break


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """A filter of the trail; None and empty texts ask nothing.

    Attributes:
        since, until: moments; `until` is the first one that is not wanted any more.
        text: somewhere in the action, the subject, the person, the reason, before or after.
        sort_key: `at`, `user`, `practice`, `action` or `subject`.
    """

    user_id: int | None = None
    practice_id: int | None = None
    action: str = ""
    subject_type: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    sort_key: str = "at"
    descending: bool = True
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event as people read it; `chain` and `number` are its name in the trail."""

    chain: int
    number: int
    at: datetime
    user: str
    login: str
    practice: str
    action: str
    subject_type: str
    subject_id: int
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str

    @property
    def name(self) -> str:
        return f"{self.chain}-{self.number}"


@dataclass(frozen=True, slots=True)
class AuditPage:
    """`total` counts everything that the filter finds."""

    rows: tuple[AuditRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AuditChoices:
    """What the filters offer: only what occurs in the part of the trail that the person sees."""

    users: tuple[tuple[int, str], ...] = ()
    practices: tuple[tuple[int, str], ...] = ()
    actions: tuple[str, ...] = ()
    subject_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer of a proof: how many events hold, and the first broken one of each chain that does not."""

    events: int
    chains: int
    breaks: tuple[Break, ...] = field(default=())

    @property
    def holds(self) -> bool:
        return not self.breaks
