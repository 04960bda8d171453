"""The audit trail as a chain: what an event says, what seals it, and what is wrong with a trail that was touched.

Each practice has a chain of its own, and the office one (number 0) for what belongs to no practice. An event's code
is an HMAC-SHA256 over everything it says, its number and the code before it, under a key that is not in the
database. The head of a chain, sealed with the same key, says how long the chain is, so that a tail cut off is
missed. docs/decisions/0016-audit-chain.md has the reasons.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

OFFICE_CHAIN = 0
BEGIN = "audit.begin"  # in the office's chain: from here on there is a chain for this practice
_CHAIN_SUBJECT = "audit_chain"


@dataclass(frozen=True, slots=True)
class ChainedEvent:
    """One event as it is stored. `number` counts from 1 in its chain; `mac` is 64 hexadecimal digits.

    `before_json` and `after_json` hold only what changed, or how much was seen; amounts in cents, dates as ISO text.
    """

    chain: int
    number: int
    at: datetime
    user_id: int
    login: str
    practice_id: int | None
    action: str
    subject_type: str
    subject_id: int
    before_json: str
    after_json: str
    reason: str
    mac: str = ""


_SAID = tuple(ChainedEvent.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain goes: number and code of its last event, and the seal over both."""

    chain: int
    number: int
    mac: str
    seal: str = ""


class Fault(StrEnum):
    """What can be wrong with a trail, in the words that a person reads."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    HEAD_LOST = "head lost"
    HEAD_FORGED = "head forged"
    CHAIN_LOST = "chain lost"
    WOUND_BACK = "wound back"
    OTHER_KEY = "other key"


@dataclass(frozen=True, slots=True)
class Break:
    """The first event of a chain that does not hold, and why. `number` 0: the chain as a whole."""

    chain: int
    number: int
    fault: Fault
    text: str


def chain_of(practice_id: int | None) -> int:
    return OFFICE_CHAIN if practice_id is None else practice_id


def chain_key(key: bytes, chain: int) -> bytes:
    """The key of one chain, so that no event of a practice fits the chain of another."""
    return hmac.digest(key, f"workbench audit chain {chain}".encode(), hashlib.sha256)


def event_mac(key: bytes, event: ChainedEvent, previous: str) -> str:
    """The code of an event; `key` is the chain's, `previous` the code of the event before (empty: none)."""
    said = {name: getattr(event, name) for name in _SAID}
    said |= {"at": event.at.astimezone(UTC).isoformat(timespec="microseconds"), "mac": previous}
    return hmac.new(key, _canonical(said), hashlib.sha256).hexdigest()


def head_seal(key: bytes, head: Head) -> str:
    """The seal of a head under its chain's key."""
    said = {"head": head.chain, "number": head.number, "mac": head.mac}
    return hmac.new(key, _canonical(said), hashlib.sha256).hexdigest()


def _canonical(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def broken_in_chain(
    key: bytes, chain: int, events: Iterable[ChainedEvent], head: Head | None, witness: Head | None = None
) -> tuple[int, Break | None]:
    """How many events of a chain hold, and the first that does not.

    `events` come by number. `witness` is a head that an earlier proof kept outside the database.
    """
    secret = chain_key(key, chain)
    previous, number = "", 0
    for event in events:
        if event.number != number + 1:
            return number, Break(
                chain,
                number + 1,
                Fault.MISSING,
                f"Event {number + 1} is missing; event {event.number} follows.",
            )
        if head is not None and event.number > head.number:
            return number, Break(
                chain,
                event.number,
                Fault.ADDED,
                f"The chain ends with event {head.number}; this one was added.",
            )
        if not hmac.compare_digest(event_mac(secret, event, previous), event.mac) or chain != _chain(event):
            return number, Break(chain, event.number, Fault.CHANGED, "The event is not as it was written.")
        previous, number = event.mac, event.number
        if witness is not None and number == witness.number and event.mac != witness.mac:
            text = "Another event stood here when the trail was proven last."
            return number - 1, Break(chain, number, Fault.WOUND_BACK, text)
    return number, _broken_end(secret, Head(chain, number, previous), head, witness)


def _chain(event: ChainedEvent) -> int:
    return chain_of(event.practice_id)


def _broken_end(secret: bytes, last: Head, head: Head | None, witness: Head | None) -> Break | None:
    """What is wrong behind the last event, `last` being what the head should say."""
    after = last.number + 1
    if head is None:
        return Break(last.chain, 0, Fault.HEAD_LOST, "The head of the chain is gone.")
    if not hmac.compare_digest(head_seal(secret, head), head.seal):
        return Break(last.chain, 0, Fault.HEAD_FORGED, "The head of the chain was not sealed with this key.")
    if head.number > last.number:
        return Break(last.chain, after, Fault.MISSING, f"The chain went on to event {head.number}.")
    if head.mac != last.mac:
        return Break(last.chain, last.number, Fault.CHANGED, "The last event is not the one that was sealed.")
    if witness is not None and witness.number > last.number:
        text = f"The chain had {witness.number} events when it was proven last."
        return Break(last.chain, after, Fault.WOUND_BACK, text)
    return None


def begun_chains(office_events: Iterable[ChainedEvent]) -> set[int]:
    """The chains that the office's chain has seen begin."""
    return {event.subject_id for event in office_events if event.action == BEGIN}


def beginning(chain: int) -> tuple[str, str, int]:
    """Action and subject of the event that says so."""
    return BEGIN, _CHAIN_SUBJECT, chain
