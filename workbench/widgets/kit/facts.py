"""Labelled figures that explain themselves."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from traitlets import Dict, List

from workbench.widgets.kit.base import Content, Handler, KitWidget


@dataclass(frozen=True, slots=True)
class Fact:
    """Attributes:
    explains: lines shown on hover and focus and read out as description, e.g. the arithmetic of a sum.
    kind: "money" stands right.
    name: makes the fact usable (click, Enter); the owner hears it.
    """

    label: str
    value: str
    explains: Sequence[str] = ()
    tone: str = ""
    kind: str = ""
    name: str = ""


class Facts(KitWidget):
    facts = List(Dict()).tag(sync=True)

    def __init__(self, on_use: Callable[[str], None] | None = None) -> None:
        self._on_use = on_use
        super().__init__("facts")

    def events(self) -> dict[str, Handler]:
        return {"use": self._use}

    def show(self, facts: Sequence[Fact]) -> None:
        self.facts = [{**asdict(fact), "explains": list(fact.explains)} for fact in facts]

    def _use(self, content: Content, _: object) -> None:
        name = content.get("name")
        if self._on_use is not None and any(fact["name"] == name for fact in self.facts if fact["name"]):
            self._on_use(str(name))
