"""What waits for whom: the work lists of the office, and the rows of the one that was chosen (spec deposits 6.1)."""

from workbench.services.deposit_desk.work_lists import Tile
from workbench.storage.stores.work_lists import WorkItem
from workbench.widgets.desk import MoneyDesk


class HomeModel:
    def __init__(self, desk: MoneyDesk) -> None:
        self._desk = desk
        self.tiles: list[Tile] = []
        self.chosen = ""

    def count(self) -> list[Tile]:
        """The lists as they stand now, for the practices of the person."""
        self.tiles = self._desk.deposit_desk.work_lists.tiles(self._desk.actor)
        return self.tiles

    def choose(self, name: str) -> None:
        """Raises NotFoundError for a list that there is not, when its rows are asked for."""
        self.chosen = name

    @property
    def chosen_tile(self) -> Tile | None:
        return next((tile for tile in self.tiles if tile.name == self.chosen), None)

    def items(self, offset: int, limit: int) -> list[WorkItem]:
        """Rows of the chosen list, oldest first."""
        if not self.chosen:
            return []
        return self._desk.deposit_desk.work_lists.items(
            self._desk.actor, self.chosen, limit=limit, offset=offset
        )
