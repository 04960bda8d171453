"""`workbench demo`: a synthetic office to try the program on."""

import sys
from datetime import date

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from workbench.cli.desk import opened
from workbench.services.demo.people import PEOPLE, add_people


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
        password = add_people(desk.people, desk.actor) if made else ""
    if not made:
        typer.echo("The demo office is there already.")
        return
    typer.echo("The demo office is ready.")
    logins = ", ".join(f"{person.login} ({person.role.label.lower()})" for person in PEOPLE)
    typer.echo(f"To try the sign-in: workbench serve --sign-in, as {logins}.")
    typer.echo(f"Their password, told only now: {password} (another one: workbench people password LOGIN)")
