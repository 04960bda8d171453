"""`workbench codes`: the licensed texts of code lists."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.desk import opened
from workbench.domain.codes import CodeList

group = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="codes")


@group.callback()
def codes() -> None:
    """The code lists your office has a licence for."""


@group.command("import")
def import_codes(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV with codes and texts.")
    ],
    code_list: Annotated[
        CodeList | None, typer.Option("--list", help="Which list it is; by default its codes show.")
    ] = None,
) -> None:
    """Import a licensed code list from a CSV file; it takes the place of the one before."""
    with opened() as desk:
        done = desk.code_lists.import_licensed(desk.actor, file.read_bytes(), code_list)
    typer.echo(f"{done.codes} codes imported as {done.code_list.value}; {done.replaced} replaced.")
