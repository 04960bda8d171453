"""Signing in through JupyterHub: the server is a service of the hub, and an OAuth 2 client of it (RFC 6749, 4.1).

Its own few lines instead of the `jupyterhub` package, which an office without a hub need not install.
"""

import hashlib
import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from workbench.errors import SetUpError
from workbench.server.options import Way
from workbench.server.sign_in import NOT_ONE_OF_US, Entrance

STATES_AT_ONCE = 1_000  # sign-ins under way; more than that push out the oldest


@dataclass(frozen=True, slots=True)
class Hub:
    """What the hub tells a service of its own in the environment.

    Attributes:
        api: the hub's API, reached from here.
        base: path of the hub's installation, reached by browsers.
        prefix: path of this service.
        client_id, token: name and secret of this service.
        port: where the hub's proxy looks for us.
    """

    api: str
    base: str
    prefix: str
    client_id: str
    token: str
    port: int | None

    @property
    def callback(self) -> str:
        return f"{self.prefix}oauth_callback"

    @property
    def sign_out(self) -> str:
        """The hub's own sign-out: without it the hub would sign the next person at this desk in again."""
        return f"{self.base}hub/logout"

    def authorize(self, state: str, verifier: str) -> str:
        """Where a browser is sent to sign in; `verifier` proves later that it is we who ask (RFC 7636)."""
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "response_type": "code",
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self.base}hub/api/oauth2/authorize?{urlencode(asked)}"

    async def user_of(self, code: str, verifier: str) -> str:
        """The login of the person whom the hub sent back with this code. Raises HTTPError 403 for any other code."""
        asked = {
            "client_id": self.client_id,
            "client_secret": self.token,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": verifier,
        }
        client = AsyncHTTPClient()
        try:
            answer = await client.fetch(f"{self.api}/oauth2/token", method="POST", body=urlencode(asked))
            token = json.loads(answer.body)["access_token"]
            answer = await client.fetch(f"{self.api}/user", headers={"Authorization": f"Bearer {token}"})
        except HTTPClientError as refusal:
            raise tornado.web.HTTPError(HTTPStatus.FORBIDDEN) from refusal
        return str(json.loads(answer.body)["name"])


def take_hub(environ: MutableMapping[str, str] | None = None) -> Hub:
    """The hub of the environment, from which its secret is removed: kernels inherit the rest."""
    env = os.environ if environ is None else environ
    try:
        return Hub(
            env["JUPYTERHUB_API_URL"],
            env["JUPYTERHUB_BASE_URL"],
            env["JUPYTERHUB_SERVICE_PREFIX"],
            env["JUPYTERHUB_CLIENT_ID"],
            env.pop("JUPYTERHUB_API_TOKEN"),
            urlsplit(env.get("JUPYTERHUB_SERVICE_URL", "")).port,
        )
    except KeyError as missing:
        raise SetUpError(
            f"JupyterHub starts a service with {missing} in its environment: use --hub as its service alone."
        ) from None


class HubSignIn(Entrance):
    """Sends whoever is not signed in to the hub."""

    def initialize(self, hub: Hub, states: dict[str, tuple[str, str]]) -> None:
        self._hub = hub
        self._states = states

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        if self.session is not None and not self.session.locked:
            self.redirect(self.next_address())
            return
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        self._states[state] = (self.next_address(), verifier)
        while len(self._states) > STATES_AT_ONCE:
            del self._states[next(iter(self._states))]
        # The browser that comes back must be the one that was sent.
        secure = self.identity_provider.is_https(self)
        self.set_cookie(
            "workbench-state", state, path=self._hub.prefix, httponly=True, samesite="Lax", secure=secure
        )
        self.redirect(self._hub.authorize(state, verifier))


class HubCallback(HubSignIn):
    """Takes whom the hub sends back."""

    @allow_unauthenticated  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        state = self.get_query_argument("state", "")
        asked = self._states.pop(state, None)
        if asked is None or state != self.get_cookie("workbench-state"):
            raise tornado.web.HTTPError(HTTPStatus.FORBIDDEN)
        self.clear_cookie("workbench-state", path=self._hub.prefix)
        wanted, verifier = asked
        login = await self._hub.user_of(self.get_query_argument("code", ""), verifier)
        person = await self.by_name(login)
        if person is None:
            self.set_status(HTTPStatus.FORBIDDEN)
            self.finish(self.message(NOT_ONE_OF_US))
            return
        before = self.session
        if before is not None:
            await self.end(before)
        self.identity_provider.begin(self, person.login, person.name, Way.HUB)
        self.redirect(wanted)
