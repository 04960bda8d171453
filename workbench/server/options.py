"""How a server was asked to run: who may come in by which door, and how many at once."""

import ipaddress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from workbench.errors import SetUpError

LOOPBACK = "127.0.0.1"


class Way(StrEnum):
    """How the server knows who somebody is."""

    DESK = "desk"  # nobody is asked: whoever reaches this machine's own address is the person who started it
    PASSWORD = "password"  # noqa: S105 - the name of the way
    HEADER = "header"  # an identity provider's proxy says it in a request header
    HUB = "hub"  # JupyterHub says it


@dataclass(frozen=True, slots=True)
class Limits:
    """Attributes:
    warm: kernels that wait for the next page, about 90 MB each (190 where they are not forked); at least one.
    pages: how many pages may be open at once.
    pages_each: how many of them one person may have open.
    idle_seconds: after which an unused page is ended.
    lock_seconds: after which an unused session is locked.
    """

    warm: int = 3
    pages: int = 60
    pages_each: int = 12
    idle_seconds: int = 3600
    lock_seconds: int = 900


@dataclass(frozen=True, slots=True)
class Door:
    """Attributes:
    way: how people are known; None: by password as soon as anybody has one, else one desk.
    host: address that is listened on.
    names: host names under which browsers reach the server, beside `localhost` and bare addresses of this machine.
    proxy: the one address that `X-Forwarded-*` and `user_header` are believed from; empty: nobody.
    user_header: request header with the login, set by the proxy after its own sign-in.
    sign_out_url: where a browser is sent after signing out, for a proxy with a sign-out of its own.
    certificate, key: PEM files, for HTTPS without a proxy.
    """

    way: Way | None = None
    host: str = LOOPBACK
    names: tuple[str, ...] = field(default=())
    proxy: str = ""
    user_header: str = ""
    sign_out_url: str = ""
    certificate: Path | None = None
    key: Path | None = None

    def checked(self, way: Way) -> "Door":
        """The door as it will be. Raises SetUpError when it would stand open."""
        if self.proxy and not _is_address(self.proxy):
            raise SetUpError("--proxy takes the numeric address that the proxy connects from, e.g. 10.0.0.5.")
        if way is Way.HEADER and not (self.proxy and self.user_header):
            raise SetUpError("A header is believed from one address alone: say which by --proxy.")
        if not _is_loopback(self.host):
            if way is Way.DESK:
                raise SetUpError(
                    "Without sign-in the pages are served to this machine alone. Give people passwords "
                    "(workbench people password LOGIN) and serve with --sign-in to use --host."
                )
            if not self.proxy and not (self.certificate and self.key):
                raise SetUpError(
                    "Passwords must not cross a network in the clear: give --certificate and --key, "
                    "or serve behind a proxy that speaks HTTPS and name its address by --proxy."
                )
        return replace(self, way=way)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return _is_address(host) and ipaddress.ip_address(host).is_loopback
