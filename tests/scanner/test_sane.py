"""The real driver without hardware: SANE's own `test` backend has a feeder of ten pages, jams and an open cover."""

import threading
import time
from pathlib import Path

import psutil
import pytest
from PIL import Image

from workbench.errors import SetUpError
from workbench.scanner.errors import ScannerError
from workbench.scanner.options import Mode, Source
from workbench.scanner.profile import Profile
from workbench.scanner.sane import ScannedPage, Scanner, ScanProgress

DEVICE = "test:0"
QUICK = Profile(dpi=50)


@pytest.fixture
def scanner(tmp_path: Path) -> Scanner:
    configuration = tmp_path / "sane"
    configuration.mkdir()
    (configuration / "dll.conf").write_text("test\n", encoding="ascii")
    return Scanner(environment={"SANE_CONFIG_DIR": str(configuration)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "scan 100%"  # a percent sign in a path is no page number
    made.mkdir()
    return made


def scan_and_fail(scanner: Scanner, profile: Profile, folder: Path) -> tuple[list[ScannedPage], ScannerError]:
    pages: list[ScannedPage] = []
    with pytest.raises(ScannerError) as caught:
        pages.extend(scanner.scan(DEVICE, profile, folder))
    return pages, caught.value


def slow(microseconds: int) -> dict[str, str]:
    return {"--read-delay": "yes", "--read-delay-duration": str(microseconds)}


def returning(status: str) -> Profile:
    return Profile(dpi=50, extra={"--read-return-value": f"SANE_STATUS_{status}"})


def test_devices_are_found(scanner: Scanner) -> None:
    devices = scanner.devices()
    assert [device.name for device in devices] == ["test:0", "test:1"]
    assert devices[0].label == "Noname frontend-tester (virtual device)"


def test_without_sane_it_says_what_to_install() -> None:
    with pytest.raises(SetUpError, match="sane-utils"):
        Scanner("no-such-program").devices()


def test_capabilities_of_the_device(scanner: Scanner) -> None:
    found = scanner.capabilities(DEVICE)
    assert found.modes == (Mode.GRAY, Mode.COLOR)
    assert found.sources == (Source.FLATBED, Source.FEEDER)
    assert found.source_arguments(Source.FEEDER) == ["--source=Automatic Document Feeder"]


def test_a_feeder_of_ten_pages_gives_ten_whole_pages(scanner: Scanner, folder: Path) -> None:
    seen: list[ScanProgress] = []
    pages = list(scanner.scan(DEVICE, Profile(dpi=300), folder, on_progress=seen.append))
    assert [page.number for page in pages] == list(range(1, 11))
    for page in pages:
        with Image.open(page.path) as picture:
            picture.load()
            # The test scanner's glass is 200 mm by 200 mm: 2,362 dots at 300 dpi.
            assert picture.size == (2362, 2362)
            assert round(float(picture.info["dpi"][0])) == 300
            assert picture.mode == "L"
    assert {progress.page for progress in seen} >= set(range(1, 11))
    assert all(0 <= progress.percent <= 100 for progress in seen)


def test_the_flatbed_gives_one_page(scanner: Scanner, folder: Path) -> None:
    pages = list(scanner.scan(DEVICE, Profile(dpi=50, source=Source.FLATBED, mode=Mode.COLOR), folder))
    assert [page.number for page in pages] == [1]
    with Image.open(pages[0].path) as picture:
        assert picture.mode == "RGB"


def test_no_more_pages_than_allowed(scanner: Scanner, folder: Path) -> None:
    assert len(list(scanner.scan(DEVICE, QUICK, folder, most_pages=4))) == 4


@pytest.mark.parametrize(
    ("status", "number", "words"),
    [
        ("JAMMED", 6, "Paper is jammed in the feeder. Clear it, then scan the rest."),
        ("COVER_OPEN", 8, "The scanner's cover is open. Close it, then scan the rest."),
        ("DEVICE_BUSY", 3, "The scanner is busy. Wait until it is free, then scan again."),
        ("NO_DOCS", 7, "The feeder is empty. Put the paper in, then scan again."),
        ("IO_ERROR", 9, "The connection to the scanner broke. Check the cable and that it is switched on."),
        ("NO_MEM", 10, "The scanner is out of memory. Choose a lower resolution."),
        ("ACCESS_DENIED", 11, "This computer may not use the scanner. Ask your administrator."),
    ],
)
def test_trouble_is_said_in_clear_words(
    scanner: Scanner, folder: Path, status: str, number: int, words: str
) -> None:
    pages, error = scan_and_fail(scanner, returning(status), folder)
    assert pages == []
    assert error.status == number
    assert str(error) == words
    assert list(folder.iterdir()) == []


def test_trouble_is_said_though_the_driver_never_ends(scanner: Scanner, folder: Path, tmp_path: Path) -> None:
    """As SANE's `test` backend does now and then: its reading thread and scanimage wait for each other."""
    stuck = tmp_path / "scanimage"
    stuck.write_text(
        '#!/bin/sh\ncase "$*" in *--batch=*) scanimage "$@"; trap \'\' INT; sleep 600;; *) scanimage "$@";; esac\n',
        encoding="ascii",
    )
    stuck.chmod(0o755)
    stuck_scanner = Scanner(str(stuck), {"SANE_CONFIG_DIR": str(tmp_path / "sane")})
    pages, error = scan_and_fail(stuck_scanner, returning("ACCESS_DENIED"), folder)
    assert (pages, error.status) == ([], 11)
    assert str(error) == "This computer may not use the scanner. Ask your administrator."
    assert not [child for child in psutil.Process().children() if child.name() in ("scanimage", "sh")]


def test_cancel_midway_keeps_the_whole_pages_and_no_other(scanner: Scanner, folder: Path) -> None:
    cancelled, pages = threading.Event(), []
    profile = Profile(dpi=100, extra=slow(100_000))

    def cancel_after_two() -> None:
        for page in scanner.scan(DEVICE, profile, folder, cancelled=cancelled):
            pages.append(page)
            if len(pages) == 2:
                cancelled.set()

    with pytest.raises(ScannerError, match="The scan was cancelled"):
        cancel_after_two()
    assert [page.number for page in pages] == [1, 2]
    for page in pages:
        with Image.open(page.path) as picture:
            picture.load()
    assert not [child for child in psutil.Process().children() if child.name() == "scanimage"]


def test_cancel_within_a_page_takes_no_part_of_it(scanner: Scanner, folder: Path) -> None:
    cancelled = threading.Event()
    profile = Profile(dpi=300, extra=slow(200_000))
    started = time.monotonic()
    with pytest.raises(ScannerError, match="The scan was cancelled"):
        list(
            scanner.scan(DEVICE, profile, folder, cancelled=cancelled, on_progress=lambda _: cancelled.set())
        )
    assert time.monotonic() - started < 11
    assert [path for path in folder.iterdir() if path.suffix == ".jpg"] == []


def test_whoever_stops_listening_stops_the_scanner(scanner: Scanner, folder: Path) -> None:
    pages = scanner.scan(DEVICE, Profile(dpi=100, extra=slow(50_000)), folder)
    next(pages)
    pages.close()  # type: ignore[attr-defined]  # it is a generator
    assert not [child for child in psutil.Process().children() if child.name() == "scanimage"]


def test_a_scanner_that_says_nothing_is_given_up(scanner: Scanner, folder: Path) -> None:
    scanner.idle_seconds = 0.05
    with pytest.raises(ScannerError, match="does not answer"):
        list(scanner.scan(DEVICE, Profile(dpi=50, extra=slow(200_000)), folder))


@pytest.mark.parametrize("dpi", [0, 1201, 99_999])
def test_a_resolution_that_is_not_offered_is_refused(scanner: Scanner, folder: Path, dpi: int) -> None:
    with pytest.raises(ScannerError, match=f"cannot scan at {dpi} dpi\\. It offers 1 to 1200 dpi"):
        list(scanner.scan(DEVICE, Profile(dpi=dpi), folder))


def test_what_the_device_lacks_is_refused(scanner: Scanner, folder: Path) -> None:
    for profile, words in (
        (Profile(source=Source.FEEDER_DUPLEX), "This scanner has no feeder, both sides."),
        (Profile(mode=Mode.BLACK_AND_WHITE), "This scanner cannot scan in b&w."),
        (Profile(extra={"--coffee": "yes"}), "This scanner has no option --coffee."),
    ):
        _, error = scan_and_fail(scanner, profile, folder)
        assert str(error) == words


def test_a_device_that_is_not_there(scanner: Scanner, folder: Path) -> None:
    with pytest.raises(ScannerError, match="is not connected"):
        list(scanner.scan("nosuch:0", QUICK, folder))
