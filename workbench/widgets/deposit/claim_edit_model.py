"""Editing one claim of a deposit: what is typed, what the payer sent, and what somebody else saved meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from workbench.domain.codes import CodeBook, CodeList
from workbench.domain.deposit import DepositType, PaymentType
from workbench.domain.deposit_views import ClaimDetails
from workbench.domain.money import format_dollars
from workbench.domain.posting import Effect
from workbench.domain.remit import Group
from workbench.services.code_lists import CodeLists
from workbench.services.deposit_desk.claim_editing import ADDS_UP, Surroundings, facts_of
from workbench.widgets.deposit.changes import Difference
from workbench.widgets.deposit.claim_differences import differences, put_on_top
from workbench.widgets.deposit.claim_lookups import find_codes, find_payers
from workbench.widgets.deposit.claim_sheet import (
    AMOUNTS,
    WHOLE_CLAIM,
    Chosen,
    Place,
    Sheet,
    code_of,
    edit_of,
    received,
    rows_of,
    sheet_of,
)
from workbench.widgets.deposit.line_typing import LineFigures, put, typed
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.form import Option
from workbench.widgets.kit.typed import NotTypedRightError, typed_money

REASON_LENGTH = 5


class Desk(DepositsDesk, Protocol):
    """What the editor needs of the opened workbench."""

    @property
    def code_lists(self) -> CodeLists: ...


@dataclass(frozen=True, slots=True)
class Treatment:
    """What an adjustment does when the claim is posted, and who said so."""

    effect: Effect
    payment_type: str
    why: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class AdjustmentTyped:
    """One code on one line, or on the claim as a whole.

    `unreadable`: what the payer sent is no amount; `unread`: and nobody has keyed it yet.
    """

    line_id: int
    code: str
    cents: int
    received_cents: int
    treatment: Treatment
    unreadable: bool
    unread: bool


class ClaimEditModel:
    """One claim at a time. Every change can be undone until the claim is opened anew."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.type = DepositType.ERA
        self.claim: ClaimDetails
        self.around: Surroundings
        self.sheet = self._opened = Sheet({})
        self._undo: list[Sheet] = []
        self._redo: list[Sheet] = []

    def open(self, deposit_claim_id: int) -> None:
        """Raises NotFoundError. What was typed before is gone."""
        actor = self._desk.actor
        self.claim = self._desk.deposits.claim(actor, deposit_claim_id)
        self.around = self._desk.deposit_desk.editing.surroundings(actor, deposit_claim_id)
        self.type = self._desk.deposits.get(actor, self.claim.row.deposit_id).row.type
        self._opened = sheet_of(self.claim, self.around.by_hand)
        self.sheet = self._opened.copy()
        self._undo, self._redo = [], []

    @property
    def is_changed(self) -> bool:
        return self.sheet != self._opened

    @property
    def is_keyed(self) -> bool:
        """Whether it comes from paper: then what the payer stated is typed here, too."""
        return self.type is not DepositType.ERA

    @property
    def has_lines(self) -> bool:
        return bool(self.claim.lines)

    @property
    def book(self) -> CodeBook:
        return self._desk.code_lists.book()

    # What is typed.

    def type_head(self, name: str, value: str) -> None:
        self._do(lambda sheet: sheet.head.update({name: value}))

    def type_amount(self, line_id: int, name: str, text: str) -> str | None:
        """Takes what was typed and proposes the rest; gives what is wrong with it, or None."""
        try:
            cents = typed_money(text)
        except NotTypedRightError as problem:
            return f"{AMOUNTS.get(name, name)}: {problem}"
        self._do(lambda sheet: self._enter(sheet, line_id, name, cents))
        return None

    def add_adjustment(self, line_id: int, group: str, reason: str, cents: int | None) -> dict[str, str]:
        """A new adjustment; gives what is wrong by field, or nothing when it was taken."""
        reason = reason.strip().upper()
        fits = reason.isascii() and reason.isalnum() and len(reason) <= REASON_LENGTH
        wrong = {
            "group": "" if group in set(Group) else "Choose a group.",
            "reason": "" if fits else "Type a reason code.",
            "amount": "" if cents else "Type an amount.",
        }
        code = f"{group}-{reason}"
        if self.sheet.lines[line_id].amount(code):
            wrong["reason"] = f"{code} is there already: change its amount."
        found = {name: text for name, text in wrong.items() if text}
        if not found:
            self._do(lambda sheet: self._enter(sheet, line_id, code, cents))
        return found

    def choose(self, place: Place, effect: Effect | None, payment_type: PaymentType | None) -> None:
        """Says what an adjustment does; `effect` None lets the rules say it."""
        if effect is None:
            self._do(lambda sheet: sheet.chosen.pop(place, None))
        else:
            self._do(lambda sheet: sheet.chosen.update({place: Chosen(effect, payment_type)}))

    def add_remark(self, line_id: int, code: str) -> None:
        if code and code not in self.sheet.remarks[line_id]:
            self._do(lambda sheet: sheet.remarks.update({line_id: (*sheet.remarks[line_id], code)}))

    def remove_remark(self, line_id: int, code: str) -> None:
        left = tuple(each for each in self.sheet.remarks[line_id] if each != code)
        self._do(lambda sheet: sheet.remarks.update({line_id: left}))

    def undo(self) -> None:
        if self._undo:
            self._redo.append(self.sheet)
            self.sheet = self._undo.pop()

    def redo(self) -> None:
        if self._redo:
            self._undo.append(self.sheet)
            self.sheet = self._redo.pop()

    def _do(self, change: Callable[[Sheet], object]) -> None:
        before = self.sheet
        self.sheet = before.copy()
        change(self.sheet)
        if self.sheet == before:
            return
        self._undo.append(before)
        self._redo = []

    def _enter(self, sheet: Sheet, line_id: int, name: str, cents: int | None) -> None:
        # A patient's money explains no charge: nothing is proposed beside it.
        enter = typed if line_id != WHOLE_CLAIM and self.type in ADDS_UP else put
        sheet.lines[line_id] = enter(sheet.lines[line_id], name, cents)
        if cents is not None:
            sheet.unread -= {(line_id, name)}

    # What is shown.

    def adjustments(self) -> list[AdjustmentTyped]:
        """All adjustments as typed, with what the payer sent. One that was set to 0 stays visible."""
        rows = rows_of(self.claim)
        found = []
        for number, line in self.sheet.lines.items():
            sent = received(rows[number])
            bad = {code_of(row) for row in rows[number] if row.unreadable}
            for code in dict.fromkeys([*sent, *line.adjustments]):
                cents = line.adjustments.get(code, 0)
                place = (number, code)
                typed_now = (self.treatment(place, cents), code in bad, place in self.sheet.unread)
                found.append(AdjustmentTyped(number, code, cents, sent.get(code, 0), *typed_now))
        return found

    def treatment(self, place: Place, cents: int) -> Treatment:
        """What the adjustment does, by the person's choice or by the rules as they are now."""
        number, code = place
        chosen = self.sheet.chosen.get(place)
        if chosen is not None:
            kind = chosen.payment_type.value if chosen.payment_type else ""
            return Treatment(chosen.effect, kind, "Chosen by hand.", True)  # noqa: FBT003
        group, _, reason = code.partition("-")
        line = next((line for line in self.claim.lines if line.id == number), None)
        found = self.around.rules.decide(
            facts_of(
                group,
                reason,
                cents,
                payer_id=int(self.sheet.head["payer_id"] or 0) or None,
                status=self.sheet.head["remit_status"],
                remark_codes=" ".join((*self.sheet.remarks[WHOLE_CLAIM], *self.sheet.remarks[number])),
                cpt=line.code if line else None,
            )
        )
        kind = found.payment_type.value if found.payment_type else ""
        return Treatment(found.effect, kind, found.why, False)  # noqa: FBT003

    def balance(self, line_id: int) -> tuple[int, int] | None:
        """(before, after) this claim is posted, of our charge line; None while the line is not mapped."""
        before = self.around.line_open_cents.get(line_id)
        return None if before is None else (before, before + self._effect_on_account(line_id))

    @property
    def claim_balance(self) -> tuple[int, int] | None:
        """The same of our claim as a whole, with provider-level money that was applied to it."""
        before = self.around.open_cents
        if before is None:
            return None
        effects = sum(self._effect_on_account(number) for number in self.sheet.lines)
        return before, before + effects - self.around.applied_cents

    def _effect_on_account(self, line_id: int) -> int:
        """Spec 4.4: less the payment without its interest, less what is written off."""
        line = self.sheet.lines[line_id]
        written_off = sum(
            cents
            for code, cents in line.adjustments.items()
            if self.treatment((line_id, code), cents).effect.changes_balance
        )
        return -(line.paid_cents - line.interest_cents) - written_off

    @property
    def gap_cents(self) -> int:
        """What of the charge is not explained, over all lines."""
        numbers = [line.id for line in self.claim.lines] or [WHOLE_CLAIM]
        return sum(self.sheet.lines[number].gap_cents for number in numbers)

    def figures(self) -> list[LineFigures]:
        """The lines as typed, in order."""
        return [self.sheet.lines[line.id] for line in self.claim.lines]

    def blockers(self) -> dict[str, str]:
        """Why a button cannot be used now, by button (spec 6.6: ready only at 0.00)."""
        found: dict[str, str] = {}
        if text := self._why_not_ready():
            found |= {"save": text, "save_next": text}
        if not self._undo:
            found["undo"] = "Nothing to undo."
        if not self._redo:
            found["redo"] = "Nothing to redo."
        if self.around.previous_id is None:
            found["previous"] = "No claim before this one can be edited."
        if self.around.next_id is None:
            found["next"] = "No claim after this one can be edited."
        return found

    def _why_not_ready(self) -> str | None:
        for number, name in sorted(self.sheet.unread):
            told = AMOUNTS.get(name, name)
            return f"{self.title(number)}: {told} could not be read. Type it, as the segments below have it."
        for number in [line.id for line in self.claim.lines] or [WHOLE_CLAIM]:
            gap = self.sheet.lines[number].gap_cents
            if gap and self.type in ADDS_UP:
                return f"{self.title(number)} has a gap of {format_dollars(gap)}: correct it, or Save Draft."
        if self.type is DepositType.EOB and not self.sheet.head["remit_status"]:
            return "Choose how the payer processed the claim (Remit Status)."
        return None

    def title(self, line_id: int) -> str:
        """How the line is called, e.g. `Line 1 99213`."""
        line = next((line for line in self.claim.lines if line.id == line_id), None)
        if line is None:
            return "Claim"
        return f"Line {line.line_no + 1} {line.code or line.revenue_code}".strip()

    def payer_name(self, payer_id: str) -> str:
        return self.around.payer_names.get(int(payer_id), f"Payer {payer_id}") if payer_id else ""

    @property
    def payer_level(self) -> str:
        """The place of the payer on our claim, in words."""
        wanted = self.sheet.head["payer_id"]
        if not self.around.payers:
            return ""
        levels = [level for level, (payer_id, _) in self.around.payers.items() if str(payer_id) == wanted]
        return ", ".join(levels) or "not on our claim"

    # Look-ups, for the claim that is open.

    def find_payers(self, text: str, limit: int) -> tuple[list[Option], int]:
        return find_payers(self.around, text, limit)

    def find_reasons(self, text: str, limit: int) -> tuple[list[Option], int]:
        """CARC."""
        return find_codes(self.book, CodeList.CARC, text, limit)

    def find_remarks(self, text: str, limit: int) -> tuple[list[Option], int]:
        """RARC."""
        return find_codes(self.book, CodeList.RARC, text, limit)

    # Saving, beside others.

    def save(self, *, ready: bool) -> None:
        """Raises RefusedError, or ChangedByAnotherError: then see `differences`."""
        row = self.claim.row
        edit = edit_of(self.sheet, self._opened, self.claim)
        self._desk.deposit_desk.editing.save_claim(self._desk.actor, row.id, row.version, edit, ready=ready)
        self._opened = self.sheet

    def differences(self) -> list[Difference]:
        """What somebody else saved since this was opened, beside what is typed here."""
        claim = self._desk.deposits.claim(self._desk.actor, self.claim.row.id)
        around = self._desk.deposit_desk.editing.surroundings(self._desk.actor, claim.row.id)
        theirs = sheet_of(claim, around.by_hand)
        return differences(self._opened, theirs, self.sheet, self.title, self.payer_name)

    def reload(self, *, keep: bool) -> None:
        """Opens the claim as it is now. `keep`: what was typed here is put on top of it."""
        opened, mine = self._opened, self.sheet
        self.open(self.claim.row.id)
        if keep:
            self._do(lambda sheet: put_on_top(sheet, opened, mine))
