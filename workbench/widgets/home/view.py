"""Home: the work lists, one line each, which open what they count."""

from collections.abc import Mapping
from typing import Any

from workbench.domain.money import format_dollars
from workbench.widgets.home.model import WorkList, work_lists
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row, link
from workbench.widgets.kit.panel import section
from workbench.widgets.kit.shell import Shell

COLUMNS = [
    Column("name", "Work List", sortable=False),
    Column("count", "Deposits", "number", sortable=False),
    Column("cents", "Deposit ($)", "money", sortable=False),
    Column("oldest", "Oldest (days)", "number", sortable=False),
]


class HomeScreen:
    def __init__(self, desk: Any, shell: Shell) -> None:
        self._desk, self._shell = desk, shell
        self._lists: list[WorkList] = []
        self.grid = Grid(
            "Work Lists", COLUMNS, GridEvents(on_use=self._open), Look(paged=False, key="Alt+KeyL")
        )
        self.widget = section("Work Lists", self.grid)

    def enter(self, params: Mapping[str, str]) -> str:
        del params
        self._lists = work_lists(self._desk)
        self.grid.show([_row(index, found) for index, found in enumerate(self._lists)], len(self._lists))
        return "Home"

    def _open(self, index: int) -> None:
        found = self._lists[index]
        self._shell.go(found.page, **found.params)


def _row(index: int, found: WorkList) -> Row:
    oldest = "" if found.oldest_days is None else str(found.oldest_days)
    name = link(found.name, found.page, **found.params)
    return Row(index, [name, f"{found.count:,}", format_dollars(found.cents), oldest])
