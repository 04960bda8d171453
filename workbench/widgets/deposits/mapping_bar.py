"""Pick a saved column mapping, or save the one that stands below, for tables of one kind (spec deposits 6.3)."""

from collections.abc import Callable, Mapping
from typing import Any

from workbench.services.import_mappings import NAME_LENGTH, ImportMappings, TableKind, fitting
from workbench.widgets.kit.form import Action, Field, Form, FormEvents

_NONE = ("", "None")


class MappingBar:
    """`use(mapping)` runs when a saved one was picked; `mapping()` gives what would be saved."""

    def __init__(
        self,
        desk: Any,
        kind: TableKind,
        use: Callable[[dict[str, str]], None],
        mapping: Callable[[], Mapping[str, str]],
    ) -> None:
        self._desk, self._kind = desk, kind
        self._use, self._mapping = use, mapping
        self.form = Form(
            "Saved Mapping",
            [
                Field("picked", "Saved Mapping", "select", options=[_NONE], width="16em"),
                Field("name", "Save Mapping As", max=NAME_LENGTH, width="16em"),
            ],
            [Action("save", "Save Mapping"), Action("remove", "Remove Mapping")],
            FormEvents(self._picked, self._pressed),
            arrangement="line",
        )

    def show(self, headings: list[str]) -> None:
        """Offers what is saved; the one that fits the table is picked, its columns are proposed already."""
        saved = self._offer()
        picked = fitting(saved, headings) if headings else ""
        self.form.fill({"picked": picked, "name": picked or None})

    @property
    def _kept(self) -> ImportMappings:
        found: ImportMappings = self._desk.deposit_desk.import_mappings
        return found

    def _offer(self) -> dict[str, dict[str, str]]:
        saved = self._kept.all(self._desk.actor, self._kind)
        self.form.set_options("picked", [_NONE, *((name, name) for name in saved)])
        return saved

    def _picked(self, name: str, value: Any) -> None:
        if name == "picked" and value:
            self.form.fill({"name": value})
            self._use(self._offer()[value])

    def _pressed(self, button: str) -> None:
        name = str(self.form.values["name"] or "")
        if button == "save":
            self._kept.save(self._desk.actor, self._kind, name, self._mapping())
            self._offer()
            self.form.fill({"picked": " ".join(name.split())})
            self.form.notify("The mapping is saved. It is used by itself for every table it fits.", "success")
        else:
            self._kept.remove(self._desk.actor, self._kind, str(self.form.values["picked"] or ""))
            self._offer()
            self.form.notify("The mapping is removed.", "success")
