"""Every address there is. A test walks this table: each is refused to who is not signed in, but for those of the door."""

import os
from pathlib import Path
from typing import Any

from workbench.server.handlers import (
    Files,
    GoodbyeHandler,
    HomeHandler,
    KernelSocket,
    OneKernelHandler,
    OpenFiles,
    PageHandler,
    page_names,
)
from workbench.server.hub import Hub, HubCallback, HubSignIn
from workbench.server.sign_in import SessionHandler, SignInHandler, SignOutHandler

HERE = Path(__file__).parent
KIT_STATIC = HERE.parent / "widgets" / "kit" / "static"
KERNEL_ID = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
# Open to everybody: the way in.
ENTRANCE = (r"/sign-in", r"/workbench/(sign_in\.css)", r"/oauth_callback")


def routes(
    notebook: Path, voila_static: list[str], labextensions: list[str], hub: Hub | None = None
) -> list[tuple[Any, ...]]:
    """Patterns and handlers; `notebook` is rendered ahead and shows any page of its folder."""
    pages = page_names(notebook.parent)
    page = {"notebook": os.path.relpath(notebook, notebook.parent), "pages": pages}
    return [
        (rf"/api/kernels/{KERNEL_ID}", OneKernelHandler),
        (rf"/api/kernels/{KERNEL_ID}/channels", KernelSocket),
        (rf"/voila/api/shutdown/{KERNEL_ID}", GoodbyeHandler),
        (r"/voila/static/(.*)", Files, {"path": voila_static}),
        (r"/voila/labextensions/(.*)", Files, {"path": labextensions}),
        (r"/workbench/static/((?:page|lock)\.js)", Files, {"path": str(HERE / "static")}),
        (r"/workbench/static/(kit\.css)", Files, {"path": str(KIT_STATIC)}),
        (ENTRANCE[1], OpenFiles, {"path": str(HERE / "static")}),
        (r"/voila/render/(\w+)\.ipynb", PageHandler, page),
        *_entrance(hub),
        (r"/sign-out", SignOutHandler),
        (r"/session", SessionHandler),
        (r"/", HomeHandler),
        (rf"/({'|'.join(sorted(pages))})", HomeHandler),
    ]


def _entrance(hub: Hub | None) -> list[tuple[Any, ...]]:
    if hub is None:
        return [(ENTRANCE[0], SignInHandler)]
    through = {"hub": hub, "states": {}}
    return [(ENTRANCE[0], HubSignIn, through), (ENTRANCE[2], HubCallback, through)]
