"""Frames hold what the store holds, in documented types, of the person's own practices only."""

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
import sqlalchemy as sa

from tests.builders import Office, remittance_claim, remittance_file
from workbench.domain.identity import Actor
from workbench.era.message import Remittance
from workbench.frames import Frames
from workbench.frames.base import to_frame
from workbench.services.remittance_import import RemittanceImport
from workbench.storage.frame_selects import DepositFilter, claims_select
from workbench.storage.stores.deposit_lists import Sight

FRAMES = ("deposits", "claims", "service_lines", "adjustments", "provider_adjustments", "findings")


def frames(office: Office, who: Actor) -> Frames:
    return Frames(office.database, lambda: who)


def test_rows_and_figures(filled: Office) -> None:
    seen = frames(filled, filled.north_clerk)
    assert [len(getattr(seen, name)()) for name in FRAMES] == [1, 2, 2, 6, 1, 3]
    claims = seen.claims()
    assert claims["pcn"].tolist() == ["N-0", "N-1"]
    assert claims["paid_cents"].sum() == 11200
    assert seen.adjustments().groupby("group")["amount_cents"].sum().to_dict() == {"CO": 10000, "PR": 8800}
    assert seen.deposits()["unreconciled_cents"].tolist() == [-100]
    assert seen.provider_adjustments()["amount_cents"].tolist() == [100]
    assert seen.findings(code="CLAIM_NOT_FOUND", state="open")["segment"].notna().all()
    assert len(seen.findings(state="ignored")) == 0


# Not stated, or sent and not readable.
MAY_BE_MISSING = ("allowed_cents", "paid_stated_cents", "paid_received_cents")


def test_types_are_the_documented_ones_even_without_rows(filled: Office) -> None:
    seen = frames(filled, filled.north_clerk)
    for name in FRAMES:
        full, empty = getattr(seen, name)(), getattr(seen, name)(deposit_id=-1)
        assert len(empty) == 0
        assert full.dtypes.to_dict() == empty.dtypes.to_dict()
        for column, dtype in full.dtypes.items():
            if str(column).endswith("_cents") and column not in MAY_BE_MISSING:
                assert dtype == "int64", f"{name}.{column}"
    claims = seen.claims().dtypes
    assert claims["service_from"] == pd.ArrowDtype(pa.date32())
    assert claims["allowed_cents"] == pd.ArrowDtype(pa.int64())
    assert claims["pcn"] == pd.ArrowDtype(pa.string())
    assert claims["included"] == "bool"
    assert seen.deposits().dtypes["received_at"] == pd.ArrowDtype(pa.timestamp("us", tz="UTC"))


def test_nobody_sees_another_practice(filled: Office) -> None:
    for who, trace in ((filled.north_clerk, "N'1%"), (filled.south_clerk, "S1")):
        for name in FRAMES:
            assert set(getattr(frames(filled, who), name)()["check_number"]) <= {trace}
    nobody = Actor(1, "x", "x", frozenset(), filled.north_clerk.permissions)
    assert len(frames(filled, nobody).deposits()) == 0
    assert frames(filled, filled.south_clerk).imports()["file_name"].tolist() == ["S.835"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 2),
        ({"since": date(2026, 2, 1)}, 1),
        ({"until": date(2026, 1, 31)}, 1),
        ({"payer": "acme"}, 2),
        ({"payer": "'; DROP TABLE deposits; --"}, 0),
        ({"payer": "%"}, 0),
        ({"payer": "\\"}, 0),
        ({"status": "NEW"}, 2),
        ({"status": "IGNORE"}, 0),
        ({"deposit_id": []}, 0),
    ],
)
def test_filters(filled: Office, filters: dict[str, object], found: int) -> None:
    assert len(frames(filled, filled.supervisor).deposits(**filters)) == found


def test_several_deposits_by_id(filled: Office) -> None:
    seen = frames(filled, filled.supervisor)
    ids = seen.deposits()["id"].tolist()
    assert len(seen.claims(deposit_id=ids)) == 3
    assert len(seen.claims(deposit_id=ids[0])) == 2


def test_imports_tell_every_attempt(filled: Office) -> None:
    RemittanceImport(filled.database).import_remittance(filled.supervisor, "junk", b"junk")
    log = frames(filled, filled.supervisor).imports()
    assert log["outcome"].tolist() == ["new", "new", "rejected"]
    assert log["user"].tolist() == ["Supervisor"] * 3
    assert len(frames(filled, filled.supervisor).imports(outcome="rejected")) == 1
    assert len(frames(filled, filled.supervisor).imports(since=date(2999, 1, 1))) == 0


def test_a_frame_shows_what_was_committed_a_moment_ago(filled: Office) -> None:
    seen = frames(filled, filled.supervisor)
    before = len(seen.deposits())
    payment = Remittance(
        5600, "LATER", "ACME HEALTH", "Any", date(2026, 3, 1), claims=(remittance_claim("L"),)
    )
    RemittanceImport(filled.database).import_remittance(
        filled.supervisor, "later", remittance_file(payment, control=3)
    )
    assert len(seen.deposits()) == before + 1


def test_a_fault_of_the_query_is_an_exception_and_the_next_query_works(filled: Office) -> None:
    wrong = sa.select(sa.literal_column("no_such_column", sa.Integer).label("x")).select_from(
        sa.text("deposits")
    )
    with pytest.raises(Exception, match=r"(?i)ProgrammingError"):
        filled.database.arrow(wrong)
    assert len(frames(filled, filled.supervisor).deposits()) == 2


def test_one_reader_serves_all_queries_and_a_dead_one_is_replaced(filled: Office) -> None:
    if filled.database.dialect != "sqlite":
        pytest.skip("PostgreSQL is read in this process")
    seen = frames(filled, filled.supervisor)
    seen.deposits()
    worker = filled.database._arrow._worker
    seen.claims()
    assert filled.database._arrow._worker is worker
    assert worker is not None
    worker.kill()
    worker.wait()
    assert len(seen.deposits()) == 2


def test_a_column_may_begin_with_many_nulls(filled: Office) -> None:
    """The driver takes types from the first rows it meets; ours come from the columns."""
    statement = claims_select(DepositFilter(), Sight((filled.north,), unassigned=False))
    frame = to_frame(filled.database.arrow(statement))
    assert frame["claim_id"].isna().all()
    assert frame["claim_id"].dtype == pd.ArrowDtype(pa.int64())
