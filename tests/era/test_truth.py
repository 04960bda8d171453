"""Every sample file against TRUTH.tsv, which was counted by other programs (see its folder's README)."""

import csv
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from workbench.era import EraFile, read_remittances
from workbench.reconcile.balancing import balance

SAMPLES = Path(__file__).parents[3] / "shared/samples/era"
MONEY = ("bpr", "chg", "paid", "pr", "CO", "PR", "OA", "PI", "CR", "plb_sum")
# TRUTH.tsv says 0 for all of this file, whose terminator is the line end and which begins with a text.
MISREAD_IN_TRUTH = "irobayna__stupidedi/2_1.edi"

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not on this machine")


def truth() -> list[dict[str, str]]:
    table = SAMPLES / "TRUTH.tsv"
    return list(csv.DictReader(table.open(), delimiter="\t")) if table.exists() else []


def total(table: pa.Table, column: str) -> int:
    return pc.sum(table[column]).as_py() or 0


def figures(file: EraFile) -> dict[str, int]:
    """The columns of TRUTH.tsv, money in cents."""
    balanced = balance(
        file.remittances, file.claims, file.service_lines, file.adjustments, file.provider_adjustments
    )
    groups = {
        group: total(file.adjustments.filter(pc.equal(file.adjustments["group"], group)), "amount_cents")
        for group in ("CO", "PR", "OA", "PI", "CR")
    }
    # TRUTH counts a transaction without an SE as one with a wrong SE01.
    wrong_ends = [finding for finding in file.findings if finding.context.get("element") == "SE01"]
    missing_ends = [finding for finding in file.findings if finding.message == "An ST without its SE."]
    return {
        "st": len(file.remittances),
        "bpr": total(file.remittances, "amount_cents"),
        "clp": len(file.claims),
        "svc": len(file.service_lines),
        "triplets": len(file.adjustments),
        "plb_items": len(file.provider_adjustments),
        "chg": total(file.claims, "charge_cents"),
        "paid": total(file.claims, "paid_cents"),
        "pr": total(file.claims, "patient_responsibility_cents"),
        **groups,
        "plb_sum": total(file.provider_adjustments, "amount_cents"),
        "claims_unbalanced": int((balanced.claim_gaps != 0).sum()),
        "svc_unbalanced": int((balanced.line_gaps != 0).sum()),
        "tx_unbalanced": int((balanced.remittance_gaps != 0).sum()),
        "se_wrong": len(wrong_ends) + len(missing_ends),
    }


@pytest.mark.parametrize(
    "row", [row for row in truth() if row["file"] != MISREAD_IN_TRUTH], ids=lambda row: row["file"]
)
def test_sample_gives_the_figures_of_truth(row: dict[str, str]) -> None:
    found = figures(read_remittances((SAMPLES / row["file"]).read_bytes(), file_name=row["file"]))
    expected = {name: int(Decimal(row[name]) * 100) if name in MONEY else int(row[name]) for name in found}
    assert found == expected


def test_where_truth_is_wrong_the_segments_prove_it() -> None:
    """`2_1.edi` is X12: `+` between elements, `>` between components, the line end after segments.

    TRUTH.tsv has zeros throughout. The lines of the file itself, taken apart by `split`, say otherwise.
    """
    data = (SAMPLES / MISREAD_IN_TRUTH).read_bytes()
    row = next(row for row in truth() if row["file"] == MISREAD_IN_TRUTH)
    assert (row["st"], row["clp"], row["bpr"]) == ("0", "0", "0")
    segments = [line.split("+") for line in data.decode("latin-1").split("\r\n")]
    by_id = {
        name: [each for each in segments if each[0] == name] for name in ("ST", "BPR", "CLP", "CAS", "PLB")
    }
    found = figures(read_remittances(data, file_name=MISREAD_IN_TRUTH))

    def cents(texts: list[str]) -> int:
        return int(sum(Decimal(text) for text in texts) * 100)

    assert found["st"] == len(by_id["ST"]) == 1
    assert found["clp"] == len(by_id["CLP"]) == 2
    assert found["bpr"] == cents([each[2] for each in by_id["BPR"]]) == 15_000_000
    assert found["chg"] == cents([each[3] for each in by_id["CLP"]])
    assert found["paid"] == cents([each[4] for each in by_id["CLP"]])
    assert found["CO"] == cents([each[3] for each in by_id["CAS"]])
    assert found["plb_sum"] == cents([each[4] for each in by_id["PLB"]]) == -127
    assert found["tx_unbalanced"] == 0
