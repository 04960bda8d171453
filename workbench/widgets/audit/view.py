"""The audit page: filter, trail, and one event's before and after side by side."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from workbench.domain.audit_views import AuditChoices, AuditRow
from workbench.widgets.audit.model import FORMS, AuditModel, differences, summary
from workbench.widgets.kit.download import Download
from workbench.widgets.kit.facts import Fact, Facts
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row, View, badge
from workbench.widgets.kit.panel import Dialog, section
from workbench.widgets.kit.shell import Shell

COLUMNS = [
    Column("at", "When", "date"),
    Column("user", "Person"),
    Column("practice", "Practice", width="14em"),
    Column("action", "Action"),
    Column("subject", "Subject"),
    Column("what", "What", sortable=False, wrap=True),
    Column("reason", "Reason", sortable=False, wrap=True),
]
DIFFERENCES = [
    Column("field", "Field", sortable=False),
    Column("before", "Before", sortable=False, wrap=True),
    Column("after", "After", sortable=False, wrap=True),
]
FILTER = [
    Field("text", "Search", "search", live=True, key="Slash", width="15em"),
    Field("user_id", "Person", "select", options=[("", "Any")]),
    Field("practice_id", "Practice", "select", options=[("", "Any")]),
    Field("action", "Action", "select", options=[("", "Any")]),
    Field("subject_type", "Subject", "select", options=[("", "Any")]),
    Field("subject_id", "Subject ID", "number", width="8em"),
    Field("since", "From", "date", width="9em"),
    Field("until", "To", "date", width="9em"),
]
SELECTS = {"user_id": "", "practice_id": "", "action": "", "subject_type": ""}
BUTTONS = [
    Action("refresh", "Refresh", key="Alt+KeyF"),
    Action("clear", "Clear Filter", key="Alt+KeyR"),
    Action("csv", "Export CSV", title="Everything that the filter finds"),
    Action("xlsx", "Export XLSX", title="Everything that the filter finds"),
]


class AuditScreen:
    def __init__(self, desk: Any, _shell: Shell) -> None:
        self.model = AuditModel(desk)
        events = FormEvents(self._narrow, self._press)
        self.filter = Form("Filter", FILTER, BUTTONS, events, arrangement="line")
        self.filter.fill(SELECTS)
        self.grid = Grid(
            "Audit Trail",
            COLUMNS,
            GridEvents(on_view=lambda _: self.refresh(), on_use=self._open),
            Look(selectable="single", key="Alt+KeyL", height="calc(100vh - 230px)"),
        )
        self.grid.set_view(View("at", descending=True))
        self.download = Download()
        self.facts = Facts()
        self.differences = Grid(
            "Before and After", DIFFERENCES, look=Look(empty="Nothing was changed.", paged=False)
        )
        self.event = Dialog("Event", self.facts, self.differences)
        self.widget = section("Audit Trail", self.filter, self.grid, self.download, self.event)

    def enter(self, _params: Mapping[str, str]) -> str:
        self._offer(self.model.choices())
        self.filter.block({}, self.model.blockers())
        self.refresh()
        return "Audit"

    def _offer(self, choices: AuditChoices) -> None:
        people = [(str(number), name) for number, name in choices.users]
        practices = [(str(number), name) for number, name in choices.practices]
        for name, options in (
            ("user_id", people),
            ("practice_id", practices),
            ("action", [(each, each) for each in choices.actions]),
            ("subject_type", [(each, _words(each)) for each in choices.subject_types]),
        ):
            self.filter.set_options(name, [("", "Any"), *options])

    def refresh(self) -> None:
        view = self.grid.view
        page = self.model.page(view.sort_key, view.descending, view.offset, view.page_size)
        self.grid.empty = self.model.empty_text()
        zone = self.model.zone
        self.grid.show([_row(event, zone) for event in page.rows], page.total)

    def _restart(self) -> None:
        view = self.grid.view
        self.grid.set_view(View(view.sort_key, view.descending, 1, view.page_size))
        self.refresh()

    def _narrow(self, name: str, value: Any) -> None:
        if self.model.narrow(name, value):
            self._restart()

    def _press(self, name: str) -> None:
        if name in FORMS:
            file, data = self.model.export(name)
            self.download.offer(file, data, FORMS[name])
            return
        if name == "clear":
            self.model.clear()
            self.filter.reset(SELECTS)
        self._restart()

    def _open(self, name: str) -> None:
        event = self.model.event(name)
        self.facts.show(
            [
                Fact("When", _when(event, self.model.zone)),
                Fact("Person", f"{event.user} ({event.login})"),
                Fact("Practice", event.practice or "The office"),
                Fact("Action", event.action),
                Fact("Subject", _subject(event)),
                Fact("Reason", event.reason or "-"),
            ]
        )
        rows = [Row(each.field, [_words(each.field), each.before, each.after]) for each in differences(event)]
        self.differences.show(rows, len(rows))
        self.event.show(f"Event {event.name}")


def _row(event: AuditRow, zone: ZoneInfo) -> Row:
    tone = "" if event.action.endswith((".view", ".search")) else "accent"
    return Row(
        event.name,
        [
            _when(event, zone),
            event.user,
            event.practice,
            badge(event.action, tone),
            _subject(event),
            summary(event),
            event.reason,
        ],
    )


def _subject(event: AuditRow) -> str:
    number = f" {event.subject_id}" if event.subject_id else ""
    return f"{_words(event.subject_type)}{number}"


def _when(event: AuditRow, zone: ZoneInfo) -> str:
    return event.at.astimezone(zone).strftime("%m/%d/%Y %H:%M:%S")


def _words(name: str) -> str:
    return name.replace("_", " ")
