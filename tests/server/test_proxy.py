"""Behind an identity provider's proxy: its word counts, nobody else's does; and each person's own database role."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import websocket
from sqlalchemy.engine import make_url

from tests.browser.server import Served, serving
from tests.server.people import furnish_people
from tests.server.visitor import Visitor, answers, send

HEADER = "X-Forwarded-User"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proxied") / "home"
    furnish_people(folder)
    return folder


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Served]:
    with serving(home, "--way", "header", "--proxy", "127.0.0.1", "--user-header", HEADER) as running:
        yield running


def test_the_proxys_word_reaches_the_kernel(served: Served, home: Path) -> None:
    nora = Visitor(served, {HEADER: "Nora"})
    kernel = nora.open_page()
    assert json.loads((home / "sessions" / f"{kernel}.json").read_text())["login"] == "nora"
    line = nora.socket(kernel)
    assert answers(line, send(line, "kernel_info_request", {}), "kernel_info_reply")
    # The cookie alone is nothing, and not somebody else's word with it.
    for headers in ({}, {HEADER: "sam"}, {HEADER: "lee"}, {HEADER: "nobody"}, {HEADER: "no ra"}):
        other = Visitor(served, headers)
        other.web.cookies.update(nora.cookies)
        assert other.ask(f"/api/kernels/{kernel}").status_code in (403, 404)
        with pytest.raises(websocket.WebSocketBadStatusException, match=r"40[34]"):
            other.socket(kernel)


@pytest.mark.parametrize("headers", [{}, {HEADER: "lee"}, {HEADER: "nobody"}, {HEADER: "nora, sam"}])
def test_who_the_proxy_or_the_office_does_not_know_stays_outside(
    served: Served, headers: dict[str, str]
) -> None:
    stranger = Visitor(served, headers)
    answer = stranger.ask("/deposits")
    assert answer.status_code == 302
    told = stranger.ask(answer.headers["Location"])
    assert told.status_code == 403
    assert "You are not a person of this office." in told.text
    assert stranger.post("/sign-in", login="nora", password="four plain words here").status_code in (403, 404)


def test_a_header_sent_twice_is_believed_neither_time(served: Served) -> None:
    connection = http.client.HTTPConnection(urlsplit(served.address).netloc, timeout=60)
    connection.putrequest("GET", "/deposits")
    connection.putheader(HEADER, "nora")
    connection.putheader(HEADER.lower(), "sam")
    connection.endheaders()
    answer = connection.getresponse()
    connection.close()
    assert answer.status == 302
    assert str(answer.getheader("Location")).startswith("/sign-in")


def test_the_header_is_refused_from_any_other_address(home: Path) -> None:
    with serving(home, "--way", "header", "--proxy", "127.0.0.2", "--user-header", HEADER) as served:
        pretender = Visitor(
            served, {HEADER: "nora", "X-Forwarded-For": "127.0.0.2", "X-Real-IP": "127.0.0.2"}
        )
        for path in ("/", "/deposits", "/sign-in", "/voila/render/home.ipynb", "/session"):
            answer = pretender.ask(path)
            assert answer.status_code == 403, path
            assert not pretender.cookies


@pytest.mark.postgres
def test_on_postgresql_a_kernel_gets_the_persons_own_role_and_not_the_owners(
    home: Path, postgres_url: str, tmp_path: Path
) -> None:
    place = tmp_path / "home"
    furnish_people(place, postgres_url)
    owner = make_url(postgres_url)
    with serving(place, "--way", "password", database_url=postgres_url) as served:
        for kernel_process in served.kernels():  # warm ones are started before anybody has signed in
            assert "WORKBENCH_DATABASE_URL" not in kernel_process.environ()
        nora = Visitor(served)
        assert nora.sign_in("nora").status_code == 302
        kernel = nora.open_page()
        told = make_url(json.loads((place / "sessions" / f"{kernel}.json").read_text())["database_url"])
    assert (told.username, told.database) == (f"{owner.database}.nora", owner.database)
    with psycopg.connect(
        told.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as connection:
        assert connection.execute("SELECT session_user").fetchone() == (f"{owner.database}.nora",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT password_hash FROM user_credentials")
