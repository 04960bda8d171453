"""The clockwork of the door: when a session locks, how long wrong tries wait, what a kernel is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.config import read_identity
from workbench.errors import SetUpError
from workbench.server.options import Door, Way
from workbench.server.papers import Papers
from workbench.server.sessions import Sessions
from workbench.server.throttle import Throttle

KERNEL = "11111111-2222-3333-4444-555555555555"


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_session_locks_after_the_pause_and_only_unlocking_wakes_it(clock: Clock) -> None:
    sessions = Sessions(900, clock)
    token, session = sessions.begin("nora", "Nora", Way.PASSWORD)
    assert sessions.find(token) is session
    assert sessions.find(token + "x") is None
    clock.now += 899
    assert sessions.use(session)
    clock.now += 899
    assert not sessions.lock_if_idle(session)
    clock.now += 1
    assert sessions.lock_if_idle(session)
    assert not sessions.use(session)
    sessions.was_used(session, 0)
    assert sessions.left(session) == 0
    sessions.unlock(session)
    assert sessions.left(session) == 900
    assert sessions.use(session)


def test_a_message_that_was_under_way_is_taken_and_one_after_a_sleep_is_not(clock: Clock) -> None:
    sessions = Sessions(900, clock)
    _, session = sessions.begin("nora", "Nora", Way.PASSWORD)
    clock.now += 904
    assert sessions.use(session)
    clock.now += 906
    assert not sessions.use(session)


def test_reading_with_the_mouse_counts_when_the_page_tells(clock: Clock) -> None:
    sessions = Sessions(900, clock)
    _, session = sessions.begin("nora", "Nora", Way.PASSWORD)
    clock.now += 890
    sessions.was_used(session, 40)
    assert sessions.left(session) == 860
    sessions.was_used(session, 500)
    assert sessions.left(session) == 860


def test_ending_gives_the_kernels_and_forgets_the_token(clock: Clock) -> None:
    sessions = Sessions(900, clock)
    token, session = sessions.begin("nora", "Nora", Way.PASSWORD)
    session.kernels |= {"b", "a"}
    sessions.kernel_is_gone("b")
    assert sessions.end(session) == ["a"]
    assert sessions.find(token) is None
    assert not sessions.use(session)


def test_a_session_ends_with_the_working_day(clock: Clock) -> None:
    sessions = Sessions(900, clock)
    _, session = sessions.begin("nora", "Nora", Way.PASSWORD)
    for _ in range(12 * 6):
        assert sessions.too_old() == []
        clock.now += 600
        sessions.use(session)
    clock.now += 1
    assert sessions.too_old() == [session]


def test_wrong_tries_wait_twice_as_long_each_time_up_to_a_quarter_of_an_hour(clock: Clock) -> None:
    throttle = Throttle(clock)
    waits = []
    for _ in range(20):
        throttle.wrong("nora", "10.0.0.1")
        waits.append(throttle.wait("nora", "10.0.0.1"))
        clock.now += waits[-1]
    assert waits[:8] == [0, 0, 0, 0, 1, 2, 4, 8]
    assert max(waits) == 900
    assert throttle.wait("sam", "10.0.0.1") == 0
    clock.now += 900
    throttle.right("nora", "10.0.0.1")
    assert throttle.wait("nora", "10.0.0.1") == 0


def test_one_login_from_many_addresses_and_many_logins_from_one_are_slowed(clock: Clock) -> None:
    throttle = Throttle(clock)
    for number in range(50):
        throttle.wrong("nora", f"10.0.0.{number}")
        throttle.wrong(f"guess{number}", "10.1.1.1")
    assert throttle.wait(" NORA ", "10.9.9.9") > 0
    assert throttle.wait("somebody", "10.1.1.1") > 0
    assert throttle.wait("somebody", "10.9.9.9") == 0


def test_a_flood_of_logins_does_not_fill_the_memory(clock: Clock) -> None:
    throttle = Throttle(clock)
    for number in range(8_000):
        throttle.wrong(f"login{number}", f"10.0.{number // 250}.{number % 250}")
    assert len(throttle._tries) == 10_000


def test_a_kernel_is_told_once_for_whom_it_works(tmp_path: Path) -> None:
    papers = Papers(tmp_path / "sessions", lambda login: f"sqlite:///{login}.db")
    environment = papers.environment(KERNEL)
    with pytest.raises(SetUpError, match="belongs to nobody"):
        read_identity(environment)
    papers.hand(KERNEL, "nora")
    identity = read_identity(environment)
    assert (identity.login, identity.database_url) == ("nora", "sqlite:///nora.db")
    file = tmp_path / "sessions" / f"{KERNEL}.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    with pytest.raises(FileExistsError):
        papers.hand(KERNEL, "sam")
    assert read_identity(environment).login == "nora"
    papers.take_back(KERNEL)
    assert list(file.parent.iterdir()) == []


def test_what_a_killed_server_left_is_swept_and_what_a_running_one_keeps_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        for name, server in (("running", other.pid), ("own", os.getpid())):
            (folder / f"{name}.json").write_text(json.dumps({"server": server}))
        (folder / "broken.json").write_text("{")
        Papers(folder, lambda login: login)
        assert [path.stem for path in folder.iterdir()] == ["running"]
        other.communicate(b"\n")
    Papers(folder, lambda login: login)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("door", "way", "why"),
    [
        (Door(host="0.0.0.0"), Way.DESK, "Without sign-in"),  # noqa: S104 - what must be refused
        (Door(host="10.0.0.9"), Way.PASSWORD, "in the clear"),
        (Door(user_header="X-Forwarded-User"), Way.HEADER, "one address alone"),
        (Door(proxy="proxy.example", user_header="X-Forwarded-User"), Way.HEADER, "numeric address"),
    ],
)
def test_a_door_that_would_stand_open_is_refused(door: Door, way: Way, why: str) -> None:
    with pytest.raises(SetUpError, match=why):
        door.checked(way)


def test_behind_a_hub_the_hubs_user_works_and_else_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_identity({"JUPYTERHUB_USER": "nora"}).login == "nora"
    monkeypatch.setenv("LOGNAME", "someone")
    assert read_identity({}).login == "someone"
