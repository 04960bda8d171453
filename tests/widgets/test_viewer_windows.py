"""The windows around the viewer without a browser: import from the inbox, scan by profile, what leaves."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.builders import Office
from tests.images import pictures
from tests.services.scan_desk import with_only
from tests.services.test_image_import import sheet, stack
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType, PaymentKind
from workbench.domain.scan_batch.work import PaymentDraft
from workbench.images.intake import Incoming
from workbench.images.store import ImageStore
from workbench.scanner.profile import Profile
from workbench.scanner.sane import Device, ScannedPage, Scanner
from workbench.services.image_import import Target
from workbench.services.scan_batches.desk import FormRefusedError
from workbench.services.scan_desk import ScanDesk, furnish
from workbench.widgets.image_viewer.view import ImageViewerScreen
from workbench.widgets.kit.base import KitWidget
from workbench.widgets.kit.shell import Shell

PATIENCE = 60.0


class PaperTray(Scanner):
    """A scanner whose pages are files: what a real one delivers is tested with SANE's own driver."""

    def __init__(self, pages: Sequence[bytes]) -> None:
        super().__init__()
        self.pages = pages
        self.profiles: list[Profile] = []

    def devices(self) -> list[Device]:
        return [Device("other:0", "Other"), Device("tray:0", "Paper tray")]

    def scan(self, device: str, profile: Profile, folder: Path, **_: Any) -> Iterator[ScannedPage]:
        assert device == "tray:0"
        self.profiles.append(profile)
        for number, data in enumerate(self.pages, start=1):
            path = folder / f"{number}.tif"
            path.write_bytes(data)
            yield ScannedPage(number, path)


class Windows:
    """An opened viewer, and waiting for its threads."""

    def __init__(self, office: Office, desk: ScanDesk, home: Path, scanner: Scanner | None = None) -> None:
        self.actor: Actor = office.supervisor
        self.desk = desk
        header = BatchHeader("Mail", office.north, BatchType.PAYMENT)
        self.batch_id = desk.batches.create(self.actor, header)
        workbench = SimpleNamespace(
            scan_desk=desk, actor=self.actor, settings=SimpleNamespace(scratch=home / "scratch")
        )
        self.screen = ImageViewerScreen(workbench, Shell({}, {}, ""), scanner)
        self.screen.enter({"batch": str(self.batch_id)})

    def wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < until
            time.sleep(0.01)

    def press(self, name: str, **content: object) -> None:
        send(self.screen.viewer, "act", name=name, image=None, **content)

    def shape(self) -> list[int]:
        return [each.image_count for each in self.desk.views.contents(self.actor, self.batch_id).sets]

    def running(self) -> bool:
        return self.screen.arrivals.running


def send(widget: KitWidget, event: str, **content: object) -> None:
    widget._receive(None, {"event": event, "content": content}, [])


def blocked(form: Any, name: str) -> str:
    found: str = next(each["blocked"] for each in form.actions if each["name"] == name)
    return found


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> Iterator[ScanDesk]:
    made = furnish(office.database, ImageStore(tmp_path / "images"))
    yield made
    made.files.close()


def lay(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    os.utime(path, (time.time() - 60, time.time() - 60))


def test_the_inbox_of_the_practice_is_emptied_into_the_batch(
    office: Office, desk: ScanDesk, tmp_path: Path
) -> None:
    windows = Windows(office, desk, tmp_path)
    importing, inbox = windows.screen.importing, tmp_path / "inbox" / str(office.north)
    windows.press("import")
    assert blocked(importing.form, "inbox") == "No file waits in the scan inbox of this practice."
    text, separator = pictures.page(1, 850, 1100), sheet("PATCHT")
    lay(inbox, "mail.tif", stack("", text, separator, text, sheet()).source)  # type: ignore[arg-type]
    lay(inbox, "notes.txt", b"not a picture")
    windows.press("import")
    assert blocked(importing.form, "inbox") == ""
    send(importing.form, "change", name="target", value="New set at separator sheets")
    send(importing.form, "change", name="drop_blank", value=True)
    send(importing.form, "press", name="inbox")
    windows.wait(lambda: "left out" in importing.uploader.summary)
    assert importing.uploader.summary == (
        "2 pages from 1 file added. 2 pages left out: separator sheets or blank. 1 file not imported."
    )
    assert windows.shape() == [1, 1]
    assert [path.name.split("-")[-1] for path in inbox.rglob("*") if path.is_file()] == ["notes.txt"]
    assert {each.name: each.tone for each in importing.uploader.files} == {
        "mail.tif": "success",
        "notes.txt": "error",
    }


def test_a_cancelled_import_leaves_the_rest_in_the_inbox(
    office: Office, desk: ScanDesk, tmp_path: Path
) -> None:
    windows = Windows(office, desk, tmp_path)
    importing, inbox = windows.screen.importing, tmp_path / "inbox" / str(office.north)
    for number in range(40):
        lay(inbox, f"{number:02}.pdf", pictures.text_pdf(20))
    windows.press("import")
    send(importing.form, "press", name="inbox")
    send(importing.form, "press", name="cancel")
    windows.wait(lambda: not windows.running() and "added" in importing.uploader.summary)
    left = [path.name for path in inbox.glob("*.pdf")]
    assert 0 < len(left) <= 40
    assert len(left) + sum(windows.shape()) // 20 == 40
    assert not (inbox / "refused").exists()


def test_scanning_by_a_saved_profile(office: Office, desk: ScanDesk, tmp_path: Path) -> None:
    pages = [
        stack("", page).source
        for page in (pictures.page(1, 850, 1100), sheet(), sheet("PATCHT"), pictures.page(2, 850, 1100))
    ]
    tray = PaperTray(pages)  # type: ignore[arg-type]
    windows = Windows(office, desk, tmp_path, tray)
    scanning = windows.screen.scanning
    windows.press("scan")
    assert scanning.form.values["profile"] == "Standard"
    for name, value in (
        ("device", "tray:0"),
        ("dpi", "200"),
        ("target", "New set at separator sheets"),
        ("drop_blank", True),
    ):
        send(scanning.form, "change", name=name, value=value)
    assert scanning.form.values["profile"] == "", "it is no longer the saved one"
    send(scanning.form, "press", name="save")
    assert scanning.saving.shown
    send(scanning.saving._form, "change", name="name", value="Mail")
    send(scanning.saving._form, "press", name="save")
    assert (scanning.form.values["profile"], blocked(scanning.form, "forget")) == ("Mail", "")
    send(scanning.form, "press", name="scan")
    windows.wait(lambda: "scanned" in str(scanning.form.values["progress"]))
    assert scanning.form.values["progress"] == (
        "4 pages scanned. 2 pages left out: separator sheets or blank."
    )
    assert (windows.shape(), tray.profiles[0].dpi) == ([1, 1], 200)
    again = Windows(office, desk, tmp_path, tray).screen
    again.scanning.ask(again.importing.form.values["target"])
    form = again.scanning.form
    assert (form.values["profile"], form.values["device"], form.values["dpi"]) == ("Mail", "tray:0", "200")
    send(form, "change", name="profile", value="Standard")
    assert (form.values["dpi"], form.values["drop_blank"]) == ("300", False)
    send(form, "change", name="profile", value="Mail")
    send(form, "press", name="forget")
    assert form.values["profile"] != "Mail"
    assert [each.name for each in desk.profiles.all(windows.actor)] == ["Standard"]


def test_a_set_or_what_is_chosen_leaves(office: Office, desk: ScanDesk, tmp_path: Path) -> None:
    windows = Windows(office, desk, tmp_path)
    files = stack("a.tif", *(pictures.page(seed) for seed in range(3)))
    list(desk.imports.run(windows.actor, windows.batch_id, [files]))
    windows.screen.enter({"batch": str(windows.batch_id)})
    left, arrived = [], threading.Event()

    def offered(content: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        left.append((content, buffers))
        arrived.set()

    windows.screen.download.send = offered
    windows.screen.viewer.send = lambda content, buffers=(): (
        offered(content, buffers) if content["kind"] == "print" else None
    )
    first, second, _ = (each["id"] for each in windows.screen.viewer.state["images"])
    windows.press("export", images=[first])
    assert arrived.wait(PATIENCE)
    content, (data,) = left[0]
    assert (content["media_type"], bytes(data)[:5]) == ("application/pdf", b"%PDF-")
    arrived.clear()
    windows.press("print", images=[first, second])
    assert arrived.wait(PATIENCE)
    content, printed = left[1]
    assert (content["mime"], [bytes(page)[:3] for page in printed]) == ("image/jpeg", [b"\xff\xd8\xff"] * 2)


def test_without_the_right_nothing_leaves(office: Office, desk: ScanDesk, tmp_path: Path) -> None:
    clerk = with_only(office.supervisor, office.supervisor.permissions - {Permission.EXPORT})
    office = Office(
        **{**{name: getattr(office, name) for name in office.__dataclass_fields__}, "supervisor": clerk}
    )
    windows = Windows(office, desk, tmp_path)
    assert {"export", "print"} <= set(windows.screen.viewer.state["blocked"])


def test_a_set_has_details_of_its_own(office: Office, desk: ScanDesk, tmp_path: Path) -> None:
    windows = Windows(office, desk, tmp_path)
    with office.database.transaction() as stores:
        blue = stores.office.add_plan(office.zenith, "Zenith Blue")
    files = [Incoming(f"{seed}.jpg", pictures.jpeg(seed)) for seed in (1, 2)]
    list(desk.imports.run(windows.actor, windows.batch_id, files, Target.SET_PER_FILE))
    windows.screen.enter({"batch": str(windows.batch_id)})
    dialog = windows.screen.set_details
    windows.press("set_details")
    first, second = (each["id"] for each in windows.screen.viewer.state["sets"])
    assert (dialog.title, dialog.form.values["batch"]) == (f"Details of Set {first}", "nothing")
    assert dialog.form.hidden == ["facility_id", "date_of_service", "charge_received"]
    send(dialog.form, "change", name="plan_id", value=blue)
    assert dialog.form.values["payer_id"] == office.zenith, "a plan brings its payer"
    send(dialog.form, "press", name="save")
    assert ("Payer of set", "ZENITH MUTUAL") in windows.screen.viewer.state["facts"]
    windows.press("undo")
    assert "Payer of set" not in dict(windows.screen.viewer.state["facts"])
    windows.press("redo")

    desk.batches.post(windows.actor, windows.batch_id)
    work_id = desk.work.create(
        windows.actor, desk.work.propose(windows.actor, windows.batch_id), image_batch_id=windows.batch_id
    ).work_id
    for set_id in (first, second):
        desk.entries.add_payment(
            windows.actor, work_id, PaymentDraft(PaymentKind.INSURANCE, 1), set_id=set_id
        )
    paid = desk.entries.payments(windows.actor, work_id)
    assert [(each.payer_id, each.plan_id) for each in paid] == [(office.zenith, blue), (None, None)]


def test_a_case_begins_with_the_details_of_its_set(office: Office, desk: ScanDesk) -> None:
    boss, of_batch, of_set = office.supervisor, date(2026, 1, 5), date(2026, 1, 7)
    header = BatchHeader(
        "Mixed", office.north, BatchType.CHARGE, date_of_service=of_batch, charge_received=of_batch
    )
    batch_id = desk.batches.create(boss, header)
    list(desk.imports.run(boss, batch_id, [Incoming("1.jpg", pictures.jpeg(1))]))
    (each,) = desk.views.contents(boss, batch_id).sets
    set_id = each.state.set_id
    own = desk.set_details.get(boss, set_id)
    for wrong in (replace(own, date_of_service=date(2199, 1, 1)), replace(own, facility_id=999)):
        with pytest.raises(FormRefusedError):
            desk.set_details.save(boss, batch_id, set_id, wrong)
    desk.set_details.save(boss, batch_id, set_id, replace(own, date_of_service=of_set, payer_id=office.acme))
    assert desk.set_details.get(boss, set_id) == replace(own, date_of_service=of_set), (
        "a charge set has no payer"
    )
    desk.batches.post(boss, batch_id)
    work_id = desk.work.create(boss, desk.work.propose(boss, batch_id), image_batch_id=batch_id).work_id
    case = desk.entries.case(boss, desk.entries.create_case(boss, work_id, set_id=set_id))
    assert (case.date_of_service, case.charge_received) == (of_set, of_batch)
