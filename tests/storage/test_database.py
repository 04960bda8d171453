"""Opening, upgrading, transactions and the optimistic lock, on both engines."""

import contextlib
import multiprocessing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.builders import Office
from workbench.errors import ChangedByAnotherError, NotFoundError, SetUpError
from workbench.storage import Database
from workbench.storage.engine import open_engine
from workbench.storage.migrations.regenerate import initial_migration
from workbench.storage.migrations.upgrade import HERE, upgrade
from workbench.storage.stores.base import Store
from workbench.storage.tables import metadata
from workbench.storage.tables.claims import claims
from workbench.storage.types import UtcDateTime


def test_the_migrations_make_exactly_the_tables(either_empty: str) -> None:
    engine = open_engine(either_empty)
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_initial_migration_is_the_one_that_the_tables_give() -> None:
    shipped = HERE / "versions" / "initial.py"
    revision = next(line for line in initial_migration().splitlines() if line.startswith("revision"))
    assert revision in shipped.read_text(encoding="utf-8"), "run workbench.storage.migrations.regenerate"


def test_an_unknown_revision_is_refused_in_plain_words(sqlite_url: str) -> None:
    Database.open(sqlite_url).close()
    engine = open_engine(sqlite_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'of_another'"))
    with pytest.raises(SetUpError, match="another version"):
        upgrade(engine)
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "mysql://localhost/x"])
def test_only_a_file_or_postgresql_will_do(url: str) -> None:
    with pytest.raises(SetUpError, match="WORKBENCH_DATABASE_URL"):
        open_engine(url)


def _open_and_count(url: str, answers: "multiprocessing.Queue[int]") -> None:
    database = Database.open(url)
    with database.reading() as stores:
        answers.put(len(stores.office.practices()))
    database.close()


def test_eight_processes_may_open_a_new_database_at_once(either_empty: str) -> None:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[int] = context.Queue()
    processes = [context.Process(target=_open_and_count, args=(either_empty, answers)) for _ in range(8)]
    for process in processes:
        process.start()
    assert [answers.get(timeout=60) for _ in processes] == [0] * 8
    for process in processes:
        process.join(timeout=60)
        assert process.exitcode == 0


def test_all_of_a_transaction_is_kept_or_nothing(either_database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), either_database.transaction() as stores:
        stores.office.add_practice("Never")
        raise ZeroDivisionError
    with either_database.transaction() as stores:
        stores.office.add_practice("Always")
    with either_database.reading() as stores:
        assert [practice.name for practice in stores.office.practices()] == ["Always"]


def test_sqlite_survives_a_power_cut_by_its_settings(database: Database) -> None:
    with database.reading() as stores:
        pragma = {
            name: stores.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_bound_values_do_not_show_in_errors(either_database: Database) -> None:
    with either_database.transaction() as stores:
        stores.office.add_user("twice", "SECRET-NAME")
    with either_database.reading() as stores, pytest.raises(sa.exc.IntegrityError) as caught:
        stores.office.add_user("twice", "SECRET-NAME")
    assert "SECRET-NAME" not in str(caught.value)


def test_moments_come_back_as_they_went_in(either_database: Database) -> None:
    new_york = datetime(2026, 3, 1, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    with either_database.reading() as stores:
        back = stores.connection.scalar(sa.select(sa.bindparam("at", new_york, type_=UtcDateTime())))
    assert back == new_york
    assert back.tzinfo == UTC


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 3, 1), sa.dialects.sqlite.dialect())  # noqa: DTZ001


class ClaimsForTest(Store):
    """Gives the tests the optimistic lock as the real stores use it."""

    def add(self, practice_id: int) -> int:
        return self._insert(claims, {"practice_id": practice_id, "pcn": "P1", "charge_cents": 100})

    def charge(self, claim_id: int, seen: int, amount: int) -> int:
        return self._update_versioned(claims, claim_id, seen, {"charge_cents": amount}, what="Claim 1")


def test_the_second_of_two_editors_sees_what_the_first_changed(either_office: Office) -> None:
    with either_office.database.transaction() as stores:
        store = ClaimsForTest(stores.connection)
        claim_id = store.add(either_office.north)
        assert store.charge(claim_id, 1, 150) == 2
        with pytest.raises(ChangedByAnotherError) as caught:
            store.charge(claim_id, 1, 175)
        assert caught.value.changes == {"charge_cents": (150, 175)}
        with pytest.raises(NotFoundError):
            store.charge(claim_id + 1, 1, 175)


def test_the_audit_keeps_before_and_after(either_office: Office) -> None:
    clerk = either_office.north_clerk
    with either_office.database.transaction() as stores:
        stores.audit.add(clerk, "deposit.ignore", "deposit", 7, before={"status": "NEW"}, reason="test check")
    with either_office.database.reading() as stores:
        (event,) = stores.audit.of("deposit", 7)
    assert (event.user, event.action, event.before, event.after, event.reason) == (
        "North Clerk",
        "deposit.ignore",
        {"status": "NEW"},
        {},
        "test check",
    )


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    Database.open(f"sqlite:///{tmp_path / 'deep' / 'down' / 'w.sqlite3'}").close()
    assert (tmp_path / "deep" / "down" / "w.sqlite3").exists()
