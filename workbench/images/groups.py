"""Results that come as they get done, put in order and into groups of what is ready."""

import queue
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


def groups(items: Iterable[Item], most: int) -> Iterator[list[Item]]:
    """What is ready, `most` at once; the source goes on working while a group is being dealt with.

    An exception of the source is raised here, after the items before it.
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
        group: list[Item] = []
        while (item := ready.get()) is not None:
            group.append(item)
            if len(group) == most or ready.empty():
                yield group
                group = []
        if group:
            yield group
        pumping.result()
