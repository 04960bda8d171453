"""Every public sample gives the figures of its table of truth, alone in a home and together in one."""

import csv
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import SAMPLES, imported

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason=f"the public samples are not at {SAMPLES}")
GROUPS = ("CO", "PR", "OA", "PI", "CR")


def truth() -> list[dict[str, str]]:
    if not SAMPLES.exists():
        return []
    with (SAMPLES / "TRUTH.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


TRUTH = truth()
# The table calls this file empty, since prose stands before its ISA and it has delimiters of its own. It is
# the same example of the implementation guide as its neighbour, whose row is right for both: one ST, BPR02
# 150000.00, two CLP
# (211366.97 - 73348.57 = 138018.40 and 15000.00 - 3019.67 = 11980.33), PLB -1.27, and
# 138018.40 + 11980.33 + 1.27 = 150000.00.
SAME_SEGMENTS = {
    "irobayna__stupidedi/2_1.edi": "irobayna__stupidedi/dollars-and-data-sent-together.edi",
}
ROWS = {row["file"]: row for row in TRUTH}


def expected(row: dict[str, str]) -> dict[str, Decimal]:
    """Amounts and counts by our names."""
    row = ROWS[SAME_SEGMENTS.get(row["file"], row["file"])]
    names = {
        "deposits": "st",
        "amount": "bpr",
        "claims": "clp",
        "service_lines": "svc",
        "charged": "chg",
        "paid": "paid",
        "patient_responsibility": "pr",
        "provider_adjustments": "plb_sum",
        "unbalanced": "tx_unbalanced",
        "unbalanced_claims": "claims_unbalanced",
        "unbalanced_lines": "svc_unbalanced",
    } | {group: group for group in GROUPS}
    return {name: Decimal(row[column]) for name, column in names.items()}


def totals(file: dict[str, Any]) -> dict[str, Decimal]:
    """The same figures of one file of the JSON, summed over its deposits."""
    deposits = file["deposits"]

    def total(values: Iterable[Any]) -> Decimal:
        return sum((Decimal(value) for value in values), Decimal(0))

    names = (
        *("amount", "claims", "service_lines", "charged", "paid", "patient_responsibility"),
        *("provider_adjustments", "unbalanced", "unbalanced_claims", "unbalanced_lines"),
    )
    figures = {name: total(deposit[name] for deposit in deposits) for name in names}
    groups = {group: total(deposit["adjustments"][group] for deposit in deposits) for group in GROUPS}
    return {"deposits": Decimal(len(deposits))} | figures | groups


@pytest.mark.parametrize("row", TRUTH, ids=lambda row: row["file"])
def test_a_sample_alone_in_a_fresh_home(row: dict[str, str]) -> None:
    (file,) = imported(SAMPLES / row["file"])
    assert totals(file) == expected(row)
    assert (file["outcome"] == "rejected") == (not file["deposits"])


def test_all_samples_into_one_home(home: Path) -> None:
    paths = [SAMPLES / row["file"] for row in TRUTH]
    files = imported(*paths, home=home)
    assert {file["path"]: totals(file) for file in files} == {
        str(path): expected(row) for path, row in zip(paths, TRUTH, strict=True)
    }


def test_all_samples_again_store_nothing_new(home: Path) -> None:
    folders = sorted({(SAMPLES / row["file"]).parent for row in TRUTH})
    first = imported(*folders, home=home)
    again = imported(*folders, home=home)
    taken = {file["sha256"] for file in first if file["outcome"] != "rejected"}
    assert {file["outcome"] for file in again if file["sha256"] in taken} == {"duplicate"}

    def ids(files: list[dict[str, Any]]) -> set[int]:
        return {deposit["id"] for file in files for deposit in file["deposits"]}

    assert ids(again) == ids(first)
