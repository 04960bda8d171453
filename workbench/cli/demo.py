"""`workbench demo`: a synthetic office to try the program on."""

import sys
from datetime import date

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from workbench.cli.desk import opened


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo() -> None:
    """Make a synthetic office with claims and deposits of every kind, unless it is there already."""
    console = Console(stderr=True)
    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with opened() as desk, Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=1.0)

        def report(step: str, part: float) -> None:
            progress.update(task, description=step, completed=part)
            if not console.is_terminal:
                sys.stderr.write(f"{part:4.0%} {step}\n")

        made = desk.demo.make(desk.actor, date.today(), report)  # noqa: DTZ011 - the office's own calendar
    typer.echo("The demo office is ready." if made else "The demo office is there already.")
