"""Runs an analyst's SELECT within limits, and writes down that it was run."""

from dataclasses import dataclass

import pyarrow as pa

from workbench.domain.identity import Actor
from workbench.errors import RefusedError
from workbench.services.sql.grammar import Query, read_query
from workbench.services.sql.tables import TABLES
from workbench.storage import Database
from workbench.storage.arrow import DeadlineError
from workbench.storage.database import QueryError

MOST_SECONDS = 600
MOST_ROWS = 10_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """`cut`: there were more rows than were asked for."""

    rows: pa.Table
    cut: bool


class SqlDesk:
    """`answer(actor, "select ...", rows=..., seconds=...)`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def answer(self, actor: Actor, text: str, *, rows: int, seconds: float) -> Answer:
        """The rows of one SELECT over the tables of the frames that the actor may see.

        Raises RefusedError for anything else than a SELECT and when the time is over, NotPermittedError when a table
        needs a right that the actor has not.
        """
        if not 0 < seconds <= MOST_SECONDS or not 0 < rows <= MOST_ROWS:
            raise RefusedError(f"rows is 1 to {MOST_ROWS:,}, seconds more than 0 and at most {MOST_SECONDS}.")
        query = read_query(text, self._database.dialect, self._known(actor))
        for name in query.tables:
            actor.require(TABLES[name].permission)
        found = self._run(actor, query, rows + 1, seconds)
        with self._database.transaction() as stores:
            after = {"sql": query.shape, "rows": min(found.num_rows, rows)}
            stores.audit.add(actor, "sql", "frames", 0, after=after)
        return Answer(found.slice(0, rows), cut=found.num_rows > rows)

    def _known(self, actor: Actor) -> dict[str, list[tuple[str, pa.DataType]]]:
        return {name: self._database.columns_of(table.select(actor)) for name, table in TABLES.items()}

    def _run(self, actor: Actor, query: Query, rows: int, seconds: float) -> pa.Table:
        tables = {name: TABLES[name].select(actor) for name in query.tables}
        try:
            return self._database.query(query.sql, tables, query.columns, rows=rows, seconds=seconds)
        except DeadlineError:
            raise RefusedError(
                f"The query was stopped after {seconds:g} seconds. Narrow it, or allow more with seconds=."
            ) from None
        except QueryError as fault:
            raise RefusedError(f"The database does not take this query: {fault}.") from None
