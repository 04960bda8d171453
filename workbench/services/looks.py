"""Looks at patient data, written into the audit (spec scan-batches 2.5: who, when, what).

The rule: who looks at the same thing again within 15 minutes makes no second event, so that a page that is
refreshed or turned back to does not flood the trail. Searches, frames, SQL and exports are each their own event.
What was typed to search is patient data and is not written; which boxes were filled in and what was found is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from workbench.domain.identity import Actor
from workbench.storage import Stores
from workbench.storage.clock import now

SAME_LOOK = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at. `shown` says how much of it: counts and ids, no patient data."""

    action: str
    subject_type: str
    subject_id: int
    practice_id: int | None
    shown: Mapping[str, object] = field(default_factory=dict)

    def add(self, stores: Stores, actor: Actor) -> None:
        """One event, unless the person looked at the same thing just now."""
        since = now() - SAME_LOOK
        if not stores.audit.seen_since(actor, self.action, self.subject_type, self.subject_id, since):
            self.write(stores, actor)

    def write(self, stores: Stores, actor: Actor) -> None:
        """An event of its own in any case."""
        stores.audit.add(
            actor,
            self.action,
            self.subject_type,
            self.subject_id,
            practice_id=self.practice_id,
            after=self.shown,
        )
