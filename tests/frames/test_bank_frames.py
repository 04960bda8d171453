"""The bank as DataFrames: lines and shares, of the person's own accounts only."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
import sqlalchemy as sa

from tests.builders import Office
from workbench.domain.identity import Actor
from workbench.errors import NotPermittedError
from workbench.frames import Frames
from workbench.services.bank.bank_desk import BankDesk
from workbench.storage.tables.deposits import deposits

STATEMENT = b"""01,BANK,OFFICE,261103,0600,1,,,2/
02,OFFICE,BANK,1,261102,2359,USD,2/
03,00012345,USD,010,0,,,015,5700,,/
16,165,5000,0,R1,,PAYER A/
16,165,700,0,R2,,INTEREST/
49,11400,4/
98,11400,1,6/
99,11400,1,8/
"""


@pytest.fixture
def banked(either_office: Office) -> Office:
    """Two lines on an account of North: one over two deposits, one open."""
    desk, clerk = BankDesk(either_office.database), either_office.north_clerk
    moment = datetime(2026, 11, 2, tzinfo=UTC)
    common = {
        "practice_id": either_office.north, "type": "ERA", "status": "NEW", "owner_id": clerk.user_id,
        "created_by_id": clerk.user_id, "deposited_date": date(2026, 11, 2), "received_at": moment, "created_at": moment,
    }  # fmt: skip
    with either_office.database.transaction() as stores:
        for cents in (3000, 2000):
            stores.connection.execute(sa.insert(deposits).values(**common, deposit_cents=cents))
    desk.imports.import_file(clerk, "day.bai", STATEMENT)
    desk.decisions.match(clerk, [1], [1, 2])
    return either_office


def frames(office: Office, who: Actor) -> Frames:
    return Frames(office.database, lambda: who)


def test_lines_and_shares_agree(banked: Office) -> None:
    found = frames(banked, banked.north_clerk)
    lines, shares = found.bank_lines(), found.bank_matches(state="confirmed")
    assert lines.amount_cents.tolist() == [5000, 700]
    assert lines.state.tolist() == ["split", "unmatched"]
    assert lines.match_id.tolist()[0] == shares.match_id.tolist()[0]
    assert shares[["bank_line_id", "deposit_id", "amount_cents"]].to_numpy().tolist() == [
        [1, 1, 3000],
        [1, 2, 2000],
    ]
    assert shares.score_percent.tolist() == [100, 100]
    assert lines.dtypes["posted_date"].pyarrow_dtype == pa.date32()
    assert str(lines.dtypes["amount_cents"]) == "int64"


def test_filters(banked: Office) -> None:
    found = frames(banked, banked.north_clerk)
    assert len(found.bank_lines(state="unmatched")) == 1
    assert len(found.bank_lines(since=date(2026, 11, 3))) == 0
    assert len(found.bank_lines(until=date(2026, 11, 2), account="00012345")) == 2
    assert len(found.bank_matches(state="proposed")) == 0


def test_other_practices_and_people_without_the_right_see_nothing(banked: Office) -> None:
    theirs = frames(banked, banked.south_clerk)
    assert len(theirs.bank_lines()) == len(theirs.bank_matches()) == 0
    with pytest.raises(NotPermittedError):
        frames(banked, replace(banked.north_clerk, permissions=frozenset())).bank_lines()
