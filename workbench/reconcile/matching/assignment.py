"""The cheapest one-to-one assignment (Kuhn's Hungarian method with potentials, O(n^2 m))."""

import numpy as np
import numpy.typing as npt

# A pair that must not be made. Far above any real cost, so that as many real pairs as possible are made first.
FORBIDDEN = 1e7


def assign(cost: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Row-column pairs of the least total cost; as many pairs as the smaller side allows, none forbidden."""
    if cost.shape[0] > cost.shape[1]:
        return sorted((row, column) for column, row in assign(cost.T))
    rows, columns = cost.shape
    row_of = np.zeros(
        columns + 1, np.int64
    )  # 1-based row of each column, 0: none; column 0 is the one being placed
    row_price, column_price = np.zeros(rows + 1), np.zeros(columns + 1)
    for row in range(1, rows + 1):
        _place(cost, row, row_of, row_price, column_price)
    pairs = ((int(row_of[column]) - 1, column - 1) for column in range(1, columns + 1) if row_of[column])
    return sorted((row, column) for row, column in pairs if cost[row, column] < FORBIDDEN)


def _place(
    cost: npt.NDArray[np.float64],
    row: int,
    row_of: npt.NDArray[np.int64],
    row_price: npt.NDArray[np.float64],
    column_price: npt.NDArray[np.float64],
) -> None:
    """Finds the cheapest alternating path that gives `row` a column, and shifts along it."""
    columns = cost.shape[1]
    slack = np.full(columns + 1, np.inf)
    came_from = np.zeros(columns + 1, np.int64)
    used = np.zeros(columns + 1, np.bool_)
    row_of[0], column = row, 0
    while row_of[column]:
        used[column] = True
        current = row_of[column]
        offer = cost[current - 1] - row_price[current] - column_price[1:]
        better = ~used[1:] & (offer < slack[1:])
        slack[1:][better] = offer[better]
        came_from[1:][better] = column
        open_slack = np.where(used[1:], np.inf, slack[1:])
        following = int(open_slack.argmin()) + 1
        step = open_slack[following - 1]
        row_price[row_of[used]] += step
        column_price[used] -= step
        slack[~used] -= step
        column = following
    while column:
        previous = came_from[column]
        row_of[column] = row_of[previous]
        column = previous
