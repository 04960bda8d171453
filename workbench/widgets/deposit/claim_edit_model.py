"""Editing one claim of a deposit: what is typed, what the payer sent, and what somebody else saved meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from workbench.domain.deposit import DepositType
from workbench.domain.deposit_views import AdjustmentRow, ClaimDetails, LineDetails
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.domain.remit import REMIT_STATUSES, Group
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedAdjustment, EditedLine
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.services.deposits import Deposits
from workbench.widgets.deposit.changes import Difference
from workbench.widgets.deposit.line_typing import CONTRACTUAL, PATIENT_PARTS, LineFigures, put, typed
from workbench.widgets.kit.typed import NotTypedRightError, money_text, typed_money

# The place of adjustments of the claim as a whole (CAS of loop 2100).
WHOLE_CLAIM = 0
HEAD = {"remit_status": "Remit Status", "payer_claim_no": "Payer's Claim #"}
AMOUNTS = {
    "allowed": "Allowed",
    "paid": "Paid",
    "deductible": "Deductible (PR-1)",
    "coinsurance": "CoIns (PR-2)",
    "copay": "CoPay (PR-3)",
    "interest": "Interest",
}


class Desk(Protocol):
    """What the editor needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def deposits(self) -> Deposits: ...
    @property
    def deposit_desk(self) -> DepositDesk: ...


@dataclass
class Sheet:
    """The claim as typed. `lines`: id -> figures; WHOLE_CLAIM has only adjustments."""

    head: dict[str, str]
    lines: dict[int, LineFigures] = field(default_factory=dict)

    def amounts(self) -> dict[tuple[int, str], int | None]:
        """(line, name) -> cents, of everything that a person may type."""
        found: dict[tuple[int, str], int | None] = {}
        for number, line in self.lines.items():
            codes = [code for code in line.adjustments if code not in PATIENT_PARTS.values()]
            named = codes if number == WHOLE_CLAIM else [*AMOUNTS, *codes]
            found |= {(number, name): line.amount(name) for name in named}
        return found


class ClaimEditModel:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.type = DepositType.ERA
        self.claim: ClaimDetails
        self.sheet = self._opened = Sheet({})

    def open(self, deposit_claim_id: int) -> None:
        """Raises NotFoundError. What was typed before is gone."""
        self.claim = self._desk.deposits.claim(self._desk.actor, deposit_claim_id)
        self.type = self._desk.deposits.get(self._desk.actor, self.claim.row.deposit_id).row.type
        self.sheet, self._opened = sheet_of(self.claim), sheet_of(self.claim)

    @property
    def is_changed(self) -> bool:
        return self.sheet != self._opened

    def type_head(self, name: str, value: str) -> None:
        self.sheet.head[name] = value

    def type_amount(self, line_id: int, name: str, text: str) -> str | None:
        """Takes what was typed and proposes the rest; gives what is wrong with it, or None."""
        try:
            cents = typed_money(text)
        except NotTypedRightError as problem:
            return str(problem)
        enter = put if line_id == WHOLE_CLAIM else typed
        self.sheet.lines[line_id] = enter(self.sheet.lines[line_id], name, cents)
        return None

    def add_adjustment(self, line_id: int, group: str, reason: str, cents: int | None) -> dict[str, str]:
        """A new adjustment; gives what is wrong by field, or nothing when it was taken."""
        reason = reason.strip().upper()
        wrong = {
            "group": "Choose a group." if group not in set(Group) else "",
            "reason": ""
            if reason.isascii() and reason.isalnum() and len(reason) <= 5
            else "Type a reason code.",
            "amount": "" if cents else "Type an amount.",
        }
        code = f"{group}-{reason}"
        if self.sheet.lines[line_id].amount(code):
            wrong["reason"] = f"{code} is there already: change its amount."
        found = {name: text for name, text in wrong.items() if text}
        if not found:
            enter = put if line_id == WHOLE_CLAIM else typed
            self.sheet.lines[line_id] = enter(self.sheet.lines[line_id], code, cents)
        return found

    def others(self) -> list[tuple[int, str, int, int]]:
        """The other adjustments: (line, code, cents, cents as received). One that was set to 0 stays visible."""
        sent = {number: _received(rows) for number, rows in self._rows().items()}
        found = []
        for number, line in self.sheet.lines.items():
            codes = dict.fromkeys([*sent[number], *line.adjustments])
            hidden = () if number == WHOLE_CLAIM else PATIENT_PARTS.values()
            found += [
                (number, code, line.amount(code) or 0, sent[number].get(code, 0))
                for code in codes
                if code not in hidden
            ]
        return found

    def blockers(self) -> dict[str, str]:
        """Why it cannot be saved as ready now (spec 6.6), by button."""
        for line in self.claim.lines:
            gap = self.sheet.lines[line.id].gap_cents
            if gap:
                text = f"{self.title(line.id)} has a gap of {format_dollars(gap)}: correct it, or Save Draft."
                return {"save": text}
        if self.type is DepositType.EOB and not self.sheet.head["remit_status"]:
            return {"save": "Choose how the payer processed the claim (Remit Status)."}
        return {}

    def title(self, line_id: int) -> str:
        """How the line is called, e.g. `Line 1 99213`."""
        line = next((line for line in self.claim.lines if line.id == line_id), None)
        return (
            "Claim" if line is None else f"Line {line.line_no + 1} {line.code or line.revenue_code}".strip()
        )

    def save(self, *, ready: bool) -> None:
        """Raises RefusedError, or ChangedByAnotherError: then see `differences`."""
        row = self.claim.row
        self._desk.deposit_desk.editing.save_claim(
            self._desk.actor, row.id, row.version, self._edit(), ready=ready
        )

    def differences(self) -> list[Difference]:
        """What somebody else saved since this was opened, beside what is typed here."""
        theirs = sheet_of(self._desk.deposits.claim(self._desk.actor, self.claim.row.id))
        found = [
            Difference(label, theirs.head[name], self.sheet.head[name])
            for name, label in HEAD.items()
            if theirs.head[name] != self._opened.head[name]
        ]
        then, now, here = self._opened.amounts(), theirs.amounts(), self.sheet.amounts()
        for place in dict.fromkeys([*then, *now]):
            if then.get(place) != now.get(place):
                label = f"{self.title(place[0])}: {AMOUNTS.get(place[1], place[1])}"
                found.append(Difference(label, money_text(now.get(place)), money_text(here.get(place))))
        return found

    def reload(self, *, keep: bool) -> None:
        """Opens the claim as it is now. `keep`: what was typed here is put on top of it."""
        opened, mine = self._opened, self.sheet
        self.open(self.claim.row.id)
        if not keep:
            return
        for name, value in mine.head.items():
            if value != opened.head[name]:
                self.sheet.head[name] = value
        then, here = opened.amounts(), mine.amounts()
        for line_id, name in dict.fromkeys([*then, *here]):
            if then.get((line_id, name)) != here.get((line_id, name)) and line_id in self.sheet.lines:
                cents = here.get((line_id, name))
                self.sheet.lines[line_id] = put(self.sheet.lines[line_id], name, cents)

    def _rows(self) -> dict[int, Sequence[AdjustmentRow]]:
        return {
            WHOLE_CLAIM: self.claim.adjustments,
            **{line.id: line.adjustments for line in self.claim.lines},
        }

    def _edit(self) -> ClaimEdit:
        rows = self._rows()
        lines = [
            EditedLine(
                number,
                line.paid_cents,
                _edited(line.adjustments, rows[number]),
                line.allowed_cents,
                line.interest_cents,
            )
            for number, line in self.sheet.lines.items()
            if number != WHOLE_CLAIM
        ]
        status = self.sheet.head["remit_status"]
        return ClaimEdit(
            tuple(lines),
            remit_status=status if status != self.claim.row.remit_status or status in REMIT_STATUSES else "",
            payer_claim_no=self.sheet.head["payer_claim_no"],
            adjustments=_edited(self.sheet.lines[WHOLE_CLAIM].adjustments, rows[WHOLE_CLAIM]),
        )


def sheet_of(claim: ClaimDetails) -> Sheet:
    """The claim as it is stored, ready to be typed on."""
    whole = LineFigures(0, adjustments=_sums(claim.adjustments))
    lines = {WHOLE_CLAIM: whole, **{line.id: _figures(line) for line in claim.lines}}
    return Sheet({name: getattr(claim.row, name) for name in HEAD}, lines)


def _figures(line: LineDetails) -> LineFigures:
    sums = _sums(line.adjustments)
    return LineFigures(
        line.charge_cents,
        line.paid_cents,
        line.allowed_cents,
        line.interest_cents,
        sums,
        "received" if CONTRACTUAL in sums else "open",
    )


def _sums(rows: Sequence[AdjustmentRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        code = f"{row.group}-{row.reason}"
        found[code] = found.get(code, 0) + row.amount_cents
    return {code: cents for code, cents in found.items() if cents}


def _received(rows: Sequence[AdjustmentRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        code = f"{row.group}-{row.reason}"
        found[code] = found.get(code, 0) + (row.amount_received_cents if row.segment is not None else 0)
    return found


def _edited(wanted: Mapping[str, int], rows: Sequence[AdjustmentRow]) -> tuple[EditedAdjustment, ...]:
    """The stored rows with their new amounts; of a code with several rows the first takes the difference."""
    left = {code: cents - _sums(rows).get(code, 0) for code, cents in wanted.items()}
    found = []
    for row in rows:
        code = f"{row.group}-{row.reason}"
        if code in wanted:
            found.append(
                EditedAdjustment(row.group, row.reason, row.amount_cents + left.pop(code, 0), row.id)
            )
    for code, cents in left.items():
        group, _, reason = code.partition("-")
        found.append(EditedAdjustment(group, reason, cents))
    return tuple(found)
