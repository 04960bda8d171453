"""What our server answers to. Everything that Voilà would add beyond this list is left out."""

import asyncio
from collections.abc import Awaitable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import FileFindHandler, JupyterHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from workbench.server.options import Way

# What a person reads instead of a stack trace.
SAID = {
    HTTPStatus.FORBIDDEN: "This is not for you, or you are not signed in.",
    HTTPStatus.NOT_FOUND: "There is no such page.",
    HTTPStatus.SERVICE_UNAVAILABLE: "All places are in use. Close a page you no longer need and try again.",
}
LONGEST_BEAT = 2_000


class PlainErrors(JupyterHandler):  # type: ignore[misc]
    """Error pages in our own words: no trace, no source, nothing that a request brought."""

    def message(self, said: str) -> str:
        template = self.settings["voila_jinja2_env"].get_template("message.html.j2")
        page: str = template.render(message=said, status=self.get_status(), base_url=self.base_url)
        return page

    def write_error(self, status_code: int, **_: Any) -> None:
        said = SAID.get(HTTPStatus(status_code), "This page could not be shown. Reload it to try again.")
        self.finish(self.message(said))


class NoSuchPage(PlainErrors):
    """Whatever no route is for. Who is not signed in is sent to do so, and does not learn that it is not there."""

    async def prepare(self) -> None:
        await ensure_async(super().prepare())
        if not self._finished:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)


class HomeHandler(PlainErrors):
    """`/` and the short addresses `/deposits`, `/deposit?id=7` lead to the notebooks."""

    @tornado.web.authenticated
    def get(self, page: str = "") -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.base_url}voila/render/{page or 'home'}.ipynb{query}")


class PageHandler(PlainErrors):
    """Any of our pages, from one pool of warm kernels.

    Every page notebook is one call, `show("<its name>")`, and what it shows can show every screen:
    the browser hands its address to the kernel, which then opens the screen asked for. So a single
    pool serves all pages, and a burst on one of them finds every warm kernel. Nothing of the
    request reaches the kernel but its page's messages, and whom it is for (`kernels.take`).
    """

    def initialize(self, pages: frozenset[str], notebook: str) -> None:
        self._pages = pages
        self._notebook = notebook

    @tornado.web.authenticated
    async def get(self, page: str) -> None:
        if page not in self._pages:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)
        await self._still_works_here()
        self.identity_provider.sessions.use(self.session)
        _, rendering = await self.kernel_manager.take(self._notebook, self.session)
        # Voilà's goodbye when a tab closes is a form post; without this cookie it is refused and the kernel leaks.
        _ = self.xsrf_token
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        rendered, rest = await rendering
        self.write("".join(rendered))
        async for html, _ in rest:
            self.write(html)

    async def _still_works_here(self) -> None:
        """Somebody who was deactivated meanwhile gets no further page, and loses those that are open."""
        session, provider = self.session, self.identity_provider
        if session.way is Way.DESK or await asyncio.to_thread(provider.sign_in.known, session.login):
            return
        await self.kernel_manager.end(provider.sessions.end(session))
        raise tornado.web.HTTPError(HTTPStatus.FORBIDDEN)


class OwnKernel(PlainErrors):
    """A route of one kernel answers to the person whose page it stands behind; for anybody else there is none."""

    async def prepare(self, *args: Any, **kwargs: Any) -> None:
        await ensure_async(super().prepare(*args, **kwargs))
        if not self._finished and self.path_kwargs["kernel_id"] not in self.session.kernels:
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)


class OneKernelHandler(OwnKernel, KernelHandler):  # type: ignore[misc]
    """A page asks for its own kernel's state; it cannot end or list others."""

    SUPPORTED_METHODS = ("GET",)


class KernelSocket(OwnKernel, VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """The line between a page and its kernel. What comes from a locked page is dropped; after signing out it is cut.

    Small messages go out at once: held back to be sent together (Nagle), each key press and each
    acknowledged chunk waited 40 ms for the browser's delayed acknowledgement.
    """

    def set_default_headers(self) -> None:
        PlainErrors.set_default_headers(
            self
        )  # Jupyter's own has none for sockets; a refused one is a page like others

    async def open(self, kernel_id: str) -> None:
        self.set_nodelay(True)
        await super().open(kernel_id=kernel_id)

    def on_message(self, ws_message: Any) -> None:
        sessions = self.identity_provider.sessions
        if self.session.ended:
            self.close()
        elif (
            (not sessions.lock_if_idle(self.session)) if _is_beat(ws_message) else sessions.use(self.session)
        ):
            super().on_message(ws_message)


class GoodbyeHandler(PlainErrors):
    """The beacon of a closing tab ends its kernel. A second one, or one for a culled kernel, is no error."""

    answers_when_locked = True

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        if kernel_id in self.session.kernels:
            await self.kernel_manager.end([kernel_id])
        self.set_status(HTTPStatus.NO_CONTENT)


class Files(PlainErrors, FileFindHandler):  # type: ignore[misc]
    """Scripts and styles of ours and of the widgets: no data, and still for nobody who is not signed in."""

    answers_when_locked = True

    @tornado.web.authenticated
    def get(self, path: str, **kwargs: Any) -> Awaitable[None]:
        answer: Awaitable[None] = super().get(path, **kwargs)
        return answer

    @tornado.web.authenticated
    def head(self, path: str) -> Awaitable[None]:
        answer: Awaitable[None] = super().head(path)
        return answer


class OpenFiles(PlainErrors, FileFindHandler):  # type: ignore[misc]
    """What the sign-in page needs before anybody has signed in."""

    answers_when_locked = True


def _is_beat(message: bytes | str) -> bool:
    """Whether the page only asks if its kernel is there (kit/static/shell.js), which nobody's hand does."""
    if len(message) > LONGEST_BEAT:
        return False
    return b'"event":"alive"' in (message if isinstance(message, bytes) else message.encode())


def page_names(notebooks: Path) -> frozenset[str]:
    """The notebooks that are pages for clerks; those in sub-folders are for analysts and are never served."""

    def found() -> Iterator[str]:
        for path in notebooks.glob("*.ipynb"):
            yield path.stem

    return frozenset(found())
