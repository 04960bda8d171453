"""`workbench deposits`, `deposit` and `findings`, on the tracked samples: figures added up by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import ROOT, imported, workbench

SAMPLES = ROOT / "data" / "samples"


def answer(*arguments: str) -> Any:
    done = workbench(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.fixture
def two(home: Path) -> None:
    """Deposit 1 ties out, deposit 2 does not. No claim of theirs is ours, no payer and practice either."""
    imported(SAMPLES / "balanced.835", SAMPLES / "unbalanced.835")


@pytest.mark.usefixtures("two")
def test_deposits_with_totals() -> None:
    document = answer("deposits")
    assert [row["id"] for row in document["deposits"]] == [1, 2]
    first = document["deposits"][0]
    wanted = {
        "type": "ERA",
        "status": "NEW",
        "deposited": "2026-01-02",  # BPR16, the money came by ACH
        "production": "2026-01-01",  # DTM*405
        "check_number": "BMHP2601029001",
        "payer": "BLUE MEADOW HEALTH PLAN",
        "pay_method": "ACH",
        "deposit": "993.60",
        "payments": "993.60",
        "adjustments": "1928.40",  # CO-45 only
        "exclusions": "0.00",
        "reported": "0.00",
        "balance": "-1928.40",  # 993.60 - 993.60 - 1928.40
        "unreconciled": "0.00",
        "claims": 3,
        "import_file": "balanced.835",
    }
    assert {name: first[name] for name in wanted} == wanted
    # The second transfer is a dollar short of its claims.
    second = document["deposits"][1]
    assert second["unreconciled"] == "-1.00"
    assert document["totals"]["deposits"] == 2
    assert document["totals"]["unreconciled"] == "-1.00"


@pytest.mark.usefixtures("two")
def test_one_deposit_with_its_claims() -> None:
    document = answer("deposit", "1")
    assert document["deposit"]["service_lines"] == 4
    assert document["deposit"]["transaction_gap"] == "0.00"
    assert "993.60" in document["deposit"]["balance_explained"]
    assert document["provider_adjustments"] == []
    claims = document["claims"]
    assert [claim["claim_xref"] for claim in claims] == ["SAMPLEHA100515", "SAMPLEHA100367", "SAMPLEHA100557"]
    wanted = {
        "claim_id": None,
        "remit_status": "1",
        "charge": "1205.00",
        "paid": "319.60",
        "allowed": "557.60",  # AMT*B6 238.00 + 319.60
        "deductible": "238.00",  # PR-1
        "coinsurance": "0.00",
        "copay": "0.00",
        "adjustments": "647.40",  # CO-45 427.00 + 220.40
        "information": "238.00",
        "service_from": "2025-10-28",
    }
    assert {name: claims[1][name] for name in wanted} == wanted


@pytest.mark.usefixtures("two")
def test_findings_of_all_deposits_of_one_and_of_one_kind() -> None:
    everything = answer("findings")["findings"]
    assert {finding["deposit"] for finding in everything} == {1, 2}
    of_one = answer("findings", "--deposit", "2")["findings"]
    assert of_one == [finding for finding in everything if finding["deposit"] == 2]
    (transaction,) = answer("findings", "--code", "TX_UNBALANCED")["findings"]
    assert (transaction["deposit"], transaction["severity"], transaction["level"]) == (
        2,
        "critical",
        "deposit",
    )
    assert "1.00" in transaction["message"]


@pytest.mark.usefixtures("two")
def test_the_tables_for_people() -> None:
    deposits = workbench("deposits").stdout.splitlines()
    assert len(deposits) == 3
    details = workbench("deposit", "1").stdout
    for name in (
        *("ID", "Type", "Status", "Deposited", "Production", "Check #", "Payer", "Pay. Method", "Pay. Type"),
        *("Deposit ($)", "Payments ($)", "Adjustment ($)", "Balance ($)", "Unreconciled ($)"),
        *("Claim XRef", "Claim ID", "Charged", "Paid", "Adjustments", "Information"),
    ):
        assert name in details
    assert "-1,928.40" in details


def test_a_deposit_that_is_not_there_is_a_message(home: Path) -> None:
    done = workbench("deposit", "7", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Deposit 7 was not found.\n"


def test_an_empty_store_has_no_deposits_and_no_findings(home: Path) -> None:
    assert answer("deposits")["deposits"] == []
    assert answer("findings") == {"findings": []}


def test_all_claims_of_the_large_deposit_are_in_the_json(demo_home: Path) -> None:
    large = next(row["id"] for row in at_home(demo_home, "deposits")["deposits"] if row["claims"] == 10_000)
    claims = at_home(demo_home, "deposit", str(large))["claims"]
    assert len({claim["id"] for claim in claims}) == 10_000


def at_home(home: Path, *arguments: str) -> Any:
    done = workbench(*arguments, "--json", home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
