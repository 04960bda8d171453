"""The Charge Batches and Payment Batches tabs as they are drawn (spec 3.6, 3.7)."""

from functools import cached_property
from typing import Any

from workbench.domain.scan_batch.lists import BatchSort, CreatedRange
from workbench.domain.scan_batch.records import BatchRow, SetRow
from workbench.domain.scan_batch.words import BatchType, CodingStatus
from workbench.widgets.image_batches.coding import CodingModel
from workbench.widgets.image_batches.coding_window import CodingWindow
from workbench.widgets.image_batches.model import flags
from workbench.widgets.image_batches.posted import PostedModel
from workbench.widgets.image_batches.set_windows import SetWindows
from workbench.widgets.image_batches.stamps import stamp
from workbench.widgets.image_batches.work import WorkModel
from workbench.widgets.image_batches.work_window import WorkWindows
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, View, badge
from workbench.widgets.kit.panel import section, stack
from workbench.widgets.kit.shell import Shell
from workbench.widgets.kit.typed import date_text, money_text

CODING_TONES = {
    CodingStatus.COMPLETE: "good",
    CodingStatus.IN_PROGRESS: "accent",
    CodingStatus.ON_HOLD: "warn",
}

_ATTACH = "To one that is there already; a payment set can be attached to several"
FILTER = [
    Field("created", "Created", "select", options=[(each.value, each.value) for each in CreatedRange]),
    Field("hold_only", "Only include batches with sets on hold", "checkbox"),
    Field("text", "Find", "search", live=True, key="Slash", width="14em"),
]


class PostedTab:
    """Two areas, Batches and Sets, of one type."""

    def __init__(self, model: PostedModel, shell: Shell) -> None:
        self.model = model
        self._shell = shell
        self.filter = Form(
            "Search",
            FILTER,
            [Action("keep", "Keep as my default")],
            FormEvents(on_change=self._narrow, on_press=lambda _: self._keep()),
            arrangement="line",
        )
        kind = model.batch_type.value
        self.bar = Form("Batch actions", [], _actions(model.batch_type), FormEvents(on_press=self._press))
        self.grid = Grid(
            f"{kind} Batches",
            _batch_columns(model.batch_type),
            GridEvents(
                on_view=lambda _: self.refresh(), on_use=lambda each: shell.go("image_viewer", batch=each)
            ),
            Look(selectable="single", key="Alt+KeyL", height="38vh"),
        )
        self.grid.set_view(View(sort_key=BatchSort.CREATED))
        self.grid.observe(self._batch_selected, "selection")
        self.sets = Grid(
            "Sets",
            _set_columns(model.batch_type),
            GridEvents(on_use=self._open_set),
            Look(selectable="single", paged=False, height="30vh", empty="Select a batch to see its sets."),
        )
        self.sets.observe(self._set_selected, "selection")
        self.widget = stack(
            self.filter,
            self.bar,
            section("Batches", self.grid),
            section("Sets", self.sets),
        )
        self._started = False

    @cached_property
    def work(self) -> WorkWindows:
        """Windows come to the page when they are first asked for."""
        model = WorkModel(self.model.desk, self.model.actor, self.model.batch_type)
        windows = WorkWindows(model, self._done, self._open_set)
        self.widget.add(windows.widget)
        return windows

    @cached_property
    def coding(self) -> CodingWindow:
        window = CodingWindow(CodingModel(self.model.desk, self.model.actor), self.refresh)
        self.widget.add(window.widget)
        return window

    @cached_property
    def extras(self) -> SetWindows:
        windows = SetWindows(self.model, self._done, self._open_set)
        self.widget.add(windows.widget)
        return windows

    def enter(self) -> None:
        if not self._started:
            self.model.start()
            self._started = True
            self.filter.fill(
                {"created": self.model.search.created.value, "hold_only": self.model.search.hold_only}
            )
        self.refresh()

    def refresh(self) -> None:
        view = self.grid.view
        page = self.model.page(
            view.sort_key, descending=view.descending, offset=view.offset, limit=view.page_size
        )
        self.grid.empty = self.model.empty_text()
        self.grid.show([_batch_row(row) for row in page.rows], page.total)
        self._draw_sets()

    def _draw_sets(self) -> None:
        linked = self.model.row.linked_to if self.model.row else ()
        self.sets.show(
            [_set_row(each, self.model.batch_type, linked) for each in self.model.sets], len(self.model.sets)
        )
        self.bar.block({}, self.model.blockers())

    def _batch_selected(self, change: Any) -> None:
        self.model.select_batch(next(iter(change["new"]), None))
        self._draw_sets()

    def _set_selected(self, change: Any) -> None:
        self.model.select_set(next(iter(change["new"]), None))
        self.bar.block({}, self.model.blockers())

    def _narrow(self, name: str, value: Any) -> None:
        self.model.narrow(name, value)
        view = self.grid.view
        self.grid.set_view(View(view.sort_key, view.descending, 1, view.page_size))
        self.refresh()

    def _keep(self) -> None:
        self.model.keep_search()
        self.filter.notify("This search is your default now.", "success")

    def _press(self, name: str) -> None:
        row, set_id = self.model.row, self.model.set_id
        if name == "waiting":
            self.extras.show_waiting()
            return
        if row is None:
            return
        if name == "view":
            self._view(set_id)
        elif name == "create":
            self.work.create(row.batch_id)
        elif name == "link":
            self.work.link(row.batch_id)
        elif name == "work":
            self.work.look(row.batch_id, row.linked_to)
        elif set_id is not None:
            self._work_on_set(name, row, set_id)

    def _work_on_set(self, name: str, row: BatchRow, set_id: int) -> None:
        if name == "code":
            status = next(each.coding_status for each in self.model.sets if each.set_id == set_id)
            self.coding.show(set_id, status)
        elif name == "detach":
            self.extras.detach_reason.ask("The images stay in their set.", self._detach)
        elif name == "deposit":
            self.extras.ask_deposit(set_id)
        elif name == "attach":
            self.extras.ask_target(set_id)
        elif name == "import_coding":
            self._done(self.model.import_coding(), "")
        elif self.model.batch_type is BatchType.PAYMENT:
            self.work.add_payment(row.linked_to[-1], set_id)
        else:
            self.bar.notify(self.model.create_case(), "success")
            self.refresh()

    def _detach(self, reason: str) -> None:
        self._done(self.model.detach(reason), "")

    def _view(self, set_id: int | None) -> None:
        if set_id is None:
            self._shell.go("image_viewer", batch=self.model.batch_id)
        else:
            self._open_set(set_id)

    def _open_set(self, set_id: int) -> None:
        batch_id = self.model.desk.views.batch_of(self.model.actor(), set_id)
        self._shell.go("image_viewer", batch=batch_id, set=set_id)

    def _done(self, text: str, warning: str) -> None:
        self.bar.notify(text, "success")
        if warning:
            self.bar.notify(warning, "warning")
        self.refresh()


def _actions(batch_type: BatchType) -> list[Action]:
    kind, charge = batch_type.value, batch_type is BatchType.CHARGE
    return [
        Action("view", "View", key="KeyV", title="Open in the Image Viewer"),
        Action("create", f"Create {kind} Batch", key="Alt+KeyC", tone="primary"),
        Action("link", f"Link to {kind} Batch"),
        Action("work", f"Open {kind} Batch"),
        *([Action("code", "Code", key="Alt+KeyO")] if charge else []),
        Action("enter", "Create Case" if charge else "Add Payment"),
        Action("attach", "Attach to Case" if charge else "Attach to Payment", title=_ATTACH),
        Action("import_coding", "Import Coding", title="Into the case that the set is attached to")
        if charge
        else Action("deposit", "Tie to Deposit"),
        Action("detach", "Detach", title="Detach the set from what it was attached to last"),
        Action("waiting", "Unattached Sets", title="Posted sets that wait to be attached, oldest first"),
    ]


def _batch_columns(batch_type: BatchType) -> list[Column]:
    own = (
        [
            Column(BatchSort.FOR, "Facility"),
            Column(BatchSort.DATE_OF_SERVICE, "DOS", "date"),
        ]
        if batch_type is BatchType.CHARGE
        else [Column(BatchSort.FOR, "Payer"), Column("plan", "Plan", sortable=False)]
    )
    tail = [] if batch_type is BatchType.CHARGE else [Column("amount", "Amount ($)", "money", sortable=False)]
    return [
        Column(BatchSort.PRACTICE, "Practice"),
        Column(BatchSort.BATCH_ID, "Batch ID", "number"),
        Column(BatchSort.DESCRIPTION, "Description"),
        *own,
        Column(BatchSort.CREATED, "Created", "date"),
        Column(BatchSort.POSTED, "Posted", "date"),
        Column(BatchSort.SETS, "Sets", "number"),
        Column(BatchSort.ON_HOLD, "On hold", "number"),
        Column("linked", f"Linked {batch_type.value.lower()} batch", sortable=False),
        *tail,
        Column("attached", "Attached", sortable=False, help="Attached sets of all sets"),
        Column("flags", "Notes", sortable=False),
    ]


def _batch_row(row: BatchRow) -> Row:
    charge = row.batch_type is BatchType.CHARGE
    cells: list[Cell] = [
        row.practice,
        str(row.batch_id),
        row.description,
        row.facility if charge else row.payer,
        date_text(row.date_of_service) if charge else row.plan,
        stamp(row.created_at, row.time_zone),
        stamp(row.posted_at, row.time_zone),
        str(row.sets),
        str(row.on_hold),
        ", ".join(str(each) for each in row.linked_to),
        *([] if charge else [money_text(row.amount_cents)]),
        f"{row.attached}/{row.sets}",
        flags(row),
    ]
    return Row(row.batch_id, cells)


def _set_columns(batch_type: BatchType) -> list[Column]:
    names = ["Set ID", "Images"]
    if batch_type is BatchType.CHARGE:
        names += ["Coding Status", "Hold", "Patient", "Case", "Charge batch"]
    else:
        names += ["Hold", "Payment", "Payment batch"]
    return [
        Column(name, name, "number" if name in ("Set ID", "Images") else "text", sortable=False)
        for name in (*names, "Note")
    ]


def _set_row(row: SetRow, batch_type: BatchType, linked: tuple[int, ...]) -> Row:
    note = " · ".join(filter(None, (row.note, "added after posting" if row.added_after_posting else "")))
    hold: Cell = badge("On hold", "warn", row.hold_reason) if row.on_hold else ""
    attached = ", ".join(row.attached_to)
    works = ", ".join(str(each) for each in linked) if row.attached_to else ""
    cells: list[Cell] = [str(row.set_id), str(row.images)]
    if batch_type is BatchType.CHARGE:
        cells += [badge(row.coding_status.value, CODING_TONES.get(row.coding_status, "")), hold, row.patient]
    else:
        cells += [hold]
    return Row(row.set_id, [*cells, attached, works, note])
