"""`workbench import`: the fixed JSON, the exit codes, and what is said about files that are no 835."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, imported, workbench

SAMPLES = ROOT / "data" / "samples"


def outcome_of(path: Path) -> tuple[int, str]:
    """Exit code and outcome."""
    done = workbench("import", path, "--json")
    (file,) = json.loads(done.stdout)["files"]
    return done.returncode, file["outcome"]


def test_the_json_has_the_fixed_shape(home: Path) -> None:
    """Figures added up by hand from the three claims of the file."""
    path = SAMPLES / "balanced.835"
    done = workbench("import", path, "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert list(document) == ["files"]
    (file,) = document["files"]
    assert list(file) == ["path", "sha256", "outcome", "findings", "deposits"]
    assert file["path"] == str(path)
    assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert file["outcome"] == "new"
    assert file["deposits"] == [
        {
            "id": 1,
            "check_number": "BMHP2601029001",
            "payer": "BLUE MEADOW HEALTH PLAN",
            "amount": "993.60",  # BPR02
            "claims": 3,
            "service_lines": 4,
            "charged": "3200.00",  # 1235 + 1205 + 760
            "paid": "993.60",  # 442 + 319.60 + 232
            "patient_responsibility": "278.00",  # 0 + 238 + 40
            "adjustments": {
                "CO": "1928.40",  # 793 + 427 + 220.40 + 488
                "PR": "278.00",
                "OA": "0.00",
                "PI": "0.00",
                "CR": "0.00",
            },
            "provider_adjustments": "0.00",
            "unbalanced": False,
            "unbalanced_claims": 0,
            "unbalanced_lines": 0,
        }
    ]


def test_findings_name_the_segment(home: Path) -> None:
    (file,) = imported(SAMPLES / "unbalanced.835")
    assert file["outcome"] == "new"
    (deposit,) = file["deposits"]
    assert (deposit["unbalanced"], deposit["unbalanced_claims"], deposit["unbalanced_lines"]) == (True, 1, 1)
    found = {finding["code"]: finding for finding in file["findings"]}
    assert {"TX_UNBALANCED", "CLAIM_UNBALANCED", "LINE_UNBALANCED"} <= set(found)
    assert set(found["LINE_UNBALANCED"]) == {"code", "severity", "level", "segment", "message"}
    segments = (SAMPLES / "unbalanced.835").read_text().split("~")
    first_line = next(
        number for number, text in enumerate(segments, start=1) if text.strip().startswith("SVC")
    )
    assert found["LINE_UNBALANCED"]["segment"] == first_line
    assert (found["LINE_UNBALANCED"]["severity"], found["LINE_UNBALANCED"]["level"]) == ("blocking", "line")


def test_exit_codes(home: Path, tmp_path: Path) -> None:
    assert outcome_of(SAMPLES / "balanced.835") == (0, "new")
    assert outcome_of(SAMPLES / "balanced.835") == (0, "duplicate")
    assert outcome_of(SAMPLES / "not-an-835.txt") == (1, "rejected")
    # The same payment (payer, trace, amount, day) with another claim charge: somebody must look.
    doubtful = tmp_path / "again.835"
    text = (SAMPLES / "balanced.835").read_text()
    doubtful.write_text(text.replace("CLP*SAMPLEHA100515*1*1235*", "CLP*SAMPLEHA100515*1*1236*"))
    assert doubtful.read_text() != text
    assert outcome_of(doubtful) == (1, "doubtful")


@pytest.mark.parametrize(
    "arguments",
    [
        ("import",),
        ("import", "no-such-file.835"),
        ("import", "--jsonx", "x"),
        ("impor", "x"),
        ("deposit",),
        ("deposit", "abc"),
        ("serve", "--port", "99999"),
        ("codes", "import", "no-such-file.csv"),
    ],
)
def test_a_wrong_call_ends_with_2_and_touches_nothing(home: Path, arguments: tuple[str, ...]) -> None:
    done = workbench(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert not home.exists()


def test_a_missing_path_among_good_ones_is_named_before_anything_is_imported(home: Path) -> None:
    done = workbench("import", SAMPLES / "balanced.835", "missing.835")
    assert done.returncode == 2
    assert "missing.835" in done.stderr
    assert "does not exist" in done.stderr
    assert not home.exists()


def test_the_whole_of_a_damaged_file_that_can_be_read_is_loaded(home: Path) -> None:
    """The second payment breaks off; its neighbour is whole."""
    done = workbench("import", SAMPLES / "damaged.835", "--json")
    (file,) = json.loads(done.stdout)["files"]
    whole = file["deposits"][0]
    assert (whole["claims"], whole["amount"], whole["unbalanced"]) == (2, "559.45", False)
    broken = [finding for finding in file["findings"] if finding["severity"] == "critical"]
    assert broken
    assert all(finding["message"] for finding in broken)


def test_an_archive_and_a_folder(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    (folder / "june").mkdir(parents=True)
    shutil.copy(SAMPLES / "archive.zip", folder)
    shutil.copy(SAMPLES / "unbalanced.835", folder / "june")
    files = imported(folder)
    assert [(file["path"].removeprefix(f"{folder}/"), file["outcome"]) for file in files] == [
        ("archive.zip/balanced-again.835", "new"),
        ("archive.zip/june/version-4010.835", "new"),
        ("june/unbalanced.835", "new"),
    ]
    assert [file["outcome"] for file in imported(SAMPLES / "version-4010.835")] == ["duplicate"]


def test_a_damaged_archive_is_rejected_with_a_reason(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes((SAMPLES / "archive.zip").read_bytes()[:200])
    done = workbench("import", path, "--json")
    assert done.returncode == 1
    (file,) = json.loads(done.stdout)["files"]
    assert (file["outcome"], file["deposits"], file["findings"][0]["code"]) == (
        "rejected",
        [],
        "FILE_UNREADABLE",
    )


@pytest.mark.parametrize("content", [b"", b"\x00" * 5000, b"ISA", b"ISA*00*", bytes(range(256)) * 40])
def test_rubbish_is_rejected_in_plain_words(home: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rubbish.835"
    path.write_bytes(content)
    done = workbench("import", path)
    assert done.returncode == 1
    assert "rejected" in done.stdout
    assert "Traceback" not in done.stderr
    assert not (home / "faults.log").exists()


def test_the_table_for_people_has_a_line_per_file(home: Path) -> None:
    done = workbench("import", SAMPLES / "balanced.835", SAMPLES / "not-an-835.txt")
    heading, first, second = done.stdout.splitlines()
    assert heading.split() == ["File", "Outcome", "Deposits", "Amount", "($)", "Findings"]
    assert first.split()[:4] == [str(SAMPLES / "balanced.835"), "new", "1", "993.60"]
    assert second.split()[:2] == [str(SAMPLES / "not-an-835.txt"), "rejected"]


def test_a_store_that_cannot_be_opened_is_a_message(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DATABASE_URL", "oracle://elsewhere")
    done = workbench("import", SAMPLES / "balanced.835")
    assert done.returncode == 1
    assert "WORKBENCH_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_the_program_is_a_reference_number_and_no_data(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database file that is none: the driver raises, and its text stays out of the terminal and the log."""
    home.mkdir()
    (home / "workbench.sqlite3").write_text("CANARY " * 1000)
    done = workbench("import", SAMPLES / "balanced.835")
    assert done.returncode == 70
    assert "Reference " in done.stderr
    reference = done.stderr.split("Reference ")[1][:8]
    log = (home / "faults.log").read_text()
    assert reference in log
    assert "DatabaseError" in log
    assert "CANARY" not in log + done.stderr
