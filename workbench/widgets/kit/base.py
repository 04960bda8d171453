"""What every widget of the kit is: one small ES module of ours, events by name, each under the guard."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
from ipywidgets import Layout
from traitlets import Unicode

from workbench.widgets.kit.guard import guarded

STATIC = Path(__file__).parent / "static"

Content = Mapping[str, Any]
Buffers = list[memoryview]
Handler = Callable[[Content, Buffers], Any]

FROM_BROWSER = "from_browser"


@cache
def module(name: str) -> str:
    """The text of `static/<name>.js` with the kit's common part, and its own `<name>_*.js`, in front."""
    parts = [STATIC / "common.js", *sorted(STATIC.glob(f"{name}_*.js")), STATIC / f"{name}.js"]
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


@cache
def every_module() -> dict[str, str]:
    """All modules but the frame's own, by name. The frame brings them to the page, once (static/shell.js)."""
    names = sorted(path.stem for path in STATIC.glob("*.js"))
    return {name: module(name) for name in names if name not in ("common", "shell")}


# anywidget sends a widget's module with every instance of it; thirty grids and forms would be half a
# megabyte. So an instance sends this, which takes the module that the frame brought.
_STAND_IN = """
const kit = (globalThis.workbenchKit ??= { modules: {}, waiting: {} });
const brought = (name) => kit.modules[name] ?? new Promise((take) => (kit.waiting[name] ??= []).push(take));
export default { async render(context) { return (await brought("%s")).render(context); } };
"""


@cache
def _no_layout() -> Layout:
    """One for all: the kit's look is in its style sheet, and each layout is a model of its own on the wire."""
    return Layout()


class KitWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """Base of the kit's widgets.

    The browser sends `{event, call, content}`; the handler of that name in `events()` runs under the
    guard, and its result goes back as the answer to the call. A browser can send anything: handlers
    take what they get as untrusted text and numbers.
    """

    _esm = Unicode().tag(sync=True)

    def __init__(self, module_name: str, **traits: Any) -> None:
        esm = module("shell") if module_name == "shell" else _STAND_IN % module_name
        super().__init__(_esm=esm, layout=_no_layout(), **traits)
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
