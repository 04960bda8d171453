"""The audit trail: only added to, chained, and every tampering found; on both engines where the engine matters."""

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.builders import Office
from workbench.domain.audit import ChainedEvent, Fault, Head, broken_in_chain, chain_key, event_mac, head_seal
from workbench.domain.audit_views import Proof
from workbench.storage import Database
from workbench.storage.secret_files import secret
from workbench.storage.tables.audit import audit_events

KEY = b"a key for tests only"
REST = ", ".join(column.name for column in audit_events.c if column.name not in ("chain", "number"))
START = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def made_chain(chain: int, length: int, key: bytes = KEY) -> tuple[list[ChainedEvent], Head]:
    """A sound chain of different events."""
    events: list[ChainedEvent] = []
    previous, secret = "", chain_key(key, chain)
    for number in range(1, length + 1):
        event = ChainedEvent(
            chain=chain,
            number=number,
            at=START + timedelta(seconds=number),
            user_id=number % 3 + 1,
            login=f"clerk{number % 3}",
            practice_id=chain or None,
            action=("deposit.edit", "claim.view", "export")[number % 3],
            subject_type="deposit",
            subject_id=number % 7,
            before_json=f'{{"cents": {number}}}',
            after_json=f'{{"cents": {number + 1}}}',
            reason=f"reason {number}",
        )
        previous = event_mac(secret, event, previous)
        events.append(replace(event, mac=previous))
    head = Head(chain, length, previous)
    return events, replace(head, seal=head_seal(secret, head))


def proven(events: list[ChainedEvent], head: Head | None, key: bytes = KEY, chain: int = 7) -> Fault | None:
    found = broken_in_chain(key, chain, sorted(events, key=lambda event: event.number), head)[1]
    return None if found is None else found.fault


def test_a_sound_chain_holds() -> None:
    for length in (0, 1, 2, 50):
        events, head = made_chain(7, length)
        assert broken_in_chain(KEY, 7, events, head) == (length, None)


Trail = tuple[list[ChainedEvent], Head | None, bytes]
Tampering = Callable[[random.Random, list[ChainedEvent], Head], Trail]


def change_a_field(chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    at = chance.randrange(len(events))
    event = events[at]
    other: dict[str, object] = {
        "chain": 8,
        "at": event.at + timedelta(microseconds=1),
        "user_id": event.user_id + 1,
        "login": event.login + "x",
        "practice_id": None,
        "action": event.action.upper(),
        "subject_type": "claim",
        "subject_id": event.subject_id + 1,
        "before_json": "{}",
        "after_json": event.after_json.replace("cents", "cent"),
        "reason": "",
        "mac": event.mac[:-1] + ("0" if event.mac[-1] != "0" else "1"),
    }
    name = chance.choice(sorted(other))
    events[at] = replace(event, **{name: other[name]})  # type: ignore[arg-type]
    return events, head, KEY


def delete_one(chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    del events[chance.randrange(len(events))]
    return events, head, KEY


def delete_and_close_the_gap(chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    gone = chance.randrange(len(events) - 1)
    del events[gone]
    return [replace(event, number=number) for number, event in enumerate(events, 1)], head, KEY


def insert_one(chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    at = chance.randrange(len(events) + 1)
    events.insert(at, replace(chance.choice(events), reason="never said"))
    return [replace(event, number=number) for number, event in enumerate(events, 1)], head, KEY


def repeat_the_last_behind_the_end(_chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    return [*events, replace(events[-1], number=head.number + 1)], head, KEY


def swap_two(chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    one, two = chance.sample(range(len(events)), 2)
    first, second = events[one], events[two]
    events[one] = replace(second, number=first.number)
    events[two] = replace(first, number=second.number)
    return events, head, KEY


def cut_the_tail(chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    return events[: chance.randrange(len(events))], head, KEY


def cut_the_tail_and_move_the_head(chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    """Without the key the old seal cannot be made anew."""
    left = events[: chance.randrange(1, len(events))]
    return left, replace(head, number=left[-1].number, mac=left[-1].mac), KEY


def lose_the_head(_chance: random.Random, events: list[ChainedEvent], _head: Head) -> Trail:
    return events, None, KEY


def seal_with_another_key(_chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    forged = head_seal(chain_key(b"guessed", head.chain), head)
    return events, replace(head, seal=forged), KEY


def change_the_key(chance: random.Random, events: list[ChainedEvent], head: Head) -> Trail:
    return events, head, chance.randbytes(32)


def take_another_chains_events(_chance: random.Random, events: list[ChainedEvent], _head: Head) -> Trail:
    other, head = made_chain(8, len(events))
    return other, head, KEY


TAMPERINGS: tuple[Tampering, ...] = (
    change_a_field, delete_one, delete_and_close_the_gap, insert_one, repeat_the_last_behind_the_end, swap_two,
    cut_the_tail, cut_the_tail_and_move_the_head, lose_the_head, seal_with_another_key, change_the_key,
    take_another_chains_events,
)  # fmt: skip


def tamper(seed: int) -> tuple[str, Fault | None]:
    """One tampering by a seed: which, and what the proof said."""
    chance = random.Random(seed)
    how = TAMPERINGS[seed % len(TAMPERINGS)]
    events, head = made_chain(7, chance.randrange(2, 14))
    touched, claimed, key = how(chance, events, head)
    return how.__name__, proven(touched, claimed, key)


def missed(seeds: range) -> list[str]:
    return [f"{name}, seed {seed}" for seed in seeds for name, fault in [tamper(seed)] if fault is None]


def test_200_tamperings_are_all_found() -> None:
    assert missed(range(200)) == []


@pytest.mark.deep
def test_5000_tamperings_are_all_found() -> None:
    assert missed(range(5000)) == []


def test_the_proof_names_the_first_broken_event_and_what_is_wrong_with_it() -> None:
    events, head = made_chain(7, 9)
    changed = [replace(event, reason="x") if event.number in (4, 6) else event for event in events]
    held, first = broken_in_chain(KEY, 7, changed, head)
    assert first is not None
    assert (held, first.number, first.fault) == (3, 4, Fault.CHANGED)
    held, first = broken_in_chain(KEY, 7, events[:5], head)
    assert first is not None
    assert (held, first.number, first.fault) == (5, 6, Fault.MISSING)


def test_a_trail_wound_back_to_an_older_copy_is_found_by_the_witness() -> None:
    """Whoever kept a copy of an older database has an older, honest seal; the head kept outside has not."""
    _, witness = made_chain(7, 9)
    older, older_head = made_chain(7, 5)
    assert broken_in_chain(KEY, 7, older, older_head)[1] is None
    _, first = broken_in_chain(KEY, 7, older, older_head, witness)
    assert first is not None
    assert (first.number, first.fault) == (6, Fault.WOUND_BACK)


@pytest.fixture
def trail(either_office: Office) -> Office:
    """Ten events in the chain of each practice, and some of the office."""
    for number in range(10):
        with either_office.database.transaction() as stores:
            for practice in (either_office.north, either_office.south, None):
                stores.audit.add(
                    either_office.supervisor, "deposit.edit", "deposit", number, practice_id=practice,
                    before={"cents": number}, after={"cents": 10}, reason="because",
                )  # fmt: skip
    return either_office


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET reason = 'x'",
        "DELETE FROM audit_events",
        "UPDATE audit_heads SET number = 1",
        "UPDATE audit_heads SET chain = chain + 100, number = number + 1",
        "DELETE FROM audit_heads",
    ],
)
def test_the_database_refuses_every_change_but_adding(trail: Office, statement: str) -> None:
    with pytest.raises(DBAPIError), trail.database.transaction() as stores:
        stores.connection.execute(sa.text(statement))
    with trail.database.reading() as stores:
        assert stores.connection.execute(sa.select(sa.func.count()).select_from(audit_events)).scalar() == 32


def test_numbers_have_no_gaps_and_every_chain_has_a_beginning_in_the_offices(trail: Office) -> None:
    event = audit_events.c
    numbers = sa.select(event.number, event.action, event.subject_id).order_by(event.number)
    with trail.database.reading() as stores:
        office = [tuple(row) for row in stores.connection.execute(numbers.where(audit_events.c.chain == 0))]
        north = stores.connection.execute(numbers.where(audit_events.c.chain == trail.north)).scalars().all()
    assert office[:2] == [(1, "audit.begin", trail.north), (2, "audit.begin", trail.south)]
    assert [number for number, *_ in office] == list(range(1, 13))
    assert north == list(range(1, 11))


def add_and_fail(office: Office) -> None:
    with office.database.transaction() as stores:
        stores.audit.add(office.supervisor, "x", "y", 1, practice_id=office.north)
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_no_event(either_office: Office) -> None:
    with pytest.raises(ZeroDivisionError):
        add_and_fail(either_office)
    with either_office.database.reading() as stores:
        assert stores.audit_trail.heads() == {}
        assert stores.connection.execute(sa.select(audit_events)).all() == []


def write_many(url: str, office: Office, who: int) -> None:
    """Thirty transactions; each adds to both practices and the office, in an order of its own."""
    places = [(office.north, office.south, None), (office.south, None, office.north)][who % 2]
    database = Database.open(url)
    for number in range(30):
        with database.transaction() as stores:
            for place in places:
                stores.audit.add(office.supervisor, f"writer {who}", "deposit", number, practice_id=place)
    database.close()


def test_eight_writers_at_once_make_one_unbroken_chain(either_office: Office, either_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(write_many, either_url, either_office, who) for who in range(8)]:
            done.result()
    with either_office.database.reading() as stores:
        heads = stores.audit_trail.heads()
        assert {chain: head.number for chain, head in heads.items()} == {
            0: 242, either_office.north: 240, either_office.south: 240,
        }  # fmt: skip
        assert stores.audit_trail.prove({}) == Proof(722, 3)


def test_a_proof_while_others_write_finds_nothing(either_office: Office, either_url: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write_many, either_url, either_office, 1)
        while not writing.done():
            with either_office.database.reading() as stores:
                assert stores.audit_trail.prove({}).breaks == ()
        writing.result()


@pytest.fixture
def unguarded(office: Office, sqlite_url: str) -> Iterator[sqlite3.Connection]:
    """The file in the hands of somebody who drops the triggers: three events of NORTH, two of SOUTH."""
    for practice in (office.north, office.north, office.north, office.south, office.south):
        with office.database.transaction() as stores:
            stores.audit.add(office.supervisor, "deposit.edit", "deposit", 1, practice_id=practice)
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("statements", "chain", "number", "fault"),
    [
        (["UPDATE audit_events SET login = 'other' WHERE chain = 1 AND number = 2"], 1, 2, Fault.CHANGED),
        (["UPDATE audit_events SET at = '2020-01-01 00:00:00.000000' WHERE chain = 1 AND number = 3"],
         1, 3, Fault.CHANGED),
        (["DELETE FROM audit_events WHERE chain = 1 AND number = 2"], 1, 2, Fault.MISSING),
        (["DELETE FROM audit_events WHERE chain = 1 AND number = 3"], 1, 3, Fault.MISSING),
        (["DELETE FROM audit_events WHERE chain = 1"], 1, 1, Fault.MISSING),
        (["DELETE FROM audit_events WHERE chain = 1", "DELETE FROM audit_heads WHERE chain = 1"],
         1, 0, Fault.CHAIN_LOST),
        (["DELETE FROM audit_events WHERE chain = 0", "DELETE FROM audit_heads WHERE chain = 0"],
         0, 0, Fault.CHAIN_LOST),
        (["DELETE FROM audit_heads WHERE chain = 2"], 2, 0, Fault.HEAD_LOST),
        (["DELETE FROM audit_events WHERE chain = 2 AND number = 2",
          "UPDATE audit_heads SET number = 1, mac = (SELECT mac FROM audit_events WHERE chain = 2) WHERE chain = 2"],
         2, 0, Fault.HEAD_FORGED),
        ([f"INSERT INTO audit_events SELECT chain, number + 1, {REST} FROM audit_events WHERE chain = 1 AND number = 3"],  # noqa: S608
         1, 4, Fault.ADDED),
    ],
)  # fmt: skip
def test_tampering_with_the_file_itself_is_found(
    office: Office,
    unguarded: sqlite3.Connection,
    statements: list[str],
    chain: int,
    number: int,
    fault: Fault,
) -> None:
    assert (office.north, office.south) == (1, 2)
    for statement in statements:
        unguarded.execute(statement)
    with office.database.reading() as stores:
        (found,) = stores.audit_trail.prove({}).breaks
    assert (found.chain, found.number, found.fault) == (chain, number, fault)


def test_a_changed_key_is_said_to_be_another_key(
    office: Office, unguarded: sqlite3.Connection, home: Path
) -> None:
    unguarded.close()
    (home / "secrets" / "audit.key").write_bytes(b"another")
    again = Database.open(f"sqlite:///{home / 'workbench.sqlite3'}")
    with again.reading() as stores:
        (found,) = stores.audit_trail.prove({}).breaks
    again.close()
    assert found.fault is Fault.OTHER_KEY


def test_the_key_lies_outside_the_database_and_is_its_owners_alone(office: Office, home: Path) -> None:
    with office.database.transaction() as stores:
        stores.audit.add(office.supervisor, "x", "y", 1)
    key = home / "secrets" / "audit.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700
    assert len(key.read_bytes()) == 32
    assert key.read_bytes() not in (home / "workbench.sqlite3").read_bytes()


def test_processes_that_come_at_once_get_the_same_key(tmp_path: Path) -> None:
    found: set[bytes] = set()
    threads = [threading.Thread(target=lambda: found.add(secret(tmp_path / "s" / "key"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["key"]
