"""Notes on a deposit and its history, in a drawer (spec deposits 1.3, 6.4)."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from workbench.domain.deposit_views import HistoryRow
from workbench.domain.money import format_dollars
from workbench.services.deposits.history import NOTE_LENGTH
from workbench.widgets.deposit.header_model import LABELS
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, Look, Row
from workbench.widgets.kit.panel import Dialog, Panel, section, stack

NOTE_COLUMNS = [
    Column("at", "When", sortable=False),
    Column("by", "By", sortable=False),
    Column("note", "Note", sortable=False, wrap=True),
]
ACT_COLUMNS = [
    Column("at", "When", sortable=False),
    Column("by", "By", sortable=False),
    Column("act", "What was done", sortable=False),
    Column("change", "Before and after", sortable=False, wrap=True),
    Column("reason", "Reason", sortable=False, wrap=True),
]
# The act in the words of its button; one that is missing here reads as the trail has it.
ACTS = {
    "deposit.new": "New Deposit",
    "deposit.import": "Import ERA",
    "deposit.edit": "Edit",
    "deposit.send": "Send to Posting",
    "deposit.reset": "Reset",
    "deposit.void": "Remove",
    "deposit.ignore": "Ignore",
    "deposit.restore": "Restore",
    "deposit.add_claims": "Attach/Find a Claim",
    "claim.attach": "Attach a Claim",
    "claim.edit": "Edit a claim",
    "claim.payer": "Change the payer of a claim",
    "claim.exclude": "Exclude claims",
    "claim.include": "Include claims",
    "claim.reverse": "Reverse a claim",
    "claim.copy": "Copy to new posting",
    "error.ignore": "Ignore errors",
    "plb.settle_proposed": "Report provider adjustments",
}


_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
# An adjustment as the trail has it: `CO-45 5000 WRITE_OFF`, in cents.
_ADJUSTMENT = re.compile(r"([A-Z]{2}-\w+) (-?\d+)(?: \w*)*", re.ASCII)


class HistoryDrawer:
    """`changed(text, tone)` runs after a note was added. The drawer is made when first asked for."""

    def __init__(self, desk: Any, changed: Callable[[str, str], None]) -> None:
        self._desk = desk
        self._changed = changed
        self._deposit_id = 0
        self.place: Panel = stack()

    def show(self, deposit_id: int) -> None:
        self._deposit_id = deposit_id
        self.form.reset({})
        self._draw()
        self._dialog.show(f"Notes and history of deposit {deposit_id}")

    @cached_property
    def form(self) -> Form:
        return Form(
            "New Note",
            [Field("note", "Note", "note", required=True, max=NOTE_LENGTH)],
            [Action("add", "Add Note", tone="primary", key="Ctrl+Enter")],
            FormEvents(on_press=lambda _: self._add()),
        )

    @cached_property
    def notes(self) -> Grid:
        return Grid("Notes", NOTE_COLUMNS, look=Look(empty="No notes yet.", paged=False, key="Alt+KeyN"))

    @cached_property
    def acts(self) -> Grid:
        look = Look(empty="Nothing was done yet.", paged=False, height="40vh", key="Alt+KeyL")
        return Grid("History", ACT_COLUMNS, look=look)

    @cached_property
    def _dialog(self) -> Dialog:
        made = Dialog(
            "Notes and history",
            self.form,
            section("Notes", self.notes),
            section("History", self.acts),
            drawer=True,
        )
        self.place.add(made)
        return made

    def _draw(self) -> None:
        deposits, who = self._desk.deposits, self._desk.actor
        notes = deposits.notes(who, self._deposit_id)
        self.notes.show([note_row(at, note) for at, note in enumerate(notes)], len(notes))
        acts = deposits.history(who, self._deposit_id)
        self.acts.show([act_row(at, act) for at, act in enumerate(acts)], len(acts))

    def _add(self) -> None:
        self._desk.deposits.add_note(self._desk.actor, self._deposit_id, self.form.values["note"] or "")
        self.form.reset({})
        self._draw()
        self._changed("The note was added.", "success")


def note_row(place: int, note: HistoryRow) -> Row:
    return Row(place, [moment(note.at), note.user, note.reason])


def act_row(place: int, act: HistoryRow) -> Row:
    words = ACTS.get(act.action, act.action.replace(".", " ").replace("_", " ").capitalize())
    words = f"{words} {act.pcn}" if act.pcn else words
    return Row(place, [moment(act.at), act.user, words, changes(act.before, act.after), act.reason])


def moment(at: datetime) -> str:
    """In the time of this machine, as the office reads it."""
    return f"{at.astimezone():%m/%d/%Y %H:%M}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """`Check #: 17 > 18; paid: 40.00 > 56.00`; what was not there before has no first part, what stayed is left out."""
    parts = []
    for name in dict.fromkeys([*before, *after]):
        if name in before and name in after and before[name] == after[name]:
            continue
        label = LABELS.get(name) or name.removesuffix("_cents").removesuffix("_id").replace("_", " ")
        old, new = (_plain(name, side[name]) if name in side else "" for side in (before, after))
        parts.append(f"{label}: {old} > {new}" if old and new else f"{label}: {new or old}")
    return "; ".join(parts)


def _plain(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(name, one) for one in value)
    if name.endswith("_cents") and isinstance(value, int):
        return format_dollars(value)
    if isinstance(value, str) and (dated := _DATE.fullmatch(value)):
        return f"{dated[2]}/{dated[3]}/{dated[1]}"
    if isinstance(value, str) and (adjusted := _ADJUSTMENT.fullmatch(value)):
        return f"{adjusted[1]} {format_dollars(int(adjusted[2]))}"
    return "" if value is None else str(value)
