"""`workbench db`: the database as a whole."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.output import AsJson, print_json, print_table
from workbench.cli.progress import bar
from workbench.config import read_settings
from workbench.domain.money import format_cents
from workbench.services.database_care import checked, copied, upgraded
from workbench.storage.whole.figures import Figures, as_json

EXIT_UNSOUND = 1

group = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="db")


@group.callback()
def database() -> None:
    """The database: upgrade it, check it, copy it to PostgreSQL.

    That of WORKBENCH_DATABASE_URL, else the SQLite file in WORKBENCH_HOME.
    """


@group.command("upgrade")
def upgrade() -> None:
    """Make the tables, or bring them to this version of the program. Starting the program does it as well."""
    revision = upgraded(read_settings())
    sys.stdout.write(f"The database is of this version ({revision}).\n")


@group.command("check")
def check(as_json_document: AsJson = False) -> None:  # noqa: FBT002
    """Version, integrity, ledger and totals. Ends with 1 when something is wrong, and says what to do."""
    health = checked(read_settings())
    if as_json_document:
        print_json(
            {
                "engine": health.engine,
                "troubles": list(health.troubles),
                "tables": as_json(health.figures),
            }
        )
    else:
        _print_figures(health.figures)
        for trouble in health.troubles or ("Sound: nothing is wrong.",):
            sys.stdout.write(f"{trouble}\n")
    if health.troubles:
        sys.exit(EXIT_UNSOUND)


@group.command("copy")
def copy(
    source: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="The SQLite file; by default workbench.sqlite3 in WORKBENCH_HOME.",
        ),
    ] = None,
    as_json_document: AsJson = False,  # noqa: FBT002
) -> None:
    """Copy a whole SQLite database into the empty PostgreSQL database of WORKBENCH_DATABASE_URL.

    Rows and money of every table are compared on both sides; a copy that does not add up is not kept.
    Nobody should work on the SQLite file meanwhile: what they do after the copy began is not in it.
    """
    settings = read_settings()
    file = source or settings.home / "workbench.sqlite3"
    with bar() as begin:
        figures = copied(settings, f"sqlite:///{file}", lambda rows: begin("Copying rows", rows))
    if as_json_document:
        print_json({"tables": as_json(figures)})
        return
    _print_figures(figures)
    sys.stdout.write("Copied: rows and money of every table are the same on both sides.\n")


def _print_figures(figures: Mapping[str, Figures]) -> None:
    rows = [
        (name, f"{each.rows:,}", *_money(each, column))
        for name, each in figures.items()
        if each.rows
        for column in (each.cents or {"": 0})
    ]
    if rows:
        print_table(("Table", "Rows", "Amount", "Sum"), rows, right=("Rows", "Sum"))


def _money(figures: Figures, column: str) -> tuple[str, str]:
    return (column.removesuffix("_cents"), format_cents(figures.cents[column])) if column else ("", "")
