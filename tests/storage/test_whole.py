"""A database as a whole: copied to PostgreSQL row for row, and checked for what can be wrong with it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from tests.storage.every_table import EveryTable
from workbench.errors import RefusedError, SetUpError
from workbench.storage.engine import open_engine
from workbench.storage.stores.office import OfficeStore
from workbench.storage.tables import metadata
from workbench.storage.whole.copying import copy_database
from workbench.storage.whole.figures import in_order
from workbench.storage.whole.health import troubles

KEY = b"a key of the tests, 32 bytes long"
ODD_TEXT = 'O\'Brien\t"Zoë"\\N\n; -- \u2013 \U0001f4b5'


def fill(engine: Engine) -> list[EveryTable]:
    """Two practices with a row in every table."""
    with engine.begin() as connection:
        office = OfficeStore(connection)
        sides = []
        for name in ("North", "South"):
            practice = office.add_practice(name)
            person = office.add_user(name.casefold(), name, roles=["supervisor"], practice_ids=[practice])
            sides.append(EveryTable(practice, person))
        for side in sides:
            side.add_all(connection)
    return sides


def rows(connection: Connection, table: sa.Table) -> list[tuple[Any, ...]]:
    ordered = sa.select(table).order_by(*table.primary_key.columns)
    return [tuple(row) for row in connection.execute(ordered)]


def untold(_steps: int) -> Callable[[int], None]:
    return lambda _done: None


@pytest.fixture
def source(sqlite_url: str) -> Engine:
    engine = open_engine(sqlite_url)
    fill(engine)
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE claims SET patient_last = :odd, patient_first = ''"), {"odd": ODD_TEXT}
        )
        connection.execute(sa.text("UPDATE deposits SET deposit_cents = 9007199254740993 WHERE id = 1"))
        # A batch came and went: its number is on a sticky note somewhere.
        connection.execute(sa.text("UPDATE sqlite_sequence SET seq = 41 WHERE name = 'image_batches'"))
    return engine


def copied(source: Engine, target: str) -> dict[str, Any]:
    return copy_database(source.url.render_as_string(hide_password=False), target, KEY, untold)


@pytest.mark.postgres
def test_every_row_arrives_and_numbers_go_on(source: Engine, postgres_empty: str) -> None:
    figures = copied(source, postgres_empty)
    target = open_engine(postgres_empty)
    with source.connect() as old, target.begin() as new:
        for table in in_order():
            assert rows(new, table) == rows(old, table), table.name
            assert figures[table.name].rows == len(rows(old, table)) > 0
        assert figures["deposits"].cents["deposit_cents"] == 9007199254740993
        office = OfficeStore(new)
        practice = office.add_practice("West")
        west = EveryTable(practice, office.add_user("west", "West"))
        west.add_all(new)
        assert west.keys["image_batches"]["id"] == 42
    target.dispose()


@pytest.mark.postgres
def test_a_database_with_rows_is_no_target(source: Engine, postgres_url: str) -> None:
    copied(source, postgres_url)
    with pytest.raises(RefusedError, match="The target is not empty"):
        copied(source, postgres_url)
    with pytest.raises(SetUpError, match="The target is a PostgreSQL database"):
        copied(source, source.url.render_as_string(hide_password=False))


@pytest.mark.postgres
def test_of_a_copy_that_fails_nothing_is_kept(source: Engine, postgres_url: str) -> None:
    """PostgreSQL does not take a zero byte in a text, SQLite does."""
    with source.begin() as connection:
        connection.execute(sa.text("UPDATE set_attachments SET attached_by_id = 1"))
        connection.execute(sa.text("UPDATE rules SET note = 'a' || char(0) || 'b'"))
    with pytest.raises(SetUpError, match="did not take the rows of rules"):
        copied(source, postgres_url)
    target = open_engine(postgres_url)
    with target.connect() as connection:
        assert not any(rows(connection, table) for table in in_order())
    target.dispose()


@pytest.mark.postgres
def test_a_source_of_another_version_is_refused(source: Engine, postgres_url: str) -> None:
    with source.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'older'"))
    with pytest.raises(SetUpError, match="workbench db upgrade"):
        copied(source, postgres_url)


def sound(engine: Engine) -> list[str]:
    """What is wrong, but for the tests' own server, which does not wait for its disk."""
    return [trouble for trouble in troubles(engine) if "fsync" not in trouble]


def test_a_database_without_tables_says_how_to_make_them(either_empty: str) -> None:
    assert sound(open_engine(either_empty)) == ["There are no tables yet. Make them: workbench db upgrade."]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ((), ""),
        (
            ("UPDATE deposits SET posted_paid_cents = 5 WHERE id = 2",),
            "1 deposits do not show what the ledger",
        ),
        (("UPDATE deposits SET posted_adjustments_cents = -1",), "2 deposits do not show what the ledger"),
        (("UPDATE alembic_version SET version_num = 'other'",), "It is of another version"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(either_url: str, damage: tuple[str, ...], said: str) -> None:
    engine = open_engine(either_url)
    fill(engine)
    with engine.begin() as connection:
        for statement in damage:
            connection.execute(sa.text(statement))
    found = sound(engine)
    assert [trouble.startswith(said) for trouble in found] == [True] * len(found)
    assert bool(found) == bool(damage)
    engine.dispose()


def test_rows_without_their_parents_and_a_crooked_ledger_are_found(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    fill(engine)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("DROP TRIGGER ledger_entries_no_update")
        driver.execute("UPDATE ledger_entries SET amount_cents = amount_cents + 5 WHERE id = 1")
        driver.execute("UPDATE charge_lines SET claim_id = 98 + id")
        driver.execute("UPDATE ledger_entries SET transaction_id = 98 WHERE transaction_id = 2")
    found = " ".join(sound(engine))
    assert "2 rows of charge_lines refer to rows that are not there" in found
    assert "1 transactions of the ledger do not sum to zero" in found
    assert "2 entries of the ledger have no transaction" in found
    engine.dispose()


def test_a_file_that_sqlite_cannot_read_is_found(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    fill(engine)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA writable_schema=ON")
        root = "(SELECT rootpage FROM sqlite_schema WHERE name = 'deposits')"
        driver.execute(f"UPDATE sqlite_schema SET rootpage = {root} WHERE name = 'ix_deposits_amount'")  # noqa: S608
    engine.dispose()
    (said,) = sound(open_engine(sqlite_url))
    assert said.startswith("The database cannot be read through.")


@pytest.mark.postgres
def test_a_table_that_is_open_to_everybody_is_found(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE images DISABLE ROW LEVEL SECURITY"))
    assert sound(engine) == ["images is open to every person: ALTER TABLE images ENABLE ROW LEVEL SECURITY."]
    engine.dispose()


def test_every_table_is_in_the_order_once() -> None:
    names = [table.name for table in in_order()]
    assert sorted(names) == sorted(metadata.tables)
    assert names.index("ledger_entries") < names.index("ledger_transactions")
