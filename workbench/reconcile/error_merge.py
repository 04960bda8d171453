"""Computing errors again changes only what changed (spec deposits 3.2 and 10).

An ignored error comes back only when its facts change: what its message says, and the context beside it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.reconcile.claim_errors import FoundError

OPEN, RESOLVED, IGNORED, AUTO_RESOLVED = "open", "resolved", "ignored", "auto_resolved"


@dataclass(frozen=True, slots=True)
class StoredError:
    """What is known of an error that was computed before."""

    id: int
    code: str
    state: str
    message: str
    context: Mapping[str, Any] = field(default_factory=dict)

    def has_facts_of(self, error: FoundError) -> bool:
        return (self.message, self.context) == (error.message, error.context)


@dataclass(frozen=True, slots=True)
class Merge:
    """What to write: new rows, rows that are open again, open rows with new words, rows that are settled."""

    add: tuple[FoundError, ...]
    reopen: tuple[tuple[int, FoundError], ...]
    reword: tuple[tuple[int, FoundError], ...]
    settle: tuple[int, ...]


def merge_errors(
    stored: Mapping[str, StoredError], found: Iterable[FoundError], codes: Collection[str]
) -> Merge:
    """`stored`: by key, the errors of the same claims or deposit; `codes`: those that `found` decides about."""
    add: list[FoundError] = []
    reopen: list[tuple[int, FoundError]] = []
    reword: list[tuple[int, FoundError]] = []
    seen: set[str] = set()
    for error in found:
        seen.add(error.key)
        known = stored.get(error.key)
        if known is None:
            add.append(error)
        elif known.state == OPEN:
            if not known.has_facts_of(error):
                reword.append((known.id, error))
        elif known.state != IGNORED or not known.has_facts_of(error):
            reopen.append((known.id, error))
    settle = tuple(
        known.id
        for key, known in stored.items()
        if known.state == OPEN and known.code in codes and key not in seen
    )
    return Merge(tuple(add), tuple(reopen), tuple(reword), settle)
