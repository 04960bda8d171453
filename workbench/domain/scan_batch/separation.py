"""Where a stack of pages is cut into sets: separator sheets and blank pages (spec scan-batches 4.2, 6.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Cut(StrEnum):
    """What begins a new set. The page that says so is left out."""

    SEPARATOR = "separator sheets"
    BLANK_PAGE = "blank pages"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was seen on a page."""

    separator: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """Attributes:
    parts: indices of pages, set by set.
    continues: the first part goes on with the set that pages came into before.
    ended: the pages end with a cut: whatever comes next begins a new set.
    """

    parts: tuple[tuple[int, ...], ...]
    continues: bool
    ended: bool


def separate(marks: Sequence[Mark], cut: Cut | None, *, drop_blank: bool = False) -> Parts:
    """Cuts pages into sets.

    A separator sheet fed through both sides has a blank back, which goes with it. Two cuts in a row are one:
    there are no empty sets.
    """
    parts: list[list[int]] = [[]]
    continues = True
    previous_cut = False
    for index, mark in enumerate(marks):
        back_of_separator = previous_cut and mark.blank and cut is Cut.SEPARATOR
        if _cuts(mark, cut):
            continues = continues and bool(parts[0])
            if parts[-1]:
                parts.append([])
            previous_cut = True
            continue
        previous_cut = False
        if not (back_of_separator or (drop_blank and mark.blank)):
            parts[-1].append(index)
    ended = not parts[-1] and (len(parts) > 1 or not continues)
    return Parts(tuple(tuple(part) for part in parts if part), continues, ended)


def _cuts(mark: Mark, cut: Cut | None) -> bool:
    return (cut is Cut.SEPARATOR and mark.separator) or (cut is Cut.BLANK_PAGE and mark.blank)
