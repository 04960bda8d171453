"""The Scan Batches tab as it is drawn (spec 3.2)."""

from functools import cached_property
from typing import Any, TypeVar

from workbench.domain.scan_batch.lists import BatchSort
from workbench.domain.scan_batch.records import BatchRow
from workbench.domain.scan_batch.words import BatchStatus, BatchType
from workbench.widgets.image_batches.header import HeaderModel
from workbench.widgets.image_batches.header_view import HeaderWindow
from workbench.widgets.image_batches.model import ScanBatchesModel, flags
from workbench.widgets.image_batches.questions import YesNo
from workbench.widgets.image_batches.stamps import stamp
from workbench.widgets.kit.columns import ColumnsDialog
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row, View, badge
from workbench.widgets.kit.panel import Dialog, stack
from workbench.widgets.kit.shell import Shell
from workbench.widgets.kit.typed import date_text
from workbench.widgets.remembered import Remembered

ANY = ("", "Any")
COLUMNS = [
    Column(BatchSort.PRACTICE, "Practice"),
    Column(BatchSort.CREATED, "Created", "date", width="10em"),
    Column(BatchSort.BATCH_ID, "Batch ID", "number", width="6em"),
    Column(BatchSort.DESCRIPTION, "Description"),
    Column(BatchSort.TYPE, "Type", width="6em"),
    Column(BatchSort.FOR, "For", help="Facility of a charge batch, payer of a payment batch"),
    Column(BatchSort.DATE_OF_SERVICE, "DOS/Plan", help="Date of service, or the plan"),
    Column(BatchSort.SETS, "Sets", "number", width="4.5em"),
    Column(BatchSort.IMAGES, "Images", "number", width="5em"),
    Column(BatchSort.STATUS, "Status", width="7em"),
    Column(BatchSort.POSTED, "Posted", "date", width="10em"),
    Column(BatchSort.CREATED_BY, "Created by"),
    Column("flags", "Notes", sortable=False),
]
ACTIONS = [
    Action("create", "Create", key="Alt+KeyC", tone="primary", title="New image batch"),
    Action("update", "Update", key="Alt+KeyU"),
    Action("delete", "Delete", key="Delete"),
    Action("post", "Post", key="Alt+KeyP"),
    Action("view", "View", key="KeyV", title="Open in the Image Viewer"),
    Action("unpost", "Un-post"),
    Action("restore", "Restore"),
    Action("clear", "Clear Filter", key="Alt+KeyR"),
    Action(
        "remember", "Remember Filter", key="Alt+KeyM", title="Open this page with this filter from now on"
    ),
    Action("columns", "Columns", key="Alt+KeyO", title="Choose which columns are shown"),
]

_Dialog = TypeVar("_Dialog", bound=Dialog)
# How the order is kept beside the fields of the filter.
_SORT, _DESCENDING = "sort", "descending"


class ScanTab:
    """Filters, buttons, grid and windows."""

    def __init__(
        self, model: ScanBatchesModel, header: HeaderModel, shell: Shell, remembered: Remembered
    ) -> None:
        self.model = model
        self._remembered = remembered
        self._entered = False
        self._header = header
        self._shell = shell
        self.filter = Form(
            "Filter",
            [
                Field(
                    "status",
                    "Batch Status",
                    "select",
                    options=[
                        ANY,
                        *((each.value, each.value) for each in (BatchStatus.POSTED, BatchStatus.UNPOSTED)),
                    ],
                ),
                Field("text", "Find", "search", live=True, key="Slash", help="", width="14em"),
                Field(
                    "batch_type",
                    "Type",
                    "select",
                    options=[ANY, *((each.value, each.value) for each in BatchType)],
                ),
                Field("practice_id", "Practice", "select", options=[ANY]),
                Field("created_from", "Created From", "date", width="9em"),
                Field("created_to", "Created To", "date", width="9em"),
                Field("mine", "Only mine", "checkbox"),
                Field("recycled", "Recycle bin", "checkbox"),
            ],
            [],
            FormEvents(on_change=self._narrow),
            arrangement="line",
        )
        self.bar = Form("Batch actions", [], ACTIONS, FormEvents(on_press=self._press))
        self.grid = Grid(
            "Scan Batches",
            COLUMNS,
            GridEvents(on_view=lambda _: self.refresh(), on_use=self._view),
            Look(selectable="multi", key="Alt+KeyL", height="calc(100vh - 290px)"),
        )
        self.grid.set_view(View(sort_key=BatchSort.CREATED))
        self.grid.observe(self._selected, "selection")
        self.widget = stack(self.filter, self.bar, self.grid)

    @cached_property
    def window(self) -> HeaderWindow:
        """Windows come to the page when they are first asked for."""
        window = HeaderWindow(self._header, self._saved)
        self.widget.add(window.widget)
        return window

    @cached_property
    def columns(self) -> ColumnsDialog:
        made = ColumnsDialog(self.grid, self._remembered.keep_hidden_columns)
        self._added(made.dialog)
        return made

    @cached_property
    def question(self) -> YesNo:
        return self._added(YesNo("Delete Image Batch"))

    @cached_property
    def drop_question(self) -> YesNo:
        return self._added(YesNo("Post Image Batch"))

    @cached_property
    def unpost_reason(self) -> Confirm:
        return self._added(Confirm("Un-post Image Batch", "Un-post", reason="required"))

    def _added(self, dialog: _Dialog) -> _Dialog:
        self.widget.add(dialog)
        return dialog

    def enter(self) -> None:
        self.filter.set_options("practice_id", [ANY, *self.model.practices()])
        if not self._entered:
            self._entered = True
            self._recall()
        self.refresh()

    def _recall(self) -> None:
        """The columns, the filter and the order that the person asked to keep."""
        self.grid.hide(self._remembered.hidden_columns())
        kept = self._remembered.filter()
        if kept.get(_SORT) in {each.value for each in BatchSort}:
            self.grid.set_view(View(BatchSort(kept[_SORT]), bool(kept.get(_DESCENDING))))
        for name, value in kept.items():
            if name in self.filter.values:
                self.filter.fill({name: value})
                self.model.narrow(name, value)

    def _remember(self) -> None:
        view = self.grid.view
        # Spec 3.2: newest first for whom wants it; oldest first is everybody's and needs no keeping.
        usual = (view.sort_key, view.descending) == (BatchSort.CREATED, False)
        order = {} if usual else {_SORT: str(view.sort_key), _DESCENDING: view.descending}
        self._remembered.keep_filter(self.filter.values | order)
        self.bar.notify(
            "This page opens with this filter and order from now on. Clear Filter shows every batch."
        )

    def refresh(self) -> None:
        view = self.grid.view
        page = self.model.page(
            view.sort_key, descending=view.descending, offset=view.offset, limit=view.page_size
        )
        self.grid.empty = self.model.empty_text()
        self.grid.show([_row(row) for row in page.rows], page.total)
        self._draw_selection()

    def _draw_selection(self) -> None:
        self.grid.selection = list(self.model.selection)
        self.bar.block({}, self.model.blockers())

    def _selected(self, change: Any) -> None:
        self.model.select(change["new"])
        self.bar.block({}, self.model.blockers())

    def _narrow(self, name: str, value: Any) -> None:
        self.model.narrow(name, value)
        view = self.grid.view
        self.grid.set_view(View(view.sort_key, view.descending, 1, view.page_size))
        self.refresh()

    def _press(self, name: str) -> None:
        {
            "create": self._new,
            "update": lambda: self.window.update(self.model.selection[0]),
            "delete": lambda: self.question.ask(self.model.delete_question(), self._delete),
            "post": self._ask_post,
            "view": lambda: self._view(self.model.selection[0]),
            "unpost": lambda: self.unpost_reason.ask("The batch can be changed again then.", self._unpost),
            "restore": self._restore,
            "clear": self._clear,
            "remember": self._remember,
            "columns": self._choose_columns,
        }[name]()

    def _choose_columns(self) -> None:
        self.columns.show()

    def _new(self) -> None:
        self.window.new()

    def _clear(self) -> None:
        self.model.clear()
        self.filter.fill(
            {field: False if field in ("mine", "recycled") else None for field in self.filter.values}
        )
        self.refresh()

    def _saved(self, batch_id: int) -> None:
        if self.window.model.batch is None:
            self._view(batch_id)
        self.refresh()

    def _view(self, batch_id: int) -> None:
        self._shell.go("image_viewer", batch=batch_id)

    def _delete(self) -> None:
        self.model.delete()
        self.refresh()

    def _restore(self) -> None:
        self.model.restore()
        self.refresh()

    def _unpost(self, reason: str) -> None:
        self.model.unpost(reason)
        self.refresh()

    def _ask_post(self) -> None:
        if question := self.model.empty_sets_question():
            self.drop_question.ask(question, lambda: self._post(drop_empty_sets=True))
        else:
            self._post(drop_empty_sets=False)

    def _post(self, *, drop_empty_sets: bool) -> None:
        for line in self.model.post(drop_empty_sets=drop_empty_sets):
            self.bar.notify(line, "success" if "is posted" in line else "error")
        self.refresh()


def _row(row: BatchRow) -> Row:
    posted = row.status is BatchStatus.POSTED
    return Row(
        row.batch_id,
        [
            row.practice,
            stamp(row.created_at, row.time_zone),
            str(row.batch_id),
            row.description,
            row.batch_type.value,
            row.facility or row.payer,
            date_text(row.date_of_service) or row.plan,
            str(row.sets),
            str(row.images),
            badge(row.status.value, "good" if posted else ""),
            stamp(row.posted_at, row.time_zone),
            row.created_by,
            flags(row),
        ],
    )
