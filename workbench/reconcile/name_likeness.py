"""How much two names of organisations are alike. Only ever a proposal: nobody is matched by name alone (spec 8 row 21)."""

import re

_WORD = re.compile(r"[A-Z0-9]+")
# They stand in many names and tell none of them from another.
_EMPTY = frozenset({"THE", "OF", "AND", "INC", "LLC", "CO", "CORP", "COMPANY", "PC", "PA"})


def likeness(one: str, other: str) -> float:
    """Share of the words that both names have, from 0 (none) to 1 (all). A word may be cut short after 4 letters."""
    here, there = _words(one), _words(other)
    if not here or not there:
        return 0.0
    common = sum(any(_same(word, its) for its in there) for word in here)
    return common / max(len(here), len(there))


def _words(name: str) -> list[str]:
    every = _WORD.findall(name.upper())
    return list(dict.fromkeys(word for word in every if word not in _EMPTY)) or every


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= 4 and long.startswith(short))
