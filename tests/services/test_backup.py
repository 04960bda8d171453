"""Backup while people work, restore elsewhere, and what a backup or a target has to be refused for."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url

from tests.postgres import new_database
from tests.storage.every_table import EveryTable
from tests.storage.test_whole import fill, rows, sound, untold
from workbench.config import Settings
from workbench.errors import RefusedError, SetUpError
from workbench.images.store import ImageStore
from workbench.services.backup import back_up, restore
from workbench.storage.engine import open_engine
from workbench.storage.secret_files import AuditKey
from workbench.storage.tables import metadata
from workbench.storage.whole.figures import figures_of, in_order


@dataclass(frozen=True, slots=True)
class Place:
    """A home with its database, and the rows with which the work began."""

    settings: Settings
    engine: Engine
    sides: list[EveryTable]

    @property
    def store(self) -> ImageStore:
        return ImageStore(self.settings.image_store)


def no_progress(_what: str, _steps: int) -> Callable[[int], None]:
    return untold(0)


@pytest.fixture
def office(tmp_path: Path, either_url: str) -> Iterator[Place]:
    engine = open_engine(either_url)
    place = Place(Settings(tmp_path / "old", either_url), engine, fill(engine))
    AuditKey(place.settings.secrets)()
    with engine.begin() as connection:
        for number, _ in enumerate(place.sides, 1):
            name_pictures(place, connection, number)
    yield place
    engine.dispose()


def name_pictures(place: Place, connection: sa.Connection, image_id: int) -> None:
    """Three files in the store, then the rows that name them: the image's, and its rendition's if it has one."""
    with place.store.writing() as writing:
        names = [writing.put(f"{image_id} {kind}".encode()).sha256 for kind in ("page", "preview", "small")]
    table = metadata.tables["images"]
    connection.execute(
        sa.update(table)
        .where(table.c.id == image_id)
        .values(sha256=names[0], preview_sha256=names[1], thumbnail_sha256=names[2])
    )
    table = metadata.tables["image_renditions"]
    connection.execute(
        sa.update(table)
        .where(table.c.image_id == image_id)
        .values(full_sha256=names[0], preview_sha256=names[1], thumbnail_sha256=names[2])
    )


def elsewhere(office: Place, tmp_path: Path, server: str, name: str = "new") -> Settings:
    """Another machine: an empty home with the office's keys, and no database or an empty one."""
    home = tmp_path / name
    url = f"sqlite:///{home / 'w.sqlite3'}"
    settings = Settings(home, url if office.engine.dialect.name == "sqlite" else new_database(server))
    settings.secrets.mkdir(parents=True)
    for key in office.settings.secrets.iterdir():
        (settings.secrets / key.name).write_bytes(key.read_bytes())
    return settings


@contextmanager
def somebody_works(place: Place) -> Iterator[Callable[[], None]]:
    """Deposits, ledger entries and pictures go on coming; gives how to wait until one more has come."""
    over, done = threading.Event(), threading.Semaphore(0)

    def work() -> None:
        number = 1000
        while not over.is_set():
            number += 1
            side = place.sides[number % 2]
            with place.engine.begin() as connection:
                image = side.add(connection, metadata.tables["images"], page_no=number)
                name_pictures(place, connection, image["id"])
                side.add(
                    connection, metadata.tables["deposits"], check_number=str(number), deposit_cents=number
                )
            done.release()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield lambda: wait_for(done)
    finally:
        over.set()
        worker.join()


def wait_for(done: threading.Semaphore) -> None:
    assert done.acquire(timeout=60), "nobody works"


def test_a_backup_under_work_is_one_moment_and_comes_back_to_the_cent(
    office: Place, tmp_path: Path, postgres_server: str
) -> None:
    folder = tmp_path / "backup"
    with somebody_works(office) as one_more:

        def progress(_what: str, _steps: int) -> Callable[[int], None]:
            one_more()
            return lambda _done: one_more()

        made = back_up(office.settings, folder, progress)
        one_more()
    assert made.missing == ()
    new = elsewhere(office, tmp_path, postgres_server)
    assert restore(new, folder, no_progress).figures == made.figures
    engine = open_engine(new.database_url)
    with engine.connect() as connection, office.engine.connect() as before:
        assert figures_of(connection) == made.figures
        assert 2 < made.figures["deposits"].rows < figures_of(before)["deposits"].rows
        named = connection.execute(sa.select(metadata.tables["images"].c.sha256)).scalars().all()
        for table in in_order():  # row for row, too
            kept = rows(connection, table)
            assert kept == rows(before, table)[: len(kept)], table.name
    store = ImageStore(new.image_store)
    assert [hashlib.sha256(store.read(name)).hexdigest() for name in named] == named
    assert made.images == 3 * len(named)
    assert sound(engine) == []
    engine.dispose()


def test_numbers_go_on_after_a_restore(office: Place, tmp_path: Path, postgres_server: str) -> None:
    with office.engine.begin() as connection:
        gone = office.sides[0].add(connection, metadata.tables["payment_batches"])["id"]
        table = metadata.tables["payment_batches"]
        connection.execute(sa.delete(table).where(table.c.id == gone))
    back_up(office.settings, tmp_path / "backup", no_progress)
    new = elsewhere(office, tmp_path, postgres_server)
    restore(new, tmp_path / "backup", no_progress)
    engine = open_engine(new.database_url)
    with engine.begin() as connection:
        assert office.sides[0].add(connection, metadata.tables["payment_batches"])["id"] == gone + 1
    engine.dispose()


@pytest.mark.parametrize("kind", ["database", "images.txt", "images", "manifest.json"])
@pytest.mark.parametrize("harm", ["a bit flips", "it ends early", "it is gone"])
def test_a_damaged_backup_is_refused_by_the_name_of_the_file(
    office: Place, tmp_path: Path, postgres_server: str, kind: str, harm: str
) -> None:
    folder = tmp_path / "backup"
    back_up(office.settings, folder, no_progress)
    path = next(each for each in sorted((folder / kind).rglob("*"), reverse=True) if each.is_file()) if (
        folder / kind
    ).is_dir() else folder / kind  # fmt: skip
    data = bytearray(path.read_bytes())
    if harm == "it is gone":
        path.unlink()
    elif harm == "it ends early":
        path.write_bytes(data[: len(data) // 2])
    else:
        data[0 if kind == "manifest.json" else len(data) // 2] ^= 1
        path.write_bytes(data)
    new = elsewhere(office, tmp_path, postgres_server)
    with pytest.raises(RefusedError, match=path.name):
        restore(new, folder, no_progress)
    assert not new.image_store.exists()
    engine = open_engine(new.database_url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_backup_or_a_restore_never_mixes_with_what_is_there(
    office: Place, tmp_path: Path, postgres_server: str
) -> None:
    folder = tmp_path / "backup"
    back_up(office.settings, folder, no_progress)
    with pytest.raises(RefusedError, match="is not empty"):
        back_up(office.settings, folder, no_progress)
    with pytest.raises(RefusedError, match="holds pictures already"):
        restore(office.settings, folder, no_progress)
    new = elsewhere(office, tmp_path, postgres_server)
    with pytest.raises(RefusedError, match="The target is not empty"):
        restore(Settings(new.home, office.settings.database_url), folder, no_progress)
    other = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    if office.engine.dialect.name == "sqlite":
        other = new_database(postgres_server)
    with pytest.raises(RefusedError, match="Restore it where it came from"):
        restore(Settings(new.home, other), folder, no_progress)


def test_without_the_key_of_the_audit_trail_it_takes_a_word_more(
    office: Place, tmp_path: Path, postgres_server: str
) -> None:
    folder = tmp_path / "backup"
    back_up(office.settings, folder, no_progress)
    key = AuditKey(office.settings.secrets)()
    assert not any(key in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    new = elsewhere(office, tmp_path, postgres_server)
    (new.secrets / "audit.key").unlink()
    with pytest.raises(RefusedError, match="written under another key"):
        restore(new, folder, no_progress)
    assert restore(new, folder, no_progress, key_is_lost=True).images == 6


def test_pictures_that_are_not_whole_are_named_and_the_rest_is_kept(
    office: Place, tmp_path: Path, postgres_server: str
) -> None:
    lost, harmed, *_ = office.store.hashes()
    office.store.path(lost).unlink()
    office.store.path(harmed).chmod(0o600)
    office.store.path(harmed).write_bytes(b"other bytes")
    made = back_up(office.settings, tmp_path / "backup", no_progress)
    assert (made.missing, made.images) == ((lost, harmed), 4)
    again = restore(elsewhere(office, tmp_path, postgres_server), tmp_path / "backup", no_progress)
    assert (again.missing, again.images) == ((lost, harmed), 4)


@pytest.mark.postgres
def test_totals_that_do_not_agree_leave_nothing(office: Place, tmp_path: Path, postgres_server: str) -> None:
    folder = tmp_path / "backup"
    back_up(office.settings, folder, no_progress)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"]["deposits"]["cents"]["deposit_cents"] += 1
    (folder / "manifest.json").write_text(json.dumps(manifest))
    new = elsewhere(office, tmp_path, postgres_server)
    with pytest.raises(SetUpError, match=r"does not add up \(deposits\)"):
        restore(new, folder, no_progress)
    engine = open_engine(new.database_url)
    with engine.connect() as connection, suppress(sa.exc.OperationalError):
        assert not any(each.rows for each in figures_of(connection).values())
    engine.dispose()


@pytest.mark.postgres
def test_a_backup_takes_the_owners_role(postgres_url: str, tmp_path: Path) -> None:
    from tests.storage.postgres_office import KEY, furnish
    from workbench.storage.people_roles import person_url

    office = furnish(postgres_url)
    settings = Settings(tmp_path / "home", person_url(office.url, "administrator", KEY))
    with pytest.raises(SetUpError, match="the role that owns the database"):
        back_up(settings, tmp_path / "backup", no_progress)
    assert make_url(settings.database_url).username != "postgres"
    office.owner.dispose()
