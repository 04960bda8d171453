"""What every widget of the kit is: one small ES module of ours, events by name, each under the guard."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Unicode

from workbench.widgets.kit.guard import guarded

STATIC = Path(__file__).parent / "static"

Content = Mapping[str, Any]
Buffers = list[memoryview]
Handler = Callable[[Content, Buffers], Any]

FROM_BROWSER = "from_browser"


@cache
def module(name: str) -> str:
    """The text of `static/<name>.js` with the kit's common part in front."""
    return "\n".join((STATIC / f"{part}.js").read_text(encoding="utf-8") for part in ("common", name))


class KitWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """Base of the kit's widgets.

    The browser sends `{event, call, content}`; the handler of that name in `events()` runs under the
    guard, and its result goes back as the answer to the call. A browser can send anything: handlers
    take what they get as untrusted text and numbers.
    """

    _esm = Unicode().tag(sync=True)

    def __init__(self, module_name: str, **traits: Any) -> None:
        super().__init__(_esm=module(module_name), **traits)
        self._handlers = self.events()
        self.on_msg(self._receive)

    def events(self) -> dict[str, Handler]:
        """What the browser may ask for, by name."""
        return {}

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """A browser may set what is marked `from_browser` (a selection, a closed dialog) and nothing else."""
        allowed = {name for name in sync_data if self.trait_metadata(name, FROM_BROWSER)}
        super().set_state({name: value for name, value in sync_data.items() if name in allowed})

    def notify(self, text: str, tone: str = "info") -> None:
        """Shows a notice on the page this widget is on (tone: info, success, warning, error)."""
        self.send({"kind": "notice", "text": text, "tone": tone})

    def _receive(self, _widget: object, message: Any, buffers: Buffers) -> None:
        event = message.get("event") if isinstance(message, dict) else None
        handler = self._handlers.get(event) if isinstance(event, str) else None
        if handler is None:
            return
        content = message.get("content")
        known = content if isinstance(content, dict) else {}
        result = guarded(lambda: handler(known, buffers), self.notify)
        if "call" in message:
            self.send({"kind": "answer", "call": message["call"], "result": result})


def _reference(value: Any, _widget: object) -> Any:
    """A child widget as anywidget's `host.getWidget` wants it."""
    if isinstance(value, list):
        return [_reference(child, None) for child in value]
    return None if value is None else f"anywidget:{value.model_id}"


# Tags of a trait that holds child widgets.
CHILDREN = {"sync": True, "to_json": _reference}
