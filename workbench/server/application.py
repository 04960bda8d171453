"""Voilà standalone, narrowed down: our template, our routes, warm kernels, a strict content policy."""

import asyncio
import errno
import logging
import os
import socket
import sys
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tornado.httpserver
import tornado.ioloop
import tornado.netutil
import tornado.web
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.utils import url_path_join
from traitlets import Integer, Unicode
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_static_paths, collect_template_paths
from voila.static_file_handler import MultiStaticFileHandler

import workbench
from workbench.config import ENV_DATABASE_URL, ENV_HOME, Settings
from workbench.errors import SetUpError
from workbench.server import DEFAULT_PORT
from workbench.server.handlers import (
    GoodbyeHandler,
    HomeHandler,
    KernelSocket,
    KitFiles,
    NoSuchPage,
    OneKernelHandler,
    PageHandler,
    page_names,
)
from workbench.server.kernels import GentleKernelManager, kernel_config

HERE = Path(__file__).parent
KIT_STATIC = HERE.parent / "widgets" / "kit" / "static"
KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
LOOPBACK = "127.0.0.1"
PORTS_TO_TRY = 20
PING_SECONDS = 55

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
    max_pages: how many pages may be open at once (a kernel takes about 100 MB).
    announce: the line printed when a page can be opened.
    """

    max_pages = Integer(60, config=True)
    announce = Unicode("Workbench is ready at {url}")
    sockets: list[socket.socket]

    def setup_template_dirs(self) -> None:
        # Voilà's own template brings a font from a CDN, inline scripts and 340 kB of styles.
        self.template_paths = [str(HERE / "pages"), *collect_template_paths(["voila", "nbconvert"], "base")]
        self.static_paths = collect_static_paths(["voila", "nbconvert"], "base")

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        # Names other than this machine's own are refused: a page elsewhere cannot reach us by DNS tricks.
        settings["allow_remote_access"] = False
        settings["local_hostnames"] = ["localhost"]
        # Tornado wants the answer to a ping within the interval; Jupyter's own default says later.
        settings["ws_ping_interval"] = settings["ws_ping_timeout"] = PING_SECONDS * 1000
        settings["headers"] = {
            "Content-Security-Policy": CONTENT_POLICY,
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        settings["default_handler_class"] = NoSuchPage
        settings["log_function"] = _log_request
        return settings

    def init_handlers(self) -> list[Any]:
        pages = page_names(Path(self.root_dir))
        names = "|".join(sorted(pages))
        page = {
            "notebook_path": os.path.relpath(self.notebook_path, self.root_dir),
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
            "pages": pages,
            "max_pages": self.max_pages,
        }
        extensions = {"path": self.labextensions_path, "no_cache_paths": []}
        routes = [
            (rf"/api/kernels/{KERNEL_ID}", OneKernelHandler),
            (rf"/api/kernels/{KERNEL_ID}/channels", KernelSocket),
            (rf"/voila/api/shutdown/{KERNEL_ID}", GoodbyeHandler),
            (r"/voila/static/(.*)", MultiStaticFileHandler, {"paths": self.static_paths}),
            (r"/voila/labextensions/(.*)", FileFindHandler, extensions),
            (r"/workbench/static/(page\.js)", KitFiles, {"path": str(HERE / "static")}),
            (r"/workbench/static/(kit\.css)", KitFiles, {"path": str(KIT_STATIC)}),
            (r"/voila/render/(\w+)\.ipynb", PageHandler, page),
            (r"/", HomeHandler),
            (rf"/({names})", HomeHandler),
        ]
        return [(url_path_join(self.server_url, route[0]), *route[1:]) for route in routes]

    def listen(self) -> None:
        server = tornado.httpserver.HTTPServer(self.app)
        server.add_sockets(self.sockets)
        self.ioloop = tornado.ioloop.IOLoop.current()
        self.ioloop.add_callback(self._say_when_ready)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.info("Stopping.")
        finally:
            self.stop()

    async def _say_when_ready(self) -> None:
        await self.kernel_manager.one_is_warm()
        url = f"http://{LOOPBACK}:{self.port}{self.base_url}"
        sys.stdout.write(self.announce.format(url=url) + "\n")
        sys.stdout.flush()
        if self.open_browser:
            await asyncio.to_thread(webbrowser.open, url)


class PageKernels(GentleKernelManager):
    """What the server asks of its kernels, over Voilà's pool (`_pools`, made by its factory)."""

    def pooled(self) -> list[asyncio.Task[Any]]:
        return [task for pool in self._pools.values() for task in pool]

    def handed_out(self) -> int:
        """Kernels behind open pages: all but the warm ones that wait in the pool."""
        return max(0, len(self) - sum(task.done() for task in self.pooled()))

    async def one_is_warm(self) -> None:
        """Returns when the first kernel of the pool has run its notebook, or at once without a pool."""
        for task in self.pooled()[:1]:
            started = await task
            await asyncio.shield(started["task"])


def _bind(wanted: int | None) -> list[socket.socket]:
    """Sockets on the loopback; an explicit port or the first free one from the default on."""
    ports = range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TO_TRY) if wanted is None else (wanted,)
    for port in ports:
        try:
            return tornado.netutil.bind_sockets(port, LOOPBACK)
        except OSError as problem:
            if problem.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise SetUpError(
        f"Port {ports[0]} is in use or not allowed. Choose another: workbench serve --port NUMBER"
    )


def _log_request(handler: tornado.web.RequestHandler) -> None:
    """One line per request without its query string: what was asked for stays out of the log."""
    if handler.get_status() >= 400:
        logging.getLogger("workbench.server").warning(
            "%s %s %s", handler.get_status(), handler.request.method, handler.request.path
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """Attributes:
    warm: kernels that wait for the next page, about 100 MB each.
    pages: how many pages may be open at once.
    idle_seconds: after which an unused page is ended.
    """

    warm: int = 3
    pages: int = 60
    idle_seconds: int = 3600


def server_config(notebooks: Path, limits: Limits) -> Config:
    config = kernel_config(limits.idle_seconds)
    config.Voila = Config(root_dir=str(notebooks), notebook_path=str(notebooks / "home.ipynb"), ip=LOOPBACK)
    config.WorkbenchServer = Config(max_pages=limits.pages)
    config.VoilaConfiguration = Config(
        allow_template_override="NO",
        allow_theme_override="NO",
        extension_allowlist=EXTENSIONS,
        http_keep_alive_timeout=120,
        multi_kernel_manager_class=PageKernels,
        preheat_kernel=True,
        default_pool_size=limits.warm,
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
    *,
    open_browser: bool,
    notebooks: Path | None = None,
) -> None:
    """Serves until interrupted. Kernels learn from the environment where the data lives.

    Every page is opened by the `home.ipynb` of `notebooks` (ours by default).
    """
    sockets = _bind(port)
    os.environ[ENV_HOME] = str(settings.home)
    os.environ[ENV_DATABASE_URL] = settings.database_url
    config = server_config(notebooks or notebooks_folder(), limits)
    server = WorkbenchServer(config=config, log_level=logging.ERROR, open_browser=open_browser)
    server.sockets = sockets
    server.port = sockets[0].getsockname()[1]
    server.initialize([])
    server.start()
