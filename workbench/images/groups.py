"""Results that come as they get done, put in order and into groups of what is ready."""

import queue
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def in_order(items: Iterable[tuple[int, Item]]) -> Iterator[tuple[int, Item]]:
    """As they were given (0, 1, 2 ...): pages of a set follow the order in which a person chose the files."""
    waiting: dict[int, Item] = {}
    following = 0
    for position, item in items:
        waiting[position] = item
        while following in waiting:
            yield following, waiting.pop(following)
            following += 1


def groups(items: Iterable[Item], most: int, patience: float) -> Iterator[list[Item]]:
    """At most `most` items at once, and none held back for longer than `patience` seconds.

    The source goes on working while a group is being dealt with. An exception of the source is raised
    here, after the items before it.
    """
    ready: queue.SimpleQueue[Item | None] = queue.SimpleQueue()

    def pump() -> None:
        try:
            for item in items:
                ready.put(item)
        finally:
            ready.put(None)

    with ThreadPoolExecutor(max_workers=1) as worker:
        pumping = worker.submit(pump)
        group, more = _gather(ready, most, patience)
        while group:
            yield group
            group, more = _gather(ready, most, patience) if more else ([], False)
        pumping.result()


def _gather(ready: "queue.SimpleQueue[Item | None]", most: int, patience: float) -> tuple[list[Item], bool]:
    """The next group, empty at the end, and whether there may be more."""
    item = ready.get()
    if item is None:
        return [], False
    group, until = [item], time.monotonic() + patience
    while len(group) < most:
        try:
            item = ready.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return group, True
        if item is None:
            return group, False
        group.append(item)
    return group, True
