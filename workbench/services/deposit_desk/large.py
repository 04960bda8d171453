"""Work on a deposit of very many claims."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Decorates what makes a million small values, none of which refers back to another.

    Looking for cycles among them again and again takes a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # Counts what is there now among the old, unlooked at; else all of it is gone through at once.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
