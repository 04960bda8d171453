"""A claim of a deposit as it is typed on: a copy of what is stored, and what is to be saved of it (spec 6.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench.domain.deposit import PaymentType
from workbench.domain.deposit_views import AdjustmentRow, ClaimDetails, LineDetails
from workbench.domain.posting import Effect
from workbench.domain.remit import REMIT_STATUSES
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedAdjustment, EditedLine
from workbench.widgets.deposit.line_typing import CONTRACTUAL, PATIENT_PARTS, LineFigures

# The place of what concerns the claim as a whole (loop 2100).
WHOLE_CLAIM = 0
HEAD = {"remit_status": "Remit Status", "payer_id": "Payer", "payer_claim_no": "Payer's Claim #"}
AMOUNTS = {
    "allowed": "Allowed",
    "paid": "Paid",
    "deductible": "Deductible (PR-1)",
    "coinsurance": "CoIns (PR-2)",
    "copay": "CoPay (PR-3)",
    "interest": "Interest",
}
# (line, name): an amount, or a code such as "CO-45", of a line or of the whole claim.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person says an adjustment does; without one the rules say it."""

    effect: Effect
    payment_type: PaymentType | None = None


@dataclass
class Sheet:
    """The claim as typed.

    Attributes:
        head: as text, by the names of HEAD.
        lines: line -> figures; WHOLE_CLAIM has the adjustments of the claim, and its charge and payment
            when it has no lines.
        chosen: adjustments whose effect a person chose.
        remarks: line or WHOLE_CLAIM -> remark codes.
        unread: amounts that the payer sent, nobody could read, and nobody has keyed yet; they count as 0.
    """

    head: dict[str, str]
    lines: dict[int, LineFigures] = field(default_factory=dict)
    chosen: dict[Place, Chosen] = field(default_factory=dict)
    remarks: dict[int, tuple[str, ...]] = field(default_factory=dict)
    unread: frozenset[Place] = frozenset()

    def copy(self) -> "Sheet":
        """Apart from this one: what they hold is frozen."""
        return Sheet(dict(self.head), dict(self.lines), dict(self.chosen), dict(self.remarks), self.unread)

    def amounts(self) -> dict[Place, int | None]:
        """Cents of everything that a person may type."""
        found: dict[Place, int | None] = {}
        for number, line in self.lines.items():
            codes = [code for code in line.adjustments if code not in PATIENT_PARTS.values()]
            named = [*line.adjustments, "paid"] if number == WHOLE_CLAIM else [*AMOUNTS, *codes]
            found |= {(number, name): line.amount(name) for name in named}
        return found


def sheet_of(claim: ClaimDetails, by_hand: frozenset[int]) -> Sheet:
    """The claim as it is stored, ready to be typed on. `by_hand`: adjustments whose effect a person chose."""
    row = claim.row
    alone = not claim.lines
    whole = LineFigures(
        row.charge_cents if alone else 0,
        row.paid_stated_cents if alone else 0,
        adjustments=_sums(claim.adjustments),
    )
    return Sheet(
        {
            "remit_status": row.remit_status,
            "payer_id": "" if row.payer_id is None else str(row.payer_id),
            "payer_claim_no": row.payer_claim_no,
        },
        {WHOLE_CLAIM: whole, **{line.id: _figures(line) for line in claim.lines}},
        {
            (number, code_of(each)): Chosen(each.effect, _payment_type(each))
            for number, rows in rows_of(claim).items()
            for each in rows
            if each.id in by_hand and each.effect is not None
        },
        {
            WHOLE_CLAIM: tuple(code for code, _ in claim.remarks),
            **{line.id: tuple(code for code, _ in line.remarks) for line in claim.lines},
        },
        _unread(claim),
    )


def _unread(claim: ClaimDetails) -> frozenset[Place]:
    paid = {(line.id, "paid") for line in claim.lines if "paid_cents" in line.unreadable.split()}
    codes = {
        (number, code_of(row))
        for number, rows in rows_of(claim).items()
        for row in rows
        if row.unreadable == "amount_cents"
    }
    return frozenset(paid | codes)


def edit_of(sheet: Sheet, opened: Sheet, claim: ClaimDetails) -> ClaimEdit:
    """What is to be saved; what was not touched since `opened` is left to what is stored."""
    rows = rows_of(claim)

    def adjustments(number: int) -> tuple[EditedAdjustment, ...]:
        changes = {
            code: sheet.chosen.get((number, code))
            for code in sheet.lines[number].adjustments
            if sheet.chosen.get((number, code)) != opened.chosen.get((number, code))
        }
        return _edited(sheet.lines[number].adjustments, rows[number], changes)

    def remarks(number: int) -> str | None:
        same = sheet.remarks[number] == opened.remarks[number]
        return None if same else " ".join(sheet.remarks[number])

    lines = [
        EditedLine(
            number,
            line.paid_cents,
            adjustments(number),
            line.allowed_cents,
            line.interest_cents,
            remarks(number),
            (number, "paid") not in sheet.unread,
        )
        for number, line in sheet.lines.items()
        if number != WHOLE_CLAIM
    ]
    status, payer = sheet.head["remit_status"], sheet.head["payer_id"]
    return ClaimEdit(
        tuple(lines),
        remit_status=status if status != claim.row.remit_status or status in REMIT_STATUSES else "",
        payer_id=int(payer) if payer and payer != opened.head["payer_id"] else None,
        payer_claim_no=sheet.head["payer_claim_no"],
        adjustments=adjustments(WHOLE_CLAIM),
        paid_cents=None if lines else sheet.lines[WHOLE_CLAIM].paid_cents,
        remark_codes=remarks(WHOLE_CLAIM),
    )


def rows_of(claim: ClaimDetails) -> dict[int, Sequence[AdjustmentRow]]:
    """The stored adjustments, by line; WHOLE_CLAIM has those of the claim."""
    return {WHOLE_CLAIM: claim.adjustments, **{line.id: line.adjustments for line in claim.lines}}


def received(rows: Sequence[AdjustmentRow]) -> dict[str, int]:
    """Code -> what the payer sent; 0 for a row that a person added."""
    found: dict[str, int] = {}
    for row in rows:
        code = code_of(row)
        found[code] = found.get(code, 0) + (row.amount_received_cents if row.segment is not None else 0)
    return found


def code_of(row: AdjustmentRow) -> str:
    return f"{row.group}-{row.reason}"


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


def _payment_type(row: AdjustmentRow) -> PaymentType | None:
    return PaymentType(row.payment_type) if row.payment_type in set(PaymentType) else None


def _sums(rows: Sequence[AdjustmentRow]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[code_of(row)] = found.get(code_of(row), 0) + row.amount_cents
    return {code: cents for code, cents in found.items() if cents}


def _edited(
    wanted: Mapping[str, int], rows: Sequence[AdjustmentRow], changes: Mapping[str, Chosen | None]
) -> tuple[EditedAdjustment, ...]:
    """The stored rows with their new amounts; of a code with several rows the first takes the difference."""
    stored = _sums(rows)
    left = {code: cents - stored.get(code, 0) for code, cents in wanted.items()}
    found = []
    for row in rows:
        code = code_of(row)
        if code in wanted:
            cents = row.amount_cents + left.pop(code, 0)
            found.append(_row(row.group, row.reason, cents, row.id, changes))
    for code, cents in left.items():
        group, _, reason = code.partition("-")
        found.append(_row(group, reason, cents, None, changes))
    return tuple(found)


def _row(
    group: str, reason: str, cents: int, number: int | None, changes: Mapping[str, Chosen | None]
) -> EditedAdjustment:
    code = f"{group}-{reason}"
    chosen = changes.get(code)
    if chosen is None:
        return EditedAdjustment(group, reason, cents, number, anew=code in changes)
    return EditedAdjustment(group, reason, cents, number, chosen.effect, chosen.payment_type)
