"""`workbench claims import`: what an office billed, exactly once."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import workbench

pytestmark = pytest.mark.usefixtures("demo_copy")
TABLE = """NPI,Claim number,Last name,First name,Service date,Procedure,Charge,Units
2100000019,CLI-1,FIRFIELD,CORAL,03/02/2026,00811,855.00,45
2100000019,CLI-2,ELMSTONE,SAGE,03/03/2026,99213,165.00,1
"""


def outcome(path: Path) -> tuple[int, dict[str, Any]]:
    done = workbench("claims", "import", path, "--json")
    (file,) = json.loads(done.stdout)["files"]
    return done.returncode, file


def test_a_table_comes_in_once(tmp_path: Path) -> None:
    path = tmp_path / "billed.csv"
    path.write_text(TABLE)
    code, file = outcome(path)
    assert (code, file["outcome"], file["findings"]) == (0, "new", [])
    assert file["claims"] == {"new": 2, "known": 0, "replaced": 0, "voided": 0, "left_out": 0}
    code, file = outcome(path)
    assert (code, file["outcome"]) == (0, "duplicate")


def test_what_is_no_table_of_claims_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear biller,\n")
    code, file = outcome(path)
    assert (code, file["outcome"]) == (1, "rejected")
    assert file["findings"][0]["message"]
    assert workbench("claims", "import", tmp_path / "absent.csv").returncode == 2
