"""Speaks to a widget as a browser does, and hears what it answers, without a browser."""

from typing import Any

from workbench.widgets.kit.base import KitWidget


class Line:
    """The wire of one widget. What the widget sends is kept in `sent`."""

    def __init__(self, widget: KitWidget) -> None:
        self._widget = widget
        self.sent: list[dict[str, Any]] = []
        widget.send = lambda content, **_: self.sent.append(content)

    def say(self, event: str, buffers: list[bytes] | None = None, **content: Any) -> Any:
        """Sends an event; gives the result that the widget answered with."""
        message = {"event": event, "call": "1", "content": content}
        self._widget._receive(self._widget, message, [memoryview(part) for part in buffers or []])
        return self.sent[-1]["result"]

    @property
    def notices(self) -> list[str]:
        return [message["text"] for message in self.sent if message.get("kind") == "notice"]
