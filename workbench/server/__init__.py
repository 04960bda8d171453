"""`workbench serve`: our Voilà. On this machine's own address, or behind a sign-in.

This package stays light so that the command line starts fast; Voilà is loaded when a server is wanted.
"""

import importlib

from workbench.config import Settings
from workbench.server.options import Door, Limits

DEFAULT_PORT = 8866


def serve(
    settings: Settings,
    *,
    port: int | None = None,
    open_browser: bool = True,
    door: Door | None = None,
    limits: Limits | None = None,
) -> None:
    """Serves the pages until interrupted.

    Prints the address once a page can be opened at once: the port answers and a kernel is warm.
    `port` None takes 8866 or the next free one; 0 takes any free one; a given port that is taken
    raises SetUpError.
    """
    application = importlib.import_module("workbench.server.application")
    application.run(settings, port, limits or Limits(), door or Door(), open_browser=open_browser)
