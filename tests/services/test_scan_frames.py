"""The analyst's door to scan batches, on both engines."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest
import sqlalchemy as sa

from tests.builders import Office
from tests.services.scan_desk import Desk, furnish_desk, with_only
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.scan_batch.header import BatchHeader
from workbench.errors import NotPermittedError
from workbench.frames import Frames
from workbench.services.scan_batches.set_details import SetDetails
from workbench.storage.tables import batches as t


@pytest.fixture
def desk(either_office: Office) -> Desk:
    return furnish_desk(either_office)


def frames(desk: Desk, actor: Actor | None = None) -> Frames:
    return Frames(desk.database, lambda: actor or desk.boss)


def test_batches_sets_and_images_as_tables(desk: Desk) -> None:
    charge = desk.batch(2, 1, posted=True)
    payment = desk.batch(1, header=desk.payment_header())
    batches = frames(desk).scan_batches()
    assert batches[["id", "batch_type", "status", "sets", "images"]].to_numpy().tolist() == [
        [charge, "Charge", "Posted", 2, 3],
        [payment, "Payment", "Unposted", 1, 1],
    ]
    sets = frames(desk).image_sets(batch_id=charge)
    assert sets["images"].tolist() == [2, 1]
    assert sets["coding_status"].tolist() == ["Not Coded", "Not Coded"]
    images = frames(desk).images(status="Posted")
    assert images["page_no"].tolist() == [1, 2, 1]
    assert set(images["batch_id"]) == {charge}
    assert str(images["page_no"].dtype) == "int64"


def test_a_set_with_details_of_its_own(desk: Desk) -> None:
    charge, payment = desk.batch(1, 1), desk.batch(1, header=desk.payment_header())
    (_, _), (second, _) = desk.layout(charge)
    ((paid, _),) = desk.layout(payment)
    day = date(2026, 1, 3)
    details = SetDetails(desk.database)
    details.save(desk.boss, charge, second, BatchHeader(facility_id=desk.facility, date_of_service=day))
    details.save(desk.boss, payment, paid, BatchHeader(payer_id=desk.office.acme, plan_id=desk.plan))
    sets = frames(desk).image_sets().convert_dtypes(dtype_backend="pyarrow")
    shown = sets[["own_facility", "own_date_of_service", "own_charge_received", "own_payer", "own_plan"]]
    assert shown.astype(object).where(shown.notna(), None).to_numpy().tolist() == [
        ["", None, None, "", ""],
        ["St. Mary", day, None, "", ""],
        ["", None, None, "ACME HEALTH", "ACME Gold"],
    ]
    assert [None if pd.isna(each) else int(each) for each in sets["own_plan_id"]] == [None, None, desk.plan]


def test_the_recycle_bin_is_left_out(desk: Desk) -> None:
    batch_id = desk.batch(2)
    desk.sets.delete_images(desk.boss, batch_id, [desk.layout(batch_id)[0][1][0]])
    assert len(frames(desk).images()) == 1
    desk.batches.delete(desk.boss, batch_id)
    assert [len(frame) for frame in (frames(desk).scan_batches(), frames(desk).images())] == [0, 0]


def test_days_of_creation(desk: Desk) -> None:
    old, new = desk.batch(), desk.batch()
    with desk.database.transaction() as stores:
        stores.connection.execute(
            sa.update(t.image_batches)
            .where(t.image_batches.c.id == old)
            .values(created_at=datetime(2026, 1, 5, 23, 0, tzinfo=UTC))
        )
    day = date(2026, 1, 5)
    assert frames(desk).scan_batches(since=day, until=day)["id"].tolist() == [old]
    assert frames(desk).scan_batches(since=date(2026, 1, 6))["id"].tolist() == [new]


def test_analysts_see_their_practices_and_paper_only(desk: Desk) -> None:
    desk.batch(1)
    assert len(frames(desk, desk.office.south_clerk).scan_batches()) == 0
    poster = with_only(desk.boss, frozenset({Permission.BATCH_VIEW, Permission.PAYMENT_PAPER}))
    assert len(frames(desk, poster).image_sets()) == 0
    with pytest.raises(NotPermittedError):
        frames(desk, poster).images()
