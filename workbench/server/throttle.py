"""Wrong passwords cost time: after a few, the next try must wait, twice as long each time."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

FREE_TRIES = 5  # of one login from one address; nobody mistypes more often
FREE_TRIES_OF_A_LOGIN = 20  # from wherever: slows a guess from many addresses, hardly shuts its owner out
FREE_TRIES_OF_AN_ADDRESS = 50  # with whatever logins: an office may share one address
LONGEST_WAIT = 900.0
FORGOTTEN_AFTER = 3600.0
REMEMBERED = 10_000  # keys; who tries more logins than that pushes out the oldest


@dataclass(slots=True)
class _Tries:
    wrong: int
    last: float


class Throttle:
    """Counts by login and address, whether or not there is such a login: waiting betrays nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: OrderedDict[tuple[str, str], _Tries] = OrderedDict()

    def wait(self, login: str, address: str) -> float:
        """Seconds until this login may be tried from this address."""
        return max(self._wait(key, free) for key, free in _keys(login, address))

    def wrong(self, login: str, address: str) -> None:
        """A wrong password was tried."""
        for key, _ in _keys(login, address):
            tries = self._tries.setdefault(key, _Tries(0, 0.0))
            self._tries.move_to_end(key)
            if self._clock() - tries.last > FORGOTTEN_AFTER:
                tries.wrong = 0
            tries.wrong += 1
            tries.last = self._clock()
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)

    def right(self, login: str, address: str) -> None:
        """The right one came: the person's own slips are forgotten, the address's stay."""
        for key, _ in _keys(login, address)[:2]:
            self._tries.pop(key, None)

    def _wait(self, key: tuple[str, str], free: int) -> float:
        tries = self._tries.get(key)
        if tries is None or tries.wrong < free:
            return 0.0
        pause = min(LONGEST_WAIT, 2.0 ** min(tries.wrong - free, 20))
        return max(0.0, tries.last + pause - self._clock())


def _keys(login: str, address: str) -> list[tuple[tuple[str, str], int]]:
    name = login.strip().casefold()[:64]
    return [
        ((name, address), FREE_TRIES),
        ((name, ""), FREE_TRIES_OF_A_LOGIN),
        (("", address), FREE_TRIES_OF_AN_ADDRESS),
    ]
