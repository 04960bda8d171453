"""Voilà standalone, narrowed down: our template, our routes, our sign-in, warm kernels, a strict content policy."""

import asyncio
import errno
import logging
import os
import socket
import ssl
import sys
import webbrowser
from dataclasses import replace
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.ioloop
import tornado.netutil
import tornado.web
from jupyter_server.utils import url_path_join
from traitlets import Unicode
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_static_paths, collect_template_paths

import workbench
from workbench.config import ENV_DATABASE_URL, ENV_HOME, Settings
from workbench.errors import SetUpError
from workbench.server import DEFAULT_PORT
from workbench.server.forking import fork_kernels
from workbench.server.handlers import NoSuchPage
from workbench.server.hub import Hub, take_hub
from workbench.server.identity import OfficeIdentity
from workbench.server.kernels import PageKernels, kernel_config
from workbench.server.options import LOOPBACK, Door, Limits, Way
from workbench.server.papers import Papers
from workbench.server.routes import HERE, routes
from workbench.server.sessions import Sessions
from workbench.server.throttle import Throttle
from workbench.services.people import database_key
from workbench.services.sign_in import SignIn
from workbench.storage import Database
from workbench.storage.people_roles import person_url

PORTS_TO_TRY = 20
PING_SECONDS = 20  # proxies end a silent connection after a minute
MISSED_PINGS = 3
TIDY_EVERY_SECONDS = 30.0
LARGEST_BODY = 100_000  # bytes of a form; files travel over the kernels' sockets

# No eval, nothing from another machine, no frame around us. Styles in elements are ipywidgets' and
# anywidget's own way; a widget's ES module is a blob made by the page.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Of all that may be installed beside us, only what the widgets need reaches the page: no extension
# of somebody's JupyterLab, least of all the one that asks the network for announcements.
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]


def notebooks_folder() -> Path:
    """Beside the package in a checkout, inside it in a wheel."""
    package = Path(workbench.__file__).parent
    inside = package / "notebooks"
    return inside if inside.is_dir() else package.parent / "notebooks"


class WorkbenchServer(Voila):  # type: ignore[misc]
    """Attributes:
    announce: the line printed when a page can be opened.
    door: how people come in; `sign_in` knows them, `sessions` who is there.
    """

    announce = Unicode("Workbench is ready at {url}")
    sockets: list[socket.socket]
    door: Door
    sign_in: SignIn
    sessions: Sessions
    hub: Hub | None = None
    kernel_care: tuple[Papers | None, Sessions, Limits]

    def setup_template_dirs(self) -> None:
        # Voilà's own template brings a font from a CDN, inline scripts and 340 kB of styles.
        self.template_paths = [str(HERE / "pages"), *collect_template_paths(["voila", "nbconvert"], "base")]
        self.static_paths = collect_static_paths(["voila", "nbconvert"], "base")

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        settings["identity_provider"] = OfficeIdentity(self.door, self.sign_in, self.sessions, parent=self)
        settings["login_url"] = url_path_join(self.base_url, "sign-in")
        settings["allow_unauthenticated_access"] = False
        settings["workbench_throttle"] = Throttle()
        settings["workbench_port"] = self.port
        # Names other than ours are refused: a page elsewhere cannot reach us by DNS tricks.
        settings["allow_remote_access"] = False
        settings["local_hostnames"] = ["localhost", *self.door.names]
        # Jupyter looks for an answer before it has asked: a timeout as short as the interval ends every socket.
        settings["ws_ping_interval"] = PING_SECONDS * 1000
        settings["ws_ping_timeout"] = MISSED_PINGS * PING_SECONDS * 1000
        logging.getLogger("tornado.general").addFilter(_log_no_ping_advice)
        settings["xsrf_cookie_kwargs"] = {"samesite": "Lax", "path": self.base_url}
        settings["headers"] = {
            "Content-Security-Policy": CONTENT_POLICY,
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        settings["default_handler_class"] = NoSuchPage
        settings["log_function"] = _log_request
        return settings

    def init_handlers(self) -> list[Any]:
        table = routes(Path(self.notebook_path), self.static_paths, self.labextensions_path, self.hub)
        return [(url_path_join(self.server_url, route[0]), *route[1:]) for route in table]

    def listen(self) -> None:
        server = tornado.httpserver.HTTPServer(
            self.app, ssl_options=_tls(self.door), max_body_size=LARGEST_BODY
        )
        server.add_sockets(self.sockets)
        self.ioloop = tornado.ioloop.IOLoop.current()
        self.ioloop.add_callback(self._say_when_ready)
        tornado.ioloop.PeriodicCallback(self._tidy, TIDY_EVERY_SECONDS * 1000).start()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.info("Stopping.")
        finally:
            self.stop()

    async def _tidy(self) -> None:
        """Sessions that have lasted a working day are over."""
        for session in self.sessions.too_old():
            if session.way is not Way.DESK:
                await self.kernel_manager.end(self.sessions.end(session))

    async def _say_when_ready(self) -> None:
        await self.kernel_manager.one_is_warm()
        scheme = "https" if self.door.certificate else "http"
        host = self.door.names[0] if self.door.names else self.door.host
        url = f"{scheme}://{host}:{self.port}{self.base_url}"
        sys.stdout.write(self.announce.format(url=url) + "\n")
        sys.stdout.flush()
        if self.open_browser:
            await asyncio.to_thread(webbrowser.open, url)


def _tls(door: Door) -> ssl.SSLContext | None:
    if door.certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(door.certificate, door.key)
    return context


def _bind(wanted: int | None, host: str) -> list[socket.socket]:
    """Sockets on the address; an explicit port or the first free one from the default on."""
    ports = range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TO_TRY) if wanted is None else (wanted,)
    for port in ports:
        try:
            return tornado.netutil.bind_sockets(port, host)
        except OSError as problem:
            if problem.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise SetUpError(f"{host} is no address of this machine.") from problem
    raise SetUpError(
        f"Port {ports[0]} is in use or not allowed. Choose another: workbench serve --port NUMBER"
    )


def _log_no_ping_advice(record: logging.LogRecord) -> bool:
    """Tornado takes Jupyter's timeout for its own, which it doesn't use here, and warns that it is too long."""
    return "websocket_ping_timeout" not in record.getMessage()


def _log_request(handler: tornado.web.RequestHandler) -> None:
    """One line per request without its query string: what was asked for stays out of the log."""
    if handler.get_status() >= 400:
        logging.getLogger("workbench.server").warning(
            "%s %s %s", handler.get_status(), handler.request.method, handler.request.path
        )


def server_config(notebooks: Path, limits: Limits) -> Config:
    config = kernel_config(limits.idle_seconds)
    config.Voila = Config(root_dir=str(notebooks), notebook_path=str(notebooks / "home.ipynb"), ip=LOOPBACK)
    config.VoilaConfiguration = Config(
        allow_template_override="NO",
        allow_theme_override="NO",
        extension_allowlist=EXTENSIONS,
        http_keep_alive_timeout=120,
        multi_kernel_manager_class=PageKernels,
        preheat_kernel=True,
        default_pool_size=max(1, limits.warm),
        show_tracebacks=False,
        strip_sources=True,
        template="base",
        theme="light",
    )
    return config


def run(
    settings: Settings,
    port: int | None,
    limits: Limits,
    door: Door,
    *,
    open_browser: bool,
    notebooks: Path | None = None,
) -> None:
    """Serves until interrupted. Kernels learn from the environment where the data lives.

    Every page is opened by the `home.ipynb` of `notebooks` (ours by default).
    """
    folder = notebooks or notebooks_folder()
    if settings.home.is_relative_to(folder):
        raise SetUpError(
            f"The data in {settings.home} lies below {folder}, which is served. Move WORKBENCH_HOME."
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database.open(settings.database_url, settings.secrets)
    sign_in = SignIn(database)
    way = door.way or (Way.PASSWORD if sign_in.is_asked() else Way.DESK)
    server = WorkbenchServer(
        config=server_config(folder, limits), log_level=logging.ERROR, open_browser=open_browser
    )
    server.door, server.sign_in = door.checked(way), sign_in
    if way is Way.HUB:
        server.hub = take_hub()
        server.base_url, port = server.hub.prefix, port or server.hub.port
        # The hub's proxy is on this machine.
        server.door = replace(
            server.door, proxy=door.proxy or LOOPBACK, sign_out_url=door.sign_out_url or server.hub.sign_out
        )
    server.sessions = Sessions(limits.lock_seconds)
    server.kernel_care = (_papers(settings, database, way), server.sessions, limits)
    server.sockets = _bind(port, door.host)
    server.port = server.sockets[0].getsockname()[1]
    fork_kernels()
    server.initialize([])
    server.start()


def _papers(settings: Settings, database: Database, way: Way) -> Papers | None:
    """How kernels learn for whom they work; the environment that they inherit tells where the data lives.

    Where each person has a role of their own in the database, none inherits the address of its owner.
    """
    os.environ[ENV_HOME] = str(settings.home)
    os.environ[ENV_DATABASE_URL] = settings.database_url
    if way is Way.DESK:
        return None
    if database.dialect != "sqlite":
        del os.environ[ENV_DATABASE_URL]
    return Papers(
        settings.home / "sessions",
        lambda login: person_url(settings.database_url, login, database_key(settings.secrets)),
    )
