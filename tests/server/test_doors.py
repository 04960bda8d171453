"""Every address, asked by somebody who is not signed in, by somebody else, and by somebody who left."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import websocket

from tests.browser.server import Served, serving
from tests.server.people import PASSWORD, furnish_people
from tests.server.visitor import Visitor, answers, send
from workbench.config import Settings
from workbench.errors import SetUpError
from workbench.server import serve
from workbench.server.application import notebooks_folder
from workbench.server.routes import ENTRANCE, KERNEL_ID, routes
from workbench.services.people import People
from workbench.storage import Database

NO_KERNEL = "00000000-0000-0000-0000-000000000000"
# Addresses that each route of ours answers to. A new route without a line here fails the test below.
SAMPLES = {
    rf"/api/kernels/{KERNEL_ID}": [f"/api/kernels/{NO_KERNEL}"],
    rf"/api/kernels/{KERNEL_ID}/channels": [f"/api/kernels/{NO_KERNEL}/channels"],
    rf"/voila/api/shutdown/{KERNEL_ID}": [f"/voila/api/shutdown/{NO_KERNEL}"],
    r"/voila/static/(.*)": ["/voila/static/voila.js", "/voila/static/", "/voila/static/nothing"],
    r"/voila/labextensions/(.*)": ["/voila/labextensions/", "/voila/labextensions/anywidget/package.json"],
    r"/workbench/static/((?:page|lock)\.js)": ["/workbench/static/page.js", "/workbench/static/lock.js"],
    r"/workbench/static/(kit\.css)": ["/workbench/static/kit.css"],
    r"/voila/render/(\w+)\.ipynb": ["/voila/render/home.ipynb", "/voila/render/deposit.ipynb?id=1"],
    r"/sign-out": ["/sign-out"],
    r"/session": ["/session"],
    r"/": ["/"],
}
# What Voilà 0.5 and Jupyter Server 2 answer to when they are started as they come (their handler tables).
OTHERS = [
    "/api",
    "/api/contents/home.ipynb",
    "/api/kernels",
    f"/api/kernels/{NO_KERNEL}/interrupt",
    "/api/kernelspecs",
    "/api/me",
    "/api/sessions",
    "/api/spec.yaml",
    "/api/status",
    "/api/terminals",
    "/edit/home.ipynb",
    "/files/home.ipynb",
    "/kernelspecs/python3/kernel.json",
    "/lab",
    "/login",
    "/logout",
    "/metrics",
    "/nbconvert/html/home.ipynb",
    "/static/favicon.ico",
    "/tree",
    "/view/home.ipynb",
    "/voila/api/contents/",
    "/voila/api/themes/",
    f"/voila/execution/{NO_KERNEL}",
    "/voila/files/home.ipynb",
    "/voila/files/../.workbench/workbench.sqlite3",
    f"/voila/query/{NO_KERNEL}",
    "/voila/render/../pyproject.toml",
    "/voila/render/analysis/ageing.ipynb",
    "/voila/templates/base/static/style.css",
    "/voila/tree/",
    "/favicon.ico",
    "/robots.txt",
    "/upload",
    "/images/1",
]
# Ways out of a served folder.
TRAVERSALS = [
    prefix + way
    for prefix in (
        "/voila/static/",
        "/voila/labextensions/",
        "/workbench/static/",
        "/workbench/",
        "/voila/render/",
        "/",
    )
    for way in (
        "../../../../etc/passwd",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "....//....//etc/passwd",
        "..\\..\\etc\\passwd",
        "/etc/passwd",
        "%00/etc/passwd",
        "../application.py",
    )
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("office") / "home"
    furnish_people(home)
    return home


@pytest.fixture(scope="module")
def served(office: Path) -> Iterator[Served]:
    with serving(office, "--way", "password", "--pages-each", "3", pages=9) as running:
        yield running


def every_address() -> list[str]:
    table = routes(notebooks_folder() / "home.ipynb", [], [])
    ours = [
        sample
        for pattern, *_ in table
        if pattern not in ENTRANCE
        for sample in (SAMPLES[pattern] if pattern in SAMPLES else pattern.strip("/()").split("|"))
    ]
    return [address if address.startswith("/") else f"/{address}" for address in ours]


def test_no_address_answers_without_sign_in(served: Served) -> None:
    stranger = Visitor(served)
    for address in every_address() + OTHERS + TRAVERSALS:
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            answer = stranger.ask(address, method)
            where = f"{method} {address}: {answer.status_code}"
            if answer.status_code == 302:
                assert answer.headers["Location"].startswith("/sign-in"), where
            else:
                assert answer.status_code in (400, 403, 404, 405) or (
                    method == "OPTIONS" and answer.status_code == 204
                ), where
                assert method != "GET" or answer.status_code == 403 or address in TRAVERSALS, where
            assert "root:" not in answer.text, where
            assert "Traceback" not in answer.text, where
            assert 'File "' not in answer.text, where
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], where
            assert answer.headers["X-Content-Type-Options"] == "nosniff", where


def test_the_way_in_is_a_page_and_its_style_sheet_and_nothing_beside_it(served: Served) -> None:
    stranger = Visitor(served)
    form = stranger.ask("/sign-in?next=//attacker.example/")
    assert form.status_code == 200
    assert "attacker" not in form.text
    assert "unsafe-eval" not in form.headers["Content-Security-Policy"]
    assert stranger.ask("/workbench/sign_in.css").headers["Content-Type"].startswith("text/css")
    for beside in ("/workbench/page.js", "/workbench/sign_in.css/..", "/workbench/sign_in.css%00.js"):
        assert stranger.ask(beside).status_code in (302, 403, 404)


@pytest.mark.parametrize("typed", ['"><script>alert(1)</script>', "{{ 7*7 }}", "'; --", "\u202egro"])
def test_what_is_typed_as_a_login_comes_back_as_text(served: Served, typed: str) -> None:
    answer = Visitor(served).sign_in(typed, "x")
    assert answer.status_code in (403, 429)
    assert "<script>" not in answer.text
    assert "49" not in answer.text.split("<form")[1].split("password")[0]


def test_no_token_no_sign_in(served: Served) -> None:
    stranger = Visitor(served)
    stranger.ask("/sign-in")
    answer = stranger.ask("/sign-in", "POST", data={"login": "nora", "password": PASSWORD})
    assert answer.status_code == 403
    assert not [name for name in stranger.cookies if name.startswith("workbench-")]


def test_the_answer_to_a_wrong_try_does_not_tell_whether_the_login_exists(served: Served) -> None:
    texts = [Visitor(served).sign_in(login, "wrong").text for login in ("nora", "nina", "lee0", "lee9")]
    without_login = {
        text.replace("nora", "").replace("nina", "").split('name="_xsrf"')[0] for text in texts[:2]
    }
    assert len(without_login) == 1
    assert Visitor(served).sign_in("lee").status_code == 403  # who left, with the password of before


def test_wrong_tries_must_wait_whether_or_not_there_is_such_a_login(served: Served) -> None:
    for login in ("ada", "nobody"):
        guesser = Visitor(served)
        statuses = [guesser.sign_in(login, f"guess {number}").status_code for number in range(7)]
        assert statuses[:5] == [403] * 5
        assert 429 in statuses[5:]


def test_many_tries_at_once_are_counted_one_by_one(served: Served) -> None:
    guessers = [Visitor(served) for _ in range(12)]
    for guesser in guessers:
        guesser.ask("/sign-in")
    with ThreadPoolExecutor(12) as pool:
        tries = [
            pool.submit(guesser.post, "/sign-in", login="nina", password="guess") for guesser in guessers
        ]
        statuses = sorted(one.result().status_code for one in tries)
    assert set(statuses) == {403, 429}
    assert statuses.count(403) <= 8  # five free ones, and those that waited their turn


def test_a_kernel_answers_to_its_own_person_alone(served: Served) -> None:
    nora, sam, stranger = Visitor(served), Visitor(served), Visitor(served)
    assert nora.sign_in("nora").status_code == 302
    assert sam.sign_in("sam").status_code == 302
    hers = nora.open_page()
    line = nora.socket(hers)
    assert "kernel_info_reply" in answers(line, send(line, "kernel_info_request", {}), "kernel_info_reply")
    for other in (sam, stranger):
        assert other.ask(f"/api/kernels/{hers}").status_code in (403, 404)
        assert other.ask(f"/api/kernels/{hers}", "DELETE").status_code in (403, 404, 405)
        with pytest.raises(websocket.WebSocketBadStatusException, match=r"40[34]"):
            other.socket(hers)
        other.post(f"/voila/api/shutdown/{hers}")
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        nora.socket(hers, origin="https://attacker.example")
    # It lives on, ends for its own person, and is nobody's then.
    assert nora.ask(f"/api/kernels/{hers}").status_code == 200
    assert nora.post(f"/voila/api/shutdown/{hers}").status_code == 204
    assert nora.ask(f"/api/kernels/{hers}").status_code == 404


def test_no_code_from_a_page_is_executed(served: Served, office: Path) -> None:
    nora = Visitor(served)
    nora.sign_in("nora")
    line = nora.socket(nora.open_page())
    mark = office / "executed"
    code = {
        "code": f"open({str(mark)!r}, 'w').close()",
        "silent": False,
        "store_history": True,
        "allow_stdin": True,
    }
    for channel in ("shell", "control"):
        for kind, content in (
            ("execute_request", code),
            ("complete_request", {"code": f"open({str(mark)!r}, 'w').", "cursor_pos": 5}),
            ("inspect_request", {"code": "open", "cursor_pos": 4, "detail_level": 1}),
            (
                "debug_request",
                {"type": "request", "command": "evaluate", "arguments": {"expression": code["code"]}},
            ),
            ("history_request", {"output": True, "raw": True, "hist_access_type": "tail", "n": 9}),
        ):
            send(line, kind, content, channel)
    # Answered in order: once this is, the others would have been.
    assert (
        answers(line, send(line, "kernel_info_request", {}), "kernel_info_reply")[-1] == "kernel_info_reply"
    )
    assert not mark.exists()


def test_who_is_deactivated_loses_open_pages_with_the_next_one(served: Served, office: Path) -> None:
    sam = Visitor(served)
    sam.sign_in("sam")
    kernel = sam.open_page()
    database = Database.open(f"sqlite:///{office / 'workbench.sqlite3'}", office / "secrets")
    people = People(database)
    owner = people.at_this_desk("owner")
    people.deactivate(owner, "sam")
    assert sam.ask("/voila/render/home.ipynb").status_code == 403
    assert sam.ask(f"/api/kernels/{kernel}").status_code == 403
    assert not (office / "sessions" / f"{kernel}.json").exists()
    people.activate(owner, "sam")
    people.set_password(owner, "sam", PASSWORD)
    database.close()


def test_after_signing_out_nothing_of_the_session_is_left(served: Served, office: Path) -> None:
    nora = Visitor(served)
    nora.sign_in("nora")
    cookies, kernel = dict(nora.cookies), nora.open_page()
    line = nora.socket(kernel)
    assert nora.post("/sign-out").status_code == 302
    nora.web.cookies.update(cookies)  # somebody who kept the old cookie
    assert nora.ask("/deposits").headers["Location"].startswith("/sign-in")
    assert not (office / "sessions" / f"{kernel}.json").exists()
    line.settimeout(20)
    request = send(line, "kernel_info_request", {})
    with pytest.raises(websocket.WebSocketConnectionClosedException):
        answers(line, request, "kernel_info_reply")
    database = Database.open(f"sqlite:///{office / 'workbench.sqlite3'}", office / "secrets")
    with database.reading() as stores:
        user = stores.office.user("nora")
        assert user is not None
        history = [event.action for event in stores.audit.of("user", user.id)]
    database.close()
    assert history[-2:] == ["sign_in", "sign_out"]


def test_data_is_never_below_a_served_folder(served: Served, office: Path) -> None:
    served_folders = [
        Path(folder)
        for _, _, *how in routes(notebooks_folder() / "home.ipynb", [], [])
        for folder in ([how[0]["path"]] if how and isinstance(how[0].get("path"), str) else [])
    ]
    assert served_folders
    for folder in (*served_folders, notebooks_folder()):
        assert not office.is_relative_to(folder)
    below = notebooks_folder() / "home"
    with pytest.raises(SetUpError, match="which is served"):
        serve(Settings(below, f"sqlite:///{below / 'workbench.sqlite3'}"), port=0, open_browser=False)
    assert not below.exists()


def test_one_person_cannot_take_every_place(served: Served) -> None:
    nora, sam = Visitor(served), Visitor(served)
    nora.sign_in("nora")
    sam.sign_in("sam")
    kernels = [nora.open_page() for _ in range(3)]
    refused = nora.ask("/voila/render/home.ipynb")
    assert refused.status_code == 503
    assert "All places are in use" in refused.text
    assert sam.ask("/voila/render/home.ipynb").status_code == 200
    nora.post(f"/voila/api/shutdown/{kernels[0]}")
    assert nora.ask("/voila/render/home.ipynb").status_code == 200
