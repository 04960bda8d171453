"""From Arrow to pandas, the same way for every frame."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa

from workbench.domain.identity import Actor
from workbench.services.looks import Look
from workbench.storage import Database


class RowsCutWarning(UserWarning):
    """A DataFrame has only the first of the rows that there are."""


class FrameReader:
    """Base of the frames: the store, and who is asking now."""

    def __init__(self, database: Database, actor: Callable[[], Actor]) -> None:
        self._database = database
        self._ask_actor = actor

    def _give(self, actor: Actor, name: str, statement: Any) -> pd.DataFrame:
        """The rows of a SELECT as a frame; that they were given is audited, with how many."""
        table = self._database.arrow(statement)
        with self._database.transaction() as stores:
            Look("frame", "frames", 0, None, {"frame": name, "rows": table.num_rows}).write(stores, actor)
        return to_frame(table)


def to_frame(table: pa.Table) -> pd.DataFrame:
    """Whole numbers that are always known (amounts in cents among them) are plain int64, such flags plain bool.

    Everything else stays in Arrow: `string`, `date32`, `timestamp[us, tz=UTC]`, and int64 that may be missing, where
    a missing value is `<NA>` and never a NaN that would turn cents into floating point.
    """
    return pd.DataFrame({field.name: _series(table.column(field.name), field) for field in table.schema})


def arrow_frame(table: pa.Table) -> pd.DataFrame:
    """Every column in Arrow, for a result of which nobody knows what may be missing (`wb.sql`)."""
    return pd.DataFrame({field.name: _in_arrow(table.column(field.name)) for field in table.schema})


def _in_arrow(column: pa.ChunkedArray) -> pd.Series:
    return pd.Series(pd.array(column, dtype=pd.ArrowDtype(column.type)))


def _series(column: pa.ChunkedArray, field: pa.Field) -> pd.Series:
    if not field.nullable and (pa.types.is_int64(field.type) or pa.types.is_boolean(field.type)):
        return pd.Series(column.to_numpy())
    return _in_arrow(column)
