"""The Posting page: postings that failed (or any), grouped by error; one opens with its account beside it."""

from collections.abc import Mapping
from typing import Any

from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Grid, GridEvents, Look, View
from workbench.widgets.kit.panel import section, stack
from workbench.widgets.kit.shell import Shell
from workbench.widgets.posting import rows
from workbench.widgets.posting.drawer import PostingDrawer
from workbench.widgets.posting.model import ERRORS, SHOWS, PostingModel

FIELDS = [
    Field("search", "Quick Search", "search", live=True, key="Slash", width="15em"),
    Field("show", "Show", "select", options=list(SHOWS.items())),
    Field("error_code", "Error", "select", options=[("", "Any"), *ERRORS.items()]),
    Field("deposit_id", "Deposit", "number", width="7em"),
    Field("claim_id", "Claim ID", "number", width="7em"),
    Field("deposited_from", "Deposited From", "date", width="9em"),
    Field("deposited_to", "Deposited To", "date", width="9em"),
]
BUTTONS = [
    Action("clear", "Clear Filter", key="Alt+KeyR"),
    Action(
        "send", "Send Again", key="Alt+KeyS", title="Post the failed claims of the selected deposits again"
    ),
]
# Parameter of the address -> field of the filter.
ADDRESS = {"show": "show", "error": "error_code", "deposit": "deposit_id", "claim": "claim_id"}


class PostingScreen:
    def __init__(self, desk: Any, shell: Shell) -> None:
        self.shell = shell
        self._desk = desk
        self.model = PostingModel(desk)
        self.filter = Form(
            "Posting Filter", FIELDS, BUTTONS, FormEvents(self._narrow, self._press), arrangement="line"
        )
        self._fill()
        self.groups = Grid(
            "Posting Errors",
            rows.GROUP_COLUMNS,
            GridEvents(on_use=lambda code: self._act("show", code), on_action=self._act),
            Look(empty="No open errors here.", paged=False, height="168px", key="Alt+KeyE"),
        )
        self.grid = Grid(
            "Postings",
            rows.COLUMNS,
            GridEvents(on_view=lambda _: self.refresh(), on_use=self._open),
            Look(
                empty="Nothing failed. Show: All lists every posting.",
                selectable="multi",
                height="60vh",
                key="Alt+KeyL",
            ),
        )
        self.grid.set_view(View(sort_key="deposit_id"))
        self.ignoring = Confirm("Ignore All", "Ignore All", reason="required")
        self._drawer: PostingDrawer | None = None
        self.widget = stack(
            section("Posting Errors", self.groups),
            section("Postings", self.filter, self.grid),
            self.ignoring,
        )

    def enter(self, params: Mapping[str, str]) -> str:
        """`?deposit=7&show=all`, `?error=ZERO_PAY_DENIAL&show=all`, `?open=12`: from a deposit or a work list."""
        if params:
            self.model.clear()
        for name, field in ADDRESS.items():
            if known := _known(name, params.get(name, "")):
                self.model.narrow(field, known)
        self._fill()
        self._restart()
        wanted = _known("deposit", params.get("open", ""))
        if isinstance(wanted, int):
            self._open(wanted)
        return "Posting"

    def refresh(self) -> None:
        view = self.grid.view
        page = self.model.page(view.sort_key, view.descending, view.offset, view.page_size)
        groups = [
            rows.group_row(group, ignorable=self.model.why_not_ignore_like(group.code) is None)
            for group in page.groups
        ]
        self.groups.show(groups, len(groups))
        shown = [rows.posting_row(row) for row in page.rows]
        self.grid.show(shown, page.total, rows.posting_totals(page))

    def _fill(self) -> None:
        values = {field.name: getattr(self.model.query, field.name) for field in FIELDS}
        self.filter.fill(values)

    def _restart(self) -> None:
        view = self.grid.view
        self.grid.set_view(View(view.sort_key, view.descending, 1, view.page_size))
        self.refresh()

    def _narrow(self, name: str, value: Any) -> None:
        self.model.narrow(name, value)
        self._restart()

    def _press(self, name: str) -> None:
        if name == "clear":
            self.model.clear()
            self._fill()
            self._restart()
            return
        deposits = {row.deposit_id for row in self._selected()}
        told = self.model.send_again(deposits) or [
            "Select postings first: click them, or press Space on them."
        ]
        self.refresh()
        for text in told:
            self.filter.notify(text)

    def _selected(self) -> list[Any]:
        chosen = set(self.grid.selection)
        view = self.grid.view
        page = self.model.page(view.sort_key, view.descending, view.offset, view.page_size)
        return [row for row in page.rows if row.id in chosen]

    def _act(self, name: str, code: str) -> None:
        if name == "show":
            self.filter.fill({"error_code": code})
            self._narrow("error_code", code)
            self.grid.focus()
            return
        text = (
            f"Every error {ERRORS[code]} of the postings in this list is ignored. "
            "Each comes back only when its facts change."
        )
        self.ignoring.ask(text, lambda reason: self._ignore(code, reason))

    def _ignore(self, code: str, reason: str) -> None:
        count = self.model.ignore_like(code, reason)
        self._after("1 error ignored." if count == 1 else f"{count:,} errors ignored.", "success")

    def _open(self, deposit_claim_id: int) -> None:
        if self._drawer is None:
            self._drawer = PostingDrawer(self._desk, self.model, self._after, self._deposit)
            self.widget.add(self._drawer.place)
        self._drawer.open(deposit_claim_id)

    def _deposit(self, deposit_id: int) -> None:
        self.shell.go("deposit", id=deposit_id)

    def _after(self, told: str, tone: str) -> None:
        """After anything was changed: the lists anew, and the open posting as it is now."""
        self.refresh()
        if self._drawer is not None:
            self._drawer.refresh()
        self.filter.notify(told, tone)


def _known(name: str, text: str) -> str | int | None:
    """A parameter of the address when it can be one; the address is typed by people."""
    if name in ("deposit", "claim"):
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    return text if text in (SHOWS if name == "show" else ERRORS) else None
