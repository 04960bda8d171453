"""Home: the work lists, one tile each; the one that is chosen opens below, oldest first."""

from collections.abc import Mapping
from typing import Any

from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.money import format_dollars
from workbench.services.deposit_desk.work_lists import Tile
from workbench.storage.stores.work_lists import WorkItem
from workbench.widgets.home.model import HomeModel
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, View, badge, link
from workbench.widgets.kit.panel import section, stack
from workbench.widgets.kit.shell import Shell
from workbench.widgets.kit.typed import date_text

LIST_COLUMNS = [
    Column("name", "Work List", sortable=False),
    Column("count", "Waiting", "number", sortable=False),
    Column("cents", "Dollars ($)", "money", sortable=False),
    Column("oldest", "Oldest", "date", sortable=False),
    Column("age", "Age (days)", "number", sortable=False),
    Column("page", "Page", sortable=False, help="Opens the page where it is worked, with its filter"),
]
# Where each list is worked, with the filter that shows it.
PAGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "new_deposits": ("Deposits", "deposits", {"show": "NEW"}),
    "deposit_errors": ("Deposits", "deposits", {"show": "work", "with_deposit_errors": "1"}),
    "posting_errors": ("Posting", "posting", {"show": "failed"}),
    "denials": ("Posting", "posting", {"show": "all", "error": "ZERO_PAY_DENIAL"}),
    "credits": ("Posting", "posting", {"show": "credits"}),
    "provider_adjustments": ("Deposits", "deposits", {"show": "work", "error": "PROVIDER_ADJUSTMENT"}),
    "eft_without_era": ("Bank", "bank", {"show": "unmatched"}),
    "era_without_eft": ("Bank", "bank", {"show": "open"}),
}
ITEM_COLUMNS = [
    Column("deposit", "Deposit", "number", sortable=False),
    Column("claim", "Claim ID", "number", sortable=False),
    Column("about", "Payer or Claim XRef", sortable=False, width="18em"),
    Column("code", "What", sortable=False),
    Column("cents", "Dollars ($)", "money", sortable=False),
    Column("since", "Since", "date", sortable=False),
]


class HomeScreen:
    def __init__(self, desk: Any, shell: Shell) -> None:
        self._shell = shell
        self.model = HomeModel(desk)
        self.lists = Grid(
            "Work Lists",
            LIST_COLUMNS,
            GridEvents(on_use=self._choose),
            Look(paged=False, selectable="single", key="Alt+KeyL", tiles=True),
        )
        self.items = Grid(
            "Waiting",
            ITEM_COLUMNS,
            GridEvents(on_view=self._look, on_use=self._open),
            Look(empty="Nothing waits here.", selectable="single", key="Alt+KeyW", height="60vh"),
        )
        self.chosen = section("", self.items)
        self.chosen.shown = False
        self.widget = stack(section("Work Lists", self.lists), self.chosen)

    def enter(self, params: Mapping[str, str]) -> str:
        """`?list=denials` opens that list."""
        tiles = self.model.count()
        self.lists.show([_tile_row(tile) for tile in tiles], len(tiles))
        if "list" in params or self.model.chosen:
            self._choose(params.get("list", self.model.chosen))
        return "Home"

    def _choose(self, name: str) -> None:
        self.model.choose(name)
        tile = self.model.chosen_tile
        self.chosen.shown = tile is not None
        if tile is not None:
            self.chosen.title = tile.label
            self.items.set_view(View(page_size=self.items.page_size))
            self._look(self.items.view)
            self._shell.address("home", list=name)

    def _look(self, view: View) -> None:
        tile = self.model.chosen_tile
        found = self.model.items(view.offset, view.page_size)
        rows = [_item_row(view.offset + index, item) for index, item in enumerate(found)]
        self.items.show(rows, tile.count if tile is not None else 0)

    def _open(self, place: int) -> None:
        view = self.items.view
        item = self.model.items(view.offset, view.page_size)[place - view.offset]
        if item.deposit_claim_id is not None:
            self._shell.go("posting", deposit=item.deposit_id, show="all", open=item.deposit_claim_id)
        elif item.deposit_id is not None:
            self._shell.go("deposit", id=item.deposit_id)
        elif item.claim_id is not None:
            self._shell.go("posting", claim=item.claim_id, show="all")
        else:
            _, page, params = PAGES[self.model.chosen]
            self._shell.go(page, **params)


def _tile_row(tile: Tile) -> Row:
    age = "" if tile.age_days is None else f"{tile.age_days:,}"
    name = link(tile.label, "home", list=tile.name)
    page, to, params = PAGES[tile.name]
    cells: list[Cell] = [
        name,
        f"{tile.count:,}",
        format_dollars(tile.cents),
        date_text(tile.oldest),
        age,
        link(page, to, **params),
    ]
    return Row(tile.name, cells, "" if tile.count else "muted")


def _item_row(place: int, item: WorkItem) -> Row:
    cells: list[Cell] = [
        "" if item.deposit_id is None else link(str(item.deposit_id), "deposit", id=item.deposit_id),
        "" if item.claim_id is None else str(item.claim_id),
        item.about,
        badge(_words(item.code)),
        format_dollars(item.cents),
        date_text(item.since),
    ]
    return Row(place, cells)


def _words(code: str) -> str:
    """An error kind in words; a reason of a provider adjustment (WO, L6) as it is."""
    own = {"NEW": "New", "CREDIT": "Credit", "EFT_WITHOUT_ERA": "No ERA", "ERA_WITHOUT_EFT": "No EFT"}
    return own.get(code) or (code.replace("_", " ").capitalize() if code in ERROR_KINDS else code)
