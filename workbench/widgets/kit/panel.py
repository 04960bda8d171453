"""Composition: stacks, rows, sections, tabs and dialogs of kit widgets."""

from collections.abc import Callable, Sequence
from typing import Any

from traitlets import Bool, Instance, Int, List, Unicode

from workbench.widgets.kit.base import CHILDREN, FROM_BROWSER, Content, Handler, KitWidget


class Panel(KitWidget):
    """Children one below the other (`stack`), side by side (`row`), or under a heading (`section`)."""

    kind = Unicode("stack").tag(sync=True)
    title = Unicode().tag(sync=True)
    shown = Bool(default_value=True).tag(sync=True, **{FROM_BROWSER: True})
    wide = List(Int()).tag(sync=True)
    children = List(Instance(KitWidget)).tag(**CHILDREN)

    def __init__(self, children: Sequence[KitWidget], **traits: Any) -> None:
        super().__init__("panel", children=list(children), **traits)

    def add(self, child: KitWidget) -> None:
        """Puts one more child at the end, e.g. a dialog that is made when it is first asked for."""
        self.children = [*self.children, child]


def stack(*children: KitWidget) -> Panel:
    return Panel(children)


def row(*children: KitWidget, wide: Sequence[int] = ()) -> Panel:
    """Side by side; the children at the places `wide` get about twice the room."""
    return Panel(children, kind="row", wide=list(wide))


def section(title: str, *children: KitWidget) -> Panel:
    return Panel(children, kind="section", title=title)


class Tabs(Panel):
    """One child at a time, chosen by its label; `on_pick(index)` hears the choice."""

    labels = List(Unicode()).tag(sync=True)
    active = Int(0).tag(sync=True, **{FROM_BROWSER: True})

    def __init__(self, pages: Sequence[tuple[str, KitWidget]], on_pick: Callable[[int], None]) -> None:
        self._on_pick = on_pick
        super().__init__([page for _, page in pages], kind="tabs", labels=[label for label, _ in pages])

    def events(self) -> dict[str, Handler]:
        return {"picked": self._picked}

    def _picked(self, content: Content, _: object) -> None:
        index = content.get("index")
        if isinstance(index, int) and 0 <= index < len(self.labels):
            self._on_pick(index)


class Dialog(Panel):
    """A modal dialog: role dialog, named by its title, focus kept inside, Esc closes.

    Attributes:
        roomy: a drawer over nearly the whole page, for work with paper beside it.
        unsaved: the browser asks before the tab is closed.
    """

    roomy = Bool(default_value=False).tag(sync=True)
    unsaved = Bool(default_value=False).tag(sync=True)

    def __init__(
        self,
        title: str,
        *children: KitWidget,
        drawer: bool = False,
        on_closed: Callable[[], None] | None = None,
    ) -> None:
        """`drawer`: a wide one at the side. `on_closed` hears that the person closed it."""
        self._on_closed = on_closed
        super().__init__(children, kind="drawer" if drawer else "dialog", title=title, shown=False)

    def events(self) -> dict[str, Handler]:
        return {"closed": self._closed}

    def show(self, title: str | None = None) -> None:
        if title is not None:
            self.title = title
        self.shown = True

    def hide(self) -> None:
        self.shown = False

    def _closed(self, _content: Content, _: object) -> None:
        self.shown = False
        if self._on_closed is not None:
            self._on_closed()
