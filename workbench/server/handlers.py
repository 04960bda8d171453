"""What our server answers to. Everything that Voilà would add beyond this list is left out."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from voila.handler import VoilaHandler
from voila.request_info_handler import RequestInfoSocketHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

# What a person reads instead of a stack trace.
SAID = {
    HTTPStatus.NOT_FOUND: "There is no such page.",
    HTTPStatus.SERVICE_UNAVAILABLE: "All places are in use. Close a page you no longer need and try again.",
}


class PlainErrors(JupyterHandler):  # type: ignore[misc]
    """Error pages in our own words: no trace, no source, nothing that a request brought."""

    def write_error(self, status_code: int, **_: Any) -> None:
        said = SAID.get(HTTPStatus(status_code), "This page could not be shown. Reload it to try again.")
        template = self.settings["voila_jinja2_env"].get_template("message.html.j2")
        self.finish(template.render(message=said, status=status_code, base_url=self.base_url))


class NoSuchPage(PlainErrors):
    def prepare(self) -> None:
        raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)


class HomeHandler(PlainErrors):
    """`/` and the short addresses `/deposits`, `/deposit?id=7` lead to the notebooks."""

    @tornado.web.authenticated
    def get(self, page: str = "") -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.base_url}voila/render/{page or 'home'}.ipynb{query}")


class PageHandler(PlainErrors, VoilaHandler):  # type: ignore[misc]
    """Any of our pages, from one pool of warm kernels.

    Every page notebook is one call, `show("<its name>")`, and what it shows can show every screen:
    the browser hands its address to the kernel, which then opens the screen asked for. So a single
    pool serves all pages, and a burst on one of them finds every warm kernel.
    """

    def initialize(self, pages: frozenset[str], max_pages: int, **kwargs: Any) -> None:
        super().initialize(**kwargs)
        self._pages = pages
        self._max_pages = max_pages

    @tornado.web.authenticated
    async def get(self, page: str) -> None:
        if page not in self._pages:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)
        if self.kernel_manager.handed_out() >= self._max_pages:
            raise tornado.web.HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)
        # Voilà's goodbye when a tab closes is a form post; without this cookie it is refused and the kernel leaks.
        _ = self.xsrf_token
        async for html in self.get_generator():
            self.write(html)
            self.flush()
        # Nobody asks our server for the headers of a request (/voila/query is not served): keep none.
        RequestInfoSocketHandler._cache.clear()  # noqa: SLF001


class OneKernelHandler(KernelHandler):  # type: ignore[misc]
    """A page asks for its own kernel's state; it cannot end or list others (ids are not guessable)."""

    SUPPORTED_METHODS = ("GET",)


class KernelSocket(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The line between a page and its kernel.

    Small messages go out at once: held back to be sent together (Nagle), each key press and each
    acknowledged chunk waited 40 ms for the browser's delayed acknowledgement.
    """

    async def open(self, kernel_id: str) -> None:
        self.set_nodelay(True)
        await super().open(kernel_id=kernel_id)


class GoodbyeHandler(JupyterHandler):  # type: ignore[misc]
    """The beacon of a closing tab ends its kernel. A second one, or one for a culled kernel, is no error."""

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        if kernel_id in self.kernel_manager:
            await ensure_async(self.kernel_manager.shutdown_kernel(kernel_id))
        self.set_status(HTTPStatus.NO_CONTENT)


class KitFiles(tornado.web.StaticFileHandler):
    """The style sheet and the page's start script: code of ours, no data."""

    def set_extra_headers(self, path: str) -> None:
        del path
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")


def page_names(notebooks: Path) -> frozenset[str]:
    """The notebooks that are pages for clerks; those in sub-folders are for analysts and are never served."""

    def found() -> Iterator[str]:
        for path in notebooks.glob("*.ipynb"):
            yield path.stem

    return frozenset(found())
