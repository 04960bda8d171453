"""An analyst's own notebook: a page is shown, something selected on it, and the selection is rows of the frames."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.app import Workbench, open_workbench
from workbench.errors import RefusedError


@pytest.fixture
def wb(demo_copy: Path) -> Iterator[Workbench]:
    """The demo office; looking at a page is written down, so it is a copy."""
    opened = open_workbench()
    yield opened
    opened.close()


def test_deposits_and_the_claims_of_one(wb: Workbench) -> None:
    page = wb.show("deposits")
    assert len(page.selection()) == 0
    listed = page.content.children[-1]
    ids = [row["id"] for row in listed.rows][:2]
    listed.selection = ids
    assert sorted(page.selection()["id"]) == sorted(ids)

    claims = wb.sql("select id, deposit_id, pcn from claims order by deposit_id, id limit 3")
    deposit_id = int(claims["deposit_id"][0])
    page = wb.show("deposit", id=deposit_id)
    screen = page._made["deposit"]
    screen.claims.selection = [int(claims["id"][0])]  # type: ignore[attr-defined]
    found = page.selection()
    assert found["pcn"].tolist() == [claims["pcn"][0]]
    assert found["deposit_id"].tolist() == [deposit_id]


def test_the_bank_board_has_three_lists(wb: Workbench) -> None:
    page = wb.show("bank")
    screen = page._made["bank"]
    line, match, deposit = (
        screen.lines.rows[0]["id"],  # type: ignore[attr-defined]
        screen.proposals.rows[0]["id"],  # type: ignore[attr-defined]
        screen.deposits.rows[0]["id"],  # type: ignore[attr-defined]
    )
    screen.lines.selection, screen.proposals.selection = [line], [match]  # type: ignore[attr-defined]
    screen.deposits.selection = [deposit]  # type: ignore[attr-defined]
    assert page.selection()["id"].tolist() == [line]
    assert set(page.selection("bank_matches")["match_id"]) == {match}
    assert page.selection("deposits")["id"].tolist() == [deposit]
    with pytest.raises(RefusedError, match="bank_lines, bank_matches, deposits"):
        page.selection("claims")


def test_the_page_in_front_of_the_viewer(wb: Workbench) -> None:
    batch_id, set_id, image_id = wb.frames.images()[["batch_id", "set_id", "image_id"]].iloc[1]
    page = wb.show("image_viewer", batch=batch_id, set=set_id, image=image_id)
    assert page.selection()["image_id"].tolist() == [image_id]


def test_a_page_without_a_list_says_so(wb: Workbench) -> None:
    with pytest.raises(RefusedError, match="no list"):
        wb.show("home").selection()
