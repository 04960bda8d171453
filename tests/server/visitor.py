"""Somebody with a browser's cookies and no browser: asks a running server by HTTP and by socket."""

import json
import re
import uuid
from typing import Any
from urllib.parse import urlsplit

import requests
import websocket

from tests.browser.server import Served
from tests.server.people import PASSWORD


class Visitor:
    def __init__(self, served: Served, headers: dict[str, str] | None = None) -> None:
        self._served = served
        self.web = requests.Session()
        self.web.trust_env = False
        self.web.headers.update(headers or {})

    def ask(self, path: str, method: str = "GET", **how: Any) -> requests.Response:
        """Follows no redirection. `path` is sent as it stands, dots included."""
        request = requests.Request(method, self._served.address, **how)
        prepared = self.web.prepare_request(request)
        prepared.url = self._served.address + path
        return self.web.send(prepared, allow_redirects=False, timeout=60)

    def post(self, path: str, **fields: str) -> requests.Response:
        """With the token that a page of ours would send along."""
        token = next((cookie.value for cookie in self.web.cookies if cookie.name == "_xsrf"), "")
        return self.ask(path, "POST", data={**fields, "_xsrf": token or ""})

    def sign_in(self, login: str, password: str = PASSWORD) -> requests.Response:
        self.ask("/sign-in")
        return self.post("/sign-in", login=login, password=password)

    def open_page(self, page: str = "home") -> str:
        """The id of the page's kernel."""
        answer = self.ask(f"/voila/render/{page}.ipynb")
        assert answer.status_code == 200, answer.text
        found = re.search(r'"kernelId": "([0-9a-f-]+)"', answer.text)
        assert found is not None
        return found[1]

    def socket(self, kernel_id: str, origin: str = "") -> websocket.WebSocket:
        """The line to a kernel. Raises WebSocketBadStatusException when it is refused."""
        host = urlsplit(self._served.address).netloc
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.web.cookies)
        return websocket.create_connection(
            f"ws://{host}/api/kernels/{kernel_id}/channels?session_id={uuid.uuid4().hex}",
            cookie=cookies or None,
            origin=origin or self._served.address,
            header=[f"{name}: {value}" for name, value in self.web.headers.items() if name.startswith("X-")],
            timeout=60,
        )

    @property
    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.web.cookies}


def send(line: websocket.WebSocket, kind: str, content: dict[str, Any], channel: str = "shell") -> str:
    """One message of the Jupyter protocol; gives its id."""
    message_id = uuid.uuid4().hex
    header = {
        "msg_id": message_id,
        "msg_type": kind,
        "username": "",
        "session": "s",
        "version": "5.3",
        "date": "",
    }
    document = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel}
    line.send(json.dumps({**document, "buffers": []}))
    return message_id


def answers(line: websocket.WebSocket, message_id: str, until: str) -> list[str]:
    """Kinds of the messages in answer to one, up to and with the kind `until`.

    Raises WebSocketConnectionClosedException when the server cuts the line.
    """
    kinds = []
    while not kinds or kinds[-1] != until:
        received = line.recv()
        if not received:
            raise websocket.WebSocketConnectionClosedException
        message = json.loads(received)
        if message["parent_header"].get("msg_id") == message_id:
            kinds.append(message["header"]["msg_type"])
    return kinds
