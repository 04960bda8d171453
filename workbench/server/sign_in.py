"""The sign-in page, signing out, and the lock after a pause."""

import asyncio
import math
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.ioloop import IOLoop

from workbench.server.handlers import PlainErrors
from workbench.server.options import Way
from workbench.server.sessions import Session

# The same words whether the login or the password is wrong.
WRONG = "The login or the password is not right."
NOT_ONE_OF_US = "You are not a person of this office. Ask your administrator."
# Checking a password takes 64 MiB and a core for about 0.1 s; more at once would starve the open pages.
CHECKS_AT_ONCE = asyncio.Semaphore(2)


class Entrance(PlainErrors):
    """What the pages of the door share."""

    answers_when_locked = True

    async def check(self, login: str, password: str) -> tuple[Any, str]:
        """The person of this login and password, or None and what to tell."""
        provider, throttle = self.identity_provider, self.settings["workbench_throttle"]
        address = provider.address(self)
        # Whoever sends many tries at once waits in line, and is counted one by one.
        async with CHECKS_AT_ONCE:
            wait = throttle.wait(login, address)
            if wait > 0:
                self.set_status(HTTPStatus.TOO_MANY_REQUESTS)
                self.set_header("Retry-After", str(math.ceil(wait)))
                return None, f"Too many tries. Wait {_span(wait)} and try again."
            person = await asyncio.to_thread(provider.sign_in.by_password, login, password)
            if person is not None:
                throttle.right(login, address)
                return person, ""
            throttle.wrong(login, address)
        IOLoop.current().run_in_executor(None, provider.sign_in.refused, login)
        self.set_status(HTTPStatus.FORBIDDEN)
        return None, WRONG

    async def by_name(self, login: str) -> Any:
        """The person whom an identity provider vouches for, or None."""
        return await asyncio.to_thread(self.identity_provider.sign_in.by_name, login)

    async def end(self, session: Session) -> None:
        """The session is over, and so are the kernels of its pages."""
        await self.kernel_manager.end(self.identity_provider.sessions.end(session))

    def next_address(self) -> str:
        """Where the person wanted to go: an address of ours, whatever the request says."""
        wanted: str = self.get_argument("next", self.base_url)
        parts = urlsplit(wanted)
        ours = not parts.scheme and not parts.netloc and wanted.startswith(self.base_url)
        if not ours or wanted.startswith("//") or "\\" in wanted:
            return str(self.base_url)
        return wanted


class SignInHandler(Entrance):
    """`GET` shows the form, `POST` takes it. Who is signed in already goes on, who was locked out comes back."""

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        if self.identity_provider.door.way is not Way.PASSWORD:
            self._not_here()
            return
        session = self.session
        if session is not None and not session.locked:
            self.redirect(self.next_address())
            return
        self._form("")

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        if self.identity_provider.door.way is not Way.PASSWORD:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)
        login = self.get_body_argument("login", "")
        person, said = await self.check(login, self.get_body_argument("password", "", strip=False))
        if person is None:
            self._form(said, login)
            return
        before = self.session
        if before is not None and before.login == person.login:
            self.identity_provider.sessions.unlock(before)
        else:
            if before is not None:
                await self.end(before)
            self.identity_provider.begin(self, person.login, person.name, Way.PASSWORD)
        self.redirect(self.next_address())

    def _form(self, said: str, login: str = "") -> None:
        template = self.settings["voila_jinja2_env"].get_template("sign_in.html.j2")
        xsrf = self.xsrf_token.decode()
        self.set_header("Cache-Control", "no-store")
        self.finish(
            template.render(
                base_url=self.base_url, said=said, login=login, xsrf=xsrf, next=self.next_address()
            )
        )

    def _not_here(self) -> None:
        """Behind a proxy there is no form of ours: who comes here is unknown to the proxy or to the office."""
        self.set_status(HTTPStatus.FORBIDDEN)
        self.finish(self.message(NOT_ONE_OF_US))


class SignOutHandler(Entrance):
    """Ends the person's session and every kernel of it."""

    async def post(self) -> None:
        provider = self.identity_provider
        if self.session.way is Way.DESK:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)
        await self.end(self.session)
        await asyncio.to_thread(provider.sign_in.out, self.session.login)
        provider.forget_cookie(self)
        self.redirect(provider.door.sign_out_url or self.base_url)


class SessionHandler(Entrance):
    """`GET`: how long until the pages are locked; `?unused=` seconds since the page was last touched, asking is no use.

    `POST` with the password unlocks.
    """

    def get_login_url(self) -> str:
        raise tornado.web.HTTPError(HTTPStatus.FORBIDDEN)  # a script asks; it wants no page in answer

    async def get(self) -> None:
        session, sessions = self.session, self.identity_provider.sessions
        unused = self.get_query_argument("unused", "")
        if unused.isascii() and unused.isdigit():
            sessions.was_used(session, float(unused))
        self.set_header("Cache-Control", "no-store")
        self.finish(
            {
                "way": session.way.value,
                "name": session.name,
                "locked": session.locked,
                "left": math.ceil(sessions.left(session)),
            }
        )

    async def post(self) -> None:
        session = self.session
        if session.way is not Way.PASSWORD:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)
        password = self.get_body_argument("password", "", strip=False)
        person, said = await self.check(session.login, password)
        if person is None:
            self.finish({"said": "The password is not right." if said == WRONG else said})
            return
        self.identity_provider.sessions.unlock(session)
        self.finish({"said": ""})


def _span(seconds: float) -> str:
    if seconds <= 60:
        return "a minute"
    return f"{math.ceil(seconds / 60)} minutes"
