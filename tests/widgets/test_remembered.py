"""What a person asked a list to keep comes back for them alone (spec deposits 6.10, level user)."""

from datetime import date
from typing import Any

import pytest

from tests.builders import Office, furnish_office
from tests.widgets.messages import Line
from workbench.app import Workbench, open_workbench
from workbench.widgets.image_batches.scan_tab import ScanTab
from workbench.widgets.image_batches.view import ImageBatchesScreen
from workbench.widgets.kit.columns import ColumnsDialog
from workbench.widgets.kit.grid import Column, Grid, Row
from workbench.widgets.kit.shell import Shell
from workbench.widgets.remembered import Remembered


@pytest.fixture(autouse=True)
def office(wb: Workbench) -> Office:
    return furnish_office(wb.database)


VALUES: dict[str, Any] = {
    "text": "2026-03-02", "day": date(2026, 3, 2), "cents": 5600, "ticked": True,
    "nothing": None, "empty": "", "unticked": False,
}  # fmt: skip


def test_values_come_back_as_they_were_and_what_says_nothing_is_left_out(wb: Workbench) -> None:
    kept = Remembered(wb, "list")
    assert (kept.filter(), kept.hidden_columns(), kept.hidden_columns(["a"])) == ({}, frozenset(), {"a"})
    kept.keep_filter(VALUES)
    assert kept.filter() == {name: VALUES[name] for name in ("text", "day", "cents", "ticked")}
    assert Remembered(wb, "other list").filter() == {}
    kept.keep_hidden_columns(["b"])
    assert kept.hidden_columns(["a"]) == {"b"}
    kept.keep_hidden_columns([])
    assert kept.hidden_columns(["a"]) == frozenset(), "all shown is a choice, too"
    kept.keep_filter({"empty": ""})
    assert kept.filter() == {}


def test_each_person_has_their_own(wb: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    Remembered(wb, "list").keep_filter({"text": "mine"})
    monkeypatch.setenv("LOGNAME", "north")
    other = open_workbench()
    assert Remembered(other, "list").filter() == {}
    other.close()


def test_a_grid_without_some_columns_keeps_rows_and_totals_in_step() -> None:
    grid = Grid("List", [Column("id", "ID"), Column("a", "A"), Column("b", "B")])
    grid.show([Row(1, ["1", "x", "y"])], 1, ["Total", "2", "3"])
    grid.hide(["a", "id", "unknown"])
    assert [column["key"] for column in grid.columns] == ["id", "b"], "the first one always stays"
    assert (grid.rows[0]["cells"], grid.totals) == (["1", "y"], ["Total", "3"])
    grid.show([Row(2, ["2", "p", "q"])], 1)
    assert (grid.rows[0]["cells"], grid.totals) == (["2", "q"], [])
    kept: list[frozenset[str]] = []
    dialog = ColumnsDialog(grid, kept.append)
    dialog.show()
    assert dialog.form.values == {"a": False, "b": True}
    form = Line(dialog.form)
    form.say("change", name="b", value=False)
    form.say("press", name="cancel")
    assert kept == []
    form.say("press", name="all")
    assert (kept, grid.rows[0]["cells"]) == ([frozenset()], ["2", "p", "q"])


def tab(wb: Workbench) -> ScanTab:
    screen = ImageBatchesScreen(wb, Shell({}, {}, "image_batches"))
    screen.enter({})
    found = screen._tabs[0]
    assert isinstance(found, ScanTab)
    return found


def test_image_batches_remember_too(wb: Workbench) -> None:
    first = tab(wb)
    form, bar = Line(first.filter), Line(first.bar)
    form.say("change", name="batch_type", value="Payment")
    form.say("change", name="created_from", value="03/02/2026")
    assert tab(wb).filter.values["batch_type"] is None, "nothing was remembered yet"
    Line(first.grid).say("sort", key="Created")  # once more: newest first
    bar.say("press", name="remember")
    bar.say("press", name="columns")
    columns = Line(first.columns.form)
    columns.say("change", name=first.grid.every_column[1][0], value=False)
    columns.say("press", name="save")
    again = tab(wb)
    assert again.filter.values["created_from"] == date(2026, 3, 2)
    assert again.model.query.batch_type == "Payment"
    assert (again.grid.view.sort_key, again.grid.view.descending) == ("Created", True)
    assert len(again.grid.columns) == len(again.grid.every_column) - 1
