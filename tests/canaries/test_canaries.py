"""200 canaries in the fields of patients: the store has them, and nothing else does.

Looked through: what commands say on stderr, texts and tracebacks of exceptions, logs at their most talkative, the
requests of a browser, what a notebook shows, every file that is written beside the store, and the names of all.
"""

import logging
import random
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest
import sqlalchemy as sa
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect

from tests.browser.chromium import TIMEOUT_MS
from tests.browser.server import serving
from tests.builders import ACME_ID, NORTH_NPI, NORTH_TIN
from tests.canaries.birds import COUNT, Birds, Mail, mail
from tests.cli.commands import workbench
from workbench.app import Workbench, open_workbench
from workbench.config import read_settings
from workbench.domain.scan_batch.coding import CodingForm
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType
from workbench.services.deposit_desk.claim_search import ClaimCriteria
from workbench.services.deposit_desk.creating import NewStatement
from workbench.storage import Database
from workbench.storage.tables.claims import claims
from workbench.storage.tables.deposits import deposit_claims

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@dataclass
class Haystack:
    """Everything that was said or written where no patient belongs, by where it was found."""

    texts: dict[str, str] = field(default_factory=dict)

    def add(self, where: str, text: str) -> None:
        self.texts[where] = self.texts.get(where, "") + text

    def hits(self, canaries: list[str]) -> dict[str, list[str]]:
        found = {
            where: [canary for canary in canaries if canary in text] for where, text in self.texts.items()
        }
        return {where: names for where, names in found.items() if names}


@pytest.fixture
def post(tmp_path: Path) -> tuple[Birds, Mail, Path]:
    """The mail as files in a folder that is not looked through."""
    birds = Birds(random.Random(6))
    letters = mail(birds)
    folder = tmp_path / "mail"
    folder.mkdir()
    files = {
        "claims.csv": letters.claims, "good.835": letters.remittance, "damaged.835": letters.damaged,
        "letter.835": letters.no_remittance, "bad.csv": letters.bad_table, "money.csv": letters.payments,
        "day.bai": letters.bank,
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_bytes(data)
    Pillow.new("RGB", (60, 80), "white").save(folder / letters.picture_name)
    assert len(set(birds.all)) == COUNT
    return birds, letters, folder


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Where temporary files go; a short path, because sockets of kernels lie in it too."""
    with tempfile.TemporaryDirectory(prefix="bird", dir="/tmp") as folder:
        yield Path(folder)


def furnish(home: Path) -> None:
    """One practice and one payer; whoever runs the command sits at the desk."""
    home.mkdir(parents=True, exist_ok=True)
    database = Database.open(f"sqlite:///{home / 'workbench.sqlite3'}")
    with database.transaction() as stores:
        stores.office.add_practice("North Anesthesia", npis=[NORTH_NPI], tins=[NORTH_TIN])
        stores.office.add_payer("ACME HEALTH", code=ACME_ID, identifiers=[("TRN03", ACME_ID)])
    database.close()


def run_commands(hay: Haystack, folder: Path, out: Path, batch: int, picture: Path) -> None:
    """Good input and bad; what goes to stdout is the answer that was asked for."""
    out.mkdir()
    commands: list[tuple[str | Path, ...]] = [
        ("claims", "import", folder / "claims.csv", folder / "bad.csv"),
        ("import", folder / "good.835", folder / "damaged.835", folder / "letter.835", folder / "good.835"),
        ("bank", "import", folder / "day.bai", folder / "letter.835"),
        ("deposit", "1"),
        ("deposit", "999"),
        ("post", "1"),
        ("batch", "import", str(batch), picture, folder / "letter.835"),
        ("export", "claims", "--to", out / "no such folder" / "claims.csv"),
    ]
    for command in commands:
        done = workbench(*command)
        hay.add(f"stderr of workbench {command[0]}", done.stderr)
        assert done.returncode in (0, 1, 2), (command[0], done.stderr)


def failing_calls(desk: Workbench, letters: Mail) -> list[Callable[[], Any]]:
    """What people and pages can ask for that cannot be given, with patients in it."""
    actor, note = desk.actor, letters.note
    with desk.database.reading() as stores:
        claim = stores.deposit_work.claims(1)[0]
        ours = stores.connection.execute(sa.select(claims.c.id, claims.c.practice_id)).first()
    assert ours is not None
    batch = desk.scan_desk.lists.sets_of(actor, 1)[0]
    form = CodingForm(patient_last=note[:20], ssn="12")
    day = date(2026, 3, 2)

    def same_row_again() -> None:
        with desk.database.transaction() as stores:
            row = stores.connection.execute(sa.select(deposit_claims)).mappings().first()
            stores.connection.execute(sa.insert(deposit_claims).values(dict(row or {})))

    def no_such_column() -> None:
        with desk.database.transaction() as stores:
            stores.connection.execute(sa.text("UPDATE claims SET nothing = :name"), {"name": note})

    def not_a_text() -> None:
        desk.scan_desk.marks.note_set(actor, 1, batch.set_id, f"{note[:30]}\ud800")

    return [
        same_row_again,
        no_such_column,
        not_a_text,
        lambda: desk.deposit_desk.claim_search.search(actor, 999, ClaimCriteria(last=note)),
        lambda: desk.deposit_desk.editing.add_claims(actor, 1, [ours.id, ours.id, 999]),
        lambda: desk.deposit_desk.editing.attach(actor, claim.id, 999),
        lambda: desk.deposit_desk.creating.create_statement(
            actor, NewStatement(ours.practice_id, -1, note, (ours.id,), day)
        ),
        lambda: desk.patient_payments.import_table(
            actor, ours.practice_id, f"{note}.csv", note.encode(), deposited_date=day
        ),
        lambda: desk.scan_desk.coding.save(actor, batch.set_id, form, 7),
        lambda: desk.scan_desk.marks.note_set(actor, 1, batch.set_id, note * 200),
        lambda: desk.sql(f"select '{note}' from nowhere"),  # noqa: S608
        lambda: desk.sql("select patient_last + 1 / 0 from claims where abs(-9223372036854775808) > 0"),
        lambda: desk.export(desk.frames.claims(), Path(f"/no folder/{note[:10]}.xlsx")),
        lambda: desk.remittance_import.import_remittance(actor, note, letters.damaged[:300]),
    ]


def raise_faults(hay: Haystack, desk: Workbench, letters: Mail) -> int:
    """Texts and tracebacks of what fails, as a log would keep them; gives how many failed."""
    failed = 0
    for call in failing_calls(desk, letters):
        try:
            call()
        except Exception:  # noqa: BLE001 - whatever it is, its text is what is looked through
            failed += 1
            hay.add("exceptions", traceback.format_exc())
    return failed


def browse(hay: Haystack, browser: Browser, address: str, letters: Mail) -> None:
    """Pages with patients on them, and a search for one."""
    context = browser.new_context()
    context.set_default_timeout(TIMEOUT_MS)
    context.on("request", lambda request: hay.add("URLs", f"{request.url}\n"))
    page = context.new_page()
    for screen in ("deposits", "deposit?id=1", "posting", "image_viewer?id=1", "audit"):
        page.goto(f"{address}/{screen}")
        page.locator(".wb-screen").first.wait_for()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        hay.add("URLs", f"{page.url}\n{page.title()}\n")
        if screen == "deposit?id=1":
            expect(page.get_by_text(letters.pcn).first).to_be_visible()
        if screen == "deposits":
            page.get_by_role("button", name="Advanced Search").click()
            page.get_by_label("Claim XRef or Patient").fill(letters.pcn)
            page.keyboard.press("Tab")
            expect(page.locator("[aria-busy=true]")).to_have_count(0)
            hay.add("URLs", page.url)
    hay.add(
        "browser storage", page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    )
    context.close()


def run_notebook(hay: Haystack, folder: Path) -> None:
    """An analyst's notebook on this data: its outputs go round."""
    notebook = nbformat.read(NOTEBOOKS / "analysis" / "remittance_overview.ipynb", as_version=4)
    resources = {"metadata": {"path": str(folder)}}
    nbclient.NotebookClient(notebook, timeout=180, kernel_name="python3", resources=resources).execute()
    hay.add("notebook outputs", str([cell.get("outputs", []) for cell in notebook.cells]))


def read_files(hay: Haystack, folder: Path) -> None:
    """Contents of what lies beside the store and the image store, and the names of everything."""
    for path in folder.rglob("*"):
        hay.add("file names", f"{path.relative_to(folder)}\n")
        of_the_store = ".sqlite3" in path.name or "images" in path.parts
        if path.is_file() and not of_the_store:
            hay.add(f"file {path.name}", path.read_bytes().decode("latin-1"))


def test_200_canaries_stay_in_the_store(
    post: tuple[Birds, Mail, Path],
    home: Path,
    tmp_path: Path,
    browser: Browser,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    birds, letters, folder = post
    monkeypatch.setenv("TMPDIR", str(temporary))
    hay = Haystack()
    furnish(home)
    desk = open_workbench(read_settings())
    batch = desk.scan_desk.batches.create(desk.actor, BatchHeader("Stack", 1, BatchType.PAYMENT, payer_id=1))
    run_commands(hay, folder, tmp_path / "out", batch, folder / letters.picture_name)
    with caplog.at_level(logging.DEBUG):
        (set_row,) = desk.scan_desk.lists.sets_of(desk.actor, batch)
        desk.scan_desk.marks.note_set(desk.actor, batch, set_row.set_id, letters.note)
        day = date(2026, 3, 2)
        desk.patient_payments.import_table(desk.actor, 1, "money.csv", letters.payments, deposited_date=day)
        assert raise_faults(hay, desk, letters) >= 10
    hay.add("logs", caplog.text)
    assert all(_is_stored(home, canary) for canary in (letters.pcn, letters.note.split()[0]))
    desk.close()
    with serving(home) as served:
        browse(hay, browser, served.address, letters)
    assert served.process.stdout is not None
    hay.add("the server's output", served.process.stdout.read() + capfd.readouterr().err)
    run_notebook(hay, temporary)
    read_files(hay, home)
    read_files(hay, temporary)
    assert not list(home.glob("scratch/*"))
    assert hay.hits(birds.all) == {}


def _is_stored(home: Path, canary: str) -> bool:
    return any(canary.encode() in path.read_bytes() for path in home.glob("workbench.sqlite3*"))


def test_the_haystack_finds_what_is_in_it() -> None:
    hay = Haystack()
    hay.add("log", "a line with QZBCDFGHJK in it")
    assert hay.hits(["QZBCDFGHJK", "QZXXXXXXXX"]) == {"log": ["QZBCDFGHJK"]}
