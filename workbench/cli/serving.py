"""`workbench serve`: the dashboards for clerks."""

from typing import Annotated

import typer

from workbench.config import read_settings
from workbench.server import serve as serve_pages


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65_535, help="Port on this machine; by default 8866 or the next free one."),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,  # noqa: FBT002
) -> None:
    """Serve the dashboards to this machine until Ctrl+C; the address is printed."""
    serve_pages(read_settings(), port=port, open_browser=not no_browser)
