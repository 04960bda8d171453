"""How the claim editor reads: its columns, and rows of lines, adjustments and remarks as typed (spec 6.6)."""

from workbench.domain.codes import CodeBook, CodeList
from workbench.domain.codes.short import GROUP
from workbench.domain.deposit_views import LineDetails
from workbench.domain.posting import Effect
from workbench.widgets.deposit.claim_edit_model import AdjustmentTyped, ClaimEditModel
from workbench.widgets.deposit.claim_sheet import AMOUNTS, WHOLE_CLAIM
from workbench.widgets.deposit.line_typing import PATIENT_PARTS, LineFigures
from workbench.widgets.deposit.rows import UNREADABLE, amount, amount_text, money, span
from workbench.widgets.kit.facts import Fact
from workbench.widgets.kit.grid import Cell, Column, Row, actions, badge, toned

LINE_COLUMNS = [
    Column("line", "Line", "number", sortable=False),
    Column("code", "Code", sortable=False),
    Column("service", "Service", "date", sortable=False),
    Column("units", "Units", "number", sortable=False),
    Column("charged", "Charged", "money", sortable=False),
    *(Column(name, label, "money", sortable=False, editable=True) for name, label in AMOUNTS.items()),
    Column("others", "Other Adjustments", "money", sortable=False, help="Their sum; they are listed below"),
    Column("gap", "Gap", "money", sortable=False, help="Charged - Adjustments - (Paid - Interest)"),
    Column("before", "Balance before", "money", sortable=False, help="Open on our line now"),
    Column("after", "Balance after", "money", sortable=False, help="Open on our line once this is posted"),
    Column("received", "Paid as received", "money", sortable=False),
    Column("remarks", "Remarks", sortable=False),
]
ADJUSTMENT_COLUMNS = [
    Column("line", "Line", sortable=False),
    Column("group", "Group", sortable=False, width="14em"),
    Column("reason", "Reason", sortable=False),
    Column("meaning", "Meaning", sortable=False, wrap=True),
    Column("amount", "Amount", "money", sortable=False, editable=True),
    Column("received", "As received", "money", sortable=False),
    Column("effect", "Effect", sortable=False, help="What it does when the claim is posted, and why"),
    Column("payment_type", "Payment Type", sortable=False),
    Column("action", "Action", sortable=False),
]
REMARK_COLUMNS = [
    Column("line", "Line", sortable=False),
    Column("code", "Remark", sortable=False),
    Column("meaning", "Meaning", sortable=False, wrap=True),
    Column("action", "Action", sortable=False),
]
# What only a payer's file says: paper leaves the room to the figures that are typed.
OF_A_FILE = ("units", "received")
_EFFECT_TONES = {Effect.WRITE_OFF: "accent", Effect.DENIAL: "warn", Effect.BLOCK: "bad"}


def line_row(model: ClaimEditModel, line: LineDetails) -> Row:
    figures = model.sheet.lines[line.id]
    balance = model.balance(line.id)
    before, after = balance or (None, None)
    remarks = model.sheet.remarks[line.id]
    cells: list[Cell] = [
        str(line.line_no + 1),
        " ".join(part for part in (line.code or line.revenue_code, line.modifiers) if part),
        span(line.service_from, line.service_to),
        line.units,
        amount(line, "charge_cents"),
        *(_typed(model, line.id, name) for name in AMOUNTS),
        money(_others(figures)),
        _gap(figures.gap_cents),
        money(before),
        _after(after),
        amount(line, "paid_received_cents"),
        toned(" ".join(remarks), "", _meanings(model.book, remarks)),
    ]
    return Row(line.id, cells)


def line_totals(model: ClaimEditModel) -> list[str]:
    """The foot of the lines: the running gap, and the balance of our claim before and after."""
    lines = model.figures()
    before, after = model.claim_balance or (None, None)
    sums = [_sum_if_known([line.amount(name) for line in lines]) for name in AMOUNTS]
    return [
        "Total",
        *[""] * 3,
        money(sum(line.charge_cents for line in lines)),
        *(money(cents) for cents in sums),
        money(sum(_others(line) for line in lines)),
        money(model.gap_cents),
        money(before),
        money(after),
        money(sum(line.paid_received_cents for line in model.claim.lines)),
        "",
    ]


def adjustment_row(model: ClaimEditModel, found: AdjustmentTyped) -> Row:
    group, _, reason = found.code.partition("-")
    treatment = found.treatment
    effect: Cell = badge(treatment.effect.label, _EFFECT_TONES.get(treatment.effect, ""), treatment.why)
    kind = f"{treatment.payment_type} (by hand)" if treatment.by_hand else treatment.payment_type
    cells: list[Cell] = [
        model.title(found.line_id),
        f"{group} {GROUP.get(group, '')}".strip(),
        reason,
        model.book.meaning(CodeList.CARC, reason) or "Code not in our list",
        "" if found.unread else money(found.cents),
        UNREADABLE if found.unreadable else money(found.received_cents),
        effect if found.cents else "",
        kind if found.cents else "",
        actions(("effect", "Effect"), ("clear", "Clear")) if found.cents else "",
    ]
    return Row(f"{found.line_id}:{found.code}", cells, "" if found.cents else "muted")


def remark_rows(model: ClaimEditModel) -> list[Row]:
    removing = actions(("remove", "Remove")) if model.is_keyed else ""
    return [
        Row(
            f"{number}:{code}",
            [
                model.title(number),
                code,
                model.book.meaning(CodeList.RARC, code) or "Code not in our list",
                removing,
            ],
        )
        for number, codes in model.sheet.remarks.items()
        for code in codes
    ]


def facts(model: ClaimEditModel) -> list[Fact]:
    """The head of the claim (spec 6.6), with what stays open on our claim."""
    row = model.claim.row
    gap = model.gap_cents
    balance = model.claim_balance
    before, after = balance or (None, None)
    return [
        Fact("Claim XRef", row.pcn),
        Fact("Claim ID", str(row.claim_id) if row.claim_id is not None else "not found"),
        Fact("Patient", ", ".join(part for part in (row.patient_last, row.patient_first) if part)),
        Fact("Service", span(row.service_from, row.service_to)),
        Fact("Payer level", model.payer_level, ["The place of this payer on our claim."]),
        Fact("Charged", amount_text(row, "charge_cents")),
        *([] if model.is_keyed else [Fact("Paid as received", amount_text(row, "paid_stated_cents"))]),
        Fact("Balance before", money(before), ["Open on our claim now."]),
        Fact(
            "Balance after",
            money(after),
            ["Open on our claim once this is posted: less payments without interest, less write-offs."],
            "bad" if after is not None and after < 0 else "",
        ),
        Fact(
            "Gap",
            money(gap),
            ["Charged less all adjustments less payments without interest; ready to post at 0.00."],
            "bad" if gap else "good",
        ),
    ]


def places(model: ClaimEditModel) -> list[tuple[str, str]]:
    """The lines and the claim as a whole, to choose from."""
    lines = [(str(line.id), model.title(line.id)) for line in model.claim.lines]
    return [*lines, (str(WHOLE_CLAIM), "Claim")]


def _typed(model: ClaimEditModel, line_id: int, name: str) -> str:
    """Empty while it waits to be keyed."""
    return "" if (line_id, name) in model.sheet.unread else money(model.sheet.lines[line_id].amount(name))


def _sum_if_known(cents: list[int | None]) -> int | None:
    """A sum that leaves one out would be taken for the whole."""
    known = [each for each in cents if each is not None]
    return sum(known) if len(known) == len(cents) else None


def _others(line: LineFigures) -> int:
    parts = sum(line.amount(name) or 0 for name in PATIENT_PARTS)
    return sum(line.adjustments.values()) - parts


def _gap(cents: int) -> Cell:
    return badge(money(cents), "bad" if cents else "good")


def _after(cents: int | None) -> Cell:
    return toned(money(cents), "bad", "More than is open: a credit") if cents and cents < 0 else money(cents)


def _meanings(book: CodeBook, codes: tuple[str, ...]) -> str:
    return "; ".join(f"{code} {book.meaning(CodeList.RARC, code) or ''}".strip() for code in codes)
