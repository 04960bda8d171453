"""A real JupyterHub: whom it signs in reaches the kernel, of a clerk's page and of an analyst's JupyterLab."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import websocket

from tests.browser.server import ROOT
from tests.server.people import furnish_people
from tests.server.visitor import send

PASSWORD = "the hub's own password"
TOKEN = uuid.uuid4().hex
PATIENCE = 120.0

CONFIG = """
import sys
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{hub}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{inner}"
c.JupyterHub.proxy_class = "tests.server.hub_proxy.ProxyInTheHub"
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.Authenticator.allowed_users = {{"nora", "sam", "guest"}}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {place!r} + "/{{username}}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser", "--allow-root"]
c.Spawner.environment = {{"WORKBENCH_HOME": {home!r}, "PYTHONPATH": {root!r}}}
c.JupyterHub.services = [
    {{
        "name": "workbench",
        "url": "http://127.0.0.1:{service}",
        "command": [sys.executable, "-m", "workbench", "serve", "--hub", "--no-browser", "--warm", "1"],
        "environment": {{"WORKBENCH_HOME": {home!r}, "PYTHONPATH": {root!r}}},
        "oauth_no_confirm": True,
    }},
    {{"name": "test", "api_token": {token!r}}},
]
c.JupyterHub.load_roles = [
    {{"name": "user", "scopes": ["self", "access:services!service=workbench"]}},
    {{"name": "test", "services": ["test"], "scopes": ["admin:servers", "access:servers", "tokens", "read:users"]}},
]
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass(frozen=True)
class Hub:
    address: str
    home: Path

    def signed_in(self, login: str) -> requests.Session:
        """A browser in which this person has signed in to the hub."""
        browser = requests.Session()
        browser.trust_env = False
        form = browser.get(f"{self.address}/hub/login", timeout=60)
        token = re.search(r'name="_xsrf" value="([^"]+)"', form.text)
        assert token is not None
        fields = {"username": login, "password": PASSWORD, "_xsrf": token[1]}
        answer = browser.post(f"{self.address}/hub/login?next=%2Fhub%2Fhome", data=fields, timeout=60)
        assert answer.status_code == 200, answer.text
        return browser


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.3)
    pytest.fail("the hub did not come so far")


def answers(url: str, **how: object) -> bool:
    try:
        return requests.get(url, timeout=30, **how).ok  # type: ignore[arg-type]
    except requests.ConnectionError:
        return False


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    place = tmp_path_factory.mktemp("hub")
    home = place / "home"
    furnish_people(home)
    ports = {name: free_port() for name in ("hub", "inner", "service")}
    values = {"password": PASSWORD, "place": str(place), "home": str(home), "root": str(ROOT), "token": TOKEN}
    (place / "jupyterhub_config.py").write_text(CONFIG.format(**ports, **values), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (
        (place / "hub.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", "jupyterhub_config.py"],
            cwd=place,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        address = f"http://127.0.0.1:{ports['hub']}"
        try:
            wait_for(
                lambda: answers(f"{address}/hub/api/") and answers(f"{address}/services/workbench/sign-in")
            )
            yield Hub(address, home)
        finally:
            process.terminate()


def test_the_hubs_user_reaches_the_kernel_of_a_page(hub: Hub) -> None:
    nora = hub.signed_in("nora")
    page = nora.get(f"{hub.address}/services/workbench/deposits", timeout=120)
    assert page.status_code == 200
    assert page.url.endswith("/services/workbench/voila/render/deposits.ipynb")
    kernel = re.search(r'"kernelId": "([0-9a-f-]+)"', page.text)
    assert kernel is not None
    paper = hub.home / "sessions" / f"{kernel[1]}.json"
    assert json.loads(paper.read_text())["login"] == "nora"
    # The hub's secret stays with the server; somebody else's sign-in opens nothing of hers.
    state = nora.get(f"{hub.address}/services/workbench/session", timeout=60).json()
    assert (state["way"], state["name"]) == ("hub", "Nora North")
    sam = hub.signed_in("sam")
    assert sam.get(f"{hub.address}/services/workbench/", timeout=120).status_code == 200
    assert sam.get(f"{hub.address}/services/workbench/api/kernels/{kernel[1]}", timeout=60).status_code == 404
    # Signing out ends the kernel, and leads to the hub's own sign-out.
    token = nora.cookies.get("_xsrf", path="/services/workbench/")
    out = nora.post(
        f"{hub.address}/services/workbench/sign-out", data={"_xsrf": token}, allow_redirects=False, timeout=60
    )
    assert out.headers["Location"] == "/hub/logout"
    wait_for(lambda: not paper.exists())


def test_who_the_hub_knows_and_the_office_does_not_stays_outside(hub: Hub) -> None:
    guest = hub.signed_in("guest")
    answer = guest.get(f"{hub.address}/services/workbench/deposits", timeout=120)
    assert answer.status_code == 403
    assert "You are not a person of this office." in answer.text


def test_a_forged_return_from_the_hub_signs_nobody_in(hub: Hub) -> None:
    stranger = requests.Session()
    callback = f"{hub.address}/services/workbench/oauth_callback"
    assert stranger.get(callback, timeout=60).status_code == 403
    asked = stranger.get(f"{hub.address}/services/workbench/", allow_redirects=True, timeout=60)
    assert "/hub/login" in asked.url
    state = stranger.cookies.get("workbench-state")
    assert state
    assert stranger.get(callback, params={"state": state, "code": "made-up"}, timeout=60).status_code == 403


def test_the_hubs_user_is_the_person_of_an_analysts_notebook(hub: Hub) -> None:
    asking = {"Authorization": f"token {TOKEN}"}
    api = f"{hub.address}/hub/api"
    hub.signed_in("nora")
    started = requests.post(f"{api}/users/nora/server", headers=asking, timeout=120)
    assert started.status_code in (201, 202), started.text
    server = f"{hub.address}/user/nora"
    wait_for(lambda: answers(f"{server}/api/status", headers=asking))
    kernel = requests.post(f"{server}/api/kernels", headers=asking, timeout=120).json()["id"]
    line = websocket.create_connection(
        f"{server.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels?session_id=s",
        header=[f"Authorization: token {TOKEN}"],
        timeout=PATIENCE,
    )
    code = "from workbench import open_workbench; actor = open_workbench().actor; print(actor.login, len(actor.practice_ids))"
    asked = send(line, "execute_request", {"code": code, "silent": False, "store_history": False})
    printed = ""
    while True:
        message = json.loads(line.recv())
        if message["parent_header"].get("msg_id") != asked:
            continue
        if message["header"]["msg_type"] == "stream":
            printed += message["content"]["text"]
        if message["header"]["msg_type"] == "execute_reply":
            break
    assert message["content"]["status"] == "ok", message["content"]
    assert printed.split() == ["nora", "1"]
    line.close()
    requests.delete(f"{api}/users/nora/server", headers=asking, timeout=60)
