"""The drawer of Attach/Find a Claim: boxes, ranked results with their reasons, keyboard only if one likes."""

from collections.abc import Callable
from typing import Any

from workbench.domain.deposit_views import ClaimRow
from workbench.errors import RefusedError
from workbench.services.deposit_desk.claim_search import ClaimsFound, FoundClaim
from workbench.widgets.deposit.find_model import PERIOD, FindModel, criteria, window
from workbench.widgets.deposit.resolve_model import ResolveModel
from workbench.widgets.deposit.rows import money
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, actions, badge
from workbench.widgets.kit.panel import Dialog, row
from workbench.widgets.kit.typed import date_text

TITLE = "Attach/Find a Claim"
COLUMNS = [
    Column("claim_id", "Claim ID", "number", sortable=False),
    Column("pcn", "Claim XRef", sortable=False),
    Column("patient", "Patient", sortable=False, width="13em"),
    Column("born", "Date of Birth", "date", sortable=False),
    Column("service", "Service", "date", sortable=False),
    Column("payers", "Payers", sortable=False, width="15em"),
    Column("charged", "Charged", "money", sortable=False),
    Column("open", "Open balance", "money", sortable=False),
    Column("status", "Status", sortable=False),
    Column("why", "Why it fits", sortable=False, wrap=True),
    Column("action", "Action", sortable=False),
]
HERE = "here:"
EMPTY = "Nothing found. Type less, or press Search All Dates: the claim may be older than the time period."


class FindDialog:
    """Searches, adds and jumps.

    `taken(text, tone)` runs after claims were added; `show_claim(deposit claim)` shows one that is here already;
    `edit(deposit claim)` opens the first one that was added, for keying.
    """

    def __init__(
        self,
        desk: Any,
        taken: Callable[[str, str], None],
        show_claim: Callable[[int], None],
        edit: Callable[[int], None] | None = None,
    ) -> None:
        self.model = FindModel(desk)
        self._taken, self._show_claim, self._edit = taken, show_claim, edit
        self.boxes = Form(
            TITLE,
            [
                Field("claim_id", "Claim ID", "number", width="8em"),
                Field("pcn", "Claim XRef", width="10em"),
                Field("last", "Last Name", width="11em"),
                Field("first", "First Name", width="9em"),
                Field("service_from", "Service from", "date", width="10em"),
                Field("service_to", "to", "date", width="10em"),
                Field("charge", "Amount", "money", width="8em"),
                Field("payer_id", "Payer", "lookup", search=ResolveModel(desk).payers, width="15em"),
            ],
            [
                Action("search", "Search", tone="primary", key="Alt+KeyF"),
                Action("all", "Search All Dates", key="Alt+KeyD", title="Beyond the time period, too"),
            ],
            FormEvents(on_press=lambda name: self._search(all_dates=name == "all")),
            arrangement="line",
        )
        self.period = Form(
            PERIOD,
            [
                Field("days", f"{PERIOD} (days)", "number", width="15em"),
                Field("told", "", "static"),
            ],
            events=FormEvents(on_change=self._set_days),
            arrangement="line",
        )
        self.grid = Grid(
            "Claims Found",
            COLUMNS,
            GridEvents(on_use=self._use, on_action=lambda _, at: self._here(at)),
            Look(empty=EMPTY, selectable="multi", paged=False, height="52vh", key="Alt+KeyL"),
        )
        self.bar = Form(
            "Take Claims",
            [],
            [
                Action("take", "Add to Deposit", tone="primary", key="Ctrl+Enter"),
                *(
                    [Action("edit", "Add and Edit", key="Alt+KeyE", title="Add, and key the first")]
                    if edit
                    else []
                ),
            ],
            FormEvents(on_press=lambda name: self._take(list(self.grid.selection), edit=name == "edit")),
        )
        self.dialog = Dialog(TITLE, self.boxes, row(self.period, self.bar, wide=[0]), self.grid, drawer=True)

    def show(self, deposit_id: int, deposit_claim_id: int | None = None, pcn: str = "") -> None:
        """For the whole deposit, or for the remitted claim that has no claim of ours yet."""
        found = self.model.begin(deposit_id, deposit_claim_id)
        self.boxes.reset({})
        self.period.reset({"days": self.model.days, "told": ""})
        self._draw(found)
        self.dialog.show(f"{TITLE}: {pcn}" if pcn else TITLE)

    def _search(self, *, all_dates: bool) -> None:
        if self.boxes.errors:
            return
        self._draw(self.model.search(criteria(self.boxes.values, all_dates=all_dates)))
        self.grid.focus()

    def _draw(self, found: ClaimsFound | None) -> None:
        claims = found.claims if found else ()
        self.period.fill({"told": window(found) if found else "Type what you know of the claim."})
        shown = [*map(remitted_row, self.model.here), *map(found_row, claims)]
        self.grid.selection = []
        self.grid.show(shown, len(shown))

    def _set_days(self, _: str, days: Any) -> None:
        if isinstance(days, int):
            self.model.set_days(days)

    def _use(self, at: int | str) -> None:
        if isinstance(at, int) and self.model.attached_to(at) is None:
            self._take([at], edit=False)
        else:
            self._here(at)

    def _take(self, selected: list[Any], *, edit: bool) -> None:
        # Asked here, not by blocking the button: who selects and presses fast must not wait for the answer.
        if refused := self.model.why_not_take(selected):
            raise RefusedError(refused)
        taken = self.model.take(selected)
        self.dialog.hide()
        self._taken(taken.told, "success")
        if edit and self._edit is not None:
            self._edit(taken.deposit_claim_ids[0])

    def _here(self, at: int | str) -> None:
        remitted = int(at.removeprefix(HERE)) if isinstance(at, str) else None
        deposit_claim_id = self.model.attached_to(at) if isinstance(at, int) else remitted
        if deposit_claim_id is not None:
            self.dialog.hide()
            self._show_claim(deposit_claim_id)


def remitted_row(claim: ClaimRow) -> Row:
    """A claim of the deposit that has none of ours yet."""
    name = ", ".join(part for part in (claim.patient_last, claim.patient_first) if part)
    cells: list[Cell] = [
        "not found",
        claim.pcn,
        name,
        "",
        date_text(claim.service_from),
        "",
        money(claim.charge_cents),
        "",
        claim.state.label,
        badge("On this deposit"),
        actions(("show", "Show")),
    ]
    return Row(f"{HERE}{claim.id}", cells, "muted")


def found_row(claim: FoundClaim) -> Row:
    name = ", ".join(part for part in (claim.patient_last, claim.patient_first) if part)
    here = claim.attached_to is not None
    why: Cell = badge("On this deposit") if here else "; ".join(claim.reasons)
    cells: list[Cell] = [
        str(claim.claim_id),
        claim.pcn,
        name,
        date_text(claim.birth_date),
        date_text(claim.service_from),
        ", ".join(f"{payer} ({level})" for level, payer in claim.payers.items()),
        money(claim.charge_cents),
        money(claim.open_cents),
        claim.status,
        why,
        actions(("show", "Show")) if here else "",
    ]
    return Row(claim.claim_id, cells, "muted" if here else "")
