"""A whole form as one widget: the values are Python's, the browser types and shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from traitlets import Dict, List, Unicode

from workbench.widgets.kit.base import Content, Handler, KitWidget
from workbench.widgets.kit.typed import (
    NotTypedRightError,
    date_text,
    money_text,
    typed_date,
    typed_money,
    typed_number,
)

FieldKind = Literal[
    "text", "search", "money", "number", "date", "select", "lookup", "checkbox", "note", "static"
]
LOOKUP_LIMIT = 20
MAX_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: `value` is given back, `text` and `hint` are shown."""

    value: Any
    text: str
    hint: str = ""


class Search(Protocol):
    """Finds the options of a look-up: at most `limit` best ones, and how many there are in all."""

    def __call__(self, text: str, limit: int) -> tuple[Sequence[Option], int]: ...


@dataclass(frozen=True, slots=True)
class Field:
    """Attributes:
    label: the visible label and the accessible name, exactly as the office says it.
    options: of a select, as (value, text).
    search: of a look-up; runs in Python, so 5,000 payers cost the browser nothing.
    live: the change is told while typing, not only on leaving (quick search).
    key: a shortcut that puts the cursor here, e.g. "Alt+KeyQ".
    """

    name: str
    label: str
    kind: FieldKind = "text"
    required: bool = False
    options: Sequence[tuple[str, str]] = ()
    search: Search | None = None
    help: str = ""
    width: str = ""
    live: bool = False
    key: str = ""
    max: int = 0


@dataclass(frozen=True, slots=True)
class Action:
    """A button. The first one of a form is pressed by Enter too."""

    name: str
    label: str
    key: str = ""
    tone: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class FormEvents:
    """`today`: the day that `t` means; None: the day where the person sits, as the browser tells it."""

    on_change: Callable[[str, Any], None] | None = None
    on_press: Callable[[str], None] | None = None
    today: Callable[[], date] | None = None


_NO_EVENTS = FormEvents()


class Form(KitWidget):
    """Fields and buttons. `values` holds typed values: cents, dates, options' values, text, booleans."""

    label = Unicode().tag(sync=True)
    arrangement = Unicode("columns").tag(sync=True)
    fields = List(Dict()).tag(sync=True)
    texts = Dict().tag(sync=True)
    errors = Dict().tag(sync=True)
    blocked = Dict().tag(sync=True)
    hidden = List(Unicode()).tag(sync=True)
    actions = List(Dict()).tag(sync=True)

    def __init__(
        self,
        label: str,
        fields: Sequence[Field],
        actions: Sequence[Action] = (),
        events: FormEvents = _NO_EVENTS,
        *,
        arrangement: Literal["columns", "line"] = "columns",
    ) -> None:
        self._fields = {field.name: field for field in fields}
        self._actions = list(actions)
        self._action_blocks: dict[str, str] = {}
        self._heard = events
        self.values: dict[str, Any] = {
            field.name: False if field.kind == "checkbox" else None for field in fields
        }
        super().__init__(
            "form", label=label, arrangement=arrangement, fields=[_to_browser(field) for field in fields]
        )
        self._draw_actions()

    def events(self) -> dict[str, Handler]:
        return {"change": self._change, "press": self._press, "lookup": self._lookup}

    def fill(self, values: Mapping[str, Any], texts: Mapping[str, str] | None = None) -> None:
        """Sets values without telling the owner. `texts` are what look-ups show for theirs."""
        shown = dict(self.texts)
        for name, value in values.items():
            field = self._fields[name]
            self.values[name] = value
            shown[name] = (texts or {}).get(name, _text(field, value))
        self.texts = shown
        self.errors = {name: text for name, text in self.errors.items() if name not in values}

    def reset(self, values: Mapping[str, Any]) -> None:
        """Empties every field, then sets `values`, without telling the owner."""
        empty = {name: False if field.kind == "checkbox" else None for name, field in self._fields.items()}
        self.fill({**empty, **values})

    def set_options(self, name: str, options: Sequence[tuple[str, str]]) -> None:
        """New choices of a select; its value stays when it is still among them."""
        self.fields = [
            {**field, "options": [list(option) for option in options]} if field["name"] == name else field
            for field in self.fields
        ]
        if self.values[name] not in {value for value, _ in options}:
            self.fill({name: options[0][0] if options else None})

    def block(self, fields: Mapping[str, str], actions: Mapping[str, str]) -> None:
        """Why fields and buttons cannot be used now, in words; what is not named can be."""
        self.blocked = dict(fields)
        self._action_blocks = dict(actions)
        self._draw_actions()

    def focus(self, name: str) -> None:
        self.send({"kind": "focus", "name": name})

    def _draw_actions(self) -> None:
        self.actions = [
            {
                "name": action.name,
                "label": action.label,
                "key": action.key,
                "tone": action.tone,
                "title": action.title,
                "blocked": self._action_blocks.get(action.name, ""),
            }
            for action in self._actions
        ]

    def _change(self, content: Content, _: object) -> None:
        field = self._fields.get(str(content.get("name")))
        if field is None or field.name in self.blocked:
            return
        try:
            value = self._read(field, content.get("value"), self._today(content))
        except NotTypedRightError as problem:
            self.texts = {**self.texts, field.name: str(content.get("value"))[:MAX_TEXT]}
            self.errors = {**self.errors, field.name: str(problem)}
            return
        self.values[field.name] = value
        if field.kind != "lookup":
            self.texts = {**self.texts, field.name: _text(field, value)}
        self.errors = {name: text for name, text in self.errors.items() if name != field.name}
        if self._heard.on_change is not None:
            self._heard.on_change(field.name, value)

    def _today(self, content: Content) -> date:
        if self._heard.today is not None:
            return self._heard.today()
        try:
            return date.fromisoformat(str(content.get("today")))
        except ValueError:
            return date.today()  # noqa: DTZ011 - a browser that does not say: this machine's own day

    def _read(self, field: Field, raw: Any, today: date) -> Any:
        if field.kind == "checkbox":
            return raw is True
        if field.kind == "lookup":
            return raw if isinstance(raw, int | str) else None
        text = (raw if isinstance(raw, str) else "")[:MAX_TEXT]
        if field.kind == "date":
            return typed_date(text, today, self.values[field.name])
        if field.kind == "money":
            return typed_money(text)
        if field.kind == "number":
            return typed_number(text)
        if field.kind == "select" and text not in {value for value, _ in self._choices(field.name)}:
            raise NotTypedRightError("Choose one of the list.")
        return text[: field.max or MAX_TEXT].strip() or None

    def _choices(self, name: str) -> list[tuple[str, str]]:
        return next(field["options"] for field in self.fields if field["name"] == name)

    def _press(self, content: Content, _: object) -> None:
        name = str(content.get("name"))
        if name == "default" and self._actions:
            name = self._actions[0].name
        known = name in {action.name for action in self._actions}
        if known and name not in self._action_blocks and self._heard.on_press is not None:
            self._heard.on_press(name)

    def _lookup(self, content: Content, _: object) -> dict[str, Any]:
        field = self._fields.get(str(content.get("name")))
        if field is None or field.search is None:
            return {"options": [], "total": 0}
        found, total = field.search(str(content.get("text", ""))[:MAX_TEXT].strip(), LOOKUP_LIMIT)
        options = [{"value": option.value, "text": option.text, "hint": option.hint} for option in found]
        return {"options": options, "total": total}


def _to_browser(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "options": [list(option) for option in field.options],
        "help": field.help,
        "width": field.width,
        "live": field.live,
        "key": field.key,
        "max": field.max,
    }


def _text(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.kind == "money":
        return money_text(value)
    if field.kind == "date":
        return date_text(value)
    if field.kind == "checkbox":
        return "true" if value else "false"
    return str(value)
