"""Who is signed in on this server, and which kernels are theirs. Kept in memory: a restart signs everybody out."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from workbench.server.options import Way

# However busy: a session that lasts longer than a working day has been forgotten or taken along.
LONGEST_SECONDS = 12 * 3600.0
# A message that comes this much after the moment of locking was under way before it.
GRACE_SECONDS = 5.0


@dataclass(eq=False, slots=True)
class Session:
    """One person in one browser.

    Attributes:
        way: how the person was known.
        used_at: when the person last did something, on the clock of `Sessions`.
        kernels: ids of the kernels behind the person's open pages.
    """

    login: str
    name: str
    way: Way
    began_at: float
    used_at: float
    locked: bool = False
    ended: bool = False
    kernels: set[str] = field(default_factory=set)


class Sessions:
    """Finds sessions by the token in a cookie; only the token's hash is kept."""

    def __init__(self, lock_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock_seconds = lock_seconds
        self._clock = clock
        self._sessions: dict[str, Session] = {}

    def begin(self, login: str, name: str, way: Way) -> tuple[str, Session]:
        """The token for the cookie, and the session."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        session = Session(login, name, way, began_at=now, used_at=now)
        self._sessions[_key(token)] = session
        return token, session

    def find(self, token: str) -> Session | None:
        """The session of a cookie; None when there is none, or it is too old."""
        return self._sessions.get(_key(token))

    def left(self, session: Session) -> float:
        """Seconds until the session is locked by itself; 0 when it is."""
        if session.way is Way.DESK:
            return self._lock_seconds
        return 0.0 if session.locked else max(0.0, session.used_at + self._lock_seconds - self._clock())

    def lock_if_idle(self, session: Session) -> bool:
        """Whether the session is locked; from now on it stays so until `unlock`."""
        if self.left(session) == 0.0:
            session.locked = True
        return session.locked

    def use(self, session: Session) -> bool:
        """The person does something: False when the session is locked or over, and it must not be done."""
        overdue = self._clock() - session.used_at - self._lock_seconds
        if session.way is not Way.DESK and overdue > GRACE_SECONDS:
            session.locked = True
        if session.locked or session.ended:
            return False
        session.used_at = self._clock()
        return True

    def was_used(self, session: Session, seconds_ago: float) -> None:
        """The page tells when the person last touched it; reading with the mouse sends no message."""
        if not self.lock_if_idle(session):
            session.used_at = max(session.used_at, self._clock() - max(0.0, seconds_ago))

    def unlock(self, session: Session) -> None:
        session.locked = False
        session.used_at = self._clock()

    def end(self, session: Session) -> list[str]:
        """The session is over; gives the kernels that are to end with it."""
        session.ended = True
        self._sessions = {key: other for key, other in self._sessions.items() if other is not session}
        return sorted(session.kernels)

    def too_old(self) -> list[Session]:
        """Sessions that are to be ended."""
        oldest = self._clock() - LONGEST_SECONDS
        return [session for session in self._sessions.values() if session.began_at < oldest]

    def kernel_is_gone(self, kernel_id: str) -> None:
        for session in self._sessions.values():
            session.kernels.discard(kernel_id)


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
