"""The small windows of the viewer: move, hold, note, restore. Each asks and hands the answer on."""

from collections.abc import Callable
from datetime import date

from workbench.domain.scan_batch.words import HOLD_REASONS, NOTE_LENGTH, REASON_LENGTH
from workbench.storage.stores.recycle_bin import DeletedPage
from workbench.widgets.image_viewer.model import ViewerModel
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, Look, Row
from workbench.widgets.kit.panel import Dialog

_CANCEL = Action("cancel", "Cancel")
_NEW_SET = "new"


class MoveDialog(Dialog):
    """Move image(s) to set… (key V)."""

    def __init__(self, moved: Callable[[list[int], int | None], None]) -> None:
        self._moved = moved
        self._images: list[int] = []
        self._form = Form(
            "Move to set",
            [Field("set", "Set ID", "select", required=True)],
            [Action("move", "Move", tone="primary"), _CANCEL],
            FormEvents(on_press=self._pressed),
        )
        super().__init__("Move to set", self._form)

    def ask(self, model: ViewerModel, images: list[int]) -> None:
        self._images = images
        others = [each for each in model.sets if each.state.set_id != model.set_id]
        options = [
            (str(each.state.set_id), f"Set {each.state.set_id} ({each.image_count} pages)") for each in others
        ]
        self._form.set_options("set", [*options, (_NEW_SET, "New set")])
        self.show("Move 1 page" if len(images) == 1 else f"Move {len(images)} pages")

    def _pressed(self, name: str) -> None:
        chosen = str(self._form.values["set"])
        if name == "move":
            self._moved(self._images, None if chosen == _NEW_SET else int(chosen))
        self.hide()


class HoldDialog(Dialog):
    """A set goes on hold with a reason, and a day to look at it again (spec 2.3, 3.5)."""

    def __init__(self, held: Callable[[str, date | None], None]) -> None:
        self._held = held
        self._form = Form(
            "Hold set",
            [
                Field(
                    "reason",
                    "Reason",
                    required=True,
                    max=REASON_LENGTH,
                    help="Usual: " + ", ".join(HOLD_REASONS),
                ),
                Field("follow_up_on", "Follow up on", "date"),
            ],
            [Action("hold", "Hold", tone="primary"), _CANCEL],
            FormEvents(on_press=self._pressed),
        )
        super().__init__("Hold set", self._form)

    def ask(self, set_id: int) -> None:
        self._form.fill({"reason": None, "follow_up_on": None})
        self.show(f"Hold set {set_id}")

    def _pressed(self, name: str) -> None:
        if name == "hold":
            reason = str(self._form.values["reason"] or "")
            if not reason:
                self._form.errors = {"reason": "Give a reason for the hold."}
                self._form.focus("reason")
                return
            self._held(reason, self._form.values["follow_up_on"])
        self.hide()


class NoteDialog(Dialog):
    """A note on the page and one on its set (key ;)."""

    def __init__(self, noted: Callable[[str, str], None]) -> None:
        self._noted = noted
        self._form = Form(
            "Note",
            [
                Field("image", "Note on this page", "note", max=NOTE_LENGTH),
                Field("set", "Note on the set", "note", max=NOTE_LENGTH),
            ],
            [Action("save", "Save", tone="primary", key="Ctrl+Enter"), _CANCEL],
            FormEvents(on_press=self._pressed),
        )
        super().__init__("Note", self._form)

    def ask(self, image_note: str, set_note: str) -> None:
        self._form.fill({"image": image_note, "set": set_note})
        self.show()

    def _pressed(self, name: str) -> None:
        if name == "save":
            self._noted(str(self._form.values["image"] or ""), str(self._form.values["set"] or ""))
        self.hide()


class DeletedDialog(Dialog):
    """The deleted pages of the batch, and the way back (spec 3.5, 5 row 16)."""

    def __init__(self, restored: Callable[[list[int]], None]) -> None:
        self._restored = restored
        self._grid = Grid(
            "Deleted pages",
            [
                Column("set_id", "Set ID", "number", sortable=False),
                Column("page_no", "Page", "number", sortable=False),
                Column("name", "File", sortable=False),
                Column("at", "Deleted", "date", sortable=False),
                Column("by", "By", sortable=False),
            ],
            look=Look(
                selectable="multi", paged=False, height="50vh", empty="No page of this batch is deleted."
            ),
        )
        self._grid.observe(lambda _: self._block(), "selection")
        self._form = Form(
            "Deleted pages",
            [],
            [Action("restore", "Restore", tone="primary"), Action("close", "Close")],
            FormEvents(on_press=self._pressed),
        )
        super().__init__("Deleted pages", self._grid, self._form)

    def ask(self, model: ViewerModel) -> None:
        pages = model.deleted_pages()
        self._grid.show([_deleted_row(model, page) for page in pages], len(pages))
        self._grid.selection = []
        self._block()
        self.show()

    def _block(self) -> None:
        self._form.block({}, {} if self._grid.selection else {"restore": "Select the pages to restore."})

    def _pressed(self, name: str) -> None:
        if name == "restore":
            self._restored([int(each) for each in self._grid.selection])
        self.hide()


def _deleted_row(model: ViewerModel, page: DeletedPage) -> Row:
    at = f"{page.deleted_at.astimezone(model.clock):%m/%d/%Y %H:%M}"
    return Row(page.image_id, [str(page.set_id), str(page.page_no), page.name, at, page.deleted_by])
