"""What is selected on a page, as rows of the frames: `wb.show("deposit", id=12)` in a cell, `.selection()` in the next."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.errors import RefusedError
from workbench.frames import Frames


@dataclass(frozen=True, slots=True)
class Selectable:
    """A list of a screen whose rows are rows of a frame.

    Attributes:
        frame: the frame's name.
        ids: of the selected rows, from the screen.
        column: which column of the frame holds these ids.
        narrowing: filters for the frame that leave fewer rows to read.
    """

    frame: str
    ids: Callable[[Any], Iterable[int]]
    column: str = "id"
    narrowing: Callable[[Any], dict[str, Any]] = lambda _: {}


def _deposit_in_front(screen: Any) -> dict[str, Any]:
    details = screen.model.details
    return {"deposit_id": details.row.id if details is not None else []}


def _page_in_front(screen: Any) -> list[int]:
    """The viewer always has one page in front; none when the batch is empty."""
    image_id = screen.model.image_id if screen.model is not None else None
    return [] if image_id is None else [image_id]


def _batch_in_front(screen: Any) -> dict[str, Any]:
    return {"batch_id": screen.model.batch_id if screen.model is not None else []}


# Per screen its lists, the main one first.
SELECTABLES: dict[str, tuple[Selectable, ...]] = {
    "deposits": (
        Selectable(
            "deposits",
            lambda screen: screen.grid.selection,
            narrowing=lambda screen: {"deposit_id": list(screen.grid.selection)},
        ),
    ),
    "deposit": (Selectable("claims", lambda screen: screen.claims.selection, narrowing=_deposit_in_front),),
    "bank": (
        Selectable("bank_lines", lambda screen: screen.lines.selection),
        Selectable("bank_matches", lambda screen: screen.proposals.selection, column="match_id"),
        Selectable(
            "deposits",
            lambda screen: screen.deposits.selection,
            narrowing=lambda screen: {"deposit_id": list(screen.deposits.selection)},
        ),
    ),
    "image_viewer": (Selectable("images", _page_in_front, column="image_id", narrowing=_batch_in_front),),
}


def selected_rows(frames: Frames, name: str, screen: object, frame: str = "") -> pd.DataFrame:
    """The selected rows of a screen's main list, or of the one whose frame is named; no row when none is selected.

    Raises RefusedError for a screen without such a list, and says which lists there are.
    """
    lists = SELECTABLES.get(name, ())
    wanted = next((each for each in lists if frame in ("", each.frame)), None)
    if wanted is None:
        there = ", ".join(each.frame for each in lists) or "no list"
        raise RefusedError(f"The page {name} has {there} to select from.")
    rows: pd.DataFrame = getattr(frames, wanted.frame)(**wanted.narrowing(screen))
    return rows[rows[wanted.column].isin(list(wanted.ids(screen)))].reset_index(drop=True)
