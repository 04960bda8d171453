"""Reads an analyst's SQL as one SELECT over known tables, and writes it anew.

What runs is written from the parsed tree, never the text itself: comments are gone, every name is quoted, and every
table is spelt so that it can only be one of the given ones. A text that the parser and the database would understand
differently thus cannot slip through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from workbench.errors import RefusedError
from workbench.services.sql.vocabulary import ALLOWED, NAMED_FUNCTIONS, TYPES
from workbench.storage.given_tables import given_name

LONGEST = 20_000  # characters
_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
_ARROW_TO_SQL = {
    pa.int64(): "BIGINT",
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}
_SQL_TO_ARROW = {
    exp.DType.BIGINT: pa.int64(), exp.DType.INT: pa.int64(), exp.DType.SMALLINT: pa.int64(),
    exp.DType.VARCHAR: pa.string(), exp.DType.TEXT: pa.string(), exp.DType.CHAR: pa.string(),
    exp.DType.BOOLEAN: pa.bool_(), exp.DType.DATE: pa.date32(), exp.DType.DOUBLE: pa.float64(),
    exp.DType.FLOAT: pa.float64(), exp.DType.DECIMAL: pa.float64(),
    exp.DType.TIMESTAMPTZ: pa.timestamp("us", tz="UTC"),
}  # fmt: skip

Columns = Sequence[tuple[str, pa.DataType]]


@dataclass(frozen=True, slots=True)
class Query:
    """A checked query.

    Attributes:
        sql: to be run, its tables spelt with `given_name`.
        tables: which of the known ones it reads.
        columns: names and types of the result; None where only the database knows the type.
        shape: the query with `?` for every value: what may be written down without a patient's name.
    """

    sql: str
    tables: tuple[str, ...]
    columns: tuple[tuple[str, pa.DataType | None], ...]
    shape: str


def read_query(text: str, dialect: str, known: Mapping[str, Columns]) -> Query:
    """Checks the text against the vocabulary and the known tables. Raises RefusedError, which says what is wrong.

    `dialect` is the store's: `sqlite` or `postgresql`.
    """
    if len(text) > LONGEST:
        raise RefusedError(f"The query is longer than {LONGEST:,} characters.")
    spelling = _DIALECTS[dialect]
    try:
        tree = _one_select(text, spelling)
        _check_words(tree)
        _check_names(tree, known)
        tree = _resolved(tree, spelling, known)
        _check_words(tree)  # a table's name as a value becomes a word of its own only here
        tables = _tables(tree, known)
        shape = _shape(tree, spelling)
        columns = _columns(tree)
        _respell_tables(tree)
        sql = tree.sql(spelling, comments=False, identify=True)
    except SqlglotError as fault:
        raise RefusedError(f"The query cannot be read: {_plain(fault)}") from None
    except RecursionError:
        raise RefusedError("The query is nested too deeply.") from None
    return Query(sql, tables, columns, shape)


def _one_select(text: str, spelling: str) -> exp.Expr:
    statements = [each for each in sqlglot.parse(text, read=spelling) if each is not None]
    if len(statements) != 1:
        raise RefusedError("Write one SELECT; several statements, or none, are not run.")
    tree = statements[0]
    if not isinstance(tree, exp.Select | exp.SetOperation):
        raise RefusedError("Only a SELECT is run here; nothing can be changed or looked up about the store.")
    return tree


def _check_words(tree: exp.Expr) -> None:
    for node in tree.walk():
        if isinstance(node, exp.Anonymous):
            if str(node.this).lower() not in NAMED_FUNCTIONS:
                raise RefusedError(f"The function {node.this} is not among those that may be used here.")
        elif isinstance(node, exp.DataType):
            if node.this not in TYPES:
                raise RefusedError(f"The type {node.sql()} is not among those that may be used here.")
        elif type(node) not in ALLOWED:
            raise RefusedError(f"{node.key.upper()} is not among the words of SQL that may be used here.")
        if isinstance(node, exp.With) and node.recursive:
            raise RefusedError("WITH RECURSIVE is not run here.")


def _check_names(tree: exp.Expr, known: Mapping[str, Columns]) -> None:
    if taken := sorted({part.alias.lower() for part in tree.find_all(exp.CTE)} & known.keys()):
        raise RefusedError(f"{taken[0]!r} is one of the tables: give the part after WITH another name.")
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.args.get("db") or table.args.get("catalog"):
            raise RefusedError("A table is named by one word, without the name of a schema or a function.")


def _tables(tree: exp.Expr, known: Mapping[str, Columns]) -> tuple[str, ...]:
    """The known tables that are read, each name looked up where it stands: a part after WITH counts in its place."""
    read = {
        source.name.lower()
        for scope in traverse_scope(tree)
        for source in scope.sources.values()
        if isinstance(source, exp.Table)
    }
    if unknown := sorted(read - known.keys()):
        raise RefusedError(f"There is no table {unknown[0]!r}; there are {', '.join(sorted(known))}.")
    return tuple(sorted(read))


def _resolved(tree: exp.Expr, spelling: str, known: Mapping[str, Columns]) -> exp.Expr:
    """Every column with its table, every star as its columns, and the types of the result where they follow."""
    schema: dict[str, object] = {
        table: {name: _ARROW_TO_SQL[kind] for name, kind in columns} for table, columns in known.items()
    }
    resolved = qualify(tree, schema=schema, dialect=spelling, expand_stars=True)
    return annotate_types(resolved, schema=schema, dialect=spelling)


def _columns(tree: exp.Expr) -> tuple[tuple[str, pa.DataType | None], ...]:
    found = tree.selects if isinstance(tree, exp.Query) else []
    names = [each.alias_or_name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise RefusedError(f"Two columns are called {name}: name one with AS.")
    kinds = [_SQL_TO_ARROW.get(each.type.this) if each.type else None for each in found]
    return tuple(zip(names, kinds, strict=True))


def _respell_tables(tree: exp.Expr) -> None:
    """Known tables and the query's own parts alike: no name is left that a table of the store could have.

    The columns refer to aliases, which `qualify` gave to every table.
    """
    for table in tree.find_all(exp.Table):
        table.set("this", exp.to_identifier(given_name(table.name.lower()), quoted=True))
    for part in tree.find_all(exp.CTE):
        part.args["alias"].set("this", exp.to_identifier(given_name(part.alias.lower()), quoted=True))


def _shape(tree: exp.Expr, spelling: str) -> str:
    without = tree.transform(lambda node: exp.Placeholder() if isinstance(node, exp.Literal) else node)
    return without.sql(spelling, comments=False)


def _plain(fault: SqlglotError) -> str:
    return str(fault).splitlines()[0].replace("\x1b[4m", "").replace("\x1b[0m", "")
