"""Bulk rows arrive whole, in the form the desk's own reads expect, inside the transaction that brings them."""

import contextlib
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa

from tests.builders import Office
from workbench.storage import ConflictError, Database, Stores, bulk, staging
from workbench.storage.tables.claims import claims
from workbench.storage.tables.imports import import_files

MANY = bulk.FEW_ROWS + 1


def files(stores: Stores, how_many: int) -> pa.Table:
    ids = bulk.new_ids(stores.connection, import_files, how_many)
    received = datetime(2026, 3, 1, 23, 59, 59, 120_000, tzinfo=UTC)
    return pa.table(
        {
            "id": ids,
            "sha256": [f"{number:064d}" for number in ids],
            "name": pa.array(["", 'a "quoted", name', "line\nbreak", "naïve"] * how_many)[:how_many],
            "kind": pa.array(["835"] * how_many).dictionary_encode(),
            "received_at": pa.array([received] * how_many, pa.timestamp("us", tz="UTC")),
        }
    )


@pytest.mark.parametrize("how_many", [3, MANY])
def test_rows_read_back_as_written(either_database: Database, how_many: int) -> None:
    with either_database.transaction() as stores:
        given = files(stores, how_many)
        bulk.insert(stores.connection, {import_files: given})
    with either_database.reading() as stores:
        rows = stores.connection.execute(sa.select(import_files).order_by(import_files.c.id)).mappings().all()
    expected = [{"size": 0, **row} for row in given.to_pylist()]
    assert [dict(row) for row in rows] == expected


@pytest.mark.parametrize("how_many", [3, MANY])
def test_dates_booleans_and_unknown_values_keep_their_meaning(either_office: Office, how_many: int) -> None:
    with either_office.database.transaction() as stores:
        rows = pa.table(
            {
                "id": bulk.new_ids(stores.connection, claims, how_many),
                "practice_id": pa.array([either_office.north] * how_many),
                "pcn": [f"P{number}" for number in range(how_many)],
                "service_from": pa.array([date(2026, 2, 28), None, date(1999, 12, 31)] * how_many)[:how_many],
                "facility_id": pa.nulls(how_many, pa.int64()),
            }
        )
        bulk.insert(stores.connection, {claims: rows})
    with either_office.database.reading() as stores:
        first, second, third = stores.connection.execute(sa.select(claims).order_by(claims.c.id).limit(3))
    assert (first.service_from, second.service_from, third.service_from) == (
        date(2026, 2, 28),
        None,
        date(1999, 12, 31),
    )
    assert (first.facility_id, first.member_id, first.level, first.version) == (None, "", "primary", 1)


def test_ids_never_meet_those_of_rows_added_otherwise(either_database: Database) -> None:
    with either_database.transaction() as stores:
        stores.office.add_practice("One by one")
        bulk.insert(stores.connection, {import_files: files(stores, 2)})
        bulk.insert(stores.connection, {import_files: files(stores, MANY)})
    with either_database.transaction() as stores:
        bulk.insert(stores.connection, {import_files: files(stores, 1)})
        count, distinct = stores.connection.execute(
            sa.select(sa.func.count(), sa.func.count(import_files.c.id.distinct())).select_from(import_files)
        ).one()
    assert count == distinct == MANY + 3


def test_an_exception_takes_the_bulk_rows_back(either_database: Database) -> None:
    with contextlib.suppress(ZeroDivisionError), either_database.transaction() as stores:
        bulk.insert(stores.connection, {import_files: files(stores, MANY)})
        raise ZeroDivisionError
    with either_database.reading() as stores:
        assert stores.connection.scalar(sa.select(sa.func.count()).select_from(import_files)) == 0


def test_a_foreign_key_refuses_an_orphan(either_database: Database) -> None:
    orphans = pa.table({"id": range(1, MANY + 1), "practice_id": [7] * MANY, "pcn": ["P"] * MANY})
    with pytest.raises(sa.exc.IntegrityError), either_database.transaction() as stores:
        bulk.insert(stores.connection, {claims: orphans})


def test_a_unique_key_refuses_the_second_and_says_so(either_database: Database) -> None:
    with either_database.transaction() as stores:
        given = files(stores, MANY)
        bulk.insert(stores.connection, {import_files: given})
    again = given.set_column(0, "id", pa.array(range(10_000, 10_000 + MANY)))
    with pytest.raises(ConflictError), either_database.transaction() as stores:
        bulk.insert(stores.connection, {import_files: again})


def test_nothing_of_the_staging_stays(database: Database, home: Path) -> None:
    for _ in range(12):  # SQLite attaches ten databases at most
        with database.transaction() as stores:
            bulk.insert(stores.connection, {import_files: files(stores, MANY)})
    assert not list(home.glob("staging-*"))


def test_what_a_dead_process_left_is_swept_and_a_living_one_keeps_its_own(
    database: Database, home: Path
) -> None:
    dead, living = home / "staging-999999999-x", home / f"staging-{os.getpid()}-x"
    for folder in (dead, living):
        folder.mkdir()
        (folder / "rows.sqlite3").write_bytes(b"x")
    staging.sweep_staging(home)
    assert not dead.exists()
    assert living.exists()


def test_after_a_bulk_transaction_keys_are_checked_and_the_log_is_moved_into_the_file(
    database: Database, home: Path
) -> None:
    with database.bulk_transaction() as stores:
        bulk.insert(stores.connection, {import_files: files(stores, 50_000)})
    database._tidier.submit(int).result()  # the checkpoint before it is done
    assert (home / "workbench.sqlite3").stat().st_size > 4_000_000
    orphan = pa.table({"id": [1], "practice_id": [7], "pcn": ["P"]})
    with pytest.raises(sa.exc.IntegrityError), database.transaction() as stores:
        bulk.insert(stores.connection, {claims: orphan})
