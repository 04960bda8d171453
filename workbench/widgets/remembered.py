"""What a person asked a list to keep: the filter it opens with and the columns it leaves out (spec 6.10, level user)."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Protocol

from workbench.domain.identity import Actor
from workbench.services.user_settings import UserSettings


class Desk(Protocol):
    """What remembering needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def user_settings(self) -> UserSettings: ...


class Remembered:
    """Of one list. Only what the person asked for is kept: a filter that came back by itself would hide work."""

    def __init__(self, desk: Desk, page: str) -> None:
        self._desk = desk
        self._page = page

    def filter(self) -> dict[str, Any]:
        """Field of the form -> value; empty when nothing was kept."""
        found = json.loads(self._get("filter") or "{}")
        return {name: _value(value) for name, value in found.items()}

    def keep_filter(self, values: Mapping[str, Any]) -> None:
        """Keeps the fields that say something; an empty filter forgets what was kept."""
        said = {name: value for name, value in values.items() if value not in (None, "", False)}
        plain = {name: _plain(value) for name, value in said.items()}
        self._set("filter", json.dumps(plain, sort_keys=True) if plain else "")

    def hidden_columns(self, usual: Collection[str] = ()) -> frozenset[str]:
        """`usual`: what is left out as long as the person has not chosen."""
        kept = self._get("hidden_columns")
        return frozenset(json.loads(kept) if kept else usual)

    def keep_hidden_columns(self, keys: Collection[str]) -> None:
        self._set("hidden_columns", json.dumps(sorted(keys)))

    def _get(self, name: str) -> str:
        return self._desk.user_settings.get(self._desk.actor, f"{self._page}.{name}")

    def _set(self, name: str, text: str) -> None:
        self._desk.user_settings.set(self._desk.actor, f"{self._page}.{name}", text)


def _plain(value: Any) -> Any:
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _value(kept: Any) -> Any:
    return date.fromisoformat(kept["date"]) if isinstance(kept, dict) else kept
