"""`workbench serve`: the dashboards for clerks."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.config import read_settings
from workbench.server import serve as serve_pages
from workbench.server.options import LOOPBACK, Door, Limits, Way

Pem = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="PEM file, for HTTPS without a proxy.")
]

Hub = Annotated[bool, typer.Option("--hub", help="Sign in through JupyterHub, as a service of it.")]


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65_535, help="Port; by default 8866 or the next free one."),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,  # noqa: FBT002
    sign_in: Annotated[
        bool | None,
        typer.Option(
            "--sign-in/--desk",
            help="Ask everybody for login and password, or nobody. By default: once anybody has a password.",
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than this machine's own needs sign-in.")
    ] = LOOPBACK,
    name: Annotated[list[str] | None, typer.Option(help="Host name in the browsers' address bar.")] = None,
    proxy: Annotated[
        str, typer.Option(metavar="ADDRESS", help="The one address whose forwarded headers are believed.")
    ] = "",
    user_header: Annotated[
        str,
        typer.Option(
            metavar="HEADER", help="Header in which that proxy says who has signed in, e.g. X-Forwarded-User."
        ),
    ] = "",
    hub: Hub = False,  # noqa: FBT002
    sign_out_url: Annotated[str, typer.Option(metavar="URL", help="Where to go after signing out.")] = "",
    certificate: Pem = None,
    key: Pem = None,
    pages: Annotated[
        int, typer.Option(min=1, help="Pages that may be open at once, about 90 MB each.")
    ] = Limits().pages,
    warm: Annotated[int, typer.Option(min=1, help="Kernels kept ready for the next page.")] = Limits().warm,
) -> None:
    """Serve the dashboards until Ctrl+C; the address is printed."""
    if hub:
        way: Way | None = Way.HUB
    elif user_header:
        way = Way.HEADER
    else:
        way = None if sign_in is None else Way.PASSWORD if sign_in else Way.DESK
    door = Door(way, host, tuple(name or ()), proxy, user_header, sign_out_url, certificate, key)
    serve_pages(
        read_settings(),
        port=port,
        open_browser=not no_browser,
        door=door,
        limits=Limits(pages=pages, warm=warm),
    )
