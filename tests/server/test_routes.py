"""What the server answers, and above all what it does not (DESIGN.md 3: the traps of serving with Voilà)."""

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.browser.server import Served, serving
from workbench.config import read_settings
from workbench.errors import SetUpError
from workbench.server import serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served") / "home") as running:
        yield running


def ask(
    served: Served, path: str, *, method: str = "GET", host: str | None = None
) -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(served.address).netloc, timeout=60)
    connection.request(method, path, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    body = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}


def test_short_addresses_lead_to_the_notebooks_and_keep_the_query(served: Served) -> None:
    assert ask(served, "/")[2]["location"] == "/voila/render/home.ipynb"
    assert ask(served, "/deposit?id=7")[2]["location"] == "/voila/render/deposit.ipynb?id=7"


@pytest.mark.parametrize(
    "path",
    [
        "/voila/files/home.ipynb",
        "/voila/query/00000000-0000-0000-0000-000000000000",
        "/voila/tree",
        "/voila/api/contents",
        "/voila/render/../pyproject.toml",
        "/voila/render/analysis/example.ipynb",
        "/voila/render/nothing.ipynb",
        "/voila/templates/lab/index.html.j2",
        "/workbench/static/grid.js",
        "/workbench/static/../application.py",
        "/api/kernels",
        "/api/contents",
        "/login",
        "/nothing",
    ],
)
def test_nothing_else_is_served_and_the_page_says_so_plainly(served: Served, path: str) -> None:
    status, body, _ = ask(served, path)
    assert status == 404
    assert "There is no such page." in body
    assert "Traceback" not in body


def test_a_page_holds_neither_source_nor_inline_script_and_a_template_cannot_be_chosen(
    served: Served,
) -> None:
    status, body, headers = ask(served, "/voila/render/home.ipynb?template=lab&theme=dark")
    assert status == 200
    assert "workbench.pages" not in body
    for attributes, content in re.findall(r"<script([^>]*)>(.*?)</script>", body, re.DOTALL):
        assert "src=" in attributes or "json" in attributes, content
    assert not re.findall(r"https?://", body)
    policy = headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert "script-src 'self' blob:" in policy
    assert "no-store" in headers["cache-control"]


def test_a_kernel_is_ended_by_its_page_alone(served: Served) -> None:
    _, body, _ = ask(served, "/voila/render/home.ipynb")
    kernel = re.search(r'"kernelId": "([0-9a-f-]+)"', body)
    assert kernel is not None
    assert ask(served, f"/api/kernels/{kernel[1]}")[0] == 200
    assert ask(served, f"/api/kernels/{kernel[1]}", method="DELETE")[0] in (403, 405)
    # The goodbye without the page's own cookie and token is refused.
    assert ask(served, f"/voila/api/shutdown/{kernel[1]}", method="POST")[0] == 403
    assert ask(served, f"/api/kernels/{kernel[1]}")[0] == 200


def test_another_name_for_this_machine_is_refused(served: Served) -> None:
    assert ask(served, "/voila/render/home.ipynb", host="attacker.example")[0] == 403


def test_a_taken_port_is_said_before_anything_starts(served: Served) -> None:
    port = urlsplit(served.address).port
    with pytest.raises(SetUpError, match=f"Port {port} is in use"):
        serve(read_settings(), port=port, open_browser=False)
