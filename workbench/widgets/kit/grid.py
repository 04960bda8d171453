"""A grid whose rows are paged, sorted and filtered in Python; the browser holds one page."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from traitlets import Bool, Dict, Int, List, Unicode

from workbench.widgets.kit.base import FROM_BROWSER, Content, Handler, KitWidget

MAX_PAGE_SIZE = 500
Kind = Literal["text", "money", "number", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """Attributes:
    key: how the owner knows the column (sort key, edit key).
    label: the heading, exactly as the office says it.
    kind: money and numbers stand right with digits of equal width.
    width: CSS width beyond which a text is cut, e.g. "9em"; the whole of it shows under the pointer.
    wrap: long texts take several lines instead of being cut.
    help: shown when the pointer rests on the heading.
    """

    key: str
    label: str
    kind: Kind = "text"
    sortable: bool = True
    editable: bool = False
    width: str = ""
    wrap: bool = False
    help: str = ""


# A cell is text, or one of the small objects that the functions below make.
Cell: TypeAlias = str | Mapping[str, Any]


def badge(text: str, tone: str = "", title: str = "") -> Cell:
    return {"badge": text, "tone": tone, "title": title}


def toned(text: str, tone: str, title: str = "") -> Cell:
    return {"text": text, "tone": tone, "title": title}


def link(text: str, page: str, **params: object) -> Cell:
    """Leads to another screen; a middle click opens it in a tab of its own."""
    return {"link": text, "page": page, "params": {name: str(value) for name, value in params.items()}}


def actions(*buttons: tuple[str, str]) -> Cell:
    """Buttons `(name, label)` of a row; the grid's `on_action(name, row id)` hears them."""
    return {"actions": [{"name": name, "label": label} for name, label in buttons]}


@dataclass(frozen=True, slots=True)
class Row:
    """Attributes:
    id: given back in events; what a browser sends back is checked against the rows shown.
    locked: no cell of it can be edited.
    """

    id: int | str
    cells: Sequence[Cell]
    tone: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What the grid asks its owner for."""

    sort_key: str = ""
    descending: bool = False
    page: int = 1
    page_size: int = 50

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size


@dataclass(frozen=True, slots=True)
class GridEvents:
    """What the owner of a grid hears. `on_edit` answers with an error text, or None when it took the value."""

    on_view: Callable[[View], None] | None = None
    on_use: Callable[[Any], None] | None = None
    on_action: Callable[[str, Any], None] | None = None
    on_edit: Callable[[Any, str, str], str | None] | None = None


_NO_EVENTS = GridEvents()


@dataclass(frozen=True, slots=True)
class Look:
    """How a grid is set up once.

    Attributes:
        height: a CSS height after which the body scrolls under its heading.
        tiles: each row is a tile: its first cell the title, its second the figure that is seen from afar.
    """

    empty: str = "Nothing here."
    selectable: Literal["none", "single", "multi"] = "none"
    paged: bool = True
    size_label: str = "Rows per page"
    height: str = ""
    key: str = ""
    tiles: bool = False


_PLAIN_LOOK = Look()


class Grid(KitWidget):
    label = Unicode().tag(sync=True)
    columns = List(Dict()).tag(sync=True)
    rows = List(Dict()).tag(sync=True)
    totals = List(Unicode()).tag(sync=True)
    total = Int(0).tag(sync=True)
    page = Int(1).tag(sync=True)
    page_size = Int(50).tag(sync=True)
    sort_key = Unicode().tag(sync=True)
    descending = Bool(default_value=False).tag(sync=True)
    # No echo: an answer to an older choice must not undo a newer one in the browser.
    selection: List[Any] = List().tag(sync=True, echo_update=False, **{FROM_BROWSER: True})
    selectable = Unicode("none").tag(sync=True)
    empty = Unicode().tag(sync=True)
    paged = Bool(default_value=True).tag(sync=True)
    size_label = Unicode().tag(sync=True)
    height = Unicode().tag(sync=True)
    key = Unicode().tag(sync=True)
    tiles = Bool(default_value=False).tag(sync=True)

    def __init__(
        self, label: str, columns: Sequence[Column], events: GridEvents = _NO_EVENTS, look: Look = _PLAIN_LOOK
    ) -> None:
        self._heard = events
        self._every_column = [asdict(column) for column in columns]
        self._hidden: frozenset[str] = frozenset()
        self._shown: tuple[Sequence[Row], int, Sequence[str]] = ((), 0, ())
        super().__init__(
            "grid",
            label=label,
            columns=self._every_column,
            empty=look.empty,
            selectable=look.selectable,
            paged=look.paged,
            size_label=look.size_label,
            height=look.height,
            key=look.key,
            tiles=look.tiles,
        )

    def events(self) -> dict[str, Handler]:
        return {
            "sort": self._sort,
            "page": self._turn,
            "size": self._resize,
            "select": self._select,
            "use": self._use,
            "action": self._act,
            "edit": self._edit,
        }

    @property
    def view(self) -> View:
        return View(self.sort_key, self.descending, self.page, self.page_size)

    def show(self, rows: Sequence[Row], total: int, totals: Sequence[str] = ()) -> None:
        """Puts one page of rows on the screen. `total` counts all rows of the filter, `totals` is its footer."""
        self._shown = (rows, total, totals)
        shown = [
            {"id": row.id, "cells": self._seen(row.cells), "tone": row.tone, "locked": row.locked}
            for row in rows
        ]
        known = {row.id for row in rows}
        with self.hold_trait_notifications(), self.hold_sync():
            self.columns = self._seen(self._every_column)
            self.total = total
            self.totals = self._seen(totals)
            self.selection = [chosen for chosen in self.selection if chosen in known]
            self.rows = shown

    @property
    def every_column(self) -> list[tuple[str, str]]:
        """Key and heading of every column, hidden ones too, in order."""
        return [(column["key"], column["label"]) for column in self._every_column]

    @property
    def hidden(self) -> frozenset[str]:
        return self._hidden

    def hide(self, keys: Collection[str]) -> None:
        """Leaves these columns out; the first one always stays. Rows are still given with every cell."""
        known = {key for key, _ in self.every_column[1:]}
        self._hidden = frozenset(keys) & known
        self.show(*self._shown)

    def _seen(self, places: Sequence[Any]) -> list[Any]:
        """Of one value per column (or none at all) those whose column is shown."""
        if not self._hidden or not places:
            return list(places)
        pairs = zip(self._every_column, places, strict=True)
        return [value for column, value in pairs if column["key"] not in self._hidden]

    def set_view(self, view: View) -> None:
        """Moves the grid to another sort and page without asking its owner."""
        with self.hold_sync():
            self.sort_key, self.descending = view.sort_key, view.descending
            self.page, self.page_size = view.page, view.page_size

    def focus(self, row: int = 0) -> None:
        self.send({"kind": "focus", "row": row})

    def _ask(self, view: View) -> None:
        self.set_view(view)
        if self._heard.on_view is not None:
            self._heard.on_view(self.view)

    def _sort(self, content: Content, _: object) -> None:
        key = content.get("key")
        if any(column["key"] == key and column["sortable"] for column in self.columns):
            descending = self.sort_key == key and not self.descending
            self._ask(View(str(key), descending, 1, self.page_size))

    def _turn(self, content: Content, _: object) -> None:
        page, last = content.get("page"), max(1, -(-self.total // self.page_size))
        if isinstance(page, int):
            self._ask(View(self.sort_key, self.descending, min(max(page, 1), last), self.page_size))

    def _resize(self, content: Content, _: object) -> None:
        size = content.get("size")
        if isinstance(size, int) and 1 <= size <= MAX_PAGE_SIZE:
            self._ask(View(self.sort_key, self.descending, 1, size))

    def _known(self, content: Content) -> Any:
        """The row id in an event, or None when no such row is shown."""
        wanted = content.get("id")
        return next((row["id"] for row in self.rows if row["id"] == wanted), None)

    def _select(self, content: Content, _: object) -> None:
        wanted = content.get("ids")
        if isinstance(wanted, list):
            self.set_state({"selection": [row["id"] for row in self.rows if row["id"] in wanted]})

    def _use(self, content: Content, _: object) -> None:
        row_id = self._known(content)
        if row_id is not None and self._heard.on_use is not None:
            self._heard.on_use(row_id)

    def _act(self, content: Content, _: object) -> None:
        row_id, name = self._known(content), content.get("name")
        if row_id is not None and isinstance(name, str) and self._heard.on_action is not None:
            self._heard.on_action(name, row_id)

    def _edit(self, content: Content, _: object) -> dict[str, str] | None:
        row_id, key, text = self._known(content), content.get("key"), content.get("text")
        editable = any(column["key"] == key and column["editable"] for column in self.columns)
        if row_id is None or not editable or not isinstance(text, str) or self._heard.on_edit is None:
            return {"error": "This cannot be edited."}
        problem = self._heard.on_edit(row_id, str(key), text)
        return {"error": problem} if problem else None
