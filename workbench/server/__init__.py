"""`workbench serve`: our Voilà, on this machine alone until sign-in comes (issue E).

This package stays light so that the command line starts fast; Voilà is loaded when a server is wanted.
"""

import importlib

from workbench.config import Settings

DEFAULT_PORT = 8866


def serve(settings: Settings, *, port: int | None = None, open_browser: bool = True) -> None:
    """Serves the pages on 127.0.0.1 until interrupted.

    Prints the address once a page can be opened at once: the port answers and a kernel is warm.
    `port` None takes 8866 or the next free one; 0 takes any free one; a given port that is taken
    raises SetUpError.
    """
    application = importlib.import_module("workbench.server.application")
    application.run(settings, port, application.Limits(), open_browser=open_browser)
