"""A bar on stderr for work that takes a while, when that is a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# Told what begins and how many steps it has; gives what is told of each step.
Begin = Callable[[str, int], Callable[[int], None]]


@contextmanager
def bar() -> Iterator[Begin]:
    """One line for each stage of the work."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:

        def begin(what: str, steps: int) -> Callable[[int], None]:
            stage = progress.add_task(what, total=steps)
            return lambda done: progress.advance(stage, done)

        yield begin
