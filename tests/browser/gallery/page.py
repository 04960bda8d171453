"""The gallery: what it shows is made up; what happens to it is written into the `Heard` figure."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from workbench.errors import RefusedError
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.facts import Fact, Facts
from workbench.widgets.kit.form import Action, Field, Form, FormEvents, Option
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row, View, actions, badge, link
from workbench.widgets.kit.panel import Panel, Tabs, row, section, stack
from workbench.widgets.kit.picture import Picture, Plot
from workbench.widgets.kit.shell import Shell
from workbench.widgets.kit.uploader import Outcome, Uploader

ROWS = 1000
PAYERS = [f"Payer {number:04d}" for number in range(5000)]
TODAY = date(2026, 3, 9)
HOSTILE = "<img src=x onerror=alert(1)>"
SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
)


class GalleryScreen:
    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.amounts = {number: number * 101 for number in range(1, ROWS + 1)}
        self.heard = Facts()
        self.grid = Grid(
            "Numbers",
            [
                Column("number", "Number", "number"),
                Column("name", "Name"),
                Column("amount", "Amount", "money", editable=True),
                Column("state", "State", sortable=False),
                Column("action", "Action", sortable=False),
            ],
            GridEvents(self.look, lambda number: self.say(f"used {number}"), self.act, self.edit),
            Look(empty="No number.", selectable="multi", key="Alt+KeyL", height="260px"),
        )
        self.confirm = Confirm("Ignore it", "Ignore", reason="required")
        self.form = Form("Everything", FIELDS, BUTTONS, FormEvents(self.changed, self.pressed, lambda: TODAY))
        scratch = Path(tempfile.gettempdir())
        self.uploader = Uploader("Add Files", lambda: scratch, self.arrived, self.done, key="Alt+KeyU")
        self.picture = Picture(lambda: Plot(SQUARE, "A square", [["Part", "Dollars"], ["Claims", "12.00"]]))
        self.widget: Panel = stack(
            section("Heard", self.heard),
            row(section("Form", self.form), section("Files", self.uploader, self.picture)),
            Tabs([("Grid", self.grid), ("Other", Facts())], lambda index: self.say(f"tab {index}")),
            self.confirm,
        )

    def enter(self, params: Mapping[str, str]) -> str:
        self.look(View(page_size=25))
        self.grid.set_view(View(page_size=25))
        self.picture.ask()
        self.form.block({"note": "Not now."}, {"never": "Nobody may."})
        self.say(f"entered {dict(params)} {HOSTILE}")
        return "Gallery"

    def say(self, text: str) -> None:
        self.heard.show([Fact("Last", text), Fact("Sum", "3.00", ["1.00 + 2.00 = 3.00"], "", "money", "sum")])

    def look(self, view: View) -> None:
        numbers = sorted(self.amounts, key=lambda number: (self.amounts[number], number))
        if view.sort_key == "name":
            numbers.sort(key=str)
        if view.descending:
            numbers.reverse()
        shown = numbers[view.offset : view.offset + view.page_size]
        self.grid.show(
            [
                Row(
                    number,
                    [
                        link(str(number), "gallery", id=number),
                        f"Row {number} {HOSTILE}",
                        f"{self.amounts[number] / 100:.2f}",
                        badge("New", "good"),
                        actions(("view", "View")),
                    ],
                )
                for number in shown
            ],
            len(numbers),
            ["Total", "", f"{sum(self.amounts.values()) / 100:.2f}", "", ""],
        )

    def act(self, name: str, number: int) -> None:
        self.say(f"{name} {number}")

    def edit(self, number: int, key: str, text: str) -> str | None:
        if not text.replace(".", "").isdigit():
            return "Type an amount."
        self.amounts[number] = round(float(text) * 100)
        self.look(self.grid.view)
        self.say(f"{key} of {number} is {text}")
        return None

    def changed(self, name: str, value: object) -> None:
        self.say(f"{name} = {value!r}")

    def pressed(self, name: str) -> None:
        if name == "refuse":
            raise RefusedError("Posted batches cannot be deleted.")
        if name == "fail":
            raise KeyError("SECRET-PATIENT")
        if name == "ask":
            self.confirm.ask("This leaves the lists.", lambda reason: self.say(f"because {reason}"))
        else:
            self.shell.notify("Saved.", "success")
            self.say(f"saved {self.form.values}")

    def arrived(self, path: Path, name: str) -> Outcome:
        size = path.stat().st_size
        return Outcome("new", "good", f"{size} bytes of {name}", ("first 3: " + path.read_bytes()[:3].hex(),))

    def done(self, outcomes: Sequence[Outcome]) -> None:
        self.uploader.summary = f"{len(outcomes)} files taken."


def find_payer(text: str, limit: int) -> tuple[Sequence[Option], int]:
    found = [
        Option(index, name, f"#{index}") for index, name in enumerate(PAYERS) if text.lower() in name.lower()
    ]
    return found[:limit], len(found)


FIELDS = [
    Field("name", "Name", required=True, max=40),
    Field("amount", "Amount", "money"),
    Field("on", "Deposited", "date"),
    Field("kind", "Type", "select", options=[("", "Any"), ("ERA", "ERA"), ("EOB", "EOB")]),
    Field("payer", "Payer", "lookup", search=find_payer),
    Field("sure", "Is an EOB", "checkbox"),
    Field("quick", "Quick Search", "search", live=True, key="KeyQ"),
    Field("note", "Note", "note"),
]
BUTTONS = [
    Action("save", "Save", tone="primary", key="Ctrl+Enter"),
    Action("ask", "Ignore …", key="Alt+KeyI"),
    Action("refuse", "Refuse"),
    Action("fail", "Fail"),
    Action("never", "Never"),
]


def show() -> Shell:
    return Shell({"gallery": GalleryScreen}, {"gallery": "Gallery"}, "gallery")
