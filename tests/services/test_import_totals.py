"""The totals kept on deposits and claims, proved by query over every public sample (spec deposits 4.2, 10)."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from tests.builders import Office, furnish_office
from workbench.domain.imports import ImportOutcome, Outcome
from workbench.frames import Frames
from workbench.services.deposits import Deposits
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import Database

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "era"
FILES = sorted(path for path in SAMPLES.rglob("*") if path.suffix != ".tsv" and path.is_file())
pytestmark = pytest.mark.skipif(not FILES, reason="the public samples are not on this machine")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('samples') / 'w.sqlite3'}")
    yield furnish_office(database)
    database.close()


@pytest.fixture(scope="module")
def outcomes(office: Office) -> list[ImportOutcome]:
    service = RemittanceImport(office.database)
    return [service.import_remittance(office.supervisor, path.name, path.read_bytes()) for path in FILES]


@pytest.fixture(scope="module")
def frames(office: Office, outcomes: list[ImportOutcome]) -> Frames:
    assert outcomes
    return Frames(office.database, lambda: office.supervisor)


def sums(rows: pd.DataFrame, by: str, columns: list[str], index: pd.Series) -> pd.DataFrame:
    """Sums per owner, 0 for an owner without rows."""
    return rows.groupby(by)[columns].sum().reindex(index.astype("int64"), fill_value=0)


def test_the_deposit_keeps_the_sums_of_its_claims(frames: Frames) -> None:
    deposits, claims = frames.deposits(), frames.claims()
    included = claims[claims["included"]]
    for kept, rows, column in (
        ("charged_cents", claims, "charge_cents"),
        ("patient_responsibility_cents", claims, "patient_responsibility_cents"),
        ("payments_cents", included, "paid_cents"),
        ("adjustments_cents", included, "adjustments_cents"),
        ("information_cents", included, "information_cents"),
        ("exclusions_cents", claims[~claims["included"]], "paid_stated_cents"),
    ):
        expected = sums(rows, "deposit_id", [column], deposits["id"])[column]
        assert deposits[kept].tolist() == expected.tolist(), kept
    assert deposits["claims_count"].sum() == len(claims)
    assert deposits["lines_count"].sum() == len(frames.service_lines())


def test_the_claim_keeps_the_sums_of_its_adjustments(frames: Frames) -> None:
    claims, rows = frames.claims(), frames.adjustments()
    kinds = {
        "adjustments_cents": rows["effect"] == "WRITE_OFF",
        "information_cents": rows["effect"] != "WRITE_OFF",
        "deductible_cents": (rows["group"] == "PR") & (rows["reason"] == "1"),
        "coinsurance_cents": (rows["group"] == "PR") & (rows["reason"] == "2"),
        "copay_cents": (rows["group"] == "PR") & (rows["reason"] == "3"),
        "claim_level_cents": rows["deposit_line_id"].isna(),
    }
    for kept, chosen in kinds.items():
        expected = sums(rows[chosen], "deposit_claim_id", ["amount_cents"], claims["id"])["amount_cents"]
        assert claims[kept].tolist() == expected.tolist(), kept


def test_lines_and_claims_add_up_or_know_their_gap(frames: Frames) -> None:
    """Spec 4.6, and 10: every balanced line has charge = paid + Adjustments + Information."""
    lines, claims, rows = frames.service_lines(), frames.claims(), frames.adjustments()
    at_line = rows[rows["deposit_line_id"].notna()].astype({"deposit_line_id": "int64"})
    adjusted = sums(at_line, "deposit_line_id", ["amount_cents"], lines["id"])["amount_cents"].to_numpy()
    assert (lines["charge_cents"] - adjusted - lines["paid_received_cents"] == lines["gap_cents"]).all()
    explained = claims["adjustments_cents"] + claims["information_cents"]
    assert (claims["charge_cents"] - explained - claims["paid_stated_cents"] == claims["gap_cents"]).all()


def test_the_transaction_gap_is_the_one_of_the_formula(frames: Frames) -> None:
    deposits, claims, plb = frames.deposits(), frames.claims(), frames.provider_adjustments()
    paid = sums(claims, "deposit_id", ["paid_stated_cents"], deposits["id"])["paid_stated_cents"].to_numpy()
    provider = sums(plb, "deposit_id", ["amount_cents"], deposits["id"])["amount_cents"].to_numpy()
    assert (paid - provider - deposits["deposit_cents"] == deposits["transaction_gap_cents"]).all()
    assert (deposits["provider_adjustments_cents"] == provider).all()


def test_every_deposit_is_accounted_for_to_the_cent(office: Office, frames: Frames) -> None:
    for deposit_id in frames.deposits()["id"]:
        flow = Deposits(office.database).money(office.supervisor, int(deposit_id))
        parts = (flow.payments_cents, flow.exclusions_cents, flow.reported_cents, flow.unreconciled_cents)
        assert flow.deposit_cents == sum(parts)


def test_counts_of_open_errors_are_those_of_the_errors(frames: Frames) -> None:
    deposits, claims, errors = frames.deposits(), frames.claims(), frames.findings(state="open")
    counted = errors[errors["severity"] != "warning"]
    for owners, column in ((deposits, "deposit_id"), (claims, "deposit_claim_id")):
        per_owner = counted[counted[column].notna()].groupby(column).size()
        expected = per_owner.reindex(owners["id"], fill_value=0)
        assert owners["open_errors"].tolist() == expected.tolist()


def test_imported_again_nothing_is_new(office: Office, outcomes: list[ImportOutcome], frames: Frames) -> None:
    before = len(frames.deposits()), len(frames.claims()), len(frames.findings())
    service = RemittanceImport(office.database)
    for path, first in zip(FILES, outcomes, strict=True):
        again = service.import_remittance(office.supervisor, path.name, path.read_bytes())
        rejected = first.outcome is Outcome.REJECTED
        assert again.outcome is (Outcome.REJECTED if rejected else Outcome.DUPLICATE)
        assert {deposit.id for deposit in again.deposits} <= {deposit.id for deposit in first.deposits}
    assert (len(frames.deposits()), len(frames.claims()), len(frames.findings())) == before


def test_no_reference_leads_nowhere(office: Office, outcomes: list[ImportOutcome]) -> None:
    """The bulk transaction does not check foreign keys; they hold all the same."""
    assert outcomes
    with office.database.reading() as stores:
        assert stores.connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
