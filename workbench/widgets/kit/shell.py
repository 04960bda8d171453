"""The frame of a page: top bar, navigation, notices, keys, and which screen the address asks for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from urllib.parse import parse_qsl

import pandas as pd
from traitlets import Dict, Instance, List, Unicode

from workbench.errors import RefusedError, WorkbenchError
from workbench.widgets.kit.base import CHILDREN, STATIC, Content, Handler, KitWidget, every_module


class Screen(Protocol):
    """One page's content. Made once per kernel, entered whenever the address says so."""

    @property
    def widget(self) -> KitWidget: ...

    def enter(self, params: Mapping[str, str]) -> str:
        """Shows what the parameters of the address ask for; returns the page's title."""
        ...


ScreenMaker = Callable[["Shell"], Screen]
# Rows selected on a screen (its name, itself), of its main list or of the one that is named.
SelectionReader = Callable[[str, Screen, str], pd.DataFrame]


class Shell(KitWidget):
    """Attributes:
    pages: the navigation, as [{page, label}].
    content: the screen that is shown.
    """

    pages = List(Dict()).tag(sync=True)
    current = Unicode().tag(sync=True)
    title = Unicode().tag(sync=True)
    user = Unicode().tag(sync=True)
    practice = Unicode().tag(sync=True)
    content = Instance(KitWidget, allow_none=True).tag(**CHILDREN)
    modules = Dict().tag(sync=True)
    _css = Unicode().tag(sync=True)

    def __init__(
        self,
        screens: Mapping[str, ScreenMaker],
        navigation: Mapping[str, str],
        first: str,
        welcome: Callable[["Shell"], None] | None = None,
    ) -> None:
        """`welcome` runs once, before the first screen is entered: only then is there a person."""
        self._welcome = welcome
        self._makers = dict(screens)
        self._made: dict[str, Screen] = {}
        self._parents = {"deposit": "deposits", "image_viewer": "image_batches"}
        self._first = first
        self._remembered: dict[str, object] = {}
        self._shown = ""
        self.read_selection: SelectionReader | None = None
        super().__init__(
            "shell",
            modules=every_module(),
            pages=[{"page": page, "label": label} for page, label in navigation.items()],
            _css=(STATIC / "kit.css").read_text(encoding="utf-8"),
        )

    def events(self) -> dict[str, Handler]:
        return {"route": self._route, "alive": self._alive}

    def go(self, page: str, **params: object) -> None:
        """Opens a screen as if its link had been followed: new address, Back leads back."""
        self.send(
            {"kind": "go", "page": page, "params": {name: str(value) for name, value in params.items()}}
        )

    def address(self, page: str, **params: object) -> None:
        """Changes the address without opening anything: what a reload should show."""
        self.send(
            {"kind": "address", "page": page, "params": {name: str(value) for name, value in params.items()}}
        )

    def prepare(self, names: Sequence[str]) -> None:
        """Makes screens before anybody asks for them: their widgets then reach the browser in one message."""
        for name in names:
            self._screen(name)

    def _screen(self, name: str) -> Screen:
        if name not in self._made:
            self._made[name] = self._makers[name](self)
        return self._made[name]

    def enter(self, page: str, params: Mapping[str, str]) -> None:
        """Shows a screen of this kernel. An unknown page (a notebook with another name) shows the first one.

        When there is nothing to show (no such deposit), an empty page shows the list instead; the error is told.
        """
        name = page if page in self._makers else self._first
        if self._welcome is not None:
            self._welcome(self)
            self._welcome = None
        screen = self._screen(name)
        try:
            title = screen.enter(params)
        except WorkbenchError:
            if self.content is None and name != self._parents.get(name, self._first):
                self.enter(self._parents.get(name, self._first), {})
            raise
        self._shown = name
        with self.hold_sync():
            self.current = self._parents.get(name, name)
            self.title = title
            self.content = screen.widget

    def selection(self, frame: str = "") -> pd.DataFrame:
        """What is selected on the page that is shown, as rows of its frame; `frame` names another list of the page.

        `page = wb.show("bank")` in one cell; `page.selection()` or `page.selection("deposits")` in the next.
        """
        if self.read_selection is None or self._shown not in self._made:
            raise RefusedError("Show a page first: page = wb.show('deposits').")
        return self.read_selection(self._shown, self._made[self._shown], frame)

    def remember(self, name: str, value: object) -> None:
        """Keeps something for the other screens of this page, e.g. how the list was filtered last."""
        self._remembered[name] = value

    def recall(self, name: str) -> object:
        """What was kept under the name, or None."""
        return self._remembered.get(name)

    def _route(self, content: Content, _: object) -> None:
        search = str(content.get("search", ""))
        self.enter(str(content.get("page", "")), dict(parse_qsl(search.removeprefix("?"))))

    def _alive(self, content: Content, _: object) -> None:
        self.send({"kind": "alive", "beat": content.get("beat")})
