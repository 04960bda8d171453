"""The Python side of the kit: values, and what a browser may not do."""

import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.widgets.messages import Line
from workbench.errors import RefusedError
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents, Option
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Row, View
from workbench.widgets.kit.guard import guarded
from workbench.widgets.kit.panel import Dialog, stack
from workbench.widgets.kit.shell import Shell
from workbench.widgets.kit.uploader import Outcome, Uploader


def test_the_guard_shows_our_words_and_hides_the_words_of_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    def tell(text: str, tone: str) -> None:
        told.append(text)

    def refuse() -> None:
        raise RefusedError("Posted batches cannot be deleted.")

    def fail() -> None:
        raise ValueError("patient Jane Roe")

    with caplog.at_level(logging.ERROR, logger="workbench.faults"):
        guarded(refuse, tell)
        guarded(fail, tell)
    assert told[0] == "Posted batches cannot be deleted."
    reference = told[1].split("Reference ")[1][:6]
    (record,) = caplog.records
    assert reference in record.getMessage()
    assert "ValueError" in record.getMessage()
    assert "test_kit_models.py" in record.getMessage()
    assert "Roe" not in record.getMessage() + told[1]
    assert record.exc_info is None


def test_modules_stay_small() -> None:
    static = Path(__file__).parents[2] / "workbench" / "widgets" / "kit" / "static"
    sizes = {path.name: path.stat().st_size for path in static.glob("*.js")}
    assert len(sizes) >= 8
    assert {name: size for name, size in sizes.items() if size >= 20_000} == {}


def test_no_module_writes_html_or_evaluates() -> None:
    static = Path(__file__).parents[2] / "workbench" / "widgets" / "kit" / "static"
    for path in static.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert forbidden not in text, f"{path.name}: {forbidden}"


class TestForm:
    @pytest.fixture
    def heard(self) -> list[Any]:
        return []

    @pytest.fixture
    def form(self, heard: list[Any]) -> Form:
        fields = [
            Field("amount", "Amount", "money"),
            Field("on", "Deposited", "date"),
            Field("kind", "Type", "select", options=[("ERA", "ERA"), ("EOB", "EOB")]),
            Field("payer", "Payer", "lookup", search=lambda text, _: ([Option(3, f"Found {text}")], 41)),
            Field("note", "Note", "note", max=5),
        ]
        events = FormEvents(
            lambda name, value: heard.append((name, value)), heard.append, lambda: date(2026, 3, 9)
        )
        return Form("Deposit", fields, [Action("save", "Save"), Action("send", "Send")], events)

    def test_values_are_typed(self, form: Form, heard: list[Any]) -> None:
        line = Line(form)
        line.say("change", name="amount", value="12.5")
        line.say("change", name="on", value="t")
        line.say("change", name="kind", value="EOB")
        line.say("change", name="payer", value=3)
        line.say("change", name="note", value="too long a note")
        assert heard == [
            ("amount", 1250),
            ("on", date(2026, 3, 9)),
            ("kind", "EOB"),
            ("payer", 3),
            ("note", "too l"),
        ]
        assert form.texts["amount"] == "12.50"
        assert form.texts["on"] == "03/09/2026"

    def test_an_error_stands_beside_the_field_until_it_is_mended(self, form: Form, heard: list[Any]) -> None:
        line = Line(form)
        line.say("change", name="amount", value="12.345")
        assert form.errors["amount"]
        assert form.texts["amount"] == "12.345"
        assert heard == []
        line.say("change", name="amount", value="12.34")
        assert form.errors == {}

    def test_a_browser_cannot_choose_what_is_not_offered_nor_change_what_is_blocked(
        self, form: Form, heard: list[Any]
    ) -> None:
        line = Line(form)
        line.say("change", name="kind", value="STATEMENT")
        assert "kind" in form.errors
        form.block({"amount": "Posted."}, {"send": "Not yet."})
        line.say("change", name="amount", value="1")
        line.say("change", name="nothing", value="1")
        line.say("press", name="send")
        line.say("press", name="delete")
        assert heard == []
        line.say("press", name="default")
        assert heard == ["save"]

    def test_a_browser_cannot_set_the_traits_that_python_owns(self, form: Form) -> None:
        form.set_state({"blocked": {}, "label": "Mine", "actions": []})
        assert form.label == "Deposit"
        assert len(form.actions) == 2

    def test_look_ups_are_searched_in_python(self, form: Form) -> None:
        found = Line(form).say("lookup", name="payer", text=" aet ")
        assert found == {"options": [{"value": 3, "text": "Found aet", "hint": ""}], "total": 41}
        assert Line(form).say("lookup", name="amount", text="x") == {"options": [], "total": 0}

    def test_new_options_keep_the_value_that_is_still_there(self, form: Form) -> None:
        form.fill({"kind": "EOB"})
        form.set_options("kind", [("EOB", "EOB"), ("STATEMENT", "Statement")])
        assert form.values["kind"] == "EOB"
        form.set_options("kind", [("STATEMENT", "Statement")])
        assert form.values["kind"] == "STATEMENT"


class TestGrid:
    @pytest.fixture
    def heard(self) -> list[Any]:
        return []

    @pytest.fixture
    def grid(self, heard: list[Any]) -> Grid:
        columns = [
            Column("id", "ID", "number"),
            Column("paid", "Paid", "money", editable=True),
            Column("x", "X", sortable=False),
        ]
        events = GridEvents(
            heard.append,
            heard.append,
            lambda name, row: heard.append((name, row)),
            lambda row, key, text: heard.append((row, key, text)),
        )
        made = Grid("Claims", columns, events)
        made.show([Row(7, ["7", "1.00", ""]), Row(9, ["9", "2.00", ""])], 120)
        return made

    def test_sort_turns_round_and_starts_at_the_first_page(self, grid: Grid, heard: list[Any]) -> None:
        line = Line(grid)
        line.say("page", page=3)
        line.say("sort", key="paid")
        line.say("sort", key="paid")
        line.say("sort", key="x")
        line.say("sort", key="__class__")
        assert heard == [View("", False, 3, 50), View("paid", False, 1, 50), View("paid", True, 1, 50)]

    def test_pages_and_sizes_stay_in_their_bounds(self, grid: Grid, heard: list[Any]) -> None:
        line = Line(grid)
        line.say("page", page=99)
        line.say("page", page=-1)
        line.say("size", size=10**9)
        line.say("size", size=25)
        assert [view.page for view in heard] == [3, 1, 1]
        assert heard[-1].page_size == 25

    def test_only_rows_that_are_shown_are_used_acted_on_or_edited(self, grid: Grid, heard: list[Any]) -> None:
        line = Line(grid)
        grid.set_state({"rows": [{"id": 1000, "cells": []}]})
        line.say("use", id=1000)
        line.say("action", id=1000, name="view")
        assert line.say("edit", id=1000, key="paid", text="3")["error"]
        assert line.say("edit", id=7, key="id", text="3")["error"]
        assert heard == []
        line.say("use", id=7)
        line.say("action", id=9, name="view")
        assert line.say("edit", id=7, key="paid", text="3") is None
        assert heard == [7, ("view", 9), (7, "paid", "3")]

    def test_a_selection_keeps_to_the_rows_that_are_there(self, grid: Grid) -> None:
        grid.set_state({"selection": [7, 9]})
        grid.show([Row(9, ["9", "2.00", ""])], 1)
        assert grid.selection == [9]


class TestUploader:
    @pytest.fixture
    def taken(self) -> list[tuple[str, bytes]]:
        return []

    @pytest.fixture
    def uploader(self, tmp_path: Path, taken: list[tuple[str, bytes]]) -> Uploader:
        def take(path: Path, name: str) -> Outcome:
            if name == "bad":
                raise RefusedError("No.")
            taken.append((name, path.read_bytes()))
            return Outcome("new", "good", "Stored.")

        return Uploader("Add", lambda: tmp_path / "scratch", take, lambda _: None)

    def test_chunks_make_a_file_and_no_file_stays_behind(
        self, uploader: Uploader, taken: list[tuple[str, bytes]], tmp_path: Path
    ) -> None:
        line = Line(uploader)
        line.say("begin", files=[{"file": "f1", "name": "../../etc/june.835", "size": 6}])
        line.say("chunk", file="f1", offset=0, buffers=[b"abc"])
        line.say("chunk", file="f1", offset=3, buffers=[b"def"])
        line.say("whole", file="f1")
        assert taken == [("june.835", b"abcdef")]
        assert uploader.files[0].state == "new"
        assert list((tmp_path / "scratch").iterdir()) == []

    def test_a_file_that_is_refused_is_named_and_removed(self, uploader: Uploader, tmp_path: Path) -> None:
        line = Line(uploader)
        line.say("begin", files=[{"file": "f1", "name": "bad", "size": 1}])
        line.say("chunk", file="f1", offset=0, buffers=[b"x"])
        line.say("whole", file="f1")
        assert line.notices == ["No."]
        assert uploader.files[0].state == "failed"
        assert list((tmp_path / "scratch").iterdir()) == []

    def test_more_than_was_announced_stops_and_less_is_not_taken(
        self, uploader: Uploader, taken: list[tuple[str, bytes]], tmp_path: Path
    ) -> None:
        line = Line(uploader)
        line.say(
            "begin", files=[{"file": "f1", "name": "a", "size": 2}, {"file": "f2", "name": "b", "size": 9}]
        )
        assert line.say("chunk", file="f1", offset=0, buffers=[b"xyz"]) == {"stop": True}
        line.say("stopped", file="f1")
        line.say("chunk", file="f2", offset=0, buffers=[b"xyz"])
        line.say("whole", file="f2")
        assert line.say("chunk", file="f9", offset=0, buffers=[b"xyz"]) == {"stop": True}
        assert [file.state for file in uploader.files] == ["cancelled", "stopped"]
        assert taken == []
        assert list((tmp_path / "scratch").iterdir()) == []

    def test_what_comes_twice_counts_once_and_what_comes_early_is_asked_for_again(
        self, tmp_path: Path
    ) -> None:
        """The browser sends again what was not acknowledged: a line that broke may have swallowed it."""
        batches: list[int] = []
        kept: list[bytes] = []

        def take(path: Path, _name: str) -> Outcome:
            kept.append(path.read_bytes())
            return Outcome("new", "good", "Stored.")

        uploader = Uploader(
            "Add", lambda: tmp_path / "scratch", take, lambda outcomes: batches.append(len(outcomes))
        )
        line = Line(uploader)
        for _ in range(2):
            assert line.say("begin", files=[{"file": "f1", "name": "a", "size": 6}]) == {"refused": []}
        assert line.say("chunk", file="f1", offset=3, buffers=[b"def"]) == {"early": True}
        for _ in range(2):
            assert line.say("chunk", file="f1", offset=0, buffers=[b"abc"]) == {}
        assert line.say("chunk", file="f1", offset=3, buffers=[b"def"]) == {}
        for _ in range(2):
            line.say("whole", file="f1")
        for _ in range(2):
            line.say("batch_done")
        assert kept == [b"abcdef"]
        assert batches == [1]
        assert [file.state for file in uploader.files] == ["new"]

    def test_a_file_id_of_a_browser_is_no_path(self, uploader: Uploader, tmp_path: Path) -> None:
        line = Line(uploader)
        line.say("begin", files=[{"file": "../../outside", "name": "a", "size": 3}])
        line.say("chunk", file="../../outside", offset=0, buffers=[b"xyz"])
        assert not (tmp_path.parent / "outside").exists()
        assert not (tmp_path / "outside").exists()

    def test_a_cancelled_file_leaves_nothing(self, uploader: Uploader, tmp_path: Path) -> None:
        line = Line(uploader)
        line.say("begin", files=[{"file": "f1", "name": "a", "size": 4}])
        line.say("chunk", file="f1", offset=0, buffers=[b"xy"])
        line.say("cancel", file="f1")
        assert uploader.files[0].state == "cancelled"
        assert list((tmp_path / "scratch").iterdir()) == []


def test_a_reason_is_asked_for_and_given() -> None:
    reasons: list[str] = []
    confirm = Confirm("Ignore Deposit", "Ignore", reason="required")
    confirm.ask("Sure?", reasons.append)
    line = Line(confirm._form)
    line.say("press", name="yes")
    assert confirm.shown
    assert "reason" in confirm._form.errors
    line.say("change", name="reason", value=" twice ")
    line.say("press", name="yes")
    assert reasons == ["twice"]
    assert not confirm.shown


def test_a_dialog_closed_by_the_person_says_so() -> None:
    closed: list[bool] = []
    dialog = Dialog("Keys", on_closed=lambda: closed.append(True))
    dialog.show("Other keys")
    assert dialog.shown
    Line(dialog).say("closed")
    assert not dialog.shown
    assert closed == [True]


class Empty:
    def __init__(self, _: Shell) -> None:
        self.widget = stack()
        self.entered: list[Any] = []

    def enter(self, params: Any) -> str:
        if "boom" in params:
            raise RefusedError("Deposit was not found.")
        self.entered.append(dict(params))
        return f"Screen {params.get('id', '')}"


def test_the_address_chooses_the_screen_and_each_is_made_once() -> None:
    shell = Shell({"deposits": Empty, "deposit": Empty}, {"deposits": "Deposits"}, "deposits")
    line = Line(shell)
    line.say("route", page="deposit", search="?id=7")
    first = shell.content
    assert (shell.title, shell.current) == ("Screen 7", "deposits")
    line.say("route", page="home", search="")
    assert shell.content is not first
    line.say("route", page="deposit", search="?id=8")
    assert shell.content is first
    line.say("route", page="deposit", search="?boom=1")
    assert line.notices == ["Deposit was not found."]
    assert shell.content is first
