"""`workbench batch` and `workbench images`, as a person or a script calls them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import workbench
from tests.images import pictures
from workbench.app import open_workbench


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A picture, a fax of three pages, and a program."""
    contents = {
        "page.png": pictures.saved(pictures.page(1, 425, 550), "PNG", dpi=(50, 50)),
        "fax.tif": pictures.tiff((1, 2, 3)),
        "logo.exe": b"MZ" + bytes(300),
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in contents]


@pytest.fixture(autouse=True)
def office(home: Path) -> None:
    """Two practices, so that one has to be named."""
    desk = open_workbench()
    with desk.database.transaction() as stores:
        north = stores.office.add_practice("North Anesthesia")
        stores.office.add_practice("South Pain Clinic")
        stores.office.add_facility("St. Mary", [north])
        payer = stores.office.add_payer("ACME HEALTH")
        stores.office.add_plan(payer, "ACME Gold")
    desk.close()


def answer(*arguments: str | Path, code: int = 0) -> dict[str, Any]:
    done = workbench(*arguments, "--json")
    assert done.returncode == code, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def create(*more: str) -> int:
    made = answer("batch", "create", "--type", "charge", "--practice", "north anesthesia", *more)
    return int(made["batch_id"])


def test_create_import_post_list(files: list[Path]) -> None:
    batch_id = create("--description", "March", "--facility", "St. Mary", "--date-of-service", "01/05/2026")
    done = answer("batch", "import", str(batch_id), *files, code=1)
    assert [(each["name"], each["outcome"], each["pages"]) for each in done["files"]] == [
        ("page.png", "imported", 1),
        ("fax.tif", "imported", 3),
        ("logo.exe", "refused", 0),
    ]
    assert done["files"][2]["reason"] == "logo.exe is not an image or PDF."
    assert done["files"][0]["set_id"] == done["files"][1]["set_id"], "by default all go into one new set"

    refused = workbench("batch", "post", str(batch_id))
    assert refused.returncode == 1
    assert "logo.exe" in refused.stderr
    posted = answer("batch", "post", str(batch_id), "--dismiss-failed")
    assert posted == {"batch_id": batch_id, "status": "Posted"}

    (row,) = answer("batch", "list", "--status", "posted")["batches"]
    assert (row["batch_id"], row["practice"], row["facility"], row["date_of_service"], row["images"]) == (
        batch_id,
        "North Anesthesia",
        "St. Mary",
        "2026-01-05",
        4,
    )
    assert answer("batch", "list", "--status", "unposted") == {"batches": [], "total": 0}


def test_one_set_per_file_or_a_chosen_set(files: list[Path]) -> None:
    batch_id = create()
    done = answer("batch", "import", str(batch_id), *files[:2], "--set", "per-file")
    first, second = (each["set_id"] for each in done["files"])
    assert first != second
    again = answer("batch", "import", str(batch_id), files[0], "--set", str(second))
    assert again["files"][0]["set_id"] == second
    (place,) = again["files"][0]["duplicates"]
    assert (place["batch_id"], place["set_id"]) == (batch_id, first)
    wrong = workbench("batch", "import", str(batch_id), files[0], "--set", "somewhere")
    assert wrong.returncode == 1
    assert "new, per-file, separators, blanks or a Set ID" in wrong.stderr


def test_the_scan_inbox_and_the_separator_sheet(files: list[Path], home: Path, tmp_path: Path) -> None:
    batch_id = create()
    practice = answer("batch", "list")["batches"][0]["practice"]
    assert practice == "North Anesthesia"
    inbox = home / "inbox" / "1"
    inbox.mkdir(parents=True)
    sheet = tmp_path / "sheet.pdf"
    assert answer("batch", "separator-sheet", str(sheet)) == {"path": str(sheet)}
    for number, (name, source) in enumerate([("1.jpg", files[0]), ("2.pdf", sheet), ("3.jpg", files[0])]):
        (inbox / name).write_bytes(source.read_bytes())
        os.utime(inbox / name, (number, number))
    (inbox / "4.txt").write_bytes(b"x")
    os.utime(inbox / "4.txt", (4, 4))
    done = answer("batch", "inbox", str(batch_id), "--set", "separators", code=1)
    assert [(each["pages"], each["left_out"]) for each in done["files"]] == [(1, 0), (0, 1), (1, 0), (0, 0)]
    first, _, last, refused = done["files"]
    assert first["set_id"] != last["set_id"]
    assert refused["reason"] == "4.txt is not an image or PDF."
    assert [path.name.split("-")[-1] for path in inbox.rglob("*") if path.is_file()] == ["4.txt"]


def test_a_plan_brings_its_payer() -> None:
    made = answer(
        "batch", "create", "--type", "payment", "--practice", "North Anesthesia", "--plan", "ACME Gold"
    )
    (row,) = answer("batch", "list", "--text", str(made["batch_id"]))["batches"]
    assert (row["payer"], row["plan"]) == ("ACME HEALTH", "ACME Gold")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("batch", "create", "--type", "charge"), "Choose a practice."),
        (("batch", "create", "--type", "charge", "--practice", "East"), "no practice of that name"),
        (("batch", "post", "77"), "Batch 77 was not found."),
    ],
)
def test_refusals_are_words_and_exit_code_1(arguments: tuple[str, ...], words: str) -> None:
    done = workbench(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr


def test_verify_finds_what_is_damaged_missing_and_orphaned(files: list[Path], home: Path) -> None:
    answer("batch", "import", str(create()), files[0])
    sound = answer("images", "verify")
    assert (sound["missing"], sound["damaged"], sound["orphaned"]) == ([], [], [])
    stored = sorted(path for path in (home / "images" / "objects").rglob("*") if path.is_file())
    damaged, missing = stored[0], stored[1]
    damaged.chmod(0o600)
    damaged.write_bytes(b"not what it was")
    missing.unlink()
    orphan = home / "images" / "objects" / "00" / ("0" * 64)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"")
    found = answer("images", "verify", code=1)
    assert found["damaged"] == sorted([damaged.name, orphan.name])
    assert found["missing"] == [missing.name]
    assert found["orphaned"] == [orphan.name]
    swept = answer("images", "sweep")
    assert swept["orphans"] == [orphan.name]
    assert swept["purged"] == {"batches": 0, "sets": 0, "images": 0}
