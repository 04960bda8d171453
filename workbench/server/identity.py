"""Who asks: by the cookie of a session, by a trusted proxy's header, or, at one desk, whoever started the server."""

import asyncio
import getpass
from http import HTTPStatus
from typing import Any

import tornado.web
from jupyter_server.auth.identity import IdentityProvider, User

from workbench.errors import RefusedError
from workbench.server.options import Door, Way
from workbench.server.sessions import Session, Sessions
from workbench.services.people import clean_login
from workbench.services.sign_in import SignIn


class OfficeIdentity(IdentityProvider):  # type: ignore[misc]
    """Gives every request its session (`handler.session`), or none.

    A locked session counts as none, except to those routes that unlock or end it (`answers_when_locked`).
    """

    def __init__(self, door: Door, sign_in: SignIn, sessions: Sessions, **kwargs: Any) -> None:
        super().__init__(token="", **kwargs)
        self.door = door
        self.sign_in = sign_in
        self.sessions = sessions
        account = getpass.getuser()
        self._desk = sessions.begin(account, account, Way.DESK)[1]

    @property
    def auth_enabled(self) -> bool:
        return True

    async def get_user(self, handler: Any) -> User | None:
        """Called by Jupyter Server before each request is answered; `handler` is one of its, which have no types."""
        session = await self._session(handler)
        handler.session = session
        if session is None:
            return None
        if self.sessions.lock_if_idle(session) and not getattr(handler, "answers_when_locked", False):
            return None
        return User(session.login, session.name, session.name)

    def address(self, handler: Any) -> str:
        """Where the request comes from; a trusted proxy says it of whom it speaks for."""
        peer = self._peer(handler)
        if self.door.proxy and peer == self.door.proxy:
            forwarded: str = handler.request.headers.get("X-Forwarded-For", "")
            return forwarded.rsplit(",", 1)[-1].strip() or peer
        return peer

    def is_https(self, handler: Any) -> bool:
        if handler.request.protocol == "https":
            return True
        trusted = bool(self.door.proxy) and self._peer(handler) == self.door.proxy
        return trusted and handler.request.headers.get("X-Forwarded-Proto", "") == "https"

    def begin(self, handler: Any, login: str, name: str, way: Way) -> Session:
        """A new session, whose token goes into a cookie that no script can read."""
        token, session = self.sessions.begin(login, name, way)
        handler.set_cookie(
            self._cookie(handler),
            token,
            path=handler.base_url,
            httponly=True,
            samesite="Lax",
            secure=self.is_https(handler),
        )
        return session

    def cookie_session(self, handler: Any) -> Session | None:
        token = handler.get_cookie(self._cookie(handler))
        return self.sessions.find(token) if token else None

    def forget_cookie(self, handler: Any) -> None:
        handler.clear_cookie(self._cookie(handler), path=handler.base_url)

    async def _session(self, handler: Any) -> Session | None:
        if self.door.way is Way.DESK:
            return self._desk
        if self.door.way is Way.HEADER:
            return await self._header_session(handler)
        return self.cookie_session(handler)

    async def _header_session(self, handler: Any) -> Session | None:
        """The session of the person whom the proxy names; begun at their first request."""
        if self._peer(handler) != self.door.proxy:
            raise tornado.web.HTTPError(HTTPStatus.FORBIDDEN)
        named = handler.request.headers.get_list(self.door.user_header)
        if len(named) != 1:  # none: not signed in there; several: somebody sent one along
            return None
        try:
            login = clean_login(named[0])
        except RefusedError:
            return None
        session = self.cookie_session(handler)
        if session is not None and session.login == login:
            return session
        person = await asyncio.to_thread(self.sign_in.by_name, login)
        if person is None or "Upgrade" in handler.request.headers:
            return None
        return self.begin(handler, person.login, person.name, Way.HEADER)

    def _peer(self, handler: Any) -> str:
        """The other end of the connection itself, whatever the request says of it."""
        return str(handler.request.connection.context.address[0])

    def _cookie(self, handler: Any) -> str:
        """Cookies do not tell ports apart."""
        return f"workbench-{handler.settings['workbench_port']}"
