"""How answers leave the command line: one JSON document on stdout, or a table for people."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]

PLAIN_WIDTH = 200  # columns of a table that goes into a file or a pipe


def print_json(document: Any) -> None:
    """One document; ASCII only, so that no terminal's encoding can spoil it."""
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[str] = ()) -> None:
    """A table; columns named in `right` hold figures. Cells are shown as they are, never as markup."""
    figures = set(right)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, justify="right" if name in figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    # Cut to the terminal; whole in a pipe.
    Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH).print(table)
