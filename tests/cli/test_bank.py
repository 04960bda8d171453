"""`workbench bank import`, `match`, `report`, `export` as a person calls them."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet

from tests.cli.commands import workbench

STATEMENT = """01,BANK,OFFICE,261103,0600,1,,,2/
02,OFFICE,BANK,1,261102,2359,USD,2/
03,00012345,USD,010,10000,,,015,15000,,/
16,165,5000,0,R1,,HCCLAIMPMT TRN*1*12345*1512345678\\
49,30000,3/
98,30000,1,5/
99,30000,1,7/
"""
REMITTANCE = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*OFFICE         *261102*1200*^*00501*000000001*0*P*:~"
    "GS*HP*PAYER*OFFICE*20261102*1200*1*X*005010X221A1~ST*835*0001~"
    "BPR*I*50*C*ACH*CCP*01*000000000*DA*1*1512345678**01*000000000*DA*2*20261102~TRN*1*12345*1512345678~"
    "DTM*405*20261102~N1*PR*ACME HEALTH~N1*PE*NORTH*XX*1000000004~LX*1~CLP*A1*1*80*50*0*12*ICN1~"
    "CAS*CO*45*30~NM1*QC*1*ALDER*ADA~SVC*HC:99213*80*50**1~DTM*472*20261020~CAS*CO*45*30~SE*14*0001~GE*1*1~IEA*1*000000001~"
)


def test_statement_to_report(home: Path, tmp_path: Path) -> None:
    bank, era = tmp_path / "day.bai", tmp_path / "day.835"
    bank.write_text(STATEMENT)
    era.write_text(REMITTANCE)
    imported = workbench("bank", "import", bank, "--json")
    assert imported.returncode == 0, imported.stderr
    (file,) = json.loads(imported.stdout)["files"]
    assert (file["outcome"], file["kind"], file["lines"], file["new_lines"]) == ("new", "BAI2", 1, 1)
    assert (file["credits"], file["debits"], file["accounts"]) == ("50.00", "0.00", ["00012345"])
    assert (
        json.loads(workbench("bank", "import", bank, "--json").stdout)["files"][0]["outcome"] == "duplicate"
    )

    assert json.loads(workbench("import", era, "--json").stdout)["files"][0]["outcome"] == "new"
    matched = json.loads(workbench("match", "--json").stdout)
    assert matched["confirmed"] == {"count": 1, "amount": "50.00"}
    assert matched["unmatched_lines"]["count"] == 0

    period = ("--from", "2026-11-01", "--to", "11/30/2026")
    document = json.loads(workbench("report", "reconciliation", *period, "--format", "json").stdout)
    assert (document["count"], document["totals"]["deposit"]) == (1, "50.00")
    read = list(
        csv.reader(io.StringIO(workbench("report", "reconciliation", *period).stdout.removeprefix("\ufeff")))
    )
    assert (len(read), read[1][6]) == (3, "50.00")
    for form, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        target = tmp_path / f"report.{form}"
        done = workbench("report", "snapshot", *period, "--group", "payer", "--format", form, "-o", target)
        assert done.returncode == 0, done.stderr
        assert target.read_bytes().startswith(start)

    written = workbench("export", "deposits", tmp_path / "deposits.parquet")
    assert written.returncode == 0, written.stderr
    assert pyarrow.parquet.read_table(tmp_path / "deposits.parquet")["deposit_cents"].to_pylist() == [5000]


def test_a_new_table_is_read_once_its_profile_has_a_name(home: Path, tmp_path: Path) -> None:
    table = tmp_path / "bank.csv"
    table.write_text("Date,Description,Amount\n11/02/2026,PAYER A,10.00\n")
    refused = workbench("bank", "import", table)
    assert (refused.returncode, "column profile" in refused.stdout) == (1, True)
    taken = workbench("bank", "import", table, "--profile", "Our bank", "--account", "777", "--json")
    assert json.loads(taken.stdout)["files"][0]["new_lines"] == 1


def test_an_account_is_given_a_name(home: Path, tmp_path: Path) -> None:
    bank = tmp_path / "day.bai"
    bank.write_text(STATEMENT)
    assert workbench("bank", "import", bank).returncode == 0
    assert workbench("bank", "account", "00012345", "--name", "Operating").returncode == 0
    listed = json.loads(workbench("bank", "accounts", "--json").stdout)
    assert listed == {"accounts": [{"number": "00012345", "name": "Operating", "practice": None}]}
    unknown = workbench("bank", "account", "999")
    assert (unknown.returncode, "00012345" in unknown.stderr) == (1, True)
    assert workbench("bank", "account", "00012345", "--practice", "Nowhere").returncode == 1


def test_wrong_names_are_refused_in_plain_words(home: Path, tmp_path: Path) -> None:
    unknown = workbench("export", "secrets", tmp_path / "x.csv")
    assert unknown.returncode == 1
    assert "deposits" in unknown.stderr
    assert workbench("export", "deposits", tmp_path / "x.doc").returncode == 1
    group = workbench("report", "snapshot", "--from", "2026-11-01", "--to", "2026-11-30", "--group", "moon")
    assert (group.returncode, "payer" in group.stderr) == (1, True)
    assert workbench("report", "reconciliation", "--from", "yesterday", "--to", "2026-11-30").returncode == 2
